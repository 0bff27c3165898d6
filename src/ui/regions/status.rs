//! The status line: verdict, speed, cost and quality of measurements, and warnings.

use eframe::egui::text::LayoutJob;
use eframe::egui::{Align, FontSelection, RichText, Ui};

use crate::config::{Batch, Interval};
use crate::cost::Cost;
use crate::figure::{ReadLimit, Readout, floor_sentence, why_no_limit, work_sentence};
use crate::history::{Dated, Doubted, Run, Status};
use crate::quantity::{self, Quantity};
use crate::text;
use crate::ui::session::measured::{self, NOT_YET};
use crate::ui::views::weight_tuning;
use crate::ui::widgets::one_line::{self, Sentence};

use super::speed::Speed;

/// Steps over which the time share of curvature is averaged.
const SHARE_STEPS: u64 = 100;

/// Draws the line, which is always one row high.
pub(in crate::ui) fn show(ui: &mut Ui, run: &Run, speed: &Speed) {
    let mut sentences = Vec::new();
    if let Some(progress) = weight_tuning::progress(run) {
        sentences.push(
            Sentence::new(RichText::new(progress).strong())
                .on_hover("The initial weights are being tuned; training follows."),
        );
    }
    if let Some(work) = run.working() {
        sentences.push(
            Sentence::new(RichText::new(work_sentence(work)).strong())
                .on_hover("This step is slow; its measurements appear when it is done."),
        );
    }
    sentences.extend(verdict(run).map(|verdict| verdict.sentence(ui)));
    let newest = run.preparation().last();
    let tuning = run.initial_config().init.tuning;
    let floor = newest.and_then(|newest| floor_sentence(tuning, newest));
    let why = why_no_limit(run).filter(|_| run.last().is_some());
    let warnings = floor
        .into_iter()
        .chain(expected(run))
        .chain(missing(run))
        .chain(sampling(run))
        .chain(probing(run))
        .chain(why)
        .chain(doubted(run))
        .chain(run.notices());
    let color = ui.visuals().warn_fg_color;
    sentences.extend(
        warnings.map(|sentence| Sentence::new(RichText::new(sentence).small().color(color))),
    );
    sentences.extend(
        facts(run, speed)
            .into_iter()
            .map(|(fact, tooltip)| Sentence::new(RichText::new(fact).small()).on_hover(tooltip)),
    );
    ui.horizontal(|ui| {
        ui.set_height(ui.spacing().interact_size.y);
        if !sentences.is_empty() {
            one_line::show(ui, &sentences);
        }
    });
}

/// Facts about the run, each with a tooltip.
fn facts(run: &Run, speed: &Speed) -> Vec<(String, &'static str)> {
    let mut line = vec![(format!("step {}", run.n_steps()), "Optimizer steps taken.")];
    if let (Status::Running, Some(rate)) = (run.status(), speed.per_second()) {
        line.push((
            format!("{} steps/s", text::number(rounded(rate))),
            "Over the last two seconds.",
        ));
    }
    line.extend(measurement(run).map(|sentence| (sentence, MEASUREMENT)));
    if let Some(share) = curvature_share(run) {
        line.push((
            format!("{} of the time on curvature", text::percent(share, 0)),
            "Share of wall time spent measuring the curvature, over the last hundred steps.",
        ));
    }
    line.push((run.config().dtype.to_string(), "Floating point type."));
    if let Some(facts) = run.facts() {
        line.push((text::plural(facts.n_threads as u64, "thread"), "Number of computing threads."));
        line.push((text::plural(facts.n_params as u64, "parameter"), "Trainable parameters."));
    }
    line
}

/// Expected time of slow steps and measurements, before the first step.
fn expected(run: &Run) -> Option<String> {
    let facts = run.facts().filter(|_| run.last().is_none() && !run.is_over())?;
    Cost::of(run.config(), facts.n_threads).ok()?.time.sentence()
}

/// Rounds to two significant digits; more would only flicker.
fn rounded(x: f64) -> f64 {
    text::rounded(x, 2)
}

/// Tooltip of [`measurement`].
const MEASUREMENT: &str = "The last measurement of the curvature that the stability limit \
    applies to: Hessian-vector products, estimated relative error and whether it met the tolerance, \
    and wall time for all of the largest eigenvalues.";

