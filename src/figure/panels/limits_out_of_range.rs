//! Stability limits outside a panel's range, which get a mark with their value at its edge.

use crate::figure::lines::Line;

use super::panel::{FitTo, Panel};

/// A limit with visible values above the range of a panel, or below it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LimitOutOfRange<'a> {
    /// Its line.
    pub line: &'a Line,
    /// The value that applies to the newest visible step, if it is one of them.
    pub newest: Option<f64>,
    /// The value furthest outside.
    pub furthest: f64,
    /// Whether they lie above the range, not below.
    pub is_above: bool,
}

impl LimitOutOfRange<'_> {
    /// Whether another run's limit of the same quantity has the same values on the same side.
    fn is_as(&self, other: &Self) -> bool {
        let is_same = self.newest == other.newest && self.furthest == other.furthest;
        is_same && self.is_above == other.is_above && self.line.quantity == other.line.quantity
    }
}

impl Panel {
    /// The limits that leave a range of places on the vertical axis between two steps; of one that
    /// leaves both ends, the newest value comes first. Those of ghosts count only if the fitted
    /// range includes other runs, and if no run before has the same values there.
    #[must_use]
    pub fn limits_out_of_range(
        &self,
        range: [f64; 2],
        steps: [f64; 2],
        is_shown: impl Fn(&Line) -> bool,
    ) -> Vec<LimitOutOfRange<'_>> {
        let counts = |line: &&Line| {
            let is_included = line.ghost.is_none() || self.fit_to != FitTo::CurrentRun;
            line.look.is_limit() && is_included && is_shown(line)
        };
        let limits: Vec<&Line> = self.lines.iter().filter(counts).collect();
        let mut found: Vec<LimitOutOfRange<'_>> = Vec::new();
        for line in &limits {
            let Some([place, value]) = line.newest(steps) else { continue };
            // A run's limits end at different steps only if the newest step was not clipped: then
            // the one at the effective rate no longer applies.
            let same = limits.iter().filter(|other| other.ghost == line.ghost);
            let mut ends = same.filter_map(|other| other.newest(steps));
            let newest = (!ends.any(|[newest, _]| newest > place)).then_some(value);
            let sides = [true, false].map(|is_above| {
                let is_outside = |value: &f64| self.is_outside(*value, range, is_above);
                let newest = newest.filter(is_outside);
                let drawn = line.trace.pieces_between(steps).flatten().map(|[_, value]| *value);
                let outside = newest.into_iter().chain(drawn.filter(is_outside));
                let further: fn(f64, f64) -> f64 = if is_above { f64::max } else { f64::min };
                let furthest = outside.reduce(further)?;
                Some(LimitOutOfRange { line, newest, furthest, is_above })
            });
            let mut sides: Vec<_> = sides.into_iter().flatten().collect();
            sides.sort_by_key(|mark| mark.newest.is_none());
            sides.retain(|mark| !(line.ghost.is_some() && found.iter().any(|one| one.is_as(mark))));
            found.extend(sides);
        }
        found
    }

    /// Whether a value lies above a range of places on the vertical axis, or else below it.
    fn is_outside(&self, value: f64, [low, high]: [f64; 2], is_above: bool) -> bool {
        let at = self.scale.to_axis(value);
        let is_high = value == f64::INFINITY || at.is_some_and(|at| at > high);
        if is_above { is_high } else { !is_high && at.is_none_or(|at| at < low) }
    }
}

#[cfg(test)]
mod tests {
    use crate::figure::{Ghost, Hue, LimitsOut, Line, Look, OutOfRange, Panel, PanelKind, Trace};
    use crate::quantity;

    fn panel(limit: &[f64], effective: &[f64]) -> Panel {
        let line = |quantity, look, name: &str, values: &[f64]| {
            let piece = values.iter().enumerate().map(|(i, y)| [i as f64, *y]).collect();
            let trace = Trace { pieces: vec![piece], off_scale: Vec::new() };
            Line::new(quantity, look, name.to_owned(), None, trace)
        };
        let lines = vec![
            line(quantity::SHARPNESS, Look::curve(Hue::Blue, 2.0).main(), "λ₁", &[4.0, 5.0]),
            line(quantity::STABILITY_THRESHOLD, Look::limit(2.0), "2/η", limit),
            line(quantity::EFFECTIVE_THRESHOLD, Look::limit(2.0), "2/η eff", effective),
        ];
        Panel::of_lines(PanelKind::Sharpness, lines)
    }

