//! Applies the user's choices to one line: ratio, running mean, error band, reading. Reads only the
//! visible window of a run.

use crate::figure::lines::{Extent, Line, Point, Reading, Trace, reading, step_near};
use crate::figure::panels::PanelKind;
use crate::figure::request::Choices;
use crate::history::{Run, Series};
use crate::quantity::{self, Quantity};

use super::limit_formula;
use super::plotted::{ErrorBand, PlottedQuantity};

/// Number of places at which a running mean is computed; more would not be visible.
const N_MEANS: usize = 1000;

/// How one line is refined.
#[derive(Clone, Copy)]
pub(super) struct Refine<'a> {
    /// The run of the line.
    pub(super) run: &'a Run,
    /// The quantity of the line.
    pub(super) plotted: PlottedQuantity,
    /// First and last step.
    pub(super) steps: [f64; 2],
    /// The user's choices.
    pub(super) choices: &'a Choices,
    /// The step under the pointer.
    pub(super) hovered: Option<u64>,
}

/// The panel to which the limit of the run applies.
pub(super) fn governed(run: Option<&Run>) -> PanelKind {
    let is_preconditioned = run.is_some_and(Run::is_preconditioned);
    if is_preconditioned { PanelKind::Preconditioned } else { PanelKind::Sharpness }
}

/// Whether the lines of this panel are divided by the binding limit: if ratios are chosen and the
/// limit of the current run applies to this panel.
pub(super) fn is_divided(kind: PanelKind, current: Option<&Run>, choices: &Choices) -> bool {
    choices.is_ratio && kind == governed(current)
}

/// The series that a line is made from. The ratio of λ₁ is a series of its own, so all its extremes
/// are exact; for other eigenvalues the extremes of the eigenvalue are divided by the threshold.
/// Ratios are relative to the binding limit, which becomes the edge at 1.
pub(super) fn source(quantity: Quantity, is_divided: bool) -> Quantity {
    match quantity {
        _ if !is_divided => quantity,
        quantity::STABILITY_THRESHOLD => quantity::EFFECTIVE_THRESHOLD,
        _ if is_governing(quantity) => quantity::BINDING_RATIO,
        _ => quantity,
    }
}

/// The quantity with a value at every step where this one is due. A step without a value of a ratio
/// or of a binding limit is one whose limit is unknown.
pub(super) fn due(run: &Run, quantity: Quantity) -> Quantity {
    match quantity {
        quantity::BINDING_RATIO => run.governing_quantity(),
        quantity::EFFECTIVE_THRESHOLD => quantity::STABILITY_THRESHOLD,
        quantity::DIRECTIONAL_THRESHOLD => quantity::LEARNING_RATE,
        other => other,
    }
}

/// Whether the limit can apply to this quantity; which of the two, depends on the optimizer.
fn is_governing(quantity: Quantity) -> bool {
    matches!(quantity, quantity::SHARPNESS | quantity::PRECONDITIONED_SHARPNESS)
}

impl Refine<'_> {
    /// Refines a line whose trace was made from [`source`].
    pub(super) fn apply(self, line: &mut Line, is_divided: bool) {
        let choices = self.choices;
        let thresholds = self.run.series(quantity::EFFECTIVE_THRESHOLD);
        let thresholds = (is_divided && !is_governing(self.plotted.quantity)).then_some(thresholds);
        let source = source(self.plotted.quantity, is_divided);
        let values = Values {
            series: self.run.series(source),
            due: self.run.series(due(self.run, source)),
            divisors: thresholds,
        };
        let divisor = |step: u64| {
            thresholds.map_or(1.0, |thresholds| thresholds.at(step).unwrap_or(f64::NAN))
        };
        if is_divided {
            divide(&mut line.trace, &divisor);
            line.name = self.divided_name(line);
        }
        line.bands = self.error_band(line, &divisor);
        if choices.smoothing > 1 && self.plotted.is_smoothed {
            line.smooth = values.means(self.steps, choices.smoothing);
        }
        line.reading = self.hovered.and_then(|step| {
            let found = reading(self.run, values.due, step)?;
            Some(Reading { value: values.at(found.step)?, ..found })
        });
    }

    fn divided_name(&self, line: &Line) -> String {
        if line.quantity == quantity::STABILITY_THRESHOLD {
            "edge".to_owned()
        } else {
            format!("{}/({})", line.name, limit_formula::binding(self.run))
        }
    }

    /// The band at every drawn point: ± error·|λ|, or ± the standard error of a mean.
    fn error_band(&self, line: &Line, divisor: &impl Fn(u64) -> f64) -> Vec<Vec<Extent>> {
        let Some(error) = self.plotted.error else { return Vec::new() };
        let around = |[x, y]: &Point| {
            let step = step_near(*x)?;
            let half = match error {
                ErrorBand::Relative(error) => self.run.series(error).at(step)? * y.abs(),
                ErrorBand::Standard(error) => {
                    self.run.series(error).at(step)? * divisor(step).recip()
                }
            };
            half.is_finite().then_some([*x, y - half, y + half])
        };
        let bands = line.trace.pieces.iter().map(|piece| piece.iter().filter_map(around).collect());
        bands.filter(|band: &Vec<Extent>| !band.is_empty()).collect()
    }
}

