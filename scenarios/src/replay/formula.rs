//! Demand as a formula of the seconds `t`: `100 for t<300, 900 for t<1800, else 100`, `500+400*sin(2 pi t/3600)`.
//!
//! | part | form |
//! |---|---|
//! | pieces | `VALUE for CONDITION, …, else VALUE`; the first whose condition holds counts, without one it is 0 |
//! | condition | comparisons of two or three values, `600<=t<660`, joined by `and` |
//! | value | `+ - * / % ^`, factors side by side, `( )`, `t`, `pi`, `e` |
//! | functions | `sin cos exp log sqrt abs floor ceil min max` |
//!
//! Words that are none of these are refused by name.

use super::formula_words::{Word, words};

/// Longest formula, bytes.
const LENGTH_MAX: usize = 2000;
/// Deepest nesting.
const DEPTH_MAX: usize = 32;

/// A formula that was read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Formula {
    pieces: Vec<(Vec<Comparison>, Value)>,
}

/// `a < b`, with the sign as written.
#[derive(Clone, Debug, PartialEq)]
struct Comparison {
    left: Value,
    sign: &'static str,
    right: Value,
}

#[derive(Clone, Debug, PartialEq)]
enum Value {
    Number(f64),
    Time,
    Negative(Box<Value>),
    Two(char, Box<Value>, Box<Value>),
    Call(&'static str, Vec<Value>),
}

/// Functions, with the number of their arguments; 0 for any.
const FUNCTIONS: [(&str, usize); 10] = [
    ("sin", 1),
    ("cos", 1),
    ("exp", 1),
    ("log", 1),
    ("sqrt", 1),
    ("abs", 1),
    ("floor", 1),
    ("ceil", 1),
    ("min", 0),
    ("max", 0),
];

/// Reads a formula.
///
/// # Errors
/// What cannot be read, in one line.
pub(crate) fn read(text: &str) -> Result<Formula, String> {
    if text.len() > LENGTH_MAX {
        return Err(format!("it is longer than {LENGTH_MAX} characters"));
    }
    let words = words(text)?;
    let mut reader = Reader { words: &words, at: 0, depth: 0 };
    let mut pieces = Vec::new();
    loop {
        if reader.takes_word("else") || reader.takes_word("otherwise") {
            pieces.push((Vec::new(), reader.sum()?));
            break;
        }
        let value = reader.sum()?;
        let condition = match reader.takes_word("for") || reader.takes_word("if") {
            true => reader.condition()?,
            false => Vec::new(),
        };
        let is_last = condition.is_empty();
        pieces.push((condition, value));
        // A comma before `else` may be left out.
        if is_last || !reader.takes_sign(",") && !reader.stands_at_else() {
            break;
        }
    }
    match reader.words.get(reader.at) {
        None => Ok(Formula { pieces }),
        Some(word) => Err(format!("`{word}` is not expected there")),
    }
}

impl Formula {
    /// Its value at a time, s.
    pub(crate) fn at(&self, seconds: f64) -> f64 {
        let holds = |comparison: &Comparison| comparison.holds(seconds);
        let piece = self.pieces.iter().find(|(condition, _)| condition.iter().all(holds));
        piece.map_or(0.0, |(_, value)| value.at(seconds))
    }
}

impl Comparison {
    fn holds(&self, seconds: f64) -> bool {
        let (left, right) = (self.left.at(seconds), self.right.at(seconds));
        match self.sign {
            "<" => left < right,
            "<=" => left <= right,
            ">" => left > right,
            ">=" => left >= right,
            _ => left == right,
        }
    }
}

impl Value {
    fn at(&self, t: f64) -> f64 {
        match self {
            Self::Number(value) => *value,
            Self::Time => t,
            Self::Negative(value) => -value.at(t),
            Self::Two(sign, left, right) => {
                let (left, right) = (left.at(t), right.at(t));
                match sign {
                    '+' => left + right,
                    '-' => left - right,
                    '*' => left * right,
                    '/' => left / right,
                    '%' => left - right * (left / right).floor(),
                    _ => libm::pow(left, right),
                }
            }
            Self::Call(name, values) => {
                let mut each = values.iter().map(|value| value.at(t));
                match *name {
                    "min" => each.fold(f64::INFINITY, f64::min),
                    "max" => each.fold(f64::NEG_INFINITY, f64::max),
                    name => one(name, each.next().unwrap_or(f64::NAN)),
                }
            }
        }
    }
}

fn one(name: &str, value: f64) -> f64 {
    match name {
        "sin" => libm::sin(value),
        "cos" => libm::cos(value),
        "exp" => libm::exp(value),
        "log" => libm::log(value),
        "sqrt" => value.sqrt(),
        "abs" => value.abs(),
        "floor" => value.floor(),
        _ => value.ceil(),
    }
}

struct Reader<'a> {
    words: &'a [Word],
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn takes_sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.words.get(self.at), Some(Word::Sign(found)) if *found == sign);
        self.at += usize::from(found);
        found
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let found = matches!(self.words.get(self.at), Some(Word::Name(found)) if found == word);
        self.at += usize::from(found);
        found
    }

    fn stands_at_else(&self) -> bool {
        matches!(self.words.get(self.at), Some(Word::Name(found)) if found == "else" || found == "otherwise")
    }

    fn condition(&mut self) -> Result<Vec<Comparison>, String> {
        let mut all = Vec::new();
        loop {
            let mut left = self.sum()?;
            let mut compared = false;
            while let Some(sign) = ["<=", ">=", "<", ">", "=="].into_iter().find(|sign| self.takes_sign(sign)) {
                let right = self.sum()?;
                all.push(Comparison { left, sign, right: right.clone() });
                left = right;
                compared = true;
            }
            if !compared {
                return Err("a condition compares something, as in `t<300`".to_owned());
            }
            if !self.takes_word("and") {
                return Ok(all);
            }
        }
    }

    fn sum(&mut self) -> Result<Value, String> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(format!("it is nested deeper than {DEPTH_MAX}"));
        }
        let mut left = self.product()?;
        while let Some(sign) = ['+', '-'].into_iter().find(|sign| self.takes_sign(sign.encode_utf8(&mut [0; 4]))) {
            left = Value::Two(sign, Box::new(left), Box::new(self.product()?));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn product(&mut self) -> Result<Value, String> {
        let mut left = self.factor()?;
        loop {
            let written = ['*', '/', '%'].into_iter().find(|sign| self.takes_sign(sign.encode_utf8(&mut [0; 4])));
            let sign = match written {
                Some(sign) => sign,
                None if self.takes_word("mod") => '%',
                // Factors side by side, as in `2 pi t`.
                None if self.stands_at_factor() => '*',
                None => return Ok(left),
            };
            left = Value::Two(sign, Box::new(left), Box::new(self.factor()?));
        }
    }

    fn stands_at_factor(&self) -> bool {
        match self.words.get(self.at) {
            Some(Word::Name(name)) => {
                matches!(name.as_str(), "t" | "pi" | "e") || FUNCTIONS.iter().any(|(known, _)| known == name)
            }
            Some(Word::Sign(sign)) => *sign == "(",
            Some(Word::Number(_)) | None => false,
        }
    }

    fn factor(&mut self) -> Result<Value, String> {
        let mut negative = false;
        while self.takes_sign("-") {
            negative = !negative;
        }
        let base = self.atom()?;
        let value = match self.takes_sign("^") {
            true => Value::Two('^', Box::new(base), Box::new(self.atom()?)),
            false => base,
        };
        Ok(if negative { Value::Negative(Box::new(value)) } else { value })
    }

    fn atom(&mut self) -> Result<Value, String> {
        let word = self.words.get(self.at).ok_or("it ends too early")?;
        self.at += 1;
        match word {
            Word::Number(value) => Ok(Value::Number(*value)),
            Word::Sign("(") => {
                let value = self.sum()?;
                if self.takes_sign(")") { Ok(value) } else { Err("a `)` is missing".to_owned()) }
            }
            Word::Name(name) => match name.as_str() {
                "t" => Ok(Value::Time),
                "pi" => Ok(Value::Number(std::f64::consts::PI)),
                "e" => Ok(Value::Number(std::f64::consts::E)),
                name => self.call(name),
            },
            Word::Sign(_) => Err(format!("`{word}` is not expected there")),
        }
    }

    fn call(&mut self, name: &str) -> Result<Value, String> {
        let Some((known, count)) = FUNCTIONS.into_iter().find(|(known, _)| *known == name) else {
            return Err(format!("`{name}` is not known"));
        };
        if !self.takes_sign("(") {
            return Err(format!("`{name}` needs its `(`"));
        }
        let mut values = vec![self.sum()?];
        while self.takes_sign(",") {
            values.push(self.sum()?);
        }
        if !self.takes_sign(")") {
            return Err("a `)` is missing".to_owned());
        }
        if count > 0 && values.len() != count {
            return Err(format!("`{name}` takes one value"));
        }
        Ok(Value::Call(known, values))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn pieces_waves_and_ramps() {
        let table = [
            ("100 for t<300, 900 for t<1800, else 100", vec![(0.0, 100.0), (300.0, 900.0), (1800.0, 100.0)]),
            ("2000 for 600<=t<660 else 200", vec![(599.0, 200.0), (600.0, 2000.0), (660.0, 200.0)]),
            ("500+400*sin(2 pi t/3600)", vec![(0.0, 500.0), (900.0, 900.0)]),
            ("100+0.5*min(t,3000)", vec![(100.0, 150.0), (9000.0, 1600.0)]),
            ("500*(1+0.09*sin(2 pi t/600))", vec![(150.0, 545.0)]),
            ("9 if t mod 60 < 30 and t >= 60 else 1", vec![(10.0, 1.0), (70.0, 9.0), (100.0, 1.0)]),
            ("-2^2 + 3t", vec![(2.0, 2.0)]),
            ("5 for t<10", vec![(3.0, 5.0), (10.0, 0.0)]),
        ];
        for (text, values) in table {
            let formula = read(text).unwrap();
            for (t, value) in values {
                assert!((formula.at(t) - value).abs() < 1e-9, "{text} at {t}: {}", formula.at(t));
            }
        }
    }

    #[test]
    fn what_is_not_known_is_named() {
        for (text, part) in [
            ("linear from 1 to 9", "`linear`"),
            ("100 for t", "compares"),
            ("100 for t<3, ", "ends"),
            ("(1", "`)`"),
            ("sin t", "`(`"),
            ("sin(1,2)", "one value"),
            ("1 # 2", "`#`"),
            ("1 2", "`2`"),
            ("x", "`x`"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
        assert!(read(&"(".repeat(1000)).unwrap_err().contains("nested"));
        assert!(read(&"1+".repeat(2000)).unwrap_err().contains("longer"));
    }
}
