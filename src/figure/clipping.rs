//! How much was clipped, and where.
//! Does not draw it.

use crate::history::Run;

use super::axis::Clock;
use super::trace::Course;
use super::{Axis, N_RECENT_STEPS, Stretch};

/// Stretches that the strip of clipped steps is divided into; a stretch is then still a pixel wide.
const N_STRETCHES: usize = 300;

/// Stretches of neighbouring steps with clipped ones among them, in a window of the axis.
pub(super) fn clipped(run: &Run, axis: Axis, window: [f64; 2]) -> Vec<Stretch> {
    let clipped = run.series_where_clipped("effective_learning_rate");
    let clock = Clock::new(run, axis);
    let place = |step: u64| clock.place(step);
    let all = run.series("clip_scale");
    let all = Course { series: all, place: &place, max_joined: None };
    let [first, last] = window;
    let width = (last - first) / N_STRETCHES as f64;
    let end = all.n_before(|x| x <= last);
    let mut stretches = Vec::new();
    let mut at = all.n_before(|x| x < first);
    while at < end {
        let from = all.place(at);
        // At least one step, though it be wider.
        let next = all.n_before(|x| x < from + width).clamp(at + 1, end);
        let [first, last] = [all.series.step(at), all.series.step(next - 1)];
        let n_clipped =
            clipped.n_up_to(last) - first.checked_sub(1).map_or(0, |step| clipped.n_up_to(step));
        if n_clipped > 0 {
            let fraction = n_clipped as f64 / (next - at) as f64;
            let steps = [first as f64, last as f64];
            stretches.push(clock.stretch(Stretch { steps, fraction }));
        }
        at = next;
    }
    stretches
}

/// How much of the recent past was clipped; nothing where clipping is off.
pub(super) fn clipped_note(run: &Run) -> Option<String> {
    run.last()?.sample.clip_level?;
    let scales = run.series("clip_scale");
    let recent = scales.iter().rev().take(N_RECENT_STEPS);
    let n = recent.len();
    let n_clipped = recent.filter(|(_, scale)| *scale < 1.0).count();
    let percent = 100.0 * n_clipped as f64 / n.max(1) as f64;
    Some(format!("clipped {percent:.0} % of the last {n} steps"))
}
