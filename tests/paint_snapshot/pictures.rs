//! Pictures in files: what is read back from their pixels.

use eoscope::figure::{Choices, Figure, Options, PanelKind, PlottedRun, ScaleKind, compose};
use eoscope::history::Run;
use eoscope::paint::png::render;
use eoscope::paint::{PaintError, PictureOptions, Theme};

use crate::{BLUE, CAPTION, VERMILLION, count_near, options, picture, shown, synthetic};

/// 13 % vermillion on white.
const UNSTABLE: [u8; 3] = [0xfa, 0xea, 0xde];

#[test]
fn a_picture_has_the_size_the_resolution_and_the_caption_asked_for() {
    let run = synthetic::run(300, synthetic::edge);
    let figure = compose(&[shown(&run, "edge")], &options());
    let bytes = render(&figure, &PictureOptions::default()).unwrap();
    let reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
    let info = reader.info();
    assert_eq!((info.width, info.height), (1800, 1200));
    let dpi = f64::from(info.pixel_dims.unwrap().xppu) * 0.0254;
    assert!((dpi - 300.0).abs() < 0.1, "{dpi}");
    let texts: Vec<_> = info.utf8_text.iter().map(|t| t.get_text().unwrap()).collect();
    assert!(texts.iter().any(|text| text == CAPTION), "{texts:?}");
}

#[test]
fn the_lines_the_threshold_and_the_region_above_it_are_in_the_picture() {
    let run = synthetic::run(300, synthetic::edge);
    let figure = compose(&[shown(&run, "edge")], &options());
    let image = picture("edge", &figure, &PictureOptions::default());
    assert!(count_near(&image, BLUE) > 3000, "{}", count_near(&image, BLUE));
    assert!(count_near(&image, VERMILLION) > 3000, "{}", count_near(&image, VERMILLION));
    assert!(count_near(&image, UNSTABLE) > 10_000, "{}", count_near(&image, UNSTABLE));
    let empty = compose(&[], &options());
    let image = picture("empty", &empty, &PictureOptions::default());
    assert_eq!(count_near(&image, BLUE), 0);
    assert_eq!(count_near(&image, UNSTABLE), 0);
}

#[test]
fn the_threshold_moves_with_the_learning_rate() {
    let mut run = synthetic::run(400, |step| synthetic::edge_then(step, 200, 0.2));
    synthetic::tune(&mut run, 200, 0.2);
    let figure = compose(&[shown(&run, "halved")], &options());
    let image = picture("halved", &figure, &PictureOptions { theme: Theme::Dark, ..print() });
    // The shaded region is deeper where the threshold is lower.
    let background = image.get_pixel(image.width() - 40, 2).0;
    let depth = |x: f64| {
        let x = (x * f64::from(image.width())) as u32;
        (0..image.height()).filter(|y| is_reddish(image.get_pixel(x, *y).0, background)).count()
    };
    assert!(depth(0.8) > 2 * depth(0.3), "{} {}", depth(0.8), depth(0.3));
}

fn is_reddish(pixel: [u8; 4], background: [u8; 4]) -> bool {
    let warm = |p: [u8; 4]| i32::from(p[0]) - i32::from(p[2]);
    (10..60).contains(&(warm(pixel) - warm(background)))
}

fn print() -> PictureOptions {
    PictureOptions::default()
}

fn screen_size() -> PictureOptions {
    PictureOptions { width_px: 1400, height_px: 1000, dpi: 96.0, ..PictureOptions::default() }
}

