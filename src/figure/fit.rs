//! Which part of a vertical axis shows what matters.
//! A choice of view only: it never drops a value.

use super::{Fitted, Line, Panel, PanelKind, Point, Role, Scale};

/// A threshold further above the largest eigenvalue than this factor is left out of the range:
/// at the start of a warmup it is thousands of times higher.
const NEAR_THRESHOLD: f64 = 2.5;

/// Eigenvalues above this multiple of what is usual are left out of the range: a diverging end must
/// not flatten the run before it. What is usual is the upper quartile of the sharpness, and the
/// thresholds near it; the catapults of the literature stay below this.
const RUNAWAY: f64 = 5.0;

/// The same for ghosts beside the current run on a logarithmic axis.
const FAR_ON_LOG: f64 = 100.0;

/// The least that a logarithmic axis shows, in decades.
const MIN_DECADES: f64 = 0.3;

/// Free room above and below, as a fraction of the range.
const MARGIN: f64 = 0.06;

impl Panel {
    /// Places on the vertical axis, lowest and highest, that show what the lines kept by `is_shown`
    /// do between two steps. Ghosts count where the current run has nothing to show, where runs are
    /// put beside each other, and where a person wants all values in range.
    #[must_use]
    pub fn fit(&self, steps: [f64; 2], is_shown: impl Fn(&Line) -> bool) -> [f64; 2] {
        let (ghosts, own): (Vec<&Line>, Vec<&Line>) =
            self.lines.iter().filter(|line| is_shown(line)).partition(|line| line.ghost.is_some());
        let is_own_empty = own.iter().all(|line| pieces(line, steps).flatten().next().is_none());
        let all = || own.iter().chain(&ghosts).copied().collect();
        let shown: Vec<&Line> = match self.fitted {
            _ if is_own_empty => ghosts,
            Fitted::Current => own,
            Fitted::Beside | Fitted::Whole => all(),
        };
        if self.fitted == Fitted::Whole {
            return range(self.scale, &values(&shown, steps, |_| true));
        }
        match self.kind {
            PanelKind::Preconditioned | PanelKind::Sharpness => {
                range(self.scale, &near_the_edge(&shown, steps))
            }
            PanelKind::Loss | PanelKind::LearningRate | PanelKind::GradNorm => {
                range(self.scale, &self.but_for_runaways(&shown, steps))
            }
        }
    }

    /// All values but those of ghosts far above the current run: one that diverged must not flatten
    /// the others.
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

    /// How many drawn values of the current run lie outside a range of places on the axis, and how
    /// far ghosts go out of it.
    #[must_use]
    pub fn beyond(
        &self,
        [low, high]: [f64; 2],
        steps: [f64; 2],
        is_shown: impl Fn(&Line) -> bool,
    ) -> Beyond {
        let mut beyond = Beyond::default();
        for line in self.lines.iter().filter(|line| is_shown(line)) {
            for [_, value] in pieces(line, steps).flatten() {
                let Some(place) = self.scale.to_axis(*value) else { continue };
                if line.ghost.is_none() {
                    beyond.n_above += usize::from(place > high);
                    beyond.n_below += usize::from(place < low);
                } else if place > high {
                    let most = beyond.ghost_above.map_or(*value, |most| most.max(*value));
                    beyond.ghost_above = Some(most);
                } else if place < low {
                    let least = beyond.ghost_below.map_or(*value, |least| least.min(*value));
                    beyond.ghost_below = Some(least);
                }
            }
        }
        beyond
    }
}

/// Values that a range leaves out: those of a long line are the extremes of its neighbours.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Beyond {
    /// Above it.
    pub n_above: usize,
    /// Below it.
    pub n_below: usize,
    /// The largest value of a ghost above it.
    pub ghost_above: Option<f64>,
    /// The smallest value of a ghost below it.
    pub ghost_below: Option<f64>,
}

/// The part of a stretch, whose steps grow, between two steps.
fn inside<const N: usize>(stretch: &[[f64; N]], [first, last]: [f64; 2]) -> &[[f64; N]] {
    let start = stretch.partition_point(|entry| entry[0] < first);
    let n = stretch[start..].partition_point(|entry| entry[0] <= last);
    &stretch[start..start + n]
}

/// What is drawn of a line between two steps.
fn pieces(line: &Line, steps: [f64; 2]) -> impl Iterator<Item = &[Point]> {
    line.trace.pieces.iter().map(move |piece| inside(piece, steps))
}

/// The values of these lines and the ends of their bands.
fn values(lines: &[&Line], steps: [f64; 2], is_wanted: impl Fn(Role) -> bool) -> Vec<f64> {
    let mut values = Vec::new();
    for line in lines.iter().filter(|line| is_wanted(line.role)) {
        for piece in pieces(line, steps) {
            values.extend(piece.iter().map(|[_, value]| *value));
        }
        for band in &line.bands {
            values.extend(inside(band, steps).iter().map(|[_, low, _]| *low));
            values.extend(inside(band, steps).iter().map(|[_, _, high]| *high));
        }
    }
    values
}

