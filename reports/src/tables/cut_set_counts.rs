//! Table `cut_set_counts`: how many minimal cut sets there are, and what the listed ones come to.

use std::borrow::Cow;

use ninefold_models::results::CutSetCountRow;

use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct CutSetCounts;

impl TableSource for CutSetCounts {
    type Row = CutSetCountRow;
    const NAME: &'static str = "cut_set_counts";
    const GRAIN: &'static str = "entity";
    const MEANING: &'static str =
        "Minimal cut sets by number of members, what those in `spof` come to, and what is missing there and why.";

    fn columns() -> Vec<Column<CutSetCountRow>> {
        vec![
            Column::text("entity", "The journey's entity; the component's where there is no journey.", |r| {
                r.entity.clone()
            }),
            Column::float("order_1", "1", "Single points of failure.", |r| r.by_order.map(|[one, _, _]| one)),
            Column::float("order_2", "1", "Minimal cut sets of two members.", |r| r.by_order.map(|[_, two, _]| two)),
            Column::float("order_3", "1", "Minimal cut sets of three members.", |r| {
                r.by_order.map(|[_, _, three]| three)
            }),
            Column::float("all", "1", "Minimal cut sets of any number of members.", |r| r.all),
            Column::count("listed_order", "1", "Sets of up to so many members are in `spof`.", |r| {
                Some(r.listed_order)
            }),
            Column::float(
                "rare_event",
                "1",
                "Sum of the unavailabilities of the sets in `spof`: an upper bound.",
                |r| r.rare_event,
            ),
            Column::float(
                "unavailability_listed",
                "1",
                "P(at least one set in `spof` is down), exact by a decision diagram.",
                |r| r.unavailability_listed,
            ),
            Column::float(
                "unavailability",
                "1",
                "P(any cut set is down), exact; standby groups without the time of their switches.",
                |r| r.unavailability,
            ),
            Column::text("remark", "What is missing, and why; empty if nothing is.", |r| r.remark.clone()),
        ]
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [CutSetCountRow]> {
        Cow::Borrowed(&input.results.cut_set_counts)
    }
}
