//! The settings of measurements: which curvatures are measured, how often and to which tolerance.

use std::ops::Range as Span;

use super::super::choices::{Interval, ProbeMethod};
use super::declaration::{Range, Section, SliderRange, log, log_whole, whole};
use super::group::{any_of, settings};
use crate::text;

/// Range of an interval's slider in steps; larger intervals can be typed.
pub(super) const MAX_INTERVAL: [f64; 2] = [0.0, 1000.0];

settings! {
    /// When and how the curvature is measured.
    ProbeSettings at (live.probe) {
        /// Steps between measurements of the curvature.
        every: Interval = Interval::every(1) => EVERY,
            live(Section::Measurements, "Measure every", Range::WholeOr("off")).unit("steps")
                .brief(|config| Some(match config.live.probe.every {
                    Interval::Off => "off".to_owned(),
                    Interval::Every(n) if n.get() == 1 => "every step".to_owned(),
                    Interval::Every(n) => format!("every {n} steps"),
                }))
                .slider_range(SliderRange::Fixed(MAX_INTERVAL))
                .idle(|now, before, steps| unmeasured([&now.live.probe, &before.live.probe], steps));
        /// How the eigenvectors are followed: predict extrapolates them along the run and needs
        /// half of krylov's products where the Hessian changes smoothly.
        method: ProbeMethod = ProbeMethod::Predict => METHOD,
            live(Section::Measurements, "Method", any_of!(ProbeMethod)).always_shown()
                .unread(|config| is_off(&config.live.probe))
                .idle(|now, before, steps| unmeasured([&now.live.probe, &before.live.probe], steps));
        /// How many of the largest Hessian eigenvalues are measured.
        top_k: usize = 2 => TOP_K,
            live(Section::Measurements, "Eigenvalues", whole(1, 6)).always_shown()
                .brief(|config| Some(text::plural(config.live.probe.top_k as u64, "eigenvalue")))
                .unread(|config| is_off(&config.live.probe))
                .idle(|now, before, steps| unmeasured([&now.live.probe, &before.live.probe], steps));
        /// Steps between measurements of the smallest Hessian eigenvalue.
        min_every: Interval = Interval::every(50) => MIN_EVERY,
            live(Section::Measurements, "λ min every", Range::WholeOr("off")).unit("steps")
                .slider_range(SliderRange::Fixed(MAX_INTERVAL))
                .always_shown()
                .unread(|config| is_off(&config.live.probe))
                .idle(|now, before, steps| {
                    let is_due = [now, before].iter().any(|c| c.live.probe.min_every.is_due_in(steps));
                    (!is_due).then(|| format!("λ min is not measured {}", at_steps(steps)))
                });
        /// Steps between audits: everything measured is measured again from random vectors, as a
        /// check.
        audit_every: Interval = Interval::every(200) => AUDIT_EVERY,
            live(Section::Measurements, "Audit every", Range::WholeOr("off")).unit("steps")
                .slider_range(SliderRange::Fixed(MAX_INTERVAL))
                .always_shown()
                .unread(|config| is_off(&config.live.probe))
                .idle(|now, before, steps| {
                    let is_any = [now, before].iter().any(|c| is_audited_in(&c.live.probe, steps));
                    (!is_any).then(|| format!("nothing is audited {}", at_steps(steps)))
                });
        /// Steps between measurements of the batch sharpness, the mean curvature of batches along
        /// their own gradients, and of the gradient's covariance, on batches drawn for that.
        batches_every: Interval = Interval::Off => BATCHES_EVERY,
            live(Section::Measurements, "Batches every", Range::WholeOr("off")).unit("steps")
                .slider_range(SliderRange::Fixed(MAX_INTERVAL))
                .always_shown()
                .unread(|config| {
                    without_batches(config.is_full_batch())
                        .or(is_off(&config.live.probe))
                })
                .idle(|now, before, steps| {
                    without_fresh_batches([&now.live.probe, &before.live.probe], steps)
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
                })
                .idle(|now, before, steps| {
                    without_fresh_batches([&now.live.probe, &before.live.probe], steps)
                });
        /// Estimated relative error at which an eigenvalue counts as converged.
        tolerance: f64 = 1e-3 => TOLERANCE,
            live(Section::Measurements, "Tolerance", log(1e-6, 0.5)).always_shown()
                .unread(|config| is_off(&config.live.probe))
                .idle(|now, before, steps| unmeasured([&now.live.probe, &before.live.probe], steps));
    }
}

/// The reason why nothing of the curvature is measured; `None` if something is.
pub(super) fn is_off(probe: &ProbeSettings) -> Option<String> {
    (probe.every == Interval::Off).then(|| format!("`{EVERY}` is off"))
}

/// The reason why none of these steps measures a curvature under either settings.
fn unmeasured(settings: [&ProbeSettings; 2], steps: &Span<u64>) -> Option<String> {
    let is_measured = |ProbeSettings { every, min_every, .. }: &&ProbeSettings| {
        *every != Interval::Off && [every, min_every].iter().any(|every| every.is_due_in(steps))
    };
    (!settings.iter().any(is_measured)).then(|| format!("nothing is measured {}", at_steps(steps)))
}

/// Whether a measurement in these steps is audited: the first one of each audit interval is.
fn is_audited_in(settings: &ProbeSettings, steps: &Span<u64>) -> bool {
    let Interval::Every(audit) = settings.audit_every else { return false };
    let audit = audit.get();
    let first_due = |every: u64, from: u64| from.checked_next_multiple_of(every);
    let is_audited = |every: u64, interval: u64| {
        let due = first_due(every, interval.max(steps.start));
        due.is_some_and(|due| due < steps.end && due - interval < every.min(audit))
    };
    let interval = steps.start - steps.start % audit;
    let intervals = [Some(interval), interval.checked_add(audit)];
    [settings.every, settings.min_every].into_iter().any(|every| match every {
        Interval::Every(every) => {
            intervals.iter().flatten().any(|interval| is_audited(every.get(), *interval))
        }
        Interval::Off => false,
    })
}

/// The reason why none of these steps measures fresh batches under either settings.
fn without_fresh_batches(settings: [&ProbeSettings; 2], steps: &Span<u64>) -> Option<String> {
    let is_due = |settings: &&ProbeSettings| settings.batches_every.is_due_in(steps);
    (!settings.iter().any(is_due))
        .then(|| format!("no fresh batches are measured {}", at_steps(steps)))
}

/// These steps, in words.
pub(super) fn at_steps(steps: &Span<u64>) -> String {
    match steps.end.saturating_sub(1) {
        last if last > steps.start => format!("at steps {} to {last}", steps.start),
        _ => format!("at step {}", steps.start),
    }
}

fn without_batches(is_full_batch: bool) -> Option<String> {
    is_full_batch.then(|| "every step sees all examples, so there is one batch only".into())
}
