//! The strip of Present: pause and resume, the learning rate with the limit as a tick, the pinned
//! controls, and the way out.

use eframe::egui::{
    Area, Context, Frame, Id, Order, Popup, Pos2, Rect, Role, ScrollArea, Sense, Shape, Stroke,
    StrokeKind, Ui, UiBuilder, Vec2, WidgetInfo, vec2,
};

use crate::config::settings::PEAK_LR;
use crate::config::{Effect, Range, Setting};
use crate::paint::theme;
use crate::protocol::Paused;
use crate::text;
use crate::ui::action::WindowAction;
use crate::ui::appearance::Appearance;
use crate::ui::regions::asked::Asked;
use crate::ui::regions::controls::{self, Controls, shown_for};
use crate::ui::regions::top_bar;
use crate::ui::session::{Request, Session};

use super::pinned_tile;
use super::strip_height::{ALL_TILE, GAP, LEAVE, PLAY, TILE, Tiles};

/// Width of the strip in points, at the default size of text.
pub(in crate::ui) const WIDTH: f32 = 58.0;

/// Width of an open control in points, at the default size of text.
const OPEN_WIDTH: f32 = 300.0;

/// What a tile opens.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Opened {
    Setting(&'static Setting),
    All,
}

/// State of the strip: the tile whose controls are open, and where they begin.
#[derive(Debug, Default)]
pub(in crate::ui) struct Strip {
    open: Option<(Opened, Pos2)>,
}

impl Strip {
    /// Closes what a tile has opened; returns whether anything was open.
    pub(in crate::ui) fn close(&mut self) -> bool {
        self.open.take().is_some()
    }

    /// Draws the strip down to the end of the space; returns what the user asked for.
    pub(in crate::ui) fn show(
        &mut self,
        ui: &mut Ui,
        controls: &mut Controls,
        session: &Session,
        appearance: &Appearance,
    ) -> Asked {
        let unit = theme::factor(ui.style());
        ui.spacing_mut().item_spacing.y = GAP * unit;
        ui.spacing_mut().interact_size = vec2(0.0, 22.0 * unit);
        ui.spacing_mut().button_padding = vec2(2.0, 2.0) * unit;
        let mut asked = Asked::default();
        let pinned = appearance.pins.settings();
        let (all, width) = (ui.available_rect_before_wrap(), ui.available_width());
        let tiles = Tiles::of(all.height() / unit, pinned.len());
        let lower = (tiles.height(pinned.len()) + LEAVE + 2.0 * GAP) * unit;
        ui.vertical_centered(|ui| {
            play(ui, session, &mut asked.requests);
            let place = ui.available_rect_before_wrap().with_max_y(all.bottom() - lower);
            let mut upper = ui.new_child(UiBuilder::new().max_rect(place));
            asked.requests.extend(rate(&mut upper, controls, session));
        });
        let place = all.with_min_y(all.bottom() - lower + GAP * unit);
        let mut ui = ui.new_child(UiBuilder::new().id_salt("tiles").max_rect(place));
        match tiles {
            Tiles::Each => {
                for setting in &pinned {
                    self.setting_tile(&mut ui, vec2(width, TILE * unit), session, setting);
                }
            }
            Tiles::One => self.tile_of_all(&mut ui, vec2(width, ALL_TILE * unit)),
            Tiles::None => {}
        }
        if leave(&mut ui, vec2(width, LEAVE * unit)) {
            asked.actions.push(WindowAction::Present);
        }
        asked.extend(self.opened(ui.ctx(), controls, session, appearance));
        asked
    }

    fn setting_tile(
        &mut self,
        ui: &mut Ui,
        size: Vec2,
        session: &Session,
        setting: &'static Setting,
    ) {
        let config = session.config_requested();
        let why = setting.why_unread(&config);
        let opened = Opened::Setting(setting);
        let is_open = self.is_open(opened);
        let (name, value) = (pinned_tile::name_of(setting), setting.value_words(&config));
        let shown = ui.add_enabled_ui(why.is_none(), |ui| {
            pinned_tile::show(ui, size, &name, &value, is_open)
        });
        let tooltip = match setting.effect {
            Effect::Restart => {
                format!("{}\nStarts the run again from the same seed.", setting.tooltip)
            }
            Effect::Live | Effect::Cosmetic | Effect::Derived => setting.tooltip.to_owned(),
        };
        let response = shown.inner.on_hover_text(tooltip);
        let response = response.on_disabled_hover_text(text::sentence(&why.unwrap_or_default()));
        if response.clicked() {
            self.toggle(opened, response.rect);
        }
    }

    fn tile_of_all(&mut self, ui: &mut Ui, size: Vec2) {
        let is_open = self.is_open(Opened::All);
        let response = pinned_tile::show(ui, size, "Pins", "", is_open);
        let response =
            response.on_hover_text("The pinned controls, for which this window is too low.");
        if response.clicked() {
            self.toggle(Opened::All, response.rect);
        }
    }

