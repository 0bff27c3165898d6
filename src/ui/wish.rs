//! What a person asked for, and the configuration that follows from it.
//! Pure; knows neither how it was asked (slider, key, card) nor how commands travel.

use toml::Value;

use crate::config::{Change, LiveSettings, RunConfig, Setting, Warmup, settings};
use crate::figure::Suggestion;
use crate::protocol::{RunId, SearchKind};

/// What taking a learning rate does to a run that goes on.
pub(super) const SETS_RATE: &str = "Sets the learning rate at the next step.";

/// Something a person wants.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wish {
    /// One setting at a new value; live ones act at once, the others start a new run.
    Set {
        /// The setting.
        setting: &'static Setting,
        /// The new value.
        value: Value,
        /// Whether this goes on with the gesture before it.
        touch: Touch,
    },
    /// A new run of this configuration, the present one staying as a ghost.
    Begin(Box<RunConfig>),
    /// A new run of this preset, at its pace and going on.
    Preset(Box<RunConfig>),
    /// The same run again from its first step, with every change at its step.
    Again,
    /// A new run of the settings as they are now, without changes to come.
    Clean,
    /// The last live change taken back.
    Undo,
    /// The last live change taken back made again.
    Redo,
    /// The preset's settings again.
    Reset,
    /// The same run from the next seed.
    NewSeed,
    /// Pause a running run, resume a paused one, after the end begin the settings as they are.
    Toggle,
    /// One step, then stand still.
    StepOnce,
    /// A search for a learning rate from where the run is.
    Search(SearchKind),
    /// Rates tried beside the run, for so many steps as are set.
    TryRates,
    /// Lengths of warmup tried from the first step.
    TryWarmup,
    /// Steps of the next trials of rates.
    TrialSteps(u64),
    /// The trials under way ended.
    EndTrials,
    /// What trials suggest: live where it can be, else in a new run.
    Take(Suggestion),
    /// The tuning of the initial weights ended with what it has found.
    CutPreparation,
    /// From which step a changed warmup rises.
    WarmupFrom(WarmupFrom),
    /// Take one ghost off the plots.
    Forget(RunId),
    /// Take all ghosts off the plots.
    ForgetAll,
}

/// Whether a change belongs to the gesture before it, so that one drag makes one marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Touch {
    /// A press, a choice or a typed value: a new gesture.
    New,
    /// The same drag goes on.
    Same,
}

/// From which step a changed warmup rises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) enum WarmupFrom {
    /// From the present step when the former warmup is over, so that the slider always acts.
    #[default]
    Now,
    /// From the first step of the run.
    StepZero,
}

/// What it takes to go back to the preset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reset {
    /// Nothing: the settings are the preset's.
    Nothing,
    /// Live settings, at the next step.
    Live,
    /// A new run.
    Restart,
}

/// What it takes to get from `now` to `home`.
pub(super) fn reset_of(now: &RunConfig, home: &RunConfig) -> Reset {
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

/// `asked` with its warmup begun where it still acts: a changed warmup that was already over in
/// `before` begins at `step`, or at the first step where the person prefers that.
pub(super) fn begin_warmup(
    before: &LiveSettings,
    mut asked: LiveSettings,
    step: u64,
    from: WarmupFrom,
) -> LiveSettings {
    let is_changed = before.warmup != asked.warmup;
    if !is_changed || asked.warmup.steps == 0 {
        return asked;
    }
    match from {
        WarmupFrom::StepZero => asked.warmup.start = 0,
        WarmupFrom::Now if is_warmup_over(&before.warmup, step) => asked.warmup.start = step,
        WarmupFrom::Now => {}
    }
    asked
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
        let mut asked = before.clone();
        asked.warmup.steps = 100;
        let now = begin_warmup(&before, asked.clone(), 40, WarmupFrom::Now);
        assert_eq!(now.warmup.start, 40);
        let mut longer = now.clone();
        longer.warmup.steps = 200;
        assert_eq!(begin_warmup(&now, longer.clone(), 60, WarmupFrom::Now).warmup.start, 40);
        assert_eq!(begin_warmup(&now, longer, 60, WarmupFrom::StepZero).warmup.start, 0);
        asked.warmup.steps = 0;
        assert_eq!(begin_warmup(&before, asked, 40, WarmupFrom::Now).warmup.start, 0);
    }
}
