//! The header of a plot: title, legend, note, out-of-range values, and the switch of the scale.

use std::sync::Arc;

use eframe::egui;
use eframe::egui::{
    Align2, FontId, Galley, Pos2, Rect, Response, Role as Part, Sense, TextStyle, Ui, WidgetInfo,
    pos2, vec2,
};

use crate::figure::{
    Choices, FitTo, Ghost, LimitsOut, Line, OutOfRange, Panel, PanelKind, ScaleKind,
};
use crate::paint::style::{LineStyle, line_style, show_focus, theme};
use crate::text;

use super::flow::{Flow, Rows, elided};
use super::ghost_entries::{enter_ghosts, ghost_key};
use super::legend::{self, Entry, Legend};
use super::plot_gestures;
use super::view::PlotView;

/// Tooltip of a title, before the gestures in its plot.
const TITLE: &str = "Drag the title onto another plot to put this one beside, above or below it; \
    from the keyboard, arrow keys move it.";

const OUT_OF_RANGE: &str = "Outside the range, so that they do not flatten the rest. Click to show \
    every value; click again to go back.";

const SCALES: &str = "The vertical axis: click for linear, logarithmic, or symmetric logarithmic, \
    which is linear around 0 and has room for both signs.";

/// The largest fraction of a row for a note, and for values out of range, if not all fits.
const MAX_NOTE: f32 = 0.3;

/// Least width of a legend in lines of text.
const LEAST_LEGEND: f32 = 1.5;

/// A laid-out header.
pub(in crate::paint) struct Header {
    title: Arc<Galley>,
    legend: Legend,
    note: Option<(Arc<Galley>, Pos2)>,
    /// Out-of-range values, or that all are in range.
    out_of_range: Option<(Arc<Galley>, Rect)>,
    /// The switch of the scale; `None` on a page.
    scale: Option<(Arc<Galley>, Rect)>,
    kind: PanelKind,
    scale_kind: ScaleKind,
    /// Total height in logical points.
    pub(in crate::paint) height: f32,
}

/// The legend entry of a line: its quantity for the current run, or its ghost.
fn key(line: &Line) -> String {
    line.ghost.as_ref().map_or_else(|| line.quantity.name().to_owned(), ghost_key)
}

/// Whether the user has hidden neither the quantity nor the ghost of a line.
pub(in crate::paint) fn is_shown(view: &PlotView, line: &Line) -> bool {
    let ghost = line.ghost.as_ref().map(ghost_key);
    !view.is_hidden(line.quantity.name()) && ghost.is_none_or(|ghost| !view.is_hidden(&ghost))
}

/// What a header needs besides its panel.
#[derive(Clone, Copy)]
pub(in crate::paint) struct HeaderContext<'a> {
    /// Ghosts with a legend entry here: all of them in the first panel.
    pub(in crate::paint) ghosts: &'a [&'a Ghost],
    /// Values outside the fitted range; `None` if the user chose the range.
    pub(in crate::paint) out_of_range: Option<OutOfRange>,
    /// Height for rows of ghosts with full names; later ones have their labels only.
    pub(in crate::paint) ghosts_height: f32,
    /// Where later rows begin.
    pub(in crate::paint) rows: Rows,
    /// Whether it is shown in a window, where it can be clicked.
    pub(in crate::paint) is_interactive: bool,
}

impl HeaderContext<'_> {
    /// Out-of-range values in words, or that the user has chosen to show all.
    fn out_of_range_text(&self, fit_to: FitTo) -> Option<String> {
        let out_of_range = self.out_of_range?;
        if fit_to == FitTo::AllValues {
            return self.is_interactive.then(|| "all values in range".to_owned());
        }
        let side = |n: usize, sign: &str, word: &str| {
            (n > 0).then(|| format!("{sign} {} {word}", text::plural(n as u64, "value")))
        };
        let above = side(out_of_range.n_above, "▲", "above");
        let below = side(out_of_range.n_below, "▼", "below");
        let ghosts = |end: Option<f64>, word: &str| {
            end.map(|value| format!("{word} {}", text::number(text::rounded(value, 2))))
        };
        let ghosts_above = ghosts(out_of_range.ghost_above, "▲ former runs up to");
        let ghosts_below = ghosts(out_of_range.ghost_below, "▼ former runs down to");
        // In a picture, the mark of the limit says it.
        let limits =
            out_of_range.limits.filter(|_| self.is_interactive).map(|limits| match limits {
                LimitsOut::Newest => "limit out of range".to_owned(),
                LimitsOut::Earlier => "earlier limits out of range".to_owned(),
            });
        let texts = above.into_iter().chain(below).chain(ghosts_above).chain(ghosts_below);
        let texts = texts.chain(limits);
        let texts: Vec<_> = texts.collect();
        (!texts.is_empty()).then(|| texts.join(", "))
    }
}

