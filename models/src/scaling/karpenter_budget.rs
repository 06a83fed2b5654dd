//! Disruption budgets of Karpenter: how many nodes may be taken away now.
//!
//! `⌈nodes × share⌉ − deleting − not ready`, at least 0.
//!
//! # Source
//! Karpenter documentation, *Disruption*, budgets.

/// Parts of a whole in a share.
const WHOLE: u64 = 1_000_000;

/// The nodes of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nodes {
    /// All of them.
    pub total: u32,
    /// Those that are going already.
    pub deleting: u32,
    /// Those that are not ready.
    pub not_ready: u32,
}

/// Nodes that may be taken away under a budget of this share, 0 to 1, read to a millionth.
pub fn allowed(nodes: Nodes, share: f64) -> u32 {
    let parts = (share.clamp(0.0, 1.0) * WHOLE as f64).round() as u64;
    let most = (u64::from(nodes.total) * parts).div_ceil(WHOLE) as u32;
    most.saturating_sub(nodes.deleting).saturating_sub(nodes.not_ready)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_up_and_what_is_out_counts() {
        let of = |total, deleting, not_ready, share| allowed(Nodes { total, deleting, not_ready }, share);
        assert_eq!([of(19, 0, 0, 0.2), of(100, 3, 2, 0.1), of(100, 0, 0, 0.07), of(3, 2, 2, 0.1)], [4, 5, 7, 0]);
        assert_eq!([of(19, 0, 0, 0.0), of(19, 0, 0, 1.0), of(1, 0, 0, 1e-6)], [0, 19, 1]);
    }
}
