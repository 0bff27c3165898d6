//! The state of a view: visible ranges, hidden lines, the arrangement of panels, display choices.

use std::collections::{BTreeMap, BTreeSet};

use crate::figure::{Axis, Choices, FitTo, PanelKind, Scale};

use super::lead_plot::PlotRoom;
use super::tiles::Tiles;

/// Margin to the right of the newest step, as a fraction of the visible range.
const HEADROOM: f64 = 0.02;

/// Part of all steps that is visible around one of them.
const SHOWN_PART: f64 = 0.25;

/// The state of a view, which follows the newest step until the user pans or zooms.
#[derive(Clone, Debug, Default)]
pub struct PlotView {
    /// Display choices, for [`crate::figure::Options::choices`].
    pub choices: Choices,
    /// Arrangement of the panels.
    pub tiles: Tiles,
    /// What plots have room.
    pub room: PlotRoom,
    axis: Axis,
    steps: Steps,
    /// Vertical ranges chosen by the user, with the scale that each was chosen on.
    heights: BTreeMap<PanelKind, (Scale, [f64; 2])>,
    hidden: BTreeSet<String>,
    /// Visible steps when last drawn.
    shown: Option<[f64; 2]>,
    /// First and last step of all runs, with margins, when last drawn.
    bounds: Option<[f64; 2]>,
    /// Width of the narrowest range that the user can choose.
    least_width: f64,
    hovered: Option<f64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Steps {
    /// The whole run, as it grows.
    #[default]
    Whole,
    /// All steps of all runs.
    AllRuns,
    /// This many steps up to the newest.
    Newest(f64),
    /// A range chosen by the user.
    Fixed([f64; 2]),
}

impl PlotView {
    /// A view of fixed steps, or of the whole run if `None`.
    #[must_use]
    pub fn of(steps: Option<[f64; 2]>) -> Self {
        let steps = steps.map_or(Steps::Whole, Steps::Fixed);
        Self { steps, ..Self::default() }
    }

    /// The current horizontal axis.
    #[must_use]
    pub fn axis(&self) -> Axis {
        self.axis
    }

    /// Changes the horizontal axis and shows the whole run on it; vertical ranges stay.
    pub fn set_axis(&mut self, axis: Axis) {
        if self.axis != axis {
            (self.axis, self.steps, self.bounds) = (axis, Steps::Whole, None);
        }
    }

    /// Shows and follows the whole run, with fitted vertical ranges.
    pub fn fit(&mut self) {
        self.steps = Steps::Whole;
        self.heights.clear();
    }

    /// Shows all steps of all runs, former ones included, with fitted vertical ranges.
    pub fn show_all_runs(&mut self) {
        self.steps = Steps::AllRuns;
        self.heights.clear();
    }

    /// Follows the newest step again, with the same number of visible steps and fitted vertical
    /// ranges.
    pub fn follow(&mut self) {
        self.heights.clear();
        match self.steps {
            Steps::Fixed([first, last]) => self.steps = Steps::Newest(last - first),
            Steps::AllRuns => self.steps = Steps::Whole,
            Steps::Whole | Steps::Newest(_) => {}
        }
    }

    /// Pans by a fraction of the visible range; positive to later steps.
    pub fn pan(&mut self, fraction: f64) {
        if let Some([first, last]) = self.shown {
            let shift = (last - first) * fraction;
            self.go_to([first + shift, last + shift]);
        }
    }

    /// Shows a place of the horizontal axis in the middle of the visible range, as far as there are
    /// steps beside it, and follows no longer. Where all steps are visible, a part of them.
    pub fn show_place(&mut self, place: f64) {
        let Some([first, last]) = self.shown else { return };
        let is_whole = matches!(self.steps, Steps::Whole | Steps::AllRuns);
        let part = if is_whole { SHOWN_PART } else { 1.0 };
        let half = (last - first) * part / 2.0;
        self.go_to([place - half, place + half]);
    }

    /// Zooms in by a factor around the middle, or at the newest step while following.
    pub fn zoom(&mut self, factor: f64) {
        let Some([first, last]) = self.shown else { return };
        let n = ((last - first) / factor).max(self.least_width.min(last - first));
        match self.steps {
            // There is nothing beyond the whole run or beyond all runs.
            Steps::Whole | Steps::AllRuns if factor < 1.0 => {}
            Steps::Fixed(_) | Steps::AllRuns => {
                let middle = f64::midpoint(first, last);
                self.go_to([middle - n / 2.0, middle + n / 2.0]);
            }
            Steps::Whole | Steps::Newest(_) if n.is_finite() => self.steps = Steps::Newest(n),
            Steps::Whole | Steps::Newest(_) => {}
        }
    }

