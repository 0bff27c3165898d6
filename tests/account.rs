//! The changes of a run are recorded consistently everywhere: live, on restart, in a preset, a command,
//! a run folder, a picture and a sweep. Checks that all of these compute the same run.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a failed test says so at once"
)]
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixel numbers")]

#[path = "common/drawer.rs"]
mod drawer;
#[path = "common/rig.rs"]
mod rig;
#[path = "common/soft.rs"]
mod soft;

use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Command as Program, Stdio};
use std::sync::atomic::AtomicBool;

use drawer::{Drawer, at_home, close};
use eframe::egui::{self, Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::Queryable;
use eoscope::config::{DatedChange, Interval, LiveSettings, Pace, RunConfig, preset};
use eoscope::export::{NamedRun, provenance};
use eoscope::figure::{PlottedRun, seed_group};
use eoscope::history::Run;
use eoscope::net::never;
use eoscope::protocol::{Command, Event, Paused, RunEnd, RunId, Sample, Source};
use eoscope::runner::{self, Driver};
use eoscope::store::{self, PresetFolder, RunFolder};
use eoscope::study::{Options, Study, sweep};
use eoscope::train::Hooks;
use rig::{Rig, climb};

const RUN: RunId = RunId(0);

fn tiny() -> RunConfig {
    let mut config = preset("chebyshev-edge").unwrap().config.clone();
    config.n_steps = 30;
    config.live.peak_lr = 0.1;
    config.live.probe.every = Interval::every(5);
    (config.live.probe.min_every, config.live.probe.audit_every) = (Interval::Off, Interval::Off);
    config
}

fn rate(step: u64, peak_lr: f64) -> DatedChange {
    DatedChange { step, set: [("live.peak_lr".to_owned(), peak_lr.into())].into() }
}

/// A user's actions in a run, by the step before which they happen.
#[derive(Clone, Copy)]
enum Deed {
    /// Sets the rate before the step begins.
    Before(u64, f64),
    /// Interrupts the step once it has begun, and sets the rate before it is repeated.
    GivenUp(u64, f64),
}

/// A run that a user changed: history, measurements and run folder.
fn lived(config: &RunConfig, deeds: &[Deed], dir: &Path) -> (Run, Vec<Sample>) {
    let (mut driver, started) = Driver::begin(RUN, config.clone(), 1, Hooks::none()).unwrap();
    let mut run = Run::new(RUN, config.clone());
    run.apply(&started);
    let Event::Started { config, facts, .. } = &started else { panic!() };
    let mut folder = RunFolder::create(dir, config, facts).unwrap();
    let mut samples = Vec::new();
    let mut tell = |event: &Event| {
        run.apply(event);
        folder.record(event).unwrap();
        if let Event::Sampled { records, .. } = event {
            samples.extend(records.iter().map(|record| record.sample.clone()));
        }
    };
    loop {
        let step = driver.steps_taken();
        for deed in deeds {
            let rate = match deed {
                Deed::Before(at, rate) if *at == step => rate,
                Deed::GivenUp(at, rate) if *at == step => {
                    let hooks = Hooks { is_interrupted: &|| true, ..Hooks::none() };
                    let begun = driver.advance(hooks).unwrap();
                    assert!(begun.record.is_none(), "the step is given up");
                    begun.tuned.iter().for_each(&mut tell);
                    rate
                }
                Deed::Before(..) | Deed::GivenUp(..) => continue,
            };
            let live = LiveSettings { peak_lr: *rate, ..driver.live().clone() };
            tell(&driver.tune(live, Source::User(step)).unwrap());
        }
        let advance = driver.advance(Hooks::none()).unwrap();
        advance.tuned.iter().for_each(&mut tell);
        if let Some(record) = advance.record {
            tell(&Event::Sampled { run: RUN, records: vec![record] });
        }
        if let Some(end) = advance.ended {
            tell(&Event::Ended { run: RUN, step: driver.steps_taken(), end });
            break;
        }
    }
    folder.finish().unwrap();
    (run, samples)
}

fn samples(config: &RunConfig) -> Vec<Sample> {
    let mut samples = Vec::new();
    runner::run(config, 1, &never, &mut |event| {
        if let Event::Sampled { records, .. } = event {
            samples.extend(records.iter().map(|record| record.sample.clone()));
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    samples
}

/// Trains the run of a copied command, parsed as a shell does.
fn commanded(config: &RunConfig, dir: &Path) -> Run {
    let mut words = config.command();
    "run".clone_into(&mut words[0]);
    let status = Program::new(env!("CARGO_BIN_EXE_eoscope"))
        .args(words)
        .args(["--out", dir.to_str().unwrap()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    store::load(dir).unwrap()
}

#[test]
fn a_run_lived_by_hand_comes_again_from_its_replay_folder_picture_and_command() {
    use Deed::{Before, GivenUp};
    let own = RunConfig { changes: vec![rate(12, 0.3), rate(20, 0.15)], ..tiny() };
    let same = RunConfig { changes: vec![rate(12, own.live.peak_lr)], ..tiny() };
    for (at, (config, deeds, wanted)) in [
        (tiny(), vec![Before(7, 0.2)], vec![rate(7, 0.2)]),
        // Before a step the scheduled change comes last; before a repeated step the user's does.
        (own.clone(), vec![Before(12, 0.25)], own.changes.clone()),
        (own.clone(), vec![GivenUp(12, 0.25)], vec![rate(12, 0.25), rate(20, 0.15)]),
        (own.clone(), vec![Before(12, 0.35), GivenUp(12, 0.25), Before(13, 0.2)], {
            vec![rate(12, 0.25), rate(13, 0.2), rate(20, 0.15)]
        }),
        // A scheduled change to the present value sends no event, but is recorded.
        (same, vec![GivenUp(12, 0.25)], vec![rate(12, 0.25)]),
        // A change before the first step sends no event.
        (tiny(), vec![Before(0, 0.2), Before(9, 0.1)], vec![rate(9, 0.1)]),
        (
            RunConfig { changes: vec![rate(0, 0.3), rate(9, 0.1)], ..tiny() },
            vec![GivenUp(0, 0.2)],
            vec![rate(9, 0.1)],
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("run");
        let (run, by_hand) = lived(&config, &deeds, &dir);
        let replay = run.replay();
        let canonical = replay.canonical();
        assert_eq!(canonical.changes, wanted, "case {at}");
        let markers = run.markers();
        assert!(markers.iter().all(|marker| marker.step > 0), "case {at}: {markers:?}");
        let told = |change: &DatedChange| markers.iter().any(|marker| marker.step == change.step);
        assert!(wanted.iter().all(told), "case {at}: {markers:?}");
        assert_eq!(samples(&replay), by_hand, "case {at}");
        // The folder.
        let left = store::read_config(&dir.join("config.toml")).unwrap();
        assert!(left.is_same_run(&replay), "case {at}: {left:?}");
        let former = store::load(&dir).unwrap();
        assert!(former.replay().is_same_run(&replay), "case {at}: {:?}", former.replay());
        assert_eq!(former.markers(), run.markers(), "case {at}");
        // The picture.
        for run in [&run, &former] {
            let text = provenance(&[NamedRun { name: "a", run }]);
            assert!(RunConfig::from_toml(&text).unwrap().is_same_run(&replay), "case {at}: {text}");
        }
        // The command.
        let again = commanded(&replay, &home.path().join("again"));
        assert!(again.replay().is_same_run(&replay), "case {at}");
        let losses: Vec<f64> =
            again.series(eoscope::quantity::LOSS).iter().map(|(_, loss)| loss).collect();
        assert!(by_hand.iter().map(|sample| sample.loss).eq(losses), "case {at}");
        // A run folder whose process was killed still has its configuration.
        std::fs::write(dir.join("config.toml"), config.to_toml()).unwrap();
        let killed = store::load(&dir).unwrap();
        assert!(killed.replay().is_same_run(&replay), "case {at}: {:?}", killed.replay());
    }
}

/// The configuration of the newest requested run, and whether it starts paused.
fn begun(rig: &mut Rig) -> (RunConfig, Paused) {
    let commands = rig.commands();
    let found = commands.into_iter().rev().find_map(|command| match command {
        Command::Start { config, is_paused, .. } => Some((*config, is_paused)),
        _ => None,
    });
    found.expect("a run is asked for")
}

/// The user sets the rate, and the run applies it at this step.
fn change(rig: &mut Rig, step: u64, peak_lr: f64) {
    rig.window.get_by_role_and_label(Role::Slider, "Learning rate").set_value_accesskit(peak_lr);
    rig.settle();
    for command in rig.commands() {
        if let Command::Tune { run, live, source } = command {
            rig.say(Event::Tuned { run, step, live, source });
        }
    }
}

fn press(rig: &mut Rig, held: Modifiers, key: Key) {
    rig.window.key_press_modifiers(held, key);
    rig.settle();
}

#[test]
fn restart_repeats_every_change_a_clean_start_none_and_a_new_seed_is_the_same_run_otherwise() {
    let own = RunConfig { changes: vec![rate(900, 0.05)], ..RunConfig::default() };
    let mut rig = Rig::running(&own, 50);
    change(&mut rig, 50, 0.2);
    rig.say(Event::Sampled { run: RunId(1), records: climb(50, 60) });
    press(&mut rig, Modifiers::NONE, Key::R);
    let (again, _) = begun(&mut rig);
    assert_eq!(again, RunConfig { changes: vec![rate(50, 0.2), rate(900, 0.05)], ..own.clone() });
    // The description before the start agrees with the later run.
    rig.window.get_by_label_contains("Learning rate 0.1 → 0.2 at step 50");
    let drawn = rig.window.state().drawn_runs();
    assert_eq!(drawn, ["Learning rate 0.1 → 0.05 at step 900"]);

    rig.start(RunId(2), &again);
    rig.say(Event::Sampled { run: RunId(2), records: climb(0, 60) });
    press(&mut rig, Modifiers::NONE, Key::N);
    let (seeded, _) = begun(&mut rig);
    assert_eq!(seeded, RunConfig { seed: again.seed + 1, ..again.clone() });

    let mut rig = Rig::running(&own, 50);
    change(&mut rig, 50, 0.2);
    press(&mut rig, Modifiers::SHIFT, Key::R);
    let (clean, _) = begun(&mut rig);
    let mut wanted = RunConfig { changes: Vec::new(), ..own };
    wanted.live.peak_lr = 0.2;
    assert_eq!(clean, wanted);
}

#[test]
fn what_is_set_after_the_end_holds_from_the_start_in_place_of_what_was_changed() {
    let mut rig = Rig::running(&RunConfig::default(), 50);
    change(&mut rig, 50, 0.2);
    rig.say(Event::Ended { run: RunId(1), step: 51, end: RunEnd::Stopped });
    change(&mut rig, 51, 0.1);
    press(&mut rig, Modifiers::NONE, Key::Space);
    assert_eq!(begun(&mut rig).0, RunConfig::default());
}

#[test]
fn a_change_that_the_run_makes_by_itself_is_not_taken_back_by_one_under_way() {
    let mut own = RunConfig { changes: vec![rate(20, 0.05)], ..RunConfig::default() };
    own.optimizer.rule = eoscope::config::Rule::HeavyBall;
    let mut rig = Rig::running(&own, 20);
    rig.window.get_by_role_and_label(Role::Slider, "Momentum").set_value_accesskit(0.5);
    rig.settle();
    // The request is in flight while the run makes a scheduled change.
    let live = LiveSettings { peak_lr: 0.05, ..own.live.clone() };
    let source = Source::Config;
    rig.say(Event::Tuned { run: RunId(1), step: 20, live: Box::new(live), source });
    let last = rig.commands().into_iter().rev().find_map(|command| match command {
        Command::Tune { live, .. } => Some(live),
        _ => None,
    });
    let last = last.unwrap();
    assert_eq!((last.peak_lr, last.momentum), (0.05, 0.5));
}

#[test]
fn a_preset_keeps_the_changes_is_known_by_them_and_resets_pace_and_pause() {
    let home = tempfile::tempdir().unwrap();
    let folder = PresetFolder::at(home.path());
    let mut rig = at_home(Drawer::default(), &folder);
    change(&mut rig, 20, 0.2);
    rig.say(Event::Sampled { run: RunId(1), records: climb(20, 30) });
    press(&mut rig, Modifiers::COMMAND, Key::S);
    rig.window.get_by_role_and_label(Role::TextInput, "Name").focus();
    rig.settle();
    press(&mut rig, Modifiers::COMMAND, Key::A);
    rig.window.event(egui::Event::Text("mine".to_owned()));
    rig.settle();
    rig.click("Save preset");
    rig.wait_for("Saved to");
    let saved = folder.find("mine").unwrap().unwrap();
    let wanted = RunConfig { changes: vec![rate(20, 0.2)], ..RunConfig::default() };
    assert_eq!(saved, RunConfig { name: "mine".to_owned(), ..wanted.clone() });
    // The stored last run is the same run.
    let kept = close(&mut rig);
    assert!(kept.0.values().any(|text| text.contains("[[changes]]")), "{kept:?}", kept = kept.0);
    press(&mut rig, Modifiers::NONE, Key::Escape);
    press(&mut rig, Modifiers::NONE, Key::Escape);

    // At a slow pace, and paused.
    let live =
        LiveSettings { pace: Pace::One, ..rig.window.state().current().config().live.clone() };
    let source = Source::User(99);
    rig.say(Event::Tuned { run: RunId(1), step: 30, live: Box::new(live), source });
    rig.say(Event::Paused { run: RunId(1), step: 30 });
    for (name, wanted) in [("mine", saved), ("blowup", preset("blowup").unwrap().config.clone())] {
        rig.window.get_by_role_and_label(Role::ComboBox, "Preset").click();
        rig.settle();
        rig.click_unheard(name);
        assert_eq!(begun(&mut rig), (wanted, Paused::No), "{name}");
    }
}

#[test]
fn the_command_is_the_windows_and_the_button_says_that_it_is_copied() {
    let mut rig = Rig::running(&RunConfig::default(), 20);
    change(&mut rig, 20, 0.2);
    rig.window.get_by_label("Copy command").click();
    let mut copied = Vec::new();
    for _ in 0..4 {
        rig.window.step();
        copied.extend(rig.window.output().platform_output.commands.iter().cloned());
    }
    let text = copied.iter().find_map(|command| match command {
        egui::OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    });
    assert_eq!(text.unwrap(), "eoscope fashion-edge --seed 1 --at 20 live.peak_lr=0.2");
    assert!(rig.window.query_by_label("Copied").is_some());
}

#[test]
fn the_status_line_tells_what_can_never_act_also_of_what_a_change_brings() {
    let mut config = RunConfig { n_steps: 400, ..RunConfig::default() };
    let told = |rig: &Rig| {
        rig.window.query_by_label_contains("cosine schedule of 1000 steps from step 0").is_some()
    };
    assert!(!told(&Rig::running(&config, 20)));
    let set = [("live.schedule.shape".to_owned(), "cosine".into())].into();
    config.changes = vec![DatedChange { step: 300, set }];
    assert!(told(&Rig::running(&config, 20)));
    config.n_steps = 1000;
    assert!(!told(&Rig::running(&config, 20)));
}

#[test]
fn a_number_out_of_range_is_refused_in_its_field_and_sent_nowhere() {
    let mut rig = Rig::running(&RunConfig::default(), 20);
    for (field, typed, said) in [
        ("Learning rate", "1e9", "“1e9” is not from 1e-5 to 100; 0.1 stays"),
        ("Learning rate", "-3", "“-3” is not from 1e-5 to 100; 0.1 stays"),
    ] {
        assert!(rig.type_number(field, typed).is_empty(), "{field} {typed}");
        assert!(rig.window.query_by_label_contains(said).is_some(), "{field} {typed}: {said}");
        assert_eq!(rig.window.state().current().config(), &RunConfig::default());
    }
}

#[test]
fn a_sentence_on_a_refused_number_moves_no_other_field() {
    let mut rig = Rig::running(&RunConfig::default(), 20);
    let told = |rig: &Rig, said: &str| rig.window.query_by_label_contains(said).is_some();
    for (field, typed, said) in [
        ("Learning rate", "fast", "“fast” is not a number; 0.1 stays"),
        ("Warmup", "1e9", "“1e9” is not from none to 1000000; none stays"),
        ("Warmup", "1.5", "“1.5” is not a whole number; none stays"),
    ] {
        assert!(rig.type_number(field, typed).is_empty(), "{field} {typed}");
        assert!(told(&rig, said), "{field} {typed}: {said}");
    }
}

#[test]
fn a_sweep_knows_its_runs_by_their_configuration_and_seeds_of_it_are_one_family() {
    let home = tempfile::tempdir().unwrap();
    let text = |name: &str| {
        format!(
            "name = \"{name}\"\nsees = \"Of {name}.\"\nbase = \"own\"\nseeds = [1, 2]\n\
             [[axis]]\nkey = \"init.scale\"\nvalues = [1.0, 1.5]\n"
        )
    };
    // Unordered and with a duplicate, as a run folder can contain them.
    let changes = vec![rate(20, 0.1), rate(9, 0.3), rate(9, 0.2)];
    let base = RunConfig { changes, ..tiny() };
    let find = |_: &str| Ok(base.clone());
    let options = Options { shard: "1/1".parse().unwrap(), n_jobs: 2 };
    let begun = std::sync::atomic::AtomicUsize::new(0);
    let mut dirs = Vec::new();
    for name in ["one", "renamed"] {
        let study = Study::from_toml(&text(name), &find).unwrap();
        let watch = |report: eoscope::study::SweepEvent<'_>| {
            if matches!(report, eoscope::study::SweepEvent::Begun(_)) {
                begun.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            }
        };
        let dir = home.path().join("study");
        let swept = sweep(&study, &dir, options, &AtomicBool::new(false), &watch).unwrap();
        assert_eq!(swept.table.rows.len(), 4);
        dirs = study
            .tasks()
            .unwrap()
            .into_iter()
            .map(|task| dir.join("runs").join(task.dir))
            .collect();
    }
    assert_eq!(begun.into_inner(), 4, "done once, whatever the study is called");
    let runs: Vec<Run> = dirs.iter().map(|dir| store::load(dir).unwrap()).collect();
    for run in &runs {
        assert_eq!(run.replay().canonical().changes, [rate(9, 0.2), rate(20, 0.1)]);
    }
    let last = runs.len() - 1;
    let shown: Vec<_> = runs
        .iter()
        .enumerate()
        .map(|(at, run)| PlottedRun { run, is_ghost: at < last, name: format!("run {at}") })
        .collect();
    let family: Vec<f64> =
        seed_group(&shown).iter().map(|run| run.initial_config().init.scale).collect();
    assert_eq!(family, [1.5, 1.5], "of one scale, two seeds");
}
