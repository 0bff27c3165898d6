//! What the user can request of the runs, and the configuration that follows from it.
//! Pure; knows neither how it was requested (slider, key, card) nor how commands travel.

use toml::Value;

use crate::config::{Change, LiveSettings, RunConfig, Setting, Warmup, settings};
use crate::figure::Suggestion;
use crate::protocol::{RunId, SearchKind};
use crate::ui::gesture::Gesture;

/// What taking a learning rate does to a run that goes on.
pub(in crate::ui) const SETS_RATE: &str = "Sets the learning rate at the next step.";

/// A request of the user that concerns runs.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::ui) enum Request {
    /// One setting at a new value; live ones act at once, the others start a new run.
    Set {
        /// The setting.
        setting: &'static Setting,
        /// The new value.
        value: Value,
        /// Whether this continues the gesture before it.
        gesture: Gesture,
    },
    /// A new run of this configuration, the present one staying as a ghost.
    Begin(Box<RunConfig>),
    /// A new run of this preset, at its pace and going on.
    Preset(Box<RunConfig>),
    /// The same run again from its first step, with every change at its step.
    Restart,
    /// A new run of the settings as they are now, without changes to come.
    StartClean,
    /// Undo the last live change.
    Undo,
    /// Redo the last live change that was undone.
    Redo,
    /// Back to the preset's settings.
    Reset,
    /// The same run from the next seed.
    NewSeed,
    /// Pause a running run, resume a paused one, after the end start a run of the settings as they are.
    Toggle,
    /// Take one step, then pause.
    StepOnce,
    /// A search for a learning rate from where the run is.
    Search(SearchKind),
    /// Try rates beside the run, for as many steps as are set.
    TryRates,
    /// Try lengths of warmup from the first step.
    TryWarmup,
    /// Steps of the next trials of rates.
    TrialSteps(u64),
    /// End the trials under way.
    EndTrials,
    /// What trials suggest: live where it can be, else in a new run.
    Apply(Suggestion),
    /// End the tuning of the initial weights with what it has found so far.
    CutPreparation,
    /// Choose where a changed warmup begins.
    WarmupFrom(WarmupFrom),
    /// Take one ghost off the plots.
    RemoveGhost(RunId),
    /// Take all ghosts off the plots.
    RemoveAllGhosts,
    /// List a preset that was saved just now.
    AddPreset(Box<RunConfig>),
}

/// From which step a changed warmup rises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(in crate::ui) enum WarmupFrom {
    /// From the present step when the former warmup is over, so that the slider always acts.
    #[default]
    Now,
    /// From the first step of the run.
    StepZero,
}

/// What it takes to go back to the preset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Reset {
    /// Nothing: the settings are the preset's.
    Nothing,
    /// Live settings, at the next step.
    Live,
    /// A new run.
    Restart,
}

/// What it takes to get from `now` to `home`.
pub(in crate::ui) fn reset_of(now: &RunConfig, home: &RunConfig) -> Reset {
    let mut changes = now.changes_to(home);
    // Where a warmup began is no setting of the preset.
    changes.retain(|change| !change.is_of(&settings::WARMUP_START));
    let is_live = |change: &Change| change.setting().is_some_and(Setting::is_live);
    if now.changes != home.changes || !changes.iter().all(is_live) {
        Reset::Restart
    } else if changes.is_empty() {
        Reset::Nothing
    } else {
        Reset::Live
    }
}

/// `requested` with its warmup begun where it still acts: a changed warmup that was already over in
/// `before` begins at `step`, or at the first step where the user prefers that.
pub(in crate::ui) fn begin_warmup(
    before: &LiveSettings,
    mut requested: LiveSettings,
    step: u64,
    from: WarmupFrom,
) -> LiveSettings {
    let is_changed = before.warmup != requested.warmup;
    if !is_changed || requested.warmup.steps == 0 {
        return requested;
    }
    match from {
        WarmupFrom::StepZero => requested.warmup.start = 0,
        WarmupFrom::Now if is_warmup_over(&before.warmup, step) => requested.warmup.start = step,
        WarmupFrom::Now => {}
    }
    requested
}

fn is_warmup_over(warmup: &Warmup, step: u64) -> bool {
    step >= warmup.start.saturating_add(warmup.steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warmup_that_is_over_begins_now_and_one_under_way_keeps_its_start() {
        let before = RunConfig::default().live;
        let mut requested = before.clone();
        requested.warmup.steps = 100;
        let now = begin_warmup(&before, requested.clone(), 40, WarmupFrom::Now);
        assert_eq!(now.warmup.start, 40);
        let mut longer = now.clone();
        longer.warmup.steps = 200;
        assert_eq!(begin_warmup(&now, longer.clone(), 60, WarmupFrom::Now).warmup.start, 40);
        assert_eq!(begin_warmup(&now, longer, 60, WarmupFrom::StepZero).warmup.start, 0);
        requested.warmup.steps = 0;
        assert_eq!(begin_warmup(&before, requested, 40, WarmupFrom::Now).warmup.start, 0);
    }
}
