//! Trying all rescues of a diverged run: one queue of runs, a chart for each, and the way back to the
//! plots.

use egui_kittest::kittest::Queryable;
use eoscope::config::{Interval, Pace, RunConfig};
use eoscope::protocol::{Command, Event, RunEnd, RunId};

use crate::blowup;
use crate::rig::{Rig, climb, started};

/// A run that diverged at step 5.
fn diverged(config: &RunConfig) -> Rig {
    let mut rig = Rig::running(config, 5);
    rig.say(end(RunId(1), RunEnd::Diverged { loss: 1e9 }));
    rig
}

fn end(run: RunId, end: RunEnd) -> Event {
    Event::Ended { run, step: 5, end }
}

/// Trains a run that was started for `n` steps and ends it.
fn train(rig: &mut Rig, run: RunId, config: &RunConfig, n: u64, outcome: RunEnd) {
    rig.start(run, config);
    rig.say(Event::Sampled { run, records: climb(0, n) });
    rig.worker.events.send(end(run, outcome)).unwrap();
    rig.settle();
}

#[test]
fn all_rescues_are_tried_one_after_the_other_from_the_same_seed() {
    let mut config = blowup();
    (config.seed, config.n_steps) = (7, 4000);
    let mut rig = diverged(&config);
    let mut commands = rig.click("Try all");
    let mut tried = Vec::new();
    for expected in 2.. {
        if commands.is_empty() {
            break;
        }
        let (run, begun, _) = started(commands);
        assert_eq!(run, RunId(expected), "one at a time");
        assert_eq!((begun.seed, begun.n_steps, begun.live.pace), (7, 2000, Pace::Unlimited));
        let probe = &begun.live.probe;
        assert_eq!(
            (probe.every, probe.top_k, probe.min_every),
            (Interval::every(5), 1, Interval::Off)
        );
        assert_eq!(rig.window.state().current().id(), RunId(1), "the diverged run stays");
        train(&mut rig, run, &begun, 5, RunEnd::Finished);
        commands = rig.commands();
        tried.push(begun);
    }
    assert_eq!(tried.len(), 8);
    // Eight changes, no two of them alike.
    for (i, one) in tried.iter().enumerate() {
        assert!(tried[..i].iter().all(|other| !other.changes_to(one).is_empty()), "{i}");
    }
    // The charts have the width of the window.
    let charts = ["Show 256 steps of warmup", "Show clipping at 1", "Show Fixup"];
    let [first, second, third] = charts.map(|label| rig.window.get_by_label(label).rect());
    assert!(second.left() > first.right() && second.top() == first.top());
    assert!(third.top() > first.bottom());
    assert!(second.right() > 0.9 * rig.window.ctx.content_rect().right());
    rig.window.get_by_label("Show 256 steps of warmup");
}

#[test]
fn a_chart_shows_its_run_and_the_others_can_be_laid_over_it() {
    let mut rig = diverged(&blowup());
    let (first, config, _) = started(rig.click("Try all"));
    train(&mut rig, first, &config, 5, RunEnd::Finished);
    let (second, config, _) = started(rig.commands());
    train(&mut rig, second, &config, 4, RunEnd::Diverged { loss: 1e9 });
    let (third, ..) = started(rig.commands());
    rig.click("Show 256 steps of warmup");
    let ids = |rig: &Rig| {
        let app = rig.window.state();
        let ghosts: Vec<u64> = app.former_runs().iter().map(|run| run.id().0).collect();
        (app.current().id().0, ghosts)
    };
    assert_eq!(ids(&rig), (first.0, vec![1]));
    // The view is closed; the menu opens it again.
    assert!(rig.window.query_by_label("Put all on the plots").is_none());
    rig.click("View");
    rig.click("What saves it");
    rig.click("Put all on the plots");
    assert_eq!(ids(&rig), (first.0, vec![1, second.0]), "the third has no data");
    // A new run ends the queue.
    rig.press_unheard(eframe::egui::Key::R);
    let commands = rig.commands();
    let stops: Vec<_> = commands
        .iter()
        .filter_map(|command| match command {
            Command::Stop { run } => Some(*run),
            _ => None,
        })
        .collect();
    assert_eq!(stops, [third], "{commands:?}");
}

#[test]
fn stopping_begins_no_other_rescue() {
    let mut rig = diverged(&blowup());
    let (first, config, _) = started(rig.click("Try all"));
    rig.start(first, &config);
    assert_eq!(rig.click("Stop"), [Command::Stop { run: first }]);
    rig.say(end(first, RunEnd::Stopped));
    assert_eq!(rig.commands(), []);
}