/// Divides every value by the divisor at its step; results that are not finite interrupt the line.
fn divide(trace: &mut Trace, divisor: &impl Fn(u64) -> f64) {
    let by = |x: f64| step_near(x).map_or(f64::NAN, divisor);
    let mut pieces = Vec::new();
    for piece in std::mem::take(&mut trace.pieces) {
        let divided: Vec<Point> = piece.into_iter().map(|[x, y]| [x, y / by(x)]).collect();
        let parts = divided.split(|point| !point[1].is_finite());
        pieces.extend(parts.filter(|part| !part.is_empty()).map(<[Point]>::to_vec));
    }
    trace.pieces = pieces;
    trace.off_scale.retain_mut(|off_scale| {
        off_scale.value /= by(off_scale.step);
        true
    });
}

/// The values of a line, each divided by that of `divisors` at its step, if given.
#[derive(Clone, Copy)]
struct Values<'a> {
    series: &'a Series,
    /// The series with a value at every step where one is due.
    due: &'a Series,
    divisors: Option<&'a Series>,
}

impl Values<'_> {
    /// The value at exactly this step; `None` if it or its divisor is unknown there.
    fn at(&self, step: u64) -> Option<f64> {
        let value = self.series.at(step)?;
        let Some(divisors) = self.divisors else { return Some(value) };
        Some(value / divisors.at(step)?)
    }

    /// The running mean over `n_steps`, at a bounded number of evenly spaced measurements in the
    /// window, with a gap where the value is unknown. Values that are not finite are skipped; the
    /// line itself shows them.
    fn means(&self, steps: [f64; 2], n_steps: u32) -> Vec<Vec<Point>> {
        let (before, after) = (f64::from((n_steps - 1) / 2), f64::from(n_steps / 2));
        let mut pieces = vec![Vec::new()];
        for index in sampled_indices(self.due, steps) {
            let Some((step, _)) = self.due.get(index) else { continue };
            let x = step as f64;
            let mean = self.at(step).map_or(f64::NAN, |_| self.mean([x - before, x + after]));
            match pieces.last_mut() {
                Some(piece) if mean.is_finite() => piece.push([x, mean]),
                Some(piece) if !piece.is_empty() => pieces.push(Vec::new()),
                Some(_) | None => {}
            }
        }
        pieces.retain(|piece| !piece.is_empty());
        pieces
    }

    fn mean(&self, steps: [f64; 2]) -> f64 {
        let mut at = self.divisors.map_or(0, |divisors| divisors.index_range(steps).start);
        let mut divisor = |step: u64| {
            let Some(divisors) = self.divisors else { return 1.0 };
            while divisors.get(at).is_some_and(|(other, _)| other < step) {
                at += 1;
            }
            let found = divisors.get(at).filter(|(other, _)| *other == step);
            found.map_or(f64::NAN, |(_, value)| value)
        };
        let (mut sum, mut n) = (0.0, 0.0);
        let inside = self.series.index_range(steps);
        for (step, value) in inside.filter_map(|index| self.series.get(index)) {
            let value = value / divisor(step);
            if value.is_finite() {
                sum += value;
                n += 1.0;
            }
        }
        sum / n
    }
}

