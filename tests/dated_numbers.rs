//! Every number in the window's status line, cards, plots and table of runs belongs to the step printed
//! beside it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

#[allow(dead_code, reason = "each test uses its part")]
#[path = "common/bare.rs"]
mod bare;

use bare::{Rig, started};
use eframe::egui::{self, accesskit::Role};
use egui_kittest::kittest::{NodeT, Queryable};
use eoscope::config::{Batch, Clip, ClipMode, Interval, Rule, RunConfig, preset};
use eoscope::figure::caption;
use eoscope::history::Run;
use eoscope::protocol::{
    Cost, Curvature, Eigenvalue, Event, Record, RunEnd, RunId, Sample, Solved,
};
use eoscope::quantity::{self, Quantity};
use eoscope::text::{number, rounded};

const RUN: RunId = RunId(1);

/// A made-up run: its configuration, the course of λ₁, and its final state.
struct Scene {
    name: &'static str,
    config: RunConfig,
    sharpness: fn(u64) -> f64,
    /// The last step at which λ₁ is measured.
    measured_to: u64,
    clip_scale: f64,
    ends: Option<RunEnd>,
    is_paused: bool,
}

/// Steps of a scene; few enough that every value is drawn.
const N: u64 = 61;

fn calm(name: &'static str, change: impl Fn(&mut RunConfig)) -> Scene {
    let mut config = preset("fashion-edge").unwrap().config.clone();
    config.live.probe.every = Interval::every(3);
    change(&mut config);
    Scene {
        name,
        config,
        sharpness: |step| 5.0 + step as f64 / 30.0,
        measured_to: N,
        clip_scale: 1.0,
        ends: None,
        is_paused: false,
    }
}

fn scenes() -> Vec<Scene> {
    let clip = |mode| move |c: &mut RunConfig| c.live.clip = Clip::at(mode, 0.3);
    let edge = |step: u64| 20.0 + (step as f64).sin();
    let diverged = || Some(RunEnd::Diverged { loss: 12345.0 });
    vec![
        calm("calm", |_| {}),
        Scene { sharpness: edge, ..calm("edge", |_| {}) },
        Scene { sharpness: |step| 9.0 + step as f64, ends: diverged(), ..calm("blow-up", |_| {}) },
        Scene { sharpness: |_| 62.8, clip_scale: 0.3, ..calm("norm", clip(ClipMode::Absolute)) },
        Scene { sharpness: edge, clip_scale: 0.3, ..calm("value", clip(ClipMode::Value)) },
        calm("mini-batch", |c| c.optimizer.batch = Batch::Size(8.try_into().unwrap())),
        Scene { sharpness: |_| 300.0, ..calm("adam", |c| c.optimizer.rule = Rule::Adam) },
        Scene { measured_to: 21, ..calm("off", |c| c.live.probe.every = Interval::Off) },
        Scene {
            sharpness: |step| 19.0 + step as f64,
            measured_to: 21,
            ends: diverged(),
            ..calm("diverged unmeasured", |c| c.live.probe.every = Interval::Off)
        },
        Scene { is_paused: true, ..calm("paused", |_| {}) },
        Scene { ends: Some(RunEnd::Finished), ..calm("finished", |_| {}) },
    ]
}

