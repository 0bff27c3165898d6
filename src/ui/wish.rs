//! What a person asked for, and the configuration that follows from it.
//! Pure; knows neither how it was asked (slider, key, card) nor how commands travel.

use toml::Value;

use crate::config::{
    Architecture, Clip, ClipMode, ConfigError, Effect, InitScheme, LiveSettings, Loss,
    Normalization, ResidualForm, Rule, RunConfig, TaskName, Warmup, setting,
};
use crate::figure::Suggestion;
use crate::protocol::{RunId, SearchKind};

/// What taking a learning rate does to a run that goes on.
pub(super) const SETS_RATE: &str = "Sets the learning rate at the next step.";

/// Something a person wants.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wish {
    /// One setting at a new value; live ones act at once, the others start a new run.
    Set {
        /// Dotted key.
        key: &'static str,
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
    changes.retain(|change| change.key != "live.warmup.start");
    let is_live = |key: &str| setting(key).is_some_and(|row| row.effect == Effect::Live);
    if now.changes != home.changes || changes.iter().any(|change| !is_live(&change.key)) {
        Reset::Restart
    } else if changes.is_empty() {
        Reset::Nothing
    } else {
        Reset::Live
    }
}

/// `config` with one setting changed and all that must change with it.
pub(super) fn with(config: &RunConfig, key: &str, value: &Value) -> Result<RunConfig, ConfigError> {
    let mut changed = config.clone();
    let network = (key == "model.architecture")
        .then(|| Architecture::ALL.iter().find(|network| value.as_str() == Some(network.word())))
        .flatten();
    if let Some(network) = network {
        changed.model = network.usual();
        changed = changed.with_fitting_scheme();
        changed.validate()?;
        return Ok(changed);
    }
    let task = (key == "task.name")
        .then(|| TaskName::ALL.iter().find(|task| value.as_str() == Some(task.word())))
        .flatten();
    let clip = (key == "live.clip.mode")
        .then(|| ClipMode::ALL.iter().find(|mode| value.as_str() == Some(mode.word())))
        .flatten();
    if let Some(mode) = clip {
        changed.live.clip = clipped_by(&config.live.clip, *mode);
        return Ok(changed);
    }
    if key == "optimizer.rule" {
        let was = changed.optimizer.rule;
        changed.set(key, value)?;
        let rule = changed.optimizer.rule;
        if kind(was) != kind(rule) {
            changed.live.peak_lr = usual_rate(&changed, rule);
        }
        return Ok(changed);
    }
    if let Some(task) = task {
        changed.task.name = *task;
        let info = changed.task.info();
        changed.task.n_train = info.default_n_train;
        changed.live.peak_lr = info.default_lr;
        if info.n_classes().is_none() {
            changed.loss = Loss::Mse;
        }
        if !changed.model.can_read(info.shape) {
            changed.model = changed.model.refitted(info.shape);
            changed = changed.with_fitting_scheme();
        }
        changed.validate()?;
        return Ok(changed);
    }
    if key == "model.residual" && value.as_str() != Some(ResidualForm::Fixup.word()) {
        changed.model.residual = ResidualForm::Plain;
        changed = changed.with_fitting_scheme();
    }
    if key == "init.scheme" && value.as_str() == Some(InitScheme::Fixup.word()) {
        changed.model.residual = ResidualForm::Fixup;
        changed.model.normalization = Normalization::None;
    }
    changed.set(key, value)?;
    Ok(changed)
}

/// Clipping in another mode, at its usual level where the former one was of another kind: a norm is
/// no coordinate, and neither is a multiple of the weights.
fn clipped_by(clip: &Clip, mode: ClipMode) -> Clip {
    let kind = |mode: ClipMode| match mode {
        ClipMode::Off | ClipMode::Absolute | ClipMode::Relative => ClipMode::Off,
        ClipMode::Value | ClipMode::Adaptive => mode,
    };
    let is_kept = kind(clip.mode) == kind(mode);
    Clip { mode, value: if is_kept { clip.value } else { mode.usual_level() } }
}

/// Rules of one kind take rates of like size.
#[derive(PartialEq, Eq)]
enum Kind {
    /// Steps as long as the gradient says.
    Gradient,
    /// Steps of about η for each parameter.
    Sign,
    /// Steps of length η.
    Length,
}

fn kind(rule: Rule) -> Kind {
    if rule == Rule::Normalised {
        Kind::Length
    } else if rule == Rule::Sign || rule.is_adaptive() {
        Kind::Sign
    } else {
        Kind::Gradient
    }
}

/// A rate to begin with when a rule of another kind is chosen.
fn usual_rate(config: &RunConfig, rule: Rule) -> f64 {
    match kind(rule) {
        Kind::Gradient => config.task.info().default_lr,
        Kind::Sign => 3e-3,
        Kind::Length => 3e-2,
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
    fn a_new_task_brings_its_size_its_rate_and_a_loss_that_fits() {
        let before = RunConfig { loss: Loss::CrossEntropy, ..RunConfig::default() };
        let after = with(&before, "task.name", &Value::String("chebyshev".into())).unwrap();
        assert_eq!(after.task.n_train, 20);
        assert_eq!(after.live.peak_lr, 0.2);
        assert_eq!(after.loss, Loss::Mse);
    }

    #[test]
    fn another_kind_of_clipping_brings_a_level_in_its_own_units() {
        let set = |config: &RunConfig, mode: &str| {
            with(config, "live.clip.mode", &Value::String(mode.into())).unwrap()
        };
        let mut config = RunConfig::default();
        config.live.clip = Clip { mode: ClipMode::Absolute, value: 0.3 };
        for (mode, level) in [
            ("relative", 0.3),
            ("absolute", 0.3),
            ("adaptive", 0.01),
            ("value", 0.01),
            ("off", 1.0),
            ("absolute", 1.0),
            ("value", 0.01),
            ("relative", 1.0),
        ] {
            config = set(&config, mode);
            assert_eq!((config.live.clip.mode.word(), config.live.clip.value), (mode, level));
        }
        config.live.clip = Clip { mode: ClipMode::Adaptive, value: 0.2 };
        assert_eq!(set(&config, "adaptive").live.clip.value, 0.2);
        assert!(with(&config, "live.clip.mode", &Value::String("hard".into())).is_err());
    }

    #[test]
    fn fixups_scheme_brings_its_form_along_and_goes_with_it() {
        let word = |word: &str| Value::String(word.into());
        let plain = with(&RunConfig::default(), "model.architecture", &word("residual-mlp"));
        let fixup = with(&plain.unwrap(), "init.scheme", &word("fixup")).unwrap();
        assert_eq!(fixup.model.residual, ResidualForm::Fixup);
        for (key, value) in
            [("model.residual", "plain"), ("model.architecture", "mlp"), ("task.name", "sorting")]
        {
            let after = with(&fixup, key, &word(value)).unwrap();
            assert_eq!(after.init.scheme, InitScheme::HeNormal, "{key} = {value}");
        }
        let flat = with(&RunConfig::default(), "init.scheme", &word("fixup"));
        assert!(flat.unwrap_err().to_string().contains("residual-mlp"));
    }

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
