//! An open-addressing hash table from triples to node indices.
//!
//! The standard maps are seeded per process and slower for twelve-byte keys. This one never iterates, so the order of
//! its slots can reach no result.

/// A slot is free while its value is this.
const FREE: u32 = u32::MAX;

/// Slots of a new table.
const SLOTS_MIN: usize = 1 << 8;

/// Triples of indices to an index.
#[derive(Clone, Debug)]
pub(super) struct Table {
    slots: Vec<([u32; 3], u32)>,
    used: usize,
}

impl Table {
    pub(super) fn new() -> Self {
        Self { slots: vec![([0; 3], FREE); SLOTS_MIN], used: 0 }
    }

    /// Number of entries.
    pub(super) const fn len(&self) -> usize {
        self.used
    }

    pub(super) fn get(&self, key: [u32; 3]) -> Option<u32> {
        let (found, value) = self.slots[self.place(key)];
        (value != FREE && found == key).then_some(value)
    }

    /// Adds an entry or replaces its value.
    pub(super) fn insert(&mut self, key: [u32; 3], value: u32) {
        debug_assert!(value != FREE, "bug: the value marks a free slot");
        if 2 * (self.used + 1) > self.slots.len() {
            self.grow();
        }
        let place = self.place(key);
        self.used += usize::from(self.slots[place].1 == FREE);
        self.slots[place] = (key, value);
    }

    /// The slot that holds `key`, or the free one where it belongs. At most half of the slots are used.
    fn place(&self, key: [u32; 3]) -> usize {
        let mask = self.slots.len() - 1;
        let mut place = hash(key) as usize & mask;
        while self.slots[place].1 != FREE && self.slots[place].0 != key {
            place = (place + 1) & mask;
        }
        place
    }

    fn grow(&mut self) {
        let wider = vec![([0; 3], FREE); 2 * self.slots.len()];
        for (key, value) in std::mem::replace(&mut self.slots, wider) {
            if value != FREE {
                let place = self.place(key);
                self.slots[place] = (key, value);
            }
        }
    }
}

/// Steele, Lea and Flood (2014), the finaliser of SplitMix64, over both words of the key.
const fn hash(key: [u32; 3]) -> u64 {
    let low = (key[0] as u64) << 32 | key[1] as u64;
    mix(mix(low) ^ key[2] as u64)
}

const fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_found_and_nothing_else() {
        let mut table = Table::new();
        for i in 0..5000 {
            table.insert([i, i / 7, i % 5], i);
        }
        table.insert([3, 0, 3], 77);
        assert_eq!(table.len(), 5000);
        for i in 0..5000 {
            assert_eq!(table.get([i, i / 7, i % 5]), Some(if i == 3 { 77 } else { i }));
            assert_eq!(table.get([i, i / 7, i % 5 + 5]), None);
        }
    }
}
