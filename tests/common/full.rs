//! A record with every possible measurement.

use eoscope::protocol::{
    AlongUpdate, BatchCurvature, Cost, Curvature, Eigenvalue, Record, Sample, Solved,
};

/// Every measurement of the Hessian, with distinct numbers.
fn curvature(next: &mut impl FnMut() -> f64) -> Curvature {
    let mut eigenvalue = |identity| Eigenvalue {
        value: next(),
        residual: next(),
        error: Some(next()),
        is_converged: true,
        identity,
    };
    let top = (0..6).map(&mut eigenvalue).collect();
    let mut solved = |hvps| Some(Solved { eigenvalue: eigenvalue(0), hvps });
    let (preconditioned, min, audit) = (solved(7), solved(8), solved(9));
    Curvature {
        top,
        hvps: 10,
        preconditioned,
        min,
        audit,
        doubts: Vec::new(),
        is_doubted: true,
        gradient_curvature: Some(next()),
        along_update: Some(AlongUpdate { curvature: next(), slope: next() }),
        directional_mean: Some(next()),
        gradient_alignment: Some(next()),
        // More layers than have their own share.
        layer_shares: (0..18).map(|_| next()).collect(),
        batches: Some(BatchCurvature {
            sharpness: next(),
            sharpness_error: next(),
            gradient_covariance_trace: next(),
            n_batches: 11,
        }),
    }
}

/// A record with every number measured, all distinct.
pub(crate) fn full() -> Record {
    let mut n = 0.0;
    let mut next = || {
        n += 1.0;
        n + 0.5
    };
    let curvature = Some(curvature(&mut next));
    let sample = Sample {
        step: 0,
        epoch: next(),
        loss: next(),
        accuracy: Some(next()),
        test_loss: Some(next()),
        test_accuracy: Some(next()),
        learning_rate: next(),
        effective_learning_rate: next(),
        grad_norm: next(),
        clip_level: Some(next()),
        clip_scale: next(),
        clipped_fraction: Some(next()),
        update_norm: next(),
        param_norm: next(),
        stability_threshold: Some(next()),
        effective_threshold: Some(next()),
        largest_stable_rate: Some(next()),
        torque: Some(next()),
        probe_loss: Some(next()),
        curvature,
    };
    let [step_ms, probe_ms, min_ms, audit_ms, batches_ms] = [(); 5].map(|()| next());
    Record { sample, cost: Cost { step_ms, probe_ms, min_ms, audit_ms, batches_ms } }
}
