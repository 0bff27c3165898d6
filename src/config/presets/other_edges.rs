//! Presets whose edge is not 2/η: momentum moves the limit, mini-batches hold λ₁ below it.
//! `tests/other_edges.rs` and `tests/batch_sharpness.rs` test their claims.

use std::num::NonZeroUsize;

use super::base::{Preset, chebyshev, fashion_edge};
use crate::config::{
    Batch, InitSpec, Interval, LiveSettings, OptimizerSpec, Pace, ProbeSettings, Rule, RunConfig,
};

/// Batch size of `minibatch-edge`: a fifth of the examples.
const FOUR: NonZeroUsize = NonZeroUsize::new(4).unwrap();

/// Batch size of `fashion-minibatch`.
const EIGHT: NonZeroUsize = NonZeroUsize::new(8).unwrap();

/// Heavy ball, Nesterov and mini-batches.
pub(super) fn other_edges() -> Vec<Preset> {
    vec![
        Preset {
            config: RunConfig {
                optimizer: OptimizerSpec::of(Rule::HeavyBall, Batch::Full),
                live: LiveSettings { momentum: 0.9, ..chebyshev(0.2, 4000, "").live },
                ..chebyshev(0.2, 4000, "heavy-ball-edge")
            },
            sees: "Momentum 0.9 lifts the line to 3.8/η: λ₁ passes 2/η unharmed, crosses the higher line, and comes down as the loss nears zero.",
        },
        Preset {
            config: RunConfig {
                optimizer: OptimizerSpec::of(Rule::Nesterov, Batch::Full),
                live: LiveSettings { momentum: 0.9, ..chebyshev(0.1, 4000, "").live },
                ..chebyshev(0.1, 4000, "nesterov-edge")
            },
            sees: "Nesterov's momentum lowers the line to 1.36/η: λ₁ hovers there, well below the 2/η of gradient descent.",
        },
        Preset {
            config: minibatch_edge(),
            sees: "With 4 of the 20 points per step, the batch sharpness comes near 2/η; λ₁ of the full loss settles a fifth below and never rests.",
        },
        Preset {
            config: fashion_minibatch(),
            sees: "With 8 of 1,000 images per step, λ₁ settles near half of 2/η: it is the batch sharpness that climbs towards the line, to four fifths of it.",
        },
    ]
}

/// Measures the batch sharpness on 64 batches at every tenth step: its mean is then known to about
/// 4 %, at a third more run time.
fn minibatch_edge() -> RunConfig {
    let usual = chebyshev(0.2, 12_000, "minibatch-edge");
    let batches_every = Interval::every(10);
    let probe = ProbeSettings { batches_every, n_batches: 64, ..usual.live.probe };
    RunConfig {
        optimizer: OptimizerSpec::of(Rule::GradientDescent, Batch::Size(FOUR)),
        live: LiveSettings { probe, ..usual.live },
        ..usual
    }
}

/// At this rate the batch sharpness nears 2/η within some two thousand steps. The initial weights
/// are halved to start below the limit.
fn fashion_minibatch() -> RunConfig {
    let usual = fashion_edge();
    let every = Interval::every(20);
    let probe = ProbeSettings { every, batches_every: every, n_batches: 64, ..usual.live.probe };
    RunConfig {
        name: "fashion-minibatch".into(),
        init: InitSpec { scale: 0.5, ..usual.init },
        optimizer: OptimizerSpec::of(Rule::GradientDescent, Batch::Size(EIGHT)),
        live: LiveSettings { peak_lr: 0.5, pace: Pace::Hundred, probe, ..usual.live },
        ..usual
    }
}
