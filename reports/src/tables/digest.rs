//! The digest of a table: BLAKE3 over its schema and values in row order, so it survives an upgrade of Polars or
//! of a compressor.

use super::schema::{Series, Table, Values};

/// Every NaN counts as this one.
const CANONICAL_NAN: u64 = 0x7ff8_0000_0000_0000;

/// Name, height and digest of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digested {
    /// File name without extension.
    pub name: &'static str,
    /// Number of rows.
    pub rows: u64,
    /// Hex digest of name, columns (name, type, unit) and every value.
    pub blake3: String,
}

impl Digested {
    /// Of a table.
    pub fn of(table: &Table) -> Self {
        let mut digesting = Digesting::new(table.name, &table.columns, table.rows() as u64);
        digesting.add(table);
        digesting.finish()
    }
}

/// A table that is digested while it goes by, some rows at a time.
pub(super) struct Digesting {
    name: &'static str,
    rows: u64,
    hasher: blake3::Hasher,
}

impl Digesting {
    /// Of a table with these columns and, in the end, so many rows.
    pub(super) fn new(name: &'static str, columns: &[Series], rows: u64) -> Self {
        let mut hasher = blake3::Hasher::new();
        text(&mut hasher, name);
        hasher.update(&(columns.len() as u64).to_le_bytes());
        for column in columns {
            text(&mut hasher, column.schema.name);
            text(&mut hasher, column.schema.dtype);
            text(&mut hasher, column.schema.unit);
        }
        hasher.update(&rows.to_le_bytes());
        Self { name, rows, hasher }
    }

    /// Adds the rows of `part`.
    pub(super) fn add(&mut self, part: &Table) {
        for row in 0..part.rows() {
            for column in &part.columns {
                value(&mut self.hasher, column, row);
            }
        }
    }

    pub(super) fn finish(self) -> Digested {
        Digested { name: self.name, rows: self.rows, blake3: self.hasher.finalize().to_hex().to_string() }
    }
}

/// Length first, so that no two sequences of texts read alike.
fn text(hasher: &mut blake3::Hasher, s: &str) {
    hasher.update(&(s.len() as u64).to_le_bytes());
    hasher.update(s.as_bytes());
}

fn value(hasher: &mut blake3::Hasher, column: &Series, row: usize) {
    match &column.values {
        Values::Text(v) => text(hasher, &v[row]),
        Values::Float(v) => optional(hasher, v[row].map(canonical_bits)),
        Values::Count(v) => optional(hasher, v[row]),
        Values::Flag(v) => {
            hasher.update(&[u8::from(v[row])]);
        }
    }
}

fn optional(hasher: &mut blake3::Hasher, bits: Option<u64>) {
    match bits {
        None => hasher.update(&[0]),
        Some(bits) => hasher.update(&[1]).update(&bits.to_le_bytes()),
    };
}

fn canonical_bits(x: f64) -> u64 {
    if x.is_nan() { CANONICAL_NAN } else { x.to_bits() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::tables;
    use super::*;
    use crate::toy_shop::ToyShop;

    #[test]
    fn any_changed_value_changes_the_digest() {
        let shop = ToyShop::new();
        let mut changed = 0;
        for table in tables(&shop.input()) {
            let before = Digested::of(&table);
            for column in 0..table.columns.len() {
                for row in 0..table.rows() {
                    let mut other = table.clone();
                    match &mut other.columns[column].values {
                        Values::Text(v) => v[row].push('x'),
                        Values::Float(v) => {
                            v[row] = v[row].map_or(Some(0.0), |x| Some(f64::from_bits(x.to_bits() ^ 1)))
                        }
                        Values::Count(v) => v[row] = v[row].map_or(Some(0), |_| None),
                        Values::Flag(v) => v[row] = !v[row],
                    }
                    // A NaN with another payload is the same value.
                    let nan =
                        matches!(&table.columns[column].values, Values::Float(v) if v[row].is_some_and(f64::is_nan));
                    assert_eq!(Digested::of(&other) == before, nan, "{}[{row}][{column}]", table.name);
                    changed += 1;
                }
            }
        }
        assert!(changed > 500, "{changed} values");
    }

    #[test]
    fn equal_tables_have_equal_digests_and_moved_text_does_not() {
        let shop = ToyShop::new();
        let (a, b) = (tables(&shop.input()), tables(&shop.input()));
        for (x, y) in a.iter().zip(&b) {
            assert_eq!(Digested::of(x), Digested::of(y));
        }
        let mut one = blake3::Hasher::new();
        text(&mut one, "ab");
        text(&mut one, "c");
        let mut two = blake3::Hasher::new();
        text(&mut two, "a");
        text(&mut two, "bc");
        assert_ne!(one.finalize(), two.finalize());
    }
}
