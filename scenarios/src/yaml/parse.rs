//! From YAML events to the tree, without recursion.

use std::collections::BTreeMap;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, options};

use super::{DEPTH_MAX, Entry, FILE_BYTES_MAX, Kind, NODES_MAX, Node};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::{Sources, Span};

/// Parses a whole text. `None` if nothing could be read; every problem found is in `sink`.
pub(crate) fn parse(sources: &Sources, file: u32, sink: &mut Sink) -> Option<Node> {
    parse_at(sources, file, 0, sink)
}

/// Parses the text from byte `offset` on.
pub(crate) fn parse_at(sources: &Sources, file: u32, offset: usize, sink: &mut Sink) -> Option<Node> {
    let source = sources.share(file);
    if source.text.len() > FILE_BYTES_MAX {
        let message = format!("the file has {} bytes; at most {FILE_BYTES_MAX} are read", source.text.len());
        sink.push(Diagnostic::new(Code::Limit, message, Span::top(file)).hint("split it with `extends`"));
        return None;
    }
    let text = &source.text[offset..];
    let settings = options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        flow_nesting_limit: DEPTH_MAX,
        block_nesting_limit: DEPTH_MAX,
    };
    let mut builder = Builder::new(file, offset, sink);
    for event in Parser::new_from_str_with_options(text, settings) {
        match event {
            Ok((event, span)) => {
                let range = span.byte_range().unwrap_or(0..0);
                builder.event(event, range.start, range.end)?;
            }
            Err(error) => {
                builder.syntax(error.kind(), &error.info(), error.marker().byte_offset().unwrap_or(0));
                return None;
            }
        }
    }
    builder.root
}

/// A collection that is still open.
struct Open {
    start: usize,
    content: Content,
}

enum Content {
    Seq(Vec<Node>),
    /// Entries, and the key that waits for its value; a key that was refused is `Some(None)`.
    Map {
        entries: Vec<Entry>,
        waiting: Option<Option<(String, Span)>>,
        seen: BTreeMap<String, Span>,
    },
}

struct Builder<'a> {
    file: u32,
    offset: usize,
    sink: &'a mut Sink,
    open: Vec<Open>,
    root: Option<Node>,
    nodes: usize,
}

impl<'a> Builder<'a> {
    fn new(file: u32, offset: usize, sink: &'a mut Sink) -> Self {
        Self { file, offset, sink, open: Vec::new(), root: None, nodes: 0 }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        let byte = |at: usize| u32::try_from(at + self.offset).expect("bug: a file above its size limit");
        Span { file: self.file, start: byte(start), end: byte(end.max(start)) }
    }

