//! What places that take over traffic need in reserve, in words, for the terminal.

use ninefold_models::results::BufferRow;

use crate::format;
use crate::input::ReportInput;

/// `web@us 35 % in reserve, 122 % needed: overloaded in 62 ± 4 % of failovers, 12 000 ± 900 requests a year shed   knee at 31 %`,
/// one a place that takes over traffic.
pub(crate) fn lines(input: &ReportInput<'_>) -> Vec<String> {
    let of = |rows: &[BufferRow]| {
        let knee = rows.iter().find(|row| row.knee).map(|row| format!("   knee at {}", format::percent(row.buffer)));
        let row = rows.iter().find(|row| row.written).or(rows.first().filter(|row| row.shed.value > 0.0))?;
        let overload = row.overload.as_ref()?;
        Some(format!(
            "{} {} in reserve, {} needed: overloaded in {} of {} failovers, {} requests a year shed{}",
            crate::terminal::short(&row.place),
            if row.buffer > 0.0 { format::percent(row.buffer) } else { "nothing".to_owned() },
            format::percent(row.needed),
            format::percent_with_error(overload),
            format::count(row.failovers as f64),
            format::rate_with_error(&row.shed),
            knee.unwrap_or_default()
        ))
    };
    input.results.buffers.chunk_by(|a, b| a.place == b.place).filter_map(of).collect()
}
