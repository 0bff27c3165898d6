//! `eoscope run`: trains without a window, writes the run folder, and says how it ended.
//! Does not compute anything itself.

use std::path::Path;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::args::RunArgs;
use super::error::CliError;
use super::picture::Picture;
use super::record::Recorder;
use super::say;
use crate::figure::{Axis, Choices, PanelKind};
use crate::paint::PictureOptions;
use crate::runner;
use crate::store::{self, FinalValue, Outcome, Summary};
use crate::text;

/// Where runs go that were not told where to go.
const RUNS: &str = "runs";

/// What shells take for a program that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

/// Trains to the end, or until Ctrl-C.
pub(super) fn run(args: &RunArgs) -> Result<(), CliError> {
    let config = args.config()?;
    let dir = args.out.clone().unwrap_or_else(|| store::free_dir(Path::new(RUNS), &config.name));
    store::check_vacant(&dir)?;
    let picture = args.figure.as_deref().map(|path| Picture {
        path,
        is_forced: args.force,
        panels: &PanelKind::ALL,
        choices: Choices::default(),
        axis: Axis::Step,
        look: PictureOptions::default(),
        title: None,
        caption: None,
    });
    if let Some(picture) = &picture {
        picture.check()?;
    }
    let mut recorder = Recorder::new(dir.clone(), &config, picture.is_some(), stop_flag()?);
    let trained = runner::run(&config, n_threads(), &mut |event| recorder.take(event));
    match &trained {
        Ok(drive) => recorder.weights(drive.steps_taken(), &drive.named_tensors()?)?,
        Err(error) => recorder.fail(error.to_string()),
    }
    let (history, summary) = recorder.end()?;
    trained?;
    let Some(summary) = summary else {
        return Err(CliError::Failed("it never started; this is a bug".to_owned()));
    };
    say(&result_line(&summary, &dir))?;
    if let (Some(picture), Some(history)) = (picture, history) {
        picture.draw(&[(config.name, history)])?;
    }
    match summary.status {
        Outcome::Finished | Outcome::Diverged => Ok(()),
        Outcome::Stopped | Outcome::Running => Err(CliError::Stopped(dir)),
        Outcome::Failed => Err(CliError::Failed(summary.message.unwrap_or_default())),
    }
}

/// A window is not there to be kept smooth, so every core computes.
pub(super) fn n_threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Becomes true at the first Ctrl-C; a second one ends the program at once.
pub(super) fn stop_flag() -> Result<Arc<AtomicBool>, CliError> {
    let flag = Arc::new(AtomicBool::new(false));
    let seen = flag.clone();
    ctrlc::set_handler(move || {
        if seen.swap(true, Ordering::Relaxed) {
            process::exit(INTERRUPTED);
        }
    })?;
    Ok(flag)
}

/// How it ended, in one line.
fn result_line(summary: &Summary, dir: &Path) -> String {
    // What was not measured at the last step says where it was.
    let last = |name: &str| {
        let FinalValue { value, step } = summary.last.get(name)?;
        let is_old = step.filter(|step| step + 1 < summary.n_steps);
        let when = is_old.map(|step| format!(" at step {step}")).unwrap_or_default();
        Some(format!("{}{when}", text::number(value)))
    };
    let (name, status) = (&summary.name, summary.status.word());
    let loss = last("loss").map(|loss| format!(", loss {loss}")).unwrap_or_default();
    let preconditioned = last("preconditioned_sharpness").map(|value| ("λ₁(P⁻¹H)", value));
    let sharpness = preconditioned
        .or_else(|| last("sharpness").map(|value| ("sharpness", value)))
        .map(|(name, value)| {
            let ratio = summary.last.get("sharpness_ratio").map(|last| text::number(last.value));
            let ratio = ratio.map(|ratio| format!(" ({ratio} of the limit)"));
            format!(", {name} {value}{}", ratio.unwrap_or_default())
        })
        .unwrap_or_default();
    let n_steps = summary.n_steps;
    format!(
        "{name}: {status} after {}{loss}{sharpness}; {}\n",
        crate::text::plural(n_steps, "step"),
        dir.display()
    )
}
