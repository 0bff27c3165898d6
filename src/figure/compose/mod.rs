//! Composes a figure from runs: the lines of every panel, their names, marks and notes.

mod clipping;
mod drawn;
mod extent;
mod limit_formula;
mod no_value;
mod plotted;
mod refine;
mod seeds;
mod step_axis;
#[cfg(test)]
mod tests;
mod vertical_axis;

use crate::figure::axes::{Axis, Scale};
use crate::figure::lines::{
    Ghost, Joined, Line, PlacedSeries, Point, Window, ghost_styles, reduce,
};
use crate::figure::panels::{Figure, FitTo, Mark, Panel, PanelKind};
use crate::figure::request::{Options, PlottedRun};
use crate::history::{Run, Series};
use crate::protocol::AlongUpdate;
use crate::quantity::{self, Quantity};

pub use clipping::N_RECENT_STEPS;
pub use extent::full_extent;
pub use limit_formula::{limit_name, why_no_limit};
pub use no_value::{NoValue, why as why_no_value};
pub use step_axis::place_of_step;

use clipping::{clipped, clipped_note};
use drawn::{Drawn, SeedGroups};
use extent::{extent, least_width};
use plotted::{LineOf, PlottedQuantity, binding_limit, plotted_quantities};
use refine::{Refine, due, governed, is_divided, source};
use step_axis::StepAxis;
use vertical_axis::{axis_label, scale};

/// Clipped steps at most this far apart are joined by a line, because a dashed line with many gaps
/// is unreadable. The strip in the gradient-norm panel shows how many steps were clipped.
const MAX_JOINED: u64 = 4;

/// Composed room on either side of the visible range, as a fraction of it. Panning and zooming are
/// one frame ahead of composing and would show an empty edge.
const SIDE_ROOM: f64 = 0.25;

/// Composes the figure of these runs.
#[must_use]
pub fn compose(runs: &[PlottedRun], options: &Options) -> Figure {
    let current = runs.iter().rfind(|shown| !shown.is_ghost);
    let is_over_seeds = options.choices.is_over_seeds;
    let groups = if is_over_seeds { SeedGroups::of(runs) } else { SeedGroups::default() };
    let extent = extent(runs, &groups.own, options.axis);
    let window = options.visible.map_or(extent, |[first, last]| {
        let room = (last - first) * SIDE_ROOM;
        [first - room, last + room]
    });
    let marks = current.map_or_else(Vec::new, |shown| marks(shown.run, options.axis));
    let is_scaled = runs.iter().any(|shown| shown.run.is_preconditioned());
    let panels = PanelKind::in_order(&options.panels)
        .into_iter()
        .filter(|kind| is_scaled || kind.is_of_every_run())
        .map(|kind| Composer { runs, groups: &groups, current, options, kind, window }.panel())
        .collect();
    Figure {
        panels,
        title: options.title.clone(),
        caption: options.caption.clone(),
        marks,
        axis: options.axis,
        extent,
        least_width: least_width(runs, options.axis),
        longest_end: full_extent(runs, options.axis)[1].max(extent[1]),
        visible: options.visible,
        hovered: options.hovered,
    }
}

fn marks(run: &Run, axis: Axis) -> Vec<Mark> {
    let step_axis = StepAxis::new(run, axis);
    let changes = run.markers().iter().map(|marker| (marker.step, marker.sentence()));
    let doubts = run.doubts().iter().map(|doubted| (doubted.step(), doubted.sentence()));
    let mut all: Vec<_> = changes.chain(doubts).collect();
    all.sort_by_key(|(step, _)| *step);
    all.into_iter().map(|(step, sentence)| step_axis.mark(step, sentence)).collect()
}

/// Composes one panel.
struct Composer<'a> {
    runs: &'a [PlottedRun<'a>],
    /// The seed groups: runs that differ only by seed and are drawn as one.
    groups: &'a SeedGroups<'a>,
    current: Option<&'a PlottedRun<'a>>,
    options: &'a Options,
    kind: PanelKind,
    /// First and last composed place on the horizontal axis.
    window: [f64; 2],
}

