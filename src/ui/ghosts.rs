//! The runs on the plots by name: the current one and its ghosts, each with a way to remove it.
//! Does not draw the curves.

use eframe::egui::{RichText, Ui};

use crate::config::{Change, plain, setting};
use crate::figure::ghost_places;
use crate::history::Run;
use crate::paint::ghost_sample;

use super::compare::Compare;
use super::session::Session;
use super::wish::Wish;

/// Changes told of a ghost; more would not be read.
const MAX_CHANGES: usize = 2;

/// Draws the list if there are ghosts; returns what the person wants.
pub(super) fn show(ui: &mut Ui, session: &Session, compare: &mut Compare) -> Option<Wish> {
    if session.ghosts().is_empty() {
        return None;
    }
    let mut wish = None;
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new("Ghosts").strong())
            .on_hover_text("Former runs, in muted colours on the plots.");
        let places = ghost_places(session.ghosts().iter().map(Run::id));
        for (ghost, place) in session.ghosts().iter().zip(places) {
            ghost_sample(ui, place);
            let name = name(ghost, session.current());
            ui.label(&name);
            let remove = ui.small_button("×").on_hover_text("Take this run off the plots.");
            if remove.accessible_name(format!("Remove {name}")).clicked() {
                wish = Some(Wish::Forget(ghost.id()));
            }
        }
        let table = ui.button("Compare").on_hover_text("A table of the settings that differ.");
        if table.clicked() {
            compare.toggle();
        }
        if ui.button("Clear ghosts").clicked() {
            wish = Some(Wish::ForgetAll);
        }
    });
    wish
}

/// A ghost told by what sets it apart from the current run, and by what was changed while it ran.
pub(super) fn name(ghost: &Run, current: &Run) -> String {
    let is_told =
        |change: &Change| !matches!(change.key.as_str(), "live.pace" | "live.warmup.start");
    let mut on_the_way = ghost.initial_config().changes_to(ghost.config());
    on_the_way.retain(is_told);
    let apart = current.initial_config().changes_to(ghost.initial_config());
    let is_alone = |change: &&Change| on_the_way.iter().all(|other| other.key != change.key);
    let apart = apart.iter().filter(|change| is_told(change)).filter(is_alone).map(|change| {
        let label = setting(&change.key).map_or("", |row| row.label);
        let value = plain(&change.to);
        if change.key == "name" { value } else { format!("{label} {value}") }
    });
    let told: Vec<_> = apart.chain(on_the_way.iter().map(ToString::to_string)).collect();
    let run = format!("run {}", ghost.id().0);
    match told.as_slice() {
        [] => format!("{run}: as now"),
        few if few.len() <= MAX_CHANGES => format!("{run}: {}", few.join(", ")),
        many => format!("{run}: {}, …", many[..MAX_CHANGES].join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RunConfig;
    use crate::protocol::{Event, RunId, Source};

    #[test]
    fn a_ghost_is_told_by_what_differs_and_by_what_was_changed_on_the_way() {
        let mut ghost = Run::new(RunId(1), RunConfig::default());
        let mut config = RunConfig::default();
        assert_eq!(name(&ghost, &Run::new(RunId(2), config.clone())), "run 1: as now");
        (config.live.peak_lr, config.live.warmup.steps) = (0.8, 256);
        let current = Run::new(RunId(2), config.clone());
        let mut live = RunConfig::default().live;
        live.peak_lr = 0.8;
        let source = Source::Person(1);
        ghost.apply(&Event::Tuned { run: RunId(1), step: 9, live: Box::new(live), source });
        assert_eq!(name(&ghost, &current), "run 1: Warmup 0, Learning rate 0.1 → 0.8");
    }
}
