//! Checks a tree against the description of the language, and reports every difference.

use super::{Block, Key, OneOf, Shape, Status, Word};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::nearest::suggestion;
use crate::source::Span;
use crate::values::{self, Refusal};
use crate::yaml::{Entry, Kind, Node};

/// Reports everything in `node` that is not of `shape`. Null counts as absent.
pub(crate) fn validate(node: &Node, shape: &Shape, sink: &mut Sink) {
    if node.is_null() || node.is_refused() {
        return;
    }
    match shape {
        Shape::Unread | Shape::Any => {}
        Shape::Block(block) => validate_block(node, block, sink),
        Shape::OneOf(form) => validate_one_of(node, form, sink),
        Shape::List(item) => match &node.kind {
            Kind::Seq(items) => items.iter().for_each(|entry| validate_item(entry, item, sink)),
            _ => sink.push(wrong_shape(node, "a list", "write `[a, b]`")),
        },
        Shape::MapOf { what, value } => match &node.kind {
            Kind::Map(entries) => entries.iter().for_each(|entry| validate_named(entry, what, value, sink)),
            _ => sink.push(wrong_shape(node, &format!("a map of {what} names"), "write `name: {…}`")),
        },
        plain => validate_plain(node, plain, sink),
    }
}

fn validate_item(item: &Node, shape: &Shape, sink: &mut Sink) {
    if item.is_null() {
        let message = "an entry of the list is empty";
        sink.push(Diagnostic::new(Code::Shape, message, item.span).hint("remove the entry or give it a value"));
    }
    validate(item, shape, sink);
}

fn validate_named(entry: &Entry, what: &str, shape: &Shape, sink: &mut Sink) {
    if !["column", "path"].contains(&what)
        && let Err(refusal) = values::id(&entry.key)
    {
        sink.push(refusal.at(entry.key_span));
    }
    validate(&entry.value, shape, sink);
}

fn validate_block(node: &Node, block: &Block, sink: &mut Sink) {
    if !matches!(node.kind, Kind::Map(_)) {
        sink.push(wrong_shape(node, "a map", &keys_hint(block)));
        return;
    }
    for entry in node.entries() {
        match block.find(&entry.key) {
            Some(key) => validate_key(entry, key, sink),
            None if entry.key == super::SOURCE.name => validate(&entry.value, &super::SOURCE.shape, sink),
            None => {
                let names = block.keys.iter().map(|key| key.name).chain([super::SOURCE.name]);
                sink.push(unknown_key(entry, block.name, suggestion(&entry.key, names)));
            }
        }
    }
}

fn validate_key(entry: &Entry, key: &Key, sink: &mut Sink) {
    if key.status == Status::Supported {
        validate(&entry.value, &key.shape, sink);
    } else if !entry.value.is_null() {
        sink.push(not_yet(entry.key_span, &entry.key, key.doc));
    }
}

fn validate_one_of(node: &Node, form: &OneOf, sink: &mut Sink) {
    match &node.kind {
        Kind::Scalar { text, .. } => validate_word(node, text, form, sink),
        Kind::Map(_) if form.variants.is_empty() && form.named.is_none() => match form.block {
            Some(block) => validate_block(node, block, sink),
            None if misplaced(node, form.plain.as_ref(), sink) => {}
            None => sink.push(wrong_shape(node, "a single value", &forms_hint(form))),
        },
        Kind::Map(entries) => match form.block {
            Some(block) if entries.iter().any(|entry| block.find(&entry.key).is_some()) => {
                validate_block(node, block, sink);
            }
            _ => validate_variant(node, entries, form, sink),
        },
        Kind::Seq(_) => match form.list {
            Some(list) => validate(node, list, sink),
            None => sink.push(wrong_shape(node, &with_article(form.name), &forms_hint(form))),
        },
        Kind::Refused => {}
    }
}

