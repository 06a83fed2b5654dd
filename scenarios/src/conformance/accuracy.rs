//! How well a known value is known, as the case says it in words.

/// Relative errors coarser than this are not believed of a known value.
const COARSEST: f64 = 0.01;

/// Relative error that a value may have by a remark such as `6 digits`, `numerical integration, ~1e-8 relative`, `exact`;
/// by the digits that are written where the remark says nothing.
pub(super) fn relative_error(remark: &str, written: &str) -> f64 {
    let words: Vec<&str> = remark.split(|c: char| c.is_whitespace() || "(),;:~".contains(c)).collect();
    let digits = words.windows(2).find(|pair| matches!(pair[1], "digits" | "digits.")).map(|pair| pair[0]);
    if let Some(digits) = digits.and_then(|text| text.parse::<i32>().ok()).filter(|digits| (1..=17).contains(digits)) {
        return (5.0 * libm::exp10(f64::from(-digits))).min(COARSEST);
    }
    let powers = words.iter().filter(|word| word.starts_with("1e-")).filter_map(|word| word.parse::<f64>().ok());
    let power = powers.fold(0.0, f64::max);
    if power > 0.0 {
        return power.min(COARSEST);
    }
    if words.contains(&"exact") {
        // What is exact and is written with many digits was still rounded at the last of them.
        let written_out = written.contains('.') && (8..=15).contains(&significant(written).len());
        return if written_out { last_digit(written) } else { 0.0 };
    }
    last_digit(written).min(COARSEST)
}

/// Half a unit of the last digit, relative.
fn last_digit(written: &str) -> f64 {
    let value: f64 = significant(written).parse().unwrap_or(0.0);
    if value > 0.0 { 0.5 / value } else { 0.0 }
}

/// The digits of a number from the first that is not 0.
fn significant(written: &str) -> String {
    let mantissa = written.split(['e', 'E']).next().unwrap_or_default();
    let significant = mantissa.trim_start_matches(['-', '+', '0', '.']);
    significant.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::relative_error;

    #[test]
    fn remarks_of_the_cases() {
        let table = [
            ("closed form / exact linear algebra, ~1e-12 relative", "0.25", 1e-12),
            ("numerical integration, ~1e-8 relative", "0.9468737722944435", 1e-8),
            ("uniformization 1e-12", "0.9", 1e-12),
            ("1-exp(-T/MTTDL): start-up error below 1e-3 relative", "8.17e-05", 1e-3),
            ("truncation gave 9.30295e-6 / 9.313115e-6: 6 digits", "9.31312e-06", 5e-6),
            ("exact", "40", 0.0),
            ("exact; published 1.369", "1.3688629", 0.5 / 13_688_629.0),
            ("as printed", "163625.1", 0.5 / 1_636_251.0),
            ("", "4", 0.01),
        ];
        for (remark, written, expected) in table {
            let found = relative_error(remark, written);
            assert!((found - expected).abs() <= 1e-12 * expected, "{remark}: {found}");
        }
    }
}
