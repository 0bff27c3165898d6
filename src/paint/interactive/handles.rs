//! Handles to arrange the plots: dragging a title moves its plot, dragging a border resizes two.

use eframe::egui::{
    CursorIcon, EventFilter, Id, Key, Modifiers, Pos2, Rect, Response, Role, Sense, Stroke,
    StrokeKind, TextStyle, Ui, Vec2, WidgetInfo, lerp, pos2, vec2,
};

use crate::figure::PanelKind;
use crate::paint::layout::{PanelSlot, Side, Stack, Tiles};
use crate::paint::style::{show_focus, theme};

/// Dropped within this fraction of a plot's width from its side, a panel gets its own column.
const SIDE: f32 = 0.25;

/// Distance in points by which tiles extend into the gap between columns.
const TILE_REACH: f32 = 6.0;

/// Movement of a border per arrow key, as a fraction of the two neighbours.
const STEP: f32 = 0.04;

const BORDER: &str = "Drag, or press the arrow keys, to share out the room between two plots.";

const ARROWS: [(Key, Side); 4] = [
    (Key::ArrowLeft, Side::Left),
    (Key::ArrowRight, Side::Right),
    (Key::ArrowUp, Side::Above),
    (Key::ArrowDown, Side::Below),
];

/// Shows the handles of all plots and applies what the user does with them; `titles` are in the
/// order of `stack.slots`.
pub(super) fn show(ui: &Ui, stack: &Stack<'_>, titles: &[Response], tiles: &mut Tiles) {
    let before = tiles.clone();
    for border in borders(stack) {
        border.show(ui, tiles);
    }
    let shown: Vec<PanelKind> = stack.slots.iter().map(|slot| slot.panel.kind).collect();
    for (slot, title) in stack.slots.iter().zip(titles) {
        if let Some(side) = pressed_arrow(ui, title) {
            tiles.shift(slot.panel.kind, side, &shown);
        }
        drag_title(ui, stack, slot, &shown, title, tiles);
    }
    if *tiles != before {
        ui.ctx().request_repaint();
    }
}

/// The arrow key pressed while a handle has the focus; draws its focus ring.
fn pressed_arrow(ui: &Ui, handle: &Response) -> Option<Side> {
    if !show_focus(ui, handle) {
        return None;
    }
    let filter =
        EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(handle.id, filter));
    let is_pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    ARROWS.into_iter().find_map(|(key, side)| is_pressed(key).then_some(side))
}

/// Previews where a panel would go while its title is dragged, and moves it there on release;
/// Escape cancels.
fn drag_title(
    ui: &Ui,
    stack: &Stack<'_>,
    slot: &PanelSlot<'_>,
    shown: &[PanelKind],
    title: &Response,
    tiles: &mut Tiles,
) {
    let is_let_go = title.drag_stopped() && ui.input(|input| input.pointer.any_released());
    if !title.dragged() && !is_let_go {
        return;
    }
    let kind = slot.panel.kind;
    let Some(at) = ui.input(|input| input.pointer.interact_pos()) else { return };
    let target = target(ui, stack, at).filter(|(_, target)| *target != kind);
    let mut after = tiles.clone();
    if let Some((side, target)) = target {
        after.put(kind, side, target);
    }
    if is_let_go {
        *tiles = after;
        return;
    }
    ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
    let part = after.parts(shown).into_iter().find(|(of, _)| *of == kind && after != *tiles);
    if let Some((_, [left, top, right, bottom])) = part {
        let (x, y) = (stack.rect.x_range(), stack.rect.y_range());
        let from = pos2(lerp(x, left), lerp(y, top));
        let to = pos2(lerp(x, right), lerp(y, bottom));
        preview(ui, Rect::from_min_max(from, to));
    }
    if at.distance(title.rect.center()) > title.rect.width() {
        drag_label(ui, kind.title(), at);
    }
}

/// The panel under the pointer, and the nearest side of it.
fn target(ui: &Ui, stack: &Stack<'_>, at: Pos2) -> Option<(Side, PanelKind)> {
    let margin = vec2(TILE_REACH * theme::factor(ui.style()), 0.0);
    let is_under =
        |slot: &&PanelSlot<'_>| slot.tile.expand2(margin).intersect(ui.clip_rect()).contains(at);
    let slot = stack.slots.iter().find(is_under)?;
    let part = (at - slot.tile.min) / slot.tile.size();
    let side = match part {
        Vec2 { x, .. } if x < SIDE => Side::Left,
        Vec2 { x, .. } if x > 1.0 - SIDE => Side::Right,
        Vec2 { y, .. } if y < 0.5 => Side::Above,
        _ => Side::Below,
    };
    Some((side, slot.panel.kind))
}

fn preview(ui: &Ui, rect: Rect) {
    let palette = theme::colours(ui.visuals());
    let (fill, stroke) = (palette.accent.gamma_multiply(0.22), Stroke::new(2.0, palette.accent));
    ui.painter().rect(rect.shrink(2.0), 4.0, fill, stroke, StrokeKind::Inside);
}

/// Shows the dragged title beside the pointer.
fn drag_label(ui: &Ui, title: &str, at: Pos2) {
    let palette = theme::colours(ui.visuals());
    let factor = theme::factor(ui.style());
    let font = TextStyle::Body.resolve(ui.style());
    let text = ui.painter().layout_no_wrap(title.to_owned(), font, palette.strong);
    let rect = Rect::from_min_size(at + vec2(12.0, 8.0) * factor, text.size());
    let stroke = Stroke::new(1.0, palette.frame);
    ui.painter().rect(rect.expand(5.0 * factor), 4.0, palette.card, stroke, StrokeKind::Inside);
    ui.painter().galley(rect.min, text, palette.strong);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    /// Between two columns.
    Horizontal,
    /// Between two panels of a column.
    Vertical,
}

