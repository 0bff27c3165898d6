//! Figures as pictures: what is drawn is read back from the pixels.
//! Knows no trainer; runs are made of synthetic events.

#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixel numbers")]
#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]

#[path = "common/soft.rs"]
mod soft;
#[path = "common/synthetic.rs"]
mod synthetic;

use eframe::egui;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use eoscope::figure::{Figure, Options, Scale, Shown, compose};
use eoscope::history::Run;
use eoscope::paint::png::render;
use eoscope::paint::{PaintError, PictureOptions, PlotView, Theme, screen, theme};

const CAPTION: &str = "fashion-edge: fashion (n = 1000), MLP 784-32-32-10 tanh, MSE, gradient \
    descent, η = 0.1, full batch, seed 0; 1000 parameters; eoscope 0.1.0";

fn shown<'a>(run: &'a Run, name: &str) -> Shown<'a> {
    Shown { run, is_ghost: false, name: name.to_owned() }
}

fn options() -> Options {
    Options {
        title: Some("Edge of stability".to_owned()),
        caption: Some(CAPTION.to_owned()),
        is_smallest_shown: true,
        ..Options::default()
    }
}

/// Renders and reads back; with `EOSCOPE_PICTURES` set to a folder, leaves the picture there.
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
    let ghost = Shown { run: &edge, is_ghost: true, name: "fashion-edge 1".to_owned() };
    let pair = [ghost, shown(&warmup, "warmup")];
    picture("warmup", &compose(&pair, &options()), &screen_size());
    let log = Options { sharpness_scale: Scale::Log, ..options() };
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
        .map(|(run, name)| Shown { run, is_ghost: true, name: name.to_owned() })
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
    let tiny = PictureOptions { width_px: 64, height_px: 64, ..print() };
    assert!(render(&figure, &tiny).is_ok());
}

/// What a window would hold.
struct State {
    figure: Figure,
    view: PlotView,
}

impl eframe::App for State {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        screen::show(ui, &self.figure, &mut self.view);
    }
}

fn harness<'a>() -> egui_kittest::Harness<'a, State> {
    let run = synthetic::run(300, synthetic::edge);
    let figure = compose(&[shown(&run, "edge")], &Options::default());
    egui_kittest::Harness::builder()
        .with_size(egui::vec2(1200.0, 900.0))
        .with_max_steps(8)
        .with_step_dt(1.0 / 60.0)
        .renderer(soft::Soft::default())
        .build_eframe(|cc| {
            theme::install(&cc.egui_ctx);
            State { figure, view: PlotView::default() }
        })
}

#[test]
fn a_drag_releases_the_newest_step_and_a_double_click_follows_it_again() {
    let mut harness = harness();
    harness.run_ok();
    assert!(harness.state().view.is_following());
    let middle = egui::pos2(600.0, 200.0);
    harness.drag_at(middle);
    harness.run_ok();
    harness.hover_at(middle + egui::vec2(-200.0, 0.0));
    harness.run_ok();
    harness.drop_at(middle + egui::vec2(-200.0, 0.0));
    harness.run_ok();
    let [first, last] = harness.state().view.visible().expect("the person went somewhere");
    assert!(first > 30.0 && last > 330.0, "{first} {last}");
    for _ in 0..2 {
        harness.drag_at(middle);
        harness.drop_at(middle);
    }
    harness.run_ok();
    assert!(harness.state().view.is_following());
}

#[test]
fn a_click_in_the_legend_hides_a_line() {
    let mut harness = harness();
    harness.run_ok();
    let before = harness.render().unwrap();
    harness.get_by_label("λ₁").click();
    harness.run_ok();
    let after = harness.render().unwrap();
    let blue = |image: &image::RgbaImage| {
        let dark = [0x56, 0xb4, 0xe9];
        count_near(image, dark) + count_near(image, BLUE)
    };
    assert!(blue(&after) + 500 < blue(&before), "{} {}", blue(&after), blue(&before));
}

#[test]
fn the_wheel_zooms_the_steps_around_the_pointer_and_follow_keeps_their_number() {
    let mut harness = harness();
    harness.run_ok();
    let middle = egui::pos2(640.0, 200.0);
    harness.hover_at(middle);
    harness.run_ok();
    harness.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: egui::vec2(0.0, 300.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: egui::Modifiers::NONE,
    });
    harness.run_steps(30);
    let [first, last] = harness.state().view.visible().expect("the person zoomed");
    assert!(first > 50.0 && last < 250.0 && first < last, "{first} {last}");
    harness.state_mut().view.follow();
    harness.run_steps(2);
    let [followed, newest] = harness.state().view.visible().unwrap();
    assert!(newest > 298.0 && ((newest - followed) - (last - first)).abs() < 1e-6);
}

#[test]
fn hovering_near_a_line_shows_its_name_and_its_true_value() {
    let mut harness = harness();
    harness.run_ok();
    let image = harness.render().unwrap();
    // The topmost solid blue below the loss panel's legend is L.
    let is_line = |p: &image::Rgba<u8>| {
        [[0x56, 0xb4, 0xe9], BLUE].iter().any(|c| p.0[..3].iter().zip(c).all(|(a, b)| a == b))
    };
    let top = harness.get_by_label("L").rect().bottom() as u32 + 4;
    let mut below = top..top + 150;
    let y = below.find(|y| is_line(image.get_pixel(300, *y))).expect("the loss is drawn");
    harness.hover_at(egui::pos2(300.5, y as f32));
    harness.run_ok();
    let label = harness.get_by_label_contains("\nstep ").accesskit_node();
    let text = label.label().or_else(|| label.value()).unwrap();
    let loss = text.lines().next().unwrap().strip_prefix("L = ").expect(&text);
    let step: f64 = text.lines().nth(1).unwrap().strip_prefix("step ").unwrap().parse().unwrap();
    let wanted = synthetic::edge(step as u64).loss;
    assert!((loss.parse::<f64>().unwrap() / wanted - 1.0).abs() < 1e-3, "{text}");
    if let Ok(folder) = std::env::var("EOSCOPE_PICTURES") {
        harness.render().unwrap().save(format!("{folder}/a-hover.png")).unwrap();
    }
}
