//! Fake workers without threads: record the commands and events of each run, and send random events,
//! including arbitrary numbers and sudden ends.

use std::collections::{BTreeMap, VecDeque};

use eoscope::config::{LiveSettings, RunConfig};
use eoscope::history::Status;
use eoscope::protocol::{
    AlongUpdate, BatchCurvature, Command, Cost, Curvature, Eigenvalue, EndKind, Event, Paused,
    Plan, Question, Record, RunEnd, RunId, Sample, Search, SearchKind, Solved, Source, Trial,
    Trials, TrialsStatus, WorkerEnd,
};

use super::bare::started;
use super::dice::Dice;

/// A run of the fake workers.
pub(crate) struct Known {
    pub(crate) config: RunConfig,
    pub(crate) status: Status,
    pub(crate) n_steps: u64,
    waits: bool,
    asked: VecDeque<Asked>,
}

enum Asked {
    Tune(Box<LiveSettings>, Source),
    Pause,
    Resume,
    Step,
    Search(SearchKind),
    Try(Question),
    EndTrials,
    Stop,
}

/// The fake workers.
pub(crate) struct Pretender {
    end: WorkerEnd,
    pub(crate) runs: BTreeMap<RunId, Known>,
}

impl Pretender {
    pub(crate) fn new(end: WorkerEnd) -> Self {
        Self { end, runs: BTreeMap::new() }
    }

    /// Whether the window has applied all events.
    pub(crate) fn is_heard(&self) -> bool {
        self.end.events.is_empty()
    }

    /// Receives commands; each must be valid and name a started run.
    pub(crate) fn listen(&mut self) {
        for command in self.end.commands.try_iter() {
            let run = command.run();
            let Command::Start { config, is_paused, .. } = command else {
                let known = self.runs.get_mut(&run);
                let known = known.unwrap_or_else(|| panic!("{command:?} names no known run"));
                known.ask(command);
                continue;
            };
            config.validate().unwrap();
            let last = self.runs.keys().next_back().copied();
            assert!(last.is_none_or(|last| last < run), "{run:?} comes after {last:?}");
            let known = Known {
                config: *config,
                status: Status::Starting,
                n_steps: 0,
                waits: is_paused == Paused::Yes,
                asked: VecDeque::new(),
            };
            self.runs.insert(run, known);
        }
    }

    /// Sends one event of a random run, most often a new one.
    pub(crate) fn speak(&mut self, dice: &mut Dice) {
        let newest_first = self.runs.keys().rev().copied();
        let ids: Vec<RunId> = newest_first.take(6).collect();
        let run = if dice.one_in(4) { ids[dice.below(ids.len())] } else { ids[0] };
        if let Some(known) = self.runs.get_mut(&run)
            && let Some(event) = known.next(run, dice)
        {
            known.note(&event);
            // A slow window can leave the queue full; a worker would wait.
            if let Err(refused) = self.end.events.try_send(event) {
                panic!("the window has not drained: {refused}");
            }
        }
    }
}

impl Known {
    /// Whether all commands were answered.
    pub(crate) fn has_answered(&self) -> bool {
        self.asked.is_empty() && !self.waits
    }

    fn ask(&mut self, command: Command) {
        let asked = match command {
            Command::Start { .. } => unreachable!("taken before"),
            Command::Tune { live, source, .. } => {
                RunConfig { live: (*live).clone(), ..self.config.clone() }.validate().unwrap();
                assert!(matches!(source, Source::User(_)), "{source:?}");
                Asked::Tune(live, source)
            }
            Command::Pause { .. } => Asked::Pause,
            Command::Resume { .. } => Asked::Resume,
            Command::StepOnce { .. } => Asked::Step,
            Command::Search { kind, .. } => Asked::Search(kind),
            Command::Try { plan, .. } => Asked::Try(question(plan)),
            Command::EndTrials { .. } => Asked::EndTrials,
            // The run does not tune its weights.
            Command::CutPreparation { .. } => return,
            Command::Stop { .. } => Asked::Stop,
        };
        self.asked.push_back(asked);
    }