impl Scene {
    fn record(&self, step: u64) -> Record {
        let value = (self.sharpness)(step);
        let eigenvalue = Eigenvalue {
            value,
            residual: 0.004,
            error: Some(0.004),
            is_converged: true,
            identity: 0,
        };
        let is_adam = self.config.optimizer.rule == Rule::Adam;
        let is_measured = step.is_multiple_of(3) && step < self.measured_to;
        let curvature = is_measured.then(|| Curvature {
            top: vec![Eigenvalue { value: if is_adam { 7.0 } else { value }, ..eigenvalue }],
            hvps: 8 + u32::try_from(step).unwrap(),
            preconditioned: is_adam.then_some(Solved { eigenvalue, hvps: 9 }),
            ..Curvature::default()
        });
        let limit = (if is_adam { 38.0 } else { 2.0 }) / self.config.live.peak_lr;
        let is_of_norm = self.config.live.clip.mode == ClipMode::Absolute;
        let is_whole = self.clip_scale == 1.0;
        let sample = Sample {
            step,
            epoch: step as f64,
            loss: 0.5 * (-(step as f64) / 40.0).exp(),
            learning_rate: self.config.live.peak_lr,
            effective_learning_rate: self.config.live.peak_lr * self.clip_scale,
            grad_norm: 1.0 / (1.0 + step as f64),
            clip_level: is_of_norm.then_some(0.3),
            clip_scale: self.clip_scale,
            clipped_fraction: (!is_whole).then_some(1.0),
            stability_threshold: Some(limit),
            effective_threshold: (is_whole || is_of_norm).then_some(limit / self.clip_scale),
            curvature,
            ..Sample::default()
        };
        Record { sample, cost: Cost { step_ms: 14.0, probe_ms: 9.0, ..Cost::default() } }
    }

    fn events(&self) -> Vec<Event> {
        let records = (0..N).map(|step| self.record(step)).collect();
        let mut events = vec![started(RUN, &self.config), Event::Sampled { run: RUN, records }];
        let step = N;
        events.extend(self.is_paused.then_some(Event::Paused { run: RUN, step }));
        let stop = |end: &RunEnd| Event::Ended { run: RUN, step, end: end.clone() };
        events.extend(self.ends.iter().map(stop));
        events
    }
}

/// The window after these events, and the resulting run.
fn shown(scene: &Scene) -> (Rig, Run) {
    let mut rig = Rig::open(scene.config.clone(), egui::vec2(1440.0, 900.0));
    let mut run = Run::new(RUN, scene.config.clone());
    for event in scene.events() {
        run.apply(&event);
        rig.say(event);
    }
    (rig, run)
}

/// All text in the window, including accessible names.
fn texts(rig: &Rig) -> Vec<String> {
    let wanted = [Role::Label, Role::Image];
    let nodes = rig.window.query_all_by(|node| wanted.contains(&node.role()));
    let text = |node: egui_kittest::Node<'_>| {
        let node = node.accesskit_node();
        node.value().or_else(|| node.label())
    };
    nodes.filter_map(text).collect()
}

fn three(x: f64) -> String {
    number(rounded(x, 3))
}

/// The number after the last "at step".
fn step_in(sentence: &str) -> u64 {
    let after = sentence.rsplit("at step ").next().unwrap();
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("no step in “{sentence}”"))
}

/// λ₁ against its limit in the status line.
fn check_status(scene: &Scene, run: &Run, texts: &[String]) {
    let name = scene.name;
    let symbol = run.governing_symbol();
    let head = format!("{symbol} ");
    let found = texts.iter().find(|text| text.starts_with(&head) && text.contains("limit"));
    let told = found.unwrap_or_else(|| panic!("{name}: no verdict in {texts:#?}"));
    let step = step_in(told);
    assert_eq!(step, (scene.measured_to.min(N) - 1) / 3 * 3, "{name}: the last measured one");
    let record = scene.record(step);
    let read = |quantity: Quantity| quantity.read(&record);
    let sharpness = three((scene.sharpness)(step));
    let wanted = match (read(quantity::EFFECTIVE_THRESHOLD), read(quantity::BINDING_RATIO)) {
        (Some(limit), Some(ratio)) => {
            let of = if scene.clip_scale < 1.0 { "limit at η eff" } else { "limit" };
            format!("{symbol} {sharpness} · {of} {} · ratio {}", three(limit), three(ratio))
        }
        _ => format!("{symbol} {sharpness} · no limit"),
    };
    let age = N - 1 - step;
    let is_old = scene.measured_to < N;
    let ago = if is_old { format!(", {age} steps ago") } else { String::new() };
    assert_eq!(*told, format!("{wanted} at step {step}{ago}"), "{name}");
    let scaled = read(quantity::PRECONDITIONED_SHARPNESS_HVPS);
    let hvps = scaled.or(read(quantity::SHARPNESS_HVPS)).unwrap();
    let cost = format!("measured at step {step}: {hvps} HVPs, 9 ms, error 0.004 (converged)");
    assert!(texts.contains(&cost), "{name}: {cost} is not in {texts:#?}");
    assert!(texts.iter().all(|text| !text.contains("-0 %")), "{name}");
}

