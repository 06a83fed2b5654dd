//! Windows that come again every week: those of `calendar.windows`, and those written where they are used.

use super::{Block, NO_FORM, OneOf, Shape, Word, key, required, word};

const DAYS: &[Word] = &[
    word("mon", "Monday"),
    word("tue", "Tuesday"),
    word("wed", "Wednesday"),
    word("thu", "Thursday"),
    word("fri", "Friday"),
    word("sat", "Saturday"),
    word("sun", "Sunday"),
];

static DAY: OneOf = OneOf { name: "day of the week", words: DAYS, ..NO_FORM };

pub(super) static WEEKLY: Block = Block {
    name: "weekly window",
    keys: &[
        required("weekly", "days of the week", Shape::List(&Shape::OneOf(&DAY))),
        required("from", "local time at which it opens, like \"02:00\"", Shape::Text),
        required("for", "how long it is open", Shape::Duration),
        key("zone", "IANA zone of `from`; default `calendar.zone`", Shape::Zone),
    ],
};

/// A window of `calendar.windows` by name, or one written here.
pub(super) static WINDOW: OneOf =
    OneOf { name: "recurring window", plain: Some(Shape::Id), block: Some(&WEEKLY), ..NO_FORM };
