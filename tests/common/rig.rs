//! The window with a made-up run, driven by accessible labels without display, thread or sleep.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "shared by tests, each of which uses a part of it"
)]

#[path = "facts.rs"]
mod facts;

use eframe::egui::{self, Key, accesskit::Role};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use eoscope::config::RunConfig;
use eoscope::protocol::{
    Command, Cost, Curvature, Eigenvalue, Event, Paused, Record, RunId, Sample, UiEnd, WorkerEnd,
    link,
};
use eoscope::ui::App;

use crate::soft::Soft;

pub(crate) struct Rig {
    pub(crate) window: Harness<'static, App>,
    pub(crate) worker: WorkerEnd,
}

impl Rig {
    pub(crate) fn open(config: RunConfig) -> Self {
        Self::built(|cc, link| App::new(cc, link, config))
    }

    /// Wraps a window created by the caller.
    pub(crate) fn built(make: impl FnOnce(&mut eframe::CreationContext<'_>, UiEnd) -> App) -> Self {
        let (ui, worker) = link();
        let window = Harness::builder()
            .with_size(egui::vec2(1440.0, 900.0))
            .with_max_steps(8)
            .with_step_dt(1.0 / 60.0)
            .renderer(Soft::default())
            .build_eframe(|cc| make(cc, ui));
        let mut rig = Self { window, worker };
        rig.settle();
        rig
    }

    /// A window on a run that has taken `n_steps` steps.
    pub(crate) fn running(config: &RunConfig, n_steps: u64) -> Self {
        let mut rig = Self::open(config.clone());
        rig.run(config, n_steps);
        rig
    }

    /// Starts the first run and lets it take `n_steps` steps.
    pub(crate) fn run(&mut self, config: &RunConfig, n_steps: u64) {
        self.commands();
        self.start(RunId(1), config);
        self.say(Event::Sampled { run: RunId(1), records: climb(0, n_steps) });
    }

    pub(crate) fn settle(&mut self) {
        self.window.run_ok();
    }

    pub(crate) fn say(&mut self, event: Event) {
        self.worker.events.send(event).unwrap();
        self.settle();
    }

    pub(crate) fn start(&mut self, run: RunId, config: &RunConfig) {
        self.say(facts::started(run, config));
    }

    /// All commands sent since the previous call.
    pub(crate) fn commands(&mut self) -> Vec<Command> {
        self.worker.commands.try_iter().collect()
    }

    pub(crate) fn press(&mut self, key: Key) -> Vec<Command> {
        self.window.key_press(key);
        self.settle();
        self.commands()
    }

    pub(crate) fn click(&mut self, label: &str) -> Vec<Command> {
        self.window.get_by_label(label).click();
        self.settle();
        self.commands()
    }

    /// Presses a key, leaving its commands in the queue.
    pub(crate) fn press_unheard(&mut self, key: Key) {
        self.window.key_press(key);
        self.settle();
    }

    /// Clicks, leaving the commands in the queue.
    pub(crate) fn click_unheard(&mut self, label: &str) {
        self.window.get_by_label(label).click();
        self.settle();
    }

    /// Types into a number field and moves focus away.
    pub(crate) fn type_number(&mut self, label: &str, typed: &str) -> Vec<Command> {
        self.window.get_by_role_and_label(Role::SpinButton, label).click();
        self.settle();
        self.window.key_press_modifiers(egui::Modifiers::COMMAND, Key::A);
        self.window.event(egui::Event::Text(typed.to_owned()));
        self.settle();
        self.window.key_press(Key::Enter);
        self.settle();
        self.commands()
    }

    /// Runs frames until a writing thread has finished.
    pub(crate) fn wait_for(&mut self, label: &str) {
        let started_at = std::time::Instant::now();
        while started_at.elapsed() < std::time::Duration::from_mins(1) {
            self.window.step();
            if self.window.query_by_label_contains(label).is_some() {
                // The dialog has grown by a line; its layout settles within a few frames.
                self.settle();
                return;
            }
        }
        panic!("“{label}” never appeared");
    }

    /// Opens a section of the controls, if it is closed.
    pub(crate) fn open_section(&mut self, title: &str) {
        let name = format!("{title}, closed:");
        if let Some(header) = self.window.query_by_label_contains(&name) {
            // Also below the fold.
            header.click_accesskit();
        }
        self.settle();
    }

    pub(crate) fn slider(&self, label: &str) -> egui::Rect {
        self.window.get_by_role_and_label(Role::Slider, label).rect()
    }

    pub(crate) fn drag(&mut self, from: egui::Pos2, to: egui::Pos2) {
        self.window.drag_at(from);
        self.settle();
        for part in [0.25, 0.5, 0.75, 1.0] {
            self.window.hover_at(from.lerp(to, part));
            self.settle();
        }
        self.window.drop_at(to);
        self.settle();
        // A slider that starts a run waits for a possible double-click.
        self.window.run_steps(24);
    }
}

/// Records of a run whose λ₁ reaches the limit at step 100 and stays there.
pub(crate) fn climb(from: u64, to: u64) -> Vec<Record> {
    (from..to)
        .map(|step| {
            let t = step as f64;
            let wiggle = if step > 100 { 1.5 * (t * 2.8).sin() } else { 0.0 };
            let sharpness = 20.0 - 15.0 * (-t / 40.0).exp() + wiggle;
            record(step, 0.5 * (-t / 120.0).exp() + 0.02 * wiggle.abs(), sharpness)
        })
        .collect()
}

pub(crate) fn record(step: u64, loss: f64, sharpness: f64) -> Record {
    let eigenvalue = |value| Eigenvalue {
        value,
        residual: 0.004,
        error: Some(1e-4),
        is_converged: true,
        identity: 0,
    };
    let curvature = Curvature {
        top: vec![eigenvalue(sharpness), eigenvalue(0.6 * sharpness)],
        hvps: 8,
        ..Curvature::default()
    };
    let sample = Sample {
        step,
        epoch: step as f64,
        loss,
        learning_rate: 0.1,
        effective_learning_rate: 0.1,
        grad_norm: 0.3 * loss.sqrt(),
        clip_scale: 1.0,
        stability_threshold: Some(20.0),
        effective_threshold: Some(20.0),
        curvature: Some(curvature),
        ..Sample::default()
    };
    let cost = Cost { step_ms: 14.0, probe_ms: 9.0, ..Cost::default() };
    Record { sample, cost }
}

/// The configuration of the only command, which must start a run.
pub(crate) fn started(commands: Vec<Command>) -> (RunId, RunConfig, Paused) {
    let mut starts = commands.into_iter().filter_map(|command| match command {
        Command::Start { run, config, is_paused } => Some((run, *config, is_paused)),
        _ => None,
    });
    let start = starts.next().expect("a run must have been started");
    assert_eq!(starts.next(), None);
    start
}
