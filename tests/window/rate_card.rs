//! The card "Which rate?": every rate that a tool has named, on one axis, and one suggestion.

use eframe::egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use eoscope::config::{RunConfig, preset};
use eoscope::protocol::{
    Command, EndKind, Event, Question, RunId, Search, SearchKind, Trial, Trials, TrialsStatus,
};

use crate::panel::limited;
use crate::plot_sizes::{picture, resize};
use crate::rig::Rig;
use crate::several_runs::copied;

/// The rate that the only command sets.
fn rate(commands: &[Command]) -> f64 {
    match commands {
        [Command::Tune { live, .. }] => live.peak_lr,
        other => unreachable!("{other:?}"),
    }
}

fn search(rig: &mut Rig, kind: SearchKind, found: f64, suggested: f64) {
    let points = vec![[1e-2, 0.9], [1e-1, 0.7], [1.0, 3.0]];
    let (found, suggested) = (Some(found), Some(suggested));
    let search = Search { kind, start_loss: 1.0, points, found, suggested, steepest: None };
    rig.say(Event::Searched { run: RunId(1), step: 301, search: Box::new(search) });
}

fn trials(rig: &mut Rig) {
    let trial = |factor: f64, loss: f64, end| Trial {
        rate: 0.1 * factor,
        factor,
        warmup: 0,
        n_steps: 200,
        losses: (0..=200).map(|step| if step == 0 { 1.0 } else { loss }).collect(),
        ratios: Vec::new(),
        end: Some(end),
    };
    let trials = vec![
        trial(1.0, 0.5, EndKind::Finished),
        trial(2.0, 0.2, EndKind::Finished),
        trial(4.0, f64::INFINITY, EndKind::DIVERGED),
    ];
    let question = Question::Rates { factors: vec![1.0, 2.0, 4.0], n_steps: 200 };
    let trials = Trials { question, trials, status: TrialsStatus::Done };
    rig.say(Event::Tried { run: RunId(1), step: 301, trials: Box::new(trials) });
}

#[test]
fn one_rate_is_suggested_and_it_follows_what_the_tools_have_found() {
    let mut rig = limited(0.0978);
    rig.click("Which rate?");
    rig.window.get_by_label("Rates on one axis: now 0.1, Limit 0.0978");
    rig.window.get_by_label_contains("Take η = 0.078: 0.8 × the largest stable rate 0.0978");
    assert_eq!(rate(&rig.click("Use η = 0.078")), 0.078);
    search(&mut rig, SearchKind::FirstRate, 0.479, 0.479);
    search(&mut rig, SearchKind::RangeTest, 0.5, 0.05);
    trials(&mut rig);
    let all = "Limit 0.0978, One step 0.479, Range test 0.05, Trials 0.2";
    rig.window.get_by_label_contains(all);
    rig.window.get_by_label("0.479 at step 301");
    rig.window.get_by_label_contains("Take η = 0.2: the rate that the trials from step 301 kept");
    let table = copied(&mut rig, "Copy as CSV");
    assert!(
        table.contains("\nOne step,0.479,301\nRange test,0.05,301\nTrials,0.2,301\n"),
        "{table}"
    );
    for size in [[1024.0, 700.0], [1440.0, 900.0], [1920.0, 1080.0]] {
        resize(&mut rig, size, 100);
        picture(&mut rig, &format!("card-{}", size[0]));
    }
    resize(&mut rig, [1440.0, 900.0], 200);
    picture(&mut rig, "card-double");
    resize(&mut rig, [1440.0, 900.0], 100);
    assert_eq!(rate(&rig.click("Use η = 0.2")), 0.2);
}

#[test]
fn where_the_law_does_not_hold_there_is_no_suggestion_and_tools_say_why_they_cannot_run() {
    let mut rig = Rig::running(&preset("minibatch-edge").unwrap().config.clone(), 5);
    rig.click("Which rate?");
    rig.window.get_by_label_contains("No suggestion: limit: does not hold for mini-batches");
    assert!(rig.window.query_by_label_contains("Use η").is_none());
    let mut config = RunConfig::default();
    config.live.rate.rule = eoscope::config::RateRule::Cdat;
    let mut rig = Rig::running(&config, 5);
    assert!(rig.window.query_by_label("Which rate?").is_none(), "the rule has no peak rate");
    rig.click("View");
    rig.window.get_by_label_contains("Which rate?").click();
    rig.settle();
    for tool in ["Try rates", "Find warmup"] {
        let button = rig.window.get_by_role_and_label(Role::Button, tool);
        assert!(button.accesskit_node().is_disabled(), "{tool}");
    }
}
