//! Fit of laws to values: how many last longer, as observed and by each family.

use ninefold_models::fit::{Fit, Ranking, Sample, product_limit};
use ninefold_models::units::Hours;

use super::Figure;
use super::axis::{Plot, Scale, decades, heading, time_ticks};
use super::canvas::{Canvas, Face, Pen, Point};
use super::palette::Ink;
use crate::format;

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 440.0;

/// Observed points that are drawn; more would lie on each other.
const DOTS_MAX: usize = 250;

/// Points of a curve.
const CURVE_POINTS: u32 = 160;

/// Draws the values and every fitted family; `unit` is the length of the values' unit, `what` names them.
/// None if all values are equal.
pub fn fit_figure(what: &str, sample: &Sample, ranking: &Ranking, unit: Hours) -> Option<Figure> {
    let steps: Vec<Point> = product_limit(sample).iter().map(|s| (s.value * unit.get(), s.survival)).collect();
    let (lo, hi) = (steps.first()?.0, steps.last()?.0);
    if lo >= hi {
        return None;
    }
    let best = ranking.best();
    let name = format::truncated(what, 32);
    let title = format!("{name}: {} fits best of {}", best.family.name(), ranking.fits.len());
    let alt = alt(what, ranking);
    let mut canvas = Canvas::new(WIDTH, HEIGHT);
    let count = format::grouped(sample.len() as u64);
    let below = format!("{count} values, {} of them censored; dots are observed", sample.censored().len());
    heading(&mut canvas, &title, &below);
    let plot = Plot { upper_left: (76.0, 92.0), lower_right: (WIDTH - 200.0, HEIGHT - 56.0) };
    let least = steps.iter().map(|s| s.1).filter(|p| *p > 0.0).fold(0.1, f64::min).max(1e-6);
    let x = Scale::log((lo, hi), (plot.upper_left.0, plot.lower_right.0));
    let y = Scale::log((least, 1.0), (plot.lower_right.1, plot.upper_left.1));
    axes(&mut canvas, &plot, (&x, &y), (lo, hi, least));
    for (i, fit) in ranking.fits.iter().enumerate().rev() {
        let points = curve(fit, (lo, hi), unit, least);
        let points: Vec<Point> = points.into_iter().map(|(v, p)| (x.at(v), y.at(p))).collect();
        canvas.line(&points, pen(i));
    }
    for (value, survival) in thinned(&steps).filter(|s| s.1 > 0.0) {
        canvas.dot((x.at(value), y.at(survival)), 2.0, Ink::Text);
    }
    legend(&mut canvas, ranking, plot.lower_right.0 + 20.0);
    Some(Figure { name: "fit", svg: canvas.into_svg(&title, &alt), title, alt, table: Some("fits") })
}

fn axes(canvas: &mut Canvas, plot: &Plot, (x, y): (&Scale, &Scale), (lo, hi, least): (f64, f64, f64)) {
    for exponent in decades(least, 1.0, 7) {
        plot.y_tick(canvas, y.at(libm::pow(10.0, f64::from(exponent))), &format::power_of_ten(exponent));
    }
    for (hours, label) in time_ticks(lo, hi) {
        plot.x_tick(canvas, x.at(hours), label);
    }
    plot.y_name(canvas, "share that lasts longer (1)");
    plot.x_name(canvas, "duration");
}

/// The family's survival between the least and the greatest value, until it leaves the picture.
fn curve(fit: &Fit, (lo, hi): (f64, f64), unit: Hours, least: f64) -> Vec<Point> {
    let ratio = libm::log(hi / lo);
    let at = |i: u32| lo * libm::exp(ratio * f64::from(i) / f64::from(CURVE_POINTS));
    (0..=CURVE_POINTS)
        .map(|i| (at(i), fit.model.both_sides(at(i) / unit.get()).1))
        .take_while(|(_, survival)| *survival >= least)
        .collect()
}

/// Steps that are evenly spread over the logarithm of their survival: the tail is where laws differ.
fn thinned(steps: &[Point]) -> impl Iterator<Item = Point> {
    let mut kept: Vec<Point> = Vec::new();
    let gap = 14.0 / DOTS_MAX as f64;
    for step in steps {
        let far =
            kept.last().is_none_or(|last| libm::log(last.1 / step.1.max(1e-12)) + libm::log(step.0 / last.0) > gap);
        if far {
            kept.push(*step);
        }
    }
    kept.into_iter()
}

/// Best first; dashes tell the families apart as well as colour.
fn pen(place: usize) -> Pen {
    let ink = Ink::Series(place);
    match place {
        0 => Pen::solid(ink, 2.6),
        1 => Pen::dashed(ink, 1.8, 9.0, 4.0),
        2 => Pen::dashed(ink, 1.8, 3.0, 3.0),
        _ => Pen::dashed(ink, 1.8, 14.0, 6.0),
    }
}

fn legend(canvas: &mut Canvas, ranking: &Ranking, x: f64) {
    for (i, fit) in ranking.fits.iter().enumerate() {
        let y = 104.0 + 42.0 * i as f64;
        canvas.line(&[(x, y), (x + 28.0, y)], pen(i));
        canvas.text((x + 36.0, y), fit.family.name(), Face::new(12.5, Ink::Text));
        let worse = fit.aic - ranking.best().aic;
        let note = if i == 0 { String::from("least AIC") } else { format!("AIC + {}", format::significant(worse, 3)) };
        canvas.text((x + 36.0, y + 16.0), note, Face::new(11.0, Ink::Faint));
    }
}

fn alt(what: &str, ranking: &Ranking) -> String {
    let parts: Vec<_> = ranking
        .fits
        .iter()
        .map(|f| format!("{} (distance {})", f.family.name(), format::significant(f.goodness.ks, 2)))
        .collect();
    format!(
        "Share of {what} that lasts longer than a duration, both axes logarithmic, observed and fitted by: {}.",
        parts.join(", ")
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use ninefold_models::fit::{Observation, fit_all};

    use super::*;

    #[test]
    fn a_fit_is_drawn_with_every_family() {
        let value = |i: u32| Observation::complete(libm::exp(f64::from(i % 37) / 9.0 + f64::from(i % 11) / 5.0));
        let sample = Sample::new(&(0..400).map(value).collect::<Vec<_>>()).unwrap();
        let ranking = fit_all(&sample).unwrap();
        let figure = fit_figure("outages.minutes", &sample, &ranking, Hours::from_minutes(1.0)).unwrap();
        assert!(figure.title.contains(ranking.best().family.name()));
        for fit in &ranking.fits {
            assert!(figure.svg.contains(fit.family.name()));
        }
        assert!(!figure.svg.contains("NaN"));
        if let Some(dir) = std::env::var_os("GALLERY") {
            std::fs::write(std::path::Path::new(&dir).join("fit.svg"), &figure.svg).unwrap();
        }
    }
}
