//! Settings in the window: every one has a control that sends it and a marker.

use eframe::egui;
use eframe::egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use eoscope::config::{Architecture, Change, Effect, Range, RunConfig, Setting, preset};
use eoscope::protocol::{Command, Event, Record, RunId, Sample};
use toml::Value;

use crate::bare::{Rig, started};
use crate::{RUN, acting, legal, number, with};

/// Settings without a control, and what the user uses instead.
const WITHOUT_CONTROL: [(&str, &str); 3] = [
    ("name", "the preset's, kept by every run"),
    ("live.warmup.start", "Warm up from step 0"),
    ("task.sha256", "the file's, set along with its path"),
];

/// A window tall enough to need no scrolling, on a run of five steps.
fn running(config: &RunConfig) -> Rig {
    let mut rig = Rig::open(config.clone(), egui::vec2(1440.0, 2600.0));
    let sections = ["Data, closed", "Network, closed", "Schedule, closed", "Measure, closed"];
    let folds = ["Layer by layer", "Tuning before step 0", "Warmup shape"];
    for title in sections.into_iter().chain(folds) {
        // Some exist only if their settings have an effect.
        let Some(header) = rig.window.query_by_label_contains(title) else { continue };
        header.click();
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
            let entry = rig.window.query_all_by_role_and_label(Role::Button, &shown).last();
            entry.unwrap_or_else(|| panic!("{} has no entry {shown}", row.key)).click();
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
        Range::Text => {
            rig.type_over(Role::TextInput, row.label, &plain);
            // The file is read beside the window.
            let mut n_waits = 0;
            while rig.window.query_by_label("reading …").is_some() {
                std::thread::sleep(std::time::Duration::from_millis(5));
                rig.window.run_steps(1);
                n_waits += 1;
                assert!(n_waits < 4000, "{plain} is not read");
            }
        }
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
    if ["task.name", "task.path"].contains(&row.key) {
        // A task sets its size and rate.
        if row.key == "task.name" {
            wanted.task.name = value.clone().try_into().unwrap();
        } else {
            wanted = with(config, row.key, value);
        }
        let info = wanted.task.info().unwrap();
        wanted.task.n_train = info.default_n_train;
        wanted.live.peak_lr = info.default_lr;
        if !wanted.model.can_read(info.shape) {
            wanted.model = wanted.model.refitted(info.shape);
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
    assert_eq!(*app.former_runs()[0].initial_config(), *config, "{context}");
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
