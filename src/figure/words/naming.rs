//! The name of the current run: its preset, and its differences from that.

use crate::config::{Change, RunConfig, preset, settings};
use crate::history::Run;

use super::common_name::common_name;

/// Changes listed in a title at most.
const MAX_IN_TITLE: usize = 3;

/// The name of a run and its differences from its preset. If `seed_group`, its seed group, is drawn
/// as one line, the seed is omitted, and the name is the one that the group shares.
#[must_use]
pub fn title(run: &Run, seed_group: &[&Run]) -> String {
    let differences = changes_from_preset(run.initial_config());
    let is_listed = |change: &&Change| {
        !change.is_of(&settings::N_STEPS)
            && (seed_group.is_empty() || !change.is_of(&settings::SEED))
    };
    let mut begun: Vec<String> =
        differences.iter().filter(is_listed).map(ToString::to_string).collect();
    let mut later = changes_made(run);
    let n = begun.len() + later.len();
    begun.truncate(MAX_IN_TITLE);
    later.truncate(MAX_IN_TITLE - begun.len());
    let name = common_name(seed_group).unwrap_or_else(|| run.initial_config().name.clone());
    let more = if n > begun.len() + later.len() { ", …" } else { "" };
    match begun_and_later(&begun, &later) {
        text if text.is_empty() => name,
        text => format!("{name}: {text}{more}"),
    }
}

/// Differences at the start and changes during the run, in one sentence that tells them apart.
#[must_use]
pub fn begun_and_later(begun: &[String], later: &[String]) -> String {
    let joint = if begun.is_empty() || later.is_empty() { "" } else { "; during the run: " };
    format!("{}{joint}{}", begun.join(", "), later.join(", "))
}

/// Changes of a run, a drag being one, followed by those still to come.
#[must_use]
pub fn live_changes(run: &Run) -> Vec<String> {
    let mut changes = changes_made(run);
    if !run.is_over() {
        changes.extend(run.config().described_changes());
    }
    changes
}

/// The changes that a run has reached.
pub(super) fn changes_made(run: &Run) -> Vec<String> {
    let made = run.markers().iter();
    made.map(|marker| format!("{} at step {}", marker.sentence(), marker.step)).collect()
}

/// Differences from the preset of the same name, except the pace.
fn changes_from_preset(config: &RunConfig) -> Vec<Change> {
    let mut changes =
        preset(&config.name).map_or_else(|_| Vec::new(), |preset| preset.config.changes_to(config));
    changes.retain(|change| !change.is_of(&settings::PACE));
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::rate_from;
    use crate::protocol::{Event, Record, RunEnd, RunId, Sample, Source};

    #[test]
    fn a_title_lists_differences_from_the_preset() {
        let plain = preset("blowup").unwrap().config.clone();
        let mut warmed = plain.clone();
        warmed.live.warmup.steps = 256;
        assert_eq!(title(&Run::new(RunId(1), warmed), &[]), "blowup: Warmup 0 → 256");
        assert_eq!(title(&Run::new(RunId(1), plain), &[]), "blowup");
    }

    #[test]
    fn a_title_tells_the_start_from_changes_during_the_run_and_only_those_that_it_reached() {
        let mut config = preset("blowup").unwrap().config.clone();
        config.live.peak_lr = 0.1;
        config.changes = vec![rate_from(3, 0.3), rate_from(9, 0.4)];
        let mut run = Run::new(RunId(1), config.clone());
        assert_eq!(title(&run, &[]), "blowup: Learning rate 0.2 → 0.1");
        let live = Box::new(config.changes[0].applied_to(&config.live).unwrap());
        run.apply(&Event::Tuned { run: RunId(1), step: 3, live, source: Source::Config });
        let sample = Sample { step: 3, ..Sample::default() };
        let records = vec![Record { sample, ..Record::default() }];
        run.apply(&Event::Sampled { run: RunId(1), records });
        let told = "Learning rate 0.2 → 0.1; during the run: Learning rate 0.1 → 0.3 at step 3";
        assert_eq!(title(&run, &[]), format!("blowup: {told}"));
        assert_eq!(live_changes(&run).len(), 2, "one is still to come");
        let end = RunEnd::Diverged { loss: f64::NAN };
        run.apply(&Event::Ended { run: RunId(1), step: 4, end });
        assert_eq!(live_changes(&run).len(), 1, "it never comes");
    }
}
