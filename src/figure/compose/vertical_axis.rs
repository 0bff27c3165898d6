//! The scale and label of each panel's vertical axis.

use crate::config::settings;
use crate::figure::axes::{Scale, ScaleKind};
use crate::figure::panels::{DefaultScale, PanelDeclaration, PanelKind};
use crate::figure::request::{Choices, Options, PlottedRun};
use crate::history::{Run, Series};
use crate::quantity;

use super::limit_formula;
use super::plotted::plotted_quantities;
use super::refine::{is_divided, source};
use super::step_axis::StepAxis;

/// Learning rates further apart than this factor need a logarithmic axis.
const MAX_LINEAR_RATES: f64 = 100.0;

/// Values in view further apart than this factor need a logarithmic axis.
const MAX_LINEAR_VALUES: f64 = 20.0;

/// Values to search for the first that is neither 0 nor infinite.
const N_FIRST: usize = 1000;

/// The scale of a panel for the current run: the user's choice, else the default.
pub(super) fn scale(kind: PanelKind, run: Option<&Run>, options: &Options) -> Scale {
    let choices = &options.choices;
    match choices.scales.get(&kind) {
        Some(ScaleKind::Linear) => Scale::Linear,
        Some(ScaleKind::Log) => Scale::Log,
        Some(ScaleKind::Symlog) => Scale::Symlog(linear_decade(kind, run, choices)),
        None => match kind.declaration().scale {
            DefaultScale::Linear => Scale::Linear,
            DefaultScale::Log => Scale::Log,
            DefaultScale::OfRates => run.map_or(Scale::Linear, rate_scale),
            DefaultScale::OfValues => {
                run.map_or(Scale::Linear, |run| value_scale(kind, run, options))
            }
        },
    }
}

/// The decade below which a symmetric axis is linear. It follows from the first value of the main
/// line, so it stays constant. Curvatures stay near that value; other quantities fall by decades.
fn linear_decade(kind: PanelKind, run: Option<&Run>, choices: &Choices) -> i32 {
    let below = if kind.declaration().limit.is_some() { 1.0 } else { 3.0 };
    let series = run.and_then(|run| main_series(kind, run, choices));
    let mut values = series.into_iter().flat_map(Series::iter).take(N_FIRST);
    let first = values.find(|(_, value)| value.is_finite() && *value != 0.0);
    let decade = first.map_or(0.0, |(_, value)| value.abs().log10().floor() - below);
    #[expect(clippy::cast_possible_truncation, reason = "a decade of a double")]
    let decade = decade as i32;
    decade
}

/// The values of a panel's main line.
fn main_series<'a>(kind: PanelKind, run: &'a Run, choices: &Choices) -> Option<&'a Series> {
    let main = plotted_quantities(kind).into_iter().find(|row| row.look.is_main)?;
    Some(run.series(source(main.quantity, is_divided(kind, Some(run), choices))))
}

/// Logarithmic if the visible values of the main line are positive and far apart. Linear while the
/// smallest eigenvalue is drawn, which is negative at most steps.
fn value_scale(kind: PanelKind, run: &Run, options: &Options) -> Scale {
    if options.is_smallest_shown && kind == PanelKind::Sharpness {
        return Scale::Linear;
    }
    let Some(series) = main_series(kind, run, &options.choices) else { return Scale::Linear };
    let all = [0.0, f64::MAX];
    let steps =
        options.visible.map_or(all, |places| StepAxis::new(run, options.axis).steps(places));
    let visible = series.index_range(steps);
    let summary = series.summary([visible.start, visible.end]);
    let ends = summary.lowest().zip(summary.highest());
    let is_wide =
        ends.is_some_and(|((_, low), (_, high))| low > 0.0 && high > MAX_LINEAR_VALUES * low);
    if is_wide { Scale::Log } else { Scale::Linear }
}

