//! `records`: imported evidence.

use super::{Block, NO_FORM, OneOf, Shape, key, later, required, word};

pub(super) static RECORD_SHAPE: Shape = Shape::Block(&RECORD);

static RECORD: Block = Block {
    name: "record",
    keys: &[
        required("file", "CSV or Parquet file in the scenario's folder or below", Shape::Text),
        key(
            "map",
            "names used in the scenario: column in the file",
            Shape::MapOf { what: "column", value: &Shape::Text },
        ),
        key("units", "units of numeric columns: `column: min`", Shape::MapOf { what: "column", value: &Shape::Text }),
        key("censored", "column that says which numbers are censored: `true`, `yes`, `1`", Shape::Text),
        key("by", "column that groups rows for `time_between_failures`", Shape::Text),
        key("owner", "who keeps it; a label", Shape::Text),
        key("quality", "what becomes of rows that are not clean", Shape::Block(&QUALITY)),
        later("against", "records that forecasts are scored against"),
        later("holdout", "the part kept back for scoring"),
        later("metrics", "scores"),
    ],
};

static QUALITY: Block = Block {
    name: "quality",
    keys: &[
        key("missing", "rows with a missing value", Shape::OneOf(&MISSING)),
        key("overlaps", "rows that overlap", Shape::OneOf(&OVERLAPS)),
        key("censored_at", "where a row without an end is cut off", Shape::Text),
    ],
};

static MISSING: OneOf = OneOf {
    name: "missing",
    words: &[word("flag", "left out and counted"), word("drop", "left out"), word("refuse", "the record is refused")],
    ..NO_FORM
};

static OVERLAPS: OneOf = OneOf {
    name: "overlaps",
    words: &[
        word("keep", "kept as they are"),
        word("merge", "merged into one"),
        word("refuse", "the record is refused"),
    ],
    ..NO_FORM
};
