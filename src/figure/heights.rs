//! Which vertical axis a panel has, and what stands beside it.
//! Does not choose the part of it that is in view.

use crate::history::{Run, Series};

use super::limit;
use super::refine::{is_divided, source};
use super::{Choices, PanelKind, Scale, ScaleKind, Shown};

/// Learning rates further apart than this factor need a logarithmic axis.
const MAX_LINEAR_RATES: f64 = 100.0;

/// Values among which the first that is neither 0 nor infinite is looked for.
const N_FIRST: usize = 1000;

/// The axis of a panel for the current run: a person's choice, else the usual one.
pub(super) fn scale(kind: PanelKind, run: Option<&Run>, choices: &Choices) -> Scale {
    match choices.scales.get(&kind) {
        Some(ScaleKind::Linear) => Scale::Linear,
        Some(ScaleKind::Log) => Scale::Log,
        Some(ScaleKind::Symlog) => Scale::Symlog(linear_decade(kind, run, choices)),
        None => match kind {
            PanelKind::Preconditioned | PanelKind::Sharpness => Scale::Linear,
            PanelKind::LearningRate => run.map_or(Scale::Linear, rate_scale),
            PanelKind::Loss | PanelKind::GradNorm => Scale::Log,
        },
    }
}

/// The decade below which a symmetric axis is linear: it follows from the first value of the
/// run and so stays. Eigenvalues of either sign are of like size; the others go down by decades.
fn linear_decade(kind: PanelKind, run: Option<&Run>, choices: &Choices) -> i32 {
    let (quantity, below) = match kind {
        PanelKind::Preconditioned => ("preconditioned_sharpness", 1.0),
        PanelKind::Sharpness => ("sharpness", 1.0),
        PanelKind::Loss => ("loss", 3.0),
        PanelKind::LearningRate => ("learning_rate", 3.0),
        PanelKind::GradNorm => ("grad_norm", 3.0),
    };
    let quantity = source(quantity, is_divided(kind, run, choices));
    let series = run.map(|run| run.series(quantity));
    let mut values = series.into_iter().flat_map(Series::iter).take(N_FIRST);
    let first = values.find(|(_, value)| value.is_finite() && *value != 0.0);
    let decade = first.map_or(0.0, |(_, value)| value.abs().log10().floor() - below);
    #[expect(clippy::cast_possible_truncation, reason = "a decade of a double")]
    let decade = decade as i32;
    decade
}

/// What stands beside the axis of a panel.
pub(super) fn axis_label(
    kind: PanelKind,
    (run, runs): (Option<&Run>, &[Shown<'_>]),
    choices: &Choices,
) -> String {
    if !is_divided(kind, run, choices) {
        return kind.axis_label().to_owned();
    }
    let limit = run.map_or_else(|| "limit".to_owned(), limit::formula);
    // Each run is divided by a limit of its own.
    let is_common = runs.iter().all(|shown| limit::formula(shown.run) == limit);
    if is_common { format!("λ / ({limit})") } else { "λ / limit".to_owned() }
}

/// Logarithmic once the rates of the whole run span more than two decades, which they do ever after.
fn rate_scale(run: &Run) -> Scale {
    let rates = run.series("learning_rate");
    let all = rates.summary([0, rates.len()]);
    let ends = all.lowest_positive().zip(all.highest());
    let is_wide = ends.is_some_and(|((_, low), (_, high))| high > MAX_LINEAR_RATES * low);
    if is_wide { Scale::Log } else { Scale::Linear }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RunConfig;
    use crate::figure::{Options, Panel, Shown, compose};
    use crate::protocol::{Cost, Event, Record, RunId, Sample};

    fn rated(rates: &[f64]) -> Panel {
        let mut run = Run::new(RunId(1), RunConfig::default());
        let record = |(step, rate): (usize, &f64)| Record {
            sample: Sample { step: step as u64, learning_rate: *rate, ..Sample::default() },
            cost: Cost::default(),
        };
        let records = rates.iter().enumerate().map(record).collect();
        run.apply(&Event::Sampled { run: RunId(1), records });
        let shown = Shown { run: &run, is_ghost: false, name: String::new() };
        compose(&[shown], &Options::default()).panels.swap_remove(2)
    }

    #[test]
    fn rates_over_more_than_two_decades_get_a_logarithmic_axis_and_stay_on_it() {
        assert_eq!(rated(&[]).scale, Scale::Linear);
        assert_eq!(rated(&[0.0, 0.001, 0.1]).scale, Scale::Linear);
        let panel = rated(&[0.0, 0.0009, 0.1, 0.1, 0.1]);
        assert_eq!(panel.scale, Scale::Log);
        assert_eq!(panel.lines[0].trace.lost.len(), 1);
    }
}
