//! One run as a sequence of events: begin, advance by a step, take in new settings.
//! Knows no thread, channel or clock; those driver it.

use crate::config::{Batch, LiveSettings, RunConfig};
use crate::data::sampling;
use crate::net::Layer;
use crate::optim::stability;
use crate::protocol::{
    Event, LayerFacts, OpFacts, Preparation, Record, RunEnd, RunFacts, RunId, SearchKind, Source,
};
use crate::sample::NamedTensor;
use crate::train::{Hooks, Outcome, Prepared, TrainError, Trainer};

/// A trainer that speaks in events.
///
/// ```
/// use eoscope::config::preset;
/// use eoscope::history::Run;
/// use eoscope::protocol::{Event, RunId};
/// use eoscope::quantity;
/// use eoscope::runner::Driver;
/// use eoscope::train::{Hooks, TrainError};
///
/// let config = preset("catapult-model").unwrap().config.clone();
/// let (mut driver, started) = Driver::begin(RunId(0), config.clone(), 1, Hooks::none())?;
/// let mut run = Run::new(RunId(0), config);
/// run.apply(&started);
/// for _ in 0..3 {
///     let records = driver.advance(Hooks::none())?.record.into_iter().collect();
///     run.apply(&Event::Sampled { run: RunId(0), records });
/// }
/// // λ₁ starts between 2/η and 4/η.
/// let first = run.series(quantity::SHARPNESS_RATIO).first().unwrap();
/// assert!(first.0 == 0 && (1.0..2.0).contains(&first.1));
/// # Ok::<(), TrainError>(())
/// ```
#[derive(Debug)]
pub struct Driver {
    run: RunId,
    n_threads: usize,
    trainer: Trainer,
    /// The step whose dated changes have come into force: a step that was given up is begun again
    /// without them, so that what a person changed meanwhile stays.
    dated: Option<u64>,
}

/// What one call of [`Driver::advance`] brought; all but `tuned` empty when it was interrupted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Advance {
    /// An iteration of the tuning of the initial weights; then nothing else.
    pub prepared: Option<Preparation>,
    /// Dated settings that came into force; to be told before the record.
    pub tuned: Option<Event>,
    /// The iterate measured.
    pub record: Option<Record>,
    /// Why the run is over, if it is.
    pub ended: Option<RunEnd>,
}

impl Advance {
    /// Whether nothing was measured and the run is not over.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.prepared.is_none() && self.record.is_none() && self.ended.is_none()
    }
}

impl Driver {
    /// Loads, builds and draws, unless the hooks ask to give up; also the [`Event::Started`] to tell.
    ///
    /// # Errors
    /// See [`Trainer::new`].
    pub fn begin(
        run: RunId,
        config: RunConfig,
        n_threads: usize,
        hooks: Hooks<'_>,
    ) -> Result<(Self, Event), TrainError> {
        let trainer = Trainer::new(config, n_threads, hooks.is_interrupted)?;
        let driver = Self { run, n_threads, trainer, dated: None };
        let started = Event::Started {
            run,
            config: Box::new(driver.trainer.config().clone()),
            facts: Box::new(driver.facts()),
        };
        Ok((driver, started))
    }

    fn facts(&self) -> RunFacts {
        let trainer = &self.trainer;
        let optimizer = &trainer.config().optimizer;
        RunFacts {
            layers: layers(trainer),
            work: trainer.objective().program().work(),
            n_params: trainer.objective().program().n_params(),
            n_train: trainer.n_train(),
            n_test: trainer.n_test(),
            n_probe: trainer.n_probe(),
            n_threads: self.n_threads,
            limit: stability(optimizer.rule, trainer.live()).formula.to_owned(),
            sampling: match optimizer.batch {
                Batch::Full => "full batch".to_owned(),
                Batch::Size(n) => sampling::describe(trainer.n_train(), n.get()),
            },
            data_hash: trainer.data_hash().to_owned(),
        }
    }

