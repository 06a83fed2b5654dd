//! Paired differences of a comparison: a point with its interval for each entity, a panel for each measure.

use ninefold_models::compare::{ComparedRow, Comparison};

use super::Figure;
use super::axis::{Plot, Scale, heading, round_steps};
use super::canvas::{Align, Canvas, Face, Pen};
use super::palette::Ink;
use crate::format;
use crate::terminal::short;

const WIDTH: f64 = 760.0;
const LEFT: f64 = 170.0;
const RIGHT: f64 = WIDTH - 190.0;
const LANE: f64 = 26.0;
const LANES_MAX: usize = 12;
const AXIS: f64 = 74.0;

/// What is drawn, in this order: measure, quantile, name.
const PANELS: [(&str, Option<f64>, &str); 9] = [
    ("downtime", None, "downtime, min/year"),
    ("failure_rate", None, "outages a year"),
    ("recovery_time", None, "mean outage, h"),
    ("recovery_time", Some(0.95), "outage that 5 % are longer than, h"),
    ("recovery_point", None, "lost at a takeover, s"),
    ("recovery_point", Some(0.95), "loss that 5 % of takeovers exceed, s"),
    ("lost_writes", None, "writes lost, s/year"),
    ("rto_met", None, "share of outages within the objective; right of 0 B is better"),
    ("rpo_met", None, "share of losses within the objective; right of 0 B is better"),
];

/// The figure of a comparison; `None` if there is nothing to draw.
pub fn paired_differences(comparison: &Comparison) -> Option<Figure> {
    let drawn = |(measure, quantile, name): (&str, Option<f64>, &'static str)| {
        let known = |row: &&ComparedRow| row.delta.lo.is_finite() && row.delta.hi.is_finite();
        let of = |row: &&ComparedRow| row.measure == measure && row.quantile == quantile;
        let rows: Vec<_> = comparison.rows.iter().filter(of).filter(known).take(LANES_MAX).collect();
        (name, rows)
    };
    let panels: Vec<_> = PANELS.map(drawn).into_iter().filter(|(_, rows)| !rows.is_empty()).collect();
    let first = *panels.first()?.1.first()?;
    let name = format::truncated(short(&first.entity), 24);
    let title = format!("{name}: B − A is {} {}", format::difference(&first.delta), first.unit);
    let height = 66.0 + panels.iter().map(|(_, rows)| AXIS + LANE * rows.len() as f64).sum::<f64>();
    let mut canvas = Canvas::new(WIDTH, height);
    let replications = format::grouped(comparison.replications);
    heading(
        &mut canvas,
        &title,
        &format!("Point and interval of the paired difference in {replications} replications; left of 0 B is better"),
    );
    let mut top = 66.0;
    for (name, rows) in &panels {
        panel(&mut canvas, top, name, rows);
        top += AXIS + LANE * rows.len() as f64;
    }
    let told: Vec<String> =
        panels.iter().flat_map(|(name, rows)| rows.iter().map(move |row| words(name, row))).collect();
    let alt = format!("Paired differences, B − A: {}.", told.join("; "));
    let svg = canvas.into_svg(&title, &alt);
    Some(Figure { name: "paired_differences", svg, title, alt, table: Some("options_compare") })
}

fn words(name: &str, row: &ComparedRow) -> String {
    format!("{} {name} {}", short(&row.entity), format::difference(&row.delta))
}

fn panel(canvas: &mut Canvas, top: f64, name: &str, rows: &[&ComparedRow]) {
    let bottom = top + 22.0 + LANE * rows.len() as f64;
    let plot = Plot { upper_left: (LEFT, top + 18.0), lower_right: (RIGHT, bottom) };
    let ends = rows.iter().flat_map(|row| [row.delta.lo, row.delta.hi]);
    let reach = ends.map(f64::abs).fold(0.0, f64::max);
    // Where nothing differs the scale has no size of its own, and no mark but 0.
    let marks = round_steps(reach, 2.0);
    let reach = if reach > 0.0 { reach } else { 1.0 };
    let x = Scale::linear((-1.08 * reach, 1.08 * reach), (LEFT, RIGHT));
    canvas.text((LEFT - 146.0, top + 6.0), name, Face::new(13.0, Ink::Text).bold());
    for value in marks.iter().flat_map(|&mark| if mark > 0.0 { vec![-mark, mark] } else { vec![mark] }) {
        let sign = if value < 0.0 { "−" } else { "" };
        plot.x_tick(canvas, x.at(value), &format!("{sign}{}", format::significant(value.abs(), 2)));
    }
    canvas.line(&[(x.at(0.0), top + 14.0), (x.at(0.0), bottom)], Pen::solid(Ink::Text, 1.5));
    for (i, row) in rows.iter().enumerate() {
        let y = top + 18.0 + LANE * (i as f64 + 0.5);
        let label = format::truncated(short(&row.entity), 22);
        canvas.text((LEFT - 10.0, y), label, Face::new(12.5, Ink::Text).align(Align::Right));
        canvas.line(&[(x.at(row.delta.lo), y), (x.at(row.delta.hi), y)], Pen::solid(Ink::Series(0), 2.5));
        canvas.dot((x.at(row.delta.value), y), 4.5, Ink::Series(0));
        canvas.text((RIGHT + 12.0, y), format::difference(&row.delta), Face::new(12.0, Ink::Text));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use ninefold_models::results::Estimated;

    use super::*;
    use crate::toy_shop::estimated;

    fn comparison(delta: Estimated) -> Comparison {
        let row = |measure, quantile| ComparedRow {
            entity: "journeys.</svg><script>".into(),
            measure,
            unit: "min/year".into(),
            quantile,
            a: estimated(200.0, 0.1),
            b: estimated(150.0, 0.1),
            delta,
            p_b_better: 0.99,
            b_less: None,
            b_more: None,
        };
        let rows = vec![row("downtime", None), row("unavailability", None), row("recovery_time", Some(0.95))];
        Comparison { replications: 256, rows, verdicts: vec![], alone: [vec![], vec![]], reached: None }
    }

    #[test]
    fn each_measure_has_its_panel_and_names_stay_text() {
        let delta = Estimated { value: -50.0, standard_error: 10.0, lo: -70.0, hi: -30.0 };
        let figure = paired_differences(&comparison(delta)).unwrap();
        assert!(figure.svg.contains("downtime, min/year") && figure.svg.contains("5 % are longer"));
        assert!(!figure.svg.contains("<script") && !figure.svg.contains("NaN"));
        let nothing = Estimated { value: 0.0, standard_error: 0.0, lo: 0.0, hi: 0.0 };
        assert!(!paired_differences(&comparison(nothing)).unwrap().svg.contains("NaN"));
        let unknown = Estimated { value: -50.0, standard_error: f64::NAN, lo: f64::NEG_INFINITY, hi: f64::INFINITY };
        assert!(paired_differences(&comparison(unknown)).is_none());
    }

    #[test]
    fn the_table_has_two_rows_a_measure() {
        let delta = Estimated { value: -50.0, standard_error: 10.0, lo: -70.0, hi: -30.0 };
        let table = crate::tables::options_compare(&[comparison(delta)], &["A", "B"], None);
        assert_eq!(table.rows(), 6);
        assert_eq!(table.frame().unwrap().height(), 6);
        // A third one shares the rows of the first.
        let both = [comparison(delta), comparison(delta)];
        assert_eq!(crate::tables::options_compare(&both, &["A", "B", "C"], None).rows(), 9);
    }
}
