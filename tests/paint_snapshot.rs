//! Pictures of synthetic runs: drawn elements are read back from the pixels.

#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixel numbers")]
#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]

#[path = "common/soft.rs"]
mod soft;
#[path = "common/synthetic.rs"]
mod synthetic;

use eframe::egui;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use eoscope::figure::{Choices, Figure, Options, PanelKind, PlottedRun, ScaleKind, compose};
use eoscope::history::Run;
use eoscope::paint::png::render;
use eoscope::paint::{PaintError, PictureOptions, PlotView, Theme, screen, theme};
use eoscope::protocol::Sample;

const CAPTION: &str = "fashion-edge: fashion (n = 1000), MLP 784-32-32-10 tanh, MSE, gradient \
    descent, η = 0.1, full batch, seed 0; 1000 parameters; eoscope 0.1.0";

fn shown<'a>(run: &'a Run, name: &str) -> PlottedRun<'a> {
    PlottedRun { run, is_ghost: false, name: name.to_owned() }
}

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

/// The plots' view state as a window has it.
struct State {
    run: Run,
    view: PlotView,
}

impl State {
    fn figure(&self) -> Figure {
        let choices = self.view.choices.clone();
        let options = Options { choices, hovered: self.view.hovered(), ..Options::default() };
        compose(&[shown(&self.run, "edge")], &options)
    }
}

impl eframe::App for State {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        screen::show(ui, &self.figure(), &mut self.view);
    }
}

fn harness<'a>() -> egui_kittest::Harness<'a, State> {
    harness_of(synthetic::run(300, synthetic::edge))
}

fn harness_of<'a>(run: Run) -> egui_kittest::Harness<'a, State> {
    egui_kittest::Harness::builder()
        .with_size(egui::vec2(1200.0, 900.0))
        .with_max_steps(8)
        .with_step_dt(1.0 / 60.0)
        .renderer(soft::Soft::default())
        .build_eframe(|cc| {
            theme::install(&cc.egui_ctx);
            State { run, view: PlotView::default() }
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
    assert!(!harness.state().view.is_following());
    // If the whole run is visible, there is nothing to pan to.
    let [first, last] = harness.state().view.visible().expect("the person holds the view");
    assert!(first > -15.0 && last > 299.0 && last < 315.0, "{first} {last}");
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
fn hovering_tells_every_value_at_that_step_in_every_plot_and_marks_it_on_the_curves() {
    let mut run = synthetic::run(300, synthetic::edge);
    synthetic::tune(&mut run, 150, 0.2);
    let mut harness = harness_of(run);
    harness.run_ok();
    let before = harness.render().unwrap();
    let said = |harness: &egui_kittest::Harness<'_, State>| -> Vec<String> {
        let tables = harness.query_all_by_label_contains("step ");
        let texts = tables.filter_map(|table| {
            let node = table.accesskit_node();
            node.label().or_else(|| node.value())
        });
        texts.filter(|text| text.starts_with("step ")).collect()
    };
    assert!(said(&harness).is_empty());
    harness.hover_at(egui::pos2(300.5, 200.0));
    harness.run_ok();
    let tables = said(&harness);
    assert_eq!(tables.len(), 4, "{tables:?}");
    let step: u64 = tables[0].lines().next().unwrap()["step ".len()..].parse().unwrap();
    let sample = synthetic::edge(step);
    let measured = (0..=step).rev().find_map(|step| synthetic::edge(step).curvature).unwrap();
    let wanted = [
        ("λ₁ = ", measured.top[0].value),
        ("2/η = ", 20.0),
        ("L = ", sample.loss),
        ("η = ", 0.1),
        ("‖g‖ = ", sample.grad_norm),
    ];
    for (name, value) in wanted {
        let mut lines = tables.iter().flat_map(|table| table.lines());
        let line = lines.find(|line| line.starts_with(name)).expect(name);
        let told: f64 = line[name.len()..].split(' ').next().unwrap().parse().unwrap();
        assert!((told / value - 1.0).abs() < 1e-3, "{line}: {value}");
    }
    let after = harness.render().unwrap();
    let differing = before.pixels().zip(after.pixels()).filter(|(a, b)| a != b).count();
    assert!(differing > 4000, "{differing}");
    if let Ok(folder) = std::env::var("EOSCOPE_PICTURES") {
        after.save(format!("{folder}/a-hover.png")).unwrap();
    }
    harness.hover_at(egui::pos2(2.0, 2.0));
    harness.run_ok();
    assert!(said(&harness).is_empty());
}

#[test]
fn a_change_is_told_in_the_plot_whose_line_the_pointer_is_at() {
    let mut run = synthetic::run(300, synthetic::edge);
    synthetic::tune(&mut run, 150, 0.2);
    let mut harness = harness_of(run);
    harness.run_ok();
    let heights: Vec<f32> = ["λ₁", "L", "η", "‖g‖"]
        .iter()
        .map(|name| harness.get_by_label(name).rect().bottom() + 60.0)
        .collect();
    for y in heights {
        let found = (550..800).step_by(2).any(|x| {
            harness.hover_at(egui::pos2(x as f32, y));
            harness.run_ok();
            let told = harness.query_all_by_label_contains("0.1 → 0.2 at step 150");
            // The flag always shows it.
            told.count() == 2
        });
        assert!(found, "{y}");
    }
}

#[test]
fn values_left_out_of_the_range_are_told_and_shown_on_a_click() {
    type Course = fn(u64) -> Sample;
    let cases: [(Course, &str); 2] =
        [(synthetic::warmup, "limit out of range"), (synthetic::diverged, "values above")];
    for (sample, told) in cases {
        let mut harness = harness_of(synthetic::run(201, sample));
        harness.run_ok();
        harness.get_by_label_contains(told).click();
        harness.run_ok();
        assert!(harness.query_by_label_contains(told).is_none());
        harness.get_by_label("all values in range").click();
        harness.run_ok();
        assert!(harness.query_by_label_contains(told).is_some());
    }
}

#[test]
fn a_click_on_the_axis_goes_through_its_kinds() {
    let mut harness = harness();
    harness.run_ok();
    assert_eq!(harness.query_all_by_label("log axis").count(), 2);
    for (now, scale) in [
        ("linear axis", ScaleKind::Log),
        ("log axis", ScaleKind::Symlog),
        ("symlog axis", ScaleKind::Linear),
    ] {
        harness.query_all_by_label(now).next().unwrap().click();
        harness.run_ok();
        let chosen = harness.state().view.choices.scales[&PanelKind::Sharpness];
        assert_eq!(chosen, scale);
        assert_eq!(harness.state().figure().panels[0].scale.kind(), scale);
    }
}

#[test]
fn an_alt_click_in_the_legend_shows_a_line_alone() {
    let mut harness = harness();
    harness.run_ok();
    let alt_click = |harness: &mut egui_kittest::Harness<'_, State>| {
        harness.get_by_label("λ₂").click_modifiers(egui::Modifiers::ALT);
        harness.run_ok();
        harness.render().unwrap()
    };
    let reds = |image: &image::RgbaImage| {
        count_near(image, [0xff, 0x7a, 0x3c]) + count_near(image, VERMILLION)
    };
    let before = harness.render().unwrap();
    let alone = alt_click(&mut harness);
    assert!(reds(&before) > 1000 && reds(&alone) < 100, "{} {}", reds(&before), reds(&alone));
    let again = alt_click(&mut harness);
    assert!(reds(&again) > 1000, "{}", reds(&again));
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