/// Every number of a plot belongs to the step beside it, or to the newest step.
fn check_plots(scene: &Scene, run: &Run, texts: &[String]) {
    let titles =
        ["Preconditioned sharpness", "Sharpness", "Loss", "Learning rate", "Gradient norm"];
    let plots = texts.iter().filter_map(|text| text.split_once(": "));
    let plots: Vec<_> = plots.filter(|(title, _)| titles.contains(title)).collect();
    assert!(plots.len() >= 4, "{}: {texts:#?}", scene.name);
    for (title, told) in plots.into_iter().filter(|(_, told)| !told.starts_with("no value")) {
        for part in told.split(", ").filter(|part| *part != "nothing measured yet") {
            let (part, step) = match part.split_once(" at ") {
                Some((part, step)) => (part, step.parse().unwrap()),
                None => (part, N - 1),
            };
            let (name, value) = part.rsplit_once(' ').unwrap();
            let quantity = match name {
                "2/η" => quantity::STABILITY_THRESHOLD,
                "2/η eff" => quantity::EFFECTIVE_THRESHOLD,
                "ratio" => quantity::BINDING_RATIO,
                symbol => Quantity::all().find(|other| other.symbol() == symbol).unwrap(),
            };
            let wanted = run.series(quantity).at(step).map(three);
            assert_eq!(wanted.as_deref(), Some(value), "{}: {title}: {told}", scene.name);
        }
    }
}

/// Text of the card of a diverged run.
fn check_card(scene: &Scene, run: &Run, texts: &[String]) {
    let Some(RunEnd::Diverged { loss }) = scene.ends else {
        assert!(texts.iter().all(|text| !text.starts_with("Diverged")), "{}", scene.name);
        return;
    };
    let card = texts.iter().find(|text| text.starts_with("Diverged at step")).unwrap();
    assert!(card.contains(&format!("at step {N}: loss {}", number(loss))), "{card}");
    let ratios: Vec<(u64, f64)> = run.series(quantity::BINDING_RATIO).iter().collect();
    let (first, _) = ratios.iter().find(|(_, ratio)| *ratio > 1.0).unwrap();
    let (last, most) = ratios.last().unwrap();
    let most = (most * 10.0).round() / 10.0;
    assert!(card.contains(&format!("(up to {} times at step {last})", number(most))), "{card}");
    let since = if scene.measured_to < N {
        format!("was above the line from step {first} to {last}, when it was last measured")
    } else {
        format!("has been above the line since step {first}")
    };
    assert!(card.contains(&since), "{card}");
}

/// Caption and legend.
fn check_words(scene: &Scene, run: &Run, texts: &[String]) {
    let (name, told) = (scene.name, caption(run, &[]));
    let rate = number(scene.config.live.peak_lr);
    assert!(told.contains(&format!("η = {rate}; seed {}", scene.config.seed)), "{name}: {told}");
    let clipping = ["clipping at 0.3", "clipping coordinates at ±0.3"];
    let is_on = [ClipMode::Absolute, ClipMode::Value].map(|m| scene.config.live.clip.mode == m);
    for (words, is_on) in clipping.into_iter().zip(is_on) {
        assert_eq!(told.contains(words), is_on, "{name}: {told}");
    }
    let says = |words: &str| texts.iter().any(|text| text.contains(words));
    assert_eq!(says("2/η eff"), is_on[0], "{name}: the limit at the effective rate");
    let is_off = scene.config.live.probe.every == Interval::Off;
    assert_eq!(says("“Measure every” is off"), is_off, "{name}");
    assert_eq!(says("holds for full batch"), name == "mini-batch", "{name}");
}

