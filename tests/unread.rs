//! A setting declared as unread in a configuration changes no sample; nor does a value or a dated
//! change that is reported to do nothing.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[allow(dead_code, reason = "each test uses its part")]
#[path = "common/training.rs"]
mod training;

use std::collections::BTreeSet;

use eoscope::config::{
    Architecture, Batch, ClipMode, DatedChange, Decay, InitScheme, Interval, Normalization, Range,
    RateRule, ResidualForm, Rule, RunConfig, ScheduleShape, Setting, Tuning,
};
use toml::Value;
use training::{tiny, train};

/// A tiny network of an architecture for six steps, changed.
fn with(architecture: Architecture, change: &dyn Fn(&mut RunConfig)) -> RunConfig {
    let mut config = tiny(architecture, 2);
    config.n_steps = 6;
    config.live.peak_lr = 0.05;
    config.live.eval_every = Interval::every(3);
    config.live.probe.min_every = Interval::every(4);
    config.live.probe.top_k = 2;
    change(&mut config);
    config
}

fn plain(change: &dyn Fn(&mut RunConfig)) -> RunConfig {
    with(Architecture::Mlp, change)
}

/// Configurations that read different settings, with six steps each.
fn configurations() -> Vec<RunConfig> {
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
    all.extend(single_cases());
    all
}

/// Configurations beside which single settings have no effect.
fn single_cases() -> Vec<RunConfig> {
    let mut all = Vec::new();
    all.push(plain(&|config| config.live.probe.every = Interval::Off));
    all.push(plain(&|config| config.init.zero_last_layer = true));
    all.push(plain(&|config| {
        config.model.hidden.clear();
        config.init.scheme = InitScheme::Mup;
    }));
    all.push(plain(&|config| config.live.warmup.steps = 1));
    all.push(with(Architecture::Cnn, &|config| config.model.hidden.clear()));
    all.push(with(Architecture::ResidualMlp, &|config| {
        config.model.residual = ResidualForm::Fixup;
        config.init.scheme = InitScheme::Fixup;
    }));
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
        Range::Word(words) => {
            words().iter().map(|choice| Value::String(choice.word.to_owned())).collect()
        }
        Range::Widths => vec![Value::Array(vec![whole(4)])],
        Range::Factors => vec![Value::Array(vec![Value::Float(0.5)])],
        Range::Text => vec![Value::String("another".to_owned())],
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

/// A value or a dated change, in TOML's words, and the notice of it.
struct Idle {
    rule: Rule,
    /// What both runs have.
    common: &'static [Dated],
    /// What only one of them has.
    change: Dated,
    notice: &'static str,
}

/// A value that a setting has from a step on; from the start without one.
struct Dated(Option<u64>, &'static str, &'static str);

impl Dated {
    fn put_into(&self, config: &mut RunConfig) {
        let Self(step, key, value) = self;
        let value = format!("value = {value}").parse::<toml::Table>().unwrap()["value"].clone();
        match step {
            None => config.set(key, &value).unwrap(),
            Some(step) => {
                let set = [((*key).to_owned(), value)].into();
                config.add_changes([DatedChange { step: *step, set }]);
            }
        }
    }
}

const IDLE: &[Idle] = &[
    Idle {
        rule: Rule::GradientDescent,
        common: &[Dated(None, "init.zero_last_layer", "true")],
        change: Dated(None, "init.layer_scales", "[1.0, 1.0, 5.0]"),
        notice: "`init.layer_scales` has no effect on layer 3, which starts at 0",
    },
    Idle {
        rule: Rule::GradientDescent,
        common: &[],
        change: Dated(None, "init.layer_scales", "[1.0, 1.0]"),
        notice: "all its factors are 1",
    },
    Idle {
        rule: Rule::GradientDescent,
        common: &[Dated(None, "init.tuning_steps", "0")],
        change: Dated(None, "init.tuning", "\"meta-init\""),
        notice: "`init.tuning_steps` is 0",
    },
    Idle {
        rule: Rule::GradientDescent,
        common: &[],
        change: Dated(None, "optimizer.batch", "50"),
        notice: "`optimizer.batch` = 50 acts as 12: the run has 12 training examples",
    },
    Idle {
        rule: Rule::GradientDescent,
        common: &[
            Dated(Some(1), "live.clip.mode", "\"absolute\""),
            Dated(Some(3), "live.clip.mode", "\"off\""),
        ],
        change: Dated(Some(4), "live.clip.value", "0.001"),
        notice: "changing `live.clip.value` at step 4 does nothing: clipping is off",
    },
    Idle {
        rule: Rule::Adam,
        common: &[Dated(Some(2), "live.freeze", "true")],
        change: Dated(Some(3), "live.beta2", "0.5"),
        notice: "the preconditioner is frozen",
    },
    Idle {
        rule: Rule::GradientDescent,
        common: &[Dated(None, "live.warmup.steps", "2")],
        change: Dated(Some(4), "live.warmup.steps", "3"),
        notice: "warmup ended at step 3",
    },
    Idle {
        rule: Rule::GradientDescent,
        common: &[Dated(None, "live.warmup.steps", "5")],
        change: Dated(Some(1), "live.schedule.shape", "\"power\""),
        notice: "decay begins after step 5 only",
    },
    Idle {
        rule: Rule::GradientDescent,
        common: &[Dated(None, "live.eval_every", "3")],
        change: Dated(Some(4), "live.eval_every", "2000"),
        notice: "nothing is tested at steps 4 to 5",
    },
    Idle {
        rule: Rule::GradientDescent,
        common: &[Dated(None, "live.weight_decay", "0.1")],
        change: Dated(Some(2), "live.decay", "\"decoupled\""),
        notice: "gradient-descent makes the same steps with either form",
    },
    Idle {
        rule: Rule::GradientDescent,
        common: &[Dated(None, "live.rate.rule", "\"cdat\"")],
        change: Dated(None, "live.warmup.initial_lr", "0.01"),
        notice: "the rate follows no schedule",
    },
    Idle {
        rule: Rule::GradientDescent,
        common: &[
            Dated(None, "live.probe.every", "3"),
            Dated(None, "live.probe.min_every", "\"off\""),
        ],
        change: Dated(Some(4), "live.probe.top_k", "3"),
        notice: "nothing is measured at steps 4 to 5",
    },
    Idle {
        rule: Rule::GradientDescent,
        common: &[
            Dated(None, "live.probe.every", "6"),
            Dated(None, "optimizer.batch", "4"),
            Dated(None, "live.probe.batches_every", "3"),
        ],
        change: Dated(Some(4), "live.probe.n_batches", "3"),
        notice: "no fresh batches are measured at steps 4 to 5",
    },
];

#[test]
fn what_is_reported_to_do_nothing_changes_no_sample() {
    for Idle { rule, common, change, notice } in IDLE {
        let mut config = tiny(Architecture::Mlp, 2);
        config.n_steps = 6;
        config.live.peak_lr = 0.05;
        // Any change of settings, even an idle one, makes the next measurement start anew.
        config.live.probe.every = Interval::Off;
        config.optimizer.rule = *rule;
        common.iter().for_each(|dated| dated.put_into(&mut config));
        let mut other = config.clone();
        change.put_into(&mut other);
        let of_it = |config: &RunConfig| {
            config.notices().iter().filter(|found| found.contains(notice)).count()
        };
        assert_eq!([&config, &other].map(of_it), [0, 1], "{notice}: {:?}", other.notices());
        let [one, two] = [config, other].map(|config| train(config).samples);
        assert_eq!(format!("{one:?}"), format!("{two:?}"), "{notice}");
    }
}
