//! The glossary, with a field that finds words, and what the program is.

use eframe::egui::{
    Align2, Context, Key, Modifiers, RichText, ScrollArea, TextEdit, Vec2, Window, vec2,
};

use crate::figure::{Term, glossary};
use crate::paint::theme;
use crate::ui::session::{Request, Session};
use crate::ui::shortcut::{Section, Shortcut};
use crate::ui::view_info::{Scene, View, ViewInfo, ViewKind, always};

/// Width of the list in points, before scaling.
const WIDTH: f32 = 620.0;

/// View declaration.
pub(super) static VIEW: ViewInfo = ViewInfo {
    kind: ViewKind::Help,
    shortcut: Some(Shortcut {
        section: Section::Window,
        keys: &[(Modifiers::COMMAND, Key::G)],
        key_label: "Ctrl G",
        description: "Glossary, and about eoscope",
    }),
    is_in_menu: always,
    ..ViewInfo::new("Glossary and about", |_, _| Box::new(GlossaryView::new()))
};

/// The open glossary.
#[derive(Debug)]
struct GlossaryView {
    terms: Vec<Term>,
    /// What the user looks for.
    wanted: String,
}

impl GlossaryView {
    fn new() -> Self {
        Self { terms: glossary().collect(), wanted: String::new() }
    }
}

impl View for GlossaryView {
    fn show(&mut self, window: Window<'_>, ctx: &Context, scene: Scene<'_>) -> Vec<Request> {
        let space = ctx.content_rect().size() - vec2(40.0, 90.0);
        let window = window.resizable(false).anchor(Align2::CENTER_CENTER, Vec2::ZERO);
        window.show(ctx, |ui| {
            ui.set_width((WIDTH * theme::factor(ui.style())).min(space.x));
            ui.horizontal(|ui| {
                let name = ui.label("Find");
                let field = TextEdit::singleline(&mut self.wanted).desired_width(f32::INFINITY);
                ui.add(field.hint_text("a word, a symbol, a setting")).labelled_by(name.id);
            });
            ui.separator();
            let height = (space.y - 80.0 * theme::factor(ui.style())).max(60.0);
            let area = ScrollArea::vertical().max_height(height).min_scrolled_height(height);
            area.auto_shrink(false).show(ui, |ui| {
                let found: Vec<&Term> = found(&self.terms, &self.wanted).collect();
                if found.is_empty() {
                    ui.label(format!("Nothing here is called “{}”.", self.wanted.trim()));
                }
                for term in found {
                    ui.label(RichText::new(&term.word).strong());
                    ui.label(&term.meaning);
                    ui.add_space(6.0);
                }
                if self.wanted.trim().is_empty() {
                    ui.separator();
                    for line in about(scene.session) {
                        ui.label(line);
                    }
                }
            });
        });
        Vec::new()
    }
}

/// The entries that contain all words looked for, in the term or in what it means; those with one in
/// the term come first.
fn found<'a>(terms: &'a [Term], wanted: &str) -> impl Iterator<Item = &'a Term> {
    let words: Vec<String> = wanted.split_whitespace().map(str::to_lowercase).collect();
    let has_all = |text: String| words.iter().all(|word| text.contains(word.as_str()));
    let (named, others): (Vec<_>, Vec<_>) =
        terms.iter().partition(|term| has_all(term.word.to_lowercase()));
    let mentioned: Vec<_> = others
        .into_iter()
        .filter(|term| has_all(format!("{} {}", term.word, term.meaning).to_lowercase()))
        .collect();
    named.into_iter().chain(mentioned)
}

/// Version, licences, where files are, and how to cite.
fn about(session: &Session) -> Vec<String> {
    let presets = session.presets.folder().map_or_else(
        || "Presets cannot be saved: the system has no folder for settings.".to_owned(),
        |folder| format!("Presets of yours are files such as {}.", folder.path("NAME").display()),
    );
    vec![
        format!("eoscope {}, licensed under MIT or Apache-2.0.", env!("CARGO_PKG_VERSION")),
        presets,
        "It implements the system of J. Gilmer et al., A Loss Curvature Perspective on Training \
         Instability in Deep Learning, arXiv 2110.04369; cite that paper, and eoscope with its \
         version."
            .to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::chart::Sheet;
    use crate::paint::{PictureOptions, missing_glyphs};

    #[test]
    fn the_fonts_have_every_character() {
        let words = glossary().map(|term| term.word + &term.meaning).collect::<String>();
        let sheet = Sheet { caption: Some(words), ..Sheet::default() };
        let missing = missing_glyphs(&sheet, &PictureOptions::default()).unwrap();
        assert_eq!(missing, "");
    }

    #[test]
    fn terms_that_are_called_so_come_before_those_that_mention_the_words() {
        let terms: Vec<Term> = glossary().collect();
        let words = |wanted: &str| -> Vec<&str> {
            found(&terms, wanted).map(|term| term.word.as_str()).collect()
        };
        assert_eq!(words("AUDIT")[0], "Audit");
        assert_eq!(words("stability limit").first(), Some(&"Stability limit, 2/η"));
        assert!(words("2110.04369").contains(&"Warmup"));
        assert_eq!(words("no such word"), [""; 0]);
        assert_eq!(words(" ").len(), terms.len());
    }
}
