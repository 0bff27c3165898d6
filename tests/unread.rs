//! A setting declared as unread in a configuration changes no sample, and every other setting changes
//! one in some configuration.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[allow(dead_code, reason = "each test uses its part")]
#[path = "common/training.rs"]
mod training;

use std::collections::BTreeSet;

use eoscope::config::{
    Architecture, Batch, ClipMode, Decay, Interval, Normalization, Range, RateRule, Rule,
    RunConfig, ScheduleShape, Setting, Tuning,
};
use toml::Value;
use training::{tiny, train};

/// Configurations that read different settings, with six steps each.
fn configurations() -> Vec<RunConfig> {
    let with = |architecture, change: &dyn Fn(&mut RunConfig)| {
        let mut config = tiny(architecture, 2);
        config.n_steps = 6;
        config.live.peak_lr = 0.05;
        config.live.eval_every = Interval::every(3);
        config.live.probe.min_every = Interval::every(4);
        config.live.probe.top_k = 2;
        change(&mut config);
        config
    };
    let plain = |change: &dyn Fn(&mut RunConfig)| with(Architecture::Mlp, change);
    let rule = |rule: Rule| {
        plain(&|config: &mut RunConfig| {
            config.optimizer.rule = rule;
            config.live.weight_decay = 0.01;
            config.live.warmup.steps = 3;
        })
    };
    let mut all: Vec<RunConfig> = Rule::ALL.iter().map(|kind| rule(*kind)).collect();
    all.extend(Architecture::ALL.iter().map(|architecture| {
        with(*architecture, &|config| {
            if *architecture != Architecture::Transformer {
                config.model.normalization = Normalization::Batch;
            }
        })
    }));
    for kind in RateRule::ALL {
        all.push(plain(&|config| config.live.rate.rule = *kind));
    }
    for shape in ScheduleShape::ALL {
        all.push(plain(&|config| {
            (config.live.schedule.shape, config.live.schedule.steps) = (*shape, 4);
        }));
    }
    for mode in ClipMode::ALL {
        all.push(plain(&|config| {
            (config.live.clip.mode, config.live.clip.value) = (*mode, mode.default_level() / 4.0);
        }));
    }
    for tuning in Tuning::ALL {
        all.push(plain(&|config| {
            (config.init.tuning, config.init.tuning_steps, config.init.tuning_batch) =
                (*tuning, 2, 6);
        }));
    }
    all.push(plain(&|config| config.live.probe.every = Interval::Off));
    all.push(plain(&|config| {
        (config.live.probe.every, config.live.probe.min_every) = (Interval::Off, Interval::Off);
    }));
    all.push(plain(&|config| {
        config.optimizer.batch = Batch::Size(std::num::NonZeroUsize::new(3).unwrap());
        config.live.probe.batches_every = Interval::every(2);
        config.live.decay = Decay::Decoupled;
    }));
    all
}

/// Two values other than the present one, as far apart as the setting allows.
fn others(setting: &Setting, config: &RunConfig) -> Vec<Value> {
    let whole = |n: u64| Value::Integer(i64::try_from(n).unwrap());
    let candidates = match setting.range {
        Range::Real { min, max, is_log } => {
            let middle =
                if is_log { (min.max(1e-9) * max).sqrt() } else { f64::midpoint(min, max) };
            vec![Value::Float(middle), Value::Float(max)]
        }
        Range::Whole { min, max, .. } => [min + 1, min + 2, max].map(whole).to_vec(),
        Range::WholeOr(word) => vec![whole(1), whole(2), Value::String(word.to_owned())],
        Range::Switch => vec![Value::Boolean(true), Value::Boolean(false)],
        Range::Word(words) => words().iter().map(|w| Value::String((*w).to_owned())).collect(),
        Range::Widths => vec![Value::Array(vec![whole(4)])],
        Range::Factors => vec![Value::Array(vec![Value::Float(0.5)])],
        Range::Text => Vec::new(),
    };
    let now = setting.get(config);
    candidates.into_iter().filter(|value| *value != now).take(2).collect()
}

#[test]
fn what_is_told_as_read_by_nothing_changes_no_sample() {
    let mut unread = BTreeSet::new();
    for config in configurations() {
        let settings: Vec<_> =
            Setting::all().filter(|setting| setting.why_unread(&config).is_some()).collect();
        let mut other = config.clone();
        for setting in &settings {
            let values = others(setting, &config);
            let fits = values.iter().find(|value| {
                let mut changed = other.clone();
                // It is still unread, alone and combined with the other unread ones.
                changed.set(setting.key, value).is_ok()
                    && settings.iter().all(|known| known.why_unread(&changed).is_some())
            });
            if let Some(value) = fits {
                other.set(setting.key, value).unwrap();
                unread.insert(setting.key);
            }
        }
        let rule = config.optimizer.rule;
        let [one, two] = [&config, &other].map(|config| train(config.clone()).samples);
        assert_eq!(
            format!("{one:?}"),
            format!("{two:?}"),
            "{rule} {:?}",
            config.changes_to(&other)
        );
    }
    let conditional = Setting::all().filter(|setting| {
        configurations().iter().any(|config| setting.why_unread(config).is_some())
    });
    let missing: Vec<_> =
        conditional.map(|setting| setting.key).filter(|key| !unread.contains(key)).collect();
    assert!(missing.is_empty(), "never tried: {missing:?}");
}
