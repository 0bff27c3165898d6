//! Pictures of synthetic runs: drawn elements are read back from the pixels.

#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixel numbers")]
#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]

#[path = "../common/soft.rs"]
mod soft;
#[path = "../common/synthetic.rs"]
mod synthetic;

mod pictures;
mod pointer;

use eoscope::figure::{Figure, Options, PlottedRun};
use eoscope::history::Run;
use eoscope::paint::PictureOptions;
use eoscope::paint::png::render;

fn shown<'a>(run: &'a Run, name: &str) -> PlottedRun<'a> {
    PlottedRun { run, is_ghost: false, name: name.to_owned() }
}

const CAPTION: &str = "fashion-edge: fashion (n = 1000), MLP 784-32-32-10 tanh, MSE, gradient \
    descent, η = 0.1, full batch, seed 0; 1000 parameters; eoscope 0.1.0";

fn options() -> Options {
    Options {
        title: Some("Edge of stability".to_owned()),
        caption: Some(CAPTION.to_owned()),
        is_smallest_shown: true,
        ..Options::default()
    }
}

/// Renders and reads back; saves the picture to the folder in `EOSCOPE_PICTURES`, if set.
fn picture(name: &str, figure: &Figure, options: &PictureOptions) -> image::RgbaImage {
    let bytes = render(figure, options).unwrap();
    if let Ok(folder) = std::env::var("EOSCOPE_PICTURES") {
        std::fs::write(format!("{folder}/a-{name}.png"), &bytes).unwrap();
    }
    image::load_from_memory_with_format(&bytes, image::ImageFormat::Png).unwrap().to_rgba8()
}

fn count_near(image: &image::RgbaImage, [r, g, b]: [u8; 3]) -> usize {
    let near = |a: u8, b: u8| a.abs_diff(b) <= 3;
    image.pixels().filter(|p| near(p[0], r) && near(p[1], g) && near(p[2], b)).count()
}

const BLUE: [u8; 3] = [0x00, 0x72, 0xb2];

const VERMILLION: [u8; 3] = [0xd5, 0x5e, 0x00];
