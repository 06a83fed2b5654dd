//! How numbers are written, in one place: terminal, figures and report say the same thing the same way.
//!
//! `±` is half the width of the confidence interval. Nothing that was estimated is ever shown as exactly 0 or 1.

use ninefold_models::results::Estimated;

const MINUTES_PER_YEAR: f64 = 525_600.0;

/// Units of time in hours, largest first, with the least number of hours from which they are used.
const TIME_UNITS: [(&str, f64, f64); 5] = [
    ("y", 8760.0, 8760.0),
    ("d", 24.0, 72.0),
    ("h", 1.0, 1.0),
    ("min", 1.0 / 60.0, 1.0 / 60.0),
    ("s", 1.0 / 3600.0, 0.0),
];

/// A probability or ratio with its error: `3.8e-4 ± 0.4e-4`; `< 2.9e-3` if nothing was seen.
pub fn ratio(e: &Estimated) -> String {
    if !e.value.is_finite() {
        return "unknown".to_owned();
    }
    if e.value <= 0.0 {
        return below(e.hi, |hi| significant(hi, 2));
    }
    if e.value >= 1.0 {
        return if e.lo < 1.0 { format!("> {}", near_one(e.lo)) } else { "≈ 1".to_owned() };
    }
    let shown = with_error(e.value, half_width(e));
    if e.value > 0.5 && shown.starts_with('1') { near_one(e.value) } else { shown }
}

/// The same in percent: `1.2 % ± 0.4 %`.
pub fn percent_with_error(e: &Estimated) -> String {
    if !e.value.is_finite() {
        return "unknown".to_owned();
    }
    if e.value <= 0.0 {
        return below(e.hi, |hi| format!("{} %", significant(100.0 * hi, 2)));
    }
    if e.value >= 1.0 {
        return if e.lo < 1.0 { format!("> {} %", significant(100.0 * e.lo, 3)) } else { "≈ 100 %".to_owned() };
    }
    let (value, half) = pair(100.0 * e.value, 100.0 * half_width(e), 0);
    if half.is_empty() { format!("{value} %") } else { format!("{value} % ± {half} %") }
}

/// A share without error: `61 %`, `5.2 %`, `< 0.1 %`.
pub fn percent(share: f64) -> String {
    match share {
        s if !s.is_finite() => "unknown".to_owned(),
        s if s >= 0.095 => format!("{:.0} %", 100.0 * s),
        s if s >= 0.0005 => format!("{:.1} %", 100.0 * s),
        _ => "< 0.1 %".to_owned(),
    }
}

/// A target such as `99.95 %`, without rounding noise.
pub fn target(ratio: f64) -> String {
    format!("{} %", trimmed(&format!("{:.8}", 100.0 * ratio)))
}

/// −log₁₀ of an unavailability: `3.4 nines`; a bound if nothing was seen.
pub fn nines(unavailability: &Estimated) -> String {
    let of = |u: f64| format!("{:.1} nines", -libm::log10(u));
    match unavailability.value {
        u if u > 0.0 && u < 1.0 => of(u),
        u if u <= 0.0 && unavailability.hi > 0.0 && unavailability.hi < 1.0 => format!("> {}", of(unavailability.hi)),
        u if u >= 1.0 => "0.0 nines".to_owned(),
        _ => "nines unknown".to_owned(),
    }
}

/// Downtime in minutes a year, in a fitting unit: `3.3 h/y`.
pub fn downtime(e: &Estimated) -> String {
    let hours = per_year_hours(e);
    if !(e.value > 0.0) {
        return below(hours.hi, |hi| format!("{}/y", duration(hi)));
    }
    format!("{}/y", duration(hours.value))
}

/// The same with its error: `3.3 ± 0.3 h/y`.
pub fn downtime_with_error(e: &Estimated) -> String {
    let hours = per_year_hours(e);
    if !(e.value > 0.0 && e.value.is_finite()) {
        return below(hours.hi, |hi| format!("{}/y", duration(hi)));
    }
    format!("{}/y", duration_with_error(&hours))
}

/// Minutes a year from an unavailability, for text that has no measured downtime beside it.
pub fn downtime_of(unavailability: &Estimated) -> Estimated {
    let scale = |u: f64| u * MINUTES_PER_YEAR;
    Estimated {
        value: scale(unavailability.value),
        standard_error: scale(unavailability.standard_error),
        lo: scale(unavailability.lo),
        hi: scale(unavailability.hi),
    }
}

