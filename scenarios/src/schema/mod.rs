//! The language as data: every key, what it holds, what it means, and whether it is supported yet.
//!
//! This one description drives the checks of shape, the JSON Schema and the reference page. A key that is not here is
//! not part of the language.

mod agreements;
mod autoscale;
mod backup;
mod calendar;
mod components;
mod consistency;
mod coverage;
mod data_loss;
mod demand;
mod dependencies;
mod domains;
mod experiments;
mod failovers;
mod feeds;
mod forecast;
mod health_check;
mod hidden;
mod host_pool;
mod journeys;
mod json_schema;
mod laws;
mod load_sharing;
mod manifest;
mod measures;
mod metastability;
mod modes;
mod monitors;
mod nodes;
mod options;
mod partition;
mod queues;
mod records;
mod redundancy;
mod reference;
mod repair_quality;
mod replay;
mod replication;
mod root;
mod routing;
mod run;
mod shared_risk;
mod shedding;
mod sites;
mod spot;
mod supply;
mod teams;
mod uncertain;
mod validate;
mod visible_to;
mod weekly;

pub(crate) use json_schema::json_schema;
pub(crate) use manifest::MANIFEST;
pub(crate) use reference::reference;
pub(crate) use root::ROOT;
pub(crate) use validate::validate;

/// What a value looks like.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// A duration with its unit.
    Duration,
    /// A number per unit of time.
    Rate,
    /// An amount of data per unit of time.
    DataRate,
    /// A rate of requests, or an amount in the scenario's unit of flow.
    Flow,
    /// The name of a unit of flow.
    FlowUnit,
    /// A share of 1.
    Ratio,
    /// Half the width of an interval, in the unit of what is measured.
    HalfWidth,
    /// A finite number in a range.
    Number { min: f64, max: f64 },
    /// A whole number in a range.
    Count { min: u64, max: u64 },
    /// Any single value.
    Text,
    /// Any value; what it is laid at says what it must be.
    Any,
    /// A name of something declared elsewhere.
    Id,
    /// `records.ID.COLUMN`.
    RecordColumn,
    /// An instant.
    Instant,
    /// An IANA time zone.
    Zone,
    /// A kind of window written as one word.
    WindowKind,
    /// A list.
    List(&'static Shape),
    /// Names chosen by the user, each with such a value.
    MapOf { what: &'static str, value: &'static Shape },
    /// A map with fixed keys.
    Block(&'static Block),
    /// One of several forms.
    OneOf(&'static OneOf),
    /// Not looked into: the key itself is not supported yet.
    Unread,
}

/// A map with fixed keys.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block {
    /// As it appears in the reference.
    pub(crate) name: &'static str,
    pub(crate) keys: &'static [Key],
}

/// A key of a block, or a variant of a one-of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    /// One line, with the unit.
    pub(crate) doc: &'static str,
    pub(crate) shape: Shape,
    pub(crate) status: Status,
    /// Whether the language asks for it. Told to editors; the loader asks only once `like` has been applied.
    pub(crate) required: bool,
}

/// Whether the program obeys a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Supported,
    NotYet,
}

/// A single word with a meaning.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) status: Status,
}

/// Several forms of one value: a word, a plain value, a variant (`{variant: …}`), or a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OneOf {
    pub(crate) name: &'static str,
    pub(crate) words: &'static [Word],
    /// What a single value that is none of the words is.
    pub(crate) plain: Option<Shape>,
    /// Maps with exactly one key.
    pub(crate) variants: &'static [Key],
    /// Any other name as the one key, with such a value.
    pub(crate) named: Option<(&'static str, Shape)>,
    /// A map with fixed keys.
    pub(crate) block: Option<&'static Block>,
    /// A list.
    pub(crate) list: Option<&'static Shape>,
}

const NO_FORM: OneOf = OneOf { name: "", words: &[], plain: None, variants: &[], named: None, block: None, list: None };

/// A supported key.
const fn key(name: &'static str, doc: &'static str, shape: Shape) -> Key {
    Key { name, doc, shape, status: Status::Supported, required: false }
}

/// A supported key that must be given.
const fn required(name: &'static str, doc: &'static str, shape: Shape) -> Key {
    Key { name, doc, shape, status: Status::Supported, required: true }
}

/// A key that is part of the language but not supported yet.
const fn later(name: &'static str, doc: &'static str) -> Key {
    Key { name, doc, shape: Shape::Unread, status: Status::NotYet, required: false }
}

const fn word(name: &'static str, doc: &'static str) -> Word {
    Word { name, doc, status: Status::Supported }
}

const fn later_word(name: &'static str, doc: &'static str) -> Word {
    Word { name, doc, status: Status::NotYet }
}

/// `source: TEXT`, allowed on every block.
pub(crate) const SOURCE: Key =
    key("source", "where the numbers of this block come from; lands in the provenance table", Shape::Text);

impl Block {
    pub(crate) fn find(&self, name: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

impl OneOf {
    pub(crate) fn variant(&self, name: &str) -> Option<&Key> {
        self.variants.iter().find(|key| key.name == name)
    }

    /// The names of its variants and words that are supported.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        let words = self.words.iter().filter(|w| w.status == Status::Supported).map(|w| w.name);
        words.chain(self.variants.iter().filter(|v| v.status == Status::Supported).map(|v| v.name))
    }
}
