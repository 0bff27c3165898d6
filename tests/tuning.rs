//! Tuning in the window: the largest stable rate, trials beside a run, and applying suggestions.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixel numbers")]

#[path = "common/rig.rs"]
mod rig;
#[path = "common/soft.rs"]
mod soft;

use eframe::egui::{self, Key, accesskit::Role};
use egui_kittest::kittest::{NodeT, Queryable};
use eoscope::config::{RunConfig, preset};
use eoscope::protocol::{
    Command, EndKind, Event, Plan, Question, RunEnd, RunId, Source, Trial, Trials, TrialsStatus,
};
use rig::{Rig, climb, record, started};

const RUN: RunId = RunId(1);

fn question() -> Question {
    Question::Rates { factors: vec![0.5, 1.0, 2.0, 4.0], n_steps: 200 }
}

/// A trial that ends at this loss, or diverges.
fn trial(factor: f64, n_taken: u64, end: Option<EndKind>) -> Trial {
    let loss = |step: u64| match end {
        Some(EndKind::DIVERGED) => 0.3 * 1.5_f64.powf(step as f64),
        Some(_) | None => 0.3 * (-0.005 * factor * step as f64).exp(),
    };
    let measured = (0..=n_taken).step_by(4);
    let ratio = |step: u64| [step as f64, 0.5 * factor + 0.001 * step as f64];
    Trial {
        rate: 0.1 * factor,
        factor,
        warmup: 0,
        n_steps: 200,
        losses: (0..=n_taken).map(loss).collect(),
        ratios: measured.map(ratio).collect(),
        end,
    }
}

fn say(rig: &mut Rig, run: RunId, step: u64, trials: Trials) {
    rig.say(Event::Tried { run, step, trials: Box::new(trials) });
    rig.window.run_steps(3);
}

fn done() -> Trials {
    let ended = |factor| trial(factor, 200, Some(EndKind::Finished));
    let blown = trial(4.0, 17, Some(EndKind::DIVERGED));
    let trials = vec![ended(0.5), ended(1.0), ended(2.0), blown];
    Trials { question: question(), trials, status: TrialsStatus::Done }
}

fn is_disabled(rig: &Rig, label: &str) -> bool {
    rig.window.get_by_role_and_label(Role::Button, label).accesskit_node().is_disabled()
}

#[test]
fn the_largest_stable_rate_is_told_with_its_reason_and_taken_as_a_change_that_can_be_undone() {
    let mut rig = Rig::running(&RunConfig::default(), 20);
    // No measurement supports it yet.
    rig.window.get_by_label_contains("no limit: not");
    assert!(is_disabled(&rig, "Use the largest stable rate"));
    let mut newest = record(20, 0.3, 20.43);
    newest.sample.largest_stable_rate = Some(2.0 / 20.43);
    rig.say(Event::Sampled { run: RUN, records: vec![newest] });
    rig.window.get_by_label("limit 0.0978 at step 20").hover();
    rig.window.run_steps(60);
    rig.window.get_by_label_contains("Where the limit 2/η is λ₁ = 20.4 at step 20");
    let commands = rig.click("Use the largest stable rate");
    let [Command::Tune { run: RUN, live, source }] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    assert_eq!((live.peak_lr, *source), (0.0978, Source::User(1)));
    let (live, source) = (live.clone(), *source);
    rig.say(Event::Tuned { run: RUN, step: 21, live, source });
    let told = rig.window.state().current().markers()[0].sentence();
    assert_eq!(told, "Learning rate 0.1 → 0.0978");
    let commands = rig.click("Undo");
    let [Command::Tune { live, .. }] = commands.as_slice() else { panic!("{commands:?}") };
    assert_eq!(live.peak_lr, 0.1);
}

#[test]
fn a_rule_without_a_limit_says_so() {
    let mut rig = Rig::running(&RunConfig::default(), 20);
    let mut newest = record(20, 0.3, 20.43);
    newest.sample.stability_threshold = None;
    rig.say(Event::Sampled { run: RUN, records: vec![newest] });
    rig.window.get_by_label("no limit: not known: steps are of fixed length");
}

