//! Instants and time zones. The zone data is bundled, so that answers do not depend on the machine.

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, Zoned};

use super::Refusal;
use crate::diagnostic::Code;

/// An instant as written: absolute, or a local time that needs a zone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Start {
    Instant(Timestamp),
    Local(DateTime),
}

impl Start {
    /// The instant in `zone`.
    pub(crate) fn in_zone(self, zone: &TimeZone) -> Result<Zoned, Refusal> {
        let local = match self {
            Self::Instant(instant) => return Ok(instant.to_zoned(zone.clone())),
            Self::Local(local) => local,
        };
        let name = zone.iana_name().unwrap_or("UTC");
        let ambiguous = zone.to_ambiguous_timestamp(local);
        match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { .. } => {}
            AmbiguousOffset::Gap { after, .. } => {
                return Err(Refusal::new(Code::LocalTimeGap, format!("{local} does not exist in {name}"))
                    .why("the clocks are put forward over it on that day")
                    .hint(format!(
                        "choose a time an hour earlier or later, or give the offset, as in `{local}{after}`"
                    )));
            }
            AmbiguousOffset::Fold { before, after } => {
                return Err(Refusal::new(Code::LocalTimeTwice, format!("{local} happens twice in {name}"))
                    .why("the clocks are put back over it on that day")
                    .hint(format!("give the offset: `{local}{before}` or `{local}{after}`")));
            }
        }
        match ambiguous.compatible() {
            Ok(instant) => Ok(instant.to_zoned(zone.clone())),
            Err(_) => Err(unreadable(&local.to_string())),
        }
    }
}

/// `2027-01-01T00:00:00Z`, with an offset, local (`2027-01-01T09:00`) or a date alone (its midnight).
pub(crate) fn start(text: &str) -> Result<Start, Refusal> {
    let read = if let Ok(instant) = text.parse::<Timestamp>() {
        Start::Instant(instant)
    } else if let Ok(local) = text.parse::<DateTime>() {
        Start::Local(local)
    } else if let Ok(date) = text.parse::<Date>() {
        Start::Local(date.at(0, 0, 0, 0))
    } else {
        return Err(unreadable(text));
    };
    let year = match read {
        Start::Instant(instant) => instant.to_zoned(TimeZone::UTC).year(),
        Start::Local(local) => local.year(),
    };
    if !(YEARS.0..=YEARS.1).contains(&year) {
        return Err(Refusal::new(Code::Range, format!("the year {year} is outside {} to {}", YEARS.0, YEARS.1))
            .hint("begin in a year the calendar covers"));
    }
    Ok(read)
}

/// With a horizon of 200 years, every instant stays within what the zone data can tell.
const YEARS: (i16, i16) = (1900, 2500);

/// An IANA zone, from the bundled data.
pub(crate) fn zone(text: &str) -> Result<TimeZone, Refusal> {
    if text == "UTC" {
        return Ok(TimeZone::UTC);
    }
    jiff::tz::TimeZoneDatabase::bundled().get(text).map_err(|_| {
        Refusal::new(Code::Zone, format!("`{text}` is not an IANA time zone"))
            .why("an abbreviation such as `CET` or `EST` leaves out the rules for summer time")
            .hint("write `UTC`, or a name such as `Europe/Berlin` or `America/New_York`")
    })
}

fn unreadable(text: &str) -> Refusal {
    Refusal::new(Code::Instant, format!("`{text}` is not an instant"))
        .hint("write `2027-01-01T00:00:00Z`, or `2027-01-01` for midnight in the calendar's zone")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn reads_instants() {
        let berlin = zone("Europe/Berlin").unwrap();
        let at = |text: &str| start(text).and_then(|s| s.in_zone(&berlin)).map(|z| z.timestamp().to_string());
        assert_eq!(at("2027-01-01T00:00:00Z").unwrap(), "2027-01-01T00:00:00Z");
        assert_eq!(at("2027-01-01T00:00:00+01:00").unwrap(), "2026-12-31T23:00:00Z");
        assert_eq!(at("2027-07-01").unwrap(), "2027-06-30T22:00:00Z");
        assert_eq!(at("2027-03-28T02:30:00").unwrap_err().code, Code::LocalTimeGap);
        assert_eq!(at("2027-10-31T02:30:00").unwrap_err().code, Code::LocalTimeTwice);
        assert_eq!(at("tomorrow").unwrap_err().code, Code::Instant);
        assert_eq!(at("0200-01-01").unwrap_err().code, Code::Range);
        assert_eq!(zone("Europe/Berlim").unwrap_err().code, Code::Zone);
    }
}
