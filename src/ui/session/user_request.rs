//! Requests of the user about runs, and pure functions for the settings that result.

use std::path::PathBuf;

use toml::Value;

use crate::config::{Change, LiveSettings, RunConfig, Setting, Warmup, settings};
use crate::figure::Suggestion;
use crate::protocol::{RunId, SearchKind};
use crate::store::Start;
use crate::study::Study;
use crate::ui::gesture::Gesture;

/// Tooltip of buttons that set the learning rate of a live run.
pub(in crate::ui) const SETS_RATE: &str = "Sets the learning rate at the next step.";

/// A request of the user about runs.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::ui) enum Request {
    /// Change a setting; a live one takes effect at the next step, others start a new run.
    Set {
        /// The setting.
        setting: &'static Setting,
        /// The new value.
        value: Value,
        /// Whether it continues the previous gesture.
        gesture: Gesture,
    },
    /// Start a new run of this configuration; the present one goes to the drawer.
    Begin(Box<RunConfig>),
    /// Start this preset, unpaused and at its own pace.
    Preset(Box<RunConfig>),
    /// Restart the run, replaying every change at its step.
    Restart,
    /// Start a new run of the current settings, without scheduled changes.
    StartClean,
    /// Undo the last live change.
    Undo,
    /// Redo the last live change that was undone.
    Redo,
    /// Reset to the preset's settings.
    Reset,
    /// Restart with the next seed.
    NewSeed,
    /// Pause, resume, or start a new run after the end.
    Toggle,
    /// Take one step, then pause.
    StepOnce,
    /// Search for a learning rate from the current step.
    Search(SearchKind),
    /// Start trials of learning rates.
    TryRates,
    /// Start trials of warmup lengths.
    TryWarmup,
    /// Set the number of steps of later trials of rates.
    TrialSteps(u64),
    /// Cancel the running trials.
    EndTrials,
    /// Apply a suggestion of trials, live if possible, else in a new run.
    Apply(Suggestion),
    /// Train a run for each rescue of the current, diverged run.
    TryRescues,
    /// Stop trying rescues.
    EndRescues,
    /// Show the run of a rescue as the current run.
    ShowRescue(RunId),
    /// Put the runs of all rescues into the drawer, where they are drawn.
    OverlayRescues,
    /// Train a study of two settings into this folder, in place of an earlier one.
    StartGrid {
        /// The study.
        study: Box<Study>,
        /// Its folder.
        dir: PathBuf,
    },
    /// End the runs of the study; finished ones stay.
    StopGrid,
    /// Stop tuning the initial weights and train from the present ones.
    CutPreparation,
    /// Choose where changed warmups begin.
    WarmupFrom(WarmupFrom),
    /// Make a former run the current one.
    MakeCurrent(RunId),
    /// Give a run another name.
    Rename(RunId, String),
    /// Draw a former run, or draw it no more.
    ClickEye(RunId),
    /// Keep a run when others have to go, or no longer.
    TogglePin(RunId),
    /// Remove a former run.
    RemoveRun(RunId),
    /// Remove all former runs without a pin.
    RemoveRuns,
    /// Compare the runs that are drawn, in the view that opens on this.
    Compare,
    /// Take away the sentence about runs that had to go.
    DismissNotice,
    /// List a newly saved preset.
    AddPreset(Box<RunConfig>),
    /// Open this file, or ask which, in the dialog that opens on this.
    Open(Option<PathBuf>),
    /// The dialog has taken the file to open.
    TakeOpened,
    /// Start the run that was read from a file, unpaused and at its own pace.
    StartFrom {
        /// What was read.
        start: Box<Start>,
        /// The file.
        path: PathBuf,
    },
    /// Remember where an export went.
    Exported {
        /// The file.
        path: PathBuf,
        /// The path that the dialog had suggested.
        suggested: PathBuf,
    },
}

/// The step from which a changed warmup rises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(in crate::ui) enum WarmupFrom {
    /// The present step, if the previous warmup is over, so the slider always has an effect.
    #[default]
    Now,
    /// The first step of the run.
    StepZero,
}

/// What resetting to the preset requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Reset {
    /// Nothing: the settings equal the preset's.
    Nothing,
    /// A change of live settings at the next step.
    Live,
    /// A new run.
    Restart,
}

/// What changing the settings from `now` to `target` requires.
pub(in crate::ui) fn reset_of(now: &RunConfig, target: &RunConfig) -> Reset {
    let mut changes = now.changes_to(target);
    // The start of a warmup is not part of the preset.
    changes.retain(|change| !change.is_of(&settings::WARMUP_START));
    let is_live = |change: &Change| change.setting().is_some_and(Setting::is_live);
    if now.changes != target.changes || !changes.iter().all(is_live) {
        Reset::Restart
    } else if changes.is_empty() {
        Reset::Nothing
    } else {
        Reset::Live
    }
}

/// Moves the start of a changed warmup so that it still has an effect: if the warmup of `before` is
/// over, the new one starts at `step`, or at step 0 if `from` says so.
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