#[test]
fn rates_are_tried_beside_the_run_shown_as_they_go_on_and_used() {
    let mut rig = Rig::running(&RunConfig::default(), 20);
    rig.click("Which rate?");
    rig.window.get_by_label("Try rates").click();
    rig.window.run_steps(3);
    let plan = Plan::RatesFromHere { factors: vec![0.5, 1.0, 2.0, 4.0], n_steps: 200 };
    assert_eq!(rig.commands(), [Command::Try { run: RUN, plan }]);
    assert!(is_disabled(&rig, "Try rates") && is_disabled(&rig, "Find warmup"));
    rig.window.get_by_label("The trials are running beside the run …");
    let trials = [0.5, 1.0, 2.0, 4.0].map(|factor| trial(factor, 80, None)).to_vec();
    let status = TrialsStatus::Running;
    say(&mut rig, RUN, 20, Trials { question: question(), trials, status });
    rig.window.get_by_label("Rates over 200 steps from step 20");
    rig.window.get_by_label("η × ½ = 0.05");
    assert_eq!(rig.window.get_all_by_label("step 80 of 200").count(), 4);
    // The run continues meanwhile.
    rig.say(Event::Sampled { run: RUN, records: climb(20, 60) });
    assert_eq!(rig.window.state().current().n_steps(), 60);
    say(&mut rig, RUN, 20, done());
    rig.window.get_by_label("diverges after 17 steps");
    rig.window.get_by_label_contains("Recommended: η = 0.2: the lowest loss of the rates tried");
    assert!(!is_disabled(&rig, "Try rates") && is_disabled(&rig, "Cancel"));
    let commands = rig.click("Use η × ½ = 0.05");
    let [Command::Tune { live, .. }] = commands.as_slice() else { panic!("{commands:?}") };
    assert_eq!(live.peak_lr, 0.05);
    let commands = rig.click("Apply η = 0.2");
    let [Command::Tune { live, .. }] = commands.as_slice() else { panic!("{commands:?}") };
    assert_eq!(live.peak_lr, 0.2);
    rig.press(Key::Escape);
    assert!(rig.window.query_by_label("Cancel").is_none(), "the view is closed");
}

#[test]
fn trials_are_of_as_many_steps_as_asked_and_can_be_ended() {
    let mut rig = Rig::running(&RunConfig::default(), 20);
    rig.press_unheard(Key::Y);
    rig.commands();
    say(&mut rig, RUN, 20, done());
    assert!(rig.type_number("for steps", "450").is_empty());
    let commands = rig.click("Rates");
    let [Command::Try { plan: Plan::RatesFromHere { n_steps: 450, .. }, .. }] = commands.as_slice()
    else {
        panic!("{commands:?}")
    };
    assert_eq!(rig.click("Cancel"), [Command::EndTrials { run: RUN }]);
    let status = TrialsStatus::Cancelled;
    say(&mut rig, RUN, 20, Trials { status, ..Trials::new(question()) });
    rig.window.get_by_label_contains("stopped before all had taken their steps");
    // Only one at a time, and none before the run has started.
    assert_eq!(rig.press(Key::Y).len(), 1);
    assert!(rig.press(Key::Y).is_empty());
    let commands = rig.press(Key::R);
    assert!(commands.contains(&Command::EndTrials { run: RUN }), "{commands:?}");
    assert!(rig.press(Key::Y).is_empty() && rig.press(Key::U).is_empty());
}

fn diverged() -> Rig {
    let mut rig = Rig::running(&preset("blowup").unwrap().config.clone(), 3);
    let records = (3..12).map(|s| record(s, 2.0 * 1.2f64.powf(s as f64), 400.0)).collect();
    rig.say(Event::Sampled { run: RUN, records });
    let end = RunEnd::Diverged { loss: 3456.0 };
    rig.say(Event::Ended { run: RUN, step: 12, end });
    rig
}

