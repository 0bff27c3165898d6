//! The colours of the three themes, and the contrast between colours.

use eframe::egui::Color32;

use crate::figure::Hue;

/// The colours of one theme. Those of series follow Okabe and Ito, brighter on dark backgrounds.
#[derive(Clone, Copy, Debug)]
pub struct Palette {
    /// Titles and pressed widgets.
    pub strong: Color32,
    /// Text.
    pub text: Color32,
    /// Second-rank text: tick labels, notes, captions.
    pub weak: Color32,
    /// Background of the window.
    pub panel: Color32,
    /// Background of cards and windows within the window.
    pub card: Color32,
    /// Background of plots.
    pub plot: Color32,
    /// Outline of plots.
    pub frame: Color32,
    /// Grid lines.
    pub grid: Color32,
    /// Sliders, links and selections.
    pub accent: Color32,
    /// Okabe and Ito's blue.
    pub blue: Color32,
    /// Their bluish green.
    pub green: Color32,
    /// Their orange.
    pub orange: Color32,
    /// Their reddish purple.
    pub purple: Color32,
    /// Their sky blue.
    pub sky: Color32,
    /// Their vermillion.
    pub vermillion: Color32,
    /// A brown, in addition to Okabe and Ito's colours.
    pub brown: Color32,
    /// A neutral grey.
    pub grey: Color32,
    /// Colours of former runs, each used by a solid and a dashed style; none is blue or orange.
    pub ghosts: [Color32; 4],
}

const fn rgb(hex: u32) -> Color32 {
    let [_, r, g, b] = hex.to_be_bytes();
    Color32::from_rgb(r, g, b)
}

pub(in crate::paint) static LIGHT: Palette = Palette {
    strong: rgb(0x0010_1418),
    text: rgb(0x0028_2e36),
    weak: rgb(0x0056_5f6b),
    panel: rgb(0x00ff_ffff),
    card: rgb(0x00f3_f5f8),
    plot: rgb(0x00ff_ffff),
    frame: rgb(0x00b4_bcc6),
    grid: rgb(0x00dd_e2e8),
    accent: rgb(0x0000_72b2),
    blue: rgb(0x0000_72b2),
    green: rgb(0x0000_9e73),
    orange: rgb(0x00d8_9000),
    purple: rgb(0x00cc_79a7),
    sky: rgb(0x0056_b4e9),
    vermillion: rgb(0x00d5_5e00),
    brown: rgb(0x008a_4a1c),
    grey: rgb(0x0080_8080),
    ghosts: [rgb(0x001e_8a4c), rgb(0x00b5_4aa8), rgb(0x0096_8a00), rgb(0x0078_7f88)],
};

pub(in crate::paint) static DARK: Palette = Palette {
    strong: rgb(0x00ff_ffff),
    text: rgb(0x00dd_e3ea),
    weak: rgb(0x009a_a6b4),
    panel: rgb(0x0014_181d),
    card: rgb(0x001d_232a),
    plot: rgb(0x000e_1115),
    frame: rgb(0x0046_505c),
    grid: rgb(0x0027_2e36),
    accent: rgb(0x0056_b4e9),
    blue: rgb(0x0056_b4e9),
    green: rgb(0x002c_c79b),
    orange: rgb(0x00f2_b134),
    purple: rgb(0x00e3_9bc4),
    sky: rgb(0x003d_8fd0),
    vermillion: rgb(0x00ff_7a3c),
    brown: rgb(0x00c8_9a78),
    grey: rgb(0x0098_98a0),
    ghosts: [rgb(0x003c_c48a), rgb(0x00d4_7ad8), rgb(0x00c9_c24a), rgb(0x00a4_aab3)],
};