#[test]
fn warmup_clipping_divergence_ghosts_and_long_runs_can_be_drawn() {
    let edge = synthetic::run(400, synthetic::edge);
    let mut warmup = synthetic::run(400, synthetic::warmup);
    for (step, rate) in [(50, 0.12), (60, 0.2), (75, 0.1), (330, 0.3), (395, 0.1)] {
        synthetic::tune(&mut warmup, step, rate);
    }
    let ghost = PlottedRun { run: &edge, is_ghost: true, name: "fashion-edge 1".to_owned() };
    let pair = [ghost, shown(&warmup, "warmup")];
    picture("warmup", &compose(&pair, &options()), &screen_size());
    let scales = [(PanelKind::Sharpness, ScaleKind::Log)].into();
    let on_log = Choices { scales, ..Choices::default() };
    let log = Options { choices: on_log, ..options() };
    picture("warmup-log", &compose(&pair, &log), &print());
    let clipped = synthetic::run(400, synthetic::clipped);
    picture("clipped", &compose(&[shown(&clipped, "c")], &options()), &print());
    let dark = PictureOptions { theme: Theme::Dark, ..screen_size() };
    picture("clipped-dark", &compose(&[shown(&clipped, "c")], &options()), &dark);
    let diverged = synthetic::run(201, synthetic::diverged);
    picture("diverged", &compose(&[shown(&diverged, "d")], &options()), &print());
    let long = synthetic::run(100_000, synthetic::edge);
    let figure = compose(&[shown(&long, "long")], &options());
    picture("long", &figure, &print());
    let other = synthetic::run(300, |step| synthetic::edge_then(step, 0, 0.14));
    let third = synthetic::run(350, |step| synthetic::edge_then(step, 0, 0.2));
    let ghosts: Vec<_> = [(&edge, "run 1: Scale 1"), (&diverged, "run 2: Learning rate 0.5")]
        .into_iter()
        .chain([(&other, "run 3: Seed 4"), (&third, "run 4: Learning rate 0.2")])
        .map(|(run, name)| PlottedRun { run, is_ghost: true, name: name.to_owned() })
        .chain([shown(&clipped, "now")])
        .collect();
    picture("ghosts", &compose(&ghosts, &options()), &screen_size());
    picture("ghosts-dark", &compose(&ghosts, &options()), &dark);
    let zoomed = Options { visible: Some([150.0, 200.0]), ..options() };
    picture("zoomed", &compose(&[shown(&edge, "z")], &zoomed), &print());
}

#[test]
fn sizes_that_cannot_be_drawn_are_refused_in_one_sentence() {
    let figure = compose(&[], &Options::default());
    let small = PictureOptions { width_px: 10, ..print() };
    let error = render(&figure, &small).unwrap_err();
    assert!(matches!(error, PaintError::Size { .. }));
    assert!(error.to_string().contains("64 to 16384"), "{error}");
    assert!(render(&figure, &PictureOptions { dpi: f32::NAN, ..print() }).is_err());
    // Even the smallest page, where text leaves little room for plots, must render.
    let tiny = PictureOptions { width_px: 64, height_px: 64, ..print() };
    assert!(matches!(render(&figure, &tiny), Err(PaintError::Crowded { needed: None, .. })));
    let low = PictureOptions { width_px: 400, ..tiny.clone() };
    let Err(PaintError::Crowded { needed: Some(height_px), .. }) = render(&figure, &low) else {
        panic!("words take more than half");
    };
    assert!(render(&figure, &PictureOptions { height_px, ..low.clone() }).is_ok());
    let bare = Figure { panels: Vec::new(), ..figure };
    assert!(render(&bare, &tiny).is_ok());
}

/// A picture of the sharpness plot alone, with these choices.
fn chosen(name: &str, run: &Run, choices: Choices) -> image::RgbaImage {
    let mut figure = compose(&[shown(run, "now")], &Options { choices, ..options() });
    figure.panels.truncate(1);
    picture(name, &figure, &PictureOptions::default())
}

#[test]
fn ratio_smoothing_and_symmetric_axes_are_in_the_picture() {
    let run = synthetic::run(300, synthetic::edge);
    let plain = chosen("plain", &run, Choices::default());
    let ratio = chosen("ratio", &run, Choices { is_ratio: true, ..Choices::default() });
    // The region above the edge stays shaded.
    assert!(count_near(&ratio, UNSTABLE) > 10_000 && ratio != plain);
    let smooth = chosen("smooth", &run, Choices { smoothing: 50, ..Choices::default() });
    // 35 % blue on white, on shading where it is above the edge.
    let faint = count_near(&smooth, [0xa6, 0xce, 0xe4]);
    assert!(faint > 500 && count_near(&plain, [0xa6, 0xce, 0xe4]) < faint / 2, "{faint}");
    let scales = [(PanelKind::Sharpness, ScaleKind::Symlog)].into();
    let symlog = chosen("symlog", &run, Choices { scales, ..Choices::default() });
    assert!(count_near(&symlog, BLUE) > 1000);
}

#[test]
fn an_error_band_is_painted_where_it_can_be_seen() {
    let with = |error: f64| {
        synthetic::run(300, move |step| {
            let mut sample = synthetic::edge(step);
            for eigenvalue in sample.curvature.iter_mut().flat_map(|curvature| &mut curvature.top) {
                eigenvalue.error = Some(error);
            }
            sample
        })
    };
    // 25 % blue on white.
    let shade = [0xbf, 0xdc, 0xec];
    let wide = count_near(&chosen("error", &with(0.1), Choices::default()), shade);
    let narrow = count_near(&chosen("no-error", &with(1e-5), Choices::default()), shade);
    assert!(wide > 5000 && narrow < 500, "{wide} {narrow}");
}
