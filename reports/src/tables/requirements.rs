//! Table `requirements`: the agreements and their verdicts.

use std::borrow::Cow;

use ninefold_models::results::{Judged, Requirement, Verdict};

use super::estimated::{estimated, names};
use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct Requirements;

impl TableSource for Requirements {
    type Row = Requirement;
    const NAME: &'static str = "requirements";
    const GRAIN: &'static str = "agreement";
    const MEANING: &'static str = "Every agreement with the verdict of its interval, the evidence for and against it, and its breach probabilities. \
         The verdict of a run that stopped when it was decided is in `summary.json`, so that these tables and those of a \
         run with the same number of replications given are equal.";

    fn columns() -> Vec<Column<Requirement>> {
        let mut columns = vec![
            Column::text("agreement", "The agreement's name.", |r: &Requirement| r.agreement.clone()),
            Column::text("journey", "The journey it speaks of.", |r| r.journey.clone()),
            Column::text("indicator", "`good_minutes`, `success_ratio`, ….", |r| r.indicator.clone()),
            Column::text("window_kind", "The window as written.", |r| r.window_kind.clone()),
            Column::count("windows", "1", "Windows per replication.", |r| Some(r.windows)),
            Column::float("target", "1", "Least indicator agreed.", |r| Some(r.target)),
            Column::text("verdict", "`met`, `not_met` or `undecided` (the interval straddles the target).", |r| {
                verdict_name(r.by_interval).to_owned()
            }),
            Column::text("favours", "What the sequential test speaks for: `met`, `not_met`, or `undecided`.", |r| {
                verdict_name(r.favours).to_owned()
            }),
            Column::float(
                "doubt",
                "1",
                "Bound of the probability that a run ever finds such evidence for the wrong verdict.",
                |r| Some(r.doubt),
            ),
        ];
        columns.extend(estimated(
            &names!("shortfall", "1"),
            "Mean of 1 − indicator over replications and windows.",
            |r: &Requirement| Some(&r.shortfall),
        ));
        columns.extend([
            Column::float(
                "shortfall_inputs_lo",
                "1",
                "Lower end of its interval by inputs and chance, which the verdict uses; null without parameter draws.",
                |r: &Requirement| r.shortfall_inputs.map(|with| with.lo),
            ),
            Column::float("shortfall_inputs_hi", "1", "Upper end of the same.", |r: &Requirement| {
                r.shortfall_inputs.map(|with| with.hi)
            }),
        ]);
        columns.extend(estimated(
            &names!("breach_probability", "1"),
            "Mean share of windows below the target.",
            |r: &Requirement| Some(&r.breach_probability),
        ));
        columns.extend(estimated(
            &names!("breach_probability_horizon", "1"),
            "Probability that any window of a replication is below the target.",
            |r: &Requirement| Some(&r.breach_probability_horizon),
        ));
        columns
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [Requirement]> {
        Cow::Borrowed(&input.results.requirements)
    }
}

/// The name of the test behind a decision, in files and documents.
pub(crate) const SEQUENTIAL_TEST: &str = "sequential test by betting";

/// What a verdict follows from, in words.
pub(crate) const fn judged_name(judged: Judged) -> &'static str {
    match judged {
        Judged::Interval => "confidence interval",
        Judged::SequentialTest => SEQUENTIAL_TEST,
    }
}

/// The word for a verdict in tables and `summary.json`.
pub(crate) const fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "met",
        Verdict::NotMet => "not_met",
        Verdict::Undecided => "undecided",
    }
}
