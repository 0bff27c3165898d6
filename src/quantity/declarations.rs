//! The declarations of all quantities, in the order of CSV columns. `figure/compose/plotted.rs`
//! declares how they are drawn.

use crate::sample::{AlongUpdate, BatchCurvature, Curvature, Eigenvalue, Record, Solved};

use super::declare::{Declaration, Presence, places, quantities};
use super::id::{Family, Quantity};

/// Rank of the last recorded eigenvalue.
pub const N_EIGENVALUES: usize = 6;

/// Number of layer shares of the top eigenvector that are recorded; the last one sums all further
/// layers.
pub const N_LAYER_SHARES: usize = 16;

quantities! {
    single EPOCH = "epoch", "Epoch", "epoch", "",
        "Passes over the training set up to this step, in examples seen over examples there are.",
        always, |r, _| Some(r.sample.epoch), |r, _, x| r.sample.epoch = x;
    single LOSS = "loss", "Training loss", "L", "",
        "Loss of this step's training examples, before the update.",
        always, |r, _| Some(r.sample.loss), |r, _, x| r.sample.loss = x;
    single ACCURACY = "accuracy", "Training accuracy", "acc", "",
        "Fraction of correct predictions on the training examples of this step.",
        free, |r, _| r.sample.accuracy, |r, _, x| r.sample.accuracy = Some(x);
    single TEST_LOSS = "test_loss", "Test loss", "L test", "",
        "Loss on the test set, at the weights before this step's update.",
        free, |r, _| r.sample.test_loss, |r, _, x| r.sample.test_loss = Some(x);
    single TEST_ACCURACY = "test_accuracy", "Test accuracy", "acc test", "",
        "Fraction of correct predictions on the test set.",
        free, |r, _| r.sample.test_accuracy, |r, _, x| r.sample.test_accuracy = Some(x);
    single PROBE_LOSS = "probe_loss", "Probe loss", "L probe", "",
        "Loss on the probe set, if that is not the batch.",
        free, |r, _| r.sample.probe_loss, |r, _, x| r.sample.probe_loss = Some(x);
    single LEARNING_RATE = "learning_rate", "Learning rate", "η", "",
        "Learning rate of the update that follows.",
        always, |r, _| Some(r.sample.learning_rate), |r, _, x| r.sample.learning_rate = x;
    single EFFECTIVE_LEARNING_RATE = "effective_learning_rate", "Effective learning rate", "η eff", "",
        "Learning rate times the clip scale: the rate that a clipped step really had.",
        always, |r, _| Some(r.sample.effective_learning_rate), |r, _, x| r.sample.effective_learning_rate = x;
    single GRAD_NORM = "grad_norm", "Gradient norm", "‖g‖", "",
        "Euclidean norm of the gradient before clipping.",
        always, |r, _| Some(r.sample.grad_norm), |r, _, x| r.sample.grad_norm = x;
    single CLIP_LEVEL = "clip_level", "Clip level", "c", "",
        "Gradient norms above this level are scaled down to it; blank unless the global norm is clipped.",
        free, |r, _| r.sample.clip_level, |r, _, x| r.sample.clip_level = Some(x);
    single CLIP_SCALE = "clip_scale", "Clip scale", "‖g clip‖/‖g‖", "",
        "Norm of the clipped gradient over that of the gradient: 1 if it was not clipped.",
        always, |r, _| Some(r.sample.clip_scale), |r, _, x| r.sample.clip_scale = x;
    single CLIPPED_FRACTION = "clipped_fraction", "Clipped fraction", "clipped", "",
        "Fraction of the coordinates or units that was clipped; 0 or 1 if the global norm is clipped.",
        free, |r, _| r.sample.clipped_fraction, |r, _, x| r.sample.clipped_fraction = Some(x);
    single UPDATE_NORM = "update_norm", "Update norm", "‖Δw‖", "",
        "Euclidean norm of the update that follows.",
        always, |r, _| Some(r.sample.update_norm), |r, _, x| r.sample.update_norm = x;
    single PARAM_NORM = "param_norm", "Parameter norm", "‖w‖", "",
        "Euclidean norm of all parameters, before the update.",
        always, |r, _| Some(r.sample.param_norm), |r, _, x| r.sample.param_norm = x;
    single RELATIVE_UPDATE = "relative_update", "Relative update", "‖Δw‖/‖w‖", "",
        "Norm of the update that follows over the norm of the parameters; blank where all parameters are 0.",
        derived, |r, _| relative_update(r), |_, _, _| ();
    single SHARPNESS = "sharpness", "Sharpness", "λ₁", "",
        "Largest eigenvalue of the Hessian of the training loss.",
        free, |r, _| top(r, 1).map(|e| e.value), |r, _, x| push_top(r, 1, x);
    single SHARPNESS_RESIDUAL = "sharpness_residual", "Sharpness residual", "res λ₁", "",
        "‖Hu − λu‖/|λ| of the sharpness: some eigenvalue lies within this relative distance, but not always the largest.",
        with(SHARPNESS), |r, _| top(r, 1).map(|e| e.residual), |r, _, x| edit(top_mut(r, 1), |e| e.residual = x);
    single SHARPNESS_ERROR = "sharpness_error", "Sharpness error", "± λ₁", "",
        "Estimated relative error of the sharpness, from residuals and the gap to further eigenvalues.",
        free, |r, _| top(r, 1)?.error, |r, _, x| edit(top_mut(r, 1), |e| e.error = Some(x));
    single SHARPNESS_CONVERGED = "sharpness_converged", "Sharpness converged", "conv λ₁", "",
        "1 where the estimated error met the tolerance, else 0.",
        with(SHARPNESS), |r, _| top(r, 1).map(|e| flag(e.is_converged)), |r, _, x| edit(top_mut(r, 1), |e| e.is_converged = x != 0.0);
    single SHARPNESS_DOUBTED = "sharpness_doubted", "Sharpness doubted", "doubt λ", "",
        "1 from an audit that contradicts the tracked eigenvalues until one that agrees, else 0.",
        free, |r, _| top_measured(r).map(|c| flag(c.is_doubted)), |r, _, x| edit(known_curvature(r), |c| c.is_doubted = x != 0.0);
    single SHARPNESS_IDENTITY = "sharpness_identity", "Sharpness identity", "id λ₁", "",
        "Number that stays with one eigenvector; it changes when another eigenvector becomes the top one.",
        count(SHARPNESS), |r, _| top(r, 1).map(|e| f64::from(e.identity)), |r, _, x| edit(top_mut(r, 1), |e| e.identity = whole(x));
    single SHARPNESS_HVPS = "sharpness_hvps", "HVPs", "HVPs", "",
        "Hessian-vector products spent on the largest eigenvalues.",
        count(SHARPNESS), |r, _| top_measured(r).map(|c| f64::from(c.hvps)), |r, _, x| edit(known_curvature(r), |c| c.hvps = whole(x));
    single SHARPNESS_MS = "sharpness_ms", "Measurement time", "t probe", "ms",
        "Wall time of measuring the largest eigenvalues.",
        free, |r, _| top_measured(r).map(|_| r.cost.probe_ms), |r, _, x| r.cost.probe_ms = x;
    single STABILITY_THRESHOLD = "stability_threshold", "Stability threshold", "limit/η", "",
        "Sharpness above which a quadratic is unstable at this learning rate.",
        free, |r, _| r.sample.stability_threshold, |r, _, x| r.sample.stability_threshold = Some(x);
    single EFFECTIVE_THRESHOLD = "effective_threshold", "Effective threshold", "limit/η eff", "",
        "The threshold in force: the stability threshold, at the effective learning rate if the norm was clipped; blank if coordinates or units were clipped, as no limit is known then.",
        free, |r, _| r.sample.effective_threshold, |r, _, x| r.sample.effective_threshold = Some(x);
    single SHARPNESS_RATIO = "sharpness_ratio", "Sharpness ratio", "λ₁η/limit", "",
        "Sharpness, or preconditioned sharpness if the update scales the Hessian, over the stability threshold; 1 is the edge of stability.",
        derived, |r, _| Some(governing(r)? / r.sample.stability_threshold?), |_, _, _| ();
    single BINDING_RATIO = "binding_ratio", "Binding ratio", "λ₁η eff/limit", "",
        "The curvature of the sharpness ratio over the effective threshold; blank if coordinates or units were clipped.",
        derived, |r, _| Some(governing(r)? / r.sample.effective_threshold?), |_, _, _| ();
    single LARGEST_STABLE_RATE = "largest_stable_rate", "Largest stable rate", "limit/λ₁", "",
        "Learning rate up to which the update that follows is stable at the curvature measured here.",
        free, |r, _| r.sample.largest_stable_rate, |r, _, x| r.sample.largest_stable_rate = Some(x);
    single PRECONDITIONED_SHARPNESS = "preconditioned_sharpness", "Preconditioned sharpness", "λ₁(P⁻¹H)", "",
        "Largest eigenvalue of the Hessian as the next update scales it: by its preconditioner P and by per-parameter learning rates.",
        free, |r, _| curvature(r)?.preconditioned.map(|s| s.eigenvalue.value), |r, _, x| curvature_mut(r).preconditioned = Some(solved(x));
    single PRECONDITIONED_SHARPNESS_RESIDUAL = "preconditioned_sharpness_residual", "Preconditioned residual", "res λ₁(P⁻¹H)", "",
        "Residual of the preconditioned sharpness.",
        with(PRECONDITIONED_SHARPNESS), |r, _| curvature(r)?.preconditioned.map(|s| s.eigenvalue.residual), |r, _, x| edit(solved_mut(r, |c| c.preconditioned.as_mut()), |s| s.eigenvalue.residual = x);
    single PRECONDITIONED_SHARPNESS_ERROR = "preconditioned_sharpness_error", "Preconditioned error", "± λ₁(P⁻¹H)", "",
        "Estimated relative error of the preconditioned sharpness.",
        free, |r, _| curvature(r)?.preconditioned?.eigenvalue.error, |r, _, x| edit(solved_mut(r, |c| c.preconditioned.as_mut()), |s| s.eigenvalue.error = Some(x));
    single PRECONDITIONED_SHARPNESS_CONVERGED = "preconditioned_sharpness_converged", "Preconditioned converged", "conv λ₁(P⁻¹H)", "",
        "1 where the estimated error of the preconditioned sharpness met the tolerance, else 0.",
        with(PRECONDITIONED_SHARPNESS), |r, _| curvature(r)?.preconditioned.map(|s| flag(s.eigenvalue.is_converged)), |r, _, x| edit(solved_mut(r, |c| c.preconditioned.as_mut()), |s| s.eigenvalue.is_converged = x != 0.0);
    single PRECONDITIONED_SHARPNESS_HVPS = "preconditioned_sharpness_hvps", "Preconditioned HVPs", "HVPs λ₁(P⁻¹H)", "",
        "Hessian-vector products spent on the preconditioned sharpness.",
        count(PRECONDITIONED_SHARPNESS), |r, _| curvature(r)?.preconditioned.map(|s| f64::from(s.hvps)), |r, _, x| edit(solved_mut(r, |c| c.preconditioned.as_mut()), |s| s.hvps = whole(x));
    single TORQUE = "torque", "Torque", "ε+d", "",
        "Factor of torque-aware momentum on the gradient: how well gradient and momentum agree.",
        free, |r, _| r.sample.torque, |r, _, x| r.sample.torque = Some(x);
    eigenvalue HESSIAN_EIG = "hessian_eig_{k}", "{nth} eigenvalue", "λ{sub}", "",
        "The {nth} largest eigenvalue of the Hessian of the training loss.",
        free, |r, k| top(r, k).map(|e| e.value), |r, k, x| push_top(r, k, x);
    eigenvalue HESSIAN_EIG_RESIDUAL = "hessian_eig_{k}_residual", "{nth} residual", "res λ{sub}", "",
        "Residual of the {nth} largest eigenvalue, relative to its size.",
        with(HESSIAN_EIG), |r, k| top(r, k).map(|e| e.residual), |r, k, x| edit(top_mut(r, k), |e| e.residual = x);
    eigenvalue HESSIAN_EIG_ERROR = "hessian_eig_{k}_error", "{nth} error", "± λ{sub}", "",
        "Estimated relative error of the {nth} largest eigenvalue.",
        free, |r, k| top(r, k)?.error, |r, k, x| edit(top_mut(r, k), |e| e.error = Some(x));
    eigenvalue HESSIAN_EIG_CONVERGED = "hessian_eig_{k}_converged", "{nth} converged", "conv λ{sub}", "",
        "1 where the estimated error of the {nth} largest eigenvalue met the tolerance, else 0.",
        with(HESSIAN_EIG), |r, k| top(r, k).map(|e| flag(e.is_converged)), |r, k, x| edit(top_mut(r, k), |e| e.is_converged = x != 0.0);
    single HESSIAN_EIG_MIN = "hessian_eig_min", "Smallest eigenvalue", "λ min", "",
        "Smallest (most negative) Hessian eigenvalue.",
        free, |r, _| curvature(r)?.min.map(|s| s.eigenvalue.value), |r, _, x| curvature_mut(r).min = Some(solved(x));
    single HESSIAN_EIG_MIN_RESIDUAL = "hessian_eig_min_residual", "Smallest residual", "res λ min", "",
        "Residual of the smallest eigenvalue, relative to its size.",
        with(HESSIAN_EIG_MIN), |r, _| curvature(r)?.min.map(|s| s.eigenvalue.residual), |r, _, x| edit(solved_mut(r, |c| c.min.as_mut()), |s| s.eigenvalue.residual = x);
    single HESSIAN_EIG_MIN_ERROR = "hessian_eig_min_error", "Smallest error", "± λ min", "",
        "Estimated relative error of the smallest eigenvalue.",
        free, |r, _| curvature(r)?.min?.eigenvalue.error, |r, _, x| edit(solved_mut(r, |c| c.min.as_mut()), |s| s.eigenvalue.error = Some(x));
    single HESSIAN_EIG_MIN_CONVERGED = "hessian_eig_min_converged", "Smallest converged", "conv λ min", "",
        "1 where the estimated error of the smallest eigenvalue met the tolerance, else 0.",
        with(HESSIAN_EIG_MIN), |r, _| curvature(r)?.min.map(|s| flag(s.eigenvalue.is_converged)), |r, _, x| edit(solved_mut(r, |c| c.min.as_mut()), |s| s.eigenvalue.is_converged = x != 0.0);
    single HESSIAN_EIG_MIN_HVPS = "hessian_eig_min_hvps", "λ min HVPs", "HVPs λ min", "",
        "Hessian-vector products spent on the smallest eigenvalue.",
        count(HESSIAN_EIG_MIN), |r, _| curvature(r)?.min.map(|s| f64::from(s.hvps)), |r, _, x| edit(solved_mut(r, |c| c.min.as_mut()), |s| s.hvps = whole(x));
    single HESSIAN_EIG_MIN_MS = "hessian_eig_min_ms", "λ min time", "t λ min", "ms",
        "Wall time of measuring the smallest eigenvalue.",
        free, |r, _| curvature(r)?.min.map(|_| r.cost.min_ms), |r, _, x| r.cost.min_ms = x;
    single AUDIT_SHARPNESS = "audit_sharpness", "Audited sharpness", "λ₁ audit", "",
        "Sharpness measured again from a cold start, as a check.",
        free, |r, _| curvature(r)?.audit.map(|s| s.eigenvalue.value), |r, _, x| curvature_mut(r).audit = Some(solved(x));
    single AUDIT_RESIDUAL = "audit_residual", "Audit residual", "res audit", "",
        "Residual of the audited sharpness, relative to its size.",
        with(AUDIT_SHARPNESS), |r, _| curvature(r)?.audit.map(|s| s.eigenvalue.residual), |r, _, x| edit(solved_mut(r, |c| c.audit.as_mut()), |s| s.eigenvalue.residual = x);
    single AUDIT_ERROR = "audit_error", "Audit error", "± audit", "",
        "Estimated relative error of the audited sharpness.",
        free, |r, _| curvature(r)?.audit?.eigenvalue.error, |r, _, x| edit(solved_mut(r, |c| c.audit.as_mut()), |s| s.eigenvalue.error = Some(x));
    single AUDIT_CONVERGED = "audit_converged", "Audit converged", "conv audit", "",
        "1 where the audit met its tolerance, a tenth of the measurement's, else 0.",
        with(AUDIT_SHARPNESS), |r, _| curvature(r)?.audit.map(|s| flag(s.eigenvalue.is_converged)), |r, _, x| edit(solved_mut(r, |c| c.audit.as_mut()), |s| s.eigenvalue.is_converged = x != 0.0);
    single AUDIT_HVPS = "audit_hvps", "Audit HVPs", "HVPs audit", "",
        "Hessian-vector products spent on the audit; 0 if the measurement itself was an audit.",
        count(AUDIT_SHARPNESS), |r, _| curvature(r)?.audit.map(|s| f64::from(s.hvps)), |r, _, x| edit(solved_mut(r, |c| c.audit.as_mut()), |s| s.hvps = whole(x));
    single AUDIT_MS = "audit_ms", "Audit time", "t audit", "ms",
        "Wall time of the audit of all eigenvalues at this step.",
        free, |r, _| curvature(r)?.audit.map(|_| r.cost.audit_ms), |r, _, x| r.cost.audit_ms = x;
    single GRADIENT_CURVATURE = "gradient_curvature", "Curvature along g", "g·Hg/‖g‖²", "",
        "Curvature along the gradient, a lower bound on the sharpness; blank where no product was spent on it.",
        free, |r, _| curvature(r)?.gradient_curvature, |r, _, x| edit(known_curvature(r), |c| c.gradient_curvature = Some(x));
    single GRADIENT_ALIGNMENT = "gradient_alignment", "Alignment with g", "|cos(g,u)|", "",
        "Absolute cosine of the angle between the gradient and the top eigenvector.",
        free, |r, _| curvature(r)?.gradient_alignment, |r, _, x| edit(known_curvature(r), |c| c.gradient_alignment = Some(x));
    single UPDATE_CURVATURE = "update_curvature", "Curvature of the update", "u·Hu", "",
        "u·Hu of the update that follows, divided by the learning rate: u = (w − w next)/η.",
        free, |r, _| Some(along(r)?.curvature), |r, _, x| start_along(r, x);
    single UPDATE_SLOPE = "update_slope", "Slope of the update", "g·u", "",
        "g·u of the same update and the gradient of the loss whose Hessian is measured: positive where the update goes downhill.",
        with(UPDATE_CURVATURE), |r, _| Some(along(r)?.slope), |r, _, x| edit(known_along(r), |a| a.slope = x);
    single DIRECTIONAL_SHARPNESS = "directional_sharpness", "Directional sharpness", "λ dir", "",
        "(u·Hu)/(g·u) of the update that follows: above 2/η it raises the quadratic model of the loss, for every rule; blank where the update goes uphill.",
        derived, |r, _| along(r)?.directional_sharpness(), |_, _, _| ();
    single DIRECTIONAL_SHARPNESS_MEAN = "directional_sharpness_mean", "Mean directional sharpness", "mean λ dir", "",
        "Sum of u·Hu over sum of g·u in up to 32 measurements: 2/η where the update oscillates.",
        free, |r, _| curvature(r)?.directional_mean, |r, _, x| edit(known_curvature(r), |c| c.directional_mean = Some(x));
    single DIRECTIONAL_THRESHOLD = "directional_threshold", "Directional threshold", "2/η", "",
        "Limit of the directional sharpness, 2/η for every rule, with or without clipping; blank where the learning rate is 0.",
        derived, |r, _| directional_threshold(r), |_, _, _| ();
    single BATCH_SHARPNESS = "batch_sharpness", "Batch sharpness", "batch sharpness", "",
        "Mean of g·Hg/‖g‖² over fresh batches, gradient and Hessian of the same batch: in mini-batch gradient descent this rises to 2/η, not the sharpness.",
        free, |r, _| batches(r).map(|b| b.sharpness), |r, _, x| start_batches(r, x);
    single BATCH_SHARPNESS_ERROR = "batch_sharpness_error", "Batch sharpness error", "± batch sharpness", "",
        "Standard error of the batch sharpness: the standard deviation over batches divided by the root of their number.",
        with(BATCH_SHARPNESS), |r, _| batches(r).map(|b| b.sharpness_error), |r, _, x| edit(known_batches(r), |b| b.sharpness_error = x);
    single BATCH_SHARPNESS_BATCHES = "batch_sharpness_batches", "Batches measured", "n batches", "",
        "Number of fresh batches that the batch sharpness averages over; each takes one Hessian-vector product.",
        count(BATCH_SHARPNESS), |r, _| batches(r).map(|b| f64::from(b.n_batches)), |r, _, x| edit(known_batches(r), |b| b.n_batches = whole(x));
    single BATCH_SHARPNESS_MS = "batch_sharpness_ms", "Batches time", "t batches", "ms",
        "Wall time of measuring on fresh batches.",
        free, |r, _| batches(r).map(|_| r.cost.batches_ms), |r, _, x| r.cost.batches_ms = x;
    single GRADIENT_COVARIANCE_TRACE = "gradient_covariance_trace", "Gradient covariance", "tr Cov g", "",
        "Trace of the covariance of the gradients of batches of the run's size: their mean squared distance from their mean.",
        with(BATCH_SHARPNESS), |r, _| batches(r).map(|b| b.gradient_covariance_trace), |r, _, x| edit(known_batches(r), |b| b.gradient_covariance_trace = x);
    layer LAYER_SHARE = "layer_share_{k}", "Layer {k} share", "‖u₁‖² layer {k}", "",
        "Share of the top eigenvector's squared norm in layer {k} of the network; all layers sum to 1.",
        free, |r, k| share(r, k), |r, k, x| push_share(r, k, x);
    single LAYER_SHARE_REST = "layer_share_16", "Layer 16+ share", "‖u₁‖² layers 16+", "",
        "Share of the top eigenvector's squared norm in layer 16 of the network and all later ones.",
        free, |r, _| share_of_rest(r), |r, _, x| push_share(r, N_LAYER_SHARES, x);
    single STEP_MS = "step_ms", "Step time", "t step", "ms",
        "Wall time of the whole step with its measurements.",
        free, |r, _| Some(r.cost.step_ms), |r, _, x| r.cost.step_ms = x;
}

