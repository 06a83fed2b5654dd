//! The figure of cost as work grows: two panels over components, one over the share of coupled components.

use std::error::Error;
use std::path::Path;

use plotters::coord::Shift;
use plotters::prelude::*;

/// A measured row: what was varied, the value of it, nanoseconds a transition, peak memory in MiB.
pub(crate) type Row = (&'static str, f64, f64, f64);

const SIZE: (u32, u32) = (960, 320);
const COLOUR: RGBColor = RGBColor(0x33, 0x66, 0x99);

/// Writes the figure as SVG.
pub(crate) fn write(path: &Path, rows: &[Row]) -> Result<(), Box<dyn Error>> {
    let root = SVGBackend::new(path, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let panels = root.split_evenly((1, 3));
    let of = |varied: &str, y: fn(&Row) -> f64| -> Vec<(f64, f64)> {
        rows.iter().filter(|row| row.0 == varied).map(|row| (row.1, y(row))).collect()
    };
    panel(&panels[0], "ns a transition, by components", &of("components", |row| row.2), true)?;
    panel(&panels[1], "peak memory in MiB, by components", &of("components", |row| row.3), true)?;
    panel(&panels[2], "ns a transition, by % of components coupled", &of("coupled", |row| row.2), false)?;
    Ok(root.present()?)
}

type Panel<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// One line with its points; both axes logarithmic, or the first one plain.
fn panel(area: &Panel<'_>, title: &str, points: &[(f64, f64)], log: bool) -> Result<(), Box<dyn Error>> {
    let range = |of: fn(&(f64, f64)) -> f64| {
        let (least, most) = points.iter().map(of).fold((f64::MAX, 0.0f64), |(a, b), x| (a.min(x), b.max(x)));
        least..most
    };
    let (x, y) = (range(|point| point.0), range(|point| point.1));
    let mut builder = ChartBuilder::on(area);
    builder.caption(title, ("sans-serif", 14)).margin(10).x_label_area_size(28).y_label_area_size(48);
    let y = y.start * 0.7..y.end * 1.4;
    if log {
        let mut chart = builder.build_cartesian_2d(x.log_scale(), y.log_scale())?;
        chart.configure_mesh().light_line_style(TRANSPARENT).x_labels(5).y_labels(5).draw()?;
        chart.draw_series(LineSeries::new(points.iter().copied(), COLOUR.stroke_width(2)))?;
        chart.draw_series(points.iter().map(|&point| Circle::new(point, 3, COLOUR.filled())))?;
    } else {
        let mut chart = builder.build_cartesian_2d(x, y.log_scale())?;
        chart.configure_mesh().light_line_style(TRANSPARENT).x_labels(5).y_labels(5).draw()?;
        chart.draw_series(LineSeries::new(points.iter().copied(), COLOUR.stroke_width(2)))?;
        chart.draw_series(points.iter().map(|&point| Circle::new(point, 3, COLOUR.filled())))?;
    }
    Ok(())
}