    fn is_open(&self, opened: Opened) -> bool {
        self.open.is_some_and(|(open, _)| open == opened)
    }

    fn toggle(&mut self, opened: Opened, tile: Rect) {
        let at = tile.right_top();
        self.open = if self.is_open(opened) { None } else { Some((opened, at)) };
    }

    /// The open controls beside the strip; a click elsewhere closes them.
    fn opened(
        &mut self,
        ctx: &Context,
        controls: &mut Controls,
        session: &Session,
        appearance: &Appearance,
    ) -> Asked {
        let pinned = appearance.pins.settings();
        let Some((opened, at)) = self.open else { return Asked::default() };
        let settings = match opened {
            Opened::Setting(setting) => vec![setting],
            Opened::All => pinned.clone(),
        };
        if settings.is_empty() || settings.iter().any(|setting| !pinned.contains(setting)) {
            self.open = None;
            return Asked::default();
        }
        let is_list_open = Popup::is_any_open(ctx);
        let style = ctx.global_style();
        let frame = Frame::popup(&style);
        let screen = ctx.content_rect();
        let margin = frame.total_margin().sum();
        let width =
            (OPEN_WIDTH * theme::factor(&style)).min(screen.right() - at.x - margin.x - 8.0);
        let area = Area::new(Id::unique("pinned controls")).order(Order::Middle);
        let area = area.fixed_pos(at + vec2(6.0, 0.0)).constrain_to(screen);
        let shown = area.show(ctx, |ui| {
            frame.show(ui, |ui| {
                ui.set_width(width);
                let height = screen.height() - margin.y - 8.0;
                let scroll = ScrollArea::vertical().max_height(height).min_scrolled_height(height);
                let drawn = scroll.show(ui, |ui| {
                    controls::show_some(ui, controls, session, appearance, &settings)
                });
                drawn.inner
            })
        });
        if shown.response.clicked_elsewhere() && !is_list_open && !is_on_strip(ctx, at) {
            self.open = None;
        }
        shown.inner.inner
    }
}

/// Whether the pointer is on the strip, whose tiles open and close themselves.
fn is_on_strip(ctx: &Context, at: Pos2) -> bool {
    ctx.input(|input| input.pointer.interact_pos()).is_some_and(|pointer| pointer.x <= at.x)
}

/// The button that pauses and resumes.
fn play(ui: &mut Ui, session: &Session, requests: &mut Vec<Request>) {
    let size = Vec2::splat(PLAY * theme::factor(ui.style()));
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let [word, tooltip] = top_bar::toggle_words(session);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, word));
    let palette = theme::colours(ui.visuals());
    let is_marked = response.hovered() || response.has_focus();
    let color = if is_marked { palette.strong } else { palette.accent };
    let (centre, radius) = (rect.center(), size.x / 2.0);
    ui.painter().circle_filled(centre, radius, color);
    if response.has_focus() {
        ui.painter().rect_stroke(
            rect.expand(2.0),
            radius,
            ui.visuals().selection.stroke,
            StrokeKind::Outside,
        );
    }
    let is_going = session.is_paused() == Paused::No && !session.current().is_over();
    let ink = palette.panel;
    if is_going {
        for x in [-0.26, 0.26] {
            let bar = Rect::from_center_size(
                centre + vec2(x * radius, 0.0),
                vec2(0.28 * radius, 0.8 * radius),
            );
            ui.painter().rect_filled(bar, 0.0, ink);
        }
    } else {
        let corners = [vec2(-0.32, -0.46), vec2(0.52, 0.0), vec2(-0.32, 0.46)];
        let points = corners.map(|corner| centre + corner * radius).to_vec();
        ui.painter().add(Shape::convex_polygon(points, ink, Stroke::NONE));
    }
    if response.on_hover_text(tooltip).clicked() {
        requests.push(Request::Toggle);
    }
}

/// The learning rate, or what determines it under the current rule.
fn rate(ui: &mut Ui, controls: &mut Controls, session: &Session) -> Option<Request> {
    let setting = shown_for(&PEAK_LR, session.config_requested().live.rate.rule);
    let is_number = matches!(setting.range, Range::Real { .. } | Range::Whole { .. });
    if !is_number {
        return None;
    }
    let symbol = if *setting == PEAK_LR { "η" } else { setting.label };
    let shown =
        ui.vertical_centered(|ui| controls::show_upright(ui, controls, session, setting, symbol));
    shown.inner
}

/// The way out; returns whether it was clicked.
fn leave(ui: &mut Ui, size: Vec2) -> bool {
    let response = pinned_tile::show(ui, size, "Esc", "", false);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Leave Present"));
    let tooltip = "Back to the desk view with all panels (Esc). Menus also open at the upper edge of the \
                   window, the status line at the lower one.";
    response.on_hover_text(tooltip).clicked()
}
