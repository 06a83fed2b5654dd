//! Whether data last, in words.

use ninefold_models::results::Measured;

use crate::format;
use crate::input::ReportInput;
use crate::terminal::short;

/// For each component whose data may be lost: `disks: lost within the horizon with probability …`.
pub(crate) fn lines(input: &ReportInput<'_>) -> Vec<String> {
    let lost = input.results.measures.iter().filter(|measured| measured.measure == "loss_probability");
    lost.map(|measured| words(input, measured)).collect()
}

fn words(input: &ReportInput<'_>, lost: &Measured) -> String {
    let exact = lost.exact.map(|exact| format!(" (exact {})", format::significant(exact, 3))).unwrap_or_default();
    let within = format!("lost with probability {}{exact}", format::ratio(&lost.estimate));
    let mean = input.measure(&lost.entity, "mttdl");
    let mean = mean.map(|mean| format!("   mean time to it {}", format::duration(mean.estimate.value)));
    format!("{}: {within}{}", short(&lost.entity), mean.unwrap_or_default())
}
