//! The left panel: a control for every setting. Those of a lecture are always shown, the others are in
//! sections.

use eframe::egui::{Align, CollapsingHeader, Context, Layout, RichText, Ui, vec2};

use crate::config::settings::{CLIP_MODE, CLIP_VALUE, PEAK_LR, SEED, TASK};
use crate::config::{RunConfig, Section, Setting};
use crate::paint::theme;
use crate::quantity;
use crate::text;
use crate::ui::action::WindowAction;
use crate::ui::appearance::{Appearance, OpenSections, Pins};
use crate::ui::regions::asked::Asked;
use crate::ui::session::{Request, Session, stable_rate};
use crate::ui::widgets::control_range::ControlRange;
use crate::ui::widgets::interaction::Interaction;
use crate::ui::widgets::number_control::{Edit, NumberControl};
use crate::ui::widgets::{factor_list, pin, width_list};

use super::data_file::DataFileField;
use super::find_words::FindWords;
use super::section_parts::PINNED;

/// The sign of settings that start the run again.
pub(super) const RESTARTS: &str = "↺";

/// What [`RESTARTS`] means.
pub(super) const RESTARTS_TOOLTIP: &str =
    "A change starts a new run from the same seed; the former run stays as a ghost.";

/// State of the panel between frames.
#[derive(Debug, Default)]
pub(in crate::ui) struct Controls {
    pub(super) interaction: Interaction,
    pub(super) widths: width_list::Draft,
    pub(super) factors: factor_list::Draft,
    pub(super) data_file: DataFileField,
    pub(super) find: FindWords,
    pub(super) is_smallest_shown: bool,
}

impl Controls {
    /// Gives keyboard focus to the control found in the last frame. Call before drawing any control.
    pub(in crate::ui) fn give_focus(&mut self, ctx: &Context) {
        self.interaction.give_focus(ctx);
    }

    /// Gives keyboard focus to the control of a setting when it is next drawn.
    pub(in crate::ui) fn focus(&mut self, key: &'static str) {
        self.interaction.focus(key);
    }

    /// Opens the box that finds a control.
    pub(in crate::ui) fn find(&mut self) {
        self.find.open();
    }

    /// Closes that box; returns whether it was open.
    pub(in crate::ui) fn close_find(&mut self) -> bool {
        self.find.close()
    }

    /// Whether the plots show the smallest eigenvalue.
    pub(in crate::ui) fn is_smallest_shown(&self) -> bool {
        self.is_smallest_shown
    }
}

/// One frame of the panel: requested settings, the settings to reset to, and what the user asked for.
pub(super) struct Panel<'a> {
    pub(super) controls: &'a mut Controls,
    pub(super) session: &'a Session,
    pub(super) pins: &'a Pins,
    pub(super) sections: &'a OpenSections,
    pub(super) config: RunConfig,
    pub(super) reset_target: RunConfig,
    pub(super) requests: Vec<Request>,
    pub(super) actions: Vec<WindowAction>,
}

/// Draws the panel; returns what the user asked for.
pub(in crate::ui) fn show(
    ui: &mut Ui,
    controls: &mut Controls,
    session: &Session,
    appearance: &Appearance,
) -> Asked {
    let mut panel = Panel::new(ui, controls, session, appearance);
    if !panel.found(ui) {
        panel.pinned(ui);
        ui.separator();
        panel.sections(ui);
        panel.foot(ui);
    }
    panel.asked()
}

