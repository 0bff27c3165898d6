//! Draws the cells of a phase diagram; each is a button that opens its run.

use eframe::egui::{
    Align2, Color32, Pos2, Rect, Role, Sense, Stroke, StrokeKind, TextStyle, Ui, Vec2, WidgetInfo,
    pos2, vec2,
};

use crate::config::Setting;
use crate::figure::chart::Outcome;
use crate::paint::theme::{self, Palette};
use crate::study::{Axis, Row, RowStatus};
use crate::text;
use crate::ui::session::Request;
use crate::ui::session::phase_grid::{Cell, CellState, PhaseGrid};

/// Room for the names and numbers of the axes in points, before scaling.
const MARGIN: Vec2 = vec2(64.0, 40.0);

/// Height of the legend in points, before scaling.
const LEGEND: f32 = 24.0;

/// The largest side of a cell in points, before scaling.
const MAX_CELL: Vec2 = vec2(120.0, 72.0);

/// The least width of a cell with a number in it in points, before scaling.
const MIN_NUMBER: f32 = 46.0;

/// Draws the diagram in a space of this size; returns the request to open the run of a cell.
pub(super) fn show(ui: &mut Ui, grid: &PhaseGrid, size: Vec2) -> Option<Request> {
    let [up, across, ..] = grid.study.axes.as_slice() else { return None };
    let unit = theme::factor(ui.style());
    legend(ui);
    let room = size - (MARGIN + vec2(0.0, LEGEND)) * unit;
    let n = vec2(across.points.len() as f32, up.points.len() as f32);
    let cell = (room / n).min(MAX_CELL * unit).max(Vec2::splat(8.0));
    let (page, _) = ui.allocate_exact_size(n * cell + MARGIN * unit, Sense::hover());
    let field = Rect::from_min_size(page.min + vec2(MARGIN.x, 0.0) * unit, n * cell);
    let rect = |row: usize, column: usize| {
        let corner = field.left_bottom() + vec2(column as f32, -(row as f32 + 1.0)) * cell;
        Rect::from_min_size(corner, cell).shrink(1.0)
    };
    name_axes(ui, field, [across, up], cell);
    let mut request = None;
    for (at, own) in grid.cells.iter().enumerate() {
        let (row, column) = (at / across.points.len(), at % across.points.len());
        if draw(ui, own, [across, up], rect(row, column)) {
            request = Some(Request::Open(Some(grid.run_dir(own))));
        }
    }
    request
}

/// Colour and word of a cell.
fn look(palette: &Palette, state: &CellState) -> (Color32, &'static str) {
    match state {
        CellState::Waiting => (palette.card, "waits"),
        CellState::Training => (palette.sky, "trains"),
        CellState::LeftOut => (palette.card, "was not run"),
        CellState::Done(row) => {
            let outcome = outcome(row);
            (color(palette, outcome), outcome.word())
        }
    }
}

fn outcome(row: &Row) -> Outcome {
    match row.status {
        RowStatus::Ended(end) => Outcome::of(end, row.is_trained()),
        RowStatus::Refused => Outcome::Refused,
    }
}

/// The colour of an outcome; blue is the current run's alone.
fn color(palette: &Palette, outcome: Outcome) -> Color32 {
    match outcome {
        Outcome::Trained => palette.green,
        Outcome::DIVERGED => palette.vermillion,
        Outcome::FAILED => palette.purple,
        Outcome::Untrained(_) => palette.grey,
        Outcome::Refused => palette.brown,
    }
}

/// The colours with their meaning.
fn legend(ui: &mut Ui) {
    let palette = theme::colours(ui.visuals());
    let side = 10.0 * theme::factor(ui.style());
    ui.horizontal_wrapped(|ui| {
        for outcome in Outcome::ALL {
            let (rect, _) = ui.allocate_exact_size(Vec2::splat(side), Sense::hover());
            ui.painter().rect_filled(rect, 2.0, color(palette, outcome));
            ui.small(outcome.word()).on_hover_text(match outcome {
                Outcome::Trained => {
                    "All steps taken, and the loss below half of that of zero outputs."
                }
                Outcome::SURVIVED => "All steps taken, but the loss is still high.",
                Outcome::DIVERGED => "The loss grew beyond all bounds.",
                Outcome::Untrained(_) => "The run could not start or continue.",
                Outcome::Refused => "The two settings contradict each other or another one.",
            });
        }
    });
}