    /// The next event of the run; `None` after its end.
    fn next(&mut self, run: RunId, dice: &mut Dice) -> Option<Event> {
        let step = self.n_steps;
        let stopped = |end| Some(Event::Ended { run, step, end });
        match self.status {
            Status::Ended(_) => return None,
            Status::Starting if dice.one_in(20) => {
                let message = "the data file is damaged; install eoscope again".to_owned();
                return stopped(RunEnd::Failed { message });
            }
            Status::Starting => return Some(started(run, &self.config)),
            Status::Running if std::mem::take(&mut self.waits) => {
                return Some(Event::Paused { run, step });
            }
            Status::Running | Status::Paused => {}
        }
        if dice.one_in(40) {
            return stopped(match dice.below(4) {
                0 => RunEnd::Finished,
                1 => RunEnd::Stopped,
                2 => RunEnd::Failed { message: "memory ran out; ask for less".into() },
                _ => RunEnd::Diverged { loss: dice.wild() },
            });
        }
        if dice.one_in(2)
            && let Some(asked) = self.asked.pop_front()
        {
            return match asked {
                Asked::Tune(live, source) => Some(Event::Tuned { run, step, live, source }),
                Asked::Pause => Some(Event::Paused { run, step }),
                Asked::Resume => Some(Event::Resumed { run }),
                Asked::Search(kind) => {
                    let search = Box::new(search(kind, dice));
                    Some(Event::Searched { run, step, search })
                }
                Asked::Try(question) => Some(tried(run, step, trials(question, dice))),
                Asked::EndTrials => {
                    let status = TrialsStatus::Cancelled;
                    Some(tried(run, step, Trials { status, ..Trials::new(Question::Warmup) }))
                }
                Asked::Step => {
                    self.asked.push_front(Asked::Pause);
                    Some(Event::Sampled { run, records: vec![record(step, dice)] })
                }
                Asked::Stop => stopped(RunEnd::Stopped),
            };
        }
        let n = [1, 3, 40][dice.below(3)];
        let records = (step..step + n).map(|step| record(step, dice)).collect();
        Some(Event::Sampled { run, records })
    }

    fn note(&mut self, event: &Event) {
        match event {
            Event::Started { .. } | Event::Resumed { .. } => self.status = Status::Running,
            Event::Sampled { records, .. } => {
                self.n_steps = records.last().unwrap().sample.step + 1;
            }
            Event::Tuned { live, .. } => self.config.live = (**live).clone(),
            Event::Prepared { .. }
            | Event::PreparationCut { .. }
            | Event::Searched { .. }
            | Event::Tried { .. }
            | Event::Working { .. } => {}
            Event::Paused { .. } => self.status = Status::Paused,
            Event::Ended { end, .. } => self.status = Status::Ended(end.clone()),
        }
    }
}

/// A random search result, possibly empty.
fn search(kind: SearchKind, dice: &mut Dice) -> Search {
    let rates = (0..dice.below(30)).scan(1e-4, |rate, _| {
        *rate *= 1.5;
        Some(*rate)
    });
    let points: Vec<[f64; 2]> = rates.map(|rate| [rate, dice.wild()]).collect();
    let points = points.into_iter().filter(|point| point[1].is_finite()).collect();
    let mut suggested = || (!dice.one_in(3)).then(|| 0.01 * dice.below(90) as f64);
    let [found, suggested, steepest] = [suggested(), suggested(), suggested()];
    Search { kind, start_loss: dice.wild(), points, found, suggested, steepest }
}

