//! Colours as SVG attributes.

use eframe::egui::Color32;

/// A colour for SVG, which expects channels not premultiplied by opacity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ink(Color32);

impl Ink {
    pub(super) fn new(color: Color32) -> Self {
        Self(color)
    }

    /// The attributes for `fill` or `stroke`.
    pub(super) fn attributes(self, what: &str) -> String {
        let [r, g, b, a] = self.0.to_array().map(u32::from);
        let whole =
            |channel: u32| (channel * 255 + a / 2).checked_div(a).unwrap_or(channel).min(255);
        let color = format!(" {what}=\"#{:02x}{:02x}{:02x}\"", whole(r), whole(g), whole(b));
        if a == 255 {
            return color;
        }
        // Three decimals distinguish all 256 levels.
        let opacity = f64::from(a * 1000 / 255) / 1000.0;
        format!("{color} {what}-opacity=\"{opacity}\"")
    }
}

/// Whether painting with a colour changes nothing.
pub(super) fn is_invisible(color: Color32) -> bool {
    color.a() == 0 && color.r() == 0 && color.g() == 0 && color.b() == 0
}
