//! Laws as a case speaks of them: `exponential repair mean 4 h`, `Erlang-2, mean 20 h`, `lognormal mean 4 h, cv 1.5`.

use super::clock::Clock;
use super::refusal::Refusal;

/// A law as the scenario writes it, and its mean.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SpokenLaw {
    pub(super) yaml: String,
    pub(super) mean_h: f64,
}

/// Words that name the number after them.
const NAMES: [&str; 11] = ["mean", "shape", "scale", "sigma", "cv", "median", "stages", "k", "alpha", "min", "max"];

/// A word, or a number with the unit that follows it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Word(String),
    Number(f64),
}

/// The words and numbers of a sentence; everything else only parts them.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let (bytes, mut tokens, mut at) = (text.as_bytes(), Vec::new(), 0);
    while at < bytes.len() {
        let start = at;
        if bytes[at].is_ascii_digit() {
            let exponent = |at: usize| {
                let sign = usize::from(matches!(bytes.get(at + 1), Some(b'-' | b'+')));
                matches!(bytes[at], b'e' | b'E') && bytes.get(at + 1 + sign).is_some_and(u8::is_ascii_digit)
            };
            while at < bytes.len() {
                let point = bytes[at] == b'.' && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
                at += match bytes[at] {
                    digit if digit.is_ascii_digit() || point => 1,
                    _ if exponent(at) => 2,
                    _ => break,
                };
            }
            tokens.extend(text[start..at].parse().map(Token::Number));
        } else if bytes[at].is_ascii_alphabetic() {
            while at < bytes.len() && (bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_') {
                at += 1;
            }
            tokens.push(Token::Word(text[start..at].to_owned()));
        } else {
            at += 1;
        }
    }
    tokens
}

/// Hours in the unit that a word names.
pub(super) fn hours_in(word: &str) -> Option<f64> {
    match word {
        "h" | "hour" | "hours" | "hr" | "hrs" => Some(1.0),
        "min" | "mins" | "minute" | "minutes" => Some(1.0 / 60.0),
        "s" | "second" | "seconds" => Some(1.0 / 3600.0),
        "d" | "day" | "days" => Some(24.0),
        "y" | "year" | "years" => Some(8760.0),
        _ => None,
    }
}

/// The numbers of a law: by name, and those without.
struct Numbers {
    named: Vec<(String, f64)>,
    bare: Vec<f64>,
}

impl Numbers {
    fn of(tokens: &[Token]) -> Self {
        let mut numbers = Self { named: Vec::new(), bare: Vec::new() };
        for (at, token) in tokens.iter().enumerate() {
            let Token::Number(number) = token else { continue };
            let unit = match tokens.get(at + 1) {
                Some(Token::Word(word)) => hours_in(word).unwrap_or(1.0),
                _ => 1.0,
            };
            let before = at.checked_sub(1).and_then(|at| tokens.get(at));
            match before {
                Some(Token::Word(word)) if NAMES.contains(&word.to_ascii_lowercase().as_str()) => {
                    numbers.named.push((word.to_ascii_lowercase(), number * unit));
                }
                _ => numbers.bare.push(number * unit),
            }
        }
        numbers
    }

    fn take(&mut self, names: &[&str]) -> Option<f64> {
        let at = self.named.iter().position(|(name, _)| names.contains(&name.as_str()))?;
        Some(self.named.remove(at).1)
    }

    fn take_or_bare(&mut self, names: &[&str]) -> Option<f64> {
        self.take(names).or_else(|| (!self.bare.is_empty()).then(|| self.bare.remove(0)))
    }
}

impl SpokenLaw {
    /// The law that a text speaks of, in hours of the case.
    pub(super) fn parse(text: &str, clock: Clock) -> Result<Self, Refusal> {
        let tokens = tokens(text);
        let words = tokens.iter().filter_map(|token| match token {
            Token::Word(word) => Some(word.to_ascii_lowercase()),
            Token::Number(_) => None,
        });
        let mut numbers = Numbers::of(&tokens);
        let mut law = None;
        for word in words {
            law = law.or_else(|| Self::named(&word, &mut numbers, clock));
        }
        let whole = law.filter(|law: &Self| numbers.named.is_empty() && numbers.bare.is_empty() && law.mean_h > 0.0);
        whole.ok_or_else(|| Refusal::not_supported(format!("the law `{text}` is not understood")))
    }

