//! What a report is made of: sections, and parts within them.

use serde::Serialize;

use super::grid::Grid;
use super::section::numbers::Headline;
use crate::figures::Figure;
use crate::input::ReportInput;

/// What a section is written from.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) input: &'a ReportInput<'a>,
    pub(super) figures: &'a [Figure],
}

/// A section with its heading.
#[derive(Serialize)]
pub(super) struct Section<'a> {
    id: &'static str,
    title: &'static str,
    parts: Vec<Part<'a>>,
}

/// One thing below a heading.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Part<'a> {
    Text(String),
    /// How to read what stands above it.
    Note(String),
    List(Vec<String>),
    Grid(Grid),
    Picture {
        table: Option<&'static str>,
        svg: &'a str,
    },
    Cards(Vec<Headline>),
    Facts(Vec<Fact>),
    Code(String),
}

/// A name and what is true of it.
#[derive(Serialize)]
pub(super) struct Fact {
    name: &'static str,
    value: String,
    class: &'static str,
}

impl Part<'_> {
    /// Lines of the terminal as a list, where gaps between columns would be lost; `None` where there is none.
    pub(super) fn lines(lines: Vec<String>) -> Option<Self> {
        (!lines.is_empty()).then(|| Self::List(lines.into_iter().map(|line| line.replace("   ", "; ")).collect()))
    }
}

impl<'a> Section<'a> {
    /// A section; `None` where there is nothing to say.
    pub(super) fn of(id: &'static str, title: &'static str, parts: Vec<Part<'a>>) -> Option<Self> {
        (!parts.is_empty()).then_some(Self { id, title, parts })
    }
}

impl Fact {
    pub(super) fn text(name: &'static str, value: impl Into<String>) -> Self {
        Self { name, value: value.into(), class: "" }
    }

    pub(super) fn code(name: &'static str, value: impl Into<String>) -> Self {
        Self { name, value: value.into(), class: "code" }
    }
}

impl<'a> Source<'a> {
    /// The figure of this name, if the run has one.
    pub(super) fn picture(self, name: &str) -> Option<Part<'a>> {
        let figure = self.figures.iter().find(|figure| figure.name == name)?;
        Some(Part::Picture { table: figure.table, svg: &figure.svg })
    }
}