/// Draws the controls of some settings; with a mode of clipping, its level too. Returns what the user
/// asked for.
pub(in crate::ui) fn show_some(
    ui: &mut Ui,
    controls: &mut Controls,
    session: &Session,
    appearance: &Appearance,
    settings: &[&'static Setting],
) -> Asked {
    let mut panel = Panel::new(ui, controls, session, appearance);
    for setting in settings {
        panel.setting(ui, setting);
        if **setting == CLIP_MODE && !settings.contains(&&CLIP_VALUE) {
            panel.setting(ui, &CLIP_VALUE);
        }
    }
    panel.asked()
}

impl<'a> Panel<'a> {
    /// The panel without anything drawn.
    fn new(
        ui: &mut Ui,
        controls: &'a mut Controls,
        session: &'a Session,
        appearance: &'a Appearance,
    ) -> Self {
        let factor = theme::factor(ui.style());
        ui.spacing_mut().item_spacing.y = 4.0 * factor;
        ui.spacing_mut().interact_size.y = 22.0 * factor;
        ui.spacing_mut().button_padding = vec2(8.0, 3.0) * factor;
        let config = session.config_requested();
        let reset_target = session.reset_target();
        let (requests, actions) = (Vec::new(), Vec::new());
        let Appearance { pins, sections, .. } = appearance;
        Self { controls, session, pins, sections, config, reset_target, requests, actions }
    }

    fn asked(self) -> Asked {
        Asked { requests: self.requests, actions: self.actions }
    }
}

impl Panel<'_> {
    /// What is always shown: the learning rate, the optimizer, warmup and clipping.
    fn pinned(&mut self, ui: &mut Ui) {
        for group in PINNED {
            self.section(ui, group);
            if group == Section::Rate {
                self.rate_of_rule(ui);
            }
        }
    }

    /// What the signs mean, or that a change waits for the next step.
    fn foot(&mut self, ui: &mut Ui) {
        let words = if self.session.has_unconfirmed_settings() {
            "… sent; it takes effect at the next step".to_owned()
        } else {
            format!("{RESTARTS} starts the run again from its seed")
        };
        ui.add_space(6.0);
        ui.horizontal(|ui| {
            ui.label(RichText::new(words).small().weak()).on_hover_text(RESTARTS_TOOLTIP);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let find =
                    ui.small_button("Find…").on_hover_text("Find a control by word (Ctrl+F).");
                if find.clicked() {
                    self.actions.push(WindowAction::FindControl);
                }
            });
        });
    }

    /// The controls of a group. Unread settings are hidden, or disabled with the reason.
    pub(super) fn section(&mut self, ui: &mut Ui, section: Section) {
        for setting in Setting::all().filter(|setting| setting.section == section) {
            if self.setting(ui, setting) {
                self.extras_below(ui, setting);
            }
        }
    }

    /// The control of a setting, unless it is hidden; returns whether it is there.
    fn setting(&mut self, ui: &mut Ui, setting: &'static Setting) -> bool {
        match setting.why_unread(&self.config) {
            None => self.row(ui, setting),
            Some(why) if setting.is_always_shown => {
                ui.add_enabled_ui(false, |ui| self.row(ui, setting))
                    .response
                    .on_disabled_hover_text(text::sentence(&why));
            }
            Some(_) => return false,
        }
        true
    }

    /// Extra controls below that of a setting.
    fn extras_below(&mut self, ui: &mut Ui, setting: &'static Setting) {
        if *setting == PEAK_LR {
            self.limit(ui);
            self.which_rate(ui);
        } else if *setting == SEED {
            self.new_seed(ui);
        }
        self.file_below(ui, setting);
    }

    /// The control of the data file, below that of the task.
    pub(super) fn file_below(&mut self, ui: &mut Ui, setting: &'static Setting) {
        if *setting == TASK {
            let controls = &mut *self.controls;
            let field = &mut controls.data_file;
            self.requests.extend(field.show(ui, &self.config, &mut controls.interaction));
        }
    }

    /// r₀ = η·λ₁(0)/limit: the peak rate as a multiple of the rate at which the run starts on the limit.
    pub(super) fn starting_ratio(&mut self, ui: &mut Ui) {
        let Some(rate) = ControlRange::of(&PEAK_LR, &self.config, &self.reset_target) else {
            return;
        };
        let run = self.session.current();
        let Some((unit, limit)) = stable_rate::starting_ratio(run, 1.0) else {
            let is_measured = !run.series(quantity::SHARPNESS).is_empty();
            let words =
                if is_measured { "r₀: no limit to start from" } else { "r₀ not measured yet" };
            // As high as the control that replaces it.
            ui.horizontal(|ui| ui.weak(words));
            return;
        };
        let rates = rate.limits.clone();
        let control = NumberControl {
            key: "r₀",
            label: &format!(
                "r₀ = η·{}(0)/{}",
                run.governing_symbol(),
                text::number(text::rounded(limit, 4))
            ),
            unit: "",
            tooltip: "Rate times first measured sharpness over the number in the stability limit \
                      (2 in 2/η): above 1 a run starts unstable, below 1 stable. Typing it sets \
                      the learning rate.",
            effect: PEAK_LR.effect,
            value: text::rounded(self.config.live.peak_lr * unit, 3),
            reset_value: self.reset_target.live.peak_lr * unit,
            range: ControlRange {
                limits: rates.start() * unit..=rates.end() * unit,
                span: None,
                ..rate
            },
            tick: None,
        };
        let interaction = &mut self.controls.interaction;
        let edit = pin::beside(ui, |ui| control.show(ui, interaction));
        let Some(Edit::Moving(ratio, gesture) | Edit::Settled(ratio, gesture)) = edit else {
            return;
        };
        let rate = text::rounded(ratio / unit, 6).clamp(*rates.start(), *rates.end());
        let value = PEAK_LR.of_number(rate);
        self.requests.push(Request::Set { setting: &PEAK_LR, value, gesture });
    }
}

/// A part of a section behind a title of its own.
pub(super) fn fold(ui: &mut Ui, title: &str, body: impl FnOnce(&mut Ui)) {
    CollapsingHeader::new(title).default_open(false).show(ui, body);
}