/// A span of hours in a fitting unit, three digits at most: `42 min`, `3.3 h`, `89 d`.
pub fn duration(hours: f64) -> String {
    if !hours.is_finite() {
        return "unbounded".to_owned();
    }
    let (unit, size) = time_unit(hours);
    format!("{} {unit}", significant(hours / size, 2))
}

/// A span of hours with its error: `89 ± 4 d`.
pub fn duration_with_error(hours: &Estimated) -> String {
    if !(hours.value > 0.0 && hours.value.is_finite()) {
        return if hours.lo > 0.0 && hours.lo.is_finite() {
            format!("> {}", duration(hours.lo))
        } else {
            "none seen".to_owned()
        };
    }
    let (unit, size) = time_unit(hours.value);
    format!("{} {unit}", with_error(hours.value / size, half_width(hours) / size))
}

/// A yearly rate with its error: `4.1 ± 0.2`; `< 0.03` if nothing was seen.
pub fn rate_with_error(per_year: &Estimated) -> String {
    if per_year.value > 0.0 && per_year.value.is_finite() {
        with_error(per_year.value, half_width(per_year))
    } else {
        below(per_year.hi, |hi| significant(hi, 2))
    }
}

/// A number as a rate is shown; to three digits where it has no error: `4.12`.
pub fn number_with_error(number: &Estimated) -> String {
    let is_known = number.standard_error == 0.0 || number.value.is_infinite();
    if is_known { significant(number.value, 3) } else { rate_with_error(number) }
}

/// A yearly rate: `4.1`.
pub fn rate(per_year: &Estimated) -> String {
    if per_year.value > 0.0 { significant(per_year.value, 2) } else { below(per_year.hi, |hi| significant(hi, 2)) }
}

/// A difference with its sign and error: `+1.2e-4 ± 0.3e-4`.
pub fn difference(e: &Estimated) -> String {
    if !e.value.is_finite() {
        return "unknown".to_owned();
    }
    let sign = match e.value {
        v if v > 0.0 => "+",
        v if v < 0.0 => "−",
        _ if half_width(e) == 0.0 => return "0".to_owned(),
        _ => "",
    };
    format!("{sign}{}", with_error(e.value.abs(), half_width(e)))
}

/// A probability that was estimated, which never reads as certain: `97 %`, `99.7 %`, `> 99.9 %`.
pub fn confidence(p: f64) -> String {
    match p {
        p if p > 0.999 => "> 99.9 %".to_owned(),
        p if p > 0.99 => format!("{:.1} %", 100.0 * p),
        p => percent(p),
    }
}

/// Half the width of the interval.
pub fn half_width(e: &Estimated) -> f64 {
    (e.hi - e.lo) / 2.0
}

/// `digits` significant digits, scientific below 0.01 and from a million: `0.81`, `3.79e-4`, `2,136`.
pub fn significant(x: f64, digits: usize) -> String {
    if x.is_nan() {
        return "unknown".to_owned();
    }
    if x.is_infinite() {
        return "unbounded".to_owned();
    }
    if x == 0.0 {
        return "0".to_owned();
    }
    let more = digits.saturating_sub(1);
    let exponent = exponent_at(x, more);
    if !(-2..6).contains(&exponent) {
        return format!("{x:.more$e}");
    }
    let decimals = usize::try_from(more as i32 - exponent).unwrap_or(0);
    let text = format!("{x:.decimals$}");
    if exponent >= 3 { grouped_text(&text) } else { text }
}

/// A whole number with separators: `1,024`.
pub fn grouped(n: u64) -> String {
    grouped_text(&n.to_string())
}

/// How many there are of something: every digit while a float holds them all, else six.
pub fn count(n: f64) -> String {
    if (0.0..1e15).contains(&n) { grouped(n as u64) } else { significant(n, 6) }
}

/// A power of ten as typeset: `10⁻⁴`; 1 and 10 stay plain.
pub fn power_of_ten(exponent: i32) -> String {
    match exponent {
        0 => "1".to_owned(),
        1 => "10".to_owned(),
        _ => format!("10{}", exponent.to_string().chars().map(superscript).collect::<String>()),
    }
}

