//! A number control: name, typed field and slider.

use std::cell::RefCell;
use std::ops::RangeInclusive;

use eframe::egui::{
    self, Align, DragValue, Label, Layout, PointerButton, Response, RichText, Sense, Shape, Slider,
    Ui,
};

use crate::config::Effect;
use crate::figure::Scale;
use crate::text;
use crate::ui::gesture::Gesture;

use super::control_range::{ControlRange, NumberKind};
use super::interaction::{DOUBLE_CLICK_SECS, Held, Interaction};
use super::number_field;
use super::slider_rail::{Rail, SliderTick};

/// A number to display and edit.
pub(in crate::ui) struct NumberControl<'a> {
    /// Unique key of the control.
    pub(in crate::ui) key: &'static str,
    /// Name, visible and for screen readers.
    pub(in crate::ui) label: &'a str,
    /// Unit after the field; can be empty.
    pub(in crate::ui) unit: &'a str,
    /// Tooltip: one sentence on what the setting does.
    pub(in crate::ui) tooltip: &'a str,
    /// Whether a change is live, and sent while dragging, or starts a new run, on release.
    pub(in crate::ui) effect: Effect,
    /// The present value.
    pub(in crate::ui) value: f64,
    /// The value that a double-click restores.
    pub(in crate::ui) reset_value: f64,
    /// Limits and slider range.
    pub(in crate::ui) range: ControlRange,
    /// A value marked on the slider.
    pub(in crate::ui) tick: Option<SliderTick>,
}

/// A value chosen by the user.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::ui) enum Edit {
    /// While dragging.
    Moving(f64, Gesture),
    /// Released, typed or reset.
    Settled(f64, Gesture),
}

/// The parts of a control in this frame, and its value before and after.
pub(super) struct Parts {
    pub(super) name: Response,
    pub(super) field: Response,
    pub(super) slider: Option<Response>,
    pub(super) span: Option<RangeInclusive<f64>>,
    pub(super) shown: f64,
    pub(super) value: f64,
}

/// Whether the focused name of a control was activated with Enter or Space.
pub(in crate::ui) fn is_pressed_by_key(name: &Response) -> bool {
    name.has_focus()
        && name.clicked()
        && !name.is_pointer_button_down_on()
        && name.interact_pointer_pos().is_none()
}

