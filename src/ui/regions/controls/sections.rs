//! The sections of the panel: headers that open them, what they say closed, and their controls.

use eframe::egui::{FontSelection, TextStyle, TextWrapMode, Ui, WidgetText};

use crate::config::{Effect, Section};
use crate::ui::action::WindowAction;
use crate::ui::appearance::ControlSection;
use crate::ui::widgets::section_header::{self, SectionHeader};

use super::control_panel::{Panel, RESTARTS, fold};
use super::section_parts::{Part, parts, settings_of};
use super::section_summary;

impl Panel<'_> {
    /// All sections.
    pub(super) fn sections(&mut self, ui: &mut Ui) {
        for section in ControlSection::ALL {
            let is_open = self.sections.is_open(section);
            if self.header(ui, section, is_open) {
                self.actions.push(WindowAction::Section(section));
            }
            if is_open {
                section_header::indented(ui, |ui| self.contents(ui, section));
            }
        }
    }

    /// The header of a section; returns whether it was clicked.
    fn header(&self, ui: &mut Ui, section: ControlSection, is_open: bool) -> bool {
        let told = section_summary::told(settings_of(section), &self.config, &self.reset_target);
        let width = section_header::summary_width(ui);
        let fits = |line: &str| {
            let font = FontSelection::Style(TextStyle::Small);
            let galley = WidgetText::from(line).into_galley(
                ui,
                Some(TextWrapMode::Extend),
                f32::INFINITY,
                font,
            );
            galley.size().x <= width
        };
        let summary = section_summary::line(&told, fits);
        let restarts = settings_of(section).all(|setting| setting.effect == Effect::Restart);
        let header = SectionHeader {
            title: section.title(),
            summary: &summary,
            sign: if restarts { RESTARTS } else { "" },
        };
        header.show(ui, is_open).clicked()
    }

    fn contents(&mut self, ui: &mut Ui, section: ControlSection) {
        if section == ControlSection::Schedule && self.config.live.rate.rule.has_peak() {
            self.starting_ratio(ui);
        }
        for part in parts(section) {
            match *part {
                Part::Folded(title, Section::Warmup) => {
                    // What another rule reads of it is beside the rate.
                    if self.config.live.rate.rule.has_schedule() {
                        fold(ui, title, |ui| self.warmup_shape(ui));
                    }
                }
                Part::Group(group) => self.section(ui, group),
                Part::Folded(title, group) => fold(ui, title, |ui| self.section(ui, group)),
            }
        }
        if section == ControlSection::Measure {
            ui.checkbox(&mut self.controls.is_smallest_shown, "Show λ min")
                .on_hover_text("A thin line for the smallest eigenvalue, where it is measured.");
        }
    }
}
