//! Fits the range of a panel's vertical axis to its lines. Values outside stay in the lines and are
//! counted.

mod held_limits;
#[cfg(test)]
mod tests;

use crate::figure::axes::Scale;
use crate::figure::lines::{Line, Look, between};

use super::panel::{FitTo, Panel};
use super::panel_declaration::FittedRange;
use held_limits::held_limits;

/// Thresholds up to this multiple of the largest eigenvalue are in range. At the start of a warmup
/// they are thousands of times higher.
const NEAR_THRESHOLD: f64 = 2.5;

/// The newest and the lowest value of a limit, and all where it stays or turns, are in range up to
/// this multiple of the largest eigenvalue; values beyond get a mark at the edge.
const FAR_LIMIT: f64 = 10.0;

/// Eigenvalues above this multiple of the usual level are out of range, because a diverging end
/// must not flatten the run before it. The usual level is the upper quartile of the sharpness, or
/// the highest threshold near it; catapults in the literature stay below this multiple.
const RUNAWAY: f64 = 5.0;

/// On a logarithmic axis, ghosts are in range up to this multiple of the current run's maximum.
const FAR_ON_LOG: f64 = 100.0;

/// Least range of a logarithmic axis, in decades.
const MIN_DECADES: f64 = 0.3;

/// Margin above and below the data, as a fraction of the range.
const MARGIN: f64 = 0.06;

impl Panel {
    /// Lowest and highest place on the vertical axis that fit the lines accepted by `is_shown`
    /// between two steps. Ghosts count if [`Panel::fit_to`] includes them, or if the current run
    /// has no values there.
    #[must_use]
    pub fn fit(&self, steps: [f64; 2], is_shown: impl Fn(&Line) -> bool) -> [f64; 2] {
        let (ghosts, own): (Vec<&Line>, Vec<&Line>) =
            self.lines.iter().filter(|line| is_shown(line)).partition(|line| line.ghost.is_some());
        let is_own_empty =
            own.iter().all(|line| line.trace.pieces_across(steps).all(<[_]>::is_empty));
        let all = || own.iter().chain(&ghosts).copied().collect();
        let shown: Vec<&Line> = match self.fit_to {
            _ if is_own_empty => ghosts,
            FitTo::CurrentRun => own,
            FitTo::AllRuns | FitTo::AllValues => all(),
        };
        if self.fit_to == FitTo::AllValues {
            return range(self.scale, &values(&shown, steps, |_| true));
        }
        let values = match self.kind.declaration().range {
            FittedRange::NearTheEdge => near_the_edge(&shown, steps, |look| look.is_main),
            FittedRange::NearTheMean => near_the_mean(&shown, steps),
            FittedRange::ButRunaways => self.but_for_runaways(&shown, steps),
        };
        range(self.scale, &values)
    }

    /// All values except those of ghosts far above the current run, because a diverged ghost must
    /// not flatten the others.
    fn but_for_runaways(&self, lines: &[&Line], steps: [f64; 2]) -> Vec<f64> {
        let (ghosts, own): (Vec<&Line>, Vec<&Line>) =
            lines.iter().partition(|line| line.ghost.is_some());
        let mut shown = values(&own, steps, |_| true);
        let far = match self.scale {
            Scale::Log => FAR_ON_LOG,
            Scale::Linear | Scale::Symlog(_) => RUNAWAY,
        };
        let ceiling = shown.iter().copied().reduce(f64::max).map_or(f64::INFINITY, |own| own * far);
        shown
            .extend(values(&ghosts, steps, |_| true).into_iter().filter(|value| *value <= ceiling));
        shown
    }

    /// The measured values outside a range of places on the vertical axis: a count for the current
    /// run, the extremes for ghosts. Limits are not measured and do not count.
    #[must_use]
    pub fn out_of_range(
        &self,
        [low, high]: [f64; 2],
        steps: [f64; 2],
        is_shown: impl Fn(&Line) -> bool,
    ) -> OutOfRange {
        let limits = self.limits_out_of_range([low, high], steps, &is_shown);
        let limits = if limits.iter().any(|limit| limit.newest.is_some()) {
            Some(LimitsOut::Newest)
        } else {
            (!limits.is_empty()).then_some(LimitsOut::Earlier)
        };
        let mut out_of_range = OutOfRange { limits, ..OutOfRange::default() };
        for line in self.lines.iter().filter(|line| is_shown(line) && !line.look.is_limit()) {
            for value in drawn(line, steps) {
                let Some(place) = self.scale.to_axis(value) else { continue };
                if line.ghost.is_none() {
                    out_of_range.n_above += usize::from(place > high);
                    out_of_range.n_below += usize::from(place < low);
                } else if place > high {
                    let most = out_of_range.ghost_above.map_or(value, |most| most.max(value));
                    out_of_range.ghost_above = Some(most);
                } else if place < low {
                    let least = out_of_range.ghost_below.map_or(value, |least| least.min(value));
                    out_of_range.ghost_below = Some(least);
                }
            }
        }
        out_of_range
    }
}

/// Measured values outside a range, and whether limits are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct OutOfRange {
    /// Values of the current run above the range.
    pub n_above: usize,
    /// Values of the current run below the range.
    pub n_below: usize,
    /// The largest value of a ghost above the range.
    pub ghost_above: Option<f64>,
    /// The smallest value of a ghost below the range.
    pub ghost_below: Option<f64>,
    /// The limits that leave the range; they have marks with their values.
    pub limits: Option<LimitsOut>,
}

/// Which values of limits are out of range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitsOut {
    /// That of the newest step in view.
    Newest,
    /// Earlier ones only.
    Earlier,
}

