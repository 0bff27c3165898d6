//! Runs that differ only by seed, drawn as one line: median and range.

use crate::figure::lines::{Extent, Line, OffScale, Point, Reading, Trace};
use crate::history::Run;
use crate::quantity::{self, Quantity};

use super::refine::{due, sampled_indices, source};

/// Replaces a line of a run by one over its seed group: the median as trace, the range as
/// band. At each step only the runs that have a value count; where none has, the line has a gap.
pub(super) fn merge(
    runs: &[&Run],
    quantity: Quantity,
    is_divided: bool,
    steps: [f64; 2],
    hovered: Option<u64>,
    line: &mut Line,
) {
    let source = source(quantity, is_divided);
    let is_own_ratio = is_divided && source != quantity::BINDING_RATIO;
    let value = |run: &Run, step: u64| {
        let value = run.series(source).at(step)?;
        let divisor =
            if is_own_ratio { run.series(quantity::EFFECTIVE_THRESHOLD).at(step)? } else { 1.0 };
        Some(value / divisor)
    };
    let at = |step: u64| {
        let values = runs.iter().filter_map(|run| value(run, step));
        let mut values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
        values.sort_by(f64::total_cmp);
        let (low, high) = (values.first()?, values.last()?);
        Some((median(&values), *low, *high))
    };
    // The series with the most values, because the current run may have just begun.
    let all_due = runs.iter().map(|run| run.series(due(run, source)));
    let longest = all_due.max_by_key(|series| series.len());
    let mut pieces: Vec<Vec<Point>> = vec![Vec::new()];
    let mut bands: Vec<Vec<Extent>> = vec![Vec::new()];
    for index in longest.into_iter().flat_map(|series| sampled_indices(series, steps)) {
        let Some((step, _)) = longest.and_then(|series| series.get(index)) else { continue };
        let Some((middle, low, high)) = at(step) else {
            pieces.push(Vec::new());
            bands.push(Vec::new());
            continue;
        };
        if let (Some(piece), Some(range)) = (pieces.last_mut(), bands.last_mut()) {
            piece.push([step as f64, middle]);
            range.push([step as f64, low, high]);
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    bands.retain(|piece| !piece.is_empty());
    line.trace = Trace { pieces, off_scale: off_scale(runs, source, steps) };
    line.bands = bands;
    line.smooth = Vec::new();
    line.reading = hovered.and_then(|wanted| {
        let series = longest?;
        let (step, _) = series.get(series.n_up_to(wanted).checked_sub(1)?)?;
        let (value, ..) = at(step)?;
        Some(Reading { step, place: step as f64, value, is_exact: step == wanted })
    });
}

/// Values that are not finite, the first of each kind in each run.
fn off_scale(runs: &[&Run], quantity: Quantity, steps: [f64; 2]) -> Vec<OffScale> {
    let of = |run: &&Run| {
        let series = run.series(quantity);
        let inside = series.index_range(steps);
        let found = series.summary([inside.start, inside.end]);
        let found = found.not_finite().map(|(at, value)| (series.step(at) as f64, value));
        found.map(|(step, value)| OffScale { step, value }).collect::<Vec<_>>()
    };
    let mut all: Vec<OffScale> = runs.iter().flat_map(of).collect();
    all.sort_by(|a, b| a.step.total_cmp(&b.step));
    all
}

/// The median of sorted values.
fn median(values: &[f64]) -> f64 {
    let half = values.len() / 2;
    let upper = values.get(half).copied().unwrap_or(f64::NAN);
    let lower = values.get((values.len() - 1) / 2).copied().unwrap_or(f64::NAN);
    f64::midpoint(lower, upper)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RunConfig;
    use crate::figure::{
        Choices, Figure, Ghost, Options, PlottedRun, compose, ghost_seed_groups, name_seed_groups,
        seed_group, title,
    };
    use crate::protocol::{Cost, Event, Record, RunId, Sample};

    fn run(id: u64, seed: u64, n: u64, rate: f64) -> Run {
        named_run(&RunConfig::default().name, id, seed, n, rate)
    }

    fn named_run(name: &str, id: u64, seed: u64, n: u64, rate: f64) -> Run {
        let mut config = RunConfig { seed, name: name.to_owned(), ..RunConfig::default() };
        config.live.peak_lr = rate;
        let mut run = Run::new(RunId(id), config);
        let record = |step| Record {
            sample: Sample { step, loss: seed as f64, ..Sample::default() },
            cost: Cost::default(),
        };
        let records = (0..n).map(record).collect();
        run.apply(&Event::Sampled { run: RunId(id), records });
        run
    }

    #[test]
    fn runs_of_a_sweep_with_different_names_form_a_seed_group() {
        let named = |id: u64, name: &str| {
            let config = RunConfig { seed: id, name: name.to_owned(), ..RunConfig::default() };
            Run::new(RunId(id), config)
        };
        let runs = [named(1, "grid: 0.1, 1"), named(2, "grid: 0.1, 2"), named(3, "my-edge")];
        assert_eq!(seed_group(&shown(&runs)).len(), 3);
    }

    fn shown(runs: &[Run]) -> Vec<PlottedRun<'_>> {
        let last = runs.len() - 1;
        let name = |at: usize| format!("run {at}");
        runs.iter()
            .enumerate()
            .map(|(at, run)| PlottedRun { run, is_ghost: at < last, name: name(at) })
            .collect()
    }

    fn drawn(runs: &[Run], is_over_seeds: bool) -> Figure {
        let choices = Choices { is_over_seeds, ..Choices::default() };
        compose(&shown(runs), &Options { choices, hovered: Some(15.0), ..Options::default() })
    }

    #[test]
    fn only_runs_that_differ_by_seed_alone_form_a_seed_group() {
        let runs = vec![run(1, 1, 9, 0.1), run(2, 2, 9, 0.3), run(3, 3, 9, 0.1), run(4, 4, 5, 0.1)];
        let alike: Vec<u64> = seed_group(&shown(&runs)).iter().map(|run| run.id().0).collect();
        assert_eq!(alike, [4, 1, 3]);
        assert!(seed_group(&shown(&runs[..2])).is_empty());
        assert!(seed_group(&shown(&[run(1, 1, 9, 0.1), run(2, 1, 9, 0.1)])).is_empty());
    }

    #[test]
    fn a_seed_group_becomes_one_line_of_median_and_range() {
        let runs = [run(1, 10, 30, 0.1), run(2, 40, 20, 0.1), run(3, 1, 10, 0.1)];
        let figure = drawn(&runs, true);
        let losses: Vec<_> =
            figure.panels[1].lines.iter().filter(|line| line.quantity == quantity::LOSS).collect();
        let [loss] = losses.as_slice() else { panic!("ghosts are part of the line") };
        assert_eq!(loss.bands[0][5], [5.0, 1.0, 40.0]);
        assert_eq!(loss.trace.pieces[0][5], [5.0, 10.0]);
        assert_eq!(loss.bands[0][15], [15.0, 10.0, 40.0]);
        assert_eq!(loss.trace.pieces[0][15], [15.0, 25.0]);
        assert_eq!(loss.trace.points().count(), 30);
        assert_eq!(loss.bands[0][25], [25.0, 10.0, 10.0]);
        assert_eq!(loss.reading.map(|reading| reading.value), Some(25.0));
        assert_eq!(figure.panels[1].note.as_deref(), Some("median and range of up to 3 seeds"));
        let end = Sample { step: 10, loss: f64::NAN, ..Sample::default() };
        let records = vec![Record { sample: end, cost: Cost::default() }];
        let mut diverged = runs.to_vec();
        diverged[2].apply(&Event::Sampled { run: RunId(3), records });
        let figure = drawn(&diverged, true);
        let off_scale = &figure.panels[1].lines[0].trace.off_scale;
        assert!(
            off_scale.len() == 1 && off_scale[0].step == 10.0 && off_scale[0].value.is_nan(),
            "{off_scale:?}"
        );
        let apart = drawn(&runs, false);
        assert_eq!(
            apart.panels[1].lines.iter().filter(|l| l.quantity == quantity::LOSS).count(),
            3
        );
    }
    #[test]
    fn every_group_of_ghosts_becomes_one_line_named_without_its_seed() {
        let rates = [(1, 0.3), (2, 0.3), (1, 0.2), (2, 0.2), (3, 0.3), (1, 0.5), (1, 0.1)];
        let named = |(at, (seed, rate)): (usize, &(u64, f64))| {
            named_run(&format!("m: {rate}, {seed}"), at as u64 + 1, *seed, 9, *rate)
        };
        let runs: Vec<Run> = rates.iter().enumerate().map(named).collect();
        let mut shown = shown(&runs);
        let ids = |group: &Vec<&Run>| group.iter().map(|run| run.id().0).collect::<Vec<_>>();
        let groups: Vec<_> = ghost_seed_groups(&shown).iter().map(ids).collect();
        assert_eq!(groups, [vec![1, 2, 5], vec![3, 4]]);
        name_seed_groups(&mut shown, |run| format!("run {}", run.id().0));
        let choices = Choices { is_over_seeds: true, ..Choices::default() };
        let figure = compose(&shown, &Options { choices, ..Options::default() });
        let lines = figure.panels[1].lines.iter().filter(|line| line.quantity == quantity::LOSS);
        let lines: Vec<_> = lines.collect();
        let name = |line: &&Line| line.ghost.as_ref().map(|ghost| ghost.name.clone());
        let names: Vec<_> = lines.iter().filter_map(name).collect();
        assert_eq!(
            names[..2],
            ["m 0.3 (3 seeds): Learning rate 0.3", "m 0.2 (2 seeds): Learning rate 0.2"]
        );
        assert_eq!(lines[1].ghost.as_ref().map(Ghost::short_name).as_deref(), Some("m 0.3"));
        assert_eq!((names.len(), lines.len()), (3, 4), "the ghost of one seed stays alone");
        assert_eq!(lines[1].bands[0][5], [5.0, 1.0, 3.0]);
        assert_eq!(lines[1].trace.pieces[0][5], [5.0, 2.0]);
        assert!(lines[3].bands.is_empty());
        let note = figure.panels[1].note.as_deref();
        assert_eq!(note, Some("median and range of 2 to 3 seeds"));
        let group = [&runs[0], &runs[1], &runs[4]];
        assert_eq!([title(&runs[0], &group), title(&runs[0], &[])], ["m: 0.3", "m: 0.3, 1"]);
    }
}
