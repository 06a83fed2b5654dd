//! Table `purchase_mix`: what units cost, by how many of them are reserved.

use std::borrow::Cow;

use ninefold_models::results::PurchaseRow;

use super::estimated::{estimated, names};
use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct PurchaseMix;

impl TableSource for PurchaseMix {
    type Row = PurchaseRow;
    const NAME: &'static str = "purchase_mix";
    const GRAIN: &'static str = "component × reserve";
    const MEANING: &'static str = "What the units of every component with a `price` cost: for the reserve that is written, and, where reserved units have \
         a price, for every other (of more than 400, every so many). A reserve changes nothing but the cost, so all rows are of the same replications.";

    fn columns() -> Vec<Column<PurchaseRow>> {
        let mut columns = vec![
            Column::text("component", "The component.", |r: &PurchaseRow| r.entity.clone()),
            Column::count("reserved", "1", "Units that are reserved.", |r| Some(r.reserved)),
            Column::flag("written", "Whether the scenario reserves so many.", |r| r.written),
            Column::flag("cheapest", "Whether no other row of the component costs less; the first of several.", |r| {
                r.cheapest
            }),
        ];
        columns.extend(estimated(
            &names!("on_demand", "1"),
            "Mean number of units above the reserve, which are paid on demand.",
            |r: &PurchaseRow| Some(&r.on_demand),
        ));
        columns
            .extend(estimated(&names!("spot", "1"), "Mean number of spot instances.", |r: &PurchaseRow| Some(&r.spot)));
        columns.extend(estimated(
            &names!("cost", "currency/year"),
            "Cost a year, in the scenario's currency.",
            |r: &PurchaseRow| Some(&r.cost),
        ));
        columns.push(Column::text(
            "agreement",
            "The agreement that is missed most often; empty where there is none.",
            |r: &PurchaseRow| r.agreement.clone().unwrap_or_default(),
        ));
        columns.extend(estimated(
            &names!("breach_probability", "1"),
            "Share of its windows in which it is missed: the risk that goes with the cost.",
            |r: &PurchaseRow| r.breach_probability.as_ref(),
        ));
        columns
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [PurchaseRow]> {
        Cow::Borrowed(&input.results.purchases)
    }
}