/// The drawn values of a line between two steps.
fn drawn(line: &Line, steps: [f64; 2]) -> impl Iterator<Item = f64> {
    line.trace.pieces_between(steps).flatten().map(|[_, value]| *value)
}

/// The drawn values of the lines with a wanted look, and the ends of their bands. A line that
/// crosses the visible steps between two measurements counts with these.
fn values(lines: &[&Line], steps: [f64; 2], is_wanted: impl Fn(Look) -> bool) -> Vec<f64> {
    let mut values = Vec::new();
    for line in lines.iter().filter(|line| is_wanted(line.look)) {
        values.extend(line.trace.pieces_across(steps).flatten().map(|[_, value]| *value));
        for band in &line.bands {
            values.extend(between(band, steps).iter().map(|[_, low, _]| *low));
            values.extend(between(band, steps).iter().map(|[_, _, high]| *high));
        }
    }
    values
}

/// The mean along the update except runaways, and the limits near it. Single values count only
/// where there is no mean: they are wild where the slope is near 0. Below 0, the range extends at
/// most as far as above.
fn near_the_mean(lines: &[&Line], steps: [f64; 2]) -> Vec<f64> {
    let has_mean = !values(lines, steps, |look| look.is_main).is_empty();
    let is_steady = |line: &&Line| !has_mean || line.look.is_main || line.look.is_limit();
    let steady: Vec<&Line> = lines.iter().copied().filter(is_steady).collect();
    let mut shown = near_the_edge(&steady, steps, |look| !look.is_limit());
    let highest = shown.iter().copied().fold(0.0, f64::max);
    if highest > 0.0 {
        shown.retain(|value| *value >= -highest);
    }
    shown
}

/// All eigenvalues except runaways, the thresholds near them, and those in force further away.
/// `tells_level` tells the lines whose values are the usual level.
fn near_the_edge(lines: &[&Line], steps: [f64; 2], tells_level: impl Fn(Look) -> bool) -> Vec<f64> {
    let limits = values(lines, steps, Look::is_limit);
    let below = |ceiling: f64| limits.iter().copied().filter(move |limit| *limit <= ceiling);
    let mut shown = values(lines, steps, |look| !look.is_limit());
    if shown.is_empty() {
        return limits;
    }
    let mut sharpness = values(lines, steps, tells_level);
    if let Some(usual) = upper_quartile(&mut sharpness)
        && usual > 0.0
    {
        let usual = below(NEAR_THRESHOLD * usual).fold(usual, f64::max);
        // A peak this close to the lowest threshold is a catapult, not a runaway, however low the
        // sharpness ends.
        let lowest = limits.iter().copied().filter(|limit| *limit > 0.0).reduce(f64::min);
        let catapult = lowest.map_or(0.0, |lowest| NEAR_THRESHOLD * lowest);
        shown.retain(|value| *value <= catapult.max(RUNAWAY * usual));
    }
    let largest = shown.iter().copied().fold(f64::MIN, f64::max);
    shown.extend(below(NEAR_THRESHOLD * largest));
    let most = FAR_LIMIT * shown.iter().map(|value| value.abs()).fold(0.0, f64::max);
    let in_force = lines.iter().filter(|line| line.look.is_limit());
    let in_force = in_force.flat_map(|line| in_force_of(line, steps));
    let in_force = in_force.chain(held_limits(lines, steps));
    shown.extend(in_force.filter(|limit| limit.abs() <= most));
    shown
}

/// The newest visible value of a limit, and its lowest one.
fn in_force_of(line: &Line, steps: [f64; 2]) -> impl Iterator<Item = f64> {
    let newest = line.newest(steps).map(|[_, value]| value);
    let lowest = drawn(line, steps).reduce(f64::min);
    newest.into_iter().chain(lowest).filter(|value| value.is_finite())
}

/// Reorders the values.
fn upper_quartile(values: &mut [f64]) -> Option<f64> {
    let last = values.len().checked_sub(1)?;
    Some(*values.select_nth_unstable_by(last * 3 / 4, f64::total_cmp).1)
}

/// The lowest and highest place that an axis needs for these values.
fn range(scale: Scale, values: &[f64]) -> [f64; 2] {
    let ends = extremes(values.iter().copied().filter(|value| scale.has_place(*value)));
    let places = ends.and_then(|[low, high]| Some([scale.to_axis(low)?, scale.to_axis(high)?]));
    match scale {
        Scale::Linear | Scale::Symlog(_) => linear(places),
        Scale::Log => logarithmic(places),
    }
}

fn extremes(values: impl Iterator<Item = f64>) -> Option<[f64; 2]> {
    values.fold(None, |ends: Option<[f64; 2]>, value| {
        let [low, high] = ends.unwrap_or([value, value]);
        Some([low.min(value), high.max(value)])
    })
}

/// Always includes 0, so heights can be compared.
fn linear(places: Option<[f64; 2]>) -> [f64; 2] {
    let [low, high] = places.unwrap_or([0.0, 1.0]);
    let [low, high] = [low.min(0.0), high.max(0.0)];
    let span = if high > low { high - low } else { 1.0 };
    [low - span * MARGIN, high + span * MARGIN]
}

fn logarithmic(places: Option<[f64; 2]>) -> [f64; 2] {
    let [low, high] = places.unwrap_or([-1.0, 1.0]);
    let missing = (MIN_DECADES - (high - low)).max(0.0);
    let [low, high] = [low - missing / 2.0, high + missing / 2.0];
    let margin = (high - low) * MARGIN;
    [low - margin, high + margin]
}
