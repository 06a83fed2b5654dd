//! The records a scenario draws its laws from.

use ninefold_models::about::RecordDigest;
use ninefold_models::lifetime::Law;

use crate::diagnostic::{Code, Diagnostic};
use crate::lower::{At, Lowering};
use crate::merge::Folder;
use crate::nearest::suggestion;
use crate::values;

/// Where records are read from, and what they gave: digests, and the files that an effective scenario needs beside it.
#[derive(Default)]
pub(crate) struct Evidence {
    folder: Option<Folder>,
    pub(crate) digests: Vec<RecordDigest>,
    pub(crate) inputs: Vec<(String, Vec<u8>)>,
}

impl Evidence {
    pub(crate) fn new(folder: Option<Folder>) -> Self {
        Self { folder, ..Self::default() }
    }
}

impl Lowering<'_> {
    pub(crate) fn fit(&mut self, _law: &At<'_>, fit: &At<'_>) -> Option<Law> {
        let from = self.required(fit, "from")?;
        self.declared(&from)?;
        self.without_records(&from);
        None
    }

    pub(crate) fn empirical(&mut self, at: &At<'_>) -> Option<Law> {
        self.declared(at)?;
        self.without_records(at);
        None
    }

    fn without_records(&mut self, at: &At<'_>) {
        let _ = &self.evidence.folder;
        let message = "this build reads no records";
        self.sink.push(Diagnostic::new(Code::Record, message, at.span()).hint("build it with the feature `records`"));
    }

    /// Id and column of a reference to a record that is declared.
    fn declared<'t>(&mut self, at: &At<'t>) -> Option<(&'t str, &'t str)> {
        let (id, column) = values::record_column(at.text()?).ok()?;
        let known: Vec<&str> = self.records.iter().flat_map(At::variants).map(|(name, _)| name).collect();
        if known.contains(&id) {
            return Some((id, column));
        }
        self.sink.push(
            Diagnostic::new(Code::NoRecord, format!("there is no record `{id}`"), at.span())
                .label("not under `records`")
                .hint(suggestion(id, known)),
        );
        None
    }
}
