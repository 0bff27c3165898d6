//! What is measured at one iterate: the sample, its curvature, and their wall times. Plain data that
//! uses no other room.

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

/// Measurements at one iterate `w_t`, before the update.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Sample {
    /// Number of updates made before this iterate.
    pub step: u64,
    /// Passes over the training set so far.
    pub epoch: f64,
    /// Training loss: of the whole set on full-batch runs, else of this step's batch.
    pub loss: f64,
    /// Fraction of correct predictions on the examples of `loss`; `None` for regression.
    pub accuracy: Option<f64>,
    /// Mean loss on the test set; `None` if not due, or without a test set.
    pub test_loss: Option<f64>,
    /// Fraction of correct predictions on the test set; `None` for regression or without `test_loss`.
    pub test_accuracy: Option<f64>,
    /// Learning rate η of the update that follows.
    pub learning_rate: f64,
    /// η times the clip scale.
    pub effective_learning_rate: f64,
    /// Euclidean norm of the gradient before clipping.
    pub grad_norm: f64,
    /// Largest unclipped gradient norm c; `None` unless the global norm is clipped.
    pub clip_level: Option<f64>,
    /// Norm of the clipped gradient over that of the gradient; 1 without clipping.
    pub clip_scale: f64,
    /// Fraction of coordinates or units above the clip level; 0 or 1 if the global norm is clipped;
    /// `None` without clipping.
    pub clipped_fraction: Option<f64>,
    /// Euclidean norm of the update that follows.
    pub update_norm: f64,
    /// Euclidean norm of the parameters.
    pub param_norm: f64,
    /// Curvature above which a full-batch quadratic is unstable under this update; it applies to
    /// [`Curvature::governing`]. `None` if η = 0 or the rule has no limit.
    pub stability_threshold: Option<f64>,
    /// The threshold in force: `stability_threshold`, at the effective learning rate if the norm
    /// was clipped. `None` also if coordinates or units were clipped, as no limit is known then.
    pub effective_threshold: Option<f64>,
    /// Largest stable η for this update at the curvature measured here, with the same clip scale.
    /// `None` if the curvature was not measured, every rate is stable, or no limit is known.
    pub largest_stable_rate: Option<f64>,
    /// Factor ε + d of torque-aware momentum on the gradient, from ε to 1 + ε (gradient along the
    /// momentum); `None` for other rules.
    pub torque: Option<f64>,
    /// Loss on the probe set; `None` if not due, or if the probe set is this step's batch.
    pub probe_loss: Option<f64>,
    /// Measurements of the Hessian; `None` if not due.
    pub curvature: Option<Curvature>,
}

/// Measurements of the Hessian at one iterate.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Curvature {
    /// Largest algebraic eigenvalues, descending; the first is the sharpness. Empty if not due.
    pub top: Vec<Eigenvalue>,
    /// Hessian-vector products spent on `top`.
    pub hvps: u32,
    /// Largest eigenvalue of P^-½ (H + μ) P^-½ with the preconditioner P of the update that
    /// follows; `None` unless the rule's stability limit applies to it.
    pub preconditioned: Option<Solved>,
    /// Smallest algebraic eigenvalue; `None` if not due.
    pub min: Option<Solved>,
    /// The sharpness measured again from a cold start; `None` if no audit was due. An audit checks
    /// all other eigenvalues too.
    pub audit: Option<Solved>,
    /// Eigenvalues above that this step's audit corrected.
    pub doubts: Vec<Doubt>,
    /// Whether the newest audit contradicted the tracked eigenvalues.
    pub is_doubted: bool,
    /// gᵀHg/‖g‖²; `None` if the gradient is 0 or no product was spent on it.
    pub gradient_curvature: Option<f64>,
    /// Along the update that follows; `None` when that is 0.
    pub along_update: Option<AlongUpdate>,
    /// Σ uᵀHu/Σ gᵀu over the last measurements, [`AlongUpdate::WINDOW`] at most; `None` where the
    /// sum of the slopes is not positive.
    pub directional_mean: Option<f64>,
    /// |cos| of the angle between the gradient and the top eigenvector.
    pub gradient_alignment: Option<f64>,
    /// Share of the top eigenvector's squared norm in each layer, in the network's order, summing
    /// to 1. Empty if not measured.
    pub layer_shares: Vec<f64>,
    /// Measurements on fresh batches; `None` if not due or full batch.
    pub batches: Option<BatchCurvature>,
}