/// Cost and accuracy of the last measurement.
fn measurement(run: &Run) -> Option<String> {
    let [hvps, error, residual, converged] = if run.is_preconditioned() {
        [
            quantity::PRECONDITIONED_SHARPNESS_HVPS,
            quantity::PRECONDITIONED_SHARPNESS_ERROR,
            quantity::PRECONDITIONED_SHARPNESS_RESIDUAL,
            quantity::PRECONDITIONED_SHARPNESS_CONVERGED,
        ]
    } else {
        [
            quantity::SHARPNESS_HVPS,
            quantity::SHARPNESS_ERROR,
            quantity::SHARPNESS_RESIDUAL,
            quantity::SHARPNESS_CONVERGED,
        ]
    };
    let Dated { value: hvps, step } = run.newest(hvps)?;
    let at = |quantity: Quantity| run.series(quantity).at(step);
    let ms = text::number(rounded(at(quantity::SHARPNESS_MS).unwrap_or_default()));
    let hvps = text::number(hvps);
    // Runs of older versions have a residual but no error estimate.
    let error = at(error).map(|error| ("error", error));
    let known = error.or_else(|| Some(("residual", at(residual)?)));
    let quality = known.map(|(what, size)| {
        let is_converged = at(converged).is_some_and(|flag| flag != 0.0);
        let word = if is_converged { "converged" } else { "not converged" };
        format!(", {what} {} ({word})", text::number(rounded(size)))
    });
    Some(format!("measured at step {step}: {hvps} HVPs, {ms} ms{}", quality.unwrap_or_default()))
}

/// λ₁ against the limit at the step where it was measured.
#[derive(Debug, PartialEq)]
struct Verdict {
    /// The text before the ratio.
    words: String,
    /// The ratio; empty where there is no limit.
    ratio: String,
    /// The step of the measurement, and its age if overdue.
    when: String,
    is_old: bool,
}

impl Verdict {
    fn sentence(&self, ui: &Ui) -> Sentence {
        let mut job = LayoutJob::default();
        let parts = [
            RichText::new(&self.words),
            if self.is_old {
                RichText::new(&self.ratio)
            } else {
                RichText::new(&self.ratio).strong()
            },
            RichText::new(&self.when),
        ];
        for text in parts {
            let text = if self.is_old { text.weak() } else { text };
            text.append_to(&mut job, ui.style(), FontSelection::Default, Align::Center);
        }
        Sentence::new(job)
            .on_hover("Sharpness and the binding limit at its step; above ratio 1 steps overshoot.")
    }
}

fn verdict(run: &Run) -> Option<Verdict> {
    let Readout { curvature, limit, step, is_old, .. } = Readout::of(run)?;
    let (words, ratio) = match limit {
        Some(ReadLimit { words, ratio }) => (format!("{curvature} · {words} · ratio "), ratio),
        None => (format!("{curvature} · no limit"), String::new()),
    };
    Some(Verdict { words, ratio, when: format!(" {}", measured::when(run, step)), is_old })
}

/// The newest audit's doubt, unless a later audit agreed.
fn doubted(run: &Run) -> Option<String> {
    run.series(quantity::SHARPNESS_DOUBTED).last().filter(|(_, flag)| *flag != 0.0)?;
    run.doubts().last().map(Doubted::sentence)
}

/// Fraction of wall time spent on curvature over the last [`SHARE_STEPS`] steps.
fn curvature_share(run: &Run) -> Option<f64> {
    let since = run.n_steps().saturating_sub(SHARE_STEPS);
    let sum = |quantity: Quantity| -> f64 {
        let late = run.series(quantity).iter().rev().take_while(|(step, _)| *step >= since);
        late.map(|(_, ms)| ms).sum()
    };
    let all = sum(quantity::STEP_MS);
    let parts = [
        quantity::SHARPNESS_MS,
        quantity::HESSIAN_EIG_MIN_MS,
        quantity::AUDIT_MS,
        quantity::BATCH_SHARPNESS_MS,
    ];
    let curvature: f64 = parts.into_iter().map(sum).sum();
    (all > 0.0).then(|| (curvature / all).clamp(0.0, 1.0))
}

