//! The settings table: one row per configuration key, with range, unit, effect and tooltip.
//! Drives TOML, `--set`, sliders, markers and differences; does not draw anything.

use toml::Value;

use super::{
    Activation, Architecture, ClipMode, ConfigError, Decay, Dtype, GradInitForm, InitScheme, Loss,
    Normalization, Pace, Placement, PoolKind, RateRule, ResidualForm, Rule, RunConfig,
    ScheduleShape, TaskName, Tuning,
};
use crate::text;

/// What changing a setting does to a run under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Takes effect at the next step.
    Live,
    /// Starts a new run from the same seed; the former one stays as a ghost.
    Restart,
}

/// The values a setting can take.
#[derive(Clone, Copy, Debug)]
pub enum Range {
    /// A real number in `[min, max]`.
    Real {
        /// Smallest.
        min: f64,
        /// Largest.
        max: f64,
        /// Whether a slider should be logarithmic.
        is_log: bool,
    },
    /// A whole number in `[min, max]`.
    Whole {
        /// Smallest.
        min: u64,
        /// Largest.
        max: u64,
        /// Whether a slider should be logarithmic.
        is_log: bool,
    },
    /// A whole number of at least 1, or this word.
    WholeOr(&'static str),
    /// `true` or `false`.
    Switch,
    /// One of these words.
    Word(fn() -> Vec<&'static str>),
    /// A list of layer widths.
    Widths,
    /// A list of factors, one a layer.
    Factors,
    /// Free text.
    Text,
}

/// Characters of a text at most: more than a legend or a caption can hold.
const MAX_TEXT: usize = 1000;

/// Factors of layers at most: more than any network here has layers.
pub const MAX_FACTORS: usize = 128;

/// One configuration key.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Dotted key in TOML and `--set`.
    pub key: &'static str,
    /// Name on screen.
    pub label: &'static str,
    /// Unit, empty where there is none.
    pub unit: &'static str,
    /// Values it can take.
    pub range: Range,
    /// What changing it does.
    pub effect: Effect,
    /// One sentence for a tooltip.
    pub tooltip: &'static str,
}

const fn real(min: f64, max: f64) -> Range {
    Range::Real { min, max, is_log: false }
}

const fn log(min: f64, max: f64) -> Range {
    Range::Real { min, max, is_log: true }
}

const fn whole(min: u64, max: u64) -> Range {
    Range::Whole { min, max, is_log: false }
}

const fn log_whole(min: u64, max: u64) -> Range {
    Range::Whole { min, max, is_log: true }
}

macro_rules! rows {
    ($($key:literal, $label:literal, $unit:literal, $range:expr, $effect:ident, $tooltip:literal;)+) => {
        /// All settings, in the order a person meets them.
        pub static SETTINGS: &[Setting] = &[$(Setting {
            key: $key, label: $label, unit: $unit, range: $range,
            effect: Effect::$effect, tooltip: $tooltip,
        }),+];
    };
}

macro_rules! any_of {
    ($kind:ident) => {
        Range::Word(|| $kind::ALL.iter().map(|choice| choice.word()).collect())
    };
}

rows! {
    "name", "Name", "", Range::Text, Restart, "What this run is called in legends and files.";
    "seed", "Seed", "", whole(0, 999_999_999), Restart, "Fixes the initial weights, the data order and generated data.";
    "n_steps", "Steps", "steps", log_whole(1, 1_000_000_000), Restart, "The run ends by itself after this many optimizer steps.";
    "loss", "Loss", "", any_of!(Loss), Restart, "mse is ½·Σ(f − y)² averaged over examples; cross-entropy is averaged over examples.";
    "dtype", "Precision", "", any_of!(Dtype), Restart, "f64 for small networks and tight tolerances, f32 otherwise.";
    "task.name", "Task", "", any_of!(TaskName), Restart, "The data set the network is trained on.";
    "task.n_train", "Training examples", "examples", log_whole(1, 10_000), Restart, "The first n training examples are used; fewer examples make every step cheaper.";
    "task.n_probe", "Probe examples", "examples", Range::WholeOr("full"), Restart, "Curvature is that of the loss on the first so many training examples; fewer make measurements cheaper.";
    "task.degree", "Polynomial degree", "", whole(1, 12), Restart, "Degree k of the Chebyshev polynomial; higher is harder to fit.";
    "task.separation", "Cluster separation", "", log(0.05, 10.0), Restart, "Spread of the cluster centres against the width of a cluster.";
    "task.length", "String length", "symbols", whole(2, 16), Restart, "Symbols of a string to be sorted; longer is harder.";
    "task.symbols", "Alphabet", "symbols", whole(2, 10), Restart, "Different symbols that strings are made of.";
    "model.architecture", "Architecture", "", any_of!(Architecture), Restart, "How the ops of the network are put together.";
    "model.hidden", "Hidden layers", "units", Range::Widths, Restart, "Units of the hidden layers, or channels of the convolutions, first to last, for example [32, 32].";
    "model.width", "Width", "units", log_whole(1, 1024), Restart, "Units of the residual stream, channels of the first stage, or channels that a dense layer adds.";
    "model.blocks", "Blocks", "blocks", whole(1, 16), Restart, "Residual blocks or transformer layers; in resnet and densenet those of each of the three stages.";
    "model.block_layers", "Layers a block", "layers", whole(1, 8), Restart, "Linear layers of one residual branch.";
    "model.heads", "Heads", "heads", whole(1, 16), Restart, "Attention heads; they share the width evenly.";
    "model.patch", "Patch", "pixels", whole(1, 32), Restart, "Side of the image patches that are a transformer's tokens.";
    "model.pool", "Pooling", "", any_of!(PoolKind), Restart, "What halves the image after each convolution.";
    "model.activation", "Activation", "", any_of!(Activation), Restart, "The nonlinearity after every hidden layer.";
    "model.normalization", "Normalization", "", any_of!(Normalization), Restart, "What hidden layers are standardised over before their activation: the batch, each example's features, or groups of them.";
    "model.ghost_batch", "Ghost batch", "examples", Range::WholeOr("full"), Restart, "Examples that share the statistics of batch normalization: the whole batch, or groups of this many.";
    "model.weight_standardisation", "Weight standardisation", "", Range::Switch, Restart, "Hidden layers see weights with mean 0 and variance 1 for each of their outputs; meant to stand before a normalization.";
    "model.placement", "Norm placement", "", any_of!(Placement), Restart, "Whether a transformer normalizes at the start of each branch or after adding it.";
    "model.residual", "Residual form", "", any_of!(ResidualForm), Restart, "fixup puts scalar biases and multipliers in the place of normalization; the weights start as the initialization says.";
    "model.qk_norm", "Normalize queries, keys", "", Range::Switch, Restart, "Standardises queries and keys in each head, which bounds the attention scores.";
    "model.sigma_reparam", "σReparam", "", Range::Switch, Restart, "Divides each matrix by an estimate of its largest singular value, and multiplies it by a trained number. The estimate takes one power iteration a step, so it is inexact at the start; its vectors count as constant in derivatives.";
    "model.bias", "Biases", "", Range::Switch, Restart, "Whether layers add a trained bias, where no normalization brings one.";
    "init.scheme", "Initialization", "", any_of!(InitScheme), Restart, "Distribution of the initial weights; the run starts again from the same seed.";
    "init.scale", "Scale", "×", log(0.01, 30.0), Restart, "Factor on every initial weight and bias; larger starts where the loss is more curved.";
    "init.output_scale", "Output layer scale", "×", log(0.01, 30.0), Restart, "Further factor on the last layer's initial parameters.";
    "init.zero_last_layer", "Last layer at 0", "", Range::Switch, Restart, "The last layer starts at 0, and with it the network's output.";
    "init.layer_scales", "Layer scales", "×", Range::Factors, Restart, "Further factors on the first, second, … layer; empty is 1 for all.";
    "init.base_width", "Base width", "units", log_whole(1, 4096), Restart, "Width at which the learning rates of μP are as given: layers of other widths scale theirs.";
    "init.tuning", "Tuning", "", any_of!(Tuning), Restart, "What adjusts the size of every drawn tensor before step 0: LSUV, MetaInit or GradInit.";
    "init.tuning_steps", "Tuning steps", "iterations", log_whole(0, 100_000), Restart, "Iterations before step 0; LSUV needs one for each layer.";
    "init.tuning_batch", "Tuning batch", "examples", log_whole(1, 10_000), Restart, "Examples of each iteration.";
    "init.meta.lr", "Norm step", "", log(1e-4, 10.0), Restart, "MetaInit: by how much an iteration changes the norm of every tensor, before momentum.";
    "init.meta.momentum", "Norm momentum", "", real(0.0, 0.999), Restart, "MetaInit: momentum of the norms.";
    "init.meta.is_capped", "Cap norms at their start", "", Range::Switch, Restart, "MetaInit: no norm exceeds the one it was drawn with; as published there is no cap, and some runs run away.";
    "init.grad.form", "Step looked ahead", "", any_of!(GradInitForm), Restart, "GradInit: sgd looks ahead along g/‖g‖₂ and bounds ‖g‖₂; adam along sign(g), and bounds ‖g‖₁.";
    "init.grad.lr", "Scalars' rate", "", log(1e-5, 1.0), Restart, "GradInit: rate of the Adam that moves the scalars.";
    "init.grad.eta", "Length looked ahead", "", log(1e-5, 10.0), Restart, "GradInit: length η of the step whose loss is made small.";
    "init.grad.gamma", "Gradient bound", "", log(1e-4, 1e7), Restart, "GradInit: bound γ on the gradient's norm.";
    "init.grad.overlap", "Shared examples", "", real(0.0, 1.0), Restart, "GradInit: fraction of the examples after the step that the step has seen.";
    "optimizer.rule", "Optimizer", "", any_of!(Rule), Restart, "The update rule; each has its own stability limit.";
    "optimizer.batch", "Batch size", "examples", Range::WholeOr("full"), Restart, "Examples a step sees; the stability limit drawn holds for full batch.";
    "live.peak_lr", "Learning rate", "", log(1e-5, 100.0), Live, "Peak learning rate η: what warmup rises to; the stability line is 2/η for gradient descent.";
    "live.rate.rule", "Rate rule", "", any_of!(RateRule), Live, "What decides the rate: schedule is warmup and decay; cdat is σ·|g·p|/|p·Hp| and line-search the lowest loss along the update, both without a cap; catapult raises the rate up to the peak whenever the loss is below that before the last raise.";
    "live.rate.sigma", "CDAT σ", "", log(0.1, 10.0), Live, "Factor on CDAT's greedy rate: 1 steps to the bottom of the quadratic along the update, 2 to the same height on its other side.";
    "live.rate.raise", "Catapult raise", "×", real(1.01, 10.0), Live, "Factor by which catapult warmup raises the rate; it begins at Warmup from, or where that is 0 at the largest rate that lowers the loss.";
    "live.momentum", "Momentum", "", real(0.0, 0.999), Live, "Momentum β, β₁ of Adam; raises the stability limit of heavy ball to (2 + 2β)/η.";
    "live.beta2", "β₂", "", real(0.0, 0.9999), Live, "Decay of the mean squared gradient that adaptive rules divide by; closer to 1 is slower.";
    "live.epsilon", "ε", "", log(1e-16, 1.0), Live, "Added to the root mean squared gradient; bounds how far small gradients are blown up.";
    "live.freeze", "Freeze preconditioner", "", Range::Switch, Live, "Holds the preconditioner, or the torque, as it is: then the limit is sharp, and a run above it diverges.";
    "live.radius", "SAM radius", "", log(1e-4, 10.0), Live, "Length ρ of the step uphill at whose end SAM takes its gradient.";
    "live.weight_decay", "Weight decay", "", log(0.0, 1.0), Live, "Weight decay μ: pulls every parameter towards 0 in proportion to itself.";
    "live.decay", "Decay form", "", any_of!(Decay), Live, "coupled adds μw to the gradient, decoupled takes ημw off the weights beside the rule, as AdamW always does.";
    "live.pace", "Pace", "steps/s", any_of!(Pace), Live, "Steps a second at most; never changes a number.";
    "live.eval_every", "Test every", "steps", Range::WholeOr("off"), Live, "Steps between measurements of the loss and the accuracy on the test set.";
    "live.schedule.shape", "Schedule", "", any_of!(ScheduleShape), Live, "What the learning rate does after warmup: inverse-sqrt is √(s/(s+t)), power (1+t)^−b, cyclic goes down and up in straight lines, restarts is warmup and cosine again and again.";
    "live.schedule.steps", "Decay length", "steps", log_whole(1, 1_000_000), Live, "Steps the decay takes, the length of one stair or of one cycle, or s of inverse-sqrt.";
    "live.schedule.factor", "Decay factor", "×", log(1e-6, 1.0), Live, "Final or lowest fraction of the peak rate, or the ratio of one stair to the last.";
    "live.schedule.exponent", "Decay exponent", "", real(0.0, 2.0), Live, "Exponent b of the power law (1+t)^−b.";
    "live.warmup.start", "Warmup start", "step", whole(0, 1_000_000_000), Live, "Step at which warmup begins.";
    "live.warmup.steps", "Warmup", "steps", log_whole(0, 1_000_000), Live, "Steps over which the learning rate rises to its peak; 0 is none.";
    "live.warmup.initial_lr", "Warmup from", "", real(0.0, 100.0), Live, "Learning rate that warmup rises from.";
    "live.warmup.power", "Warmup power", "", log(0.1, 10.0), Live, "Shape of the rise: 1 is a straight line, 2 starts slower.";
    "live.clip.mode", "Clipping", "", any_of!(ClipMode), Live, "Clip the gradient's global norm at a level, given itself (absolute) or as a multiple of ‖g₀‖ (relative), each coordinate (value), or each unit's norm against that of its weights (adaptive).";
    "live.clip.value", "Clip level", "", log(1e-6, 1e4), Live, "The largest that is let through: the gradient's norm, a coordinate's size, or a unit's gradient norm as a multiple of its weights' norm.";
    "live.probe.every", "Measure every", "steps", Range::WholeOr("off"), Live, "Steps between measurements of the curvature.";
    "live.probe.top_k", "Eigenvalues", "", whole(1, 6), Live, "How many of the largest Hessian eigenvalues are followed.";
    "live.probe.min_every", "λ min every", "steps", Range::WholeOr("off"), Live, "Steps between measurements of the smallest Hessian eigenvalue.";
    "live.probe.audit_every", "Audit every", "steps", Range::WholeOr("off"), Live, "Steps between audits: everything measured is measured again from random vectors, as a check.";
    "live.probe.batches_every", "Batches every", "steps", Range::WholeOr("off"), Live, "Steps between measurements of the batch sharpness, the mean curvature of batches along their own gradients, and of the gradient's covariance, on batches drawn for that.";
    "live.probe.n_batches", "Batches", "", log_whole(2, 1000), Live, "How many batches such a measurement draws: its standard error falls like one over their root, its cost grows with them.";
    "live.probe.tolerance", "Tolerance", "", log(1e-6, 0.5), Live, "Estimated relative error at which an eigenvalue counts as converged.";
}

/// The row of a key.
#[must_use]
pub fn setting(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|row| row.key == key)
}