impl Curvature {
    /// The curvature that the stability threshold applies to: preconditioned or plain sharpness;
    /// `None` if it was not measured.
    #[must_use]
    pub fn governing(&self) -> Option<f64> {
        match &self.preconditioned {
            Some(solved) => Some(solved.eigenvalue.value),
            None => self.top.first().map(|eigenvalue| eigenvalue.value),
        }
    }
}

/// What the loss does along the update `u = (w_t − w_{t+1})/η` that follows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlongUpdate {
    /// uᵀHu.
    pub curvature: f64,
    /// gᵀu, positive where the update goes downhill.
    pub slope: f64,
}

impl AlongUpdate {
    /// Measurements that a mean is over.
    pub const WINDOW: usize = 32;

    /// uᵀHu/gᵀu: above 2/η the step raises the quadratic model of the loss. `None` where the
    /// update goes uphill.
    #[must_use]
    pub fn directional_sharpness(&self) -> Option<f64> {
        (self.slope > 0.0).then(|| self.curvature / self.slope)
    }
}

/// Measurements at one iterate on fresh batches of the run's batch size.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BatchCurvature {
    /// Batch sharpness, the mean over batches B of `g_BᵀH_Bg_B/‖g_B‖²` (arXiv 2412.20553).
    pub sharpness: f64,
    /// Standard error s/√n of the batch sharpness.
    pub sharpness_error: f64,
    /// Unbiased trace of the covariance of `g_B` over batches: `Σ‖g_B − ḡ‖²/(n − 1)`.
    pub gradient_covariance_trace: f64,
    /// Number n of batches, at least 2; each took one Hessian-vector product.
    pub n_batches: u32,
}

/// One measured eigenvalue.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Eigenvalue {
    /// The eigenvalue λ.
    pub value: f64,
    /// ‖Hu − λu‖/|λ| for the unit vector u: some eigenvalue lies within this relative distance of
    /// λ.
    pub residual: f64,
    /// Estimated relative error; `None` in records of old versions, which did not estimate it.
    pub error: Option<f64>,
    /// Whether the error met the tolerance; in records of old versions, whether the residual did.
    pub is_converged: bool,
    /// Number of the eigenvector, tracked by overlap as eigenvalues cross.
    pub identity: u32,
}

/// An eigenvalue that is tracked from step to step, and audited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Followed {
    /// The eigenvalue of this rank from the top; 1 is the sharpness.
    Largest(u8),
    /// The smallest.
    Smallest,
    /// The largest of the preconditioned Hessian.
    Preconditioned,
}

/// A tracked eigenvalue that an audit contradicted: its values since the last agreeing audit are in
/// doubt.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Doubt {
    /// Which eigenvalue.
    pub of: Followed,
    /// Step of the last audit that agreed; the values after it are in doubt.
    pub agreed: u64,
    /// Step of the contradicting audit.
    pub step: u64,
    /// The tracked value at this step.
    pub followed: f64,
    /// The audit's value.
    pub audited: f64,
}

/// An eigenvalue from a separate solve, with its cost.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Solved {
    /// The eigenvalue.
    pub eigenvalue: Eigenvalue,
    /// Hessian-vector products spent.
    pub hvps: u32,
}

/// Wall times of one step in milliseconds. Kept apart from the sample, as equal runs differ in
/// them.
#[derive(Clone, Copy, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Cost {
    /// The whole step.
    pub step_ms: f64,
    /// Measurement of the top eigenvalues and of the preconditioned Hessian.
    pub probe_ms: f64,
    /// Measurement of the smallest eigenvalue, with its audit.
    pub min_ms: f64,
    /// The cold audit of the top eigenvalues.
    pub audit_ms: f64,
    /// Measurement on fresh batches.
    pub batches_ms: f64,
}

/// State of the tuning of the initial weights, before step 0, after `iteration` iterations.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Preparation {
    /// Iterations done.
    pub iteration: u64,
    /// Iterations in total.
    pub n_iterations: u64,
    /// Objective that the tuning minimises, on the examples of this iteration.
    pub objective: f64,
    /// Gradient norm that the method bounds; `None` for methods without a bound.
    pub grad_norm: Option<f64>,
    /// Names of the tuned tensors.
    pub names: Arc<[String]>,
    /// Size of each tensor: its Euclidean norm (`MetaInit`), or its scale relative to the drawn
    /// tensor (`GradInit`, LSUV).
    pub sizes: Vec<f64>,
}

impl Preparation {
    /// Whether the tuning is done.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.iteration >= self.n_iterations
    }
}

/// A sample and its wall times.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Record {
    /// Measurements.
    pub sample: Sample,
    /// Wall times.
    pub cost: Cost,
}
