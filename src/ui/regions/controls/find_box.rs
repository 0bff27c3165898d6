//! The box that finds a control by word, as drawn, and the controls it finds.

use eframe::egui::{Id, Key, RichText, TextEdit, Ui};

use crate::config::{Range, Setting};
use crate::text;
use crate::ui::appearance::ControlSection;

use super::control_panel::Panel;
use super::section_parts::{PINNED, section_of, settings_of};

/// What the field says while it is empty.
const HINT: &str = "Find a control";

impl Panel<'_> {
    /// Draws the box and, if something is looked for, the controls that are found; returns whether
    /// they replace the panel.
    pub(super) fn found(&mut self, ui: &mut Ui) -> bool {
        let Some(wanted) = self.controls.find.wanted.as_mut() else { return false };
        let field = TextEdit::singleline(wanted)
            .id(Id::unique("find a control"))
            .hint_text(HINT)
            .desired_width(f32::INFINITY);
        let response = ui.add(field);
        response.widget_info(|| {
            let info = eframe::egui::WidgetInfo::labeled;
            info(eframe::egui::Role::TextInput, true, HINT)
        });
        if self.controls.find.needs_focus {
            response.request_focus();
            self.controls.find.needs_focus = false;
        }
        if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Escape)) {
            self.controls.find.close();
            return false;
        }
        let wanted = self.controls.find.wanted.clone().unwrap_or_default();
        if wanted.trim().is_empty() {
            return false;
        }
        let (mut n, mut before) = (0, None);
        let pinned = PINNED
            .iter()
            .flat_map(|group| Setting::all().filter(move |setting| setting.section == *group));
        let all = pinned.chain(ControlSection::ALL.into_iter().flat_map(settings_of));
        for setting in all.filter(|setting| has_words(setting, &wanted)) {
            let section = section_of(setting);
            if let Some(title) = section.filter(|_| section != before) {
                ui.label(RichText::new(title.title()).small().weak());
            }
            before = section;
            self.found_setting(ui, setting);
            n += 1;
        }
        if n == 0 {
            ui.label(format!("No control is described by “{}”.", wanted.trim()));
        }
        true
    }

    /// The control of a setting, greyed out with the reason if nothing reads it.
    fn found_setting(&mut self, ui: &mut Ui, setting: &'static Setting) {
        let why = setting.why_unread(&self.config);
        ui.add_enabled_ui(why.is_none(), |ui| self.row(ui, setting));
        if let Some(why) = why {
            ui.label(RichText::new(text::sentence(&why)).small().weak());
        } else {
            self.file_below(ui, setting);
        }
    }
}

/// Whether a setting has all these words in its label, its key, its description or its choices.
fn has_words(setting: &Setting, wanted: &str) -> bool {
    let choices = match setting.range {
        Range::Word(words) => {
            let words = words().into_iter().flat_map(|choice| [choice.word, " ", choice.sentence]);
            words.collect()
        }
        Range::Real { .. }
        | Range::Whole { .. }
        | Range::WholeOr(_)
        | Range::Switch
        | Range::Widths
        | Range::Factors
        | Range::Text => String::new(),
    };
    let known = [setting.label, setting.key, setting.tooltip, &choices].join(" ").to_lowercase();
    wanted.to_lowercase().split_whitespace().all(|word| known.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::settings::{CLIP_MODE, NORMALIZATION, RULE, SCALE};

    #[test]
    fn a_control_is_found_by_its_name_its_key_its_description_and_its_choices() {
        for (setting, wanted) in [
            (&SCALE, "scale"),
            (&SCALE, SCALE.key),
            (&CLIP_MODE, "global NORM"),
            (&RULE, "adam"),
            (&NORMALIZATION, "batch layer"),
        ] {
            assert!(has_words(setting, wanted), "{setting} {wanted}");
        }
        assert!(!has_words(&SCALE, "scale warmup"));
    }
}