impl Setting {
    /// A whole number becomes a real one, or a number a word, where the setting holds that.
    pub(super) fn coerce(&self, value: &Value) -> Value {
        match (self.range, value) {
            #[expect(clippy::cast_precision_loss, reason = "a person's number, far below 2^53")]
            (Range::Real { .. }, Value::Integer(n)) => Value::Float(*n as f64),
            (Range::Word(_), Value::Integer(n)) => Value::String(n.to_string()),
            #[expect(clippy::cast_precision_loss, reason = "a person's number, far below 2^53")]
            (Range::Factors, Value::Array(factors)) => {
                let real =
                    |x: &Value| x.as_integer().map_or_else(|| x.clone(), |n| (n as f64).into());
                Value::Array(factors.iter().map(real).collect())
            }
            (_, value) => value.clone(),
        }
    }

    /// What the setting holds, for a person who gave something else.
    pub(super) fn wanted(&self, given: &Value) -> String {
        match self.range {
            Range::Real { min, max, .. } => {
                let [min, max] = [min, max].map(text::number);
                format!("expected a number between {min} and {max}")
            }
            Range::Whole { min, max, .. } => {
                format!("expected a whole number between {min} and {max}")
            }
            Range::WholeOr(word) => {
                format!("expected a whole number of at least 1, or \"{word}\"")
            }
            Range::Switch => "expected true or false".to_owned(),
            Range::Word(words) => {
                let words = words();
                let all = words.join(", ");
                given.as_str().map_or_else(
                    || format!("expected one of {all}"),
                    |word| {
                        let hint = text::hint(word, words.iter().copied());
                        format!("expected one of {all}{hint}")
                    },
                )
            }
            Range::Widths => {
                "expected widths such as [32, 32]: at most 16 layers of 1 to 4096 units".to_owned()
            }
            Range::Factors => format!(
                "expected factors such as [1.0, 0.5]: at most {MAX_FACTORS} numbers between 0 and 100"
            ),
            Range::Text => format!("expected text in quotes, at most {MAX_TEXT} characters"),
        }
    }