impl Header {
    /// Lays out the header of a panel.
    pub(in crate::paint) fn new(
        ui: &Ui,
        panel: &Panel,
        width: f32,
        context: HeaderContext<'_>,
    ) -> Self {
        let style = ui.style();
        let palette = theme::colours(&style.visuals);
        let factor = theme::factor(style);
        let body = TextStyle::Body.resolve(style);
        let small = FontId::new(body.size * 0.92, body.family.clone());
        let lay = |text: &str, font: &FontId, color| {
            ui.painter().layout_no_wrap(text.to_owned(), font.clone(), color)
        };
        let gap = 14.0 * factor;
        let mut title = lay(panel.kind.title(), &body, palette.strong);
        let row = title.size().y + 2.0 * factor;
        let scale_kind = panel.scale.kind();
        let scale = context.is_interactive.then(|| {
            let mut word = lay(&axis_words(scale_kind), &small, palette.weak);
            if title.size().x + gap + word.size().x > width {
                word = lay(scale_kind.word(), &small, palette.weak);
                let room = (width - gap - word.size().x).max(0.0);
                title = elided(ui, panel.kind.title(), &body, palette.strong, room);
            }
            let at = pos2(width - word.size().x, 0.0);
            (Arc::clone(&word), Rect::from_min_size(at, vec2(word.size().x, row)))
        });
        let header = Self {
            title,
            legend: Legend::default(),
            note: None,
            out_of_range: None,
            scale,
            kind: panel.kind,
            scale_kind,
            height: row,
        };
        if context.is_interactive {
            header.in_a_row(ui, panel, width, context)
        } else {
            header.in_rows(ui, panel, width, context)
        }
    }

    /// The entries of the current run, and of ghosts, whose names are shortened after rows of this
    /// height; `place` says where an entry ends.
    fn entries(
        ui: &Ui,
        panel: &Panel,
        context: HeaderContext<'_>,
        width: f32,
        place: &mut dyn FnMut(&mut Entry) -> f32,
    ) -> Vec<Entry> {
        let mut entries = Vec::new();
        let mut enter = |key: String, name: &str, (line_style, is_point): (LineStyle, bool)| {
            let mut entry = Entry::new(ui, key, name, line_style, is_point, width);
            let bottom = place(&mut entry);
            entries.push(entry);
            bottom
        };
        for line in panel.lines.iter().filter(|line| line.ghost.is_none()) {
            let line_style = line_style(ui.style(), line);
            enter(key(line), &line.name, (line_style, line.look.is_points()));
        }
        enter_ghosts(ui.style(), context.ghosts, context.ghosts_height, &mut enter);
        entries
    }

    /// A header in a window: always one row, so that the plots stay where they are. What does not
    /// fit is shortened or in a list.
    fn in_a_row(mut self, ui: &Ui, panel: &Panel, width: f32, context: HeaderContext<'_>) -> Self {
        let palette = theme::colours(ui.visuals());
        let factor = theme::factor(ui.style());
        let (small, gap, row) = (legend::font(ui), 14.0 * factor, self.height);
        let left = self.title.size().x + 18.0 * factor;
        // The list of lines comes before the switch of the axis.
        self.scale.take_if(|(_, rect)| rect.left() - gap < left + LEAST_LEGEND * row);
        let right = self.scale.as_ref().map_or(width, |(_, rect)| rect.left() - gap).max(left);
        let entered = |ghosts_height: f32| {
            let context = HeaderContext { ghosts_height, ..context };
            Self::entries(ui, panel, context, right - left, &mut |_| 0.0)
        };
        let (note, out_of_range) = (panel.note.as_ref(), context.out_of_range_text(panel.fit_to));
        let color = palette.ink(palette.vermillion);
        let lay = |words: &str, color, width| elided(ui, words, &small, color, width);
        let most = (right - left) * MAX_NOTE;
        let wide = |words: Option<&str>, color| {
            words.map_or(0.0, |words| lay(words, color, most).size().x + gap)
        };
        let told =
            wide(note.map(String::as_str), color) + wide(out_of_range.as_deref(), palette.accent);
        let mut legend = Legend::in_row(ui, entered(f32::INFINITY), left, right - told, row);
        if !legend.is_whole() {
            legend = Legend::in_row(ui, entered(-1.0), left, right - told, row);
        }
        let mut x = legend.right().map_or(left, |end| end + gap);
        let out_of_range = out_of_range.map(|words| {
            let text = lay(&words, palette.accent, most);
            let rect = Rect::from_min_size(pos2(x, 0.0), vec2(text.size().x, row));
            x = rect.right() + gap;
            (text, rect)
        });
        let note = note.map(|note| (lay(note, color, (right - x).max(most)), pos2(x, 0.0)));
        Self { legend, note, out_of_range, ..self }
    }

