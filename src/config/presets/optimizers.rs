//! Presets of the optimizers on the T6 network, each at its own stability limit.
//! `tests/optimizers.rs` tests their claims.

use super::base::{Preset, chebyshev};
use crate::config::{Batch, LiveSettings, OptimizerSpec, Rule, RunConfig};

/// Adam, `RMSProp`, SAM and torque-aware momentum.
pub(super) fn optimizers() -> Vec<Preset> {
    let named = |name: &str, (rule, peak_lr): (Rule, f64), sees, change: fn(&mut LiveSettings)| {
        let mut config = RunConfig {
            optimizer: OptimizerSpec::of(rule, Batch::Full),
            ..chebyshev(peak_lr, 4000, name)
        };
        change(&mut config.live);
        Preset { config, sees }
    };
    vec![
        named(
            "adam-edge",
            (Rule::Adam, 3e-3),
            "Adam: the preconditioned sharpness λ₁(P⁻¹H) climbs to its limit 38/η and stays there; λ₁ itself has no limit.",
            |live| live.epsilon = 1e-7,
        ),
        named(
            "rmsprop-edge",
            (Rule::Rmsprop, 1e-3),
            "RMSProp: the preconditioned sharpness falls to 2/η immediately and hovers there; λ₁ itself grows.",
            |live| (live.beta2, live.epsilon) = (0.99, 1e-7),
        ),
        named(
            "sam",
            (Rule::Sam, 0.1),
            "SAM takes its gradient a step uphill, which pulls the line down as ‖g‖ falls: λ₁ hovers there, at about half of the 2/η of gradient descent.",
            |live| live.radius = 0.02,
        ),
        named(
            "tam-vs-heavy-ball",
            (Rule::TorqueAware, 0.3),
            "Torque-aware momentum lets go of gradients that turn against it: it trains where heavy ball diverges within 300 steps.",
            |_| {},
        ),
    ]
}