/// The border between two neighbours.
struct Border {
    direction: Direction,
    /// The left or upper one first.
    between: [PanelKind; 2],
    rect: Rect,
    /// Start of the first one, and the lengths of both without the border.
    start: f32,
    lengths: [f32; 2],
    /// The plots of the column of a horizontal border, with their heights.
    column: Vec<(PanelKind, f32)>,
}

fn borders(stack: &Stack<'_>) -> Vec<Border> {
    let mut borders = Vec::new();
    for pair in stack.slots.windows(2) {
        let [a, b] = pair else { continue };
        if !a.is_lowest {
            let between = [a.panel.kind, b.panel.kind];
            let rect = Rect::from_x_y_ranges(a.plot.x_range(), a.plot.bottom()..=b.corner.y);
            let (start, lengths) = (a.plot.top(), [a.height, b.height]);
            let direction = Direction::Vertical;
            let column = column_of(stack, a);
            borders.push(Border { direction, between, rect, start, lengths, column });
        }
    }
    let lowest = stack.slots.iter().filter(|slot| slot.is_lowest);
    let kinds: Vec<PanelKind> = lowest.map(|slot| slot.panel.kind).collect();
    for (pair, kinds) in stack.columns.windows(2).zip(kinds.windows(2)) {
        let ([a, b], [left, right]) = (pair, kinds) else { continue };
        let between = [*left, *right];
        let rect = Rect::from_x_y_ranges(a.rect.right()..=b.rect.left(), stack.rect.y_range());
        let (start, lengths) = (a.rect.left(), [a.rect.width(), b.rect.width()]);
        let (direction, column) = (Direction::Horizontal, Vec::new());
        borders.push(Border { direction, between, rect, start, lengths, column });
    }
    borders
}

/// The plots of the column that a slot is in, with their heights.
fn column_of(stack: &Stack<'_>, slot: &PanelSlot<'_>) -> Vec<(PanelKind, f32)> {
    let is_in = |other: &&PanelSlot<'_>| other.plot.left() == slot.plot.left();
    stack.slots.iter().filter(is_in).map(|slot| (slot.panel.kind, slot.height)).collect()
}

impl Border {
    fn show(&self, ui: &Ui, tiles: &mut Tiles) {
        let id = ui.scope_id().with(("border", self.between.map(PanelKind::title)));
        let handle = ui.interact(self.rect, id, Sense::drag());
        let [a, b] = self.between.map(PanelKind::title);
        let name = format!("Border between {a} and {b} (arrow keys)");
        handle.widget_info(|| WidgetInfo::labeled(Role::Splitter, true, &name));
        self.paint(ui, &handle);
        let length = self.lengths[0] + self.lengths[1];
        let fraction = self.lengths[0] / length;
        match (pressed_arrow(ui, &handle), self.direction) {
            (Some(Side::Left), Direction::Horizontal)
            | (Some(Side::Above), Direction::Vertical) => {
                self.resize(tiles, fraction - STEP);
            }
            (Some(Side::Right), Direction::Horizontal)
            | (Some(Side::Below), Direction::Vertical) => {
                self.resize(tiles, fraction + STEP);
            }
            _ => {}
        }
        self.drag(ui, &handle, tiles, length);
    }

    /// Follows the pointer; Escape restores the arrangement from before the drag.
    fn drag(&self, ui: &Ui, handle: &Response, tiles: &mut Tiles, length: f32) {
        let found: Id = handle.id.with("found");
        if handle.drag_started() {
            ui.data_mut(|data| data.insert_temp(found, tiles.clone()));
        }
        let pointer = ui.input(|input| input.pointer.interact_pos());
        if let (true, Some(at)) = (handle.dragged(), pointer)
            && handle.drag_delta() != Vec2::ZERO
        {
            let (at, between) = match self.direction {
                Direction::Horizontal => (at.x, self.rect.width()),
                Direction::Vertical => (at.y, self.rect.height()),
            };
            self.resize(tiles, (at - between / 2.0 - self.start) / length);
        }
        if handle.drag_stopped() {
            let before = ui.data_mut(|data| data.remove_temp::<Tiles>(found));
            let is_let_go = ui.input(|input| input.pointer.any_released());
            if let (false, Some(before)) = (is_let_go, before) {
                *tiles = before;
            }
        }
    }

    fn resize(&self, tiles: &mut Tiles, fraction: f32) {
        match self.direction {
            Direction::Horizontal => tiles.resize_columns(self.between, fraction),
            Direction::Vertical => {
                tiles.adopt(&self.column);
                tiles.resize_rows(self.between, fraction);
            }
        }
    }

    /// Paints a line while the border is hovered or dragged.
    fn paint(&self, ui: &Ui, handle: &Response) {
        if handle.hovered() || handle.dragged() {
            let (centre, cursor) = (
                self.rect.center(),
                match self.direction {
                    Direction::Horizontal => CursorIcon::ResizeHorizontal,
                    Direction::Vertical => CursorIcon::ResizeVertical,
                },
            );
            let stroke = Stroke::new(2.0, theme::colours(ui.visuals()).accent);
            match self.direction {
                Direction::Horizontal => ui.painter().vline(centre.x, self.rect.y_range(), stroke),
                Direction::Vertical => ui.painter().hline(self.rect.x_range(), centre.y, stroke),
            };
            ui.ctx().set_cursor_icon(cursor);
        }
        handle.clone().on_hover_text(BORDER);
    }
}
