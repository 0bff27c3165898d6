//! Presets whose step size adapts: a rate from the curvature, and clipping per unit.
//! `tests/rates.rs` tests their claims.

use super::base::{Preset, blowup, chebyshev};
use crate::config::{Clip, ClipMode, LiveSettings, Rate, RateRule, RunConfig};

/// CDAT and adaptive gradient clipping.
pub(super) fn step_sizes() -> Vec<Preset> {
    vec![cdat(), agc()]
}

/// CDAT on the T6 network.
fn cdat() -> Preset {
    let config = chebyshev(0.2, 4000, "cdat");
    let rate = Rate { rule: RateRule::Cdat, sigma: 1.5, ..Rate::default() };
    Preset {
        config: RunConfig { live: LiveSettings { rate, ..config.live }, ..config },
        sees: "CDAT at σ = 1.5: as λ₁ grows the rate falls just so that η·λ₁ stays at 2, to a hundredth, and no step raises the loss.",
    }
}

/// Adaptive clipping on family A.
fn agc() -> Preset {
    let config = RunConfig { name: "agc".into(), ..blowup() };
    let clip = Clip::at(ClipMode::Adaptive, 0.1);
    Preset {
        config: RunConfig { live: LiveSettings { clip, ..config.live }, ..config },
        sees: "The start of blowup survives under adaptive clipping, which cuts nearly every unit at first and hardly any after some hundred steps.",
    }
}
