//! The words of a formula: numbers, names, signs.

/// One word.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Word {
    Number(f64),
    Name(String),
    Sign(&'static str),
}

impl std::fmt::Display for Word {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(value) => write!(f, "{value}"),
            Self::Name(name) => f.write_str(name),
            Self::Sign(sign) => f.write_str(sign),
        }
    }
}

/// Signs as written, and what they mean; longer ones first.
const SIGNS: [(&str, &str); 17] = [
    ("<=", "<="),
    (">=", ">="),
    ("==", "=="),
    ("**", "^"),
    ("≤", "<="),
    ("≥", ">="),
    ("·", "*"),
    ("<", "<"),
    (">", ">"),
    ("+", "+"),
    ("-", "-"),
    ("*", "*"),
    ("/", "/"),
    ("%", "%"),
    ("^", "^"),
    ("(", "("),
    (")", ")"),
];

/// Cuts a formula into words.
///
/// # Errors
/// The first character that begins none.
pub(super) fn words(text: &str) -> Result<Vec<Word>, String> {
    let mut rest = text.trim_start();
    let mut words = Vec::new();
    while let Some(first) = rest.chars().next() {
        let cut;
        if first.is_ascii_digit() || first == '.' {
            cut = number_length(rest);
            let digits = &rest[..cut];
            words.push(Word::Number(digits.parse().map_err(|_| format!("`{digits}` is not a number"))?));
        } else if first.is_ascii_alphabetic() {
            cut = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            words.push(Word::Name(rest[..cut].to_ascii_lowercase()));
        } else if first == ',' || first == ';' {
            cut = 1;
            words.push(Word::Sign(","));
        } else if let Some((written, sign)) = SIGNS.iter().find(|(written, _)| rest.starts_with(written)) {
            cut = written.len();
            words.push(Word::Sign(sign));
        } else {
            return Err(format!("`{first}` is not known"));
        }
        rest = rest[cut..].trim_start();
    }
    Ok(words)
}

/// Digits with a point and an exponent; an `e` without digits behind it is a name.
fn number_length(text: &str) -> usize {
    let plain = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let Some(exponent) = text[plain..].strip_prefix(['e', 'E']) else { return plain };
    let signed = usize::from(exponent.starts_with(['+', '-']));
    let digits = exponent[signed..].bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 { plain } else { plain + 1 + signed + digits }
}
