//! Turns the steps of a trainer into events.

use crate::config::{Batch, LiveSettings, RunConfig};
use crate::data::sampling;
use crate::net::Layer;
use crate::optim::stability;
use crate::protocol::{
    Event, LayerFacts, OpFacts, Preparation, Record, RunEnd, RunFacts, RunId, SearchKind, Source,
};
use crate::sample::NamedTensor;
use crate::train::{Hooks, Outcome, Prepared, TrainError, Trainer};

/// A trainer that reports in events.
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
    /// The step whose scheduled changes have been applied. An interrupted step starts again without
    /// them, so that changes the user made meanwhile remain.
    dated_step: Option<u64>,
}

/// The result of one [`Driver::advance`]; when interrupted, empty except for `tuned`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Advance {
    /// An iteration of the tuning of the initial weights; all other fields are then `None`.
    pub prepared: Option<Preparation>,
    /// Scheduled changes that took effect; to be sent before the record.
    pub tuned: Option<Event>,
    /// The measured iterate.
    pub record: Option<Record>,
    /// How the run ended, if it did.
    pub ended: Option<RunEnd>,
}

impl Advance {
    /// Whether nothing was measured and the run continues.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.prepared.is_none() && self.record.is_none() && self.ended.is_none()
    }
}

impl Driver {
    /// Loads the data, builds the network and draws its weights, unless interrupted; also returns
    /// the [`Event::Started`].
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
        let driver = Self { run, n_threads, trainer, dated_step: None };
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

    /// Measures and moves once: an iteration of tuning while that lasts, then a training step.
    /// After the last step, returns how the run ended.
    ///
    /// # Errors
    /// The computation fails, a scheduled change is invalid, or the tuning fails.
    pub fn advance(&mut self, hooks: Hooks<'_>) -> Result<Advance, TrainError> {
        match self.trainer.prepare(hooks)? {
            Some(Prepared::Iterated(record)) => {
                return Ok(Advance { prepared: Some(record), ..Advance::default() });
            }
            Some(Prepared::Interrupted) => return Ok(Advance::default()),
            None => {}
        }
        if self.trainer.is_finished() {
            return Ok(Advance { ended: Some(RunEnd::Finished), ..Advance::default() });
        }
        let (run, step) = (self.run, self.trainer.steps_taken());
        let is_dated = self.dated_step.replace(step) == Some(step);
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

    /// Ends the tuning of the initial weights after the iterations done so far; returns the event,
    /// or `None` if the tuning is already over.
    pub fn cut_preparation(&mut self) -> Option<Event> {
        let n_iterations = self.trainer.cut_preparation()?;
        Some(Event::PreparationCut { run: self.run, n_iterations })
    }

    /// Applies new live settings from the next step on; returns the event.
    ///
    /// # Errors
    /// Too little memory for the examples in another arrangement.
    pub fn tune(&mut self, live: LiveSettings, source: Source) -> Result<Event, TrainError> {
        self.trainer.tune(live.clone())?;
        Ok(Event::Tuned {
            run: self.run,
            step: self.trainer.steps_taken(),
            live: Box::new(live),
            source,
        })
    }

    /// Searches for a learning rate; returns the event, or `None` when interrupted.
    ///
    /// # Errors
    /// The computation fails.
    pub fn search(
        &mut self,
        kind: SearchKind,
        hooks: Hooks<'_>,
    ) -> Result<Option<Event>, TrainError> {
        let (run, step) = (self.run, self.trainer.steps_taken());
        let found = self.trainer.search(kind, hooks)?;
        Ok(found.map(|search| Event::Searched { run, step, search: Box::new(search) }))
    }

    /// A copy of the trainer, which continues independently.
    #[must_use]
    pub fn fork(&self) -> Trainer {
        self.trainer.clone()
    }

    /// The network's tensors with their names, before the next step.
    ///
    /// # Errors
    /// The tensors cannot be read.
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

/// The layers of the network.
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
