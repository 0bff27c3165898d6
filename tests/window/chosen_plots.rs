//! Plots to choose: “+ Plot” adds any quantity, hidden plots are chips, and arrangements are named.

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Rect, pos2};
use egui_kittest::kittest::{NodeT, Queryable};
use eoscope::config::{Interval, RunConfig};
use eoscope::protocol::{Event, Record, RunId};

use crate::plot_sizes::{SIZES, picture, resize, share};
use crate::rig::{Rig, climb};

/// The desk's least share of the window's height for the sharpness plot.
const DESK_SHARE: f32 = 0.3;

/// Records of a classifier.
fn graded(from: u64, to: u64) -> Vec<Record> {
    let mut records = climb(from, to);
    for record in &mut records {
        record.sample.accuracy = Some(1.0 - record.sample.loss);
        record.sample.param_norm = 3.0;
    }
    records
}

fn rig() -> Rig {
    let config = RunConfig::default();
    let mut rig = Rig::open(config.clone());
    rig.commands();
    rig.start(RunId(1), &config);
    rig.say(Event::Sampled { run: RunId(1), records: graded(0, 300) });
    rig
}

/// What is read aloud of the plot with this title; `None` if it is not drawn.
fn spoken(rig: &Rig, title: &str) -> Option<String> {
    let start = format!("{title}: ");
    let images = rig.window.query_all_by_role(Role::Image);
    images
        .into_iter()
        .filter_map(|node| node.accesskit_node().label())
        .find_map(|label| label.starts_with(&start).then(|| label.clone()))
}

/// The title of a plot; `None` if it is not drawn.
fn title(rig: &Rig, title: &str) -> Option<Rect> {
    let label = format!("Move {title} (arrow keys)");
    rig.window.query_by_role_and_label(Role::Button, &label).map(|node| node.rect())
}

fn is_drawn(rig: &Rig, name: &str) -> bool {
    title(rig, name).is_some()
}

/// Moves the pointer off the plots, which say the values under it.
fn point_away(rig: &mut Rig) {
    rig.window.hover_at(pos2(2.0, 2.0));
    rig.settle();
}

/// Chooses an entry of the list behind “+ Plot”.
fn choose(rig: &mut Rig, title: &str) {
    rig.click("+ Plot");
    rig.window.get_by_role_and_label(Role::TextInput, "Find a plot").focus();
    rig.settle();
    rig.window.get_by_role_and_label(Role::TextInput, "Find a plot").type_text(title);
    rig.settle();
    rig.window.get_by_role_and_label(Role::Button, title).click();
    rig.settle();
    point_away(rig);
}

#[test]
fn a_plot_of_any_quantity_goes_under_the_others_and_away_again() {
    let mut rig = rig();
    assert!(!is_drawn(&rig, "Training accuracy"));
    choose(&mut rig, "Training accuracy");
    let told = spoken(&rig, "Training accuracy").unwrap();
    assert!(told.contains("acc 0.9"), "{told}");
    let top = |rig: &Rig, of: &str| title(rig, of).unwrap().top();
    assert!(top(&rig, "Training accuracy") > top(&rig, "Gradient norm"));
    choose(&mut rig, "Step time");
    assert!(top(&rig, "Step time") > top(&rig, "Training accuracy"));
    picture(&mut rig, "two-added");
    choose(&mut rig, "Training accuracy");
    assert!(!is_drawn(&rig, "Training accuracy"));
    assert!(spoken(&rig, "Step time").unwrap().contains("t step 14"));
}

#[test]
fn the_list_has_a_sentence_for_each_entry_and_leaves_out_what_the_run_cannot_have() {
    let mut rig = rig();
    rig.click("+ Plot");
    rig.settle();
    picture(&mut rig, "plot-list");
    for wanted in ["Training accuracy", "Test loss", "Sharpness residual", "Step time"] {
        assert!(rig.window.query_by_role_and_label(Role::Button, wanted).is_some(), "{wanted}");
    }
    // Of another optimizer, of mini-batches, and what is drawn already.
    for unwanted in ["Torque", "Batch sharpness", "Sharpness", "Preconditioned sharpness"] {
        let entry = rig.window.query_by_role_and_label(Role::Button, unwanted);
        assert!(entry.is_none(), "{unwanted}");
    }
    rig.window.get_by_role_and_label(Role::TextInput, "Find a plot").focus();
    rig.settle();
    rig.window.get_by_role_and_label(Role::TextInput, "Find a plot").type_text("‖w‖");
    rig.settle();
    rig.window.get_by_role_and_label(Role::Button, "Parameter norm");
    assert!(rig.window.query_by_role_and_label(Role::Button, "Step time").is_none());
}

