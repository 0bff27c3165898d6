//! Characters of a picture without a glyph in the bundled fonts; in a PNG each would be an empty box.

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
    let font = TextStyle::Body.resolve(&page.ctx.global_style());
    let mut missing = String::new();
    page.ctx.fonts_mut(|fonts| {
        for letter in words.chars().filter(|c| !c.is_whitespace() && !c.is_control()) {
            if !missing.contains(letter) && !fonts.has_glyph(&font, letter) {
                missing.push(letter);
            }
        }
    });
    Ok(missing)
}

/// A warning about missing glyphs in a file of this format; `None` if there are none.
#[must_use]
pub fn missing_glyphs_warning(letters: &str, format: Format) -> Option<String> {
    let told = match format {
        Format::Png => format!(
            "the fonts of a PNG have no letter for {letters}: boxes stand in their place; choose a \
             name that ends in .svg, or other words"
        ),
        Format::Svg => format!(
            "the fonts of this program have no letter for {letters}: the SVG shows them only where \
             a font that has them is installed"
        ),
    };
    (!letters.is_empty()).then_some(told)
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
    use crate::figure::{Options, compose};

    #[test]
    fn letters_that_no_font_has_are_named_once_and_all_of_ours_are_there() {
        let missing = |title: &str| {
            let options = Options { title: Some(title.to_owned()), ..Options::default() };
            missing_glyphs(&compose(&[], &options), &PictureOptions::default()).unwrap()
        };
        assert_eq!(missing("学習率 0.2, 学 λ₁ ‖g‖ → ∇ P⁻¹H"), "学習率");
        assert_eq!(missing("2/η λ₁(P⁻¹H) ∞ − ▲▼ ½ × é ß ж"), "");
    }
}