impl NumberControl<'_> {
    /// Draws the control; returns a newly chosen value.
    pub(in crate::ui) fn show(self, ui: &mut Ui, interaction: &mut Interaction) -> Option<Edit> {
        let shown = self.shown(interaction);
        let span = self.span(interaction, shown);
        let mut value = shown;
        let (name, field) = ui
            .horizontal(|ui| {
                let name = self.name(ui);
                let field = ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if !self.unit.is_empty() {
                        ui.label(RichText::new(self.unit).small().weak());
                    }
                    self.field(ui, &mut value, interaction)
                });
                (name, field.inner)
            })
            .inner;
        let field = field.labelled_by(name.id);
        interaction.drawn(self.key, &field);
        let slider = span.clone().map(|span| self.slider(ui, span, &mut value, &name));
        if let Some(sentence) = self.refused(interaction, shown) {
            number_field::refusal(ui, sentence);
        }
        self.edit(ui, interaction, &Parts { name, field, slider, span, shown, value })
    }

    fn name(&self, ui: &mut Ui) -> Response {
        let name = ui.add(Label::new(self.label).sense(Sense::click()));
        name.on_hover_text(self.name_tooltip())
    }

    /// The tooltip of the name.
    pub(super) fn name_tooltip(&self) -> String {
        let effect = match self.effect {
            Effect::Live | Effect::Cosmetic | Effect::Derived => "Takes effect at the next step.",
            Effect::Restart => "Starts the run again from the same seed.",
        };
        let reset_value = self.range.written(self.reset_value);
        format!(
            "{}\n{effect} Double-click, or Enter on the name, for the preset's {reset_value}.",
            self.tooltip
        )
    }

    /// The value while a slider is held, else the present one.
    pub(super) fn shown(&self, interaction: &Interaction) -> f64 {
        interaction.held(self.key).map_or(self.value, |held| held.value)
    }

    /// The slider's range, fixed while it is dragged.
    pub(super) fn span(
        &self,
        interaction: &Interaction,
        shown: f64,
    ) -> Option<RangeInclusive<f64>> {
        let held = interaction.held(self.key).and_then(|held| held.span.clone());
        held.or_else(|| self.range.span_with(shown))
    }

    /// The field for a typed number.
    pub(super) fn field(
        &self,
        ui: &mut Ui,
        value: &mut f64,
        interaction: &mut Interaction,
    ) -> Response {
        let before = *value;
        let refused: RefCell<Option<String>> = RefCell::new(None);
        let zero = self.range.zero;
        let speed =
            if self.range.kind == NumberKind::Whole { 0.2 } else { (value.abs() * 0.01).max(1e-6) };
        let field = ui.add(
            DragValue::new(value)
                .range(self.range.limits.clone())
                .clamp_existing_to_range(false)
                .speed(speed)
                .update_while_editing(false)
                .max_decimals(if self.range.kind == NumberKind::Whole { 0 } else { 12 })
                .custom_formatter(move |x, _| match zero {
                    Some(word) if x == 0.0 => word.to_owned(),
                    _ => text::number(x),
                })
                .custom_parser(|typed| {
                    let number = match typed.trim() {
                        "" => return None,
                        // Unedited; it can be out of range since another setting changed.
                        typed if typed == self.range.written(before) => return Some(before),
                        typed => number_field::read(typed, &self.range, before),
                    };
                    number.map_err(|sentence| *refused.borrow_mut() = Some(sentence)).ok()
                }),
        );
        if let Some(sentence) = refused.into_inner() {
            interaction.refused = Some((self.key, sentence, before));
        } else if *value != before || field.gained_focus() || field.drag_started() {
            interaction.refused.take_if(|(key, ..)| *key == self.key);
        }
        field.on_hover_text(format!(
            "Click to type, from {} to {}.",
            self.range.written(*self.range.limits.start()),
            self.range.written(*self.range.limits.end())
        ))
    }

    fn slider(
        &self,
        ui: &mut Ui,
        span: RangeInclusive<f64>,
        value: &mut f64,
        name: &Response,
    ) -> Response {
        ui.spacing_mut().slider_width = ui.available_width();
        // Below the slider, whose place is known only once it is drawn.
        let tint = ui.painter().add(Shape::Noop);
        let slider = ui.add(self.plain_slider(value, span.clone())).labelled_by(name.id);
        if let Some(tick) = &self.tick {
            let rail = Rail::level(ui, slider.rect, &span, self.range.scale);
            ui.painter().set(tint, rail.tint_beyond(ui, tick.value));
            rail.paint_tick(ui, tick.value);
        }
        self.tell_tick(slider)
    }

    /// The slider with a tooltip that tells what its tick is.
    pub(super) fn tell_tick(&self, slider: Response) -> Response {
        match &self.tick {
            Some(tick) => slider.on_hover_text(&tick.words),
            None => slider,
        }
    }

    /// The slider without its length and direction.
    pub(super) fn plain_slider<'a>(
        &self,
        value: &'a mut f64,
        span: RangeInclusive<f64>,
    ) -> Slider<'a> {
        let smallest = if self.range.kind == NumberKind::Whole { 1.0 } else { 1e-6 };
        let slider = Slider::new(value, span)
            .show_value(false)
            .clamping(egui::SliderClamping::Never)
            .logarithmic(self.range.scale == Scale::Log)
            .smallest_positive(smallest);
        if self.range.kind == NumberKind::Whole { slider.step_by(1.0) } else { slider }
    }

    /// The sentence that refuses what was typed last; `None` if it was accepted.
    pub(super) fn refused<'a>(&self, interaction: &'a Interaction, shown: f64) -> Option<&'a str> {
        let refused = interaction.refused.as_ref();
        let refused = refused.filter(|(key, _, former)| (*key, *former) == (self.key, shown));
        refused.map(|(_, sentence, _)| sentence.as_str())
    }

    /// The edit by the presses, drags and typed text of this frame.
    pub(super) fn edit(
        &self,
        ui: &Ui,
        interaction: &mut Interaction,
        parts: &Parts,
    ) -> Option<Edit> {
        let edit = self.read(ui, interaction, parts);
        if matches!(edit, Some(Edit::Settled(..))) {
            // A change by another control makes an old refusal irrelevant.
            interaction.refused.take_if(|(key, ..)| *key != self.key);
        }
        edit
    }

    /// Interprets presses, drags and typed text of this frame.
    fn read(&self, ui: &Ui, interaction: &mut Interaction, parts: &Parts) -> Option<Edit> {
        let now = ui.input(|input| input.time);
        let is_over = |r: &Response| r.contains_pointer() && r.enabled();
        let is_double = ui.input(|i| i.pointer.button_double_clicked(PointerButton::Primary));
        let is_reset_by_key = is_pressed_by_key(&parts.name);
        if is_reset_by_key
            || is_double && (is_over(&parts.name) || parts.slider.as_ref().is_some_and(is_over))
        {
            interaction.held = None;
            interaction.press(self.key, now);
            return Some(Edit::Settled(self.reset_value, interaction.gesture()));
        }
        let both = || parts.slider.iter().chain([&parts.field]);
        let (shown, value) = (parts.shown, parts.value);
        if both().any(Response::drag_started) {
            interaction.press(self.key, now);
        }
        if both().any(Response::dragged) {
            let span = parts.span.clone();
            interaction.held = Some(Held { key: self.key, value, span, due_secs: None });
            return (value != shown).then(|| Edit::Moving(value, interaction.gesture()));
        }
        if both().any(Response::drag_stopped)
            && let Some(held) = interaction.held.as_mut().filter(|held| held.key == self.key)
        {
            held.value = value;
            // A slider that starts a new run waits for a possible double-click, which resets it.
            let wait = if self.effect == Effect::Live { 0.0 } else { DOUBLE_CLICK_SECS };
            held.due_secs = Some(now + wait);
        } else if value != shown {
            interaction.held = None;
            interaction.press(self.key, now);
            return Some(Edit::Settled(value, Gesture::New));
        }
        let due = interaction.held(self.key)?.due_secs?;
        if now < due {
            ui.request_repaint_after_secs(0.05);
            return None;
        }
        interaction.held = None;
        Some(Edit::Settled(value, interaction.gesture()))
    }
}