/// High contrast: black and saturated colours.
pub(in crate::paint) static CONTRAST: Palette = Palette {
    strong: rgb(0x00ff_ffff),
    text: rgb(0x00ff_ffff),
    weak: rgb(0x00e0_e4ea),
    panel: rgb(0),
    card: rgb(0x0010_1010),
    plot: rgb(0),
    frame: rgb(0x00ff_ffff),
    grid: rgb(0x0048_4848),
    accent: rgb(0x006c_c8ff),
    blue: rgb(0x006c_c8ff),
    green: rgb(0x003d_f0b8),
    orange: rgb(0x00ff_d24d),
    purple: rgb(0x00ff_b0dc),
    sky: rgb(0x008f_b4ff),
    vermillion: rgb(0x00ff_8f5a),
    brown: rgb(0x00e0_b890),
    grey: rgb(0x00c8_c8d0),
    ghosts: [rgb(0x0058_f0a0), rgb(0x00ff_9cf4), rgb(0x00f0_ea60), rgb(0x00c4_c8ce)],
};

/// The contrast ratio of WCAG 2, from 1 (the same) to 21 (black on white); both colours opaque.
#[must_use]
pub fn contrast(a: Color32, b: Color32) -> f32 {
    let luminance = |color: Color32| {
        let [r, g, b, _] = color.to_array().map(|part| {
            let part = f32::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

impl Palette {
    /// The colour of a hue.
    #[must_use]
    pub fn of(&self, hue: Hue) -> Color32 {
        match hue {
            Hue::Blue => self.blue,
            Hue::Vermillion => self.vermillion,
            Hue::Text => self.text,
        }
    }

    /// Least contrast of text: WCAG AA, or AAA in the high-contrast theme.
    #[must_use]
    pub fn least_contrast(&self) -> f32 {
        if self.panel == CONTRAST.panel { 7.0 } else { 4.5 }
    }

    /// A colour for text, close to a line's colour but with enough contrast on every background.
    #[must_use]
    pub fn ink(&self, color: Color32) -> Color32 {
        let is_read = |ink: Color32| {
            [self.panel, self.card, self.plot]
                .into_iter()
                .all(|back| contrast(ink, back) >= self.least_contrast())
        };
        let mixed =
            (0..=20_u8).map(|part| color.lerp_to_gamma(self.strong, f32::from(part) / 20.0));
        mixed.into_iter().find(|ink| is_read(*ink)).unwrap_or(self.strong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_the_standard() {
        assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 1e-4);
        assert!((contrast(rgb(0x0077_7777), Color32::WHITE) - 4.48).abs() < 0.01);
        assert!((contrast(Color32::RED, Color32::RED) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn all_text_of_all_themes_can_be_read() {
        for palette in [&LIGHT, &DARK, &CONTRAST] {
            let inks = Hue::ALL.map(|hue| palette.ink(palette.of(hue)));
            let texts = [palette.strong, palette.text, palette.weak].into_iter().chain(inks);
            for text in texts {
                for back in [palette.panel, palette.card, palette.plot] {
                    let found = contrast(text, back);
                    assert!(found >= palette.least_contrast(), "{text:?} on {back:?}: {found}");
                }
            }
        }
    }

    #[test]
    fn every_hue_has_a_colour_of_its_own() {
        for palette in [&LIGHT, &DARK, &CONTRAST] {
            for (i, hue) in Hue::ALL.into_iter().enumerate() {
                let is_other = |other: &Hue| palette.of(*other) != palette.of(hue);
                assert!(Hue::ALL[..i].iter().all(is_other), "{hue:?}");
            }
        }
    }

    #[test]
    fn lines_have_contrast_and_a_readable_colour_is_unchanged() {
        assert_eq!(DARK.ink(DARK.green), DARK.green);
        for palette in [&LIGHT, &DARK, &CONTRAST] {
            let brown = palette.brown;
            for line in [palette.blue, palette.green, palette.vermillion, brown, palette.grey] {
                assert!(contrast(line, palette.plot) >= 3.0, "{line:?}");
            }
        }
    }
}
