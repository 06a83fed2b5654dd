//! A demand in a CSV file: a column of seconds or instants, and one of values.

use ninefold_models::scaling::Tick;

/// Reads the two columns, by name or the first two; instants are counted from the first.
///
/// # Errors
/// What is wrong, and in which line.
pub(crate) fn read(text: &str, columns: (Option<&str>, Option<&str>)) -> Result<Vec<(Tick, f64)>, String> {
    if text.contains('"') {
        return Err("quoted fields are not supported yet".to_owned());
    }
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let (_, header) = lines.next().ok_or("it is empty")?;
    let header: Vec<&str> = header.trim_start_matches('\u{feff}').split(',').map(str::trim).collect();
    let place = |name: Option<&str>, silent: usize| match name {
        None => Ok(silent),
        Some(name) => {
            let found = header.iter().position(|column| *column == name);
            found.ok_or_else(|| format!("there is no column `{name}`; it has {}", header.join(", ")))
        }
    };
    let (time, value) = (place(columns.0, 0)?, place(columns.1, 1)?);
    let mut steps = Vec::new();
    let mut first = None;
    for (number, line) in lines {
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        let field = |place: usize| fields.get(place).copied().ok_or_else(|| format!("line {} is short", number + 1));
        let at = instant(field(time)?).ok_or_else(|| format!("line {}: `{}` is no time", number + 1, fields[time]))?;
        let value = field(value)?;
        let value = value.parse::<f64>().map_err(|_| format!("line {}: `{value}` is no number", number + 1))?;
        let start = *first.get_or_insert(if field(time)?.parse::<f64>().is_ok() { 0 } else { at });
        steps.push((Tick::new(at.saturating_sub(start)), value));
    }
    Ok(steps)
}

/// Nanoseconds: seconds as a number, or an instant.
fn instant(text: &str) -> Option<i64> {
    if let Ok(seconds) = text.parse::<f64>() {
        return (0.0..=1e9).contains(&seconds).then(|| (seconds * 1e9).round() as i64);
    }
    let spaced = text.replacen(' ', "T", 1);
    let instant = spaced.parse::<jiff::Timestamp>().or_else(|_| format!("{spaced}Z").parse());
    instant.ok().and_then(|instant| i64::try_from(instant.as_nanosecond()).ok())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_instants() {
        let of = |text, columns| read(text, columns).unwrap().into_iter().map(|(at, v)| (at.get() / 1_000_000_000, v));
        let steps: Vec<_> = of("s,x\n0,1\n60,2.5\n", (None, None)).collect();
        assert_eq!(steps, [(0, 1.0), (60, 2.5)]);
        let text = "n,timestamp,value\n1,2014-04-10 00:04:00,94\n2,2014-04-10 00:09:00,56\n";
        let steps: Vec<_> = of(text, (Some("timestamp"), Some("value"))).collect();
        assert_eq!(steps, [(0, 94.0), (300, 56.0)]);
        for wrong in ["", "a,b\nx,1\n", "a,b\n1\n", "a,b\n1,x\n", "a,b\n1,\"2\"\n"] {
            assert!(read(wrong, (None, None)).is_err(), "{wrong:?}");
        }
        assert!(read("a,b\n1,2\n", (None, Some("c"))).unwrap_err().contains("no column `c`"));
    }
}
