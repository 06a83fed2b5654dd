//! Single points of failure in words, for the terminal and the report alike.

use ninefold_models::results::CutSetCountRow;

use crate::input::ReportInput;
use crate::terminal::short;

/// Single points named in a line.
const NAMED_MAX: usize = 5;

/// For each entity whose cut sets were looked for: its single points of failure, those with the most downtime first.
pub(crate) fn lines<'a>(input: &ReportInput<'a>) -> Vec<(&'a str, String)> {
    input.results.cut_set_counts.iter().map(|row| (row.entity.as_str(), words(input, row))).collect()
}

fn words(input: &ReportInput<'_>, row: &CutSetCountRow) -> String {
    let Some([count, ..]) = row.by_order else { return format!("single points of failure not known: {}", row.remark) };
    if count == 0.0 {
        return "no single point of failure".to_owned();
    }
    let single = input.results.cut_sets.iter().filter(|set| set.entity == row.entity && set.order == 1);
    let mut names: Vec<&str> = single.take(NAMED_MAX).map(|set| short(&set.members[0])).collect();
    let more = if count > names.len() as f64 { format!("{} more", count - names.len() as f64) } else { String::new() };
    if !more.is_empty() {
        names.push(&more);
    }
    format!("single point{} of failure: {}", if count == 1.0 { "" } else { "s" }, names.join(", "))
}