    /// A header in a picture, with as many rows as it needs.
    fn in_rows(self, ui: &Ui, panel: &Panel, whole: f32, context: HeaderContext<'_>) -> Self {
        let palette = theme::colours(ui.visuals());
        let factor = theme::factor(ui.style());
        let (small, gap, row) = (legend::font(ui), 14.0 * factor, self.height);
        let start = self.title.size().x + 18.0 * factor;
        let mut flow = Flow::new(start, [whole, whole], row, context.rows);
        let entries = Self::entries(ui, panel, context, whole, &mut |entry| {
            entry.rect = flow.place(vec2(entry.rect.width(), row), gap);
            entry.rect.bottom()
        });
        let note = panel.note.as_ref().map(|note| {
            let color = palette.ink(palette.vermillion);
            let text = ui.painter().layout(note.clone(), small.clone(), color, whole);
            let height = row.max(text.size().y + 2.0 * factor);
            let rect = flow.place(vec2(text.size().x, height), gap);
            (text, rect.min)
        });
        let out_of_range = context.out_of_range_text(panel.fit_to).map(|words| {
            let text = elided(ui, &words, &small, palette.accent, whole);
            let size = vec2(text.size().x, row);
            (text, flow.place(size, 0.0))
        });
        let height = flow.height();
        Self { legend: Legend::placed(entries), note, out_of_range, height, ..self }
    }

    /// Paints the header and applies clicks: an entry hides its lines, with Shift or Alt all
    /// others. Returns the response of the title.
    pub(in crate::paint) fn show(&self, ui: &Ui, corner: Pos2, view: &mut PlotView) -> Response {
        let palette = theme::colours(ui.visuals());
        let scope = (self.kind.title(), ui.scope_id());
        let title = self.title(ui, corner, ui.scope_id().with((scope, "title")));
        if let Some((text, at)) = &self.note {
            let at = corner + at.to_vec2() + vec2(0.0, 1.0);
            ui.painter().galley(at, Arc::clone(text), palette.vermillion);
            if text.elided {
                let rect = Rect::from_min_size(at, text.size());
                let note = ui.interact(rect, ui.scope_id().with((scope, "note")), Sense::hover());
                note.on_hover_text(text.text());
            }
        }
        let click = |(text, rect): &(Arc<Galley>, Rect), label: &str, tooltip: &str| {
            let rect = rect.translate(corner.to_vec2());
            let response = ui.interact(rect, ui.scope_id().with((scope, tooltip)), Sense::click());
            response.widget_info(|| WidgetInfo::labeled(Part::Button, true, label));
            let color = if response.hovered() { palette.strong } else { palette.accent };
            let at = rect.min + vec2(0.0, 1.0);
            ui.painter().galley_with_override_text_color(at, Arc::clone(text), color);
            show_focus(ui, &response);
            let is_clicked = response.clicked();
            response.on_hover_cursor(egui::CursorIcon::PointingHand).on_hover_text(tooltip);
            is_clicked
        };
        let choices = &mut view.choices;
        if self
            .out_of_range
            .as_ref()
            .is_some_and(|place| click(place, place.0.text(), OUT_OF_RANGE))
            && !choices.all_values.remove(&self.kind)
        {
            choices.all_values.insert(self.kind);
        }
        let scale = axis_words(self.scale_kind);
        if self.scale.as_ref().is_some_and(|place| click(place, &scale, SCALES)) {
            next_scale(choices, self.kind, self.scale_kind);
        }
        self.legend.show(ui, corner, ui.scope_id().with((scope, "legend")), view);
        title
    }

    fn title(&self, ui: &Ui, corner: Pos2, id: egui::Id) -> Response {
        let palette = theme::colours(ui.visuals());
        let rect = Rect::from_min_size(corner, self.title.size());
        let response = ui.interact(rect, id, Sense::drag());
        let label = format!("Move {} (arrow keys)", self.kind.title());
        response.widget_info(|| WidgetInfo::labeled(Part::Button, true, &label));
        let is_held = response.hovered() || response.dragged();
        let color = if is_held { palette.accent } else { palette.strong };
        ui.painter().galley_with_override_text_color(corner, Arc::clone(&self.title), color);
        response.on_hover_cursor(egui::CursorIcon::Grab).on_hover_ui(|ui| {
            ui.label(TITLE);
            ui.weak(plot_gestures::in_plot());
        })
    }
}

fn axis_words(kind: ScaleKind) -> String {
    format!("{} axis", kind.word())
}

/// Switches a panel to the next scale in [`ScaleKind::ALL`].
fn next_scale(choices: &mut Choices, panel: PanelKind, now: ScaleKind) {
    let all = ScaleKind::ALL;
    let at = all.iter().position(|kind| *kind == now).unwrap_or(0);
    choices.scales.insert(panel, all[(at + 1) % all.len()]);
}

/// Height of a header of one row.
pub(in crate::paint) fn row_height(ui: &Ui) -> f32 {
    ui.text_style_height(&TextStyle::Body) + 2.0 * theme::factor(ui.style())
}

/// A title or caption, wrapped to the width.
pub(in crate::paint) fn paragraph(
    ui: &Ui,
    text: &str,
    style: &TextStyle,
    width: f32,
) -> Arc<Galley> {
    let palette = theme::colours(ui.visuals());
    let color = if *style == TextStyle::Heading { palette.strong } else { palette.weak };
    ui.painter().layout(text.to_owned(), style.resolve(ui.style()), color, width)
}

/// The upper left corner of a paragraph centred at the top.
pub(in crate::paint) fn centred(rect: Rect, galley: &Galley) -> Pos2 {
    Align2::CENTER_TOP.anchor_size(rect.center_top(), galley.size()).min
}