fn curvature(record: &Record) -> Option<&Curvature> {
    record.sample.curvature.as_ref()
}

/// The curvature, when the largest eigenvalues are part of it.
fn top_measured(record: &Record) -> Option<&Curvature> {
    curvature(record).filter(|curvature| !curvature.top.is_empty())
}

/// The k-th largest eigenvalue, from 1.
fn top(record: &Record, k: usize) -> Option<&Eigenvalue> {
    curvature(record)?.top.get(k - 1)
}

fn share(record: &Record, layer: usize) -> Option<f64> {
    curvature(record)?.layer_shares.get(layer - 1).copied()
}

/// The summed share of the layers from number `N_LAYER_SHARES` on.
fn share_of_rest(record: &Record) -> Option<f64> {
    let rest = curvature(record)?.layer_shares.get(N_LAYER_SHARES - 1..)?;
    (!rest.is_empty()).then(|| rest.iter().sum())
}

/// The curvature that is compared with the stability threshold.
fn governing(record: &Record) -> Option<f64> {
    curvature(record)?.governing()
}

fn relative_update(record: &Record) -> Option<f64> {
    let norm = record.sample.param_norm;
    (norm > 0.0).then(|| record.sample.update_norm / norm)
}

fn along(record: &Record) -> Option<&AlongUpdate> {
    curvature(record)?.along_update.as_ref()
}

