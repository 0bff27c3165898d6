//! The left panel: a control for every setting, grouped into live settings and those that restart.

use eframe::egui::{CollapsingHeader, Color32, Context, RichText, Ui, vec2};

use crate::config::settings::{CLIP_MODE, CLIP_VALUE, PEAK_LR, SEED, TASK, WARMUP_STEPS};
use crate::config::{RunConfig, Section, Setting};
use crate::paint::theme;
use crate::quantity;
use crate::text;
use crate::ui::action::WindowAction;
use crate::ui::appearance::Pins;
use crate::ui::regions::asked::Asked;
use crate::ui::session::{Request, Session, stable_rate};
use crate::ui::widgets::control_range::{self, ControlRange};
use crate::ui::widgets::interaction::Interaction;
use crate::ui::widgets::number_control::{Edit, NumberControl};
use crate::ui::widgets::{factor_list, pin, width_list};

use super::data_file::DataFileField;

/// State of the panel between frames.
#[derive(Debug, Default)]
pub(in crate::ui) struct Controls {
    pub(super) interaction: Interaction,
    pub(super) widths: width_list::Draft,
    pub(super) factors: factor_list::Draft,
    pub(super) data_file: DataFileField,
    is_smallest_shown: bool,
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
    pins: &Pins,
) -> Asked {
    let mut panel = Panel::new(ui, controls, session, pins);
    panel.live(ui);
    panel.live_rest(ui);
    ui.add_space(10.0);
    panel.restart(ui);
    panel.asked()
}

/// Draws the controls of some settings; with a mode of clipping, its level too. Returns what the user
/// asked for.
pub(in crate::ui) fn show_some(
    ui: &mut Ui,
    controls: &mut Controls,
    session: &Session,
    pins: &Pins,
    settings: &[&'static Setting],
) -> Asked {
    let mut panel = Panel::new(ui, controls, session, pins);
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
    fn new(ui: &mut Ui, controls: &'a mut Controls, session: &'a Session, pins: &'a Pins) -> Self {
        let factor = theme::factor(ui.style());
        ui.spacing_mut().item_spacing.y = 4.0 * factor;
        ui.spacing_mut().interact_size.y = 22.0 * factor;
        ui.spacing_mut().button_padding = vec2(8.0, 3.0) * factor;
        let config = session.config_requested();
        let reset_target = session.reset_target();
        let (requests, actions) = (Vec::new(), Vec::new());
        Self { controls, session, pins, config, reset_target, requests, actions }
    }

    fn asked(self) -> Asked {
        Asked { requests: self.requests, actions: self.actions }
    }
}

impl Panel<'_> {
    fn live(&mut self, ui: &mut Ui) {
        let title = if self.session.has_unconfirmed_settings() { "Live …" } else { "Live" };
        let green = theme::colours(ui.visuals()).green;
        heading(ui, "●", green, title, "These take effect at the next step; the run continues.");
        self.rate(ui);
    }

    fn live_rest(&mut self, ui: &mut Ui) {
        self.section(ui, Section::Schedule);
        self.section(ui, Section::Rule);
        fold(ui, "Decay", |ui| self.section(ui, Section::Decay));
        fold(ui, "Measurements", |ui| {
            self.section(ui, Section::Measurements);
            self.section(ui, Section::Tests);
            ui.checkbox(&mut self.controls.is_smallest_shown, "Show λ min")
                .on_hover_text("A thin line for the smallest eigenvalue, where it is measured.");
        });
    }

    /// The controls of a section. Unread settings are hidden, or disabled with the reason.
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
            self.largest_stable(ui);
            self.searches(ui);
            self.trials(ui);
            self.starting_ratio(ui);
        } else if *setting == WARMUP_STEPS {
            self.warmup_start(ui);
        } else if *setting == TASK {
            let controls = &mut *self.controls;
            let field = &mut controls.data_file;
            self.requests.extend(field.show(ui, &self.config, &mut controls.interaction));
        } else if *setting == SEED {
            self.new_seed(ui);
        }
    }

    /// r₀ = η·λ₁(0)/limit: the peak rate as a multiple of the rate at which the run starts on the limit.
    fn starting_ratio(&mut self, ui: &mut Ui) {
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
        };
        let interaction = &mut self.controls.interaction;
        let edit = pin::beside(ui, |ui| control.show(ui, interaction));
        let Some(Edit::Moving(ratio, gesture) | Edit::Settled(ratio, gesture)) = edit else {
            return;
        };
        let rate = text::rounded(ratio / unit, 6).clamp(*rates.start(), *rates.end());
        let value = control_range::value_of(&PEAK_LR, rate);
        self.requests.push(Request::Set { setting: &PEAK_LR, value, gesture });
    }
}

/// A group's heading: badge and title with the same tooltip.
pub(super) fn heading(ui: &mut Ui, badge: &str, color: Color32, title: &str, tooltip: &str) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(badge).heading().color(color)).on_hover_text(tooltip);
        ui.label(RichText::new(title).heading().strong()).on_hover_text(tooltip);
    });
}

pub(super) fn fold(ui: &mut Ui, title: &str, body: impl FnOnce(&mut Ui)) {
    CollapsingHeader::new(title).default_open(false).show(ui, body);
}
