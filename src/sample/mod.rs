//! What is measured at one iterate: the sample, its curvature, and what they cost.
//! Plain numbers; does not know who measures or who reads.

mod rate_search;
mod run_end;
mod stage;
mod tensor;
mod trial_results;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use rate_search::{Search, SearchKind};
pub use run_end::{EndKind, RunEnd};
pub use stage::{Stage, Work};
pub use tensor::NamedTensor;
pub use trial_results::{Question, Trial, Trials, TrialsStatus};

/// One iterate: everything describes `w_t`, before the update.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Sample {
    /// Number of updates made before this iterate.
    pub step: u64,
    /// Passes over the training set so far.
    pub epoch: f64,
    /// Training loss: of the whole set on full-batch runs, else of this step's batch.
    pub loss: f64,
    /// Fraction of right predictions on the examples that `loss` is of; `None` for regression.
    pub accuracy: Option<f64>,
    /// Mean loss on the test set; `None` when not due or there is none.
    pub test_loss: Option<f64>,
    /// Fraction of right predictions on the test set; `None` with `test_loss` and for regression.
    pub test_accuracy: Option<f64>,
    /// Learning rate η of the update that follows.
    pub learning_rate: f64,
    /// η times the clip scale.
    pub effective_learning_rate: f64,
    /// Euclidean norm of the gradient before clipping.
    pub grad_norm: f64,
    /// The gradient norm c that is let through; `None` where the global norm is not clipped.
    pub clip_level: Option<f64>,
    /// Norm of the clipped gradient over that of the gradient; 1 without clipping.
    pub clip_scale: f64,
    /// Fraction of what is compared with the level that was above it: coordinates, units, or the
    /// norm (0 or 1); `None` without clipping.
    pub clipped_fraction: Option<f64>,
    /// Euclidean norm of the update that follows.
    pub update_norm: f64,
    /// Euclidean norm of the parameters.
    pub param_norm: f64,
    /// Curvature above which a full-batch quadratic is unstable under this update: of the scaled
    /// Hessian where the update scales it; `None` when η = 0, or the rule has no limit.
    pub stability_threshold: Option<f64>,
    /// The one that binds: that threshold, or the rule's at the effective rate where the norm was
    /// clipped; `None` as it is, and where clipping changed coordinates or units, for which no
    /// limit is known.
    pub effective_threshold: Option<f64>,
    /// η up to which such an update is stable at the curvature measured here, all else as it is, a
    /// clipped norm too; `None` where that was not measured, no rate is too large, or no limit is
    /// known.
    pub largest_stable_rate: Option<f64>,
    /// ε + d of torque-aware momentum, its factor on the gradient, in ε..=1 + ε: 1 + ε where
    /// gradient and momentum agree.
    pub torque: Option<f64>,
    /// Loss on the probe set, where that is not this step's batch and was measured at this step.
    pub probe_loss: Option<f64>,
    /// What was measured of the Hessian; `None` when not due.
    pub curvature: Option<Curvature>,
}

/// What was measured of the Hessian at one iterate.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Curvature {
    /// Largest algebraic eigenvalues, descending, the first is the sharpness; empty when not due.
    pub top: Vec<Eigenvalue>,
    /// Hessian-vector products spent on `top`.
    pub hvps: u32,
    /// Largest eigenvalue of the Hessian as the update scales it, where that decides about
    /// stability: P^-½ (H + μ) P^-½ with the preconditioner P of the update that follows.
    pub preconditioned: Option<Solved>,
    /// Smallest algebraic eigenvalue, when due.
    pub min: Option<Solved>,
    /// The sharpness again, from a cold start, when due; all other values were checked as well.
    pub audit: Option<Solved>,
    /// Values here that an audit has corrected, with what was followed.
    pub doubts: Vec<Doubt>,
    /// Whether the newest audit contradicted what was followed.
    pub is_doubted: bool,
    /// gᵀHg/‖g‖²; `None` when the gradient is 0.
    pub gradient_curvature: Option<f64>,
    /// |cos| of the angle between the gradient and the top eigenvector.
    pub gradient_alignment: Option<f64>,
    /// Share of the top eigenvector's squared norm in each layer, in the network's order; they sum
    /// to 1. Empty when not measured.
    pub layer_shares: Vec<f64>,
    /// What fresh batches say, when due on a mini-batch run.
    pub batches: Option<BatchCurvature>,
}