/// At most `most` characters, the last one an ellipsis where something is cut.
pub fn truncated(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

fn below(hi: f64, show: impl Fn(f64) -> String) -> String {
    if hi > 0.0 && hi.is_finite() { format!("< {}", show(hi)) } else { "none seen".to_owned() }
}

/// As many decimals as it takes not to read as 1.
fn near_one(x: f64) -> String {
    (2..17)
        .map(|decimals| format!("{x:.decimals$}"))
        .find(|text| !text.starts_with('1'))
        .unwrap_or_else(|| "≈ 1".to_owned())
}

fn per_year_hours(minutes: &Estimated) -> Estimated {
    Estimated {
        value: minutes.value / 60.0,
        standard_error: minutes.standard_error / 60.0,
        lo: minutes.lo / 60.0,
        hi: minutes.hi / 60.0,
    }
}

fn time_unit(hours: f64) -> (&'static str, f64) {
    let fits = TIME_UNITS.iter().find(|unit| hours >= unit.2).unwrap_or(&TIME_UNITS[TIME_UNITS.len() - 1]);
    (fits.0, fits.1)
}

/// Value and error with the same number of decimals, in scientific notation below 0.1 and from 100,000.
fn with_error(value: f64, half: f64) -> String {
    let known = half.is_finite() && half > 0.0;
    let exponent = exponent_at(if known { value.max(half) } else { value }, 1);
    let exponent = if (-1..5).contains(&exponent) { 0 } else { exponent };
    let (value, half) = pair(value, half, exponent);
    let suffix = if exponent == 0 { String::new() } else { format!("e{exponent}") };
    if half.is_empty() { format!("{value}{suffix}") } else { format!("{value}{suffix} ± {half}{suffix}") }
}

/// Mantissas of value and error at a decimal exponent. The error has one digit, two if it begins with 1 or 2; the value
/// keeps at least one digit. An unknown or vanishing error is empty.
fn pair(value: f64, half: f64, exponent: i32) -> (String, String) {
    // In two steps: 10^324 alone would overflow.
    let (first, second) = (exponent / 2, exponent - exponent / 2);
    let scaled = |x: f64| x * libm::pow(10.0, f64::from(-first)) * libm::pow(10.0, f64::from(-second));
    let least = (exponent - exponent_at(value, 1)).max(0);
    if !(half.is_finite() && half > 0.0) {
        // Three digits in all, and every digit of a whole number that has more.
        let decimals = usize::try_from(exponent - exponent_at(value, 1) + 2).unwrap_or(0);
        return (format!("{:.decimals$}", scaled(value)), String::new());
    }
    let leading = format!("{half:.1e}");
    let two = i32::from(leading.starts_with(['1', '2']));
    let decimals = (exponent - exponent_at(half, 1) + two).max(least).clamp(0, 12);
    let decimals = usize::try_from(decimals).unwrap_or(0);
    (format!("{:.decimals$}", scaled(value)), format!("{:.decimals$}", scaled(half)))
}

/// The decimal exponent of `x` when it is rounded to `decimals` decimals of its mantissa.
fn exponent_at(x: f64, decimals: usize) -> i32 {
    let text = format!("{x:.decimals$e}");
    text.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0)
}

fn trimmed(decimal: &str) -> &str {
    if decimal.contains('.') { decimal.trim_end_matches('0').trim_end_matches('.') } else { decimal }
}

fn grouped_text(text: &str) -> String {
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut out = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out + rest
}