#[test]
fn every_number_in_the_window_is_of_the_step_beside_it() {
    for scene in scenes() {
        let (rig, run) = shown(&scene);
        let texts = texts(&rig);
        check_status(&scene, &run, &texts);
        check_plots(&scene, &run, &texts);
        check_card(&scene, &run, &texts);
        check_words(&scene, &run, &texts);
    }
}

#[test]
fn a_run_begun_again_says_nothing_of_the_one_before() {
    let scene = calm("restarted", |_| {});
    let (mut rig, _) = shown(&scene);
    rig.commands();
    rig.window.key_press(egui::Key::R);
    rig.settle();
    let (run, config, ..) = rig
        .commands()
        .into_iter()
        .find_map(|command| {
            let eoscope::protocol::Command::Start { run, config, .. } = command else {
                return None;
            };
            Some((run, *config))
        })
        .unwrap();
    rig.say(started(run, &config));
    let told = texts(&rig);
    assert!(
        told.iter().all(|text| !text.starts_with("λ₁ ") || !text.contains("limit")),
        "{told:#?}"
    );
    let again = Scene { sharpness: |step| 11.0 + step as f64 / 30.0, ..calm("restarted", |_| {}) };
    let mut history = Run::new(run, config);
    let records = (0..N).map(|step| again.record(step)).collect();
    let sampled = Event::Sampled { run, records };
    history.apply(&sampled);
    rig.say(sampled);
    check_status(&again, &history, &texts(&rig));
}

/// First line of the table under the pointer.
fn step_under(rig: &mut Rig, at: egui::Pos2) -> u64 {
    rig.window.hover_at(at);
    rig.settle();
    rig.settle();
    let images = rig.window.query_all_by_role(Role::Image);
    let heads = images.filter_map(|image| image.accesskit_node().label());
    let head = heads.into_iter().find(|label| label.starts_with("step ")).unwrap();
    head.split(['\n', ' ']).nth(1).unwrap().parse().unwrap()
}

fn sharpness_plot(rig: &Rig) -> egui::Rect {
    let images = rig.window.query_all_by_role(Role::Image);
    let is_plot = |node: &egui_kittest::Node<'_>| {
        node.accesskit_node().label().is_some_and(|label| label.starts_with("Sharpness:"))
    };
    images.into_iter().find(is_plot).unwrap().rect()
}

#[test]
fn a_box_let_go_outside_the_plot_zooms_to_its_edge_and_nobody_pans_to_before_the_first_step() {
    let (mut rig, _) = shown(&calm("boxed", |_| {}));
    let plot = sharpness_plot(&rig);
    let left = egui::pos2(plot.left() + 14.0, plot.center().y);
    assert_eq!(step_under(&mut rig, left), 0);
    let button = |pos, button, pressed| egui::Event::PointerButton {
        pos,
        button,
        pressed,
        modifiers: egui::Modifiers::NONE,
    };
    let drag = |rig: &mut Rig, which, from: egui::Pos2, to: egui::Pos2| {
        rig.window.hover_at(from);
        rig.settle();
        rig.window.event(button(from, which, true));
        rig.settle();
        for part in [0.3, 0.7, 1.0] {
            rig.window.hover_at(from.lerp(to, part));
            rig.settle();
        }
        rig.window.event(button(to, which, false));
        rig.settle();
    };
    let outside = plot.right_bottom() + egui::vec2(-1.0, 250.0);
    drag(&mut rig, egui::PointerButton::Secondary, plot.center(), outside);
    let first = step_under(&mut rig, left);
    assert!((25..40).contains(&first), "the box began in the middle: {first}");
    // Half a screen at a time, beyond the last step.
    for _ in 0..6 {
        let to = plot.center() + egui::vec2(0.4 * plot.width(), 0.0);
        drag(&mut rig, egui::PointerButton::Primary, plot.center(), to);
    }
    assert_eq!(step_under(&mut rig, left), 0);
    assert!(step_under(&mut rig, egui::pos2(plot.right() - 4.0, left.y)) > 20);
}
