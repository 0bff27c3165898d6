//! Every declared quantity is named, explained, recorded and exported. Every declared setting works in
//! a TOML file, on the command line, in the window and in its marker. New declarations are tested
//! automatically.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

#[allow(dead_code, reason = "each test uses its part")]
#[path = "common/bare.rs"]
mod bare;
#[path = "common/full.rs"]
mod full;

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::ffi::OsString;
use std::process;

use bare::{Rig, started};
use eframe::egui::{self, accesskit::Role};
use egui_kittest::kittest::{NodeT, Queryable};
use eoscope::config::{
    Architecture, Batch, BuiltinTask, Change, ClipMode, Effect, InitScheme, Interval,
    Normalization, Range, RateRule, Rule, RunConfig, ScheduleShape, Setting, Tuning, preset,
};
use eoscope::cost;
use eoscope::export;
use eoscope::history::Run;
use eoscope::protocol::{Command, Event, Record, RunId, Sample};
use eoscope::quantity::Quantity;
use full::full;
use toml::Value;

/// Settings without a control, and what the user uses instead.
const WITHOUT_CONTROL: [(&str, &str); 2] =
    [("name", "the preset's, kept by every run"), ("live.warmup.start", "Warm up from step 0")];

/// A configuration in which a setting has an effect, and therefore a control.
fn acting(key: &str) -> RunConfig {
    let mut config = preset("digits-edge").unwrap().config.clone();
    match key {
        "task.degree" => {
            config.task.name = BuiltinTask::Chebyshev.into();
            config.task.n_train = 20;
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
        "live.decay" => config.live.weight_decay = 0.1,
        "live.schedule.exponent" => config.live.schedule.shape = ScheduleShape::Power,
        "model.block_layers" | "model.residual" => {
            config.model = Architecture::ResidualMlp.default_model();
        }
        "model.width" | "model.blocks" => config.model = Architecture::Resnet.default_model(),
        "model.pool" => config.model = Architecture::Cnn.default_model(),
        "model.ghost_batch" => config.model.normalization = Normalization::Batch,
        "model.heads" | "model.patch" | "model.qk_norm" | "model.sigma_reparam" => {
            config.model = Architecture::Transformer.default_model()
        }
        "model.placement" => {
            config.model = Architecture::Transformer.default_model();
            config.model.normalization = Normalization::Layer;
        }
        _ => {}
    }
    config
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
        Range::Word(words) => words().iter().map(|w| Value::String((*w).to_owned())).collect(),
        Range::Widths => {
            vec![Value::Array(vec![integer(64), integer(16)]), Value::Array(Vec::new())]
        }
        Range::Factors => {
            let factors =
                |factors: &[f64]| Value::Array(factors.iter().map(|x| Value::Float(*x)).collect());
            vec![factors(&[2.0, 0.25]), factors(&[]), factors(&[0.0])]
        }
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

/// Invalid values of a setting.
fn illegal(row: &Setting) -> Vec<Value> {
    let word = Value::String("banana".into());
    match row.range {
        Range::Real { min, max, .. } => {
            let below = Value::Float(min - 1.0);
            vec![below, Value::Float(max * 1.01), Value::Float(f64::NAN), word]
        }
        Range::Whole { max, .. } => {
            vec![Value::Integer(-1), integer(max + 1), Value::Float(1.5), word]
        }
        Range::WholeOr(_) => vec![Value::Integer(0), Value::Integer(-3), Value::Float(1.5), word],
        Range::Switch => vec![Value::Integer(1), word],
        Range::Word(_) => vec![word, Value::Boolean(true), Value::Integer(-7)],
        Range::Widths => {
            vec![Value::Array(vec![integer(0)]), Value::Array(vec![word.clone()]), word]
        }
        Range::Factors => {
            let one = |value| Value::Array(vec![value]);
            vec![one(Value::Float(-1.0)), one(Value::Float(f64::NAN)), one(word.clone()), word]
        }
        Range::Text => vec![Value::Integer(3), Value::Boolean(true)],
    }
}

/// A TOML document of one setting.
fn document(key: &str, value: &Value) -> String {
    match key.rsplit_once('.') {
        Some((table, last)) => format!("[{table}]\n{last} = {value}\n"),
        None => format!("{key} = {value}\n"),
    }
}

/// The configuration that the command line passes to the window.
fn opened(words: &[&str]) -> Option<RunConfig> {
    let mut opened = None;
    let words = std::iter::once("eoscope").chain(words.iter().copied()).map(OsString::from);
    eoscope::cli::main(words, |config, _| {
        opened = Some(config);
        Ok::<(), Infallible>(())
    });
    opened
}

/// `config` with one setting changed.
fn with(config: &RunConfig, key: &str, value: &Value) -> RunConfig {
    let mut config = config.clone();
    config.set(key, value).unwrap();
    config
}

#[test]
fn every_setting_goes_through_a_file_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.toml");
    for row in Setting::all() {
        let base = RunConfig::default();
        for value in legal(row, &base) {
            std::fs::write(&path, document(row.key, &value)).unwrap();
            let read = opened(&[path.to_str().unwrap()]).unwrap();
            assert_eq!(read, with(&base, row.key, &value), "{} = {value}", row.key);
            assert_eq!(read.get(row.key), Some(value));
            assert_eq!(RunConfig::from_toml(&read.to_toml()), Ok(read));
        }
    }
}

#[test]
fn every_setting_goes_through_the_command_line_and_the_command_that_is_copied() {
    for row in Setting::all() {
        let base = acting(row.key);
        let file = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
        std::fs::write(file.path(), base.to_toml()).unwrap();
        for value in legal(row, &base) {
            let bare = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            for written in [value.to_string(), bare] {
                let set = format!("{}={written}", row.key);
                let read = opened(&[file.path().to_str().unwrap(), "--set", &set]).unwrap();
                assert_eq!(read, with(&base, row.key, &value), "{set}");
            }
            let wanted = with(&base, row.key, &value);
            let command = wanted.command();
            let words: Vec<&str> = command[1..].iter().map(String::as_str).collect();
            let mut read = opened(&words).unwrap();
            // A name that is no preset's is told by what it differs in.
            if row.key == "name" {
                read.name.clone_from(&wanted.name);
            }
            assert_eq!(read, wanted, "{command:?}");
        }
    }
}

#[test]
fn an_illegal_value_is_answered_with_a_sentence_that_names_its_key() {
    for row in Setting::all() {
        for value in illegal(row) {
            let error = RunConfig::from_toml(&document(row.key, &value)).unwrap_err().to_string();
            assert!(error.contains(&format!("`{}`", row.key)), "{} = {value}: {error}", row.key);
            let says_what = ["expected", "choose a number", "did you mean"]
                .iter()
                .any(|words| error.contains(words));
            assert!(says_what && !error.contains('\n'), "{error}");
        }
        let value = &illegal(row)[0];
        let set = format!("{}={value}", row.key);
        let folder = tempfile::tempdir().unwrap();
        let output = process::Command::new(env!("CARGO_BIN_EXE_eoscope"))
            .args(["run", "digits-edge", "--steps", "1", "--set", &set])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        // A text can look like a number.
        if !matches!(row.range, Range::Text) {
            assert_eq!(output.status.code(), Some(2), "{set}: {said}");
        }
        assert!(said.contains(&format!("`{}`", row.key)), "{set}: {said}");
    }
}

const RUN: RunId = RunId(1);

/// A window tall enough to need no scrolling, on a run of five steps.
fn running(config: &RunConfig) -> Rig {
    let mut rig = Rig::open(config.clone(), egui::vec2(1440.0, 2600.0));
    for fold in ["Measurements", "Warmup shape", "Decay"] {
        // Some sections exist only if their settings have an effect.
        let Some(fold) = rig.window.query_by_label(fold) else { continue };
        fold.click();
        rig.window.run_steps(30);
    }
    rig.say(started(RUN, config));
    let records = (0..5).map(|step| Record {
        sample: Sample { step, loss: 1.0, ..Sample::default() },
        ..Record::default()
    });
    rig.say(Event::Sampled { run: RUN, records: records.collect() });
    rig.commands();
    rig
}

/// How a value is entered in the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// With the slider, combo box, checkbox or field of widths.
    Pointed,
    /// By typing into the field beside the slider.
    Typed,
}

