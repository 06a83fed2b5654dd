//! The records a scenario draws its laws from.

#[cfg(feature = "records")]
mod draw;

use ninefold_models::about::RecordDigest;
use ninefold_models::fit::{Family, Ranking};

#[cfg(not(feature = "records"))]
use ninefold_models::lifetime::Law;

use crate::diagnostic::{Code, Diagnostic};
use crate::lower::{At, Lowering};
use crate::merge::Folder;
use crate::nearest::suggestion;
use crate::values;

/// The laws that were fitted to a column of a record for `fit:`.
#[derive(Clone, Debug)]
pub struct FittedColumn {
    /// The record's id.
    pub record: String,
    /// The column, by the name the scenario gives it.
    pub column: String,
    /// The family that entered the system.
    pub chosen: Family,
    /// Every family that can be fitted; times are in hours.
    pub ranking: Ranking,
}

/// Where records are read from, and what they gave: digests, and the files that an effective scenario needs beside it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evidence {
    #[cfg_attr(not(feature = "records"), expect(dead_code, reason = "nothing is read without records"))]
    folder: Option<Folder>,
    #[cfg(feature = "records")]
    drawn: draw::Drawn,
    pub(crate) digests: Vec<RecordDigest>,
    pub(crate) inputs: Vec<(String, Vec<u8>)>,
    pub(crate) fits: Vec<FittedColumn>,
    /// The section `records` of the effective scenario: id and file of each of `inputs`.
    pub(crate) sections: Vec<(String, String)>,
}

impl Evidence {
    pub(crate) fn new(folder: Option<Folder>) -> Self {
        Self { folder, ..Self::default() }
    }
}

impl Lowering<'_> {
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

#[cfg(not(feature = "records"))]
impl Lowering<'_> {
    pub(crate) fn fit(&mut self, _law: &At<'_>, fit: &At<'_>) -> Option<Law> {
        let from = self.required(fit, "from")?;
        self.empirical(&from)
    }

    pub(crate) fn recorded_flow(&mut self, at: &At<'_>, _every_h: f64, _unit: f64) -> Option<Vec<f64>> {
        self.empirical(at).map(|_| Vec::new())
    }

    pub(crate) fn empirical(&mut self, at: &At<'_>) -> Option<Law> {
        self.declared(at)?;
        let message = "this build reads no records";
        self.sink.push(Diagnostic::new(Code::Record, message, at.span()).hint("build it with the feature `records`"));
        None
    }
}