/// All eigenvalues but runaways, and thresholds in their neighbourhood.
fn near_the_edge(lines: &[&Line], steps: [f64; 2]) -> Vec<f64> {
    let is_limit = |role| matches!(role, Role::Threshold | Role::EffectiveThreshold);
    let limits = values(lines, steps, is_limit);
    let below = |ceiling: f64| limits.iter().copied().filter(move |limit| *limit <= ceiling);
    let mut shown = values(lines, steps, |role| !is_limit(role));
    if shown.is_empty() {
        return limits;
    }
    let is_largest = |role| matches!(role, Role::Eigenvalue(1) | Role::Preconditioned);
    let mut sharpness = values(lines, steps, is_largest);
    if let Some(usual) = upper_quartile(&mut sharpness)
        && usual > 0.0
    {
        let usual = below(NEAR_THRESHOLD * usual).fold(usual, f64::max);
        // What is no further above a threshold is no runaway, however far it comes down: a catapult.
        let lowest = limits.iter().copied().filter(|limit| *limit > 0.0).reduce(f64::min);
        let catapult = lowest.map_or(0.0, |lowest| NEAR_THRESHOLD * lowest);
        shown.retain(|value| *value <= catapult.max(RUNAWAY * usual));
    }
    let largest = shown.iter().copied().fold(f64::MIN, f64::max);
    shown.extend(below(NEAR_THRESHOLD * largest));
    shown
}

/// Reorders them.
fn upper_quartile(values: &mut [f64]) -> Option<f64> {
    let last = values.len().checked_sub(1)?;
    Some(*values.select_nth_unstable_by(last * 3 / 4, f64::total_cmp).1)
}

/// What these values need of an axis, as places on it. Places keep the order of their values.
fn range(scale: Scale, values: &[f64]) -> [f64; 2] {
    let ends = extremes(values.iter().copied().filter(|value| scale.has_place(*value)));
    let places = ends.and_then(|[low, high]| Some([scale.to_axis(low)?, scale.to_axis(high)?]));
    match scale {
        Scale::Linear | Scale::Symlog(_) => linear(places),
        Scale::Log => logarithmic(places),
    }
}

fn extremes(values: impl Iterator<Item = f64>) -> Option<[f64; 2]> {
    values.fold(None, |seen: Option<[f64; 2]>, value| {
        let [low, high] = seen.unwrap_or([value, value]);
        Some([low.min(value), high.max(value)])
    })
}