fn known_along(record: &mut Record) -> Option<&mut AlongUpdate> {
    known_curvature(record)?.along_update.as_mut()
}

fn start_along(record: &mut Record, curvature: f64) {
    let along = AlongUpdate { curvature, slope: f64::NAN };
    edit(known_curvature(record), |c| c.along_update = Some(along));
}

/// 2/η: clip scale and preconditioner are part of the update, so they do not enter.
fn directional_threshold(record: &Record) -> Option<f64> {
    let rate = record.sample.learning_rate;
    (rate > 0.0).then(|| 2.0 / rate)
}

fn batches(record: &Record) -> Option<&BatchCurvature> {
    curvature(record)?.batches.as_ref()
}

fn flag(value: bool) -> f64 {
    f64::from(u8::from(value))
}

/// A count that was checked to be whole.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked before")]
fn whole(value: f64) -> u32 {
    value as u32
}

/// Applies `change` if there is a value; else drops it, as its quantity was not measured.
fn edit<T>(place: Option<&mut T>, change: impl FnOnce(&mut T)) {
    if let Some(place) = place {
        change(place);
    }
}

fn known_curvature(record: &mut Record) -> Option<&mut Curvature> {
    record.sample.curvature.as_mut()
}

fn curvature_mut(record: &mut Record) -> &mut Curvature {
    record.sample.curvature.get_or_insert_with(Curvature::default)
}