#[test]
fn a_plot_without_a_value_says_why() {
    let mut config = RunConfig::default();
    config.live.eval_every = Interval::Off;
    let mut rig = Rig::running(&config, 100);
    choose(&mut rig, "Test loss");
    let told = spoken(&rig, "Test loss").unwrap();
    assert_eq!(told, "Test loss: no value yet: “Test every” is off");
    picture(&mut rig, "no-value");
}

#[test]
fn former_runs_are_drawn_in_an_added_plot() {
    let mut rig = rig();
    choose(&mut rig, "Training accuracy");
    rig.press(Key::R);
    rig.start(RunId(2), &RunConfig::default());
    assert!(is_drawn(&rig, "Training accuracy"));
    rig.say(Event::Sampled { run: RunId(2), records: climb(0, 20) });
    // The new run has no accuracies: those of the former one are drawn, so nothing is said.
    let told = spoken(&rig, "Training accuracy").unwrap();
    assert!(!told.contains("no value"), "{told}");
    picture(&mut rig, "former-accuracy");
}

#[test]
fn sharpness_keeps_its_share_whatever_is_added() {
    let mut rig = rig();
    for title in ["Training accuracy", "Step time", "Parameter norm", "Update norm"] {
        choose(&mut rig, title);
    }
    for size in SIZES {
        let screen = resize(&mut rig, size, 100);
        picture(&mut rig, &format!("added-{}", size[0]));
        let share = share(&rig, screen);
        assert!(share >= DESK_SHARE, "{size:?}: {share:.3}");
    }
}

#[test]
fn a_hidden_plot_is_a_chip_that_shows_it_again() {
    let mut rig = rig();
    rig.press(Key::Num2);
    rig.press(Key::Num3);
    assert!(!is_drawn(&rig, "Loss") && !is_drawn(&rig, "Learning rate"));
    picture(&mut rig, "chips");
    rig.click("+ Loss");
    rig.settle();
    assert!(is_drawn(&rig, "Loss"));
    assert!(rig.window.query_by_label("+ Loss").is_none());
    // One number stands for them where the row is narrow.
    rig.press(Key::Num2);
    rig.press(Key::Num4);
    resize(&mut rig, [1024.0, 700.0], 100);
    picture(&mut rig, "chips-narrow");
    assert!(rig.window.query_by_label("+ Gradient norm").is_none());
    rig.click("+3 plots");
    rig.click("+ Gradient norm");
    rig.settle();
    assert!(is_drawn(&rig, "Gradient norm"));
    assert!(rig.window.query_by_label("+2 plots").is_some());
}

#[test]
fn arrangements_show_their_plots_and_keep_what_the_user_had() {
    let mut rig = rig();
    choose(&mut rig, "Update norm");
    rig.press(Key::Num3);
    let arrange = |rig: &mut Rig, name: &str| {
        rig.click("View");
        rig.click(name);
        rig.press(Key::Escape);
        point_away(rig);
    };
    arrange(&mut rig, "Research");
    for (title, is_shown) in [
        ("Sharpness", true),
        ("Binding ratio", true),
        ("Training accuracy", true),
        ("Relative update", true),
        ("Learning rate", false),
        ("Update norm", false),
    ] {
        assert_eq!(is_drawn(&rig, title), is_shown, "{title}");
    }
    let left = |of: &str| title(&rig, of).unwrap().left();
    assert!(left("Binding ratio") > left("Sharpness") + 100.0);
    for size in [[1024.0, 700.0], [1440.0, 900.0]] {
        let screen = resize(&mut rig, size, 100);
        picture(&mut rig, &format!("research-{}", size[0]));
        assert!(share(&rig, screen) >= DESK_SHARE, "{size:?}");
    }
    arrange(&mut rig, "Lecture");
    assert!(is_drawn(&rig, "Loss") && !is_drawn(&rig, "Gradient norm"));
    picture(&mut rig, "lecture-1440");
    arrange(&mut rig, "Own");
    assert!(is_drawn(&rig, "Update norm") && !is_drawn(&rig, "Learning rate"));
    // The key goes through them in turn, and then to the user's own.
    for title in ["Sharpness", "Learning rate", "Binding ratio", "Update norm"] {
        rig.press(Key::A);
        rig.settle();
        assert!(is_drawn(&rig, title), "{title}");
    }
}