    /// Measures and moves once, in the tuning of the initial weights as long as that lasts; at the
    /// end of the run, says why it ended instead.
    ///
    /// # Errors
    /// When the engine cannot compute, a dated change is refused, or the tuning fails.
    pub fn advance(&mut self, hooks: Hooks<'_>) -> Result<Advance, TrainError> {
        match self.trainer.prepare(hooks)? {
            Some(Prepared::Iterated(told)) => {
                return Ok(Advance { prepared: Some(told), ..Advance::default() });
            }
            Some(Prepared::Interrupted) => return Ok(Advance::default()),
            None => {}
        }
        if self.trainer.is_finished() {
            return Ok(Advance { ended: Some(RunEnd::Finished), ..Advance::default() });
        }
        let (run, step) = (self.run, self.trainer.steps_taken());
        let is_dated = self.dated.replace(step) == Some(step);
        let dated = if is_dated { None } else { self.trainer.apply_dated_changes()? };
        let tuned = dated.map(|live| Event::Tuned {
            run,
            step,
            live: Box::new(live.clone()),
            source: Source::Config,
        });
        Ok(match self.trainer.step(hooks)? {
            Outcome::Stepped(record) => {
                Advance { tuned, record: Some(record), ..Advance::default() }
            }
            Outcome::Diverged(record) => {
                let ended = Some(RunEnd::Diverged { loss: record.sample.loss });
                Advance { tuned, record: Some(record), ended, prepared: None }
            }
            Outcome::Interrupted => Advance { tuned, ..Advance::default() },
        })
    }

    /// Whether the initial weights are still being tuned.
    #[must_use]
    pub fn is_preparing(&self) -> bool {
        !self.trainer.is_prepared()
    }

    /// Ends the tuning of the initial weights with the iterations done so far, and the event that
    /// says so; `None` when it is over.
    pub fn cut_preparation(&mut self) -> Option<Event> {
        let n_iterations = self.trainer.cut_preparation()?;
        Some(Event::PreparationCut { run: self.run, n_iterations })
    }

    /// New live settings from the next step on, and the event that says so.
    pub fn tune(&mut self, live: LiveSettings, source: Source) -> Event {
        self.trainer.tune(live.clone());
        Event::Tuned {
            run: self.run,
            step: self.trainer.steps_taken(),
            live: Box::new(live),
            source,
        }
    }

    /// The event that tells what a search for a rate found; `None` when it was interrupted.
    ///
    /// # Errors
    /// When the engine cannot compute.
    pub fn search(
        &mut self,
        kind: SearchKind,
        hooks: Hooks<'_>,
    ) -> Result<Option<Event>, TrainError> {
        let (run, step) = (self.run, self.trainer.steps_taken());
        let found = self.trainer.search(kind, hooks)?;
        Ok(found.map(|search| Event::Searched { run, step, search: Box::new(search) }))
    }

    /// The run as it stands, to go on by itself beside this one.
    #[must_use]
    pub fn fork(&self) -> Trainer {
        self.trainer.clone()
    }

    /// The network's tensors by name, before the next step.
    ///
    /// # Errors
    /// When the engine cannot give them.
    pub fn named_tensors(&self) -> Result<Vec<NamedTensor>, TrainError> {
        self.trainer.named_tensors()
    }

    /// Number of updates made so far.
    #[must_use]
    pub fn steps_taken(&self) -> u64 {
        self.trainer.steps_taken()
    }

    /// The live settings in force.
    #[must_use]
    pub fn live(&self) -> &LiveSettings {
        self.trainer.live()
    }
}

/// The network, layer by layer.
fn layers(trainer: &Trainer) -> Vec<LayerFacts> {
    let program = trainer.objective().program();
    let op = |i: usize| {
        let (node, shape) = (&program.nodes()[i], program.shapes()[i + 1]);
        OpFacts {
            label: node.op.label(),
            inputs: node.inputs.clone(),
            positions: shape.positions,
            features: shape.features,
        }
    };
    let layer = |(i, layer): (usize, &Layer)| LayerFacts {
        name: layer.name.clone(),
        ops: program.layer_nodes(i).map(op).collect(),
        n_params: program.layer_elements(i).len(),
    };
    program.layers().iter().enumerate().map(layer).collect()
}