    /// Sets the width of the narrowest range that the user can choose.
    pub(in crate::paint) fn set_least_width(&mut self, width: f64) {
        self.least_width = width;
    }

    /// Whether the newest step stays visible while a run continues.
    #[must_use]
    pub fn is_following(&self) -> bool {
        !matches!(self.steps, Steps::Fixed(_) | Steps::AllRuns)
    }

    /// The visible range for all steps from first to newest, with margins.
    #[must_use]
    pub fn whole([first, newest]: [f64; 2]) -> [f64; 2] {
        let room = (newest - first) * HEADROOM;
        [first - room / 2.0, newest + room]
    }

    /// The visible steps, for [`crate::figure::Options::visible`].
    #[must_use]
    pub fn visible(&self) -> Option<[f64; 2]> {
        match self.steps {
            Steps::Whole => None,
            Steps::Newest(_) | Steps::AllRuns => self.shown,
            Steps::Fixed(steps) => Some(steps),
        }
    }

    /// What fitted ranges include, for [`crate::figure::Options::fit_to`].
    #[must_use]
    pub fn fit_to(&self) -> FitTo {
        match self.steps {
            Steps::AllRuns => FitTo::AllRuns,
            Steps::Whole | Steps::Newest(_) | Steps::Fixed(_) => FitTo::CurrentRun,
        }
    }

    /// The place under the pointer when last drawn, for [`crate::figure::Options::hovered`].
    #[must_use]
    pub fn hovered(&self) -> Option<f64> {
        self.hovered
    }

    /// Sets the place under the pointer; returns whether it has changed.
    pub(in crate::paint) fn hover(&mut self, step: Option<f64>) -> bool {
        std::mem::replace(&mut self.hovered, step) != step
    }

    /// The steps to draw for a figure of this extent, whose longest run ends at `longest_end`.
    pub(in crate::paint) fn steps(
        &mut self,
        [first, newest]: [f64; 2],
        longest_end: f64,
    ) -> [f64; 2] {
        let whole = Self::whole([first, newest]);
        let of_all = [whole[0], Self::whole([first, longest_end.max(newest)])[1]];
        self.bounds = Some(of_all);
        let steps = match self.steps {
            Steps::Whole => whole,
            Steps::AllRuns => of_all,
            // A run shorter than the visible range is shown from its start.
            Steps::Newest(n) if newest - n * (1.0 - HEADROOM) < first => whole,
            Steps::Newest(n) => [newest - n * (1.0 - HEADROOM), newest + n * HEADROOM],
            Steps::Fixed(steps) => steps,
        };
        self.shown = Some(steps);
        steps
    }

    /// Shows these steps, as far as they exist; ignores invalid ranges.
    pub(in crate::paint) fn go_to(&mut self, steps: [f64; 2]) {
        if steps[0].is_finite() && steps[1].is_finite() && steps[0] < steps[1] {
            let steps = self.widened(steps).map(|steps| Steps::Fixed(self.bounded(steps)));
            self.steps = steps.unwrap_or(self.steps);
        }
    }

    /// The range, widened about its middle if it is too narrow; `None` if the visible one is that
    /// narrow already, which zooming must not move.
    fn widened(&self, [first, last]: [f64; 2]) -> Option<[f64; 2]> {
        let tolerance = 1e-6 * self.least_width;
        let missing = self.least_width - (last - first);
        if missing <= tolerance {
            return Some([first, last]);
        }
        let is_narrowest =
            self.shown.is_some_and(|[from, to]| to - from <= self.least_width + tolerance);
        (!is_narrowest).then_some([first - missing / 2.0, last + missing / 2.0])
    }

    /// The range moved and shortened to the steps of all runs.
    fn bounded(&self, [first, last]: [f64; 2]) -> [f64; 2] {
        let Some([from, to]) = self.bounds else { return [first, last] };
        let n = (last - first).min(to - from);
        let first = first.min(to - n).max(from);
        [first, first + n]
    }

