//! Colours, each as a pair for light and dark ground. The series colours are Okabe and Ito's, told apart by people
//! with any of the common kinds of colour blindness, lightened on dark ground; no figure tells by colour alone.

/// A colour by its use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    /// The ground.
    Paper,
    /// Titles and names.
    Text,
    /// Tick labels and notes.
    Faint,
    /// Grid lines.
    Grid,
    /// Box of an outer domain.
    Box,
    /// Box of a component.
    Card,
    /// Outline of boxes.
    Edge,
    /// Series, in order.
    Series(usize),
    /// The pale form of a series, for bands.
    Band(usize),
}

/// Number of distinct series colours.
pub(super) const SERIES: usize = 6;

/// (light, dark) as RGB.
type Pair = (u32, u32);

const SERIES_PAIRS: [Pair; SERIES] = [
    (0x0072B2, 0x56B4E9),
    (0xB24C08, 0xF0A24A),
    (0x00795A, 0x34C9A0),
    (0xA0457F, 0xE08FC0),
    (0x6F6000, 0xE6D84A),
    (0x555F6B, 0xAEB8C4),
];

const BAND_PAIRS: [Pair; SERIES] = [
    (0xCFE4F2, 0x1E3D52),
    (0xF6DFCD, 0x4F3A22),
    (0xCDE8DF, 0x17463A),
    (0xEFD9E6, 0x4B2E41),
    (0xEBE6C4, 0x4A4620),
    (0xDEE2E7, 0x363D46),
];

const PLAIN: [(Ink, Pair); 7] = [
    (Ink::Paper, (0xFFFFFF, 0x16191E)),
    (Ink::Text, (0x1B1F24, 0xECEFF3)),
    (Ink::Faint, (0x5A636E, 0xA9B2BD)),
    (Ink::Grid, (0xE3E7EB, 0x2C323A)),
    (Ink::Box, (0xF4F6F8, 0x1D2229)),
    (Ink::Card, (0xFEFEFE, 0x272D36)),
    (Ink::Edge, (0xB4BCC6, 0x4C5662)),
];

impl Ink {
    /// The colour on light ground, which the SVG's attributes carry.
    pub(super) fn light(self) -> (u8, u8, u8) {
        let rgb = self.pair().0;
        let byte = |shift: u32| (rgb >> shift & 0xFF) as u8;
        (byte(16), byte(8), byte(0))
    }

    fn pair(self) -> Pair {
        match self {
            Self::Series(i) => SERIES_PAIRS[i % SERIES],
            Self::Band(i) => BAND_PAIRS[i % SERIES],
            plain => PLAIN.iter().find(|(ink, _)| *ink == plain).expect("bug: every plain ink is listed").1,
        }
    }
}

/// The style sheet that exchanges every colour for its partner on dark ground. It speaks of attributes, so viewers
/// without CSS show the light colours.
pub(super) fn style() -> String {
    let mut rules = String::new();
    let pairs = PLAIN.iter().map(|(_, pair)| *pair).chain(SERIES_PAIRS).chain(BAND_PAIRS);
    for (light, dark) in pairs {
        rules.push_str(&format!(
            ".nf [fill=\"#{light:06X}\"]{{fill:#{dark:06X}}}.nf [stroke=\"#{light:06X}\"]{{stroke:#{dark:06X}}}"
        ));
    }
    format!("<style>@media screen and (prefers-color-scheme: dark){{{rules}}}</style>")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Relative luminance, WCAG 2.2.
    fn luminance(rgb: u32) -> f64 {
        let channel = |shift: u32| {
            let c = f64::from(rgb >> shift & 0xFF) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { libm::pow((c + 0.055) / 1.055, 2.4) }
        };
        0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0)
    }

    fn contrast(a: u32, b: u32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn light_colours_are_distinct_so_that_each_has_one_partner() {
        let all: Vec<_> =
            PLAIN.iter().map(|(_, p)| p.0).chain(SERIES_PAIRS.map(|p| p.0)).chain(BAND_PAIRS.map(|p| p.0)).collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    }

    #[test]
    fn text_and_series_are_legible_on_both_grounds() {
        for ground in [Ink::Paper, Ink::Box, Ink::Card] {
            for ink in [Ink::Text, Ink::Faint].into_iter().chain((0..SERIES).map(Ink::Series)) {
                let (front, back) = (ink.pair(), ground.pair());
                assert!(contrast(front.0, back.0) >= 4.5, "{ink:?} on light {ground:?}");
                assert!(contrast(front.1, back.1) >= 4.5, "{ink:?} on dark {ground:?}");
            }
        }
    }
}
