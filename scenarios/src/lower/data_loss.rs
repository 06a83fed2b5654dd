//! `data_loss`.

use ninefold_models::system::DataLossSpec;

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};

impl Lowering<'_> {
    /// When the data of a component with so many units are lost; `None` if it does not say.
    pub(super) fn data_loss(&mut self, component: (&At<'_>, &str), units: usize) -> Option<DataLossSpec> {
        let at = component.0.get("data_loss")?;
        // None may be tolerated: the first failure loses data.
        let tolerates = self.required(&at, "tolerates").and_then(|at| {
            let count = self.count(&at).and_then(|count| u32::try_from(count).ok())?;
            Some((count, at))
        });
        let unreadable = match at.get("unreadable") {
            Some(ratio) => self.ratio(&ratio),
            None => {
                let reason = "what is left after a failure can be read unless `data_loss` says otherwise";
                self.assume(format!("{}.unreadable", at.path()), "0", reason);
                Some(0.0)
            }
        };
        if at.get("recovers_from").is_none() {
            self.assume(format!("{}.recovers_from", at.path()), "never", "lost data are lost for good");
        }
        let (tolerates, place) = tolerates?;
        // A component that could not be read whole has no units.
        if units > 0 && tolerates as usize >= units {
            let most = units - 1;
            self.sink.push(
                Diagnostic::new(Code::NeedAboveUnits, "data cannot outlive every copy", place.span())
                    .label(format!("tolerates {tolerates} failed of {units} units"))
                    .context(component.0.key_span())
                    .why("with every unit failed nothing is left to read the data from")
                    .hint(format!("write at most `tolerates: {most}`")),
            );
            return None;
        }
        let recovers = at.get("recovers_from").is_some_and(|from| from.text() == Some("backup"));
        Some(DataLossSpec { component: component.1.to_owned(), tolerates, unreadable: unreadable?, recovers })
    }
}
