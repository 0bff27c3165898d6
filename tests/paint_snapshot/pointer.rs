//! Plots under the pointer: drags, clicks, the wheel, and what is told beside it.

use eframe::egui;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use eoscope::figure::{Figure, Options, PanelKind, ScaleKind, compose};
use eoscope::history::Run;
use eoscope::paint::{PlotView, screen, theme};
use eoscope::protocol::Sample;

use crate::{BLUE, VERMILLION, count_near, shown, soft, synthetic};

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
        [(synthetic::warmup, "limits out of range"), (synthetic::diverged, "values above")];
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