/// The label of a panel's vertical axis.
pub(super) fn axis_label(
    kind: PanelKind,
    run: Option<&Run>,
    runs: &[PlottedRun<'_>],
    choices: &Choices,
) -> String {
    if !is_divided(kind, run, choices) {
        let PanelDeclaration { axis_label, unit, .. } = kind.declaration();
        return if unit.is_empty() {
            axis_label.to_owned()
        } else {
            format!("{axis_label} ({unit})")
        };
    }
    let limit = run.map_or_else(|| "limit".to_owned(), limit_formula::binding);
    // Each run is divided by its own limit.
    let is_common = runs.iter().all(|shown| limit_formula::binding(shown.run) == limit);
    if is_common { format!("λ / ({limit})") } else { "λ / limit".to_owned() }
}

/// Logarithmic if rates span more than two decades. With a schedule only the peaks set by the user
/// count, so a warmup remains a ramp; with found rates, all of the run count, so the scale never
/// switches back.
fn rate_scale(run: &Run) -> Scale {
    let ends = if run.config().live.rate.rule.has_schedule() {
        let changes = run.markers().iter().flat_map(|marker| &marker.changes);
        let set = changes.filter(|change| change.is_of(&settings::PEAK_LR));
        let peaks = set.filter_map(|change| change.to.as_float());
        let peaks = peaks.chain([run.initial_config().live.peak_lr]);
        let ends = [f64::INFINITY, f64::NEG_INFINITY];
        Some(peaks.fold(ends, |[low, high], peak| [low.min(peak), high.max(peak)]))
    } else {
        let rates = run.series(quantity::LEARNING_RATE);
        let all = rates.summary([0, rates.len()]);
        all.lowest_positive().zip(all.highest()).map(|((_, low), (_, high))| [low, high])
    };
    let is_wide = ends.is_some_and(|[low, high]| high > MAX_LINEAR_RATES * low);
    if is_wide { Scale::Log } else { Scale::Linear }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{RateRule, RunConfig};
    use crate::figure::{Options, Panel, PlottedRun, compose};
    use crate::protocol::{Cost, Curvature, Eigenvalue, Event, Record, RunId, Sample, Source};

    fn rated(rates: &[f64], rule: RateRule) -> Run {
        let mut config = RunConfig::default();
        config.live.rate.rule = rule;
        let mut run = Run::new(RunId(1), config);
        let record = |(step, rate): (usize, &f64)| Record {
            sample: Sample { step: step as u64, learning_rate: *rate, ..Sample::default() },
            cost: Cost::default(),
        };
        let records = rates.iter().enumerate().map(record).collect();
        run.apply(&Event::Sampled { run: RunId(1), records });
        run
    }

    fn panel(run: &Run) -> Panel {
        let shown = PlottedRun { run, is_ghost: false, name: String::new() };
        compose(&[shown], &Options::default()).panels.swap_remove(2)
    }

    #[test]
    fn found_rates_over_more_than_two_decades_get_a_logarithmic_axis_and_stay_on_it() {
        let scale = |rates: &[f64]| panel(&rated(rates, RateRule::Cdat)).scale;
        assert_eq!(scale(&[]), Scale::Linear);
        assert_eq!(scale(&[0.0, 0.001, 0.1]), Scale::Linear);
        let panel = panel(&rated(&[0.0, 0.0009, 0.1, 0.1, 0.1], RateRule::Cdat));
        assert_eq!(panel.scale, Scale::Log);
        assert_eq!(panel.lines[0].trace.off_scale.len(), 1);
    }

    /// A run with these sharpnesses at its first steps.
    fn curved(values: &[f64]) -> Run {
        let mut run = Run::new(RunId(1), RunConfig::default());
        let record = |(step, value): (usize, &f64)| {
            let found = Eigenvalue {
                value: *value,
                residual: 0.0,
                is_converged: true,
                identity: 0,
                error: Some(0.0),
            };
            let curvature = Some(Curvature { top: vec![found], ..Curvature::default() });
            let sample = Sample { step: step as u64, curvature, ..Sample::default() };
            Record { sample, cost: Cost::default() }
        };
        let records = values.iter().enumerate().map(record).collect();
        run.apply(&Event::Sampled { run: RunId(1), records });
        run
    }

    #[test]
    fn sharpnesses_in_view_more_than_twentyfold_apart_get_a_logarithmic_axis() {
        let scale = |values: &[f64], options: Options| {
            let run = curved(values);
            let shown = PlottedRun { run: &run, is_ghost: false, name: String::new() };
            let panels = compose(&[shown], &options).panels;
            panels.iter().find(|panel| panel.kind == PanelKind::Sharpness).unwrap().scale
        };
        let wide = [10.0, 12.0, 30.0, 201.0];
        assert_eq!(scale(&[], Options::default()), Scale::Linear);
        assert_eq!(scale(&wide[..3], Options::default()), Scale::Linear);
        assert_eq!(scale(&wide, Options::default()), Scale::Log);
        let zoomed = Options { visible: Some([0.0, 2.0]), ..Options::default() };
        assert_eq!(scale(&wide, zoomed), Scale::Linear, "201 is out of view");
        assert_eq!(scale(&[-1.0, 12.0, 300.0], Options::default()), Scale::Linear);
        let smallest = Options { is_smallest_shown: true, ..Options::default() };
        assert_eq!(scale(&wide, smallest), Scale::Linear);
        let mut chosen = Options::default();
        chosen.choices.scales.insert(PanelKind::Sharpness, ScaleKind::Linear);
        assert_eq!(scale(&wide, chosen), Scale::Linear, "the user's choice");
    }

    #[test]
    fn a_warmup_stays_a_ramp_until_the_user_sets_a_peak_two_decades_away() {
        let mut run = rated(&[0.0, 0.0009, 0.1, 0.1, 0.1], RateRule::Schedule);
        assert_eq!(panel(&run).scale, Scale::Linear);
        let mut live = run.config().live.clone();
        live.peak_lr = run.initial_config().live.peak_lr * 300.0;
        let source = Source::User(1);
        run.apply(&Event::Tuned { run: RunId(1), step: 5, live: Box::new(live), source });
        assert_eq!(panel(&run).scale, Scale::Log);
    }
}