fn validate_word(node: &Node, text: &str, form: &OneOf, sink: &mut Sink) {
    match (form.words.iter().find(|word| word.name == text), &form.plain) {
        (Some(Word { status: Status::NotYet, name, doc }), _) => sink.push(not_yet(node.span, name, doc)),
        (Some(_), _) => {}
        (None, Some(plain)) => validate_plain(node, plain, sink),
        (None, None) => match form.variant(text) {
            Some(variant) => {
                let message = format!("`{text}` needs its parameters");
                let hint = format!("write `{{{text}: …}}`: {}", variant.doc);
                sink.push(Diagnostic::new(Code::Shape, message, node.span).hint(hint));
            }
            None => {
                let message = format!("`{text}` is not a {}", form.name);
                let hint = suggestion(text, form.names());
                sink.push(Diagnostic::new(Code::UnknownWord, message, node.span).hint(hint));
            }
        },
    }
}

/// A map that must have exactly one variant key.
fn validate_variant(node: &Node, entries: &[Entry], form: &OneOf, sink: &mut Sink) {
    let given: Vec<&Entry> = entries.iter().filter(|e| e.key != super::SOURCE.name && !e.value.is_null()).collect();
    let later = given.iter().find_map(|e| {
        form.variant(&e.key).filter(|variant| variant.status == Status::NotYet).map(|variant| (e.key_span, variant))
    });
    if let Some((span, variant)) = later {
        sink.push(not_yet(span, variant.name, variant.doc));
        return;
    }
    if form.variant("pert").is_none() && misplaced(node, form.plain.as_ref(), sink) {
        return;
    }
    for entry in &given {
        match (form.variant(&entry.key), &form.named) {
            (Some(variant), _) => {
                if !matches!(variant.shape, Shape::Unread) {
                    validate(&entry.value, &variant.shape, sink);
                }
            }
            (None, Some((_, shape))) if values::id(&entry.key).is_ok() => validate(&entry.value, shape, sink),
            _ => sink.push(unknown_key(entry, form.name, suggestion(&entry.key, form.names()))),
        }
    }
    let known: Vec<_> = given.iter().filter(|e| form.variant(&e.key).is_some() || form.named.is_some()).collect();
    match (known.len(), given.len()) {
        (0, 0) => sink.push(
            Diagnostic::new(Code::Empty, format!("the {} is empty", form.name), node.span).hint(forms_hint(form)),
        ),
        (0 | 1, _) => {}
        _ => sink.push(
            Diagnostic::new(
                Code::Variant,
                format!("{} has exactly one form", with_article(form.name)),
                known[1].key_span,
            )
            .label("a second form")
            .secondary(known[0].key_span, "the first form")
            .hint("keep one of the two"),
        ),
    }
}

fn validate_plain(node: &Node, shape: &Shape, sink: &mut Sink) {
    let Some(text) = node.text() else {
        if !misplaced(node, Some(shape), sink) {
            sink.push(wrong_shape(node, &format!("a single value: {}", shape.words()), shape.example()));
        }
        return;
    };
    let checked: Result<(), Refusal> = match shape {
        Shape::Duration => values::duration(text).map(drop),
        Shape::Rate => values::rate(text).map(drop),
        Shape::DataRate => values::data_rate(text).map(drop),
        Shape::Flow => values::flow(text).map(drop),
        Shape::FlowUnit => values::flow_unit(text),
        Shape::Ratio => values::ratio(text).map(drop),
        Shape::HalfWidth => values::half_width(text).map(drop),
        Shape::Number { min, max } => values::number_in(text, *min, *max).map(drop),
        Shape::Count { min, max } => values::count(text, *min, *max).map(drop),
        Shape::Id => values::id(text),
        Shape::RecordColumn => values::record_column(text).map(drop),
        Shape::Instant => values::start(text).map(drop),
        Shape::Zone => values::zone(text).map(drop),
        Shape::WindowKind => values::window_kind(text).map(drop),
        _ => Ok(()),
    };
    if let Err(refusal) = checked {
        sink.push(refusal.at(node.span));
    }
}

/// `{beta: …}` and its kin where a number is decided, not believed: how many units, how long, how good is good enough.
fn misplaced(node: &Node, plain: Option<&Shape>, sink: &mut Sink) -> bool {
    let is_number = matches!(
        plain,
        Some(Shape::Ratio | Shape::Rate | Shape::Flow | Shape::Duration | Shape::Count { .. } | Shape::Number { .. })
    );
    match node.entries() {
        [only] if is_number && matches!(only.key.as_str(), "beta" | "pert" | "fit") => {
            let message = "this number cannot be uncertain";
            sink.push(
                Diagnostic::new(Code::NotUncertain, message, only.key_span)
                    .label(format!("`{}` where a known number stands", only.key))
                    .why("it is decided, not believed, or the structure depends on it")
                    .hint("write a single value; compare alternatives with `ninefold compare`"),
            );
            true
        }
        _ => false,
    }
}

