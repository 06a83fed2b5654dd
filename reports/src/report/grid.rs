//! A table of the report: heads, cells, and what each cell sorts by.

use serde::Serialize;

/// Most rows a table of the report shows; the file has them all.
pub(super) const ROWS_MAX: usize = 300;

/// A table as the template draws it.
#[derive(Debug, Serialize)]
pub(super) struct Grid {
    /// The table file it is taken from.
    file: Option<&'static str>,
    caption: &'static str,
    heads: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
    more: usize,
}

/// A cell.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Cell {
    text: String,
    /// What a click on the head sorts by; text sorts by itself.
    key: Option<f64>,
    class: &'static str,
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), key: None, class: "" }
    }

    /// A number as shown, and as sorted.
    pub(super) fn number(text: impl Into<String>, key: f64) -> Self {
        Self { text: text.into(), key: key.is_finite().then_some(key), class: "n" }
    }

    pub(super) fn class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }
}

impl Grid {
    /// A table; `None` if it has no rows.
    pub(super) fn of(
        caption: &'static str,
        file: Option<&'static str>,
        heads: &[&'static str],
        mut rows: Vec<Vec<Cell>>,
    ) -> Option<Self> {
        if rows.is_empty() {
            return None;
        }
        let more = rows.len().saturating_sub(ROWS_MAX);
        rows.truncate(ROWS_MAX);
        Some(Self { file, caption, heads: heads.to_vec(), rows, more })
    }
}