/// Why λ₁ is missing; `None` if it is not.
pub(in crate::ui) fn missing(run: &Run) -> Option<String> {
    if run.config().live.probe.every == Interval::Off {
        return Some("λ₁ is not measured: “Measure every” is off".to_owned());
    }
    if run.has_diverged() {
        return Some(match run.newest(quantity::SHARPNESS) {
            Some(last) => format!("λ₁ ends at step {}: the run diverged after it", last.step),
            None => "λ₁ was never measured: the run diverged before".to_owned(),
        });
    }
    run.newest(quantity::SHARPNESS).is_none().then(|| NOT_YET.to_owned())
}

/// Warns that the stability limit of a mini-batch run holds for full batch.
fn sampling(run: &Run) -> Option<String> {
    let Batch::Size(_) = run.config().optimizer.batch else { return None };
    let how = run.facts().map_or("", |facts| facts.sampling.as_str());
    let how = if how.is_empty() { String::new() } else { format!("{how}; ") };
    Some(format!("{how}the stability limit drawn holds for full batch"))
}

/// Which examples the curvature is measured on, if not all.
fn probing(run: &Run) -> Option<String> {
    let facts = run.facts().filter(|facts| facts.n_probe < facts.n_train)?;
    let (n_probe, n_train) = (facts.n_probe, facts.n_train);
    Some(format!("curvature of the first {n_probe} of {n_train} examples"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RunConfig;
    use crate::protocol::{Cost, Event, Record, RunFacts, RunId, Sample};

    const RUN: RunId = RunId(1);

    fn at_step(step: u64) -> Run {
        let mut run = Run::new(RUN, RunConfig::default());
        let sample = Sample { step, ..Sample::default() };
        let record = Record { sample, cost: Cost { step_ms: 10.0, ..Cost::default() } };
        run.apply(&Event::Sampled { run: RUN, records: vec![record] });
        run
    }

    #[test]
    fn slow_steps_are_announced_before_the_first_step_and_not_after() {
        let run = |width: usize| {
            let mut config = RunConfig::default();
            config.model.hidden = vec![width, width];
            let facts = RunFacts { n_threads: 2, ..RunFacts::unknown() };
            let (config, facts) = (Box::new(config), Box::new(facts));
            let mut run = Run::new(RUN, (*config).clone());
            run.apply(&Event::Started { run: RUN, config, facts });
            run
        };
        assert_eq!(expected(&run(32)), None, "a small network is fast");
        let mut slow = run(2000);
        let said = expected(&slow).unwrap();
        assert!(said.contains("first step about") && said.contains("a measurement"), "{said}");
        slow.apply(&Event::Sampled { run: RUN, records: vec![Record::default()] });
        assert_eq!(expected(&slow), None);
    }

    #[test]
    fn a_missing_sharpness_says_why() {
        let mut run = at_step(5);
        assert_eq!(missing(&run).unwrap(), NOT_YET);
        let mut config = RunConfig::default();
        config.live.probe.every = Interval::Off;
        run = Run::new(RUN, config);
        assert!(missing(&run).unwrap().contains("off"));
    }

    #[test]
    fn the_line_begins_with_the_sharpness_against_its_limit() {
        let mut run = at_step(5);
        assert_eq!(verdict(&run), None);
        let top = crate::protocol::Eigenvalue {
            value: 20.94,
            residual: 0.0,
            error: Some(1e-4),
            is_converged: true,
            identity: 0,
        };
        let curvature = crate::protocol::Curvature { top: vec![top], ..Default::default() };
        let sample = Sample {
            step: 6,
            stability_threshold: Some(20.0),
            effective_threshold: Some(20.0),
            curvature: Some(curvature),
            ..Sample::default()
        };
        let record = Record { sample, cost: Cost::default() };
        run.apply(&Event::Sampled { run: RUN, records: vec![record] });
        let wanted = |when: &str, is_old| Verdict {
            words: "λ₁ 20.9 · limit 20 · ratio ".to_owned(),
            ratio: "1.05".to_owned(),
            when: when.to_owned(),
            is_old,
        };
        assert_eq!(verdict(&run), Some(wanted(" at step 6", false)));
        let later = Sample { step: 40, stability_threshold: Some(2.0), ..Sample::default() };
        let record = Record { sample: later, cost: Cost::default() };
        run.apply(&Event::Sampled { run: RUN, records: vec![record] });
        assert_eq!(verdict(&run), Some(wanted(" at step 6, 34 steps ago", true)));
    }
}