/// Writes the values and names of the axes.
fn name_axes(ui: &Ui, field: Rect, [across, up]: [&Axis; 2], cell: Vec2) {
    let unit = theme::factor(ui.style());
    let palette = theme::colours(ui.visuals());
    let (small, body) = (TextStyle::Small.resolve(ui.style()), TextStyle::Body.resolve(ui.style()));
    let write = |at: Pos2, align: Align2, words: &str| {
        ui.painter().text(at, align, words, small.clone(), palette.text);
    };
    for (column, point) in across.points.iter().enumerate() {
        let x = field.left() + (column as f32 + 0.5) * cell.x;
        write(pos2(x, field.bottom() + 3.0 * unit), Align2::CENTER_TOP, &point.text);
    }
    for (row, point) in up.points.iter().enumerate() {
        let y = field.bottom() - (row as f32 + 0.5) * cell.y;
        write(pos2(field.left() - 5.0 * unit, y), Align2::RIGHT_CENTER, &point.text);
    }
    let below = pos2(field.center().x, field.bottom() + MARGIN.y * unit);
    ui.painter().text(below, Align2::CENTER_BOTTOM, label(across), body.clone(), palette.strong);
    let galley = ui.painter().layout_no_wrap(label(up).to_owned(), body, palette.strong);
    let at = pos2(field.left() - MARGIN.x * unit, field.center().y + 0.5 * galley.size().x);
    let turned = eframe::epaint::TextShape::new(at, galley, palette.strong);
    ui.painter().add(turned.with_angle(-std::f32::consts::FRAC_PI_2));
}

/// Name of an axis.
fn label(axis: &Axis) -> &str {
    Setting::named(&axis.name).map_or(axis.name.as_str(), |setting| setting.label)
}

/// Draws a cell; returns whether its run is to be opened.
fn draw(ui: &Ui, cell: &Cell, [across, up]: [&Axis; 2], rect: Rect) -> bool {
    let unit = theme::factor(ui.style());
    let palette = theme::colours(ui.visuals());
    let (fill, word) = look(palette, &cell.state);
    let [own_up, own_across] = [&cell.task.point[0], &cell.task.point[1]];
    let spoken = format!("{} {own_across}, {} {own_up}: {word}", label(across), label(up));
    // What was refused has no run.
    let has_run =
        matches!(&cell.state, CellState::Done(row) if matches!(row.status, RowStatus::Ended(_)));
    let sense = if has_run { Sense::click() } else { Sense::hover() };
    let button = ui.interact(rect, ui.scope_id().with(cell.task.index), sense);
    button.widget_info(|| WidgetInfo::labeled(Role::Button, has_run, spoken.clone()));
    ui.painter().rect_filled(rect, 2.0, fill);
    let is_marked = button.hovered() || button.has_focus();
    let edge = if is_marked { palette.strong } else { palette.frame };
    ui.painter().rect_stroke(rect, 2.0, Stroke::new(1.0, edge), StrokeKind::Inside);
    let CellState::Done(row) = &cell.state else {
        button.on_hover_text(spoken);
        return false;
    };
    if let Some(loss) = row.number("final_loss").filter(|_| rect.width() >= MIN_NUMBER * unit) {
        let words = text::number(text::rounded(loss, 2));
        let font = TextStyle::Small.resolve(ui.style());
        ui.painter().text(rect.center(), Align2::CENTER_CENTER, words, font, ink_on(fill));
    }
    button.on_hover_text(told(&spoken, row)).clicked()
}

/// Black or white, whichever is read better on a colour.
fn ink_on(fill: Color32) -> Color32 {
    let is_better = |ink| theme::contrast(ink, fill) > theme::contrast(Color32::BLACK, fill);
    if is_better(Color32::WHITE) { Color32::WHITE } else { Color32::BLACK }
}

/// What is known of a finished run.
fn told(spoken: &str, row: &Row) -> String {
    let mut lines = vec![spoken.to_owned()];
    let number = |name: &str| row.number(name).map(|x| text::number(text::rounded(x, 3)));
    for (name, words) in [
        ("steps_taken", "steps taken"),
        ("final_loss", "final loss"),
        ("first_ratio", "λ₁ over the limit at the start"),
        ("max_ratio", "largest λ₁ over the limit"),
    ] {
        lines.extend(number(name).map(|value| format!("{words}: {value}")));
    }
    if !row.reason.is_empty() {
        lines.push(row.reason.clone());
    }
    lines.join("\n")
}
