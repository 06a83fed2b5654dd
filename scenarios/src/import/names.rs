//! Names of other tools as ids of the language.

use std::collections::{BTreeMap, BTreeSet};

/// Longest id.
const ID_MAX: usize = 63;

/// Ids that have been given, each once.
#[derive(Debug, Default)]
pub(super) struct Names {
    given: BTreeSet<String>,
    /// How often what is left of a name has been met.
    met: BTreeMap<String, u32>,
}

impl Names {
    /// An id for a name: in small letters, with `-` for what an id cannot hold; where that is taken, with a number.
    pub(super) fn id(&mut self, name: &str) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        let mut id: String = name.chars().map(plain).collect();
        if !id.starts_with(|c: char| c.is_ascii_lowercase()) {
            id.insert_str(0, "e-");
        }
        id.truncate(ID_MAX);
        let id = id.trim_end_matches('-').to_owned();
        if self.given.insert(id.clone()) {
            return id;
        }
        loop {
            let number = self.met.entry(id.clone()).or_insert(1);
            *number += 1;
            let end = format!("-{number}");
            let numbered = format!("{}{end}", &id[..id.len().min(ID_MAX - end.len())]);
            if self.given.insert(numbered.clone()) {
                return numbered;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn every_name_gets_an_id_of_its_own() {
        let mut names = Names::default();
        let given = ["E1", "e1", "e_1", "e-1", "7a", "", "é", "A B_", &"x".repeat(80), &"X".repeat(80)];
        let ids: Vec<String> = given.iter().map(|name| names.id(name)).collect();
        assert_eq!(ids[..8], ["e1", "e1-2", "e-1", "e-1-2", "e-7a", "e", "e-2", "a-b"]);
        assert_eq!((ids[8].len(), ids[9].len()), (63, 63));
        assert!(ids.iter().all(|id| crate::values::id(id).is_ok()));
    }
}
