//! Spans of time read from timestamps, by group, and the durations between their ends.

use std::collections::BTreeMap;

use super::RecordError;
use super::column::Column;
use super::quality::{CensoredAt, Overlaps, Quality};
use super::table::{Reading, Table};

/// From a start to an end, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Span {
    start: f64,
    end: f64,
    /// Observation ended before the span did.
    open: bool,
}

/// Clean spans by group, each group in order of start.
pub(super) struct Spans {
    groups: BTreeMap<String, Vec<Span>>,
    /// Where observation ended, if that is known.
    cut: Option<f64>,
}

impl Spans {
    /// Reads `(start, end, group)` columns; what is not clean is counted in `column`. Without an end column each span
    /// is its start alone.
    pub(super) fn read(
        table: &Table,
        rows: &[usize],
        (start, end, by): (&str, Option<&str>, Option<&str>),
        quality: Quality,
        column: &mut Column,
    ) -> Result<Self, RecordError> {
        let mut read: Vec<(String, f64, Option<f64>)> = Vec::new();
        for &row in rows {
            let from = table.instant(start, row)?;
            let to = end.map_or(Ok(from), |end| table.instant(end, row))?;
            let group = by.map_or(Ok(String::new()), |by| table.text(by, row).map(|t| t.into_owned()))?;
            match (from, to) {
                (Reading::Unreadable, _) | (_, Reading::Unreadable) => column.reject("unreadable"),
                (Reading::Missing, _) => column.reject("missing"),
                (Reading::Value(from), Reading::Missing) => read.push((group, from, None)),
                (Reading::Value(from), Reading::Value(to)) if to < from => column.reject("end_before_start"),
                (Reading::Value(from), Reading::Value(to)) => read.push((group, from, Some(to))),
            }
        }
        let latest = read.iter().map(|(_, from, to)| to.unwrap_or(*from)).fold(f64::NEG_INFINITY, f64::max);
        let cut = match quality.censored_at {
            CensoredAt::Never => None,
            CensoredAt::Export => Some(latest),
            CensoredAt::At(instant) => Some(instant),
        };
        let mut groups: BTreeMap<String, Vec<Span>> = BTreeMap::new();
        for (group, start, end) in read {
            match (end, cut) {
                (_, Some(cut)) if start > cut => column.reject("after_cut"),
                (Some(end), Some(cut)) if end > cut => push(&mut groups, group, Span { start, end: cut, open: true }),
                (Some(end), _) => push(&mut groups, group, Span { start, end, open: false }),
                (None, Some(cut)) => push(&mut groups, group, Span { start, end: cut, open: true }),
                (None, None) => column.reject("missing"),
            }
        }
        for spans in groups.values_mut() {
            spans.sort_by(|a, b| a.start.total_cmp(&b.start).then(a.end.total_cmp(&b.end)));
        }
        let mut spans = Self { groups, cut };
        spans.settle_overlaps(quality.overlaps, column)?;
        Ok(spans)
    }

    /// Spans that share more than an instant with an earlier one of their group.
    fn settle_overlaps(&mut self, rule: Overlaps, column: &mut Column) -> Result<(), RecordError> {
        if rule == Overlaps::Keep {
            return Ok(());
        }
        let mut rows = 0;
        for spans in self.groups.values_mut() {
            let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
            for span in spans.iter() {
                match merged.last_mut() {
                    Some(last) if span.start < last.end => {
                        rows += 1;
                        (last.open, last.end) = (last.open || span.open, last.end.max(span.end));
                    }
                    _ => merged.push(*span),
                }
            }
            *spans = merged;
        }
        if rows > 0 && rule == Overlaps::Refuse {
            return Err(RecordError::Quality { rule: "overlaps", rows });
        }
        if rows > 0 {
            column.rejected.insert("overlap_merged", rows);
        }
        Ok(())
    }

    pub(super) fn durations(&self, column: &mut Column) {
        for span in self.groups.values().flatten() {
            column.push(span.end - span.start, span.open);
        }
    }

    /// Start to start; exact ties are counted and dropped. The gap that observation ended in is censored.
    pub(super) fn gaps(&self, column: &mut Column) {
        let mut gaps = 0;
        for spans in self.groups.values() {
            for pair in spans.windows(2) {
                gaps += 1;
                match pair[1].start - pair[0].start {
                    0.0 => column.reject("tie"),
                    gap => column.push(gap, false),
                }
            }
            if let (Some(cut), Some(last)) = (self.cut, spans.last()) {
                column.push_open(cut - last.start);
            }
        }
        column.gaps = Some(gaps);
    }

    /// End to next start; a start before the end of an earlier span has no up time before it.
    pub(super) fn up_times(&self, column: &mut Column) {
        for spans in self.groups.values() {
            let mut up_since: Option<f64> = None;
            for span in spans {
                match up_since.map(|since| span.start - since) {
                    None => {}
                    Some(up) if up > 0.0 => column.push(up, false),
                    Some(_) => column.reject("overlap"),
                }
                up_since = Some(up_since.map_or(span.end, |since| since.max(span.end)));
            }
            if let (Some(cut), Some(since)) = (self.cut, up_since) {
                column.push_open(cut - since);
            }
        }
    }
}

fn push(groups: &mut BTreeMap<String, Vec<Span>>, group: String, span: Span) {
    groups.entry(group).or_default().push(span);
}