impl Curvature {
    /// The curvature that the stability threshold is for, if it was measured.
    #[must_use]
    pub fn governing(&self) -> Option<f64> {
        match &self.preconditioned {
            Some(solved) => Some(solved.eigenvalue.value),
            None => self.top.first().map(|eigenvalue| eigenvalue.value),
        }
    }
}

/// What fresh batches of the run's own size say of one iterate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BatchCurvature {
    /// Batch sharpness, the mean over batches B of `g_BᵀH_Bg_B/‖g_B‖²` (arXiv 2412.20553).
    pub sharpness: f64,
    /// Its standard error s/√n over these batches.
    pub sharpness_error: f64,
    /// Trace of the covariance of `g_B` over batches of this size: `Σ‖g_B − ḡ‖²/(n − 1)`, without
    /// bias.
    pub gradient_covariance_trace: f64,
    /// Batches n that the mean is over, each with one Hessian-vector product; at least 2.
    pub n_batches: u32,
}

/// One measured eigenvalue.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Eigenvalue {
    /// The eigenvalue λ.
    pub value: f64,
    /// ‖Hu − λu‖/|λ| for its unit vector u: some eigenvalue lies as near as that, not always this
    /// one.
    pub residual: f64,
    /// Estimated error relative to |λ|; `None` in records of versions that did not estimate it.
    pub error: Option<f64>,
    /// Whether that error met the tolerance; in such records, whether the residual did.
    pub is_converged: bool,
    /// Number that stays with one eigenvector while others cross it (tracked by overlap).
    pub identity: u32,
}

/// An eigenvalue that is followed from step to step, and audited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Followed {
    /// The largest of this rank; 1 is the sharpness.
    Largest(u8),
    /// The smallest.
    Smallest,
    /// The largest of the Hessian as the update scales it.
    Preconditioned,
}

/// A value that an audit contradicted, so that those followed before it are in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Doubt {
    /// Whose value.
    pub of: Followed,
    /// Step of the newest audit before that agreed: later values are in doubt.
    pub agreed: u64,
    /// Step of the audit.
    pub step: u64,
    /// The value that was followed to this step.
    pub followed: f64,
    /// The value that the audit found.
    pub audited: f64,
}

/// An eigenvalue of its own solve, with what it cost.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Solved {
    /// The eigenvalue.
    pub eigenvalue: Eigenvalue,
    /// Hessian-vector products spent.
    pub hvps: u32,
}

/// Wall times of one step in milliseconds; travels beside the sample, outside equality of runs.
#[derive(Clone, Copy, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Cost {
    /// The whole step.
    pub step_ms: f64,
    /// Measurement of the top eigenvalues, and all that is measured of the scaled Hessian.
    pub probe_ms: f64,
    /// Measurement of the smallest eigenvalue, with its audit.
    pub min_ms: f64,
    /// The cold audit of the top eigenvalues.
    pub audit_ms: f64,
    /// Measurement on fresh batches.
    pub batches_ms: f64,
}

/// What adjusts the initial weights before step 0, after so many of its iterations.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Preparation {
    /// Iterations done.
    pub iteration: u64,
    /// Iterations there will be.
    pub n_iterations: u64,
    /// What the iterations make small, of its own examples.
    pub objective: f64,
    /// Norm of the gradient that a bound holds for; `None` where there is no bound.
    pub grad_norm: Option<f64>,
    /// The tensors that are adjusted, by name.
    pub names: Arc<[String]>,
    /// What is adjusted of each: its Euclidean norm (`MetaInit`) or its size relative to the drawn
    /// one (`GradInit`, LSUV).
    pub sizes: Vec<f64>,
}

impl Preparation {
    /// Whether the weights are those that training starts from.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.iteration >= self.n_iterations
    }
}

/// A sample and what it cost.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Record {
    /// What was measured.
    pub sample: Sample,
    /// How long it took.
    pub cost: Cost,
}
