//! Small multiples: the governing curvature of several runs against the limit that binds, one chart
//! each, on the same axes.

use super::{AxisSpec, Chart, Class, Curve, Layer, LegendPlace, Sheet};
use crate::history::{Run, Series, Status};
use crate::protocol::RunEnd;
use crate::quantity;
use crate::text;

/// Points of a line; of more values the least and the largest of every stretch are drawn.
const MAX_POINTS: usize = 400;

/// How far the charts reach beyond the values in their range, as a factor.
const MARGIN: f64 = 3.0;

/// A run and what it is called in its chart.
#[derive(Clone, Copy, Debug)]
pub struct NamedRun<'a> {
    /// Its name.
    pub name: &'a str,
    /// The run.
    pub run: &'a Run,
}

/// A sheet with a chart for each run.
#[must_use]
pub fn small_multiples(runs: &[NamedRun<'_>]) -> Sheet {
    let longest = runs.iter().map(|named| named.run.config().n_steps).max().unwrap_or(1);
    let range = range(runs);
    let charts = runs.iter().map(|named| chart(*named, longest, range)).collect();
    Sheet { charts, ..Sheet::default() }
}

fn chart(NamedRun { name, run }: NamedRun<'_>, longest: u64, range: [f64; 2]) -> Chart {
    let symbol = run.governing_symbol();
    let curve = Curve {
        name: symbol.to_owned(),
        points: points(run.series(run.governing_quantity())),
        band: Vec::new(),
        class: Class::Curvature,
    };
    let limits = points(run.series(quantity::EFFECTIVE_THRESHOLD));
    let limit = Curve {
        name: "limit that binds".to_owned(),
        // Everything above the limit is shaded.
        band: limits.iter().map(|[_, limit]| [*limit, f64::INFINITY]).collect(),
        points: limits,
        class: Class::Limit,
    };
    Chart {
        title: Some(format!("{name}: {}", outcome(run))),
        caption: None,
        x: AxisSpec { range: Some([0.0, longest.max(1) as f64]), ..AxisSpec::linear("step") },
        y: AxisSpec { range: Some(range), ..AxisSpec::log(symbol) },
        layers: vec![Layer::Curve(limit), Layer::Curve(curve)],
        legend: LegendPlace::Hidden,
        ..Chart::default()
    }
}

/// How far a run is, or how it ended.
fn outcome(run: &Run) -> String {
    let taken = run.n_steps();
    let loss = run.last().map(|record| text::number(text::rounded(record.sample.loss, 2)));
    match (run.status(), loss) {
        (Status::Starting, _) => "waits".to_owned(),
        (Status::Running | Status::Paused, _) => {
            format!("step {taken} of {}", run.config().n_steps)
        }
        (Status::Ended(RunEnd::Diverged { .. }), _) => format!("diverged at step {taken}"),
        (Status::Ended(RunEnd::Failed { message }), _) => format!("failed: {message}"),
        (Status::Ended(RunEnd::Finished), Some(loss)) => format!("loss {loss} at step {taken}"),
        (Status::Ended(RunEnd::Finished | RunEnd::Stopped), _) => {
            format!("stopped at step {taken}")
        }
    }
}

/// The values of a series by step, reduced to [`MAX_POINTS`].
fn points(series: &Series) -> Vec<[f64; 2]> {
    let all: Vec<[f64; 2]> = series.iter().map(|(step, value)| [step as f64, value]).collect();
    let stretch = (2 * all.len()).div_ceil(MAX_POINTS).max(2);
    if all.len() <= MAX_POINTS {
        return all;
    }
    let extremes = |part: &[[f64; 2]]| {
        let by_value = |a: &&[f64; 2], b: &&[f64; 2]| a[1].total_cmp(&b[1]);
        let mut ends: Vec<_> = part.iter().min_by(by_value).into_iter().copied().collect();
        ends.extend(part.iter().max_by(by_value));
        ends.sort_by(|a, b| a[0].total_cmp(&b[0]));
        ends
    };
    all.chunks(stretch).flat_map(extremes).collect()
}

/// The common range of all charts: the curvatures of runs that did not diverge, first values of all,
/// and the limits at the end of each. A run that diverges leaves them.
fn range(runs: &[NamedRun<'_>]) -> [f64; 2] {
    let mut values: Vec<f64> = Vec::new();
    for NamedRun { run, .. } in runs {
        let curvature = run.series(run.governing_quantity());
        values.extend(curvature.first().map(|(_, value)| value));
        if !run.has_diverged() {
            values.extend(points(curvature).iter().map(|point| point[1]));
        }
        values.extend(run.series(quantity::EFFECTIVE_THRESHOLD).last().map(|(_, value)| value));
    }
    let drawn = values.into_iter().filter(|value| *value > 0.0 && value.is_finite());
    let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
    drawn.for_each(|value| (low, high) = (low.min(value), high.max(value)));
    if high == 0.0 { [1.0, 100.0] } else { [low / MARGIN, high * MARGIN] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RunConfig;
    use crate::protocol::{Curvature, Eigenvalue, Event, Record, RunId, Sample};

    fn run(values: &[f64], end: Option<RunEnd>) -> Run {
        let id = RunId(1);
        let mut run = Run::new(id, RunConfig { n_steps: 1000, ..RunConfig::default() });
        let records = values.iter().zip(0..).map(|(value, step)| {
            let found = Eigenvalue {
                value: *value,
                residual: 0.0,
                is_converged: true,
                identity: 0,
                error: Some(0.0),
            };
            let curvature = Some(Curvature { top: vec![found], ..Curvature::default() });
            let sample = Sample {
                step,
                loss: 0.5,
                curvature,
                effective_threshold: Some(20.0),
                ..Sample::default()
            };
            Record { sample, ..Record::default() }
        });
        run.apply(&Event::Sampled { run: id, records: records.collect() });
        if let Some(end) = end {
            run.apply(&Event::Ended { run: id, step: values.len() as u64, end });
        }
        run
    }

    #[test]
    fn a_run_that_diverges_leaves_the_charts_and_the_others_fill_them() {
        let calm = run(&[10.0, 15.0, 19.0], Some(RunEnd::Finished));
        let wild = run(&[200.0, 1e6, 1e12], Some(RunEnd::Diverged { loss: 1e30 }));
        let runs = [NamedRun { name: "plain", run: &wild }, NamedRun { name: "calm", run: &calm }];
        let sheet = small_multiples(&runs);
        for chart in &sheet.charts {
            assert_eq!(chart.x.range, Some([0.0, 1000.0]));
            assert_eq!(chart.y.range, Some([10.0 / 3.0, 600.0]));
        }
        let titles: Vec<_> = sheet.charts.iter().filter_map(|chart| chart.title.clone()).collect();
        assert_eq!(titles, ["plain: diverged at step 3", "calm: loss 0.5 at step 3"]);
        let legend: Vec<_> = sheet.legend().into_iter().map(|entry| entry.name).collect();
        assert_eq!(legend, ["limit that binds", "λ₁"]);
    }

    #[test]
    fn a_run_without_values_is_drawn_and_says_that_it_waits() {
        let waiting = Run::new(RunId(2), RunConfig::default());
        let sheet = small_multiples(&[NamedRun { name: "Fixup", run: &waiting }]);
        assert_eq!(sheet.charts[0].title.as_deref(), Some("Fixup: waits"));
    }

    #[test]
    fn no_extreme_of_a_long_series_is_lost() {
        let mut values = vec![1.0; 5000];
        (values[1234], values[4999]) = (7.0, 0.25);
        let drawn = points(run(&values, None).series(quantity::SHARPNESS));
        assert!(drawn.len() <= MAX_POINTS + 2, "{}", drawn.len());
        assert!(drawn.contains(&[1234.0, 7.0]) && drawn.contains(&[4999.0, 0.25]));
        assert!(drawn.windows(2).all(|pair| pair[0][0] <= pair[1][0]));
    }
}
