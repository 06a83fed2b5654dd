//! Table `downtime_by_cut_set`: which minimal cut set held a journey down.

use std::borrow::Cow;

use ninefold_models::results::CutSetDowntimeRow;

use super::estimated::{estimated, names};
use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct DowntimeByCutSet;

impl TableSource for DowntimeByCutSet {
    type Row = CutSetDowntimeRow;
    const NAME: &'static str = "downtime_by_cut_set";
    const GRAIN: &'static str = "minimal cut set × journey";
    const MEANING: &'static str = "Downtime of each journey by the minimal cut sets that had failed, in equal parts \
        where several had; the shares of a journey add up to 1. From the first `run.attribution` replications.";

    fn columns() -> Vec<Column<CutSetDowntimeRow>> {
        let mut columns = vec![
            Column::text("journey", "The journey's entity.", |r: &CutSetDowntimeRow| r.journey.clone()),
            Column::count("order", "1", "Members; 0 where there is no cut set to name.", |r| Some(r.order)),
            Column::text(
                "members",
                "Units, domains, standby groups (as a whole, a switch included), and what has struck units (`shared_risk.NAME`, \
                 `experiments.NAME`), joined by ` + `; or what it was instead.",
                |r| if r.instead.is_empty() { r.members.join(" + ") } else { format!("({})", r.instead) },
            ),
        ];
        columns.extend(estimated(
            &names!("minutes_per_year", "min/year"),
            "Downtime while they were all down.",
            |r: &CutSetDowntimeRow| Some(&r.minutes_per_year),
        ));
        columns.push(Column::float("share", "1", "Share of the journey's downtime.", |r| Some(r.share)));
        columns
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [CutSetDowntimeRow]> {
        Cow::Borrowed(&input.results.cut_set_downtime)
    }
}
