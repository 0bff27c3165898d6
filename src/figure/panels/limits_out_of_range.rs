//! Stability limits outside a panel's range, which get a mark with their value at its edge.

use crate::figure::lines::Line;

use super::panel::{FitTo, Panel};

/// A limit that applies to the newest visible step but lies outside the range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LimitOutOfRange<'a> {
    /// Its line.
    pub line: &'a Line,
    /// Its newest visible value.
    pub value: f64,
    /// Whether it lies above the range, not below.
    pub is_above: bool,
}

impl Panel {
    /// The limits outside a range of places on the vertical axis that apply to the newest of the
    /// given steps. Those of ghosts count only if the fitted range includes other runs.
    #[must_use]
    pub fn limits_out_of_range(
        &self,
        [low, high]: [f64; 2],
        steps: [f64; 2],
        is_shown: impl Fn(&Line) -> bool,
    ) -> Vec<LimitOutOfRange<'_>> {
        let counts = |line: &&Line| {
            let is_included = line.ghost.is_none() || self.fit_to != FitTo::CurrentRun;
            line.role.is_limit() && is_included && is_shown(line)
        };
        let limits: Vec<&Line> = self.lines.iter().filter(counts).collect();
        let mut found = Vec::new();
        for line in &limits {
            let Some([place, value]) = line.newest(steps) else { continue };
            // A run's limits end at different steps only if the newest step was not clipped: then
            // the one at the effective rate no longer applies.
            let same = limits.iter().filter(|other| other.ghost == line.ghost);
            if same.filter_map(|other| other.newest(steps)).any(|[newest, _]| newest > place) {
                continue;
            }
            let at = self.scale.to_axis(value);
            let is_above = value == f64::INFINITY || at.is_some_and(|at| at > high);
            if is_above || at.is_none_or(|at| at < low) {
                found.push(LimitOutOfRange { line, value, is_above });
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use crate::figure::{Line, Panel, PanelKind, Role, Scale, Trace};

    fn panel(limit: &[f64], effective: &[f64]) -> Panel {
        let line = |role, name: &str, values: &[f64]| {
            let piece = values.iter().enumerate().map(|(i, y)| [i as f64, *y]).collect();
            let trace = Trace { pieces: vec![piece], off_scale: Vec::new() };
            Line::new(role, name.to_owned(), None, trace)
        };
        let lines = vec![
            line(Role::Eigenvalue(1), "λ₁", &[4.0, 5.0]),
            line(Role::Threshold, "2/η", limit),
            line(Role::EffectiveThreshold, "2/η eff", effective),
        ];
        let (kind, scale, fit_to) = (PanelKind::Sharpness, Scale::Linear, super::FitTo::CurrentRun);
        let (axis_label, note, clipped, unstable) = (String::new(), None, Vec::new(), Vec::new());
        Panel { kind, scale, axis_label, fit_to, lines, note, ratio: None, clipped, unstable }
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
            let values: Vec<f64> = marks.iter().map(|mark| mark.value).collect();
            assert_eq!(values, wanted);
            assert!(marks.iter().all(|mark| mark.is_above));
            let drawn = [limit].into_iter().chain(effective).filter(|x| !wanted.contains(x));
            drawn.for_each(|x| assert!(low < x && x < high, "{x} in {low} to {high}"));
            assert!(high < 56.0, "eigenvalues of 5 are flattened: {high}");
        }
    }

    #[test]
    fn a_warmup_marks_the_limit_in_force_until_it_comes_into_range_and_so_does_a_chosen_height() {
        let all = |_: &Line| true;
        let falling = [1e4, 100.0, 20.0];
        let first_mark = |last: f64| {
            let panel = panel(&falling, &[1e5]);
            let range = panel.fit([0.0, last], all);
            panel.limits_out_of_range(range, [0.0, last], all).first().map(|mark| mark.value)
        };
        assert_eq!(
            [first_mark(0.0), first_mark(1.0), first_mark(2.0)],
            [Some(1e4), Some(100.0), None]
        );
        let panel = panel(&falling, &[]);
        let mark = |height| panel.limits_out_of_range(height, [0.0, 2.0], all)[0].is_above;
        assert!(mark([0.0, 6.0]) && !mark([30.0, 60.0]));
    }
}
