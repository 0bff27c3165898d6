//! `eoscope find`: searches for a learning rate or a warmup from the first step; prints a table and
//! a sentence.

use std::sync::atomic::Ordering;

use crate::cli::args::FindArgs;
use crate::cli::error::CliError;
use crate::cli::terminal::print;
use crate::cli::terminal::progress::LINE_TIME;
use crate::figure::{advice, search_sentence, trial_name, trial_outcome, work_sentence};
use crate::platform::SignalGuard;
use crate::platform::console::complain;
use crate::platform::threads;
use crate::protocol::{EndKind, Event, Question, RunId, SearchKind, Trial, Trials};
use crate::runner::{Driver, Throttle};
use crate::train::{Hooks, TrainError, Trainer, TrialRunner};

/// Factors on the learning rate that `--rates` tries.
const FACTORS: [f64; 4] = [0.5, 1.0, 2.0, 4.0];

/// Searches or runs trials, then prints a line for everything tried, and the result.
pub(super) fn run(args: &FindArgs) -> Result<(), CliError> {
    if args.warmup {
        return run_trials(args, Question::Warmup);
    }
    if args.rates {
        let (factors, n_steps) = (FACTORS.to_vec(), args.steps);
        return run_trials(args, Question::Rates { factors, n_steps });
    }
    let config = args.start.config_with_notices()?;
    if !config.changes.is_empty() {
        complain(
            "the dated changes of this run take no part: the search is made before the first step",
        );
    }
    let signals = SignalGuard::install().map_err(CliError::Signal)?;
    let is_stopped = || signals.flag().load(Ordering::Relaxed);
    let throttle = Throttle::every(LINE_TIME);
    let tell = |work| {
        if throttle.is_due() {
            complain(&work_sentence(work));
        }
    };
    let hooks = Hooks { is_interrupted: &is_stopped, tell: &tell, ..Hooks::none() };
    let begun = Driver::begin(RunId(0), config, threads::available(), hooks);
    let (mut driver, _) = begun.map_err(interruption_or_failure)?;
    let kind = if args.range { SearchKind::RangeTest } else { SearchKind::FirstRate };
    let Some(Event::Searched { search, .. }) = driver.search(kind, hooks)? else {
        return Err(CliError::SearchStopped);
    };
    let rows = search.points.iter().map(|[rate, loss]| format!("{rate},{loss}\n"));
    let table: String = std::iter::once("learning_rate,loss\n".to_owned()).chain(rows).collect();
    print(&format!("{table}{}\n", search_sentence(&search)))
}

/// Maps an interruption by the user to [`CliError::SearchStopped`].
fn interruption_or_failure(error: TrainError) -> CliError {
    if matches!(error, TrainError::Interrupted) { CliError::SearchStopped } else { error.into() }
}

/// Trains with every setting from the first step. When stopped, prints the trials so far.
fn run_trials(args: &FindArgs, question: Question) -> Result<(), CliError> {
    let config = args.start.config_with_notices()?;
    let signals = SignalGuard::install().map_err(CliError::Signal)?;
    let is_stopped = || signals.flag().load(Ordering::Relaxed);
    let hooks = Hooks { is_interrupted: &is_stopped, ..Hooks::none() };
    let base =
        Trainer::new(config, threads::available(), &is_stopped).map_err(interruption_or_failure)?;
    let mut runner = TrialRunner::new(base, question);
    let throttle = Throttle::every(LINE_TIME);
    while !runner.results().is_over() && !is_stopped() {
        runner.advance(hooks)?;
        if throttle.is_due() {
            runner
                .results()
                .trials
                .iter()
                .for_each(|trial| complain(&progress_line(runner.results(), trial)));
        }
    }
    let is_whole = runner.results().is_over();
    let rows = runner.results().trials.iter().map(|trial| row(runner.results(), trial));
    let head = "learning_rate,warmup,steps,outcome,last_loss,rise,binding_ratio\n".to_owned();
    let table: String = std::iter::once(head).chain(rows).collect();
    let sentence = advice(0, runner.results()).map_or_else(String::new, |advice| advice.sentence);
    print(&format!("{table}{sentence}\n"))?;
    if is_whole { Ok(()) } else { Err(CliError::SearchStopped) }
}

/// Progress of a trial as one line.
fn progress_line(trials: &Trials, trial: &Trial) -> String {
    format!("{}: {}", trial_name(&trials.question, trial), trial_outcome(&trials.question, trial))
}

/// One trial as a CSV row; values that were not measured are blank.
fn row(trials: &Trials, trial: &Trial) -> String {
    let outcome = match trial.end {
        None => "",
        Some(EndKind::Finished) if trial.has_risen(&trials.question) => "rose",
        Some(EndKind::Finished) => "survived",
        Some(end) => end.word(),
    };
    let blank = |x: Option<f64>| x.map_or_else(String::new, |x| x.to_string());
    format!(
        "{},{},{},{outcome},{},{},{}\n",
        trial.rate,
        trial.warmup,
        trial.n_taken(),
        blank(trial.last_loss()),
        blank(trial.rise()),
        blank(trial.ratios.last().map(|[_, ratio]| *ratio)),
    )
}
