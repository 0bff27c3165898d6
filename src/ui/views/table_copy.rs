//! Two buttons that copy a table, as CSV and as Markdown.

use eframe::egui::Ui;

use crate::figure::chart::{Cell, Column, Table};

/// What stands in a view where nothing is known.
const UNKNOWN: &str = "–";

/// Draws the buttons; `table` is made when one is clicked.
pub(super) fn show(ui: &mut Ui, table: impl Fn() -> Option<Table>) {
    ui.horizontal(|ui| {
        for Form { word, tooltip, write } in FORMS {
            if ui.small_button(word).on_hover_text(tooltip).clicked() {
                let text = table().map(|table| write(&table));
                ui.ctx().copy_text(text.unwrap_or_default());
            }
        }
    });
}

/// A form that a table is copied in.
struct Form {
    word: &'static str,
    tooltip: &'static str,
    write: fn(&Table) -> String,
}

const FORMS: [Form; 2] = [
    Form {
        word: "Copy as CSV",
        tooltip: "This table with commas and all digits, for a spreadsheet or a program.",
        write: |table| table.csv().unwrap_or_default(),
    },
    Form {
        word: "Copy as Markdown",
        tooltip: "This table as shown, for notes and issues.",
        write: Table::markdown,
    },
];

/// A table of these headers and rows; `None` if a row has too few or too many cells.
pub(super) fn table<'a>(
    headers: impl IntoIterator<Item = &'a str>,
    rows: Vec<Vec<Cell>>,
) -> Option<Table> {
    Table::new(headers.into_iter().map(Column::new).collect(), rows).ok()
}

/// A cell of text as a view shows it.
pub(super) fn text(shown: &str) -> Cell {
    if shown == UNKNOWN { Cell::Missing } else { Cell::text(shown) }
}
