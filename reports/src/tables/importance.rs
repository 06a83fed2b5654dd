//! Table `importance`: which component matters.

use std::borrow::Cow;

use ninefold_models::results::ImportanceRow;

use super::estimated::{estimated, names};
use super::{Column, TableSource, engine_name};
use crate::input::ReportInput;

pub(crate) struct Importance;

impl TableSource for Importance {
    type Row = ImportanceRow;
    const NAME: &'static str = "importance";
    const GRAIN: &'static str = "component × journey";
    const MEANING: &'static str = "Importance of components and domains for each journey: exact at steady state, or from the \
        first `run.attribution` replications where there is no exact answer.";

    fn columns() -> Vec<Column<ImportanceRow>> {
        let mut columns = vec![
            Column::text("component", "`components.NAME` or `domains.NAME`.", |r: &ImportanceRow| r.component.clone()),
            Column::text("journey", "The journey's entity.", |r| r.journey.clone()),
            Column::text("engine", "`exact`, with errors of 0, or `simulation`.", |r| engine_name(r.engine).to_owned()),
        ];
        columns.extend(estimated(
            &names!("birnbaum", "1"),
            "P(journey down | component down) − P(journey down | component up).",
            |r: &ImportanceRow| Some(&r.birnbaum),
        ));
        columns.extend(estimated(
            &names!("criticality", "1"),
            "Birnbaum × component unavailability ÷ journey unavailability.",
            |r: &ImportanceRow| Some(&r.criticality),
        ));
        columns.extend(estimated(
            &names!("fussell_vesely", "1"),
            "P(a minimal cut set with the component has failed) ÷ journey unavailability.",
            |r: &ImportanceRow| Some(&r.fussell_vesely),
        ));
        columns.extend(estimated(
            &names!("raw", "1"),
            "Risk achievement worth: U(component down) ÷ U.",
            |r: &ImportanceRow| Some(&r.raw),
        ));
        columns.extend(estimated(
            &names!("rrw", "1"),
            "Risk reduction worth: U ÷ U(component perfect).",
            |r: &ImportanceRow| Some(&r.rrw),
        ));
        columns.extend(estimated(
            &names!("minutes_at_stake", "min/year"),
            "Downtime that a perfect component would save.",
            |r: &ImportanceRow| Some(&r.minutes_at_stake),
        ));
        columns
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [ImportanceRow]> {
        Cow::Borrowed(&input.results.importance)
    }
}