    /// The vertical range that the user chose for a panel with this scale.
    pub(in crate::paint) fn height(&self, panel: PanelKind, scale: Scale) -> Option<[f64; 2]> {
        let (chosen_on, range) = self.heights.get(&panel)?;
        (*chosen_on == scale).then_some(*range)
    }

    /// Sets a vertical range chosen by the user; ignores invalid ranges.
    pub(in crate::paint) fn set_height(&mut self, panel: PanelKind, scale: Scale, range: [f64; 2]) {
        if range[0].is_finite() && range[1].is_finite() && range[0] < range[1] {
            self.heights.insert(panel, (scale, range));
        }
    }

    /// Whether the user has hidden the legend entry with this key.
    pub(in crate::paint) fn is_hidden(&self, key: &str) -> bool {
        self.hidden.contains(key)
    }

    /// Hides all entries of a group but one, or shows all if only that one is visible.
    pub(in crate::paint) fn isolate(&mut self, key: &str, group: &[String]) {
        let others = || group.iter().filter(|other| *other != key);
        let is_alone = !self.is_hidden(key) && others().all(|other| self.is_hidden(other));
        for other in others() {
            if is_alone {
                self.hidden.remove(other);
            } else {
                self.hidden.insert(other.clone());
            }
        }
        self.hidden.remove(key);
    }

