//! Every declared quantity is named, explained, recorded and exported. Every declared setting works in
//! a TOML file, on the command line, in the window and in its marker. New declarations are tested
//! automatically.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

#[allow(dead_code, reason = "each test uses its part")]
#[path = "../common/bare.rs"]
mod bare;
#[path = "../common/full.rs"]
mod full;

mod controls;
mod keys;
mod quantities;

use eoscope::config::{
    Architecture, Batch, BuiltinTask, ClipMode, InitScheme, Interval, Normalization, Range,
    RateRule, Rule, RunConfig, ScheduleShape, Setting, TaskSource, Tuning, preset,
};
use eoscope::cost;
use eoscope::protocol::RunId;
use toml::Value;

/// A configuration in which a setting has an effect, and therefore a control.
fn acting(key: &str) -> RunConfig {
    let mut config = preset("digits-edge").unwrap().config.clone();
    match key {
        "task.degree" => {
            config.task.name = BuiltinTask::Chebyshev.into();
            config.task.n_train = 20;
        }
        "task.path" => {
            let (name, n_train) = (Value::String("file".into()), Value::Integer(40));
            let set = [("task.name", &name), (key, &data_files()[0]), ("task.n_train", &n_train)];
            config.set_all(set).unwrap();
        }
        "task.separation" => config.task.name = BuiltinTask::Clusters.into(),
        "task.length" | "task.symbols" => {
            config.task.name = BuiltinTask::Sorting.into();
            config.task.n_train = 100;
            config.model = Architecture::Transformer.default_model();
        }
        "init.base_width" => config.init.scheme = InitScheme::Mup,
        "init.tuning_batch" | "init.tuning_steps" => config.init.tuning = Tuning::MetaInit,
        _ if key.starts_with("init.meta.") => config.init.tuning = Tuning::MetaInit,
        _ if key.starts_with("init.grad.") => config.init.tuning = Tuning::GradInit,
        "live.momentum" => config.optimizer.rule = Rule::HeavyBall,
        "live.beta2" | "live.epsilon" | "live.freeze" => config.optimizer.rule = Rule::Adam,
        "live.radius" => config.optimizer.rule = Rule::Sam,
        "live.clip.value" => config.live.clip.mode = ClipMode::Absolute,
        "live.schedule.steps" | "live.schedule.factor" => {
            config.live.schedule.shape = ScheduleShape::Cosine;
        }
        "live.rate.sigma" => config.live.rate.rule = RateRule::Cdat,
        "live.rate.raise" => config.live.rate.rule = RateRule::Catapult,
        "live.probe.batches_every" | "live.probe.n_batches" => {
            config.optimizer.batch = Batch::Size(std::num::NonZeroUsize::new(8).unwrap());
            config.live.probe.batches_every = Interval::every(9);
        }
        // It is over at the step of the change, and so starts again there.
        "live.warmup.initial_lr" | "live.warmup.power" => config.live.warmup.steps = 3,
        "live.decay" => {
            (config.optimizer.rule, config.live.weight_decay) = (Rule::HeavyBall, 0.1);
        }
        "live.schedule.exponent" => config.live.schedule.shape = ScheduleShape::Power,
        "model.block_layers" | "model.residual" => {
            config.model = Architecture::ResidualMlp.default_model();
        }
        "model.width" | "model.blocks" => config.model = Architecture::Resnet.default_model(),
        "model.pool" => config.model = Architecture::Cnn.default_model(),
        "model.ghost_batch" => config.model.normalization = Normalization::Batch,
        "model.heads" | "model.patch" | "model.qk_norm" | "model.sigma_reparam" => {
            config.model = Architecture::Transformer.default_model();
        }
        "model.placement" => {
            config.model = Architecture::Transformer.default_model();
            config.model.normalization = Normalization::Layer;
        }
        _ => {}
    }
    config
}

/// Paths of three tables, each of 50 rows.
fn data_files() -> Vec<Value> {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let path = |number: usize| {
        let path = folder.join(format!("rows-{number}.csv"));
        let row = |i: usize| format!("{},{},{}\n", i * number, i * i % 7, i % 2);
        let text = (0..50).map(row).collect::<String>();
        if std::fs::read_to_string(&path).ok().as_ref() != Some(&text) {
            std::fs::write(&path, text).unwrap();
        }
        Value::String(path.to_str().unwrap().to_owned())
    };
    (1..=3).map(path).collect()
}

fn integer(n: u64) -> Value {
    Value::Integer(i64::try_from(n).unwrap())
}

/// Two valid values. The first differs from the present value, and so does the second if there are three;
/// for ranges, one is an end if possible.
fn legal(row: &Setting, config: &RunConfig) -> [Value; 2] {
    let candidates = match row.range {
        Range::Real { min, max, is_log } => {
            let middle = if is_log { (min * max).sqrt() } else { f64::midpoint(min, max) };
            [min, max, middle].map(Value::Float).to_vec()
        }
        Range::Whole { min, max, .. } => {
            [min, max, min + 1, min + 2, min + 7].map(integer).to_vec()
        }
        Range::WholeOr(word) => vec![integer(7), Value::String(word.to_owned()), integer(13)],
        Range::Switch => vec![Value::Boolean(false), Value::Boolean(true)],
        Range::Word(words) => {
            words().iter().map(|choice| Value::String(choice.word.to_owned())).collect()
        }
        Range::Widths => {
            vec![Value::Array(vec![integer(64), integer(16)]), Value::Array(Vec::new())]
        }
        Range::Factors => {
            let factors =
                |factors: &[f64]| Value::Array(factors.iter().map(|x| Value::Float(*x)).collect());
            vec![factors(&[2.0, 0.25]), factors(&[]), factors(&[0.0])]
        }
        Range::Text if config.task.name == TaskSource::File => data_files()[1..].to_vec(),
        Range::Text => {
            ["night run", "λ, “quoted” = 'it'"].map(|t| Value::String(t.into())).to_vec()
        }
    };
    let now = config.get(row.key).unwrap();
    let is_legal = |value: &&Value| {
        let mut changed = config.clone();
        changed.set(row.key, value).is_ok() && cost::check(&changed, 1).is_ok()
    };
    let mut found = candidates.iter().filter(is_legal).filter(|value| **value != now).cloned();
    let first = found.next().unwrap_or_else(|| panic!("{}", row.key));
    [first, found.next().unwrap_or(now)]
}

/// `config` with one setting changed.
fn with(config: &RunConfig, key: &str, value: &Value) -> RunConfig {
    let mut config = config.clone();
    config.set(key, value).unwrap();
    config
}

const RUN: RunId = RunId(1);

fn number(value: &Value) -> f64 {
    let whole = value.as_integer().map(|n| n as f64);
    value.as_float().or(whole).unwrap_or(0.0)
}