#[test]
fn after_divergence_a_warmup_is_found_from_the_start_and_applied_in_a_new_run() {
    let mut rig = diverged();
    let config = preset("blowup").unwrap().config.clone();
    rig.click("Which rate?");
    let commands = rig.click("Find warmup");
    let plan = Plan::Warmup { config: Box::new(config.clone()) };
    assert_eq!(commands, [Command::Try { run: RUN, plan }]);
    let of = |warmup: u64, end| Trial { warmup, ..trial(1.0, 20, Some(end)) };
    let mut bare = of(0, EndKind::DIVERGED);
    bare.ratios[0][1] = 23.0;
    let trials = vec![bare, of(32, EndKind::DIVERGED), of(64, EndKind::Finished)];
    let status = TrialsStatus::Done;
    say(&mut rig, RUN, 0, Trials { question: Question::Warmup, trials, status });
    rig.window.get_by_label(
        "Recommended: A warmup of 64 steps: the run starts at 23 × its stability limit; with 64 it \
         survives, with 32 it diverges after 20 steps.",
    );
    let (run, begun, _) = started(rig.click("Apply warmup 64"));
    let mut wanted = config;
    wanted.live.warmup.steps = 64;
    assert_eq!((run, begun), (RunId(2), wanted));
    assert_eq!(rig.window.state().former_runs().len(), 1);
    assert!(rig.window.query_by_label("Cancel").is_none(), "the plots are what one looks at now");
}

#[test]
fn after_divergence_smaller_rates_are_tried_from_the_start_and_used_in_a_new_run() {
    let mut rig = diverged();
    let commands = rig.press(Key::Y);
    let [Command::Try { plan: Plan::RatesFromStart { factors, config, .. }, .. }] =
        commands.as_slice()
    else {
        panic!("{commands:?}")
    };
    assert_eq!((factors.as_slice(), config.live.peak_lr), (&[0.125, 0.25, 0.5, 1.0][..], 0.2));
    say(&mut rig, RUN, 0, done());
    let (run, begun, _) = started(rig.click("Use η × ½ = 0.05"));
    assert_eq!((run, begun.live.peak_lr), (RunId(2), 0.05));
}

#[test]
fn a_failure_is_told_in_its_own_words() {
    let mut rig = diverged();
    rig.click("Which rate?");
    rig.click("Find warmup");
    let status = TrialsStatus::Failed("the data file is damaged; install eoscope again".to_owned());
    say(&mut rig, RUN, 0, Trials { status, ..Trials::new(Question::Warmup) });
    rig.window.get_by_label_contains("the data file is damaged");
}

#[test]
fn the_view_holds_together_at_every_size() {
    for (name, size, keys) in [
        ("trials", [1440.0, 900.0], &[Key::Y][..]),
        ("trials-present", [1440.0, 900.0], &[Key::P, Key::Y]),
        ("trials-small", [800.0, 600.0], &[Key::Y]),
    ] {
        let mut rig = Rig::running(&RunConfig::default(), 300);
        rig.window.set_size(size.into());
        for key in keys {
            rig.press(*key);
        }
        say(&mut rig, RUN, 300, done());
        rig.window.run_steps(5);
        let screen = egui::Rect::from_min_size(egui::Pos2::ZERO, size.into());
        let rows = ["Use η × ½ = 0.05", "Use η × 4 = 0.4"];
        let at_once = if size[1] > 600.0 { &rows[..] } else { &[] };
        for label in ["Cancel", "Apply η = 0.2"].iter().chain(at_once) {
            let rect = rig.window.get_by_role_and_label(Role::Button, label).rect();
            assert!(screen.contains_rect(rect), "{name}: {label} at {rect:?}");
        }
        if let Some(folder) = std::env::var_os("EOSCOPE_PICTURES") {
            let image = rig.window.render().unwrap();
            image.save(std::path::Path::new(&folder).join(format!("{name}.png"))).unwrap();
        }
    }
}
