//! How much of the gradient was clipped, how, and at which steps.

use crate::config::{ClipMode, settings};
use crate::figure::axes::Axis;
use crate::figure::lines::{Joined, PlacedSeries};
use crate::figure::panels::ClippedRange;
use crate::history::Run;
use crate::quantity;
use crate::text;

use super::step_axis::StepAxis;

/// Number of recent steps over which the clipped fraction is averaged.
pub const N_RECENT_STEPS: usize = 50;

/// Number of ranges in the strip of clipped steps, each at least a pixel wide.
const N_RANGES: usize = 300;

/// The ranges of steps that contain clipped ones, in a window of the axis.
pub(super) fn clipped(run: &Run, axis: Axis, window: [f64; 2]) -> Vec<ClippedRange> {
    let clipped = run.series_where_clipped(quantity::EFFECTIVE_LEARNING_RATE);
    let step_axis = StepAxis::new(run, axis);
    let place = |step: u64| step_axis.place(step);
    let all = run.series(quantity::CLIP_SCALE);
    let all = PlacedSeries { series: all, place: &place, joined: Joined::All };
    let [first, last] = window;
    let width = (last - first) / N_RANGES as f64;
    let end = all.n_before(|x| x <= last);
    let mut ranges = Vec::new();
    let mut at = all.n_before(|x| x < first);
    while at < end {
        let from = all.place(at);
        // At least one step, even if it is wider than a range.
        let next = all.n_before(|x| x < from + width).clamp(at + 1, end);
        let [first, last] = [all.series.step(at), all.series.step(next - 1)];
        let n_clipped =
            clipped.n_up_to(last) - first.checked_sub(1).map_or(0, |step| clipped.n_up_to(step));
        if n_clipped > 0 {
            let fraction = n_clipped as f64 / (next - at) as f64;
            let range = [first as f64, last as f64];
            ranges.push(step_axis.clipped_range(ClippedRange { range, fraction }));
        }
        at = next;
    }
    ranges
}

/// The clip modes in force at some step between these two, in order; off is one too.
pub(super) fn modes_between(run: &Run, [first, last]: [f64; 2]) -> Vec<ClipMode> {
    let mut modes = Vec::new();
    let (mut since, mut mode) = (0, run.initial_config().live.clip.mode);
    for marker in run.markers() {
        let change = marker.changes.iter().find(|change| change.is_of(&settings::CLIP_MODE));
        let word = change.and_then(|change| change.to.as_str());
        let changed = ClipMode::ALL.iter().find(|mode| word == Some(mode.word()));
        let Some(next) = changed else { continue };
        if since as f64 <= last && marker.step as f64 - 1.0 >= first {
            modes.push(mode);
        }
        (since, mode) = (marker.step, *next);
    }
    if since as f64 <= last {
        modes.push(mode);
    }
    modes
}

/// The fraction clipped over recent steps since the clip mode last changed, in words; `None` while
/// clipping is off.
pub(super) fn clipped_note(run: &Run) -> Option<String> {
    run.last()?.sample.clipped_fraction?;
    let changed = run
        .markers()
        .iter()
        .rev()
        .find(|marker| marker.changes.iter().any(|change| change.is_of(&settings::CLIP_MODE)));
    let since = changed.map_or(0, |marker| marker.step);
    let fractions = run.series(quantity::CLIPPED_FRACTION);
    let recent = fractions.iter().rev().take(N_RECENT_STEPS).take_while(|(step, _)| *step >= since);
    let (n, sum) = recent.fold((0_usize, 0.0), |(n, sum), (_, fraction)| (n + 1, sum + fraction));
    let share = |decimals| text::percent(sum / n.max(1) as f64, decimals);
    let steps = text::plural(n as u64, "step");
    Some(match run.config().live.clip.mode {
        ClipMode::Off | ClipMode::Absolute | ClipMode::Relative => {
            format!("clipped {} of the last {steps}", share(0))
        }
        ClipMode::Value => format!("clipped {} of coordinates in the last {steps}", share(1)),
        ClipMode::Adaptive => format!("clipped {} of units in the last {steps}", share(1)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Clip, RunConfig};
    use crate::protocol::{Event, Record, RunId, Sample, Source};

    const RUN: RunId = RunId(1);

    fn sampled(steps: std::ops::Range<u64>, fraction: Option<f64>) -> Event {
        let record = |step| {
            let sample = Sample { step, clipped_fraction: fraction, ..Sample::default() };
            Record { sample, ..Record::default() }
        };
        Event::Sampled { run: RUN, records: steps.map(record).collect() }
    }

    #[test]
    fn clipping_is_counted_since_its_mode_changed_and_every_mode_in_view_is_known() {
        let mut run = Run::new(RUN, RunConfig::default());
        run.apply(&sampled(0..8, None));
        assert_eq!(clipped_note(&run), None);
        for (step, mode, fraction, wanted) in [
            (8, ClipMode::Absolute, 1.0, "clipped 100 % of the last 4 steps"),
            (12, ClipMode::Value, 0.125, "clipped 12.5 % of coordinates in the last 4 steps"),
            (16, ClipMode::Adaptive, 0.25, "clipped 25.0 % of units in the last 4 steps"),
        ] {
            let mut live = run.config().live.clone();
            live.clip = Clip::at(mode, 1.0);
            let (live, source) = (Box::new(live), Source::User(step));
            run.apply(&Event::Tuned { run: RUN, step, live, source });
            run.apply(&sampled(step..step + 4, Some(fraction)));
            assert_eq!(clipped_note(&run).as_deref(), Some(wanted));
        }
        let (off, norm) = (ClipMode::Off, ClipMode::Absolute);
        for (steps, modes) in [
            ([0.0, 7.0], vec![off]),
            ([7.0, 8.0], vec![off, norm]),
            ([8.0, 11.0], vec![norm]),
            ([-4.0, 12.0], vec![off, norm, ClipMode::Value]),
            ([17.0, 90.0], vec![ClipMode::Adaptive]),
        ] {
            assert_eq!(modes_between(&run, steps), modes, "{steps:?}");
        }
    }
}