fn number(value: &Value) -> f64 {
    let whole = value.as_integer().map(|n| n as f64);
    value.as_float().or(whole).unwrap_or(0.0)
}

/// Sets a value through the setting's control.
fn put(rig: &mut Rig, row: &Setting, value: &Value, way: Way) {
    let plain = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match row.range {
        Range::Word(_) => {
            rig.control(Role::ComboBox, row.label).click();
            rig.settle();
            let shown = match (row.key, plain.as_str()) {
                ("live.pace", "1") => "1 step/s".to_owned(),
                ("live.pace", pace) if pace != "unlimited" => format!("{pace} steps/s"),
                (_, word) => word.to_owned(),
            };
            rig.window.query_all_by_role_and_label(Role::Button, &shown).last().unwrap().click();
            rig.settle();
        }
        Range::Switch => {
            rig.control(Role::CheckBox, row.label).click();
            rig.settle();
        }
        Range::Widths | Range::Factors => {
            let widths = value.as_array().unwrap().iter().map(ToString::to_string);
            let typed = widths.collect::<Vec<_>>().join(", ");
            rig.type_over(Role::TextInput, row.label, &typed);
        }
        Range::Real { .. } | Range::Whole { .. } | Range::WholeOr(_) => {
            let has_slider = rig.window.query_by_role_and_label(Role::Slider, row.label).is_some();
            assert!(has_slider || row.key == "seed", "{} has no slider", row.key);
            if way == Way::Typed || !has_slider {
                rig.type_over(Role::SpinButton, row.label, &plain);
            } else {
                rig.control(Role::Slider, row.label).set_value_accesskit(number(value));
                rig.settle();
            }
        }
        Range::Text => unreachable!("no control"),
    }
    rig.window.run_steps(24);
}

