//! The column most like a name that is not there.

/// The candidate closest to `word`, if it is close enough to be a slip of the pen.
pub(super) fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = 1 + word.chars().count() / 3;
    let simple = |s: &str| s.to_lowercase().replace(['_', '-', ' '], "");
    candidates
        .map(|candidate| (distance(&simple(word), &simple(candidate)), candidate))
        .filter(|(far, _)| *far <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Levenshtein distance in characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(64).enumerate() {
        let mut diagonal = std::mem::replace(&mut last[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let change = diagonal + usize::from(x != *y);
            diagonal = last[j + 1];
            last[j + 1] = change.min(last[j] + 1).min(diagonal + 1);
        }
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_not() {
        let columns = ["Prob Started", "Prob Fixed", "Down Time"];
        assert_eq!(nearest("prob_started", columns.into_iter()), Some("Prob Started"));
        assert_eq!(nearest("Down Tme", columns.into_iter()), Some("Down Time"));
        assert_eq!(nearest("customer", columns.into_iter()), None);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
