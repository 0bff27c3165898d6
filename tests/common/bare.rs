//! The real window on a link whose other end the test holds: no thread, display or pixel.

#[path = "facts.rs"]
mod facts;

use eframe::egui::accesskit::Role;
use eframe::egui::{self, Key, Modifiers};
use egui_kittest::kittest::Queryable;
use egui_kittest::{Harness, Node};
use eoscope::config::RunConfig;
use eoscope::protocol::{Command, Event, WorkerEnd, link};
use eoscope::ui::App;

pub(crate) use facts::started;

/// A window, and the workers' end of its link.
pub(crate) struct Rig {
    pub(crate) window: Harness<'static, App>,
    pub(crate) worker: Option<WorkerEnd>,
}

/// Creates the window on a link.
pub(crate) fn window(
    ui: eoscope::protocol::UiEnd,
    config: RunConfig,
    size: egui::Vec2,
) -> Harness<'static, App> {
    Harness::builder()
        .with_size(size)
        .with_max_steps(16)
        .with_step_dt(1.0 / 60.0)
        .build_eframe(|cc| App::new(cc, ui, config))
}

impl Rig {
    /// A window that has requested its first run.
    pub(crate) fn open(config: RunConfig, size: egui::Vec2) -> Self {
        let (ui, worker) = link();
        let window = window(ui, config, size);
        let mut rig = Self { window, worker: Some(worker) };
        rig.settle();
        rig
    }

    /// Runs frames until the window stops repainting, or up to a limit for a running run.
    pub(crate) fn settle(&mut self) {
        self.window.run_ok();
    }

    /// Sends an event, and lets the window apply it.
    pub(crate) fn say(&mut self, event: Event) {
        if let Some(worker) = &self.worker {
            worker.events.send(event).unwrap();
        }
        self.settle();
    }

    /// All commands sent since the last call.
    pub(crate) fn commands(&mut self) -> Vec<Command> {
        self.worker.as_ref().map_or_else(Vec::new, |worker| worker.commands.try_iter().collect())
    }

    /// The unique control of a role and name.
    pub(crate) fn control<'a>(&'a self, role: Role, label: &'a str) -> Node<'a> {
        self.window.get_by_role_and_label(role, label)
    }

    /// Replaces the text of a field and presses Enter.
    pub(crate) fn type_over(&mut self, role: Role, label: &str, typed: &str) {
        self.control(role, label).click();
        self.settle();
        self.window.key_press_modifiers(Modifiers::COMMAND, Key::A);
        if typed.is_empty() {
            self.window.key_press(Key::Backspace);
        }
        self.window.event(egui::Event::Text(typed.to_owned()));
        self.settle();
        self.window.key_press(Key::Enter);
        self.settle();
    }
}
