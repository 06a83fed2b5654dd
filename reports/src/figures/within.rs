//! Which share of something is within a time: an empirical distribution over a logarithmic time axis, with the band of
//! Dvoretzky, Kiefer and Wolfowitz (Massart, *Ann. Probab.* 18 (1990)).

use super::axis::{Plot, Scale, heading, time_ticks};
use super::canvas::{Canvas, Face, Pen, Point};
use super::palette::Ink;
use crate::format;

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 420.0;

/// Points of a curve, at most.
const POINTS_MAX: usize = 200;

/// What is drawn.
pub(super) struct Within<'a> {
    pub(super) title: &'a str,
    /// Names of the axes.
    pub(super) x_name: &'a str,
    pub(super) y_name: &'a str,
    /// Name and ascending times in hours of at most two series, the first of which has some above 0.
    pub(super) series: &'a [(&'a str, &'a [f64])],
    /// Of so many the shares are.
    pub(super) all: usize,
    pub(super) confidence: f64,
}

impl Within<'_> {
    pub(super) fn draw(&self) -> Canvas {
        let mut canvas = Canvas::new(WIDTH, HEIGHT);
        let detail =
            format!("Bands hold the whole curve with {}; time is logarithmic", format::target(self.confidence));
        heading(&mut canvas, self.title, &detail);
        let plot = Plot { upper_left: (76.0, 92.0), lower_right: (WIDTH - 40.0, HEIGHT - 56.0) };
        let times = || self.series.iter().flat_map(|(_, sample)| sample.iter().copied());
        let greatest = times().fold(0.0, f64::max);
        let least = times().filter(|time| *time > 0.0).fold(greatest, f64::min);
        let (lo, hi) = (least.max(greatest * 1e-6), greatest.max(least * 1.5));
        let x = Scale::log((lo, hi), (plot.upper_left.0, plot.lower_right.0));
        let y = Scale::linear((0.0, 1.0), (plot.lower_right.1, plot.upper_left.1));
        for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
            plot.y_tick(&mut canvas, y.at(share), &format!("{} %", share * 100.0));
        }
        for (hours, label) in time_ticks(lo, hi) {
            plot.x_tick(&mut canvas, x.at(hours), label);
        }
        plot.y_name(&mut canvas, self.y_name);
        plot.x_name(&mut canvas, self.x_name);
        let face = Face::new(12.0, Ink::Text);
        for (series, (name, sample)) in self.series.iter().enumerate() {
            self.curve(&mut canvas, sample, (&x, &y, lo), series);
            if self.series.len() > 1 {
                let at = WIDTH - 80.0 - 110.0 * series as f64;
                canvas.text((at, 72.0), (*name).to_owned(), face);
                canvas.line(&[(at - 34.0, 72.0), (at - 8.0, 72.0)], pen(series));
            }
        }
        canvas
    }

    fn curve(&self, canvas: &mut Canvas, sample: &[f64], (x, y, lo): (&Scale, &Scale, f64), series: usize) {
        let half_width = (libm::log(2.0 / (1.0 - self.confidence)) / (2.0 * self.all as f64)).sqrt();
        let every = sample.len().div_ceil(POINTS_MAX).max(1);
        let points = |shift: f64| -> Vec<Point> {
            let ranked = sample.iter().enumerate().filter(|(rank, _)| rank % every == 0 || rank + 1 == sample.len());
            let share = |rank: usize| ((rank + 1) as f64 / self.all as f64 + shift).clamp(0.0, 1.0);
            ranked.map(|(rank, &time)| (x.at(time.max(lo)), y.at(share(rank)))).collect()
        };
        let mut band = points(half_width);
        band.extend(points(-half_width).into_iter().rev());
        canvas.area(band, Ink::Band(series));
        canvas.line(&points(0.0), pen(series));
    }
}

fn pen(series: usize) -> Pen {
    if series == 0 { Pen::solid(Ink::Series(0), 2.2) } else { Pen::dashed(Ink::Series(1), 2.2, 9.0, 4.0) }
}
