//! Reading values out of the tree, and writing down where each number came from.
//!
//! The checks of shape have reported what cannot be read; here such a value is simply not there.

use ninefold_models::about::Provenance;
use ninefold_models::units::Hours;

use super::Lowering;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::values;
use crate::yaml::Node;

/// A node, its path in the scenario, the key it stands under, and the nearest `source:` above it.
#[derive(Clone, Debug)]
pub(crate) struct At<'a> {
    node: &'a Node,
    path: String,
    key_span: Span,
    source: Option<&'a str>,
}

impl<'a> At<'a> {
    pub(crate) fn root(node: &'a Node) -> Self {
        let span = Span { end: node.span.start, ..node.span };
        Self { node, path: String::new(), key_span: span, source: None }.with_own_source()
    }

    fn with_own_source(mut self) -> Self {
        if let Some(source) = self.node.get("source").and_then(Node::text) {
            self.source = Some(source);
        }
        self
    }

    pub(crate) fn get(&self, key: &str) -> Option<At<'a>> {
        let entry = self.node.entry(key).filter(|entry| !entry.value.is_null())?;
        Some(self.below(key, &entry.value, entry.key_span))
    }

    fn below(&self, key: &str, node: &'a Node, key_span: Span) -> At<'a> {
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        At { node, path, key_span, source: self.source }.with_own_source()
    }

    /// Name and value of each entry of a map.
    pub(crate) fn entries(&self) -> Vec<(&'a str, At<'a>)> {
        let named = self.node.entries().iter().filter(|e| !e.value.is_null() && !e.value.is_refused());
        named.map(|e| (e.key.as_str(), self.below(&e.key, &e.value, e.key_span))).collect()
    }

    /// The entries that are variants, not `source`.
    pub(crate) fn variants(&self) -> Vec<(&'a str, At<'a>)> {
        self.entries().into_iter().filter(|(key, _)| *key != "source").collect()
    }

    pub(crate) fn items(&self) -> Vec<At<'a>> {
        let items = self.node.items().iter().enumerate();
        items.map(|(index, node)| self.below(&index.to_string(), node, node.span)).collect()
    }

    pub(crate) fn text(&self) -> Option<&'a str> {
        self.node.text()
    }

    pub(crate) fn is_map(&self) -> bool {
        matches!(self.node.kind, crate::yaml::Kind::Map(_))
    }

    pub(crate) fn span(&self) -> Span {
        self.node.span
    }

    pub(crate) fn key_span(&self) -> Span {
        self.key_span
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }
}

impl Lowering<'_> {
    /// A key that must be given.
    pub(crate) fn required<'a>(&mut self, at: &At<'a>, key: &str) -> Option<At<'a>> {
        let found = at.get(key);
        if found.is_none() && !at.node.is_refused() {
            let refused = at.node.entry(key).is_some_and(|entry| entry.value.is_refused());
            let shaped = at.is_map() || at.path.is_empty();
            // What an unsupported key would have given is not asked for as well.
            let awaited = !at.path.is_empty() && self.sink.awaits(at.span());
            if !refused && shaped && !awaited {
                let owner = if at.path.is_empty() { "the scenario".to_owned() } else { format!("`{}`", at.path) };
                self.sink.push(
                    Diagnostic::new(Code::Missing, format!("{owner} lacks `{key}`"), at.key_span)
                        .label(format!("`{key}` is missing here"))
                        .hint(format!("add `{key}: …`")),
                );
            }
        }
        found
    }

    /// An assumption that has no place of its own in an effective scenario: its key stays away there.
    pub(crate) fn remark(&mut self, path: impl Into<String>, value: impl Into<String>, reason: impl Into<String>) {
        let path = path.into();
        self.remarked.insert(path.clone());
        self.assume(path, value, reason);
    }

    pub(crate) fn assume(&mut self, path: impl Into<String>, value: impl Into<String>, reason: impl Into<String>) {
        self.assumed.insert((path.into(), value.into(), reason.into()));
    }

    /// Writes down a number that entered.
    pub(super) fn note(&mut self, at: &At<'_>, unit: &str) {
        let source = match at.source {
            Some(source) => source.to_owned(),
            None => self.sources.place(at.span()),
        };
        self.about.provenance.push(Provenance {
            path: at.path.clone(),
            value: at.text().unwrap_or_default().to_owned(),
            unit: unit.to_owned(),
            source,
            record: String::new(),
            fit_id: String::new(),
            uncertainty: "none".to_owned(),
        });
    }

    /// Writes down an uncertain number and the law of what it may be.
    pub(super) fn note_uncertain(&mut self, at: &At<'_>, unit: &str, kind: &str) {
        self.note(at, unit);
        if let Some(last) = self.about.provenance.last_mut() {
            last.value = crate::yaml::flow(at.node);
            last.uncertainty = kind.to_owned();
        }
    }

    /// Writes down a law that came from a record; `uncertainty` is the kind of its error that enters.
    #[cfg(feature = "records")]
    pub(crate) fn note_record(
        &mut self,
        at: &At<'_>,
        value: String,
        (record, fit_id): (&str, String),
        uncertainty: &str,
    ) {
        self.note(at, "h");
        if let Some(last) = self.about.provenance.last_mut() {
            last.value = value;
            last.record = record.to_owned();
            last.fit_id = fit_id;
            last.uncertainty = uncertainty.to_owned();
        }
    }

    pub(crate) fn duration(&mut self, at: &At<'_>) -> Option<Hours> {
        self.value(at, (&values::duration, "h")).map(Hours::new)
    }

    /// A rate, per second.
    pub(crate) fn rate(&mut self, at: &At<'_>) -> Option<f64> {
        self.value(at, (&values::rate, "1/s"))
    }

    /// A rate, per second, or a flow in the scenario's unit.
    pub(crate) fn flow(&mut self, at: &At<'_>) -> Option<f64> {
        let Some(unit) = self.flow_unit.clone() else {
            if let Some(refusal) = at.text().and_then(|text| values::rate(text).err()) {
                // An amount has the right shape and needs to know in what.
                if values::flow(at.text()?).is_ok() {
                    self.sink.push(refusal.at(at.span()));
                }
                return None;
            }
            return self.rate(at);
        };
        if let Some(refusal) = at.text().and_then(|text| values::flow_in(text, &unit).err()) {
            if values::flow(at.text()?).is_ok() {
                self.sink.push(refusal.at(at.span()));
            }
            return None;
        }
        self.value(at, (&|text: &str| values::flow_in(text, &unit), &unit))
    }

    /// A number of either sign; its range has been checked with the shape.
    pub(crate) fn signed(&mut self, at: &At<'_>) -> Option<f64> {
        self.value(at, (&|text: &str| values::number_in(text, -1e9, 1e9), "1"))
    }

    pub(crate) fn ratio(&mut self, at: &At<'_>) -> Option<f64> {
        self.value(at, (&values::ratio, "1"))
    }

    pub(crate) fn number(&mut self, at: &At<'_>) -> Option<f64> {
        self.value(at, (&|text: &str| values::number_in(text, 0.0, 1e9), "1"))
    }

    /// A whole number; its range has been checked with the shape.
    pub(crate) fn count(&mut self, at: &At<'_>) -> Option<u64> {
        let count = values::count(at.text()?, 0, u64::MAX).ok()?;
        self.note(at, "1");
        Some(count)
    }

    /// As [`Self::count`], small enough for a number of units.
    pub(crate) fn units(&mut self, at: &At<'_>) -> Option<u32> {
        self.count(at).and_then(|count| u32::try_from(count).ok()).filter(|count| (1..=1_000_000).contains(count))
    }
}