    /// Takes one event; `None` stops the reading.
    fn event(&mut self, event: Event<'_>, start: usize, end: usize) -> Option<()> {
        let span = self.span(start, end);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let refused = self.refuse_properties(anchor, tag.is_some(), span);
                let quoted = !matches!(style, ScalarStyle::Plain);
                let kind = if refused { Kind::Refused } else { Kind::Scalar { text: text.into_owned(), quoted } };
                self.close(Node { span, kind })
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.sink.push(alias(span));
                self.close(Node { span, kind: Kind::Refused })
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.refuse_properties(anchor, tag.is_some(), span);
                self.push(start, Content::Seq(Vec::new()))
            }
            Event::MappingStart(_, anchor, tag) => {
                self.refuse_properties(anchor, tag.is_some(), span);
                let content = Content::Map { entries: Vec::new(), waiting: None, seen: BTreeMap::new() };
                self.push(start, content)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let open = self.open.pop().expect("bug: a collection ends that never began");
                let kind = match open.content {
                    Content::Seq(items) => Kind::Seq(items),
                    Content::Map { entries, .. } => Kind::Map(entries),
                };
                let span = self.span(open.start, end);
                self.close(Node { span, kind })
            }
            Event::DocumentStart(..) if self.root.is_some() => {
                let text = "the file holds more than one document";
                self.sink.push(
                    Diagnostic::new(Code::SeveralDocuments, text, span)
                        .label("a second document begins here")
                        .why("a scenario is one document")
                        .hint("put the second into a file of its own"),
                );
                None
            }
            _ => Some(()),
        }
    }

    fn refuse_properties(&mut self, anchor: usize, tag: bool, span: Span) -> bool {
        if anchor != 0 {
            self.sink.push(alias(span));
        }
        if tag {
            self.sink.push(
                Diagnostic::new(Code::Tag, "YAML tags are not part of the language", span)
                    .label("carries a tag")
                    .hint("remove the `!tag`; what a value is follows from its key"),
            );
        }
        tag
    }

    fn push(&mut self, start: usize, content: Content) -> Option<()> {
        if self.open.len() >= DEPTH_MAX {
            let span = self.span(start, start + 1);
            self.sink.push(too_deep(span));
            return None;
        }
        self.open.push(Open { start, content });
        Some(())
    }

    /// Puts a finished node where it belongs.
    fn close(&mut self, node: Node) -> Option<()> {
        self.nodes += 1;
        if self.nodes > NODES_MAX {
            let message = format!("the file has more than {NODES_MAX} values");
            self.sink.push(Diagnostic::new(Code::Limit, message, node.span).hint("split the scenario"));
            return None;
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Some(());
        };
        match &mut open.content {
            Content::Seq(items) => items.push(node),
            Content::Map { entries, waiting, seen } => match waiting.take() {
                Some(Some((key, key_span))) => entries.push(Entry { key, key_span, value: node }),
                Some(None) => {}
                None => *waiting = Some(accept_key(node, seen, self.sink)),
            },
        }
        Some(())
    }

    fn syntax(&mut self, kind: &ErrorKind, info: &str, at: usize) {
        let at = self.span(at, at + 1);
        if matches!(kind, ErrorKind::RecursionLimitExceeded) {
            self.sink.push(too_deep(at));
            return;
        }
        self.sink.push(
            Diagnostic::new(Code::Syntax, format!("the file is not YAML: {}", first_line(info)), at)
                .label("reading stopped here")
                .why("nothing after this place could be read")
                .hint("look for a missing `:`, quote, bracket or space at or before this place"),
        );
    }
}

fn first_line(info: &str) -> &str {
    info.lines().next().unwrap_or("unknown error")
}

fn alias(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Anchor, "YAML anchors and aliases are not part of the language", span)
        .why("they can make a small file enormous, and hide where a value comes from")
        .hint("use `like: COMPONENT` to copy a component, or `extends:` to overlay a file")
}

fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Limit, format!("nested deeper than {DEPTH_MAX} levels"), span).hint("flatten the structure")
}

/// Checks a key; `None` for one whose entry is to be dropped.
fn accept_key(node: Node, seen: &mut BTreeMap<String, Span>, sink: &mut Sink) -> Option<(String, Span)> {
    let Kind::Scalar { text, quoted } = node.kind else {
        if !node.is_refused() {
            sink.push(
                Diagnostic::new(Code::KeyShape, "a key must be a single word", node.span)
                    .label(format!("this key is {}", node.describe()))
                    .hint("write `key: value`"),
            );
        }
        return None;
    };
    if text == "<<" && !quoted {
        sink.push(
            Diagnostic::new(Code::MergeKey, "YAML merge keys are not part of the language", node.span)
                .hint("use `like: COMPONENT` or `extends: FILE`"),
        );
        return None;
    }
    if let Some(first) = seen.get(&text) {
        sink.push(
            Diagnostic::new(Code::DuplicateKey, format!("`{text}` is given twice"), node.span)
                .label("given again here")
                .secondary(*first, "first given here")
                .why("one of the two would be silently lost")
                .hint("keep one, or give the other a name of its own"),
        );
        return None;
    }
    seen.insert(text.clone(), node.span);
    Some((text, node.span))
}
