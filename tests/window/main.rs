//! The window, driven by accessible labels without display, thread or sleep: user actions become
//! commands, and events of runs are displayed.

#![expect(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test stops at the first surprise"
)]
#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixel numbers")]

#[path = "../common/rig.rs"]
mod rig;
#[path = "../common/soft.rs"]
mod soft;

mod chosen_plots;
mod controls;
mod going;
mod looks;
mod opening;
mod panel;
mod plot_sizes;
mod pointer;
mod preparation;
mod present;
mod rate_card;
mod rescues;
mod run_drawer;
mod several_runs;
mod stage;

use eoscope::config::{RunConfig, preset};

fn blowup() -> RunConfig {
    preset("blowup").unwrap().config.clone()
}
