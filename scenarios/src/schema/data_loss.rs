//! `data_loss`: when the data of a component are lost.

use super::uncertain::UNCERTAIN_RATIO;
use super::{Block, Key, NO_FORM, OneOf, Shape, key, required, word};

pub(super) const DATA_LOSS: Key =
    key("data_loss", "when its data are lost; silent: nobody asks", Shape::Block(&DATA_LOSS_BLOCK));

static DATA_LOSS_BLOCK: Block = Block {
    name: "data loss",
    keys: &[
        required(
            "tolerates",
            "failed units that the data survive; lost when more are failed at once",
            Shape::Count { min: 0, max: 999_999 },
        ),
        key(
            "unreadable",
            "probability that the failure that uses up the last tolerated one meets data that cannot be read; default 0",
            UNCERTAIN_RATIO,
        ),
        key("recovers_from", "what brings lost data back; default `never`", Shape::OneOf(&RECOVERS_FROM)),
    ],
};

static RECOVERS_FROM: OneOf = OneOf {
    name: "recovery of data",
    words: &[
        word("never", "nothing: the first loss counts, and is final"),
        word("backup", "the last backup that is not corrupt; needs a block `backup`"),
    ],
    ..NO_FORM
};
