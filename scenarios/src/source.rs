//! The texts a scenario is made of, and places in them.

use std::sync::Arc;

/// A place in one of the texts: bytes `start..end` of file number `file`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    pub(crate) file: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Span {
    /// The first bytes of a file, for problems that have no place of their own.
    pub(crate) fn top(file: u32) -> Self {
        Self { file, start: 0, end: 0 }
    }
}

/// One text: a file, standard input or a `--set`.
#[derive(Debug)]
pub(crate) struct Source {
    /// As shown to the user.
    pub(crate) name: String,
    pub(crate) text: String,
    /// Where each line begins.
    lines: Vec<usize>,
}

/// Every text read so far; a [`Span`] points into one of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources {
    files: Vec<Arc<Source>>,
}

impl Sources {
    /// Adds a text and returns its number.
    pub(crate) fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> u32 {
        let number = u32::try_from(self.files.len()).expect("bug: more than 2^32 files");
        let text = text.into();
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        self.files.push(Arc::new(Source { name: name.into(), text, lines }));
        number
    }

    /// The text with this number.
    pub(crate) fn get(&self, file: u32) -> &Source {
        &self.files[file as usize]
    }

    /// The text itself, shared, so that it can be read while others are added.
    pub(crate) fn share(&self, file: u32) -> Arc<Source> {
        Arc::clone(&self.files[file as usize])
    }

    /// `span`, cut back to the text: in range, on character boundaries, without trailing white space.
    pub(crate) fn range(&self, span: Span) -> std::ops::Range<usize> {
        let text = self.get(span.file).text.as_str();
        let mut start = (span.start as usize).min(text.len());
        let mut end = (span.end as usize).clamp(start, text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        end = start + text[start..end].trim_end().len();
        start..end
    }

    /// Line and column of a byte, both from 1, the column in characters.
    pub(crate) fn line_column(&self, file: u32, byte: usize) -> (usize, usize) {
        let source = self.get(file);
        let byte = byte.min(source.text.len());
        let line = source.lines.partition_point(|start| *start <= byte);
        (line, source.text[source.lines[line - 1]..byte].chars().count() + 1)
    }

    /// `file:line` of a span.
    pub(crate) fn place(&self, span: Span) -> String {
        let (line, _) = self.line_column(span.file, self.range(span).start);
        format!("{}:{line}", self.get(span.file).name)
    }
}