/// Checks the command of a live setting, its marker, and the value shown afterwards.
fn check_live(row: &Setting, config: &RunConfig, value: &Value, way: Way) {
    let mut rig = running(config);
    put(&mut rig, row, value, way);
    let context = format!("{} = {value}, {way:?}", row.key);
    let mut commands = rig.commands();
    let Some(Command::Tune { run: RUN, live, source }) = commands.pop() else {
        panic!("{context}: nothing sent")
    };
    assert_eq!(commands, [], "{context}");
    let sent = RunConfig { live: (*live).clone(), ..config.clone() };
    let mut wanted = with(config, row.key, value);
    if row.key.starts_with("live.warmup.") && wanted.live.warmup.steps > 0 {
        wanted.live.warmup.start = 5;
    }
    assert_eq!(sent, wanted, "{context}");
    rig.say(Event::Tuned { run: RUN, step: 5, live, source });
    let markers = rig.window.state().current().markers();
    if row.key == "live.pace" {
        assert!(markers.is_empty(), "a pace changes no number");
        return;
    }
    assert_eq!(markers.len(), 1, "{context}");
    let change =
        Change { key: row.key.to_owned(), from: config.get(row.key).unwrap(), to: value.clone() };
    let sentence = markers[0].sentence();
    assert!(markers[0].changes.contains(&change), "{context}: {sentence}");
    assert!(sentence.starts_with(&change.to_string()), "{context}: {sentence}");
    assert!(sentence.starts_with(&format!("{} ", row.label)), "{context}: {sentence}");
    // The same change, with its step, from the command that replays the run.
    let replay = rig.window.state().current().replay();
    assert_eq!(replay.changes[0].set.get(row.key), Some(value), "{context}");
}

/// Checks the run that a restarting setting starts.
fn check_restart(row: &Setting, config: &RunConfig, value: &Value, way: Way) {
    let mut rig = running(config);
    put(&mut rig, row, value, way);
    let context = format!("{} = {value}, {way:?}", row.key);
    let commands = rig.commands();
    let [Command::Stop { run: RUN }, Command::Start { run: RunId(2), config: begun, .. }] =
        commands.as_slice()
    else {
        panic!("{context}: {commands:?}")
    };
    let mut wanted = config.clone();
    if row.key == "task.name" {
        // A task sets its size and rate.
        wanted.task.name = value.clone().try_into().unwrap();
        let info = wanted.task.info();
        wanted.task.n_train = info.default_n_train;
        wanted.live.peak_lr = info.default_lr;
        if !wanted.model.can_read(wanted.task.info().shape) {
            wanted.model = wanted.model.refitted(wanted.task.info().shape);
        }
        wanted.validate().unwrap();
    } else if row.key == "model.architecture" {
        // An architecture sets its default sizes.
        let is_it = |network: &&Architecture| value.as_str() == Some(network.word());
        wanted.model = Architecture::ALL.iter().find(is_it).unwrap().default_model();
        wanted.validate().unwrap();
    } else {
        wanted = with(config, row.key, value);
    }
    assert_eq!(**begun, wanted, "{context}");
    let app = rig.window.state();
    assert_eq!(*app.current().initial_config(), wanted, "{context}");
    assert_eq!(*app.ghosts()[0].initial_config(), *config, "{context}");
}

fn check_in_the_window(range: std::ops::Range<usize>) {
    for row in Setting::all().skip(range.start).take(range.len()) {
        if WITHOUT_CONTROL.iter().any(|(key, _)| *key == row.key) {
            continue;
        }
        let base = acting(row.key);
        let [first, second] = legal(row, &base);
        // The second value is set from the first.
        let is_pair = base.get(row.key) == Some(second.clone());
        let after = if is_pair { with(&base, row.key, &first) } else { base.clone() };
        for (config, value, way) in [(&base, &first, Way::Pointed), (&after, &second, Way::Typed)] {
            match row.effect {
                Effect::Restart => check_restart(row, config, value, way),
                Effect::Live | Effect::Cosmetic | Effect::Derived => {
                    check_live(row, config, value, way);
                }
            }
        }
    }
}

