//! The card of a run in the drawer: swatch, name, eye, pin, outcome, and a small picture.

use eframe::egui::{
    Align, Align2, Button, Frame, Label, Layout, Margin, RichText, Stroke, TextEdit, Ui,
};

use crate::figure::title;
use crate::history::Run;
use crate::paint::{run_sample, theme};
use crate::protocol::RunId;
use crate::ui::session::Request;
use crate::ui::session::run_list::{RunCard, Shown, Why, outcome};

use super::icons::{self, Icon};
use super::sparkline;

/// Width of an icon in points, before scaling.
const ICON: f32 = 18.0;

/// A name that the user is typing.
#[derive(Debug)]
pub(super) struct TypedName {
    run: RunId,
    text: String,
}

/// What a card shows.
pub(super) struct Tile<'a> {
    pub(super) run: &'a Run,
    pub(super) card: &'a RunCard,
    /// Whether a former run is drawn; `None` for the current run.
    pub(super) shown: Option<&'a Shown>,
}

impl Tile<'_> {
    /// Draws the card; returns the user's request.
    pub(super) fn show(&self, ui: &mut Ui, typed: &mut Option<TypedName>) -> Option<Request> {
        let palette = theme::colours(ui.visuals());
        let is_current = self.shown.is_none();
        let edge = if is_current { palette.accent } else { palette.grid };
        let frame = Frame::group(ui.style()).fill(palette.card).stroke(Stroke::new(1.0, edge));
        let framed = frame.inner_margin(Margin::symmetric(6, 4)).show(ui, |ui| {
            let height = ICON * theme::factor(ui.style());
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.spacing_mut().interact_size.y = height;
            ui.set_width(ui.available_width());
            let in_head = ui.horizontal(|ui| self.head(ui, typed)).inner;
            let in_row = ui.horizontal(|ui| self.state(ui)).inner;
            // The heading above the others says it of those of another family.
            if let Some(Shown::Waiting(why @ (Why::Eight | Why::SameStyle(_)))) = self.shown {
                ui.add(Label::new(RichText::new(why.words()).weak().small()).truncate());
            }
            sparkline::show(ui, self.run, self.style());
            in_head.or(in_row)
        });
        framed.inner
    }

    /// The style in which the run is drawn; `None` for that of the current run.
    fn style(&self) -> Option<usize> {
        self.shown.map(|_| self.card.style)
    }

    fn head(&self, ui: &mut Ui, typed: &mut Option<TypedName>) -> Option<Request> {
        let unit = theme::factor(ui.style());
        let run = self.run.id();
        run_sample(ui, self.style());
        let n_icons = if self.shown.is_some() { 3.0 } else { 1.0 };
        let room = ui.available_width() - n_icons * (ICON * unit + 2.0) - 6.0;
        let renamed = self.name(ui, room.max(30.0), typed);
        ui.spacing_mut().item_spacing.x = 2.0;
        let mut request = None;
        let layout = Layout::right_to_left(Align::Center);
        ui.with_layout(layout, |ui| {
            let name = &self.card.name;
            if self.shown.is_some() {
                let tooltip = "Remove this run; Ctrl+Z brings it back.";
                if icons::button(ui, Icon::Cross, &format!("Remove {name}"), tooltip) {
                    request = Some(Request::RemoveRun(run));
                }
            }
            let (icon, verb, tooltip) = if self.card.is_pinned {
                (Icon::Pinned, "Unpin", "Pinned: it stays when others have to go.")
            } else {
                (Icon::Unpinned, "Pin", "Keep this run when others have to go.")
            };
            if icons::button(ui, icon, &format!("{verb} {name}"), tooltip) {
                request = Some(Request::TogglePin(run));
            }
            request = self.eye(ui).or(request.take());
        });
        renamed.or(request)
    }

    fn eye(&self, ui: &mut Ui) -> Option<Request> {
        let shown = self.shown?;
        let name = &self.card.name;
        let is_clicked = match shown {
            Shown::Drawn => {
                icons::button(ui, Icon::Open, &format!("Hide {name}"), "Drawn: click to hide it.")
            }
            Shown::Waiting(why) => {
                let tooltip = format!("Not drawn: {}. Click to draw it.", why.words());
                icons::button(ui, Icon::Closed, &format!("Draw {name}"), &tooltip)
            }
        };
        is_clicked.then(|| Request::ClickEye(self.run.id()))
    }

    /// The name, as a field. What is typed counts when the field is left.
    fn name(&self, ui: &mut Ui, width: f32, typed: &mut Option<TypedName>) -> Option<Request> {
        let run = self.run.id();
        let own = typed.as_ref().filter(|typed| typed.run == run);
        let mut text = own.map_or_else(|| self.card.name.clone(), |typed| typed.text.clone());
        let field = TextEdit::singleline(&mut text)
            .frame(Frame::NONE)
            .clip_text(true)
            .align(Align2::LEFT_CENTER);
        let field = ui.add(field.desired_width(width).margin(Margin::ZERO));
        let field = field.accessible_name(format!("Name of {}", self.card.name));
        if field.changed() {
            *typed = Some(TypedName { run, text });
        }
        let is_left = field.lost_focus();
        field.on_hover_ui(|ui| {
            ui.label(title(self.run, &[]));
            ui.weak("Click to change the name.");
        });
        if !is_left {
            return None;
        }
        let TypedName { text, .. } = typed.take_if(|typed| typed.run == run)?;
        Some(Request::Rename(run, text))
    }

    /// How the run ended or how far it is, and the button that makes it current.
    fn state(&self, ui: &mut Ui) -> Option<Request> {
        let mut request = None;
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            match self.shown {
                Some(_) => {
                    let button = ui
                        .add(Button::new(RichText::new("Make current").small()).small())
                        .on_hover_text(
                            "The controls, Start and Restart then act on this run's settings; the \
                         present run stops and stays in the drawer.",
                        );
                    let name = format!("Make {} current", self.card.name);
                    if button.accessible_name(name).clicked() {
                        request = Some(Request::MakeCurrent(self.run.id()));
                    }
                }
                None => {
                    ui.label(RichText::new("current").weak().small());
                }
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add(Label::new(RichText::new(outcome(self.run)).weak().small()).truncate());
            });
        });
        request
    }
}