    /// Why `value` is out of range, if it is.
    fn complaint(&self, value: &Value) -> Option<String> {
        let is_inside = match (self.range, value) {
            (Range::Real { min, max, .. }, Value::Float(x)) => (min..=max).contains(x),
            (Range::Whole { min, max, .. }, Value::Integer(n)) => {
                u64::try_from(*n).is_ok_and(|n| (min..=max).contains(&n))
            }
            (Range::Widths, Value::Array(widths)) => {
                let is_width = |w: &Value| w.as_integer().is_some_and(|w| (1..=4096).contains(&w));
                widths.len() <= 16 && widths.iter().all(is_width)
            }
            (Range::Factors, Value::Array(factors)) => {
                let is_factor =
                    |x: &Value| x.as_float().is_some_and(|x| (0.0..=100.0).contains(&x));
                factors.len() <= MAX_FACTORS && factors.iter().all(is_factor)
            }
            (Range::Text, Value::String(text)) => text.chars().nth(MAX_TEXT).is_none(),
            _ => true,
        };
        (!is_inside).then(|| self.wanted(value))
    }
}

impl RunConfig {
    /// Checks every value against its row, and the settings against each other.
    ///
    /// # Errors
    /// The first setting out of range or in conflict, as one sentence.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let info = self.task.info();
        let (n_train, allowed) = (self.task.n_train, info.n_train());
        if !allowed.contains(&n_train) {
            let (least, most) = (allowed.start(), allowed.end());
            return Err(ConfigError::Conflict(format!(
                "`task.n_train` is {n_train}, but the task `{}` takes {least} to {most} training examples; choose a number in that range",
                self.task.name
            )));
        }
        self.validate_values()?;
        if self.loss == Loss::CrossEntropy && info.n_classes().is_none() {
            return Err(ConfigError::Conflict(format!(
                "`loss` is cross-entropy, but the task `{}` is a regression; use loss = \"mse\"",
                self.task.name
            )));
        }
        self.model.check(info.shape, self.task.name.word())?;
        self.init.check(&self.model)?;
        let n_train = self.task.n_train;
        let mut n_least = self.optimizer.batch.size(n_train).min(self.task.n_probe.size(n_train));
        if self.init.tuning != Tuning::None {
            n_least = n_least.min(self.init.tuning_batch);
        }
        self.model.check_batch(n_least)?;
        for change in &self.changes {
            change.applied_to(&self.live)?;
        }
        Ok(())
    }

    /// Checks every value against its row.
    pub(super) fn validate_values(&self) -> Result<(), ConfigError> {
        for (key, value) in self.leaves() {
            if let Some(reason) = setting(&key).and_then(|row| row.complaint(&value)) {
                return Err(ConfigError::BadValue { key, value: value.to_string(), reason });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_has_a_row_and_every_row_a_setting() {
        let keys: Vec<_> = RunConfig::default().leaves().into_keys().collect();
        let mut rows: Vec<_> = SETTINGS.iter().map(|row| row.key.to_owned()).collect();
        rows.sort();
        assert_eq!(keys, rows);
    }

    #[test]
    fn rows_say_live_exactly_for_live_keys_and_explain_themselves() {
        for row in SETTINGS {
            assert_eq!(row.effect == Effect::Live, row.key.starts_with("live."), "{}", row.key);
            assert!(row.tooltip.ends_with('.') && !row.label.is_empty(), "{}", row.key);
        }
    }

    #[test]
    fn values_out_of_range_are_refused_by_name() {
        for text in [
            "[live]\npeak_lr = -1.0",
            "[live]\npeak_lr = nan",
            "[live.probe]\ntop_k = 7",
            "[task]\nn_train = 1",
            "[task]\nn_train = 100000000",
            "[model]\nhidden = [0]",
            "[model]\nhidden = [99999999]",
            "[optimizer]\nbatch = 0",
            "[init]\nscale = 0.0",
        ] {
            let error = RunConfig::from_toml(text).unwrap_err().to_string();
            let key = text.split_once('\n').unwrap().1.split(' ').next().unwrap();
            assert!(error.contains(key), "{text}: {error}");
        }
    }

    #[test]
    fn cross_entropy_on_a_regression_is_refused() {
        let error = RunConfig::from_toml(
            "loss = \"cross-entropy\"\n[task]\nname = \"chebyshev\"\nn_train = 20",
        );
        assert!(error.unwrap_err().to_string().contains("regression"));
    }

    #[test]
    fn a_network_that_cannot_read_the_task_is_refused_with_one_that_can() {
        let error = RunConfig::from_toml("[task]\nname = \"sorting\"").unwrap_err().to_string();
        assert!(error.contains("sorting") && error.contains("transformer"), "{error}");
    }
}
