//! Circles in a directed graph.

/// A circle through each strongly connected part, found by depth-first search without recursion; nodes in order.
/// `next[n]` are the successors of node `n`.
pub(crate) fn circles(next: &[Vec<usize>]) -> Vec<Vec<usize>> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let mut marks = vec![Mark::New; next.len()];
    let mut found = Vec::new();
    for start in 0..next.len() {
        if marks[start] != Mark::New {
            continue;
        }
        marks[start] = Mark::Open;
        let mut way: Vec<(usize, usize)> = vec![(start, 0)];
        while let Some((node, edge)) = way.last_mut() {
            let Some(to) = next[*node].get(*edge).copied() else {
                marks[*node] = Mark::Done;
                way.pop();
                continue;
            };
            *edge += 1;
            match marks[to] {
                Mark::New => {
                    marks[to] = Mark::Open;
                    way.push((to, 0));
                }
                Mark::Open => {
                    let from = way.iter().position(|(at, _)| *at == to).unwrap_or(0);
                    found.push(way[from..].iter().map(|(at, _)| *at).collect());
                }
                Mark::Done => {}
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_circles_in_order() {
        assert_eq!(circles(&[vec![1], vec![2], vec![0]]), [vec![0, 1, 2]]);
        assert_eq!(circles(&[vec![1, 2], vec![2], vec![]]), Vec::<Vec<usize>>::new());
        assert_eq!(circles(&[vec![0]]), [vec![0]]);
    }
}
