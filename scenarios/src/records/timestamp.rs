//! Instants as people write them, to seconds since 1970-01-01T00:00Z.
//!
//! Read are RFC 3339 and ISO 8601 with an offset or `Z`, the same without an offset (`2027-03-01 09:30`, taken as
//! UTC), plain dates, and US style (`3/1/2027 9:30`, month first, with two-digit years 69–99 for 1969–1999 and 00–68
//! for 2000–2068, with AM and PM). Local time without an offset is off by an hour across a change of the clocks.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

/// The instant, or nothing if the text is none of the forms above.
pub(super) fn parse(text: &str) -> Option<f64> {
    let text = text.trim();
    if text.contains('/') {
        return united_states(text).and_then(as_utc);
    }
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(seconds(instant));
    }
    if let Ok(civil) = text.parse::<DateTime>() {
        return as_utc(civil);
    }
    as_utc(text.parse::<Date>().ok()?.to_datetime(Time::midnight()))
}

fn as_utc(civil: DateTime) -> Option<f64> {
    Offset::UTC.to_timestamp(civil).ok().map(seconds)
}

fn seconds(instant: Timestamp) -> f64 {
    instant.as_second() as f64 + f64::from(instant.subsec_nanosecond()) * 1e-9
}

fn united_states(text: &str) -> Option<DateTime> {
    let mut words = text.split_ascii_whitespace();
    let mut date = words.next()?.split('/');
    let (month, day) = (number(date.next()?, 2)?, number(date.next()?, 2)?);
    let year = date.next()?;
    let year = match (year.len(), number(year, 4)?) {
        (2, short @ 69..) => 1900 + short,
        (2, short) => 2000 + short,
        (4, long) => long,
        _ => return None,
    };
    if date.next().is_some() {
        return None;
    }
    let time = match words.next() {
        None => Time::midnight(),
        Some(clock) => clock_time(clock, words.next())?,
    };
    if words.next().is_some() {
        return None;
    }
    Some(Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?.to_datetime(time))
}

fn clock_time(clock: &str, half: Option<&str>) -> Option<Time> {
    let mut parts = clock.split(':');
    let (hour, minute) = (number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let second = parts.next().map_or(Some(0), |s| number(s, 2))?;
    if parts.next().is_some() {
        return None;
    }
    let hour = match half.map(str::to_ascii_lowercase).as_deref() {
        None => hour,
        Some("am") if (1..=12).contains(&hour) => hour % 12,
        Some("pm") if (1..=12).contains(&hour) => hour % 12 + 12,
        Some(_) => return None,
    };
    Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, i8::try_from(second).ok()?, 0).ok()
}

fn number(text: &str, digits: usize) -> Option<i16> {
    let plain = !text.is_empty() && text.len() <= digits && text.bytes().all(|b| b.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_people_write() {
        let expected = Some(1_119_351_240.0); // 2005-06-21T10:54:00Z
        for text in [
            "2005-06-21T10:54:00Z",
            "2005-06-21T12:54:00+02:00",
            "2005-06-21 10:54:00Z",
            "2005-06-21T10:54:00",
            "2005-06-21 10:54",
            " 2005-06-21 10:54 ",
            "6/21/2005 10:54",
            "06/21/2005 10:54:00",
            "6/21/05 10:54",
            "6/21/2005 10:54 AM",
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
        assert_eq!(parse("1970-01-02"), Some(86_400.0));
        assert_eq!(parse("1/2/70"), Some(86_400.0));
        assert_eq!(parse("1/2/1970 12:00 PM"), Some(86_400.0 + 43_200.0));
        assert_eq!(parse("1970-01-01T00:00:00.25Z"), Some(0.25));
    }

    #[test]
    fn what_is_no_instant_is_not_guessed_at() {
        for text in [
            "",
            "soon",
            "21/6/2005 10:54",
            "6/21/205",
            "6/21",
            "6/21/2005 25:00",
            "2005-13-01",
            "6/21/2005 1:2:3:4",
            "12",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
