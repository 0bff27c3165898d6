//! Searches for a rate, and the tuning of initial weights, as they are displayed.

use eframe::egui::Key;
use eframe::egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use eoscope::config::{RunConfig, preset};
use eoscope::protocol::{Command, Event, Preparation, RunId, Search, SearchKind, Source};

use crate::rig::{Rig, climb, started};

#[test]
fn a_search_for_a_rate_is_asked_for_shown_and_used() {
    let mut rig = Rig::running(&RunConfig::default(), 20);
    rig.click("Which rate?");
    rig.window.get_by_label("Find η₀").click();
    rig.window.run_steps(3);
    let kind = SearchKind::FirstRate;
    assert_eq!(rig.commands(), [Command::Search { run: RunId(1), kind }]);
    // One at a time, and the reason is shown.
    for button in ["Find η₀", "Range test"] {
        let button = rig.window.get_by_role_and_label(Role::Button, button);
        assert!(button.accesskit_node().is_disabled());
    }
    assert!(rig.window.query_by_label_contains("the run waits").is_some());
    let points = vec![[1e-2, 0.9], [1e-1, 0.7], [1.0, 3.0]];
    let found = Some(0.123_4);
    let search = Search { kind, start_loss: 1.0, points, found, suggested: found, steepest: None };
    rig.say(Event::Searched { run: RunId(1), step: 20, search: Box::new(search) });
    rig.window.run_steps(3);
    assert!(rig.window.query_by_label("Find η₀ from step 20").is_some());
    assert!(rig.window.query_by_label_contains("lowers the loss up to η = 0.123").is_some());
    rig.window.get_by_label("Use 0.123").click();
    rig.window.run_steps(3);
    let commands = rig.commands();
    let [Command::Tune { live, source, .. }] = commands.as_slice() else { panic!("{commands:?}") };
    assert_eq!((live.peak_lr, *source), (0.123, Source::User(1)));
    let (live, source) = (live.clone(), *source);
    rig.say(Event::Tuned { run: RunId(1), step: 20, live, source });
    let told = rig.window.state().current().markers()[0].sentence();
    assert_eq!(told, "Learning rate 0.1 → 0.123");
    let button = rig.window.get_by_role_and_label(Role::Button, "Range test");
    assert!(!button.accesskit_node().is_disabled());
    rig.window.key_press(Key::Escape);
    rig.window.run_steps(3);
    assert!(rig.window.query_by_label("Find η₀ from step 20").is_none());
}

#[test]
fn the_tuning_of_weights_is_shown_while_it_goes_on_and_can_be_ended_and_looked_at_again() {
    let mut rig = Rig::open(preset("gradinit").unwrap().config.clone());
    let (run, config, _) = started(rig.commands());
    rig.start(run, &config);
    let names: std::sync::Arc<[String]> =
        ["layer0.weight", "layer1.weight"].map(str::to_owned).into();
    let record = |iteration: u64, n_iterations: u64| Preparation {
        iteration,
        n_iterations,
        objective: 50.0 / (iteration + 1) as f64,
        grad_norm: Some(20.0 / (iteration + 1) as f64),
        names: names.clone(),
        sizes: vec![1.0 / (iteration + 1) as f64, 1.0],
    };
    let records = (0..124).map(|iteration| record(iteration, 390)).collect();
    rig.say(Event::Prepared { run, records });
    let progress = "GradInit 123/390 · loss after a step / η 0.403 · gradient norm 0.161";
    // In both the status line and the view.
    assert_eq!(rig.window.query_all_by_label(progress).count(), 2);
    assert_eq!(rig.click("Cancel"), [Command::CutPreparation { run }]);
    rig.say(Event::PreparationCut { run, n_iterations: 124 });
    rig.say(Event::Prepared { run, records: vec![record(124, 124)] });
    assert!(rig.window.query_by_label("Cancel").is_none(), "the view closes as training begins");
    rig.say(Event::Sampled { run, records: climb(0, 5) });
    assert_eq!(rig.press(Key::G), []);
    rig.window.get_by_label("Stopped by the user after 124 iterations.");
    rig.press(Key::Escape);
    assert!(rig.window.query_by_label("Stopped by the user after 124 iterations.").is_none());
    rig.click("View");
    rig.click("Preparation (G)");
    rig.window.get_by_label("Stopped by the user after 124 iterations.");
    assert_eq!(rig.window.state().current().replay().init.tuning_steps, 124);
}

#[test]
fn the_view_of_a_run_without_tuning_says_so() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    rig.press(Key::G);
    rig.window
        .get_by_label("The weights of this run start as they were drawn; “Tuning” adjusts them.");
    rig.click("View");
    assert!(rig.window.query_by_label("Preparation (G)").is_none());
}
