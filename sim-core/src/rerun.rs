//! Single replications run again, on up to sixteen threads, and taken in the order in which they are asked for.

use std::ops::ControlFlow;

use rayon::prelude::*;

/// Replications whose readings may wait in memory to be taken.
const ROUND: usize = 16;

/// Runs the replications of `indices` again and hands what `read` makes of each to `take`, in that order, until it breaks
/// off. Each thread makes one world and uses it again; they are returned.
///
/// # Errors
/// The first error in that order, unless `take` broke off before.
pub fn rerun<World: Send, T: Send, E: Send>(
    indices: &[u64],
    world: impl Fn() -> World + Sync,
    read: impl Fn(&mut World, u64) -> Result<T, E> + Sync,
    mut take: impl FnMut(T) -> ControlFlow<()>,
) -> Result<Vec<World>, E> {
    let threads = rayon::current_num_threads();
    let mut worlds: Vec<Option<World>> = std::iter::repeat_with(|| None).take(threads).collect();
    for round in indices.chunks(ROUND) {
        let of_each = round.len().div_ceil(threads);
        let found: Vec<Vec<Result<T, E>>> = (worlds.par_iter_mut().zip(round.par_chunks(of_each)))
            .map(|(made, indices)| {
                let world = made.get_or_insert_with(&world);
                indices.iter().map(|&index| read(world, index)).collect()
            })
            .collect();
        for one in found.into_iter().flatten() {
            if take(one?).is_break() {
                return Ok(worlds.into_iter().flatten().collect());
            }
        }
    }
    Ok(worlds.into_iter().flatten().collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// What is taken of 0 … 99, backwards, until `last`, where replication 7 cannot be finished.
    fn taken(threads: usize, last: u64) -> (Vec<u64>, Result<(), u64>) {
        let indices: Vec<u64> = (0..100).rev().collect();
        let mut taken = Vec::new();
        let read = |_: &mut (), index: u64| if index == 7 { Err(index) } else { Ok(index * index) };
        let run = || {
            let done = rerun(
                &indices,
                || (),
                read,
                |square| {
                    taken.push(square);
                    if square == last * last { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                },
            );
            (taken, done.map(|_| ()))
        };
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(run)
    }

    #[test]
    fn the_order_is_that_of_the_indices_for_any_number_of_threads() {
        for threads in [1, 2, 3, 40] {
            let (found, done) = taken(threads, 30);
            assert_eq!(found, (30..100).rev().map(|index| index * index).collect::<Vec<_>>(), "{threads} threads");
            assert_eq!(done, Ok(()));
        }
    }

    #[test]
    fn the_first_error_ends_it_after_what_comes_before() {
        let (found, done) = taken(3, 0);
        assert_eq!(found.len(), 92);
        assert_eq!(done, Err(7));
    }

    #[test]
    fn a_world_is_made_once_a_thread() {
        let made = std::sync::atomic::AtomicUsize::new(0);
        let world = || made.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let indices: Vec<u64> = (0..200).collect();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
        let done = pool.install(|| rerun(&indices, world, |_, _| Ok::<_, ()>(()), |()| ControlFlow::Continue(())));
        assert_eq!((done.map(|worlds| worlds.len()), made.into_inner()), (Ok(2), 2));
    }
}
