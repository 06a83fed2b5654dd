//! Names.

use super::Refusal;
use crate::diagnostic::Code;

/// Longest id, characters.
const ID_MAX: usize = 63;

/// Checks `[a-z][a-z0-9-]{0,62}`.
pub(crate) fn id(text: &str) -> Result<(), Refusal> {
    let mut chars = text.chars();
    let good = chars.next().is_some_and(|c| c.is_ascii_lowercase())
        && chars.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && text.len() <= ID_MAX;
    if good {
        return Ok(());
    }
    let mut mended: String = text
        .to_ascii_lowercase()
        .chars()
        .map(|c| if c.is_ascii_lowercase() || c.is_ascii_digit() { c } else { '-' })
        .skip_while(|c| !c.is_ascii_lowercase())
        .take(ID_MAX)
        .collect();
    while mended.ends_with('-') {
        mended.pop();
    }
    let refusal = Refusal::new(Code::BadId, format!("`{text}` is not a valid name"))
        .why("a name begins with a lower-case letter, goes on with letters, digits and `-`, and has at most 63");
    let hint = if mended.is_empty() { "choose such a name".to_owned() } else { format!("did you mean `{mended}`?") };
    Err(refusal.hint(hint))
}

/// Splits `records.ID.COLUMN`.
pub(crate) fn record_column(text: &str) -> Result<(&str, &str), Refusal> {
    let parts = text.strip_prefix("records.").and_then(|rest| rest.split_once('.'));
    match parts {
        Some((id, column)) if !id.is_empty() && !column.is_empty() => Ok((id, column)),
        _ => Err(Refusal::new(Code::NoRecord, format!("`{text}` does not name a column of a record"))
            .hint("write `records.ID.COLUMN`, as in `records.incidents.repair`")),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn ids() {
        assert!(id("web-2").is_ok());
        assert!(id(&format!("a{}", "b".repeat(62))).is_ok());
        for bad in ["", "Web", "2web", "web_db", "-web", "wéb", &"a".repeat(64)] {
            assert_eq!(id(bad).unwrap_err().code, Code::BadId, "{bad}");
        }
        assert!(id("Web DB").unwrap_err().hint.contains("`web-db`"));
    }

    #[test]
    fn columns() {
        assert_eq!(record_column("records.a.b_c").unwrap(), ("a", "b_c"));
        assert!(record_column("a.b").is_err());
    }
}
