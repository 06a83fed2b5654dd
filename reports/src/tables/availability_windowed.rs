//! Table `availability_windowed`: the worst window of each size.

use std::borrow::Cow;

use ninefold_models::results::WindowedRow;

use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct AvailabilityWindowed;

impl TableSource for AvailabilityWindowed {
    type Row = WindowedRow;
    const NAME: &'static str = "availability_windowed";
    const GRAIN: &'static str = "entity × window size";
    const MEANING: &'static str =
        "The least availability in any window of a size (minimal cumulative ratio), over replications.";

    fn columns() -> Vec<Column<WindowedRow>> {
        vec![
            Column::text("entity", "The entity.", |r| r.entity.clone()),
            Column::float("window_s", "s", "Window size.", |r| Some(r.window_s)),
            Column::float(
                "mcr_ratio_p05",
                "1",
                "5 % quantile over replications of the worst window's availability.",
                |r| Some(r.mcr_p05),
            ),
            Column::float("mcr_ratio_p50", "1", "Median of the same.", |r| Some(r.mcr_p50)),
            Column::float("mcr_ratio_p95", "1", "95 % quantile of the same.", |r| Some(r.mcr_p95)),
        ]
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [WindowedRow]> {
        Cow::Borrowed(&input.results.windowed)
    }
}
