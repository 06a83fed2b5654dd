//! Table `downtime_by_cause`: what the downtime is made of.

use std::borrow::Cow;

use ninefold_models::results::CauseRow;

use super::estimated::{estimated, names};
use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct DowntimeByCause;

impl TableSource for DowntimeByCause {
    type Row = CauseRow;
    const NAME: &'static str = "downtime_by_cause";
    const GRAIN: &'static str = "cause × journey";
    const MEANING: &'static str = "Downtime of each journey by cause; the shares of a journey add up to 1.";

    fn columns() -> Vec<Column<CauseRow>> {
        let mut columns = vec![
            Column::text("cause", "The cause (`db/crash`, `eu-1/zone-loss`, `db/switch`).", |r: &CauseRow| {
                r.cause.clone()
            }),
            Column::text("journey", "The journey's entity.", |r| r.journey.clone()),
        ];
        columns.extend(estimated(
            &names!("minutes_per_year", "min/year"),
            "Downtime due to the cause.",
            |r: &CauseRow| Some(&r.minutes_per_year),
        ));
        columns.push(Column::float("share", "1", "Share of the journey's downtime.", |r| Some(r.share)));
        columns
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [CauseRow]> {
        Cow::Borrowed(&input.results.causes)
    }
}