fn wrong_shape(node: &Node, wanted: &str, hint: &str) -> Diagnostic {
    Diagnostic::new(Code::Shape, format!("expected {wanted}, found {}", node.describe()), node.span)
        .label(format!("this is {}", node.describe()))
        .hint(hint)
}

/// `a law`, `an injection`.
fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {noun}")
}

fn unknown_key(entry: &Entry, what: &str, hint: String) -> Diagnostic {
    Diagnostic::new(Code::UnknownKey, format!("{} has no key `{}`", with_article(what), entry.key), entry.key_span)
        .label("not part of the language here")
        .why("a key that nobody reads would be silently ignored")
        .hint(hint)
}

fn not_yet(span: Span, name: &str, doc: &str) -> Diagnostic {
    Diagnostic::new(Code::NotYet, format!("`{name}` is not supported yet"), span)
        .label(doc)
        .why("it is part of the language, and leaving it out silently would change the answer")
        .hint("remove it, and mind what the answer then leaves out")
}

fn keys_hint(block: &Block) -> String {
    let names: Vec<String> = block
        .keys
        .iter()
        .filter(|key| key.status == Status::Supported)
        .take(8)
        .map(|key| format!("`{}`", key.name))
        .collect();
    format!("{} has the keys {}", with_article(block.name), names.join(", "))
}

fn forms_hint(form: &OneOf) -> String {
    let mut forms: Vec<String> = form.plain.iter().map(|plain| plain.example().to_owned()).collect();
    forms.extend(form.words.iter().filter(|w| w.status == Status::Supported).map(|w| format!("`{}`", w.name)));
    forms.extend(
        form.variants.iter().filter(|v| v.status == Status::Supported).take(6).map(|v| format!("`{{{}: …}}`", v.name)),
    );
    format!("write one of {}", forms.join(", "))
}

impl Shape {
    /// In words.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Duration => "duration".to_owned(),
            Self::Rate => "rate".to_owned(),
            Self::Flow => "rate or flow".to_owned(),
            Self::FlowUnit => "unit of flow".to_owned(),
            Self::Ratio => "ratio".to_owned(),
            Self::DataRate => "data rate".to_owned(),
            Self::HalfWidth => "ratio, time a year, rate or duration".to_owned(),
            Self::Number { min, max } if *max >= 1e9 => format!("number ≥ {min}"),
            Self::Number { min, max } => format!("number, {min} to {max}"),
            Self::Count { min, max: u64::MAX } => format!("whole number ≥ {min}"),
            Self::Count { min, max } => format!("whole number, {min} to {max}"),
            Self::Text => "text".to_owned(),
            Self::Any => "any value".to_owned(),
            Self::Id => "name".to_owned(),
            Self::RecordColumn => "column of a record".to_owned(),
            Self::Instant => "instant".to_owned(),
            Self::Zone => "IANA zone".to_owned(),
            Self::WindowKind => "kind of window".to_owned(),
            Self::List(item) => format!("list of {}", item.words()),
            Self::MapOf { what, value } => format!("map from {what} name to {}", value.words()),
            Self::Block(block) => block.name.to_owned(),
            Self::OneOf(form) => form.name.to_owned(),
            Self::Unread => "not read yet".to_owned(),
        }
    }

    /// An example of how it is written.
    pub(super) fn example(&self) -> &'static str {
        match self {
            Self::Duration => "`30min`",
            Self::Rate => "`90/s`",
            Self::Flow => "`90/s`",
            Self::FlowUnit => "`MW`",
            Self::Ratio => "`99.9 %`",
            Self::DataRate => "`60MB/s`",
            Self::HalfWidth => "`5min/year`",
            Self::Number { .. } => "`0.5`",
            Self::Count { .. } => "`3`",
            Self::RecordColumn => "`records.incidents.repair`",
            Self::Instant => "`2027-01-01T00:00:00Z`",
            Self::Zone => "`Europe/Berlin`",
            Self::WindowKind => "`calendar_month`",
            _ => "`name`",
        }
    }
}
