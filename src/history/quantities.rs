//! The quantities table: one row per scalar, with name, symbol, unit, tooltip and extractor.
//! Drives CSV, plots, hover and legends; does not store values.

use crate::protocol::{BatchCurvature, Curvature, Eigenvalue, Record, Solved};

/// One scalar that a run records.
#[derive(Clone, Copy, Debug)]
pub struct Quantity {
    /// Name in CSV headers and on the command line.
    pub name: &'static str,
    /// Name on screen.
    pub label: &'static str,
    /// Symbol, for legends.
    pub symbol: &'static str,
    /// Unit, empty where there is none.
    pub unit: &'static str,
    /// One sentence for a tooltip.
    pub tooltip: &'static str,
    /// Its value in a record; `None` when it was not measured.
    pub read: fn(&Record) -> Option<f64>,
}

/// The row of a name.
#[must_use]
pub fn quantity(name: &str) -> Option<&'static Quantity> {
    QUANTITIES.iter().find(|row| row.name == name)
}

/// Rows for shares of layers; the last one takes what is left.
pub const N_LAYER_ROWS: usize = 16;

macro_rules! rows {
    ($($name:literal, $label:literal, $symbol:literal, $unit:literal, $tooltip:literal, $read:expr;)+) => {
        /// All quantities but `step`, in the order of CSV columns.
        pub static QUANTITIES: &[Quantity] = &[$(Quantity {
            name: $name, label: $label, symbol: $symbol, unit: $unit, tooltip: $tooltip, read: $read,
        }),+];
    };
}

fn curvature(record: &Record) -> Option<&Curvature> {
    record.sample.curvature.as_ref()
}

/// The curvature, when the largest eigenvalues are part of it.
fn top_measured(record: &Record) -> Option<&Curvature> {
    curvature(record).filter(|curvature| !curvature.top.is_empty())
}

fn top<const I: usize>(record: &Record) -> Option<&Eigenvalue> {
    curvature(record)?.top.get(I)
}

fn top_value<const I: usize>(record: &Record) -> Option<f64> {
    top::<I>(record).map(|eigenvalue| eigenvalue.value)
}

fn top_residual<const I: usize>(record: &Record) -> Option<f64> {
    top::<I>(record).map(|eigenvalue| eigenvalue.residual)
}

fn top_error<const I: usize>(record: &Record) -> Option<f64> {
    top::<I>(record)?.error
}

fn top_converged<const I: usize>(record: &Record) -> Option<f64> {
    top::<I>(record).map(|eigenvalue| flag(eigenvalue.is_converged))
}

fn layer_share<const I: usize>(record: &Record) -> Option<f64> {
    curvature(record)?.layer_shares.get(I).copied()
}

/// What the layers from the last row's on have together.
fn layer_rest(record: &Record) -> Option<f64> {
    let rest = curvature(record)?.layer_shares.get(N_LAYER_ROWS - 1..)?;
    (!rest.is_empty()).then(|| rest.iter().sum())
}

/// What the stability threshold is compared with.
fn governing(record: &Record) -> Option<f64> {
    curvature(record)?.governing()
}

fn preconditioned(record: &Record) -> Option<&Solved> {
    curvature(record)?.preconditioned.as_ref()
}

fn batches(record: &Record) -> Option<&BatchCurvature> {
    curvature(record)?.batches.as_ref()
}

fn flag(value: bool) -> f64 {
    f64::from(u8::from(value))
}

/// Milliseconds of something that happened only when `happened`.
fn ms_if(happened: bool, ms: f64) -> Option<f64> {
    happened.then_some(ms)
}

