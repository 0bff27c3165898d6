//! Text as SVG elements that keep their position and width in any font.

use eframe::egui::epaint::TextShape;
use eframe::egui::epaint::text::Glyph;
use eframe::egui::{Align, Color32, emath::Rot2, vec2};

use super::ink::Ink;
use super::path::number;

/// One element for each row of text.
pub(super) fn elements(shape: &TextShape) -> String {
    let galley = &shape.galley;
    let Some(format) = galley.job.sections.first().map(|section| &section.format) else {
        return String::new();
    };
    let own =
        if format.color == Color32::PLACEHOLDER { shape.fallback_color } else { format.color };
    let color = shape.override_text_color.unwrap_or(own).gamma_multiply(shape.opacity_factor);
    let ink = Ink::new(color).attributes("fill");
    let size = number(format.font_id.size);
    let rotation = Rot2::from_angle(shape.angle);
    let mut text = String::new();
    for row in &galley.rows {
        let words = row.text();
        let (trimmed, Some(glyph)) = (words.trim_end(), row.glyphs.first()) else { continue };
        if trimmed.is_empty() {
            continue;
        }
        // Without trailing spaces, so right-aligned text ends at the same position in any font.
        let n_left_out = words.chars().count() - trimmed.chars().count();
        let end =
            row.glyphs.len().checked_sub(n_left_out + 1).and_then(|last| row.glyphs.get(last));
        let width = end.map_or(row.size.x, Glyph::max_x);
        // Tick labels are left-aligned in egui but should stay centred in any font.
        let is_number = trimmed.starts_with(|sign: char| sign.is_ascii_digit() || sign == '−');
        let (anchor, share) = match galley.job.halign {
            Align::LEFT if is_number => (" text-anchor=\"middle\"", 0.5),
            Align::LEFT => ("", 0.0),
            Align::Center => (" text-anchor=\"middle\"", 0.5),
            Align::RIGHT => (" text-anchor=\"end\"", 1.0),
        };
        let place = row.pos.to_vec2() + vec2(width * share, glyph.pos.y);
        let at = shape.pos + rotation * place;
        let [x, y] = [at.x, at.y].map(number);
        let turned = if shape.angle == 0.0 {
            String::new()
        } else {
            format!(" transform=\"rotate({} {x} {y})\"", number(shape.angle.to_degrees()))
        };
        text.extend([format!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" textLength=\"{}\" \
             lengthAdjust=\"spacingAndGlyphs\"{anchor}{ink}{turned}>{}</text>\n",
            number(width),
            escaped(trimmed)
        )]);
    }
    text
}

/// Text with XML's special characters escaped, and invalid characters removed.
pub(super) fn escaped(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for sign in words.chars() {
        match sign {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\n' | '\t' => text.push(sign),
            '\u{fffe}' | '\u{ffff}' => {}
            sign if sign.is_control() => {}
            sign => text.push(sign),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_characters_are_escaped_and_invalid_ones_removed() {
        assert_eq!(escaped("a<b>&\"c\"\u{1}\u{7f}\u{ffff}\nη"), "a&lt;b&gt;&amp;&quot;c&quot;\nη");
    }
}