    /// Hides or shows a legend entry.
    pub(in crate::paint) fn toggle(&mut self, key: &str) {
        if !self.hidden.remove(key) {
            self.hidden.insert(key.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_follows_until_the_user_moves_it_and_again_on_request() {
        let mut view = PlotView::default();
        assert!(view.is_following() && view.visible().is_none());
        view.go_to([10.0, 30.0]);
        assert!(!view.is_following());
        assert_eq!(view.steps([0.0, 500.0], 0.0), [10.0, 30.0]);
        view.follow();
        let [first, last] = view.steps([0.0, 500.0], 0.0);
        assert!(view.is_following() && last > 500.0 && (last - first - 20.0).abs() < 1e-9);
        let [first, last] = view.steps([0.0, 15.0], 0.0);
        assert!(first > -1.0 && last < 17.0, "a younger run is shown whole: {first} to {last}");
        view.fit();
        assert_eq!(view.visible(), None);
        assert!(view.steps([0.0, 900.0], 0.0)[1] > 900.0);
    }

    #[test]
    fn all_runs_are_in_view_until_one_is_followed() {
        let mut view = PlotView::default();
        view.show_all_runs();
        assert!(view.steps([0.0, 15.0], 2000.0)[1] > 2000.0);
        view.zoom(0.5);
        assert!(view.steps([0.0, 15.0], 2000.0)[1] > 2000.0);
        assert_eq!((view.is_following(), view.fit_to()), (false, FitTo::AllRuns));
        view.zoom(2.0);
        let [first, last] = view.steps([0.0, 15.0], 2000.0);
        assert!(first > 400.0 && last < 1700.0, "the middle of all runs: {first} to {last}");
        view.show_all_runs();
        view.follow();
        assert!(view.is_following() && view.steps([0.0, 15.0], 2000.0)[1] < 17.0);
    }

    #[test]
    fn keys_pan_and_zoom_what_is_in_view_and_following_goes_on() {
        let mut view = PlotView::default();
        let [first, last] = view.steps([0.0, 500.0], 0.0);
        view.zoom(0.5);
        assert_eq!(view.visible(), None);
        view.zoom(2.0);
        assert!(view.is_following());
        let [_, newest] = view.steps([0.0, 500.0], 0.0);
        assert!(
            newest > 500.0 && (newest - view.visible().unwrap()[0]) * 2.0 - (last - first) < 1e-9
        );
        view.pan(-0.5);
        assert!(!view.is_following());
        let before = view.steps([0.0, 500.0], 0.0);
        view.zoom(2.0);
        let after = view.steps([0.0, 500.0], 0.0);
        assert!(((before[1] - before[0]) / 2.0 - (after[1] - after[0])).abs() < 1e-9);
        assert!((before[0] + before[1] - after[0] - after[1]).abs() < 1e-9);
    }

    #[test]
    fn a_place_is_shown_in_the_middle_and_no_longer_followed() {
        let mut view = PlotView::default();
        view.show_place(200.0);
        assert!(view.is_following(), "nothing is drawn yet");
        view.steps([0.0, 500.0], 0.0);
        view.show_place(200.0);
        assert!(!view.is_following());
        let [first, last] = view.steps([0.0, 500.0], 0.0);
        assert_eq!((f64::midpoint(first, last), last - first), (200.0, 515.0 / 4.0));
        view.show_place(300.0);
        let [from, to] = view.steps([0.0, 500.0], 0.0);
        assert_eq!((f64::midpoint(from, to), to - from), (300.0, last - first));
        view.show_place(1.0);
        assert_eq!(view.steps([0.0, 500.0], 0.0)[0], -5.0, "there is nothing before");
    }

    #[test]
    fn a_view_stays_within_all_runs_and_following_fits_heights_again() {
        let mut view = PlotView::default();
        view.steps([0.0, 500.0], 800.0);
        view.go_to([-250.0, 0.0]);
        assert_eq!(view.steps([0.0, 500.0], 800.0), [-5.0, 245.0]);
        view.go_to([700.0, 1000.0]);
        assert_eq!(view.steps([0.0, 500.0], 800.0), [516.0, 816.0], "a longer ghost is there");
        view.go_to([-1e9, 1e9]);
        assert_eq!(view.steps([0.0, 500.0], 800.0), [-5.0, 816.0]);
        view.set_height(PanelKind::Loss, Scale::Log, [0.0, 1.0]);
        view.follow();
        assert_eq!(view.height(PanelKind::Loss, Scale::Log), None);
    }

    #[test]
    fn zooming_ends_at_a_few_steps_and_the_view_can_still_be_panned() {
        let mut view = PlotView::default();
        let shown = |view: &mut PlotView| view.steps([0.0, 500.0], 0.0);
        view.set_least_width(4.0);
        shown(&mut view);
        view.go_to([10.0, 10.5]);
        assert_eq!(shown(&mut view), [8.25, 12.25]);
        view.go_to([12.0, 12.125]);
        assert_eq!(shown(&mut view), [8.25, 12.25], "it is not moved");
        view.zoom(2.0);
        assert_eq!(shown(&mut view), [8.25, 12.25]);
        view.pan(0.5);
        assert_eq!(shown(&mut view), [10.25, 14.25]);
        view.follow();
        shown(&mut view);
        view.zoom(2.0);
        let [first, last] = shown(&mut view);
        assert!((last - first - 4.0).abs() < 1e-9 && last > 500.0, "{first} {last}");
    }

    #[test]
    fn another_axis_shows_the_whole_run_and_the_same_one_changes_nothing() {
        let mut view = PlotView::of(Some([10.0, 30.0]));
        view.set_axis(Axis::Step);
        assert_eq!(view.visible(), Some([10.0, 30.0]));
        view.set_axis(Axis::Epoch);
        assert_eq!((view.axis(), view.visible()), (Axis::Epoch, None));
    }

    #[test]
    fn an_empty_or_infinite_range_is_ignored() {
        let mut view = PlotView::default();
        view.go_to([5.0, 5.0]);
        view.go_to([0.0, f64::INFINITY]);
        view.set_height(PanelKind::Loss, Scale::Log, [1.0, 0.0]);
        assert!(view.is_following() && view.height(PanelKind::Loss, Scale::Log).is_none());
    }

    #[test]
    fn isolating_hides_the_others_and_once_more_shows_them() {
        let mut view = PlotView::default();
        let group = ["a", "b", "c"].map(str::to_owned);
        let hidden = |view: &PlotView| group.clone().map(|key| view.is_hidden(&key));
        view.toggle("b");
        view.isolate("b", &group);
        assert_eq!(hidden(&view), [true, false, true]);
        view.isolate("a", &group);
        assert_eq!(hidden(&view), [false, true, true]);
        view.isolate("a", &group);
        assert_eq!(hidden(&view), [false; 3]);
    }

    #[test]
    fn a_range_chosen_on_one_axis_does_not_count_on_another() {
        let mut view = PlotView::default();
        view.set_height(PanelKind::LearningRate, Scale::Linear, [0.0, 1.0]);
        assert_eq!(view.height(PanelKind::LearningRate, Scale::Linear), Some([0.0, 1.0]));
        assert_eq!(view.height(PanelKind::LearningRate, Scale::Log), None);
    }
}
