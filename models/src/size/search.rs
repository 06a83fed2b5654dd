//! The least value that does, where every larger one does as well: gallop from a guess, then bisect.

/// Most values that a search over so many looks at.
pub const fn looks_max(rungs: u64) -> u64 {
    2 * (u64::BITS - rungs.leading_zeros()) as u64 + 2
}

/// The least of `rungs` places that does, by `does`, which says `None` to give up; `None` if none does or it was given up.
/// Looks first at `guess`, else at the last place, and at most at [`looks_max`] of them; of the place found the one below
/// has been looked at and does not, unless it is the first.
///
/// # Errors
/// Those of `does`.
pub fn least<E>(
    rungs: u64,
    guess: Option<u64>,
    mut does: impl FnMut(u64) -> Result<Option<bool>, E>,
) -> Result<Option<u64>, E> {
    let last = rungs - 1;
    // Of what has been looked at: places below `low` do not, `high` does.
    let (mut low, mut high) = (0, None);
    let (mut at, mut stride) = (guess.unwrap_or(last).min(last), 1);
    loop {
        match does(at)? {
            None => return Ok(None),
            Some(true) => high = Some(at),
            Some(false) => low = at + 1,
        }
        at = match high {
            Some(high) if low >= high => return Ok(Some(high)),
            Some(high) if low > 0 || guess.is_none() => low + (high - low) / 2,
            // Downwards, ever faster, until one does not.
            Some(high) => high.saturating_sub(stride),
            None if low > last => return Ok(None),
            None => (low - 1 + stride).clamp(low, last),
        };
        stride *= 2;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Every answer, size and guess up to 40, against the definition, with the number of looks counted.
    #[test]
    fn it_is_the_least_whatever_the_guess() {
        for rungs in 1..=40u64 {
            for answer in 0..=rungs {
                for guess in std::iter::once(None).chain((0..=rungs).map(Some)) {
                    let mut looked = Vec::new();
                    let found = least(rungs, guess, |at| {
                        assert!(at < rungs && !looked.contains(&at), "{rungs} {answer} {guess:?} {looked:?} {at}");
                        looked.push(at);
                        Ok::<_, ()>(Some(at >= answer))
                    });
                    assert_eq!(found.unwrap(), (answer < rungs).then_some(answer));
                    assert!(looked.len() as u64 <= looks_max(rungs), "{rungs} {answer} {guess:?} {looked:?}");
                    assert!(answer == 0 || answer == rungs || looked.contains(&(answer - 1)));
                }
            }
        }
    }

    #[test]
    fn a_good_guess_takes_two_looks_and_giving_up_ends_it() {
        let mut looks = 0;
        let mut look = |at| {
            looks += 1;
            Ok::<_, ()>(Some(at >= 700_000))
        };
        assert_eq!(least(1_000_000, Some(700_000), &mut look).unwrap(), Some(700_000));
        assert_eq!(looks, 2);
        assert_eq!(least(9, None, |_| Ok::<_, ()>(None)).unwrap(), None);
    }
}