const fn superscript(digit: char) -> char {
    match digit {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        _ => '⁰',
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn e(value: f64, half: f64) -> Estimated {
        Estimated { value, standard_error: half / 1.96, lo: value - half, hi: value + half }
    }

    #[test]
    fn no_probability_reads_as_certain() {
        let cases = [(1.0, "> 99.9 %"), (0.997, "99.7 %"), (0.5, "50 %"), (0.0001, "< 0.1 %"), (0.0, "< 0.1 %")];
        for (p, text) in cases {
            assert_eq!(confidence(p), text);
        }
    }

    #[test]
    fn counts_are_whole() {
        assert_eq!([0.0, 1.0, 12_345.0].map(count), ["0", "1", "12,345"]);
        assert_eq!(count(2.5e20), significant(2.5e20, 6));
    }

    #[test]
    fn differences_carry_sign_and_error() {
        assert_eq!(difference(&e(1.2e-4, 0.3e-4)), "+1.2e-4 ± 0.3e-4");
        assert_eq!(difference(&e(-12.0, 3.0)), "−12 ± 3");
        assert_eq!(difference(&e(0.0, 0.5)), "0.0 ± 0.5");
        assert_eq!(difference(&e(0.0, 0.0)), "0");
        assert_eq!(difference(&e(f64::NAN, 0.5)), "unknown");
    }

    #[test]
    fn ratios_carry_their_error_and_are_never_zero_or_one() {
        assert_eq!(ratio(&e(3.8e-4, 0.4e-4)), "3.8e-4 ± 0.4e-4");
        assert_eq!(ratio(&e(9.01e-3, 0.012e-3)), "9.010e-3 ± 0.012e-3");
        assert_eq!(ratio(&e(0.25, 0.03)), "0.25 ± 0.03");
        assert_eq!(ratio(&e(1.234e-9, 0.0)), "1.23e-9");
        assert_eq!(ratio(&Estimated { value: 0.0, standard_error: f64::NAN, lo: 0.0, hi: 2.9e-3 }), "< 2.9e-3");
        assert_eq!(ratio(&Estimated { value: 1.0, standard_error: 0.0, lo: 0.997, hi: 1.0 }), "> 0.997");
        assert_eq!(ratio(&e(0.999_96, 0.4)), "0.99996");
        assert_eq!(ratio(&e(f64::NAN, 0.4)), "unknown");
    }

    #[test]
    fn percents() {
        assert_eq!(percent(0.61), "61 %");
        assert_eq!(percent(0.052), "5.2 %");
        assert_eq!(percent(1e-9), "< 0.1 %");
        assert_eq!(percent_with_error(&e(0.012, 0.004)), "1.2 % ± 0.4 %");
        assert_eq!(percent_with_error(&Estimated { value: 0.0, standard_error: 0.0, lo: 0.0, hi: 0.003 }), "< 0.30 %");
        assert_eq!(target(0.9995), "99.95 %");
        assert_eq!(target(0.99999), "99.999 %");
    }

    #[test]
    fn times_take_the_unit_that_fits() {
        assert_eq!(downtime(&e(199.7, 20.0)), "3.3 h/y");
        assert_eq!(downtime_with_error(&e(199.7, 20.0)), "3.3 ± 0.3 h/y");
        assert_eq!(downtime(&e(0.5, 0.1)), "30 s/y");
        assert_eq!(duration(2136.0), "89 d");
        assert_eq!(duration(8760.0), "1.0 y");
        assert_eq!(duration_with_error(&e(0.5, 0.04)), "30.0 ± 2.4 min");
        let unseen = Estimated { value: f64::INFINITY, standard_error: f64::NAN, lo: 8000.0, hi: f64::INFINITY };
        assert_eq!(duration_with_error(&unseen), "> 333 d");
    }

    #[test]
    fn nines_and_plain_numbers() {
        assert_eq!(nines(&e(3.8e-4, 0.4e-4)), "3.4 nines");
        assert_eq!(nines(&Estimated { value: 0.0, standard_error: 0.0, lo: 0.0, hi: 1e-3 }), "> 3.0 nines");
        assert_eq!(significant(2136.4, 4), "2,136");
        assert_eq!(significant(3.788_6e-4, 3), "3.79e-4");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(power_of_ten(-4), "10⁻⁴");
        assert_eq!(truncated("a-very-long-name", 8), "a-very-…");
    }

    proptest! {
        #[test]
        fn no_ratio_reads_as_exactly_zero_or_one(exponent in -14.0..0.0_f64, relative in 0.0..4.0_f64) {
            let value = libm::pow(10.0, exponent).min(1.0 - 1e-12);
            let shown = ratio(&e(value, value * relative));
            let number = shown.split(' ').next().unwrap().parse::<f64>();
            prop_assert!(number.is_ok_and(|x| x > 0.0 && x < 1.0), "{value} {shown}");
        }

        #[test]
        fn the_shown_value_is_within_the_shown_error(exponent in -9.0..5.0_f64, relative in 0.001..0.5_f64) {
            let value = libm::pow(10.0, exponent);
            let shown = with_error(value, value * relative);
            let number: f64 = shown.split(' ').next().unwrap().parse().unwrap();
            prop_assert!((number - value).abs() <= 0.51 * value * relative.max(0.001), "{value} {shown}");
        }
    }
}
