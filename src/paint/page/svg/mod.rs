//! Renders a picture as an SVG: shapes as paths, text as text, settings as metadata, without
//! pixels.

mod ink;
mod path;
mod svg_elements;
mod svg_text;

use eframe::egui::Rect;

use crate::export::{SVG_ELEMENT, SVG_NAMESPACE};

use super::error::PaintError;
use super::off_screen::{POINTS_PER_INCH, Page};
use super::picture::{Picture, PictureOptions};
use ink::Ink;
use path::number;
use svg_elements::Drawing;
use svg_text::escaped;

/// Fonts similar to the window's, with fallbacks that every system has.
const FONTS: &str = "Ubuntu Light, Ubuntu, Noto Sans, DejaVu Sans, Helvetica, Arial, sans-serif";

/// Renders a figure, chart or sheet to the bytes of an SVG file. Deterministic.
pub fn render<'a>(
    picture: impl Into<Picture<'a>>,
    options: &PictureOptions,
) -> Result<Vec<u8>, PaintError> {
    let picture = picture.into();
    let page = Page::new(picture, options)?;
    let mut drawing = Drawing::new(Rect::from_min_size(eframe::egui::Pos2::ZERO, page.size));
    for clipped in &page.shapes {
        drawing.add(clipped);
    }
    let (body, clips) = drawing.finish();
    Ok(document(picture, options, &page, &body, &clips).into_bytes())
}

/// The SVG document around the drawing.
fn document(
    picture: Picture<'_>,
    options: &PictureOptions,
    page: &Page,
    body: &str,
    clips: &str,
) -> String {
    let [width, height] = [page.size.x, page.size.y].map(number);
    // The same size on paper as the PNG.
    let [inches_x, inches_y] =
        [page.size.x, page.size.y].map(|points| (points / POINTS_PER_INCH * 1e4).round() / 1e4);
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"{inches_x}in\" \
         height=\"{inches_y}in\" viewBox=\"0 0 {width} {height}\" font-family=\"{FONTS}\" \
         fill=\"none\" stroke-linejoin=\"round\">\n"
    );
    for (element, content) in [("title", picture.title()), ("desc", picture.caption())] {
        if let Some(content) = content {
            text.extend([format!("<{element}>{}</{element}>\n", escaped(content))]);
        }
    }
    if let Some(configuration) = &options.configuration {
        text.extend([format!(
            "<metadata><eoscope:{SVG_ELEMENT} xmlns:eoscope=\"{SVG_NAMESPACE}\">{}\
             </eoscope:{SVG_ELEMENT}></metadata>\n",
            escaped(configuration)
        )]);
    }
    if !clips.is_empty() {
        text.extend([format!("<defs>\n{clips}</defs>\n")]);
    }
    let background = Ink::new(page.background).attributes("fill");
    text.extend([format!(
        "<rect width=\"{width}\" height=\"{height}\"{background}/>\n{body}</svg>\n"
    )]);
    text
}