    #[test]
    fn a_limit_up_to_ten_times_the_largest_eigenvalue_is_in_range_and_one_beyond_gets_a_mark() {
        let all = |_: &Line| true;
        for (limit, effective, wanted) in [
            (20.0, None, vec![]),
            (49.9, None, vec![]),
            (51.0, None, vec![51.0]),
            (1e4, None, vec![1e4]),
            (20.0, Some(45.0), vec![]),
            (20.0, Some(400.0), vec![400.0]),
            (60.0, Some(400.0), vec![60.0, 400.0]),
        ] {
            let effective: Vec<f64> = effective.into_iter().flat_map(|x| [x, x]).collect();
            let panel = panel(&[limit, limit], &effective);
            let [low, high] = panel.fit([0.0, 1.0], all);
            let marks = panel.limits_out_of_range([low, high], [0.0, 1.0], all);
            let values: Vec<f64> = marks.iter().filter_map(|mark| mark.newest).collect();
            assert_eq!(values, wanted);
            assert!(marks.iter().all(|mark| mark.is_above));
            let drawn = [limit].into_iter().chain(effective).filter(|x| !wanted.contains(x));
            drawn.for_each(|x| assert!(low < x && x < high, "{x} in {low} to {high}"));
            assert!(high < 56.0, "eigenvalues of 5 are flattened: {high}");
        }
    }

    #[test]
    fn a_warmup_marks_the_limit_in_force_and_the_earlier_ones_and_so_does_a_chosen_height() {
        let all = |_: &Line| true;
        let falling = [1e4, 100.0, 20.0];
        let first_mark = |last: f64| {
            let panel = panel(&falling, &[1e5]);
            let range = panel.fit([0.0, last], all);
            let marks = panel.limits_out_of_range(range, [0.0, last], all);
            (marks[0].newest, marks[0].furthest)
        };
        assert_eq!(
            [first_mark(0.0), first_mark(1.0), first_mark(2.0)],
            [(Some(1e4), 1e4), (Some(100.0), 1e4), (None, 1e4)]
        );
        let panel = panel(&falling, &[]);
        let mark = |height| panel.limits_out_of_range(height, [0.0, 2.0], all)[0].is_above;
        assert!(mark([0.0, 6.0]) && !mark([30.0, 60.0]));
    }
    /// A range, its marks, and the count of values out of it.
    type Told = ([f64; 2], Vec<(Option<f64>, f64)>, OutOfRange);

    /// Those of a panel with these limits.
    fn told(limit: &[f64]) -> Told {
        let all = |_: &Line| true;
        let (panel, steps) = (panel(limit, &[]), [0.0, limit.len() as f64]);
        let range = panel.fit(steps, all);
        let marks = panel.limits_out_of_range(range, steps, all);
        let marks = marks.iter().map(|mark| (mark.newest, mark.furthest)).collect();
        (range, marks, panel.out_of_range(range, steps, all))
    }

    #[test]
    fn an_earlier_limit_is_in_range_up_to_ten_times_and_one_beyond_gets_a_mark() {
        // Held from the start, held for a few steps later, and zigzagging under clipping.
        for limit in [
            vec![30.0, 30.0, 30.0, 10.0, 10.0],
            vec![10.0, 10.0, 30.0, 30.0, 10.0, 10.0],
            vec![10.0, 30.0, 12.0, 30.0, 11.0, 8.0, 6.0],
        ] {
            let ([_, high], marks, out_of_range) = told(&limit);
            assert!((30.0..35.0).contains(&high), "{high}: {limit:?}");
            assert_eq!((marks, out_of_range), (Vec::new(), OutOfRange::default()));
        }
        let ([_, high], marks, out_of_range) = told(&[10.0, 10.0, 4000.0, 4000.0, 10.0, 10.0]);
        assert!(high < 15.0, "{high}");
        let no_values = OutOfRange { limits: Some(LimitsOut::Earlier), ..OutOfRange::default() };
        assert_eq!((marks, out_of_range), (vec![(None, 4000.0)], no_values));
        // A warmup does not flatten the eigenvalues, but its highest limit has its number.
        let ([_, high], marks, out_of_range) = told(&[90.0, 45.0, 30.0, 15.0, 10.0, 10.0]);
        assert!(high < 15.0, "{high}");
        assert_eq!((marks, out_of_range), (vec![(None, 90.0)], no_values));
    }

    #[test]
    fn the_limit_of_a_ghost_gets_a_mark_only_if_it_differs() {
        let mut all = panel(&[400.0, 400.0], &[]);
        all.fit_to = super::FitTo::AllRuns;
        for (id, limit) in [(1, 400.0), (2, 800.0), (3, 800.0)] {
            let mut ghost = panel(&[limit, limit], &[]).lines.swap_remove(1);
            ghost.ghost = Some(Ghost { name: format!("run {id}"), style: id });
            all.lines.push(ghost);
        }
        let marks = all.limits_out_of_range([0.0, 10.0], [0.0, 1.0], |_| true);
        let names = marks.iter().map(|mark| mark.line.ghost.as_ref().map(|g| g.name.as_str()));
        assert_eq!(names.collect::<Vec<_>>(), [None, Some("run 2")]);
    }

    #[test]
    fn a_limit_that_leaves_both_ends_has_two_marks_with_the_newest_first() {
        let panel = panel(&[1e4, 100.0, 20.0], &[]);
        let marks = panel.limits_out_of_range([30.0, 60.0], [0.0, 2.0], |_| true);
        let marks: Vec<_> = marks.iter().map(|m| (m.newest, m.furthest, m.is_above)).collect();
        assert_eq!(marks, [(Some(20.0), 20.0, false), (None, 1e4, true)]);
    }
}