/// Always with 0, so that heights can be compared.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::{Ghost, Trace};

    fn line(role: Role, values: &[f64]) -> Line {
        let piece = values.iter().enumerate().map(|(i, y)| [i as f64, *y]).collect();
        let trace = Trace { pieces: vec![piece], lost: Vec::new() };
        Line::new(role, String::new(), None, trace)
    }

    fn panel(lines: Vec<Line>) -> Panel {
        let (kind, scale) = (PanelKind::Sharpness, Scale::Linear);
        let (axis_label, fitted) = (String::new(), Fitted::Current);
        Panel { kind, scale, axis_label, fitted, lines, note: None, clipped: Vec::new() }
    }

    #[test]
    fn a_threshold_far_above_does_not_flatten_the_eigenvalues() {
        let lines = vec![
            line(Role::Eigenvalue(1), &[5.0, 10.0, 20.0]),
            line(Role::Threshold, &[1e4, 100.0, 25.0]),
        ];
        let [low, high] = panel(lines).fit([0.0, 2.0], |_| true);
        assert!((25.0..30.0).contains(&high) && (-2.0..=0.0).contains(&low), "{low} {high}");
    }

    #[test]
    fn a_ghost_out_of_the_range_is_told_and_shown_on_demand() {
        let mut ghost = line(Role::Eigenvalue(1), &[1700.0, -40.0]);
        ghost.ghost = Some(Ghost { name: String::new(), place: 0 });
        let mut panel = panel(vec![line(Role::Eigenvalue(1), &[20.0, 30.0]), ghost]);
        let range = panel.fit([0.0, 1.0], |_| true);
        assert!(range[1] < 40.0);
        let beyond = panel.beyond(range, [0.0, 1.0], |_| true);
        let [above, below] = [Some(1700.0), Some(-40.0)];
        let told = Beyond { ghost_above: above, ghost_below: below, ..Beyond::default() };
        assert_eq!(beyond, told);
        panel.fitted = Fitted::Whole;
        let whole = panel.fit([0.0, 1.0], |_| true);
        assert_eq!(panel.beyond(whole, [0.0, 1.0], |_| true), Beyond::default());
    }

    #[test]
    fn a_diverging_end_does_not_flatten_the_run_before_it() {
        let mut values = vec![20.0; 99];
        values.push(1e9);
        let mut panel = panel(vec![line(Role::Eigenvalue(1), &values)]);
        let [low, high] = panel.fit([0.0, 99.0], |_| true);
        assert!(high < 30.0, "{high}");
        let beyond = panel.beyond([low, high], [0.0, 99.0], |_| true);
        assert_eq!(beyond, Beyond { n_above: 1, ..Beyond::default() });
        panel.fitted = Fitted::Whole;
        let whole = panel.fit([0.0, 99.0], |_| true);
        assert!(whole[1] >= 1e9);
        assert_eq!(panel.beyond(whole, [0.0, 99.0], |_| true), Beyond::default());
    }

    #[test]
    fn a_catapult_stays_in_view_once_it_has_come_down_far_below_the_threshold() {
        let mut values = vec![0.5; 99];
        values[0] = 4.2;
        let lines = vec![line(Role::Eigenvalue(1), &values), line(Role::Threshold, &[2.86; 99])];
        let panel = panel(lines);
        let [low, high] = panel.fit([0.0, 98.0], |_| true);
        assert!(high > 4.2, "{high}");
        assert_eq!(panel.beyond([low, high], [0.0, 98.0], |_| true), Beyond::default());
    }

    #[test]
    fn a_symmetric_axis_shows_both_signs_and_0() {
        let mut panel = panel(vec![line(Role::Eigenvalue(1), &[100.0, -30.0])]);
        panel.scale = Scale::Symlog(0);
        let [low, high] = panel.fit([0.0, 1.0], |_| true);
        assert!((3.0..3.5).contains(&high) && (-3.0..-2.0).contains(&low), "{low} {high}");
    }

    #[test]
    fn a_ghost_on_another_scale_does_not_stretch_the_axis_of_the_current_run() {
        let ghost = |mut line: Line| {
            line.ghost = Some(Ghost { name: "run 1".to_owned(), place: 0 });
            line
        };
        for scale in [Scale::Linear, Scale::Log] {
            for kind in PanelKind::ALL {
                let own = line(Role::TrainLoss, &[1.0, 2.0, 3.0]);
                let far = ghost(line(Role::TrainLoss, &[1e-9, 1e30, 500.0]));
                let alone = Panel { kind, scale, ..panel(vec![own.clone()]) };
                let both = Panel { kind, scale, ..panel(vec![own, far.clone()]) };
                let all = |_: &Line| true;
                assert_eq!(alone.fit([0.0, 2.0], all), both.fit([0.0, 2.0], all));
                assert_eq!(both.lines[1], far);
                let [low, high] = Panel { lines: vec![far], ..both }.fit([2.0, 2.0], all);
                assert!(
                    low <= scale.to_axis(500.0).unwrap() && scale.to_axis(500.0).unwrap() <= high
                );
            }
        }
    }

    #[test]
    fn runs_beside_each_other_are_all_in_range_but_for_one_that_diverged() {
        let ghost = |mut line: Line| {
            line.ghost = Some(Ghost { name: "b".to_owned(), place: 0 });
            line
        };
        for (scale, highest) in [(Scale::Linear, 14.0), (Scale::Log, 100.0)] {
            let (kind, fitted) = (PanelKind::Loss, Fitted::Beside);
            let own = line(Role::TrainLoss, &[1.0, 2.0, 3.0]);
            let other = ghost(line(Role::TrainLoss, &[1.0, highest, 1e-6]));
            let diverged = ghost(line(Role::TrainLoss, &[1.0, 1e30, 500.0]));
            let panel = Panel { kind, scale, fitted, ..panel(vec![own, other, diverged]) };
            let [low, high] = panel.fit([0.0, 2.0], |_| true);
            let place = |value: f64| scale.to_axis(value).unwrap();
            assert!(low <= place(1e-6) && place(highest) <= high, "{low} {high}");
            assert!(high < place(500.0), "{high}");
            let told = panel.beyond([low, high], [0.0, 2.0], |_| true);
            assert_eq!(told, Beyond { ghost_above: Some(1e30), ..Beyond::default() });
        }
    }

    #[test]
    fn only_what_is_in_view_and_shown_counts() {
        let lines =
            vec![line(Role::Eigenvalue(1), &[1.0, 2.0, 50.0]), line(Role::Smallest, &[-9.0; 3])];
        let [low, high] = panel(lines).fit([0.0, 1.0], |line| line.role != Role::Smallest);
        assert!(low > -1.0 && high < 3.0, "{low} {high}");
    }

    #[test]
    fn nothing_to_show_is_still_a_range() {
        let [low, high] = panel(Vec::new()).fit([0.0, 1.0], |_| true);
        assert!(low < high);
        let [low, high] = logarithmic(Some([-1.0, -1.0]));
        assert!(high - low >= MIN_DECADES);
    }
}
