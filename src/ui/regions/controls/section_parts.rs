//! What is in each section of the controls: groups of settings, some of them folded.

use crate::config::{Section, Setting};
use crate::ui::appearance::ControlSection;

/// Groups whose controls are always shown, above the sections.
pub(super) const PINNED: [Section; 5] =
    [Section::Rate, Section::Optimizer, Section::Rule, Section::WarmupLength, Section::Clipping];

/// A part of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A group of settings.
    Group(Section),
    /// A group behind a title of its own.
    Folded(&'static str, Section),
}

impl Part {
    /// Its group of settings.
    pub(super) const fn group(self) -> Section {
        match self {
            Self::Group(group) | Self::Folded(_, group) => group,
        }
    }
}

/// The parts of a section, top to bottom.
pub(super) const fn parts(section: ControlSection) -> &'static [Part] {
    use Part::{Folded, Group};
    match section {
        ControlSection::Data => {
            &[Group(Section::Task), Group(Section::Loss), Group(Section::Batch)]
        }
        ControlSection::Network => &[Group(Section::Network), Group(Section::Precision)],
        ControlSection::Start => &[
            Group(Section::Initialization),
            Group(Section::Run),
            Folded("Layer by layer", Section::InitialLayers),
            Folded("Tuning before step 0", Section::Tuning),
        ],
        ControlSection::Schedule => &[
            Group(Section::Schedule),
            Folded("Warmup shape", Section::Warmup),
            Group(Section::Decay),
        ],
        ControlSection::Measure => &[Group(Section::Measurements), Group(Section::Tests)],
    }
}

/// The settings of a section, in the order of its parts.
pub(super) fn settings_of(section: ControlSection) -> impl Iterator<Item = &'static Setting> {
    let groups = parts(section).iter().map(|part| part.group());
    groups.flat_map(|group| Setting::all().filter(move |setting| setting.section == group))
}

/// The section that has the control of a setting; `None` if it is always shown or has no control.
pub(in crate::ui) fn section_of(setting: &Setting) -> Option<ControlSection> {
    let has = |section: &ControlSection| {
        parts(*section).iter().any(|part| part.group() == setting.section)
    };
    ControlSection::ALL.into_iter().find(has)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_with_a_control_is_in_one_place() {
        for setting in Setting::all() {
            let is_pinned = PINNED.contains(&setting.section);
            let all = ControlSection::ALL.into_iter().flat_map(settings_of);
            let n = all.filter(|other| *other == setting).count() + usize::from(is_pinned);
            let wanted = usize::from(setting.section != Section::Elsewhere);
            assert_eq!(n, wanted, "{setting}");
        }
    }
}