/// Indices of evenly spaced values of a series in a window, with a neighbour on either side and the
/// newest value. They stay the same while the run continues.
pub(super) fn sampled_indices(series: &Series, steps: [f64; 2]) -> impl Iterator<Item = usize> {
    let inside = series.index_range(steps);
    let stride = inside.len().div_ceil(N_MEANS).next_power_of_two();
    let from = inside.start / stride * stride;
    let last = series.len().saturating_sub(1);
    let to = (inside.end + stride).min(series.len());
    let is_newest_in_view = to > last && from <= last && !inside.is_empty();
    let extra = (is_newest_in_view && !last.is_multiple_of(stride)).then_some(last);
    let from = if from == inside.start { from.saturating_sub(stride) } else { from };
    (from..to).step_by(stride).chain(extra)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RunConfig;
    use crate::figure::{Figure, Options, PlottedRun, compose};
    use crate::protocol::{Cost, Curvature, Eigenvalue, Event, Record, RunId, Sample};

    /// λ₁ = 10 ± 1, up and down, at every second step; the threshold halves at step 500.
    fn run(n: u64) -> Run {
        let mut run = Run::new(RunId(1), RunConfig::default());
        let record = |step: u64| {
            let sign = if step.is_multiple_of(4) { 1.0 } else { -1.0 };
            let of = |value| Eigenvalue {
                value,
                residual: 0.2,
                error: Some(0.05),
                is_converged: false,
                identity: 0,
            };
            let top = vec![of(10.0 + sign), of(4.0)];
            let curvature = Curvature { top, ..Curvature::default() };
            let sample = Sample {
                step,
                epoch: step as f64 / 10.0,
                loss: 1.0,
                stability_threshold: Some(if step < 500 { 20.0 } else { 10.0 }),
                effective_threshold: Some(if step < 500 { 20.0 } else { 10.0 }),
                clip_scale: 1.0,
                curvature: step.is_multiple_of(2).then_some(curvature),
                ..Sample::default()
            };
            Record { sample, cost: Cost::default() }
        };
        let records = (0..n).map(record).collect();
        run.apply(&Event::Sampled { run: RunId(1), records });
        run
    }

    fn drawn(run: &Run, choices: Choices, hovered: Option<f64>) -> Figure {
        let shown = PlottedRun { run, is_ghost: false, name: "now".to_owned() };
        compose(&[shown], &Options { choices, hovered, ..Options::default() })
    }

    fn line(figure: &Figure, quantity: Quantity) -> &Line {
        let mut lines = figure.panels.iter().flat_map(|panel| &panel.lines);
        lines.find(|line| line.quantity == quantity).unwrap()
    }

    fn second() -> Quantity {
        quantity::HESSIAN_EIG.of(2).unwrap()
    }

    #[test]
    fn a_ratio_is_of_the_threshold_at_its_own_step_and_1_is_the_edge() {
        let choices = Choices { is_ratio: true, ..Choices::default() };
        let run = run(1000);
        let figure = drawn(&run, choices, Some(700.0));
        let first = line(&figure, quantity::SHARPNESS);
        assert_eq!(first.name, "λ₁/(limit)");
        for [step, ratio] in first.trace.points() {
            let sign = if step % 4.0 == 0.0 { 1.0 } else { -1.0 };
            let threshold = if step < 500.0 { 20.0 } else { 10.0 };
            assert!((ratio - (10.0 + sign) / threshold).abs() < 1e-12, "{step}");
        }
        let second = line(&figure, second());
        assert!(second.trace.points().all(|p| p[1] == if p[0] < 500.0 { 0.2 } else { 0.4 }));
        assert!(
            line(&figure, quantity::STABILITY_THRESHOLD)
                .trace
                .points()
                .all(|point| point[1] == 1.0)
        );
        assert_eq!(
            second.reading,
            Some(Reading { step: 700, place: 700.0, value: 0.4, is_exact: true })
        );
        assert!(figure.panels[0].axis_label.contains("limit"), "{}", figure.panels[0].axis_label);
    }

    #[test]
    fn a_reading_is_the_value_at_the_step_or_the_last_before_it_and_none_after_the_run() {
        let run = run(100);
        let at = |x| line(&drawn(&run, Choices::default(), x), quantity::SHARPNESS).reading;
        assert_eq!(
            at(Some(40.2)),
            Some(Reading { step: 40, place: 40.0, value: 11.0, is_exact: true })
        );
        assert_eq!(
            at(Some(41.0)),
            Some(Reading { step: 40, place: 40.0, value: 11.0, is_exact: false })
        );
        assert_eq!((at(Some(100.0)), at(Some(-4.0)), at(None)), (None, None, None));
    }

    #[test]
    fn readings_means_and_bands_follow_the_horizontal_axis() {
        let run = run(100);
        let shown = PlottedRun { run: &run, is_ghost: false, name: "now".to_owned() };
        let choices = Choices { smoothing: 10, ..Choices::default() };
        let drawn = |visible, hovered| {
            let choices = choices.clone();
            let axis = crate::figure::Axis::Epoch;
            let shown = [shown.clone()];
            compose(&shown, &Options { choices, hovered, axis, visible, ..Options::default() })
        };
        let figure = drawn(None, Some(4.01));
        let first = line(&figure, quantity::SHARPNESS);
        let reading = Reading { step: 40, place: 4.0, value: 11.0, is_exact: true };
        assert_eq!(first.reading, Some(reading));
        assert_eq!(first.bands.iter().flatten().last().map(|extent| extent[0]), Some(9.8));
        let smooth = |figure: &Figure| -> Vec<f64> {
            let first = line(figure, quantity::SHARPNESS);
            first.smooth.iter().flatten().map(|point| point[0]).collect()
        };
        assert_eq!(smooth(&figure).len(), 50);
        let zoomed = smooth(&drawn(Some([4.0, 6.0]), None));
        assert!(zoomed[0] <= 3.5 && zoomed[zoomed.len() - 1] >= 6.4 && zoomed.len() < 30);
        let after = drawn(None, Some(12.0));
        assert_eq!(line(&after, quantity::SHARPNESS).reading, None);
    }

    #[test]
    fn a_running_mean_is_over_its_steps_and_the_values_stay() {
        let run = run(100);
        let choices = Choices { smoothing: 10, ..Choices::default() };
        let figure = drawn(&run, choices, None);
        let first = line(&figure, quantity::SHARPNESS);
        assert_eq!(first.trace.points().count(), 50);
        let smooth = first.smooth.iter().flatten().find(|point| point[0] == 50.0).unwrap();
        // Steps 46 to 55: five measurements, at 46, 48, 50, 52 and 54.
        let values = [9.0, 11.0, 9.0, 11.0, 9.0];
        assert!((smooth[1] - values.iter().sum::<f64>() / 5.0).abs() < 1e-12);
        assert!(line(&figure, quantity::STABILITY_THRESHOLD).smooth.is_empty());
        assert!(figure.panels[0].note.as_deref().unwrap().contains("mean of 10 steps"));
    }

    #[test]
    fn a_running_mean_of_ratios_divides_every_value_by_its_own_threshold() {
        let run = run(1000);
        let choices = Choices { smoothing: 50, is_ratio: true, ..Choices::default() };
        let figure = drawn(&run, choices, None);
        let smooth = &line(&figure, second()).smooth;
        let [_, mean] = *smooth.iter().flatten().find(|point| point[0] == 500.0).unwrap();
        // Steps 476 to 525: twelve measurements before the threshold halves and thirteen after.
        assert!((mean - (12.0 * 0.2 + 13.0 * 0.4) / 25.0).abs() < 1e-12, "{mean}");
    }

    #[test]
    fn a_running_mean_of_a_long_run_is_taken_at_a_bounded_number_of_places() {
        let run = run(40_000);
        let choices = Choices { smoothing: 200, ..Choices::default() };
        let figure = drawn(&run, choices, None);
        let smooth: Vec<_> =
            line(&figure, quantity::SHARPNESS).smooth.iter().flatten().copied().collect();
        assert!((N_MEANS / 2..=N_MEANS + 3).contains(&smooth.len()), "{}", smooth.len());
        assert_eq!(smooth.last().map(|point| point[0]), Some(39_998.0));
        assert!(smooth.iter().all(|point| (point[1] - 10.0).abs() < 0.1));
    }

    #[test]
    fn an_error_band_is_the_estimated_error_times_the_value() {
        let figure = drawn(&run(20), Choices::default(), None);
        let bands = &line(&figure, quantity::SHARPNESS).bands;
        assert_eq!(bands[0][0], [0.0, 11.0 - 0.55, 11.0 + 0.55]);
        assert_eq!(bands.iter().flatten().count(), 10);
        assert!(line(&figure, quantity::LOSS).bands.is_empty());
    }
}