fn eigenvalue(value: f64, rank: usize) -> Eigenvalue {
    let identity = u32::try_from(rank - 1).unwrap_or(u32::MAX);
    Eigenvalue { value, residual: f64::NAN, error: None, is_converged: false, identity }
}

fn top_mut(record: &mut Record, k: usize) -> Option<&mut Eigenvalue> {
    known_curvature(record)?.top.get_mut(k - 1)
}

/// Appends the k-th eigenvalue; drops it if an earlier one is missing.
fn push_top(record: &mut Record, k: usize, value: f64) {
    let top = &mut curvature_mut(record).top;
    if top.len() == k - 1 {
        top.push(eigenvalue(value, k));
    }
}

fn push_share(record: &mut Record, layer: usize, value: f64) {
    edit(known_curvature(record), |curvature| {
        if curvature.layer_shares.len() == layer - 1 {
            curvature.layer_shares.push(value);
        }
    });
}

fn solved(value: f64) -> Solved {
    Solved { eigenvalue: eigenvalue(value, 1), hvps: 0 }
}

fn solved_mut(
    record: &mut Record,
    which: fn(&mut Curvature) -> Option<&mut Solved>,
) -> Option<&mut Solved> {
    which(known_curvature(record)?)
}

fn known_batches(record: &mut Record) -> Option<&mut BatchCurvature> {
    known_curvature(record)?.batches.as_mut()
}

fn start_batches(record: &mut Record, sharpness: f64) {
    let [sharpness_error, gradient_covariance_trace] = [f64::NAN; 2];
    let n_batches = 0;
    let batches =
        BatchCurvature { sharpness, sharpness_error, gradient_covariance_trace, n_batches };
    curvature_mut(record).batches = Some(batches);
}
