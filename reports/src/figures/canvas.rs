//! The drawing surface: lines, boxes and text in pixels, written as SVG by plotters.
//!
//! This is the only file that knows plotters. Its coordinates are whole numbers, so the surface is drawn ten times
//! larger than it is shown.

use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle, IntoFont, RGBColor, ShapeStyle, TextStyle};

use super::palette::{Ink, style};

const SCALE: f64 = 10.0;
const FONT: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif";

/// plotters writes font sizes divided by this.
const FONT_FACTOR: f64 = 1.24;

/// A point in pixels from the upper left corner.
pub(super) type Point = (f64, f64);

/// Where a text sits on its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Centre,
    Right,
}

/// How a text looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Face {
    pub(super) size: f64,
    pub(super) ink: Ink,
    pub(super) bold: bool,
    pub(super) align: Align,
}

impl Face {
    /// Upright text at the left of its point.
    pub(super) const fn new(size: f64, ink: Ink) -> Self {
        Self { size, ink, bold: false, align: Align::Left }
    }

    pub(super) const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(super) const fn align(self, align: Align) -> Self {
        Self { align, ..self }
    }

    /// A guess at the width of a text in this face, on the wide side for most fonts.
    pub(super) fn width(&self, text: &str) -> f64 {
        let em = if self.bold { 0.60 } else { 0.56 };
        text.chars().count() as f64 * self.size * em
    }
}

/// How a line looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pen {
    pub(super) ink: Ink,
    pub(super) width: f64,
    /// Lengths of dash and gap; `None` is a solid line.
    pub(super) dash: Option<(f64, f64)>,
}

impl Pen {
    pub(super) const fn solid(ink: Ink, width: f64) -> Self {
        Self { ink, width, dash: None }
    }

    pub(super) const fn dashed(ink: Ink, width: f64, dash: f64, gap: f64) -> Self {
        Self { ink, width, dash: Some((dash, gap)) }
    }
}

/// A surface of so many pixels. Drawing into memory cannot fail.
pub(super) struct Canvas {
    width: f64,
    height: f64,
    marks: Vec<Mark>,
}

/// What has been drawn, in order.
enum Mark {
    Rect(Point, Point, Ink),
    Line(Vec<Point>, Pen),
    Area(Vec<Point>, Ink),
    Dot(Point, f64, Ink),
    Text(Point, String, Face),
}

impl Canvas {
    /// An empty surface on paper.
    pub(super) fn new(width: f64, height: f64) -> Self {
        let mut canvas = Self { width, height, marks: Vec::new() };
        canvas.rect((0.0, 0.0), (width, height), Ink::Paper);
        canvas
    }

    pub(super) fn rect(&mut self, upper_left: Point, lower_right: Point, ink: Ink) {
        self.marks.push(Mark::Rect(upper_left, lower_right, ink));
    }

    /// A filled box with an outline.
    pub(super) fn frame(&mut self, upper_left: Point, lower_right: Point, fill: Ink, pen: Pen) {
        self.rect(upper_left, lower_right, fill);
        let ((x0, y0), (x1, y1)) = (upper_left, lower_right);
        self.line(&[(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)], pen);
    }

    pub(super) fn line(&mut self, points: &[Point], pen: Pen) {
        self.marks.push(Mark::Line(points.to_vec(), pen));
    }

    pub(super) fn area(&mut self, points: Vec<Point>, ink: Ink) {
        self.marks.push(Mark::Area(points, ink));
    }

    pub(super) fn dot(&mut self, at: Point, radius: f64, ink: Ink) {
        self.marks.push(Mark::Dot(at, radius, ink));
    }

    /// Text whose vertical middle is at the point.
    pub(super) fn text(&mut self, at: Point, text: impl Into<String>, face: Face) {
        self.marks.push(Mark::Text(at, text.into(), face));
    }

