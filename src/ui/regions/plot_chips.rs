//! Chips of the plots that are not drawn: those of the arrangement that the user has hidden, and those
//! without room. A click shows one.

use eframe::egui::{Button, RichText, TextStyle, Ui};

use crate::figure::PanelKind;
use crate::history::Run;
use crate::paint::PlotView;
use crate::text;
use crate::ui::action::WindowAction;
use crate::ui::appearance::ShownPlots;

/// Width that chips leave to the reading at the right, in lines of text.
const READING_WIDTH: f32 = 12.0;

const HIDDEN: &str = "This plot is hidden: click to show it again.";

const NO_ROOM: &str =
    "There is no room for this plot now: click to show it in the place of another.";

/// A plot that is not drawn.
#[derive(Clone, Copy)]
struct Chip {
    panel: PanelKind,
    tooltip: &'static str,
}

impl Chip {
    fn words(self) -> String {
        format!("+ {}", self.panel.title())
    }

    fn show(self, ui: &mut Ui) -> Option<WindowAction> {
        let button = Button::new(RichText::new(self.words()).weak()).small();
        let is_clicked = ui.add(button).on_hover_text(self.tooltip).clicked();
        is_clicked.then_some(WindowAction::Panel(self.panel))
    }

    fn width(self, ui: &Ui) -> f32 {
        let font = TextStyle::Small.resolve(ui.style());
        let color = ui.visuals().weak_text_color();
        let text = ui.painter().layout_no_wrap(self.words(), font, color).size().x;
        text + 2.0 * ui.spacing().button_padding.x + ui.spacing().item_spacing.x
    }
}

/// Draws the chips in a row, and those that do not fit as one with their number.
pub(super) fn show(
    ui: &mut Ui,
    run: &Run,
    view: &PlotView,
    plots: &ShownPlots,
) -> Option<WindowAction> {
    let chips = chips(run, view, plots);
    let reading = READING_WIDTH * ui.text_style_height(&TextStyle::Body);
    let mut left = ui.available_width() - reading;
    let fits = |chip: &&Chip| {
        left -= chip.width(ui);
        left >= 0.0
    };
    let n_shown = chips.iter().take_while(fits).count();
    let mut action = None;
    for chip in &chips[..n_shown] {
        action = action.or(chip.show(ui));
    }
    let rest = &chips[n_shown..];
    if !rest.is_empty() {
        let words = format!("+{}", text::plural(rest.len() as u64, "plot"));
        let words = RichText::new(words).weak();
        let menu = ui.menu_button(words, |ui| entries(ui, rest));
        menu.response.on_hover_text("Plots that are not shown now.");
        action = action.or(menu.inner.flatten());
    }
    action
}

/// The chips as entries of a menu.
pub(super) fn menu(
    ui: &mut Ui,
    run: &Run,
    view: &PlotView,
    plots: &ShownPlots,
) -> Option<WindowAction> {
    entries(ui, &chips(run, view, plots))
}

fn entries(ui: &mut Ui, chips: &[Chip]) -> Option<WindowAction> {
    let mut action = None;
    for chip in chips {
        let entry = ui.button(chip.words()).on_hover_text(chip.tooltip);
        if entry.clicked() {
            action = Some(WindowAction::Panel(chip.panel));
            ui.close();
        }
    }
    action
}

/// The plots that are not drawn and belong to the run: those without room come first.
fn chips(run: &Run, view: &PlotView, plots: &ShownPlots) -> Vec<Chip> {
    let without_room = view.room.without_room().iter();
    let without_room = without_room.map(|panel| Chip { panel: *panel, tooltip: NO_ROOM });
    let hidden = plots.hidden().into_iter();
    let hidden = hidden.filter(|panel| panel.is_of_every_run() || run.is_preconditioned());
    without_room.chain(hidden.map(|panel| Chip { panel, tooltip: HIDDEN })).collect()
}
