//! The controls that begin a new run: initialization, task, network, optimizer.
//! Does not know how a control looks.

use eframe::egui::{Align, Layout, Ui};

use super::{Panel, heading};
use crate::config::{InitScheme, InputShape, Normalization, SETTINGS, TaskName, Tuning};
use crate::paint::theme;
use crate::ui::widths;
use crate::ui::wish::{Touch, Wish};

impl Panel<'_> {
    pub(super) fn restart(&mut self, ui: &mut Ui) {
        let orange = theme::colours(ui.visuals()).orange;
        heading(
            ui,
            ("↺", orange),
            "Restarts the run",
            "These begin a new run from the same seed; the former one stays as a ghost.",
        );
        self.start(ui);
        self.seed(ui);
        self.row(ui, "n_steps");
        ui.separator();
        for key in ["task.name", "task.n_train", "task.n_probe"] {
            self.row(ui, key);
        }
        match self.config.task.name {
            TaskName::Chebyshev => self.row(ui, "task.degree"),
            TaskName::Clusters => self.row(ui, "task.separation"),
            TaskName::Sorting => {
                self.row(ui, "task.length");
                self.row(ui, "task.symbols");
            }
            TaskName::Fashion
            | TaskName::Digits
            | TaskName::Mnist1d
            | TaskName::Shapes
            | TaskName::ShapesGrey
            | TaskName::Spirals
            | TaskName::Teacher
            | TaskName::TeacherClasses
            | TaskName::DeepLinear
            | TaskName::Point => {}
        }
        self.row(ui, "loss");
        ui.separator();
        self.network(ui);
        ui.separator();
        for key in ["optimizer.rule", "optimizer.batch", "dtype"] {
            self.row(ui, key);
        }
    }

    /// How the weights start: the settings that its choices read.
    fn start(&mut self, ui: &mut Ui) {
        let init = &self.config.init;
        let (scheme, tuning) = (init.scheme, init.tuning);
        for key in SETTINGS.iter().map(|row| row.key) {
            let Some(name) = key.strip_prefix("init.") else { continue };
            let is_read = match name {
                "base_width" => scheme == InitScheme::Mup,
                "tuning_steps" => matches!(tuning, Tuning::MetaInit | Tuning::GradInit),
                "tuning_batch" => tuning != Tuning::None,
                _ if name.starts_with("meta.") => tuning == Tuning::MetaInit,
                _ if name.starts_with("grad.") => tuning == Tuning::GradInit,
                _ => true,
            };
            if is_read {
                self.row(ui, key);
            }
        }
    }

    /// The settings that the architecture reads.
    fn network(&mut self, ui: &mut Ui) {
        self.row(ui, "model.architecture");
        let model = &self.config.model;
        let hidden = model.hidden.clone();
        let has_ghosts = model.normalization == Normalization::Batch;
        let is_image = matches!(self.config.task.info().shape, InputShape::Image { .. });
        for key in SETTINGS.iter().map(|row| row.key) {
            let name = key.strip_prefix("model.").unwrap_or_default();
            if !self.config.model.architecture.reads_key(name)
                || (name == "ghost_batch" && !has_ghosts)
                || (name == "patch" && !is_image)
            {
                continue;
            }
            if name != "hidden" {
                self.row(ui, key);
                continue;
            }
            let controls = &mut *self.controls;
            let typed = widths::show(ui, &hidden, &mut controls.widths, &mut controls.hand);
            if let Some(value) = typed {
                self.wishes.push(Wish::Set { key, value, touch: Touch::New });
            }
        }
    }

    fn seed(&mut self, ui: &mut Ui) {
        self.row(ui, "seed");
        let button = |ui: &mut Ui| {
            ui.button("New seed")
                .on_hover_text("The next seed: other initial weights (N).")
                .clicked()
        };
        if ui.with_layout(Layout::top_down(Align::Max), button).inner {
            self.wishes.push(Wish::NewSeed);
        }
    }
}
