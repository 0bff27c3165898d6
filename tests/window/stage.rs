//! The sharpness plot keeps its share of the window in every size, and rows that come and go leave
//! the plots where they are.

use eframe::egui::Key;
use eframe::egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use eoscope::config::{LiveSettings, RunConfig};
use eoscope::protocol::{Event, RunEnd, RunId, Source};

use crate::plot_sizes::{SCALES, SIZES, picture, resize, share, sharpness};
use crate::rig::{Rig, climb};

/// The least fraction of the window's height for the sharpness plot on the desk.
const DESK_SHARE: f32 = 0.3;

/// What is shown besides a run.
#[derive(Clone, Copy, Debug)]
enum Shown {
    Run,
    FormerRuns,
    Markers,
    Divergence,
}

/// A window that shows the current run and something besides.
fn rig(shown: Shown) -> Rig {
    let mut rig = Rig::running(&RunConfig::default(), 300);
    match shown {
        Shown::Run => {}
        Shown::FormerRuns => add_former_runs(&mut rig),
        Shown::Markers => add_markers(&mut rig),
        Shown::Divergence => diverge(&mut rig),
    }
    rig
}

fn add_former_runs(rig: &mut Rig) {
    for run in 2..5 {
        rig.press(Key::R);
        rig.start(RunId(run), &RunConfig::default());
        rig.say(Event::Sampled { run: RunId(run), records: climb(0, 300) });
    }
}

fn add_markers(rig: &mut Rig) {
    for step in [60, 63, 66, 230] {
        let peak_lr = 0.1 + step as f64 / 1000.0;
        let live = Box::new(LiveSettings { peak_lr, ..RunConfig::default().live });
        rig.say(Event::Tuned { run: RunId(1), step, live, source: Source::User(step) });
    }
}

fn diverge(rig: &mut Rig) {
    rig.say(Event::Ended { run: RunId(1), step: 300, end: RunEnd::Diverged { loss: 3456.0 } });
}

#[test]
fn sharpness_keeps_its_share_of_every_window() {
    for shown in [Shown::Run, Shown::FormerRuns, Shown::Markers, Shown::Divergence] {
        let mut rig = rig(shown);
        for scale in SCALES {
            let shares = SIZES.map(|size| {
                let screen = resize(&mut rig, size, scale);
                picture(&mut rig, &format!("desk-{shown:?}-{}-{scale}", size[0]));
                share(&rig, screen)
            });
            println!("{shown:?} at {scale} %: {shares:.2?}");
            let is_enough = shares.iter().all(|share| *share >= DESK_SHARE);
            assert!(is_enough, "{shown:?} at {scale} %: {shares:.2?}");
        }
    }
}

#[test]
fn rows_that_come_and_go_do_not_move_the_plots() {
    for size in SIZES {
        for scale in SCALES {
            let mut rig = rig(Shown::Run);
            resize(&mut rig, size, scale);
            let before = sharpness(&rig);
            add_markers(&mut rig);
            let marked = sharpness(&rig);
            diverge(&mut rig);
            assert!(rig.window.query_all_by_label_contains("Diverged at").next().is_some());
            let diverged = sharpness(&rig);
            add_former_runs(&mut rig);
            for after in [marked, diverged, sharpness(&rig)] {
                let is_same = (after.y_range().min - before.y_range().min).abs() < 0.5
                    && (after.height() - before.height()).abs() < 0.5;
                assert!(is_same, "{size:?} at {scale} %: {before:?}, {after:?}");
            }
        }
    }
}

#[test]
fn a_plot_without_room_takes_that_of_another_when_it_is_asked_for() {
    let mut rig = Rig::running(&RunConfig::default(), 300);
    resize(&mut rig, [1024.0, 620.0], 100);
    let is_drawn = |rig: &Rig, title: &str| {
        rig.window.query_by_label(&format!("Move {title} (arrow keys)")).is_some()
    };
    assert!(is_drawn(&rig, "Loss") && !is_drawn(&rig, "Gradient norm"));
    // The row is narrow: one button stands for all plots without room.
    let buttons = rig.window.query_all_by_role(Role::Button);
    let labels = buttons.filter_map(|button| button.accesskit_node().label());
    let is_chip = |label: &String| label.starts_with('+') && label.contains(" plot");
    let chip = labels.into_iter().find(is_chip).unwrap();
    rig.click(&chip);
    rig.click("+ Gradient norm");
    rig.settle();
    assert!(is_drawn(&rig, "Sharpness") && is_drawn(&rig, "Gradient norm"));
    resize(&mut rig, [1440.0, 900.0], 100);
    assert!(is_drawn(&rig, "Loss") && is_drawn(&rig, "Learning rate"));
}
