//! `repair_quality`, what a repair leaves of the wear; `cleared_by`, what ends a mode that no repair mends.

use super::uncertain::UNCERTAIN_RATIO;
use super::{Key, NO_FORM, OneOf, Shape, key, later_word, word};

pub(super) const REPAIR_QUALITY: Key = key(
    "repair_quality",
    "what a repair leaves of the mode's age; default `as_good_as_new`",
    Shape::OneOf(&OneOf {
        name: "repair quality",
        words: &[
            word("as_good_as_new", "nothing: the next life is that of a new one"),
            word("as_bad_as_old", "all of it: the failure is mended and nothing else (minimal repair)"),
        ],
        variants: &[
            key("kijima_1", "that share of the last life, and all from before; 0 to 1", UNCERTAIN_RATIO),
            key("kijima_2", "that share of all the age there is; 0 to 1", UNCERTAIN_RATIO),
        ],
        ..NO_FORM
    }),
);

pub(super) const CLEARED_BY: Key = key(
    "cleared_by",
    "what ends it, instead of a repair; it is as good as new then, also if it had not come yet",
    Shape::List(&Shape::OneOf(&OneOf {
        name: "what clears a mode",
        words: &[
            word("restart", "the end of a repair of a mode that holds the same unit down"),
            later_word("deploy", "a change of the component"),
        ],
        ..NO_FORM
    })),
);
