//! The records a scenario draws its laws from.

use ninefold_models::about::RecordDigest;
use ninefold_models::lifetime::Law;

use crate::diagnostic::{Code, Diagnostic};
use crate::lower::{At, Lowering};
use crate::merge::Folder;

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
        let _ = &self.evidence.folder;
        self.sink.push(Diagnostic::new(Code::NotYet, "`fit` is not supported yet", fit.key_span()));
        None
    }

    pub(crate) fn empirical(&mut self, at: &At<'_>) -> Option<Law> {
        self.sink.push(Diagnostic::new(Code::NotYet, "`empirical` is not supported yet", at.key_span()));
        None
    }
}
