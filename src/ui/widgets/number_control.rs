//! A number control: name, typed field and slider, and the gesture in progress.

use std::cell::RefCell;
use std::ops::RangeInclusive;

use eframe::egui::{
    self, Align, Context, DragValue, Id, Label, Layout, PointerButton, Response, RichText, Sense,
    Slider, Ui,
};

use crate::config::Effect;
use crate::figure::Scale;
use crate::text;
use crate::ui::gesture::Gesture;

use super::control_range::{ControlRange, NumberKind};
use super::number_field;

/// The longest time between the presses of a double-click, in seconds; egui's default.
const DOUBLE_CLICK_SECS: f64 = 0.3;

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
}

/// A value chosen by the user.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::ui) enum Edit {
    /// While dragging.
    Moving(f64, Gesture),
    /// Released, typed or reset.
    Settled(f64, Gesture),
}

/// The press or drag in progress and pending focus, shared by all controls.
#[derive(Debug, Default)]
pub(in crate::ui) struct Interaction {
    held: Option<Held>,
    last_press: Option<(&'static str, f64)>,
    next_gesture: Option<Gesture>,
    /// Key of the control to focus, and its id once it was drawn.
    wanted: Option<(&'static str, Option<Id>)>,
    /// Key of the control whose text was refused, the message, and the value that stayed. The message
    /// stays until that control is used again, so nothing moves under the pointer.
    refused: Option<(&'static str, String, f64)>,
}

#[derive(Debug)]
struct Held {
    key: &'static str,
    value: f64,
    span: Option<RangeInclusive<f64>>,
    /// Time at which a released slider takes effect, unless a second click comes first.
    due_secs: Option<f64>,
}

/// The parts of a control in this frame, and its value before and after.
struct Parts {
    name: Response,
    field: Response,
    slider: Option<Response>,
    span: Option<RangeInclusive<f64>>,
    shown: f64,
    value: f64,
}

impl Interaction {
    fn held(&self, key: &str) -> Option<&Held> {
        self.held.as_ref().filter(|held| held.key == key)
    }

    /// Requests keyboard focus for a control, by key.
    pub(in crate::ui) fn focus(&mut self, key: &'static str) {
        self.wanted = Some((key, None));
    }

    /// Reports that a control was drawn. If its focus was requested, it gets focus before the next frame,
    /// as if by Tab, so a field selects its text.
    pub(in crate::ui) fn drawn(&mut self, key: &str, control: &Response) {
        if let Some((wanted, place @ None)) = &mut self.wanted
            && *wanted == key
        {
            *place = Some(control.id);
            control.scroll_to_me(None);
            control.ctx.request_repaint();
        }
    }

    /// Gives focus to the control found in the last frame. Call before drawing any control.
    pub(in crate::ui) fn give_focus(&mut self, ctx: &Context) {
        if let Some((_, Some(id))) = self.wanted {
            self.wanted = None;
            ctx.memory_mut(|memory| memory.request_focus(id));
        }
    }

    /// Starts a gesture, unless the press is the second of a double-click.
    fn press(&mut self, key: &'static str, now: f64) {
        let is_second = self
            .last_press
            .is_some_and(|(last, at)| last == key && now - at <= 2.0 * DOUBLE_CLICK_SECS);
        self.next_gesture = Some(if is_second { Gesture::Continued } else { Gesture::New });
        self.last_press = Some((key, now));
    }

    fn gesture(&mut self) -> Gesture {
        self.next_gesture.replace(Gesture::Continued).unwrap_or(Gesture::New)
    }
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
        let shown = interaction.held(self.key).map_or(self.value, |held| held.value);
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
        let refused = interaction.refused.as_ref();
        if let Some((_, sentence, _)) =
            refused.filter(|(key, _, former)| (*key, *former) == (self.key, shown))
        {
            number_field::refusal(ui, sentence);
        }
        let edit = self.edit(ui, interaction, &Parts { name, field, slider, span, shown, value });
        if matches!(edit, Some(Edit::Settled(..))) {
            // A change by another control makes an old refusal irrelevant.
            interaction.refused.take_if(|(key, ..)| *key != self.key);
        }
        edit
    }

    fn name(&self, ui: &mut Ui) -> Response {
        let effect = match self.effect {
            Effect::Live | Effect::Cosmetic | Effect::Derived => "Takes effect at the next step.",
            Effect::Restart => "Starts the run again from the same seed.",
        };
        let reset_value = self.range.written(self.reset_value);
        ui.add(Label::new(self.label).sense(Sense::click())).on_hover_text(format!(
            "{}\n{effect} Double-click, or Enter on the name, for the preset's {reset_value}.",
            self.tooltip
        ))
    }

    /// The slider's range, fixed while it is dragged.
    fn span(&self, interaction: &Interaction, shown: f64) -> Option<RangeInclusive<f64>> {
        let held = interaction.held(self.key).and_then(|held| held.span.clone());
        held.or_else(|| self.range.span_with(shown))
    }

    fn field(&self, ui: &mut Ui, value: &mut f64, interaction: &mut Interaction) -> Response {
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
        let smallest = if self.range.kind == NumberKind::Whole { 1.0 } else { 1e-6 };
        let mut slider = Slider::new(value, span)
            .show_value(false)
            .clamping(egui::SliderClamping::Never)
            .logarithmic(self.range.scale == Scale::Log)
            .smallest_positive(smallest);
        if self.range.kind == NumberKind::Whole {
            slider = slider.step_by(1.0);
        }
        ui.add(slider).labelled_by(name.id)
    }

    /// Interprets presses, drags and typed text of this frame.
    fn edit(&self, ui: &Ui, interaction: &mut Interaction, parts: &Parts) -> Option<Edit> {
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
