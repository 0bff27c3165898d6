//! How a run goes on: pause, single steps, restarts, its end, and the queue to its thread.

use eframe::egui::accesskit::Role;
use eframe::egui::{self, Key};
use egui_kittest::kittest::Queryable;
use eoscope::config::{ClipMode, RunConfig};
use eoscope::protocol::{Command, Event, Paused, RunEnd, RunId};

use crate::blowup;
use crate::rig::{Rig, record, started};

#[test]
fn the_window_opens_already_training() {
    let mut rig = Rig::open(RunConfig::default());
    let (run, config, is_paused) = started(rig.commands());
    assert_eq!((run, config, is_paused), (RunId(1), RunConfig::default(), Paused::No));
}

#[test]
fn space_is_answered_within_the_frame_and_the_run_is_paused_once_it_says_so() {
    let run = RunId(1);
    let mut rig = Rig::running(&RunConfig::default(), 5);
    rig.window.key_press(Key::Space);
    rig.window.step();
    rig.window.get_by_label("Resume");
    rig.window.get_by_label_contains(" steps, pausing…");
    assert_eq!(rig.commands(), [Command::Pause { run }]);
    // A second press before the confirmation means the opposite.
    assert_eq!(rig.press(Key::Space), [Command::Resume { run }]);
    rig.window.get_by_label_contains(" steps, resuming…");
    rig.say(Event::Paused { run, step: 5 });
    rig.window.get_by_label("Pause");
    rig.say(Event::Resumed { run });
    assert!(rig.window.query_by_label_contains("resuming…").is_none());
    assert_eq!(rig.press(Key::Period), [Command::StepOnce { run }]);
    rig.window.get_by_label_contains(" steps, one step…");
    rig.say(Event::Paused { run, step: 6 });
    rig.window.get_by_label_contains(" steps, paused");
    assert_eq!(rig.click("Resume"), [Command::Resume { run }]);
}

#[test]
fn a_click_is_answered_in_the_frame_after_it() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    rig.window.get_by_label("Pause").click();
    // Press and release take one frame each; the change is drawn in the next.
    rig.window.run_steps(3);
    rig.window.get_by_label_contains(" steps, pausing…");
    assert_eq!(rig.commands(), [Command::Pause { run: RunId(1) }]);
}

#[test]
fn full_stop_takes_one_step_and_r_restarts_from_the_same_seed() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    assert_eq!(rig.press(Key::Period), [Command::StepOnce { run: RunId(1) }]);
    let commands = rig.press(Key::R);
    assert_eq!(commands[0], Command::Stop { run: RunId(1) });
    let (run, config, _) = started(commands);
    assert_eq!((run, config), (RunId(2), RunConfig::default()));
}

fn diverged() -> Rig {
    let mut rig = Rig::running(&blowup(), 3);
    let records = (3..38).map(|s| record(s, 2.0 * 1.2f64.powf(s as f64), 400.0)).collect();
    rig.say(Event::Sampled { run: RunId(1), records });
    let end = RunEnd::Diverged { loss: 3456.0 };
    rig.say(Event::Ended { run: RunId(1), step: 38, end });
    rig
}

#[test]
fn divergence_shows_a_card_whose_buttons_change_one_thing() {
    let mut rig = diverged();
    rig.window.get_by_label(
        "Diverged at step 38: loss 3456; λ₁ has been above the line since step 3 (up to 20 times \
         at step 3).",
    );
    let (_, config, _) = started(rig.click("256 steps of warmup"));
    let mut wanted = blowup();
    wanted.live.warmup.steps = 256;
    assert_eq!(config, wanted);
    assert_eq!(rig.window.state().former_runs().len(), 1);

    let (_, config, _) = started(diverged().click("clipping at 1"));
    assert_eq!((config.live.clip.mode, config.live.clip.value), (ClipMode::Absolute, 1.0));
    let (_, config, _) = started(diverged().click("a third of the scale"));
    assert_eq!(config.init.scale, 1.0);
    let mut rig = diverged();
    assert!(rig.click("Dismiss").is_empty());
    assert!(rig.window.query_by_label("Dismiss").is_none());
}

#[test]
fn a_failed_run_and_a_lost_link_say_so() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    let message = "the data file is damaged; install eoscope again".to_owned();
    let end = RunEnd::Failed { message: message.clone() };
    rig.say(Event::Ended { run: RunId(1), step: 5, end });
    rig.window.get_by_label(&message);
    let Rig { mut window, worker } = rig;
    drop(worker);
    window.run_ok();
    window.get_by_label_contains("start eoscope again to train");
}

#[test]
fn a_full_queue_loses_nothing() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    for _ in 0..300 {
        rig.window.key_press(Key::Period);
        rig.window.step();
    }
    let mut n = rig.commands().len();
    assert_eq!(n, eoscope::protocol::COMMAND_CAPACITY);
    rig.settle();
    n += rig.commands().len();
    assert_eq!(n, 300);
}

#[test]
fn a_paused_window_stays_paused_over_a_new_start() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    rig.say(Event::Paused { run: RunId(1), step: 5 });
    let (_, _, is_paused) = started(rig.press(Key::R));
    assert_eq!(is_paused, Paused::Yes);
}

#[test]
fn what_is_changed_after_the_end_counts_for_the_next_run() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    rig.say(Event::Ended { run: RunId(1), step: 5, end: RunEnd::Finished });
    rig.window.get_by_label_contains("finished");
    rig.window.get_by_role_and_label(Role::Slider, "Learning rate").set_value_accesskit(0.05);
    rig.settle();
    assert!(rig.commands().is_empty());
    let (_, config, _) = started(rig.click("Start"));
    assert_eq!(config.live.peak_lr, 0.05);
}

#[test]
fn the_card_of_a_diverged_run_looks_as_it_did() {
    let mut rig = diverged();
    rig.window.ctx.set_theme(egui::Theme::Dark);
    rig.settle();
    rig.window.snapshot("diverged-dark");
}
