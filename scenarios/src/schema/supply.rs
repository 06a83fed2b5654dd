//! What crews need beside themselves: hours to work, parts, a way to go.

use super::{Block, Key, OneOf, Shape, key, laws, required, weekly, word};

/// When a team works.
pub(super) const HOURS: Key =
    key("hours", "when its crews work; repairs stand still meanwhile; default always", Shape::OneOf(&weekly::WINDOW));

/// The parts that a team keeps.
pub(super) const SPARES: Key = key(
    "spares",
    "the parts in its store, by kind; those of a repair are named by `part`",
    Shape::MapOf { what: "spare part", value: &SPARE_SHAPE },
);

static SPARE_SHAPE: Shape = Shape::Block(&SPARE);

static SPARE: Block = Block {
    name: "spare part",
    keys: &[
        required("stock", "parts at the start", Shape::Count { min: 0, max: 1_000_000 }),
        required("lead_time", "law of the time from an order to its coming, or `never`", Shape::OneOf(&LEAD_TIME)),
        key(
            "batch",
            "parts of an order, which goes out when as many have been asked for; at most the stock; default 1",
            Shape::Count { min: 1, max: 1_000_000 },
        ),
    ],
};

static LEAD_TIME: OneOf = OneOf { words: &[word("never", "nothing is ordered")], ..laws::LAW };

/// A repair by a crew.
pub(super) static BY_CREW: Block = Block {
    name: "repair by a crew",
    keys: &[
        required("crew", "the team whose crews repair it, one thing at a time each", Shape::Id),
        required("takes", "law of the work of one crew", Shape::OneOf(&laws::LAW)),
        key(
            "priority",
            "1 goes first, where the team works by priority; default 1",
            Shape::Count { min: 1, max: 1000 },
        ),
        key("logistics", "law of the time until a part and a crew are asked for; default 0s", Shape::OneOf(&laws::LAW)),
        key("part", "one of the team's `spares`, which it takes and waits for; default none", Shape::Id),
        key("travel", "law of the crew's way, before its work; default 0s", Shape::OneOf(&laws::LAW)),
    ],
};

/// What a journey is worth.
pub(super) const VALUE: Key = key("value", "what a success is worth", Shape::Block(&VALUE_BLOCK));

static VALUE_BLOCK: Block = Block {
    name: "value",
    keys: &[
        required(
            "per_success",
            "money per request served; read by teams whose `order` is `loss_rate` or `c_mu`",
            Shape::Number { min: 0.0, max: 1e12 },
        ),
        super::later("lost_if_failed", "share of it that is lost for good if a request fails"),
        super::later("reputation", "what outages cost beyond the requests"),
    ],
};
