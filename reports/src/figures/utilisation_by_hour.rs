//! How busy a scaled component is, by day and hour of the week.

use ninefold_models::results::CapacityRow;

use super::Figure;
use super::axis::heading;
use super::canvas::{Align, Canvas, Face};
use super::palette::Ink;
use crate::format;
use crate::input::ReportInput;

const WIDTH: f64 = 760.0;
const LEFT: f64 = 76.0;
const TOP: f64 = 84.0;
const CELL: (f64, f64) = (27.0, 26.0);
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const LABEL: Face = Face::new(11.5, Ink::Faint);

/// Hours in a week.
const WEEK: usize = 168;

/// From which utilisation on a cell has which colour.
const SHADES: [(f64, Ink); 4] = [(0.0, Ink::Box), (0.4, Ink::Band(0)), (0.6, Ink::Band(1)), (0.8, Ink::Series(1))];

pub(super) fn figure(input: &ReportInput<'_>) -> Option<Figure> {
    let rows = input
        .results
        .capacity
        .chunk_by(|a, b| a.entity == b.entity)
        .max_by(|a, b| busiest(a).total_cmp(&busiest(b)))?;
    let first = begins(&input.about.start)?;
    let week = by_hour(rows, first)?;
    let (hour, most) = (0..WEEK).map(|hour| (hour, week[hour])).max_by(|a, b| a.1.total_cmp(&b.1))?;
    let name = format::truncated(crate::terminal::short(&rows[0].entity), 30);
    let at = format!("{} {:02}:00", DAYS[hour / 24], hour % 24);
    let title = format!("{name} is busiest on {at}: {} of its capacity is used", format::percent(most));
    let busy = week.iter().filter(|used| **used >= 0.8).count();
    let alt = format!(
        "Demand ÷ capacity of {name} by hour of the week: at most {} on {at}; {busy} of {WEEK} hours are at 80 % or more, and \
         the least is {}.",
        format::percent(most),
        format::percent(week.iter().copied().fold(f64::INFINITY, f64::min))
    );
    let mut canvas = Canvas::new(WIDTH, TOP + 7.0 * CELL.1 + 46.0);
    let below = "Demand ÷ capacity in percent, means of the replications; hours at the offset from UTC of the start";
    heading(&mut canvas, &title, below);
    for (hour, used) in week.iter().enumerate() {
        let corner = (LEFT + (hour % 24) as f64 * CELL.0, TOP + (hour / 24) as f64 * CELL.1);
        let shade = SHADES.iter().rev().find(|(from, _)| used >= from).map_or(Ink::Box, |shade| shade.1);
        canvas.rect((corner.0 + 0.5, corner.1 + 0.5), (corner.0 + CELL.0 - 0.5, corner.1 + CELL.1 - 0.5), shade);
        let ink = if shade == SHADES[3].1 { Ink::Paper } else { Ink::Text };
        let centre = (corner.0 + CELL.0 / 2.0, corner.1 + CELL.1 / 2.0);
        canvas.text(centre, format!("{:.0}", 100.0 * used), Face::new(10.5, ink).align(Align::Centre));
    }
    for (day, name) in DAYS.iter().enumerate() {
        canvas.text((LEFT - 10.0, TOP + (day as f64 + 0.5) * CELL.1), *name, LABEL.align(Align::Right));
    }
    for hour in (0..24).step_by(3) {
        let at = (LEFT + (f64::from(hour) + 0.5) * CELL.0, TOP + 7.0 * CELL.1 + 14.0);
        canvas.text(at, format!("{hour:02}"), LABEL.align(Align::Centre));
    }
    let svg = canvas.into_svg(&title, &alt);
    Some(Figure { name: "utilisation_by_hour", svg, title, alt, table: Some("capacity_timeseries") })
}

fn busiest(rows: &[CapacityRow]) -> f64 {
    rows.iter().map(|row| row.demand.value / row.capacity.value.max(1e-9)).fold(0.0, f64::max)
}

/// The hour of the week at which the calendar starts, Monday 0:00 is 0.
fn begins(start: &str) -> Option<f64> {
    let number = |from: usize, to: usize| start.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    // Days since 0000-03-01, by Fliegel and Van Flandern (1968) with years that begin in March.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * y + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400) + (153 * m + 2) / 5 + day - 1;
    // That day was a Wednesday.
    let weekday = (days + 2).rem_euclid(7);
    Some((weekday * 24 + number(11, 13)?) as f64 + number(14, 16)? as f64 / 60.0)
}

/// Used ÷ capacity by hour of the week; `None` where parts are longer than an hour, or some hour has none.
fn by_hour(rows: &[CapacityRow], first: f64) -> Option<[f64; WEEK]> {
    let (mut demand, mut capacity) = ([0.0; WEEK], [0.0; WEEK]);
    for row in rows.iter().filter(|row| row.span_h > 0.0) {
        if row.span_h > 1.0 + 1e-9 {
            return None;
        }
        // A part that two hours share belongs to the one that holds its middle.
        let hour = (first + row.at_h + row.span_h / 2.0) as usize % WEEK;
        demand[hour] += row.demand.value * row.span_h;
        capacity[hour] += row.capacity.value * row.span_h;
    }
    let mut used = [0.0; WEEK];
    for (used, (demand, capacity)) in used.iter_mut().zip(demand.iter().zip(&capacity)) {
        *used = (*capacity > 0.0).then(|| demand / capacity)?;
    }
    Some(used)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toy_shop::ToyShop;

    #[test]
    fn weeks_begin_on_monday() {
        for (start, hour) in [
            ("2027-01-01T00:00:00+00:00[UTC]", 96.0),
            ("2024-02-29T06:30:00+01:00[Europe/Berlin]", 78.5),
            ("2000-01-03T00:00:00+00:00[UTC]", 0.0),
            ("1970-01-01T00:00:00+00:00[UTC]", 72.0),
        ] {
            assert_eq!(begins(start), Some(hour), "{start}");
        }
    }

    #[test]
    fn two_weeks_of_hours_make_a_week() {
        let mut shop = ToyShop::new();
        let row = shop.results.capacity[0].clone();
        let hours = (0..2 * WEEK).map(|hour| {
            let mut row = row.clone();
            (row.at_h, row.span_h, row.capacity.value) = (hour as f64, 1.0, 100.0);
            // Fridays at noon of the two weeks.
            row.demand.value = if hour == 12 {
                95.0
            } else if hour == 180 {
                85.0
            } else {
                30.0
            };
            row
        });
        shop.results.capacity = hours.collect();
        let drawn = figure(&shop.input());
        assert_eq!(
            drawn.map(|of| of.title),
            Some("web is busiest on Fri 12:00: 90 % of its capacity is used".to_owned())
        );
        shop.results.capacity.truncate(100);
        assert!(figure(&shop.input()).is_none(), "some hours of the week were not seen");
    }
}
