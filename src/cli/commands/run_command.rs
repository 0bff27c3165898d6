//! `eoscope run`: trains without a window, writes the run folder, and prints how the run ended and
//! what the narrator says of it.

use std::path::Path;
use std::sync::atomic::Ordering;

use super::picture_file::{PanelChoice, Picture};
use crate::cli::args::RunArgs;
use crate::cli::error::CliError;
use crate::cli::terminal::print;
use crate::cli::terminal::progress::Progress;
use crate::config::RunConfig;
use crate::figure::{Axis, Choices, PanelKind, narrator_sentence};
use crate::history::{Run, narrate};
use crate::paint::PictureOptions;
use crate::platform::console::complain;
use crate::platform::{SignalGuard, threads};
use crate::protocol::{EndKind, Event, RunEnd, RunId};
use crate::quantity::{self, Quantity};
use crate::runner;
use crate::store::{self, FinalValue, Place, Recorder, Recording, Sink, Start, Summary};
use crate::text;
use crate::train::TrainError;

/// Default parent folder of run folders.
const RUNS: &str = "runs";

/// Most steps of a run that is narrated at its end: its history takes at most some 70 MB.
const MAX_NARRATED: u64 = 100_000;

/// Trains to the end, or until Ctrl-C.
pub(super) fn run(args: &RunArgs) -> Result<(), CliError> {
    let Start { config, data_hash, .. } = args.start()?;
    config.notices().iter().for_each(|notice| complain(&format!("note: {notice}")));
    let place = args.out.clone().map_or_else(|| Place::In(RUNS.into()), Place::At);
    if let Place::At(dir) = &place {
        store::check_vacant(dir)?;
    }
    let panels = PanelKind::usual();
    let picture = args.figure.as_deref().map(|path| Picture {
        path,
        is_forced: args.force,
        panels: &panels,
        choice: PanelChoice::Usual,
        choices: Choices::default(),
        axis: Axis::Step,
        look: PictureOptions::default(),
        title: None,
        caption: None,
    });
    if let Some(picture) = &picture {
        picture.check()?;
    }
    let signals = SignalGuard::install().map_err(CliError::Signal)?;
    let is_stopped = || signals.flag().load(Ordering::Relaxed);
    let (mut recording, mut progress) = (Recording::new(place), Progress::new(&config));
    // Only the picture and the narrator need the history, which takes memory.
    let is_kept = picture.is_some() || config.n_steps <= MAX_NARRATED;
    let mut history = is_kept.then(|| Run::new(RunId(0), config.clone()));
    let history_sink = history.as_mut().map(|history| history as &mut dyn Sink);
    let sinks = history_sink.into_iter().chain([&mut progress as &mut dyn Sink, &mut recording]);
    let trained = train(&config, &is_stopped, Recorder::new(sinks.collect()))?;
    // From here on Ctrl-C may end the program: the run is saved, and the picture can be drawn
    // again.
    drop(signals);
    match trained {
        Ok(()) | Err(TrainError::Interrupted) => {}
        Err(error) => return Err(error.into()),
    }
    let (Some(summary), Some(dir)) = (recording.summary().cloned(), recording.dir()) else {
        return Err(CliError::Failed("it never started; this is a bug".to_owned()));
    };
    if let Some(notice) = &summary.repair_notice {
        complain(notice);
    }
    if data_hash.is_some_and(|hash| !summary.data_hash.is_empty() && hash != summary.data_hash) {
        complain("note: the data are not those of the run that was repeated, nor are its numbers");
    }
    let narrated = history.as_ref().and_then(|history| {
        let sentence = narrator_sentence(history, narrate(history, None).first()?);
        Some(format!("{sentence}\n"))
    });
    let drawn = match (picture, history) {
        (Some(picture), Some(history)) => picture.draw(&[(config.name, history)]),
        (None, _) | (_, None) => Ok(()),
    };
    print(&(result_line(&summary, dir) + &narrated.unwrap_or_default()))?;
    drawn?;
    match summary.end {
        Some(EndKind::Finished | EndKind::Diverged { .. }) => Ok(()),
        Some(EndKind::Stopped) | None => Err(CliError::Stopped(dir.to_owned())),
        Some(EndKind::Failed { .. }) => Err(CliError::Failed(summary.message.unwrap_or_default())),
    }
}

/// Trains and records a run. The outer error is of the recording, the inner one of the training.
fn train(
    config: &RunConfig,
    is_stopped: &dyn Fn() -> bool,
    mut recorder: Recorder<'_>,
) -> Result<Result<(), TrainError>, CliError> {
    let mut observe = |event: &Event| recorder.record(event);
    let trained = runner::run(config, threads::available(), is_stopped, &mut observe);
    match &trained {
        Ok(drive) => recorder.weights(drive.steps_taken(), &drive.named_tensors()?),
        Err(TrainError::Interrupted) => recorder.never_started(config, RunEnd::Stopped),
        Err(error) => recorder.fail(error.to_string()),
    }
    recorder.end()?;
    Ok(trained.map(drop))
}

/// A value, with the step of its measurement unless that is this one.
fn dated(FinalValue { value, step }: FinalValue, unless: Option<u64>) -> String {
    let when = step.filter(|step| Some(*step) != unless);
    let when = when.map(|step| format!(" at step {step}")).unwrap_or_default();
    format!("{}{when}", text::number(value))
}

/// How the run ended, in one line. A value is given with its step if that is not the step of the
/// loss; the ratio, if it is not that of the curvature.
fn result_line(summary: &Summary, dir: &Path) -> String {
    let last = |quantity: Quantity| summary.last.get(quantity);
    let (name, status) = (&summary.name, summary.status());
    let loss = last(quantity::LOSS);
    let newest = summary.n_steps.checked_sub(1);
    let step_of_loss = loss.and_then(|loss| loss.step).or(newest);
    // The loss that diverged is of the step after the last.
    let step_before_loss = newest.max(step_of_loss);
    let loss = loss.map(|loss| format!(", loss {}", dated(loss, step_before_loss)));
    let preconditioned = last(quantity::PRECONDITIONED_SHARPNESS).map(|last| ("λ₁(P⁻¹H)", last));
    let plain = || Some((quantity::SHARPNESS.name(), last(quantity::SHARPNESS)?));
    let sharpness = preconditioned.or_else(plain).map(|(name, value)| {
        let ratio = last(quantity::BINDING_RATIO)
            .map(|ratio| format!(" ({} of the limit)", dated(ratio, value.step)));
        format!(", {name} {}{}", dated(value, step_of_loss), ratio.unwrap_or_default())
    });
    let (loss, sharpness) = (loss.unwrap_or_default(), sharpness.unwrap_or_default());
    let n_steps = summary.n_steps;
    format!(
        "{name}: {status} after {}{loss}{sharpness}; {}\n",
        crate::text::plural(n_steps, "step"),
        dir.display()
    )
}