    /// The SVG document with its title and alternative text.
    pub(super) fn into_svg(self, title: &str, alt: &str) -> String {
        let mut drawn = String::new();
        {
            let size = ((self.width * SCALE) as u32, (self.height * SCALE) as u32);
            let mut backend = SVGBackend::with_string(&mut drawn, size);
            for mark in &self.marks {
                draw(&mut backend, mark);
            }
            backend.present().expect("bug: drawing into memory failed");
        }
        let body = drawn.split_once('>').map_or("", |(_, body)| body);
        let (w, h) = (self.width, self.height);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"nf\" role=\"img\" width=\"{w}\" height=\"{h}\" \
             viewBox=\"0 0 {} {}\" aria-label=\"{}\"><title>{}</title><desc>{}</desc>{}{body}",
            w * SCALE,
            h * SCALE,
            escaped(alt),
            escaped(title),
            escaped(alt),
            style(),
        )
    }
}

fn draw(backend: &mut SVGBackend<'_>, mark: &Mark) {
    let drawn = match mark {
        Mark::Rect(a, b, ink) => backend.draw_rect(whole(*a), whole(*b), &stroke(*ink, 1.0), true),
        Mark::Area(points, ink) => backend.fill_polygon(points.iter().map(|p| whole(*p)), &stroke(*ink, 1.0)),
        Mark::Dot(at, radius, ink) => {
            backend.draw_circle(whole(*at), (radius * SCALE) as u32, &stroke(*ink, 1.0), true)
        }
        Mark::Line(points, pen) => {
            let style = stroke(pen.ink, pen.width);
            dashes(points, pen.dash)
                .iter()
                .try_for_each(|part| backend.draw_path(part.iter().map(|p| whole(*p)), &style))
        }
        Mark::Text(at, text, face) => backend.draw_text(text, &text_style(*face), whole(*at)),
    };
    drawn.expect("bug: drawing into memory failed");
}

fn whole(p: Point) -> (i32, i32) {
    ((p.0 * SCALE).round() as i32, (p.1 * SCALE).round() as i32)
}

fn colour(ink: Ink) -> RGBColor {
    let (r, g, b) = ink.light();
    RGBColor(r, g, b)
}

fn stroke(ink: Ink, width: f64) -> ShapeStyle {
    ShapeStyle { color: colour(ink).to_rgba(), filled: true, stroke_width: (width * SCALE) as u32 }
}

fn text_style(face: Face) -> TextStyle<'static> {
    let weight = if face.bold { FontStyle::Bold } else { FontStyle::Normal };
    let h_pos = match face.align {
        Align::Left => HPos::Left,
        Align::Centre => HPos::Center,
        Align::Right => HPos::Right,
    };
    let font = (FONT, face.size * SCALE * FONT_FACTOR).into_font().style(weight);
    let ink = colour(face.ink);
    let mut text = TextStyle::from(font).pos(Pos::new(h_pos, VPos::Center));
    text.color = ink.to_backend_color();
    text
}

/// A line as its visible parts; the pattern runs on over the corners.
fn dashes(points: &[Point], dash: Option<(f64, f64)>) -> Vec<Vec<Point>> {
    let Some((dash, gap)) = dash else { return vec![points.to_vec()] };
    let mut parts = Vec::new();
    let mut part: Vec<Point> = points.first().copied().into_iter().collect();
    let (mut visible, mut left) = (true, dash);
    for pair in points.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        let mut length = libm::hypot(to.0 - from.0, to.1 - from.1);
        while length > left {
            from = (from.0 + (to.0 - from.0) * left / length, from.1 + (to.1 - from.1) * left / length);
            length -= left;
            if visible {
                part.push(from);
                parts.push(std::mem::take(&mut part));
            } else {
                part.push(from);
            }
            visible = !visible;
            left = if visible { dash } else { gap };
        }
        left -= length;
        if visible {
            part.push(to);
        }
    }
    if part.len() > 1 {
        parts.push(part);
    }
    parts
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_run_on_over_corners() {
        let parts = dashes(&[(0.0, 0.0), (3.0, 0.0), (3.0, 3.0)], Some((2.0, 2.0)));
        assert_eq!(parts, [vec![(0.0, 0.0), (2.0, 0.0)], vec![(3.0, 1.0), (3.0, 3.0)]]);
        let fine: Vec<Point> = (0..=95).map(|i| (f64::from(i) * 0.1, 0.0)).collect();
        assert_eq!(dashes(&fine, Some((3.0, 2.0))).len(), 2);
    }
}