impl Composer<'_> {
    fn panel(&self) -> Panel {
        let mut lines = Vec::new();
        if let Some(shown) = self.current {
            lines.extend(self.lines(self.current_drawn(shown.run)));
        }
        let is_drawn = |shown: &&PlottedRun| shown.is_ghost && !self.groups.is_merged(shown.run);
        let ghosts: Vec<&PlottedRun> = self.runs.iter().filter(is_drawn).collect();
        let styles = ghost_styles(ghosts.iter().map(|shown| shown.run.id()));
        for (shown, number) in ghosts.into_iter().zip(styles) {
            let style = self.options.styles.get(&shown.run.id()).copied().unwrap_or(number);
            let ghost = Ghost { name: shown.name.clone(), style };
            let (run, seeds) = (shown.run, self.groups.of_ghost(shown.run));
            lines.extend(self.lines(Drawn { run, ghost: Some(&ghost), seeds }));
        }
        let run = self.current.map(|shown| shown.run);
        Panel {
            kind: self.kind,
            scale: self.scale(),
            axis_label: axis_label(self.kind, run, self.runs, &self.options.choices),
            fit_to: self.fit_to(),
            note: self.header_note(&lines),
            missing: self.missing(),
            ratio: run.and_then(|run| self.ratio(run)),
            lines,
            clipped: run
                .filter(|_| self.kind == PanelKind::GradNorm)
                .map_or_else(Vec::new, |run| clipped(run, self.options.axis, self.window)),
            unstable: run.map_or_else(Vec::new, |run| self.unstable(run)),
        }
    }

    /// The current run, with its seed group.
    fn current_drawn<'b>(&'b self, run: &'b Run) -> Drawn<'b> {
        Drawn { run, ghost: None, seeds: &self.groups.own }
    }

    fn fit_to(&self) -> FitTo {
        let is_whole = self.options.choices.all_values.contains(&self.kind);
        if is_whole { FitTo::AllValues } else { self.options.fit_to }
    }

    fn scale(&self) -> Scale {
        scale(self.kind, self.current.map(|shown| shown.run), self.options)
    }

    /// The newest visible ratio to the limit, in the panel to which the limit applies.
    fn ratio(&self, run: &Run) -> Option<Point> {
        let newest = |series: &Series| -> Option<(u64, f64)> {
            let step_axis = StepAxis::new(run, self.options.axis);
            series.get(
                series.index_range([0.0, step_axis.steps(self.window)[1]]).end.checked_sub(1)?,
            )
        };
        let (step, value) = newest(run.series(quantity::BINDING_RATIO))
            .filter(|_| self.kind == governed(Some(run)))?;
        // A newer measurement has no limit where parts of the gradient are clipped.
        let (newest_step, _) = newest(run.series(quantity::SHARPNESS_RATIO))?;
        let place = StepAxis::new(run, self.options.axis).place(step);
        (newest_step == step).then_some([place, value])
    }

    /// The note in the header: how lines were derived, and what to know about the run.
    fn header_note(&self, lines: &[Line]) -> Option<String> {
        let mut parts: Vec<String> = self.groups.note().into_iter().collect();
        if lines.iter().any(|line| !line.smooth.is_empty()) {
            parts.push(format!(
                "mean of {} steps around each, values behind",
                self.options.choices.smoothing
            ));
        }
        let is_drawn =
            |quantity| lines.iter().any(|line| line.quantity == quantity && line.ghost.is_none());
        parts.extend(self.current.and_then(|shown| self.note(shown.run, is_drawn)));
        (!parts.is_empty()).then(|| parts.join("; "))
    }

    /// Why no run has a value in this panel; `None` if one has, and before the first step.
    fn missing(&self) -> Option<String> {
        let current = self.current.map(|shown| shown.run).filter(|run| run.last().is_some())?;
        let rows = plotted_quantities(self.kind);
        let values: Vec<Quantity> =
            rows.iter().filter(|row| !row.look.is_limit()).map(|row| row.quantity).collect();
        let has_values = |run: &Run| values.iter().any(|of| !run.series(*of).is_empty());
        if self.runs.iter().any(|shown| has_values(shown.run)) {
            return None;
        }
        let why = no_value::why(current, *values.first()?);
        why.map(|why| why.sentence())
    }

    /// What to know about the run in this panel.
    fn note(&self, run: &Run, is_drawn: impl Fn(Quantity) -> bool) -> Option<String> {
        if self.kind == PanelKind::GradNorm {
            return clipped_note(run);
        }
        if self.has_stability_threshold() {
            let visible = self.options.visible.unwrap_or(self.window);
            let steps = StepAxis::new(run, self.options.axis).steps(visible);
            let is_nominal = is_drawn(quantity::STABILITY_THRESHOLD) && !self.is_divided();
            return limit_formula::note(run, self.kind, steps, is_nominal);
        }
        (!self.is_single() && is_drawn(quantity::DIRECTIONAL_SHARPNESS_MEAN)).then(|| {
            let n = AlongUpdate::WINDOW;
            format!("mean: Σ u·Hu / Σ g·u of up to {n} measurements")
        })
    }

    fn lines(&self, drawn: Drawn<'_>) -> Vec<Line> {
        let is_smallest_shown = self.options.is_smallest_shown;
        plotted_quantities(self.kind)
            .into_iter()
            .filter(|row| self.has_meaning(drawn.run, *row))
            .filter(|row| {
                row.quantity != quantity::HESSIAN_EIG_MIN || is_smallest_shown || self.is_single()
            })
            .filter(|row| match row.runs {
                LineOf::All => true,
                LineOf::SingleRuns => drawn.seeds.is_empty(),
                LineOf::Current => drawn.ghost.is_none() && drawn.seeds.is_empty(),
            })
            .map(|row| self.refined(drawn, row))
            .filter(|line| !line.trace.pieces.is_empty() || !line.trace.off_scale.is_empty())
            .collect()
    }

    /// The binding limit, above which the run is unstable.
    fn unstable(&self, run: &Run) -> Vec<Vec<Point>> {
        let limit = binding_limit(self.kind).filter(|limit| self.has_meaning(run, *limit));
        let drawn = self.current_drawn(run);
        limit.map_or_else(Vec::new, |limit| self.refined(drawn, limit).trace.pieces)
    }

    /// Whether it shows a curvature that the stability threshold applies to in some runs.
    fn has_stability_threshold(&self) -> bool {
        self.kind.declaration().limit == Some(quantity::EFFECTIVE_THRESHOLD)
    }

    /// Whether it shows one quantity, which is then drawn whatever else is known of the run.
    fn is_single(&self) -> bool {
        matches!(self.kind, PanelKind::Quantity(_))
    }

    fn is_divided(&self) -> bool {
        is_divided(self.kind, self.current.map(|shown| shown.run), &self.options.choices)
    }

    /// Whether a line of this quantity belongs in the panel: a threshold applies to one of the two
    /// curvatures only, and only that one is divided by it. The limit along the update is known
    /// from the learning rate alone, and says nothing without measurements.
    fn has_meaning(&self, run: &Run, plotted: PlottedQuantity) -> bool {
        let is_divided = self.is_divided();
        if plotted.quantity == quantity::DIRECTIONAL_THRESHOLD && !self.is_single() {
            return !run.series(quantity::UPDATE_CURVATURE).is_empty();
        }
        if self.has_stability_threshold() && self.kind != governed(Some(run)) {
            let is_general = self.kind.is_of_every_run();
            return is_general && !is_divided && !plotted.look.is_limit();
        }
        !(is_divided && plotted.look.is_at_clipped_steps)
    }

    fn refined(&self, drawn: Drawn<'_>, plotted: PlottedQuantity) -> Line {
        let Drawn { run, ghost, seeds } = drawn;
        let is_divided = self.is_divided();
        let PlottedQuantity { quantity, look, .. } = plotted;
        let mut line = self.line(run, ghost, plotted);
        let step_axis = StepAxis::new(run, self.options.axis);
        let hovered = self.options.hovered.and_then(|place| step_axis.step_near(place));
        let (steps, choices) = (step_axis.steps(self.window), &self.options.choices);
        let refine = Refine { run, plotted, steps, choices, hovered };
        refine.apply(&mut line, is_divided);
        if look.is_limit() {
            let last =
                step_axis.steps(self.options.visible.unwrap_or(self.window))[1].max(0.0).floor();
            line.end = line_end(run, plotted, last, is_divided);
        }
        // Runs are clipped at different steps, so these lines stay those of one run.
        if !look.is_at_clipped_steps && !seeds.is_empty() {
            // The current run may have just begun.
            let longest = seeds.iter().max_by_key(|run| run.n_steps());
            let step_axis = longest.map_or(step_axis, |run| StepAxis::new(run, self.options.axis));
            let hovered = self.options.hovered.and_then(|place| step_axis.step_near(place));
            let steps = step_axis.steps(self.window);
            seeds::merge(seeds, quantity, is_divided, steps, hovered, &mut line);
            return step_axis.line(line);
        }
        step_axis.line(line)
    }

    /// A line with steps as horizontal coordinates, before conversion to the axis.
    fn line(&self, run: &Run, ghost: Option<&Ghost>, plotted: PlottedQuantity) -> Line {
        let PlottedQuantity { quantity, look, is_smoothed, .. } = plotted;
        let source = source(quantity, self.is_divided());
        let is_dashed = look.dash.is_some() || ghost.is_some_and(Ghost::is_dashed);
        let is_effective = look.is_at_clipped_steps;
        let n_buckets = if look.is_points() {
            // Separate markers that must not overlap.
            40
        } else if is_dashed && (is_smoothed || is_effective) {
            // Painted dash by dash: a dense zigzag would be thousands of shapes. Settings zigzag
            // only where clipping changes them at every step.
            self.options.n_buckets / if is_effective { 8 } else { 4 }
        } else {
            self.options.n_buckets
        };
        let visible = self.options.visible.unwrap_or(self.window);
        let bucket = (visible[1] - visible[0]) / n_buckets.max(1) as f64;
        let window = Window { range: self.window, visible, bucket, scale: self.scale() };
        let step_axis = StepAxis::new(run, self.options.axis);
        let placed = PlacedSeries {
            series: if is_effective {
                // Elsewhere it equals the nominal one, which a gap shows.
                run.series_where_clipped(source)
            } else {
                run.series(source)
            },
            place: &|step| step_axis.place(step),
            joined: match source {
                _ if is_effective => Joined::Within(MAX_JOINED),
                // A gap where it is unknown.
                quantity::EFFECTIVE_THRESHOLD | quantity::DIRECTIONAL_THRESHOLD => {
                    Joined::Within(1)
                }
                // The same, of a ratio, which is known at measured steps only.
                quantity::BINDING_RATIO => Joined::NextOf(run.series(due(run, source))),
                _ => Joined::All,
            },
        };
        let trace = reduce(&placed, window);
        Line::new(quantity, look, name(run, quantity), ghost.cloned(), trace)
    }
}

/// The last value of a limit up to a step; 1 if it is divided by itself.
fn line_end(run: &Run, plotted: PlottedQuantity, last: f64, is_divided: bool) -> Option<Point> {
    let source = source(plotted.quantity, is_divided);
    let series = if plotted.look.is_at_clipped_steps {
        run.series_where_clipped(source)
    } else {
        run.series(source)
    };
    let newest = series.index_range([0.0, last]).end.checked_sub(1)?;
    let (step, value) = series.get(newest)?;
    Some([step as f64, if is_divided { 1.0 } else { value }])
}

/// The name of a line; limits by their formula (2/η, 38/η, …) once the run has reported it.
fn name(run: &Run, quantity: Quantity) -> String {
    match (quantity, run.facts()) {
        (quantity::STABILITY_THRESHOLD, Some(_)) => limit_formula::formula(run),
        (quantity::EFFECTIVE_THRESHOLD, Some(_)) => format!("{} eff", limit_formula::formula(run)),
        _ => quantity.symbol().to_owned(),
    }
}
