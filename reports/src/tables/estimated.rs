//! The four columns of a number with its error.

use ninefold_models::results::Estimated;

use super::Column;

/// Names of the four columns, and their unit.
pub(crate) struct Names {
    pub(crate) value: &'static str,
    pub(crate) standard_error: &'static str,
    pub(crate) lo: &'static str,
    pub(crate) hi: &'static str,
    pub(crate) unit: &'static str,
}

/// `NAME`, `NAME_se`, `NAME_lo`, `NAME_hi`.
macro_rules! names {
    ($name:literal, $unit:literal) => {
        $crate::tables::estimated::Names {
            value: $name,
            standard_error: concat!($name, "_se"),
            lo: concat!($name, "_lo"),
            hi: concat!($name, "_hi"),
            unit: $unit,
        }
    };
}

pub(crate) use names;

/// Four columns: value, standard error, lower and upper end of the interval; null where `of` gives none.
pub(crate) fn estimated<R>(names: &Names, meaning: &'static str, of: fn(&R) -> Option<&Estimated>) -> [Column<R>; 4] {
    let unit = names.unit;
    [
        Column::part(names.value, unit, meaning, (of, |e| e.value)),
        Column::part(
            names.standard_error,
            unit,
            "Its standard error; NaN where it cannot be had.",
            (of, |e| e.standard_error),
        ),
        Column::part(names.lo, unit, "Lower end of its confidence interval.", (of, |e| e.lo)),
        Column::part(
            names.hi,
            unit,
            "Upper end of the same; infinite where only a lower bound is known.",
            (of, |e| e.hi),
        ),
    ]
}
