//! The list behind “+ Plot”: every plot that is not part of the arrangement and that the run can have,
//! with a sentence for each.

use eframe::egui::containers::menu::{MenuButton, MenuConfig, SubMenuButton, is_in_menu};
use eframe::egui::{Align2, Id, PopupCloseBehavior, Role, ScrollArea, TextEdit, Ui, WidgetInfo};

use crate::config::Choice;
use crate::figure::{NoValue, PanelKind, why_no_value};
use crate::history::Run;
use crate::ui::action::WindowAction;
use crate::ui::appearance::ShownPlots;

use super::controls::choice_list::{self, Columns};

const NAME: &str = "+ Plot";

/// The highest list, as a fraction of the window.
const MAX_HEIGHT: f32 = 0.6;

const TOOLTIP: &str = "Add a plot of any quantity that this run has, or remove one that was added.";

const HINT: &str = "Find by word or symbol";

/// Draws the button; returns the plot to show, or to hide if it was added before.
pub(super) fn button(ui: &mut Ui, run: &Run, plots: &ShownPlots) -> Option<WindowAction> {
    let config = MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let words = ui.scope_id().with("words of the list of plots");
    let contents = |ui: &mut Ui| list(ui, run, plots, words);
    let (response, shown) = if is_in_menu(ui) {
        SubMenuButton::new(NAME).config(config).ui(ui, contents)
    } else {
        MenuButton::new(NAME).config(config).ui(ui, contents)
    };
    response.on_hover_text(TOOLTIP);
    if shown.is_none() {
        // It opens with everything in it.
        ui.data_mut(|data| data.remove::<String>(words));
    }
    shown.and_then(|shown| shown.inner)
}

/// Draws the list; `words` is where the words of its box are kept while it is open.
fn list(ui: &mut Ui, run: &Run, plots: &ShownPlots, words: Id) -> Option<WindowAction> {
    let offered: Vec<PanelKind> = offered(run, plots);
    let choice = |panel: &PanelKind| {
        let sentence = panel.declaration().sentence;
        Choice { word: panel.title(), sentence }
    };
    // As wide as the whole list, so that it does not change while one types.
    let columns = Columns::of(ui, &offered.iter().map(choice).collect::<Vec<_>>());
    let words = find_box(ui, words);
    let mut chosen = None;
    let height = MAX_HEIGHT * ui.ctx().content_rect().height();
    ScrollArea::vertical().max_height(height).min_scrolled_height(height).show(ui, |ui| {
        for panel in offered.iter().filter(|panel| is_found(**panel, &words)) {
            let is_shown = plots.is_shown(*panel);
            let entry = choice_list::entry(ui, columns, &choice(panel), panel.title(), is_shown);
            if entry.clicked() {
                chosen = Some(WindowAction::Panel(*panel));
                ui.close();
            }
        }
    });
    chosen
}

/// The plots that can be added, or removed again.
fn offered(run: &Run, plots: &ShownPlots) -> Vec<PanelKind> {
    let arranged = plots.base().plots();
    let can_have = |panel: &PanelKind| match panel {
        PanelKind::Quantity(quantity) => {
            !matches!(why_no_value(run, *quantity), Some(NoValue::Never(_)))
        }
        PanelKind::Preconditioned => run.is_preconditioned(),
        PanelKind::Sharpness
        | PanelKind::AlongUpdate
        | PanelKind::Loss
        | PanelKind::LearningRate
        | PanelKind::GradNorm => true,
    };
    let is_offered = |panel: &PanelKind| {
        !arranged.contains(panel) && (plots.is_shown(*panel) || can_have(panel))
    };
    PanelKind::all().filter(is_offered).collect()
}

/// The box that filters the list; returns its words.
fn find_box(ui: &mut Ui, id: Id) -> String {
    let mut words: String = ui.data_mut(|data| data.get_temp(id)).unwrap_or_default();
    let field = ui.add(TextEdit::singleline(&mut words).hint_text(HINT).align(Align2::LEFT_CENTER));
    field.widget_info(|| WidgetInfo {
        label: Some("Find a plot".to_owned()),
        current_text_value: Some(words.clone()),
        ..WidgetInfo::new(Role::TextInput)
    });
    ui.data_mut(|data| data.insert_temp(id, words.clone()));
    words.trim().to_lowercase()
}

fn is_found(panel: PanelKind, words: &str) -> bool {
    let declaration = panel.declaration();
    let parts = [declaration.title, declaration.axis_label, declaration.word, declaration.sentence];
    parts.iter().any(|part| part.to_lowercase().contains(words))
}
