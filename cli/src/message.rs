//! Messages on stderr: diagnostics for people, for programs, and as annotations of a pull request.

use std::io::{IsTerminal, Write};

use clap::ValueEnum;
use ninefold_scenarios::Diagnostics;
use serde_json::Value;

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set; `CLICOLOR_FORCE` colours everywhere
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The form of diagnostics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum MessageFormat {
    /// Text with the lines of the scenario
    #[default]
    Human,
    /// One JSON list a call
    Json,
    /// Annotations of a GitHub workflow, a line each
    Github,
}

/// Where messages go, and how.
pub(crate) struct Messages {
    color: bool,
    format: MessageFormat,
}

impl Messages {
    pub(crate) fn new(color: Color, format: MessageFormat) -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let forced = set("CLICOLOR_FORCE") && std::env::var_os("CLICOLOR_FORCE").is_some_and(|value| value != "0");
        let color = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => !set("NO_COLOR") && (forced || std::io::stderr().is_terminal()),
        };
        Self { color, format }
    }

    /// Shows diagnostics, if there are any.
    pub(crate) fn show(&self, diagnostics: &Diagnostics) {
        if diagnostics.is_empty() {
            return;
        }
        say(&match self.format {
            MessageFormat::Human => diagnostics.to_text(self.color),
            MessageFormat::Json => format!("{}\n", diagnostics.to_json()),
            MessageFormat::Github => github(&diagnostics.to_json()),
        });
    }

    /// Shows diagnostics that refuse the scenario, and how many there are.
    pub(crate) fn refuse(&self, errors: &Diagnostics) {
        self.show(errors);
        if self.format == MessageFormat::Human && errors.len() > 1 {
            self.headline(&format!("{} problems", errors.len()));
        }
    }

    /// Shows an error that has no place in a scenario.
    pub(crate) fn error(&self, error: &anyhow::Error) {
        let text = format!("{error:#}");
        match self.format {
            MessageFormat::Human => self.headline(&text),
            MessageFormat::Json => say(&format!("{}\n", listed(error))),
            MessageFormat::Github => say(&format!("::error::{}\n", data(&text))),
        }
    }

    /// A remark that is no error.
    pub(crate) fn note(&self, text: &str) {
        if self.format == MessageFormat::Human {
            say(&format!("note: {text}\n"));
        }
    }

    fn headline(&self, text: &str) {
        let (on, off) = if self.color { ("\u{1b}[1;31m", "\u{1b}[0m") } else { ("", "") };
        say(&format!("{on}error{off}: {text}\n"));
    }
}

/// An error that has no place in a scenario, as a list of diagnostics.
pub(crate) fn listed(error: &anyhow::Error) -> Value {
    serde_json::json!([{"severity": "error", "message": format!("{error:#}")}])
}

/// Nobody may be listening on stderr.
fn say(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// `::error file=F,line=1,col=2,endLine=1,endColumn=5,title=E0107::message`
fn github(list: &Value) -> String {
    let text = |d: &Value, key: &str| d[key].as_str().unwrap_or_default().to_owned();
    let line = |d: &Value| {
        let mut message = text(d, "message");
        for more in ["why", "hint"] {
            let more_text = text(d, more);
            if !more_text.is_empty() {
                message.push_str(&format!("\n{more}: {more_text}"));
            }
        }
        format!(
            "::{} file={},line={},col={},endLine={},endColumn={},title={}::{}\n",
            text(d, "severity"),
            property(&text(d, "file")),
            d["line"],
            d["column"],
            d["end_line"],
            d["end_column"],
            property(&text(d, "code")),
            data(&message),
        )
    };
    list.as_array().into_iter().flatten().map(line).collect()
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::github;

    #[test]
    fn an_annotation_is_one_line_and_escaped() {
        let list = serde_json::json!([{
            "file": "a,b.yaml", "line": 3, "column": 5, "end_line": 3, "end_column": 9, "code": "E0107",
            "severity": "error", "message": "100 % of\nit", "why": "", "hint": "write 1"
        }]);
        let expected = "::error file=a%2Cb.yaml,line=3,col=5,endLine=3,endColumn=9,title=E0107::\
                        100 %25 of%0Ait%0Ahint: write 1\n";
        assert_eq!(github(&list), expected);
    }
}
