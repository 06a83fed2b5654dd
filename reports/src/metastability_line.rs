//! The line of a map of metastability on the screen: from which load on a storm may last, and what removes that.

use ninefold_models::results::{AS_WRITTEN, LoadStateRow, MetastabilityRow};

use crate::format;
use crate::input::ReportInput;

/// What is said of each map, in written order.
pub(crate) fn lines(input: &ReportInput<'_>) -> Vec<String> {
    let rows = &input.results.metastability_loads;
    rows.chunk_by(|a, b| a.measure == b.measure).map(|rows| line(rows, &input.results.metastability)).collect()
}

/// The cures of a map under which no cell of it stays down; none where it has none as it is written.
pub(crate) fn removed_by<'a>(measure: &str, cells: &'a [MetastabilityRow]) -> Vec<&'a str> {
    let of_map = cells.iter().filter(|cell| cell.measure == measure);
    let cures = of_map.collect::<Vec<_>>();
    let cures = cures.chunk_by(|a, b| a.cure == b.cure);
    let stays_down = |of: &&[&MetastabilityRow]| of.iter().any(|cell| cell.region == "metastable");
    let (down, back): (Vec<_>, Vec<_>) = cures.partition(stays_down);
    match down.iter().any(|of| of[0].cure == AS_WRITTEN) {
        true => back.iter().map(|of| of[0].cure.as_str()).collect(),
        false => Vec::new(),
    }
}

fn line(rows: &[LoadStateRow], cells: &[MetastabilityRow]) -> String {
    let first = &rows[0];
    let written = rows.iter().filter(|row| row.cure == AS_WRITTEN);
    let tips = written.clone().filter_map(|row| Some((row.demand, row.tips_after_s?))).collect::<Vec<_>>();
    let (from, to) = &first.call;
    let name = format!("{}: {from} → {to}", first.measure);
    let trigger = cells.iter().find(|cell| cell.measure == first.measure).map_or("", |cell| cell.trigger);
    let Some(&(demand, _)) = tips.first() else {
        return format!("{name} comes back from every {trigger} of the map");
    };
    let shortest = tips.iter().map(|tips| tips.1).fold(f64::INFINITY, f64::min);
    let mut said = format!(
        "{name} may stay down from {}/s on, after an {trigger} of {} s",
        format::significant(demand, 3),
        format::significant(shortest, 3)
    )
    .replace("an spike", "a spike");
    if let Some(row) = written.clone().find(|row| row.is_written) {
        let demand = format::significant(row.demand, 3);
        said.push_str(&match (row.tips_after_s, row.region) {
            (Some(tips), _) => format!("; at {demand}/s after {} s", format::significant(tips, 3)),
            (None, region) => format!("; at {demand}/s it is {region}"),
        });
    }
    let removed = removed_by(&first.measure, cells);
    said.push_str(&match removed.is_empty() {
        true => "; no cure removes it".to_owned(),
        false => format!("; removed by {}", removed.join(", ")),
    });
    said
}

#[cfg(test)]
mod tests {
    use super::lines;
    use crate::toy_shop::ToyShop;

    #[test]
    fn a_line_says_from_where_on_and_what_helps() {
        let mut shop = ToyShop::new();
        let said = "storm: web → db may stay down from 60.0/s on, after an outage of 12.0 s; at 80.0/s after 12.0 s; removed by \
                    retry-budget";
        assert_eq!(lines(&shop.input()), [said]);
        shop.results.metastability_loads.iter_mut().for_each(|row| row.tips_after_s = None);
        assert_eq!(lines(&shop.input()), ["storm: web → db comes back from every outage of the map"]);
    }
}
