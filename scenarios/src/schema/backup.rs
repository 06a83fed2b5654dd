//! `backup`: what the data of a component come back from.

use super::uncertain::UNCERTAIN_RATIO;
use super::{Block, Key, NO_FORM, OneOf, Shape, key, laws, required, word};

pub(super) const BACKUP: Key = key(
    "backup",
    "what its data come back from; needs a failure mode or a `data_loss` with `recovers_from: backup`",
    Shape::Block(&BACKUP_BLOCK),
);

/// Of a failure mode.
pub(super) const RECOVERS_FROM: Key = key(
    "recovers_from",
    "the mode is of the component's data, not of a unit, and ends when they are restored; instead of `repair`",
    Shape::OneOf(&BACKUPS),
);

static BACKUP_BLOCK: Block = Block {
    name: "backup",
    keys: &[
        required("every", "time from one backup to the next", Shape::Duration),
        required("restore", "law of the time to restore one backup", Shape::OneOf(&laws::LAW)),
        key(
            "corrupt",
            "probability that a backup turns out useless once it is restored; the one before it is next; default 0",
            UNCERTAIN_RATIO,
        ),
    ],
};

static BACKUPS: OneOf = OneOf {
    name: "recovery of wrong data",
    words: &[word("backup", "the last backup that is not corrupt; needs a block `backup`")],
    ..NO_FORM
};
