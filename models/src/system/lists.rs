//! Many short lists in one piece of memory.

/// Lists numbered from 0.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lists<T> {
    starts: Vec<u32>,
    items: Vec<T>,
}

impl<T: Copy> Lists<T> {
    /// The same lists, packed.
    pub(crate) fn pack(lists: &[Vec<T>]) -> Self {
        let mut packed = Self { starts: Vec::with_capacity(lists.len() + 1), items: Vec::new() };
        packed.starts.push(0);
        for list in lists {
            packed.items.extend_from_slice(list);
            packed.starts.push(packed.items.len() as u32);
        }
        packed
    }

    /// List `i`.
    #[inline]
    pub(crate) fn get(&self, i: u32) -> &[T] {
        let i = i as usize;
        &self.items[self.starts[i] as usize..self.starts[i + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_lists_are_the_same() {
        let lists = [vec![1, 2], vec![], vec![3]];
        let packed = Lists::pack(&lists);
        for (i, list) in lists.iter().enumerate() {
            assert_eq!(packed.get(i as u32), list);
        }
    }
}
