//! Fuzz test of the window: a robot presses, drags, types and scrolls at random while runs report
//! arbitrary events. After every action the window must be in a valid state and stop repainting. Ten
//! thousand actions from twenty seeds; a failure prints its seed and the last actions.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

#[allow(dead_code, reason = "each test uses its part")]
#[path = "common/bare.rs"]
mod bare;
#[path = "common/dice.rs"]
mod dice;
#[path = "common/pretender.rs"]
mod pretender;
#[path = "common/robot.rs"]
mod robot;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use eframe::egui::PointerButton;
use eframe::egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use eoscope::history::Run;
use eoscope::protocol::{RunId, link};
use eoscope::workers::Hub;
use pretender::Pretender;
use robot::{FOLDER, Robot, find};

/// The most former runs the window keeps, and draws.
const MAX_FORMER: [usize; 2] = [40, 8];

/// Actions per seed.
const N_ACTIONS: usize = 500;

/// The most shapes in a frame. Dashed lines that cross the whole plot at every step make up to about
/// 51,000, one for each dash in or near view; without clipping dashes there were 250,000.
const MAX_SHAPES: usize = 100_000;

impl Robot {
    /// Checks the state of the window after an action.
    fn check(&mut self) {
        self.window.step();
        if let Some(pretender) = &mut self.pretender {
            pretender.listen();
            let mut n_frames = 0;
            while !pretender.is_heard() {
                self.window.step();
                n_frames += 1;
                assert!(n_frames < 100, "the window does not drain");
            }
            pretender.listen();
        }
        let n_shapes = self.window.output().shapes.len();
        assert!(n_shapes < MAX_SHAPES, "{n_shapes} shapes in a frame");
        let app = self.window.state();
        check_run(app.current());
        let runs = app.former_runs();
        assert!(runs.len() <= MAX_FORMER[0] && app.drawn_runs().len() <= MAX_FORMER[1]);
        let all = || runs.iter().copied().chain([app.current()]);
        let ids: Vec<RunId> = all().map(Run::id).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
        runs.iter().copied().for_each(check_run);
        let Some(pretender) = &self.pretender else { return };
        for run in all() {
            // A run whose start waits for space in the queue is not yet known.
            let known = pretender.runs.get(&run.id()).unwrap();
            // Compared as text, as a NaN loss equals no other.
            let [shown, known_status] = [run.status(), &known.status].map(|s| format!("{s:?}"));
            assert_eq!(shown, known_status, "{:?}", run.id());
            assert_eq!(run.n_steps(), known.n_steps, "{:?}", run.id());
            assert_eq!(run.config().live, known.config.live, "{:?}", run.id());
        }
        // A run started by a control drawn after the text appears in the next frame.
        if self.waits_in_vain().is_some() {
            self.window.step();
            self.listen();
        }
        assert_eq!(self.waits_in_vain(), None);
    }

    fn listen(&mut self) {
        if let Some(pretender) = &mut self.pretender {
            pretender.listen();
        }
    }

    /// What the window still shows as pending although the run has answered everything.
    fn waits_in_vain(&self) -> Option<&'static str> {
        let known = self.pretender.as_ref()?.runs.get(&self.window.state().current().id())?;
        let is_shown = |word: &&str| self.window.query_by_label_contains(word).is_some();
        let words = ["pausing…", "resuming…", "one step…"];
        words.into_iter().find(is_shown).filter(|_| known.has_answered())
    }

    /// Without input, the window stops repainting.
    fn rest(&mut self) {
        // Releases whatever is held, and waits for a possible double-click to pass.
        self.window.run_steps(24);
        if let Err(error) = self.window.try_run() {
            panic!("{error}");
        }
        self.listen();
        assert_eq!(self.waits_in_vain(), None);
        self.check();
    }
}

/// Checks the invariants of a run.
fn check_run(run: &Run) {
    run.config().validate().unwrap();
    run.replay().validate().unwrap();
    let markers = run.markers();
    assert!(markers.is_sorted_by_key(|marker| marker.step), "{markers:?}");
    for marker in markers {
        assert!(!marker.changes.is_empty() && !marker.sentence().is_empty(), "{marker:?}");
        assert!(marker.changes.iter().all(|change| change.from != change.to), "{marker:?}");
    }
}

fn abuse(seeds: std::ops::Range<u64>) {
    for seed in seeds {
        let (ui, worker) = link();
        let mut robot = Robot::new(ui, seed);
        robot.pretender = Some(Pretender::new(worker));
        robot.check();
        for action in 0..N_ACTIONS {
            robot.act();
            robot.check();
            if action % 25 == 24 {
                robot.rest();
            }
            // On every fourth seed the workers end before the robot does.
            if seed % 4 == 3 && action == N_ACTIONS - 60 {
                robot.lose_the_link();
            }
        }
    }
}

#[test]
fn nothing_a_robot_does_breaks_the_window_seeds_0_to_4() {
    abuse(0..5);
}

#[test]
fn nothing_a_robot_does_breaks_the_window_seeds_5_to_9() {
    abuse(5..10);
}

#[test]
fn nothing_a_robot_does_breaks_the_window_seeds_10_to_14() {
    abuse(10..15);
}

#[test]
fn nothing_a_robot_does_breaks_the_window_seeds_15_to_19() {
    abuse(15..20);
}

#[test]
fn nothing_a_robot_does_breaks_the_window_while_its_runs_are_trained_and_recorded() {
    for seed in 100..103 {
        let (ui, worker) = link();
        let mut robot = Robot::new(ui, seed);
        robot.is_training = true;
        let recordings = FOLDER.join(format!("recorded-{seed}"));
        let hub = Hub::start(worker, 1, Some(recordings), || {}).unwrap();
        for _ in 0..150 {
            robot.act();
            robot.check();
        }
        drop(robot);
        // Closing ends every run, at the latest after its current computation.
        let (done, is_done) = crossbeam_channel::bounded(1);
        let closing = std::thread::Builder::new().spawn(move || {
            drop(hub);
            done.send(()).unwrap();
        });
        let closing = closing.unwrap();
        is_done.recv_timeout(Duration::from_mins(2)).expect("the threads end");
        closing.join().unwrap();
    }
}

#[test]
fn a_robot_writes_only_into_its_folder() {
    let (ui, worker) = link();
    let mut robot = Robot::new(ui, 0);
    robot.pretender = Some(Pretender::new(worker));
    robot.check();
    let at = find(&robot.window, Role::Button, "Export…").unwrap().rect().center();
    robot.press(at, PointerButton::Primary);
    robot.rest();
    let field = find(&robot.window, Role::TextInput, "File");
    let path = PathBuf::from(field.unwrap().value().unwrap());
    assert_eq!(path.parent().unwrap().canonicalize().unwrap(), FOLDER.canonicalize().unwrap());
}
