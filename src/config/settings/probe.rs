//! The settings of measurements: which curvatures are measured, how often and to which tolerance.

use super::super::choices::{Interval, ProbeMethod};
use super::declaration::{Range, Section, SliderRange, log, log_whole, whole};
use super::group::{any_of, settings};

/// Range of an interval's slider in steps; larger intervals can be typed.
pub(super) const MAX_INTERVAL: [f64; 2] = [0.0, 1000.0];

settings! {
    /// When and how the curvature is measured.
    ProbeSettings at (live.probe) {
        /// Steps between measurements of the curvature.
        every: Interval = Interval::every(1) => EVERY,
            live(Section::Measurements, "Measure every", Range::WholeOr("off")).unit("steps")
                .slider_range(SliderRange::Fixed(MAX_INTERVAL));
        /// How the eigenvectors are followed: predict extrapolates them along the run and needs
        /// half of krylov's products where the Hessian changes smoothly.
        method: ProbeMethod = ProbeMethod::Predict => METHOD,
            live(Section::Measurements, "Method", any_of!(ProbeMethod)).always_shown().unread(|config| is_off(&config.live.probe));
        /// How many of the largest Hessian eigenvalues are measured.
        top_k: usize = 2 => TOP_K,
            live(Section::Measurements, "Eigenvalues", whole(1, 6)).always_shown()
                .unread(|config| is_off(&config.live.probe));
        /// Steps between measurements of the smallest Hessian eigenvalue.
        min_every: Interval = Interval::every(50) => MIN_EVERY,
            live(Section::Measurements, "λ min every", Range::WholeOr("off")).unit("steps")
                .slider_range(SliderRange::Fixed(MAX_INTERVAL))
                .always_shown()
                .unread(|config| is_off(&config.live.probe));
        /// Steps between audits: everything measured is measured again from random vectors, as a
        /// check.
        audit_every: Interval = Interval::every(200) => AUDIT_EVERY,
            live(Section::Measurements, "Audit every", Range::WholeOr("off")).unit("steps")
                .slider_range(SliderRange::Fixed(MAX_INTERVAL))
                .always_shown()
                .unread(|config| is_off(&config.live.probe));
        /// Steps between measurements of the batch sharpness, the mean curvature of batches along
        /// their own gradients, and of the gradient's covariance, on batches drawn for that.
        batches_every: Interval = Interval::Off => BATCHES_EVERY,
            live(Section::Measurements, "Batches every", Range::WholeOr("off")).unit("steps")
                .slider_range(SliderRange::Fixed(MAX_INTERVAL))
                .always_shown()
                .unread(|config| {
                    without_batches(config.is_full_batch())
                        .or(is_off(&config.live.probe))
                });
        /// Batches per measurement of the batch sharpness; the standard error falls as 1/√n, the
        /// cost grows as n.
        n_batches: u32 = 16 => N_BATCHES,
            live(Section::Measurements, "Batches", log_whole(2, 1000)).always_shown()
                .unread(|config| {
                    let is_never = config.live.probe.batches_every == Interval::Off;
                    without_batches(config.is_full_batch())
                        .or(is_off(&config.live.probe))
                        .or(is_never.then(|| format!("`{BATCHES_EVERY}` is off")))
                });
        /// Estimated relative error at which an eigenvalue counts as converged.
        tolerance: f64 = 1e-3 => TOLERANCE,
            live(Section::Measurements, "Tolerance", log(1e-6, 0.5)).always_shown()
                .unread(|config| is_off(&config.live.probe));
    }
}

/// The reason why nothing of the curvature is measured; `None` if something is.
pub(super) fn is_off(probe: &ProbeSettings) -> Option<String> {
    (probe.every == Interval::Off).then(|| format!("`{EVERY}` is off"))
}

fn without_batches(is_full_batch: bool) -> Option<String> {
    is_full_batch.then(|| "every step sees all examples, so there is one batch only".into())
}