    /// The law that a word names, with the numbers it needs; those are then used up.
    fn named(word: &str, numbers: &mut Numbers, clock: Clock) -> Option<Self> {
        let t = |hours: f64| clock.text(hours);
        let (yaml, mean_h) = match word {
            "exponential" | "exp" => {
                let mean = numbers.take_or_bare(&["mean"])?;
                (exponential(clock, mean), mean)
            }
            "constant" | "deterministic" | "fixed" => {
                let mean = numbers.take_or_bare(&["mean"])?;
                (t(mean), mean)
            }
            "erlang" => {
                let stages = numbers.take_or_bare(&["stages", "k", "shape"])?;
                let mean = numbers.take_or_bare(&["mean"])?;
                (format!("{{erlang: {{stages: {stages}, mean: {}}}}}", t(mean)), mean)
            }
            "gamma" => {
                let by_cv = |cv: f64| 1.0 / (cv * cv);
                let shape = numbers.take(&["shape", "alpha", "k"]).or_else(|| numbers.take(&["cv"]).map(by_cv))?;
                let mean = numbers.take(&["scale"]).map(|scale| scale * shape);
                let mean = mean.or_else(|| numbers.take_or_bare(&["mean"]))?;
                (format!("{{gamma: {{shape: {shape}, mean: {}}}}}", t(mean)), mean)
            }
            "weibull" => {
                let shape = numbers.take(&["shape", "k", "alpha"])?;
                let factor = libm::tgamma(1.0 + 1.0 / shape);
                let scale = numbers.take(&["scale"]);
                let mean = scale.map(|scale| scale * factor).or_else(|| numbers.take_or_bare(&["mean"]))?;
                let scale = scale.unwrap_or(mean / factor);
                (format!("{{weibull: {{shape: {shape}, scale: {}}}}}", t(scale)), mean)
            }
            "lognormal" => {
                let by_cv = |cv: f64| libm::log1p(cv * cv).sqrt();
                let sigma = numbers.take(&["sigma"]).or_else(|| numbers.take(&["cv"]).map(by_cv))?;
                let half = libm::exp(sigma * sigma / 2.0);
                let mean = numbers.take(&["median"]).map(|median| median * half);
                let mean = mean.or_else(|| numbers.take_or_bare(&["mean"]))?;
                (format!("{{lognormal: {{mean: {}, sigma: {sigma}}}}}", t(mean)), mean)
            }
            "uniform" => {
                let min = numbers.take_or_bare(&["min"])?;
                let max = numbers.take_or_bare(&["max"])?;
                (format!("{{uniform: {{min: {}, max: {}}}}}", t(min), t(max)), (min + max) / 2.0)
            }
            _ => return None,
        };
        Some(Self { yaml, mean_h })
    }
}

/// An exponential law as the scenario writes it.
pub(super) fn exponential(clock: Clock, mean_h: f64) -> String {
    format!("{{exponential: {{mean: {}}}}}", clock.text(mean_h))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn spoken_laws_become_laws_of_the_language() {
        let table = [
            ("exponential repair mean 4 h", "{exponential: {mean: 4h}}", 4.0),
            ("exponential mean 20 h", "{exponential: {mean: 20h}}", 20.0),
            ("deterministic repair 4 h", "4h", 4.0),
            ("constant 30 min", "0.5h", 0.5),
            ("Erlang-2 repair mean 6 h", "{erlang: {stages: 2, mean: 6h}}", 6.0),
            ("gamma repair, shape 0.5, mean 4 h", "{gamma: {shape: 0.5, mean: 4h}}", 4.0),
            ("lognormal repair mean 4 h sigma 1.2", "{lognormal: {mean: 4h, sigma: 1.2}}", 4.0),
            ("uniform repair 2 h to 6 h", "{uniform: {min: 2h, max: 6h}}", 4.0),
            ("weibull shape 1 scale 1e1 h", "{weibull: {shape: 1, scale: 10h}}", 10.0),
        ];
        for (text, yaml, mean_h) in table {
            assert_eq!(SpokenLaw::parse(text, Clock::Hour).unwrap(), SpokenLaw { yaml: yaml.to_owned(), mean_h });
        }
        let cv = SpokenLaw::parse("gamma mean 8 h cv 2", Clock::Second).unwrap();
        assert_eq!(cv.yaml, "{gamma: {shape: 0.25, mean: 8s}}");
    }

    #[test]
    fn what_is_not_understood_whole_is_refused() {
        for text in
            ["", "quick", "exponential", "exponential mean 4 h or 5 h", "erlang 2", "zipf mean 3 h", "constant 0 h"]
        {
            assert!(SpokenLaw::parse(text, Clock::Hour).is_err(), "{text}");
        }
    }
}
