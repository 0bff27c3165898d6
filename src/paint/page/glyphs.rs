//! Characters of a picture without a glyph in the bundled fonts; in a PNG each would be an empty
//! box.

use eframe::egui::{Shape, TextStyle};

use super::error::PaintError;
use super::format::Format;
use super::off_screen::Page;
use super::picture::{Picture, PictureOptions};

/// The characters of a picture that the bundled fonts lack, in order, without duplicates.
///
/// # Errors
/// A picture that cannot be drawn.
pub fn missing_glyphs<'a>(
    picture: impl Into<Picture<'a>>,
    options: &PictureOptions,
) -> Result<String, PaintError> {
    let page = Page::new(picture.into(), options)?;
    let mut words = String::new();
    page.shapes.iter().for_each(|clipped| gather(&clipped.shape, &mut words));
    Ok(missing_on(&page, &words))
}

/// The characters of `words` that the fonts of a page lack.
fn missing_on(page: &Page, words: &str) -> String {
    let font = TextStyle::Body.resolve(&page.ctx.global_style());
    let mut missing = String::new();
    page.ctx.fonts_mut(|fonts| {
        for character in words.chars().filter(|c| !c.is_whitespace() && !c.is_control()) {
            if !missing.contains(character) && !fonts.has_glyph(&font, character) {
                missing.push(character);
            }
        }
    });
    missing
}

/// A warning about missing glyphs in a file of this format; `None` if there are none.
#[must_use]
pub fn missing_glyphs_warning(characters: &str, format: Format) -> Option<String> {
    let warning = match format {
        Format::Png => format!(
            "the fonts of a PNG have no glyph for {characters}: boxes are shown instead; choose a \
             name that ends in .svg, or other words"
        ),
        Format::Svg => format!(
            "the fonts of this program have no glyph for {characters}: the SVG shows them only where \
             a font that has them is installed"
        ),
    };
    (!characters.is_empty()).then_some(warning)
}

fn gather(shape: &Shape, words: &mut String) {
    match shape {
        Shape::Vec(shapes) => shapes.iter().for_each(|shape| gather(shape, words)),
        Shape::Text(text) => words.push_str(&text.galley.job.text),
        Shape::Noop
        | Shape::Circle(_)
        | Shape::Ellipse(_)
        | Shape::LineSegment { .. }
        | Shape::Path(_)
        | Shape::Band(_)
        | Shape::Rect(_)
        | Shape::Mesh(_)
        | Shape::QuadraticBezier(_)
        | Shape::CubicBezier(_)
        | Shape::Callback(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Range, RunConfig, Setting, presets};
    use crate::figure::{Options, PanelKind, compose};
    use crate::quantity::Quantity;

    #[test]
    fn characters_without_a_glyph_are_listed_once_and_the_programs_own_have_one() {
        let missing = |title: &str| {
            let options = Options { title: Some(title.to_owned()), ..Options::default() };
            missing_glyphs(&compose(&[], &options), &PictureOptions::default()).unwrap()
        };
        assert_eq!(missing("学習率 0.2, 学 λ₁ ‖g‖ → ∇ P⁻¹H"), "学習率");
        assert_eq!(missing("2/η λ₁(P⁻¹H) ∞ − ▲▼ ½ × é ß ж"), "");
    }

    #[test]
    fn every_quantity_setting_panel_and_preset_is_written_in_letters_of_the_fonts() {
        let figure = compose(&[], &Options::default());
        let page = Page::new((&figure).into(), &PictureOptions::default()).unwrap();
        let check = |what: &str, words: &[&str]| {
            let words = words.concat();
            assert_eq!(missing_on(&page, &words), "", "{what}: {words}");
        };
        for quantity in Quantity::all() {
            let [name, symbol] = [quantity.name(), quantity.symbol()];
            check(name, &[name, quantity.label(), symbol, quantity.unit(), quantity.sentence()]);
        }
        for setting in Setting::all() {
            let unit = setting.unit_in(&RunConfig::default());
            let choices = if let Range::Word(words) = setting.range { words() } else { Vec::new() };
            let words: Vec<_> = choices.iter().flat_map(|one| [one.word, one.sentence]).collect();
            let labels = [setting.label, setting.axis_label.unwrap_or(""), unit];
            check(setting.key, &[&labels[..], &[setting.tooltip][..], &words[..]].concat());
        }
        for panel in PanelKind::GROUPS {
            check(panel.title(), &[panel.title(), panel.declaration().axis_label]);
        }
        for preset in presets() {
            let name = preset.config.name.as_str();
            check(name, &[name, preset.sees]);
            for setting in Setting::all() {
                check(setting.key, &[setting.unit_in(&preset.config)]);
            }
        }
        assert_eq!(missing_on(&page, "uᵀHu"), "ᵀ");
    }
}
