//! Runs that are recorded to a folder as they go on.

use std::path::Path;
use std::time::{Duration, Instant};

use eoscope::config::RunConfig;
use eoscope::history::Run;
use eoscope::protocol::{Command, Event, Paused, RunEnd, UiEnd, link};
use eoscope::workers::Hub;
use eoscope::{quantity, store};

use crate::config;
use crate::hub::{PATIENCE, RUN, next, rest};

#[test]
fn a_recorded_run_comes_back_from_its_folder_as_it_was_heard() {
    let parent = tempfile::tempdir().unwrap();
    let (ui, end) = link();
    let recordings = Some(parent.path().to_owned());
    let _hub = Hub::start(end, 1, recordings, || {}).unwrap();
    let config = Box::new(config(120));
    ui.commands.send(Command::Start { run: RUN, config, is_paused: Paused::No }).unwrap();
    let mut heard = Run::new(RUN, RunConfig::default());
    for event in rest(&ui) {
        heard.apply(&event);
    }
    let back = store::load(&parent.path().join("chebyshev-edge")).unwrap();
    assert_eq!((back.status(), back.n_steps()), (heard.status(), 120));
    for of in [quantity::LOSS, quantity::SHARPNESS, quantity::HESSIAN_EIG_MIN, quantity::GRAD_NORM]
    {
        assert!(!back.series(of).is_empty(), "{}", of.name());
        assert_eq!(back.series(of), heard.series(of), "{}", of.name());
    }
}

/// A hub that records this configuration in a folder, paused at the start.
fn recorded(config: RunConfig, parent: &Path) -> (Hub, UiEnd) {
    let (ui, end) = link();
    let hub = Hub::start(end, 1, Some(parent.to_owned()), || {}).unwrap();
    let config = Box::new(config);
    ui.commands.send(Command::Start { run: RUN, config, is_paused: Paused::Yes }).unwrap();
    assert!(matches!(next(&ui), Event::Started { .. }));
    assert_eq!(next(&ui), Event::Paused { run: RUN, step: 0 });
    (hub, ui)
}

/// The display can go away, or the window close, while more events wait than the window takes.
#[test]
fn a_run_that_is_closed_while_the_queue_is_full_keeps_its_rows_and_weights() {
    let parent = tempfile::tempdir().unwrap();
    let (hub, ui) = recorded(config(1_000_000), parent.path());
    ui.commands.send(Command::Resume { run: RUN }).unwrap();
    let begun = Instant::now();
    while !ui.events.is_full() && begun.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(5));
    }
    drop(hub);
    let dir = parent.path().join("chebyshev-edge");
    let back = store::load(&dir).unwrap();
    assert_eq!(back.end(), Some(&RunEnd::Stopped));
    let n_steps = back.n_steps();
    assert!(n_steps > 0 && back.series(quantity::LOSS).len() as u64 == n_steps, "{n_steps}");
    let weights = dir.join(format!("checkpoint-{n_steps}.safetensors"));
    assert_eq!(store::read_checkpoint(&weights).unwrap().step, n_steps);
}

#[test]
fn a_run_that_fails_while_it_is_recorded_reports_the_steps_it_made() {
    let parent = tempfile::tempdir().unwrap();
    let (_hub, ui) = recorded(config(60), parent.path());
    // The weights cannot be written where a folder is.
    let dir = parent.path().join("chebyshev-edge");
    std::fs::create_dir_all(dir.join("checkpoint-60.safetensors")).unwrap();
    ui.commands.send(Command::Resume { run: RUN }).unwrap();
    let mut heard = Run::new(RUN, config(60));
    let events = rest(&ui);
    for event in &events {
        heard.apply(event);
    }
    let Some(Event::Ended { step, end: RunEnd::Failed { message }, .. }) = events.last() else {
        panic!("{events:?}")
    };
    assert!(message.contains("could not be recorded"), "{message}");
    assert_eq!((*step, heard.n_steps(), heard.last().unwrap().sample.step), (60, 60, 59));
}

#[test]
fn a_run_that_cannot_be_recorded_says_so() {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("file");
    std::fs::write(&file, "in the way").unwrap();
    let (ui, end) = link();
    let _hub = Hub::start(end, 1, Some(file), || {}).unwrap();
    let config = Box::new(config(10));
    ui.commands.send(Command::Start { run: RUN, config, is_paused: Paused::No }).unwrap();
    let events = rest(&ui);
    let Some(Event::Ended { end: RunEnd::Failed { message }, .. }) = events.last() else {
        panic!("{events:?}")
    };
    assert!(message.contains("could not be recorded"), "{message}");
}
