//! Tests of the list of runs: what is drawn, what goes, and what comes back.

use super::*;
use crate::config::{Loss, preset};
use crate::figure::N_GHOST_STYLES;
use crate::history::Run;
use crate::protocol::{Record, Sample};

fn config() -> RunConfig {
    RunConfig::default()
}

fn listed(list: &RunList, id: u64, config: &RunConfig, current: &ListedRun) -> ListedRun {
    let card = list.new_card(config, None, Some(&RunConfig::default()), current);
    let mut run = Run::new(RunId(id), config.clone());
    let sample = Sample { step: id, ..Sample::default() };
    run.apply(&Event::Sampled {
        run: RunId(id),
        records: vec![Record { sample, ..Record::default() }],
    });
    ListedRun { run, card }
}

/// A list of runs with these configurations after one that is the current run for all of them.
fn list(configs: &[RunConfig]) -> (RunList, ListedRun) {
    let card = RunCard::new("now".to_owned(), 0);
    let current = ListedRun { run: Run::new(RunId(1), config()), card };
    let mut list = RunList::default();
    for (at, config) in configs.iter().enumerate() {
        let new = listed(&list, at as u64 + 2, config, &current);
        list.add(new);
    }
    (list, current)
}

fn ids(list: &RunList) -> Vec<u64> {
    list.former().iter().map(|listed| listed.run.id().0).collect()
}

fn drawn(list: &RunList) -> Vec<u64> {
    let shown = list.shown(&config());
    let drawn = ids(list).into_iter().zip(shown);
    drawn.filter(|(_, shown)| *shown == Shown::Drawn).map(|(id, _)| id).collect()
}

#[test]
fn the_latest_eight_of_a_family_are_drawn_and_all_look_different() {
    let (mut list, _) = list(&vec![config(); 12]);
    assert_eq!(drawn(&list), (6..14).collect::<Vec<_>>());
    let styles = |list: &RunList| {
        let shown = list.shown(&config());
        let all = list.former().iter().zip(shown);
        let drawn = all.filter(|(_, shown)| *shown == Shown::Drawn);
        let mut styles: Vec<usize> = drawn.map(|(listed, _)| listed.card.style).collect();
        styles.sort_unstable();
        styles
    };
    assert_eq!(styles(&list), (0..N_GHOST_STYLES).collect::<Vec<_>>());
    assert_eq!(list.shown(&config())[0], Shown::Waiting(Why::Eight));
    // One that waits is drawn in the place of the run that looks like it.
    list.click_eye(RunId(2), &config());
    assert_eq!(drawn(&list).len(), N_GHOST_STYLES);
    assert!(drawn(&list).contains(&2));
    assert_eq!(styles(&list), (0..N_GHOST_STYLES).collect::<Vec<_>>());
    list.click_eye(RunId(2), &config());
    assert!(!drawn(&list).contains(&2));
    assert_eq!(list.shown(&config())[0], Shown::Waiting(Why::Closed));
}

#[test]
fn a_run_of_another_family_waits_until_its_eye_is_opened() {
    let other_loss = RunConfig { loss: Loss::CrossEntropy, ..config() };
    let mut fewer = config();
    fewer.task.n_train = 500;
    let mut seed = config();
    (seed.seed, seed.model.hidden) = (9, vec![8]);
    let (mut list, _) = list(&[other_loss, fewer, seed]);
    let waits = Shown::Waiting(Why::OtherFamily);
    assert_eq!(list.shown(&config()), [waits.clone(), waits, Shown::Drawn]);
    list.click_eye(RunId(3), &config());
    assert_eq!(drawn(&list), [3, 4]);
}

#[test]
fn blowup_and_its_rescue_with_another_network_are_one_family() {
    let plain = preset("blowup").unwrap().config.clone();
    let rescues = crate::ui::session::rescues::rescues(&plain);
    let fixup = rescues.iter().find(|rescue| rescue.label == "Fixup").unwrap();
    assert!(listed_run::is_one_family(&plain, &fixup.config));
    assert_ne!(plain.model, fixup.config.model);
}

#[test]
fn the_oldest_without_a_pin_goes_and_is_told() {
    let (mut list, current) = list(&vec![config(); 40]);
    assert_eq!((list.former().len(), list.notice()), (40, None));
    list.card_mut(RunId(2)).unwrap().is_pinned = true;
    let name = list.former()[1].card.name.clone();
    let new = listed(&list, 99, &config(), &current);
    list.add(new);
    assert_eq!(ids(&list)[..2], [2, 4]);
    let notice = list.notice().unwrap();
    assert!(notice.starts_with(&format!("“{name}” left the drawer")), "{notice}");
    assert!(notice.contains("40 runs"), "{notice}");
    // With nothing but pins, the new one goes, and that is told too.
    list.dismiss_notice();
    list.former.iter_mut().for_each(|listed| listed.card.is_pinned = true);
    let new = listed(&list, 100, &config(), &current);
    let name = new.card.name.clone();
    list.add(new);
    assert_eq!((list.former().len(), ids(&list)[0]), (40, 2));
    assert!(list.notice().unwrap().starts_with(&format!("“{name}”")));
}

#[test]
fn memory_is_bounded_too() {
    let (mut list, current) = list(&vec![config(); 5]);
    let each = list.former()[0].run.bytes();
    list.limits.n_bytes = 3 * each;
    let new = listed(&list, 50, &config(), &current);
    list.add(new);
    assert!((1..=3).contains(&list.former().len()), "{}", list.former().len());
    assert_eq!(ids(&list).last(), Some(&50));
    assert!(list.notice().unwrap().contains("“fashion-edge”"));
}

#[test]
fn names_and_styles_stay_when_runs_come_and_go_and_removed_ones_return_to_their_places() {
    let mut seed = config();
    seed.seed = 9;
    let (mut list, current) = list(&[config(), config(), seed, config()]);
    let cards = |list: &RunList| -> Vec<RunCard> {
        list.former().iter().map(|listed| listed.card.clone()).collect()
    };
    let before = cards(&list);
    let names: Vec<&str> = before.iter().map(|card| card.name.as_str()).collect();
    assert_eq!(names, ["fashion-edge", "fashion-edge (2)", "Seed 9", "fashion-edge (3)"]);
    let removed = list.remove(&[RunId(2), RunId(4)]);
    assert_eq!(ids(&list), [3, 5]);
    let new = listed(&list, 8, &config(), &current);
    list.add(new);
    list.restore(removed);
    assert_eq!(ids(&list), [2, 3, 4, 5, 8]);
    assert_eq!(cards(&list)[..4], before);
}

#[test]
fn a_typed_name_is_tidied_and_given_to_one_run_only() {
    let (list, current) = list(&[config()]);
    let named = |typed: &str, run| list.new_name(typed, RunId(run), &current);
    assert_eq!(named("  calm \n run ", 2).as_deref(), Some("calm run"));
    assert_eq!(named("   ", 2), None);
    assert_eq!(named("now", 2).as_deref(), Some("now (2)"));
    assert_eq!(named("now", 1).as_deref(), Some("now"), "its own name is free");
    assert_eq!(named(&"x".repeat(500), 2).unwrap().len(), 60);
}
