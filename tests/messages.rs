//! Commands and events survive serialization, as to a web worker, including non-finite numbers.

#![allow(clippy::unwrap_used, reason = "a failed test says so at once")]

use std::collections::BTreeSet;
use std::fmt::Debug;

use eoscope::config::{DatedChange, RunConfig, presets};
use eoscope::protocol::{
    AlongUpdate, BatchCurvature, Command, Cost, Curvature, Doubt, Eigenvalue, EndKind, Event,
    Followed, LayerFacts, OpFacts, Paused, Plan, Preparation, Question, Record, RunEnd, RunFacts,
    RunId, Sample, Search, SearchKind, Solved, Source, Stage, Trial, Trials, TrialsStatus, Work,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

const RUN: RunId = RunId(u64::MAX);

/// Sends a message through CBOR, which supports NaN and infinities. Compares debug output, in which NaN
/// equals NaN and other numbers have all their digits.
fn assert_arrives<M: Serialize + DeserializeOwned + Debug>(message: &M) {
    let mut bytes = Vec::new();
    ciborium::into_writer(message, &mut bytes).unwrap();
    let arrived: M = ciborium::from_reader(bytes.as_slice()).unwrap();
    assert_eq!(format!("{arrived:?}"), format!("{message:?}"));
}

fn config() -> Box<RunConfig> {
    let mut config = RunConfig::default();
    config.live.peak_lr = 0.1 + 0.2;
    let set = [("live.peak_lr".to_owned(), toml::Value::Float(1.0 / 3.0))].into();
    config.add_changes([DatedChange { step: 7, set }]);
    Box::new(config)
}

fn commands() -> Vec<Command> {
    let (run, live) = (RUN, Box::new(config().live));
    let factors = vec![0.5, f64::INFINITY];
    let plans = [
        Plan::RatesFromHere { factors: factors.clone(), n_steps: 3 },
        Plan::RatesFromStart { factors, n_steps: 3, config: config() },
        Plan::Warmup { config: config() },
    ];
    let tries = plans.map(|plan| Command::Try { run, plan });
    let others = [
        Command::Start { run, config: config(), is_paused: Paused::Yes },
        Command::Start { run, config: config(), is_paused: Paused::No },
        Command::Tune { run, live, source: Source::User(3) },
        Command::Pause { run },
        Command::Resume { run },
        Command::StepOnce { run },
        Command::Search { run, kind: SearchKind::FirstRate },
        Command::Search { run, kind: SearchKind::RangeTest },
        Command::EndTrials { run },
        Command::CutPreparation { run },
        Command::Stop { run },
    ];
    tries.into_iter().chain(others).collect()
}

/// An index for each kind of command; a new kind does not compile without one.
fn command_kind(command: &Command) -> usize {
    match command {
        Command::Start { .. } => 0,
        Command::Tune { .. } => 1,
        Command::Pause { .. } => 2,
        Command::Resume { .. } => 3,
        Command::StepOnce { .. } => 4,
        Command::Search { .. } => 5,
        Command::Try { .. } => 6,
        Command::EndTrials { .. } => 7,
        Command::CutPreparation { .. } => 8,
        Command::Stop { .. } => 9,
    }
}

fn solved(value: f64) -> Solved {
    let (residual, error, is_converged, identity) = (f64::NAN, Some(1e-3), false, 2);
    Solved { eigenvalue: Eigenvalue { value, residual, error, is_converged, identity }, hvps: 9 }
}

/// A record of a diverged run with every possible measurement.
fn record() -> Record {
    let followed = [Followed::Largest(2), Followed::Smallest, Followed::Preconditioned];
    let [agreed, step] = [3, 9];
    let doubt = |of| Doubt { of, agreed, step, followed: f64::NEG_INFINITY, audited: -0.0 };
    let curvature = Curvature {
        top: vec![solved(40.5).eigenvalue, solved(f64::NAN).eigenvalue],
        hvps: 12,
        preconditioned: Some(solved(0.1 + 0.2)),
        min: Some(solved(f64::NEG_INFINITY)),
        audit: Some(solved(f64::INFINITY)),
        doubts: followed.map(doubt).to_vec(),
        is_doubted: true,
        gradient_curvature: Some(f64::NAN),
        along_update: Some(AlongUpdate { curvature: f64::NAN, slope: f64::INFINITY }),
        directional_mean: Some(-0.0),
        gradient_alignment: Some(0.3),
        layer_shares: vec![f64::MIN_POSITIVE, 1.0 / 3.0],
        batches: Some(BatchCurvature {
            sharpness: f64::NAN,
            sharpness_error: f64::INFINITY,
            gradient_covariance_trace: 5e-324,
            n_batches: 2,
        }),
    };
    Record {
        sample: Sample {
            step: u64::MAX,
            loss: f64::NAN,
            accuracy: Some(0.1),
            test_loss: Some(f64::INFINITY),
            grad_norm: f64::INFINITY,
            clip_scale: f64::MAX,
            curvature: Some(curvature),
            ..Sample::default()
        },
        cost: Cost { step_ms: 0.1, ..Cost::default() },
    }
}

fn facts() -> RunFacts {
    let op =
        OpFacts { label: "3×3 conv".to_owned(), inputs: vec![0, 2], positions: 9, features: 4 };
    let layer = LayerFacts { name: "block 1".to_owned(), ops: vec![op], n_params: 5 };
    RunFacts { layers: vec![layer], limit: "2/η".to_owned(), ..RunFacts::unknown() }
}

fn trials() -> Vec<Trials> {
    let ends = [None, Some(EndKind::Finished), Some(EndKind::DIVERGED)];
    let trial = |end| Trial {
        rate: f64::NAN,
        factor: 2.0,
        warmup: 4,
        n_steps: 2,
        losses: vec![2.3, f64::INFINITY],
        ratios: vec![[0.0, f64::NAN]],
        end,
    };
    let standings = [
        TrialsStatus::Running,
        TrialsStatus::Done,
        TrialsStatus::Cancelled,
        TrialsStatus::Failed("“why”, and what to do\n".to_owned()),
    ];
    let rates = Question::Rates { factors: vec![0.1], n_steps: 2 };
    let of = |status| Trials { question: rates.clone(), trials: ends.map(trial).to_vec(), status };
    standings.map(of).into_iter().chain([Trials::new(Question::Warmup)]).collect()
}

fn events() -> Vec<Event> {
    let (run, step) = (RUN, 4);
    let search = Search {
        kind: SearchKind::RangeTest,
        start_loss: f64::INFINITY,
        points: vec![[0.1, f64::NAN]],
        found: Some(f64::INFINITY),
        suggested: None,
        steepest: Some(0.2),
    };
    let preparation = Preparation {
        iteration: 1,
        n_iterations: 2,
        objective: f64::NAN,
        grad_norm: Some(f64::INFINITY),
        names: ["weight".to_owned(), "bias".to_owned()].into(),
        sizes: vec![f64::NEG_INFINITY, 1.0],
    };
    let live = Box::new(config().live);
    let tuned = |source| Event::Tuned { run, step, live: live.clone(), source };
    let stages = [
        Stage::Largest,
        Stage::Audit,
        Stage::Preconditioned,
        Stage::Smallest,
        Stage::Batches,
        Stage::Search,
    ];
    let working = |stage| Event::Working { run, work: Work { stage, n_done: 3 } };
    let ends = [
        RunEnd::Finished,
        RunEnd::Stopped,
        RunEnd::Diverged { loss: f64::NAN },
        RunEnd::Failed { message: "the disk is full".to_owned() },
    ];
    let events = vec![
        Event::Started { run, config: config(), facts: Box::new(facts()) },
        Event::Prepared { run, records: vec![preparation, Preparation::default()] },
        Event::PreparationCut { run, n_iterations: 1 },
        Event::Sampled { run, records: vec![record(), Record::default()] },
        tuned(Source::Config),
        tuned(Source::User(u64::MAX)),
        Event::Searched { run, step, search: Box::new(search) },
        Event::Paused { run, step },
        Event::Resumed { run },
    ];
    let tried =
        trials().into_iter().map(|trials| Event::Tried { run, step, trials: Box::new(trials) });
    let ended = ends.map(|end| Event::Ended { run, step, end });
    events.into_iter().chain(tried).chain(stages.map(working)).chain(ended).collect()
}

/// An index for each kind of event, as [`command_kind`].
fn event_kind(event: &Event) -> usize {
    match event {
        Event::Started { .. } => 0,
        Event::Prepared { .. } => 1,
        Event::PreparationCut { .. } => 2,
        Event::Sampled { .. } => 3,
        Event::Tuned { .. } => 4,
        Event::Searched { .. } => 5,
        Event::Tried { .. } => 6,
        Event::Working { .. } => 7,
        Event::Paused { .. } => 8,
        Event::Resumed { .. } => 9,
        Event::Ended { .. } => 10,
    }
}

#[test]
fn every_kind_of_command_arrives_as_it_was_sent() {
    let commands = commands();
    commands.iter().for_each(assert_arrives);
    let kinds: BTreeSet<usize> = commands.iter().map(command_kind).collect();
    assert!(kinds.into_iter().eq(0..=9));
}

#[test]
fn every_kind_of_event_arrives_as_it_was_sent() {
    let events = events();
    events.iter().for_each(assert_arrives);
    let kinds: BTreeSet<usize> = events.iter().map(event_kind).collect();
    assert!(kinds.into_iter().eq(0..=10));
}

#[test]
fn the_configuration_of_every_preset_arrives_as_it_was_sent() {
    for preset in presets() {
        let config = Box::new(preset.config.clone());
        assert_arrives(&Command::Start { run: RUN, config, is_paused: Paused::No });
    }
}