/// The question of a plan, whose configuration must be valid.
fn question(plan: Plan) -> Question {
    match plan {
        Plan::RatesFromHere { factors, n_steps } => Question::Rates { factors, n_steps },
        Plan::RatesFromStart { factors, n_steps, config } => {
            config.validate().unwrap();
            Question::Rates { factors, n_steps }
        }
        Plan::Warmup { config } => {
            config.validate().unwrap();
            Question::Warmup
        }
    }
}

fn tried(run: RunId, step: u64, trials: Trials) -> Event {
    Event::Tried { run, step, trials: Box::new(trials) }
}

/// Random trials, possibly running, with any number missing.
fn trials(question: Question, dice: &mut Dice) -> Trials {
    let status = match dice.below(4) {
        0 => TrialsStatus::Running,
        1 => TrialsStatus::Failed("memory ran out; ask for less".into()),
        2 => TrialsStatus::Cancelled,
        _ => TrialsStatus::Done,
    };
    let trials = (0..dice.below(6)).map(|_| Trial {
        rate: dice.wild(),
        factor: [0.5, 1.0, 2.0][dice.below(3)],
        warmup: [0, 1, 64, u64::MAX][dice.below(4)],
        n_steps: 200,
        losses: (0..dice.below(40)).map(|_| dice.wild()).collect(),
        ratios: (0..dice.below(9)).map(|step| [step as f64, dice.wild()]).collect(),
        end: [None, Some(EndKind::Finished), Some(EndKind::DIVERGED)][dice.below(3)],
    });
    let trials = trials.collect();
    Trials { question, trials, status }
}

/// A random record with any measurement missing and any number non-finite.
fn record(step: u64, dice: &mut Dice) -> Record {
    let eigenvalue = |dice: &mut Dice| Eigenvalue {
        value: dice.wild(),
        residual: dice.wild(),
        error: dice.one_in(2).then(|| dice.wild()),
        is_converged: dice.one_in(2),
        identity: u32::try_from(dice.below(5)).unwrap(),
    };
    let solved = |dice: &mut Dice, e: Eigenvalue| {
        (!dice.one_in(3)).then_some(Solved { eigenvalue: e, hvps: 7 })
    };
    let (min, audit) = (eigenvalue(dice), eigenvalue(dice));
    let curvature = Curvature {
        top: (0..dice.below(7)).map(|_| eigenvalue(dice)).collect(),
        hvps: 8,
        preconditioned: solved(dice, audit),
        min: solved(dice, min),
        audit: solved(dice, audit),
        doubts: Vec::new(),
        is_doubted: dice.one_in(2),
        gradient_curvature: dice.maybe(),
        along_update: (!dice.one_in(3))
            .then(|| AlongUpdate { curvature: dice.wild(), slope: dice.wild() }),
        directional_mean: dice.maybe(),
        gradient_alignment: dice.maybe(),
        layer_shares: vec![0.5, 0.25, 0.25],
        batches: (!dice.one_in(3)).then(|| BatchCurvature {
            sharpness: dice.wild(),
            sharpness_error: dice.wild(),
            gradient_covariance_trace: dice.wild(),
            n_batches: 16,
        }),
    };
    let sample = Sample {
        step,
        epoch: step as f64,
        loss: dice.wild(),
        accuracy: dice.maybe(),
        test_loss: dice.maybe(),
        test_accuracy: dice.maybe(),
        learning_rate: dice.wild(),
        effective_learning_rate: dice.wild(),
        grad_norm: dice.wild(),
        clip_level: dice.maybe(),
        clip_scale: dice.wild(),
        clipped_fraction: dice.maybe(),
        update_norm: dice.wild(),
        param_norm: dice.wild(),
        stability_threshold: dice.maybe(),
        effective_threshold: dice.maybe(),
        probe_loss: dice.maybe(),
        torque: dice.maybe(),
        largest_stable_rate: dice.maybe(),
        curvature: (!dice.one_in(3)).then_some(curvature),
    };
    Record { sample, cost: Cost { step_ms: dice.wild(), probe_ms: 2.0, ..Cost::default() } }
}