rows! {
    "epoch", "Epoch", "epoch", "", "Passes over the training set so far.", |r| Some(r.sample.epoch);
    "loss", "Training loss", "L", "", "Loss of this step's training examples, before the update.", |r| Some(r.sample.loss);
    "accuracy", "Training accuracy", "acc", "", "Fraction of right predictions for the training examples of this step.", |r| r.sample.accuracy;
    "test_loss", "Test loss", "L test", "", "Loss on the test set.", |r| r.sample.test_loss;
    "test_accuracy", "Test accuracy", "acc test", "", "Fraction of right predictions for the test set.", |r| r.sample.test_accuracy;
    "probe_loss", "Probe loss", "L probe", "", "Loss on the probe set, where it is not the batch's.", |r| r.sample.probe_loss;
    "learning_rate", "Learning rate", "η", "", "Learning rate of the update that follows.", |r| Some(r.sample.learning_rate);
    "effective_learning_rate", "Effective learning rate", "η eff", "", "Learning rate times the clip scale.", |r| Some(r.sample.effective_learning_rate);
    "grad_norm", "Gradient norm", "‖g‖", "", "Euclidean norm of the gradient before clipping.", |r| Some(r.sample.grad_norm);
    "clip_level", "Clip level", "c", "", "Gradient norms above this level are scaled down to it; blank where not the norm is clipped.", |r| r.sample.clip_level;
    "clip_scale", "Clip scale", "‖g clip‖/‖g‖", "", "Norm of the clipped gradient over that of the gradient: 1 where it was let through unchanged.", |r| Some(r.sample.clip_scale);
    "clipped_fraction", "Clipped fraction", "clipped", "", "Part of the coordinates or units that was clipped, 0 or 1 where the global norm is what is clipped.", |r| r.sample.clipped_fraction;
    "update_norm", "Update norm", "‖Δw‖", "", "Euclidean norm of the update that follows.", |r| Some(r.sample.update_norm);
    "param_norm", "Parameter norm", "‖w‖", "", "Euclidean norm of all parameters.", |r| Some(r.sample.param_norm);
    "sharpness", "Sharpness", "λ₁", "", "Largest eigenvalue of the Hessian of the training loss.", top_value::<0>;
    "sharpness_residual", "Sharpness residual", "res λ₁", "", "‖Hu − λu‖/|λ| of the sharpness: some eigenvalue is as near as that, but not always the largest.", top_residual::<0>;
    "sharpness_error", "Sharpness error", "± λ₁", "", "Estimated relative error of the sharpness, from residuals and the gap to further eigenvalues.", top_error::<0>;
    "sharpness_converged", "Sharpness converged", "conv λ₁", "", "1 where the estimated error met the tolerance, else 0.", top_converged::<0>;
    "sharpness_doubted", "Sharpness doubted", "doubt λ", "", "1 from an audit that contradicted the followed eigenvalues until one that agrees, else 0.", |r| top_measured(r).map(|c| flag(c.is_doubted));
    "sharpness_identity", "Sharpness identity", "id λ₁", "", "Number that stays with one eigenvector; it changes where another takes over as the largest.", |r| top::<0>(r).map(|e| f64::from(e.identity));
    "sharpness_hvps", "HVPs", "HVPs", "", "Hessian-vector products spent on the largest eigenvalues.", |r| top_measured(r).map(|c| f64::from(c.hvps));
    "sharpness_ms", "Measurement time", "t probe", "ms", "Wall time of measuring the largest eigenvalues.", |r| ms_if(top_measured(r).is_some(), r.cost.probe_ms);
    "stability_threshold", "Stability threshold", "limit/η", "", "Sharpness above which a quadratic is unstable at this learning rate.", |r| r.sample.stability_threshold;
    "effective_threshold", "Effective threshold", "limit/η eff", "", "The limit that binds: the stability threshold, at the effective learning rate where the norm was clipped; blank where coordinates or units were, for which no limit is known.", |r| r.sample.effective_threshold;
    "sharpness_ratio", "Sharpness ratio", "λ₁η/limit", "", "Sharpness, or the preconditioned one where the update scales the Hessian, over the stability threshold; 1 is the edge of stability.", |r| Some(governing(r)? / r.sample.stability_threshold?);
    "binding_ratio", "Binding ratio", "λ₁η eff/limit", "", "The same curvature over the limit that binds: at the effective learning rate where the norm was clipped, blank where coordinates or units were.", |r| Some(governing(r)? / r.sample.effective_threshold?);
    "largest_stable_rate", "Largest stable rate", "limit/λ₁", "", "Learning rate up to which the update that follows is stable at the curvature measured here.", |r| r.sample.largest_stable_rate;
    "preconditioned_sharpness", "Preconditioned sharpness", "λ₁(P⁻¹H)", "", "Largest eigenvalue of the Hessian as the next update scales it: by its preconditioner P, and by rates of single parameters.", |r| preconditioned(r).map(|s| s.eigenvalue.value);
    "preconditioned_sharpness_residual", "Preconditioned residual", "res λ₁(P⁻¹H)", "", "Residual of the preconditioned sharpness.", |r| preconditioned(r).map(|s| s.eigenvalue.residual);
    "preconditioned_sharpness_error", "Preconditioned error", "± λ₁(P⁻¹H)", "", "Estimated relative error of the preconditioned sharpness.", |r| preconditioned(r)?.eigenvalue.error;
    "preconditioned_sharpness_converged", "Preconditioned converged", "conv λ₁(P⁻¹H)", "", "1 where the estimated error of the preconditioned sharpness met the tolerance, else 0.", |r| preconditioned(r).map(|s| flag(s.eigenvalue.is_converged));
    "preconditioned_sharpness_hvps", "Preconditioned HVPs", "HVPs λ₁(P⁻¹H)", "", "Hessian-vector products spent on the preconditioned sharpness.", |r| preconditioned(r).map(|s| f64::from(s.hvps));
    "torque", "Torque", "ε+d", "", "Factor of torque-aware momentum on the gradient: how well it agrees with the momentum.", |r| r.sample.torque;
    "hessian_eig_2", "2nd eigenvalue", "λ₂", "", "Second largest Hessian eigenvalue.", top_value::<1>;
    "hessian_eig_2_residual", "2nd residual", "res λ₂", "", "Residual of the second largest eigenvalue.", top_residual::<1>;
    "hessian_eig_2_error", "2nd error", "± λ₂", "", "Estimated relative error of the second largest eigenvalue.", top_error::<1>;
    "hessian_eig_2_converged", "2nd converged", "conv λ₂", "", "1 where the estimated error of the second largest eigenvalue met the tolerance, else 0.", top_converged::<1>;
    "hessian_eig_3", "3rd eigenvalue", "λ₃", "", "Third largest Hessian eigenvalue.", top_value::<2>;
    "hessian_eig_3_residual", "3rd residual", "res λ₃", "", "Residual of the third largest eigenvalue.", top_residual::<2>;
    "hessian_eig_3_error", "3rd error", "± λ₃", "", "Estimated relative error of the third largest eigenvalue.", top_error::<2>;
    "hessian_eig_3_converged", "3rd converged", "conv λ₃", "", "1 where the estimated error of the third largest eigenvalue met the tolerance, else 0.", top_converged::<2>;
    "hessian_eig_4", "4th eigenvalue", "λ₄", "", "Fourth largest Hessian eigenvalue.", top_value::<3>;
    "hessian_eig_4_residual", "4th residual", "res λ₄", "", "Residual of the fourth largest eigenvalue.", top_residual::<3>;
    "hessian_eig_4_error", "4th error", "± λ₄", "", "Estimated relative error of the fourth largest eigenvalue.", top_error::<3>;
    "hessian_eig_4_converged", "4th converged", "conv λ₄", "", "1 where the estimated error of the fourth largest eigenvalue met the tolerance, else 0.", top_converged::<3>;
    "hessian_eig_5", "5th eigenvalue", "λ₅", "", "Fifth largest Hessian eigenvalue.", top_value::<4>;
    "hessian_eig_5_residual", "5th residual", "res λ₅", "", "Residual of the fifth largest eigenvalue.", top_residual::<4>;
    "hessian_eig_5_error", "5th error", "± λ₅", "", "Estimated relative error of the fifth largest eigenvalue.", top_error::<4>;
    "hessian_eig_5_converged", "5th converged", "conv λ₅", "", "1 where the estimated error of the fifth largest eigenvalue met the tolerance, else 0.", top_converged::<4>;
    "hessian_eig_6", "6th eigenvalue", "λ₆", "", "Sixth largest Hessian eigenvalue.", top_value::<5>;
    "hessian_eig_6_residual", "6th residual", "res λ₆", "", "Residual of the sixth largest eigenvalue.", top_residual::<5>;
    "hessian_eig_6_error", "6th error", "± λ₆", "", "Estimated relative error of the sixth largest eigenvalue.", top_error::<5>;
    "hessian_eig_6_converged", "6th converged", "conv λ₆", "", "1 where the estimated error of the sixth largest eigenvalue met the tolerance, else 0.", top_converged::<5>;
    "hessian_eig_min", "Smallest eigenvalue", "λ min", "", "Smallest (most negative) Hessian eigenvalue.", |r| curvature(r)?.min.map(|s| s.eigenvalue.value);
    "hessian_eig_min_residual", "Smallest residual", "res λ min", "", "Residual of the smallest eigenvalue.", |r| curvature(r)?.min.map(|s| s.eigenvalue.residual);
    "hessian_eig_min_error", "Smallest error", "± λ min", "", "Estimated relative error of the smallest eigenvalue.", |r| curvature(r)?.min?.eigenvalue.error;
    "hessian_eig_min_converged", "Smallest converged", "conv λ min", "", "1 where the estimated error of the smallest eigenvalue met the tolerance, else 0.", |r| curvature(r)?.min.map(|s| flag(s.eigenvalue.is_converged));
    "hessian_eig_min_hvps", "λ min HVPs", "HVPs λ min", "", "Hessian-vector products spent on the smallest eigenvalue.", |r| curvature(r)?.min.map(|s| f64::from(s.hvps));
    "hessian_eig_min_ms", "λ min time", "t λ min", "ms", "Wall time of measuring the smallest eigenvalue.", |r| ms_if(curvature(r)?.min.is_some(), r.cost.min_ms);
    "audit_sharpness", "Audited sharpness", "λ₁ audit", "", "Sharpness measured again from a cold start, as a check.", |r| curvature(r)?.audit.map(|s| s.eigenvalue.value);
    "audit_residual", "Audit residual", "res audit", "", "Residual of the audited sharpness.", |r| curvature(r)?.audit.map(|s| s.eigenvalue.residual);
    "audit_error", "Audit error", "± audit", "", "Estimated relative error of the audited sharpness.", |r| curvature(r)?.audit?.eigenvalue.error;
    "audit_converged", "Audit converged", "conv audit", "", "1 where the audit met its tolerance, a tenth of the measurement's, else 0.", |r| curvature(r)?.audit.map(|s| flag(s.eigenvalue.is_converged));
    "audit_hvps", "Audit HVPs", "HVPs audit", "", "Hessian-vector products spent on the audit; 0 where the measurement was itself one.", |r| curvature(r)?.audit.map(|s| f64::from(s.hvps));
    "audit_ms", "Audit time", "t audit", "ms", "Wall time of the audit.", |r| ms_if(curvature(r)?.audit.is_some(), r.cost.audit_ms);
    "gradient_curvature", "Curvature along g", "g·Hg/‖g‖²", "", "Curvature along the gradient, a lower bound on the sharpness.", |r| curvature(r)?.gradient_curvature;
    "gradient_alignment", "Alignment with g", "|cos(g,u)|", "", "Cosine of the angle between the gradient and the top eigenvector, without its sign.", |r| curvature(r)?.gradient_alignment;
    "batch_sharpness", "Batch sharpness", "batch sharpness", "", "Mean of g·Hg/‖g‖² over fresh batches, gradient and Hessian of the same batch: of mini-batch gradient descent this goes to 2/η, not the sharpness.", |r| batches(r).map(|b| b.sharpness);
    "batch_sharpness_error", "Batch sharpness error", "± batch sharpness", "", "Standard error of the batch sharpness: the deviation over batches, over the root of their number.", |r| batches(r).map(|b| b.sharpness_error);
    "batch_sharpness_batches", "Batches measured", "n batches", "", "Fresh batches that the batch sharpness is the mean over, each with one Hessian-vector product.", |r| batches(r).map(|b| f64::from(b.n_batches));
    "batch_sharpness_ms", "Batches time", "t batches", "ms", "Wall time of measuring on fresh batches.", |r| ms_if(batches(r).is_some(), r.cost.batches_ms);
    "gradient_covariance_trace", "Gradient covariance", "tr Cov g", "", "Trace of the covariance of the gradients of batches of the run's size: how far one is from their mean, squared.", |r| batches(r).map(|b| b.gradient_covariance_trace);
    "layer_share_1", "Layer 1 share", "‖u₁‖² layer 1", "", "Share of the top eigenvector's squared norm in layer 1 of the network; all layers sum to 1.", layer_share::<0>;
    "layer_share_2", "Layer 2 share", "‖u₁‖² layer 2", "", "Share of the top eigenvector's squared norm in layer 2 of the network; all layers sum to 1.", layer_share::<1>;
    "layer_share_3", "Layer 3 share", "‖u₁‖² layer 3", "", "Share of the top eigenvector's squared norm in layer 3 of the network; all layers sum to 1.", layer_share::<2>;
    "layer_share_4", "Layer 4 share", "‖u₁‖² layer 4", "", "Share of the top eigenvector's squared norm in layer 4 of the network; all layers sum to 1.", layer_share::<3>;
    "layer_share_5", "Layer 5 share", "‖u₁‖² layer 5", "", "Share of the top eigenvector's squared norm in layer 5 of the network; all layers sum to 1.", layer_share::<4>;
    "layer_share_6", "Layer 6 share", "‖u₁‖² layer 6", "", "Share of the top eigenvector's squared norm in layer 6 of the network; all layers sum to 1.", layer_share::<5>;
    "layer_share_7", "Layer 7 share", "‖u₁‖² layer 7", "", "Share of the top eigenvector's squared norm in layer 7 of the network; all layers sum to 1.", layer_share::<6>;
    "layer_share_8", "Layer 8 share", "‖u₁‖² layer 8", "", "Share of the top eigenvector's squared norm in layer 8 of the network; all layers sum to 1.", layer_share::<7>;
    "layer_share_9", "Layer 9 share", "‖u₁‖² layer 9", "", "Share of the top eigenvector's squared norm in layer 9 of the network; all layers sum to 1.", layer_share::<8>;
    "layer_share_10", "Layer 10 share", "‖u₁‖² layer 10", "", "Share of the top eigenvector's squared norm in layer 10 of the network; all layers sum to 1.", layer_share::<9>;
    "layer_share_11", "Layer 11 share", "‖u₁‖² layer 11", "", "Share of the top eigenvector's squared norm in layer 11 of the network; all layers sum to 1.", layer_share::<10>;
    "layer_share_12", "Layer 12 share", "‖u₁‖² layer 12", "", "Share of the top eigenvector's squared norm in layer 12 of the network; all layers sum to 1.", layer_share::<11>;
    "layer_share_13", "Layer 13 share", "‖u₁‖² layer 13", "", "Share of the top eigenvector's squared norm in layer 13 of the network; all layers sum to 1.", layer_share::<12>;
    "layer_share_14", "Layer 14 share", "‖u₁‖² layer 14", "", "Share of the top eigenvector's squared norm in layer 14 of the network; all layers sum to 1.", layer_share::<13>;
    "layer_share_15", "Layer 15 share", "‖u₁‖² layer 15", "", "Share of the top eigenvector's squared norm in layer 15 of the network; all layers sum to 1.", layer_share::<14>;
    "layer_share_16", "Layer 16+ share", "‖u₁‖² layers 16+", "", "Share of the top eigenvector's squared norm in layer 16 of the network and those after it.", layer_rest;
    "step_ms", "Step time", "t step", "ms", "Wall time of the whole step with its measurements.", |r| Some(r.cost.step_ms);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_quantity_is_named_once_and_explained() {
        for (i, row) in QUANTITIES.iter().enumerate() {
            assert!(row.tooltip.ends_with('.') && !row.symbol.is_empty(), "{}", row.name);
            assert!(QUANTITIES[..i].iter().all(|other| other.name != row.name), "{}", row.name);
            let is_snake =
                row.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
            assert!(is_snake, "{}", row.name);
        }
    }
}