#[test]
fn every_setting_has_a_control_that_sends_it_and_a_marker_that_tells_it() {
    check_in_the_window(0..Setting::all().count() / 2);
}

#[test]
fn every_other_setting_has_a_control_that_sends_it_and_a_marker_that_tells_it() {
    check_in_the_window(Setting::all().count() / 2..Setting::all().count());
}

#[test]
fn a_setting_without_a_control_has_none() {
    let rig = running(&RunConfig::default());
    for (key, _) in WITHOUT_CONTROL {
        let label = Setting::all().find(|row| row.key == key).unwrap().label;
        for role in [Role::Slider, Role::SpinButton, Role::ComboBox, Role::TextInput] {
            assert!(rig.window.query_by_role_and_label(role, label).is_none(), "{label}");
        }
    }
    let instead = rig.window.get_by_role_and_label(Role::CheckBox, "Warm up from step 0");
    assert!(!instead.accesskit_node().is_disabled());
}

#[test]
fn batches_are_in_reach_of_mini_batch_runs_alone_and_a_full_batch_run_says_why() {
    for label in ["Batches every", "Batches"] {
        let mut rig = running(&RunConfig::default());
        let slider = rig.window.get_by_role_and_label(Role::Slider, label);
        assert!(slider.accesskit_node().is_disabled(), "{label}");
        slider.hover();
        rig.window.run_steps(60);
        rig.window.get_by_label_contains("Every step sees all examples");
        let config = preset("minibatch-edge").unwrap().config.clone();
        let rig = running(&config);
        let slider = rig.window.get_by_role_and_label(Role::Slider, label);
        assert!(!slider.accesskit_node().is_disabled(), "{label}");
    }
}

#[test]
fn every_quantity_is_named_explained_recorded_and_exported() {
    let mut run = Run::new(RUN, RunConfig::default());
    let record = full();
    run.apply(&Event::Sampled { run: RUN, records: vec![record.clone()] });
    let table = String::from_utf8(export::csv(&run)).unwrap();
    let [header, cells] = table.lines().collect::<Vec<_>>()[..] else { panic!("{table}") };
    let columns: Vec<_> = header.split(',').zip(cells.split(',')).collect();
    assert_eq!(columns.len(), Quantity::all().len() + 1);
    let mut symbols = BTreeSet::new();
    let mut labels = BTreeSet::new();
    for (quantity, (name, cell)) in Quantity::all().zip(&columns[1..]) {
        assert_eq!(quantity.name(), *name);
        let value = quantity.read(&record).unwrap_or_else(|| panic!("{name} is never measured"));
        assert_eq!(cell.parse(), Ok(value), "{name}");
        assert_eq!(run.series(quantity).iter().collect::<Vec<_>>(), [(0, value)], "{name}");
        assert!(["", "ms"].contains(&quantity.unit()), "{name}: {}", quantity.unit());
        assert_eq!(quantity.unit() == "ms", name.ends_with("_ms"), "{name}");
        let sentence = quantity.sentence();
        assert!(sentence.ends_with('.') && sentence.len() > 10, "{name}: {sentence}");
        for word in [quantity.symbol(), quantity.label()] {
            assert!(!word.is_empty() && word == word.trim(), "{name}: “{word}”");
        }
        assert!(symbols.insert(quantity.symbol()), "two quantities are {}", quantity.symbol());
        assert!(labels.insert(quantity.label()), "two are called {}", quantity.label());
    }
}

#[test]
fn what_was_not_measured_is_a_blank_and_no_number() {
    let record = Record::default();
    let absent: Vec<_> = Quantity::all().filter(|q| q.read(&record).is_none()).collect();
    assert!(absent.len() > 30, "{}", absent.len());
    let mut run = Run::new(RUN, RunConfig::default());
    run.apply(&Event::Sampled { run: RUN, records: vec![record] });
    let table = String::from_utf8(export::csv(&run)).unwrap();
    let cells: Vec<_> = table.lines().last().unwrap().split(',').skip(1).collect();
    for (quantity, cell) in Quantity::all().zip(cells) {
        let is_absent = absent.contains(&quantity);
        assert_eq!(cell.is_empty(), is_absent, "{}", quantity.name());
        assert_eq!(run.series(quantity).iter().next().is_none(), is_absent, "{}", quantity.name());
    }
}
