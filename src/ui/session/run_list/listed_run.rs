//! A run of the drawer: its history, and its card, which belongs to the run for good.

use crate::config::{RunConfig, plain, settings};
use crate::history::{Run, Status};
use crate::protocol::RunEnd;
use crate::text;

/// Characters of a name at most.
const MAX_NAME: usize = 60;

/// A run with its card.
#[derive(Clone, Debug)]
pub(in crate::ui) struct ListedRun {
    /// The history.
    pub(in crate::ui) run: Run,
    /// What the user calls and does with it.
    pub(in crate::ui) card: RunCard,
}

/// What a run is called and how it is drawn. Given once, when the run is requested; later runs change
/// nothing of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ui) struct RunCard {
    /// Its name in the drawer, in legends and in exports.
    pub(in crate::ui) name: String,
    /// Who chose the name.
    pub(in crate::ui) named_by: NamedBy,
    /// Index of its colour and dashes wherever it is drawn and is not the current run.
    pub(in crate::ui) style: usize,
    /// Whether it is drawn.
    pub(in crate::ui) eye: Eye,
    /// Whether it stays when others have to go.
    pub(in crate::ui) is_pinned: bool,
}

/// Who chose the name of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum NamedBy {
    /// The program, when the run was requested.
    Program,
    /// The user.
    User,
}

/// Whether a former run is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Eye {
    /// With the runs of its family.
    Family,
    /// Always, as the user opened it; the number counts such clicks.
    Opened(u64),
    /// Never, as the user closed it.
    Closed,
}

impl RunCard {
    /// The card of a new run.
    pub(in crate::ui) fn new(name: String, style: usize) -> Self {
        Self { name, named_by: NamedBy::Program, style, eye: Eye::Family, is_pinned: false }
    }
}

/// What runs share that are drawn over each other by themselves: their losses and curvatures can be
/// compared.
pub(in crate::ui) fn is_one_family(a: &RunConfig, b: &RunConfig) -> bool {
    let (of_a, of_b) = (&a.task, &b.task);
    let is_same_task = of_a.name == of_b.name && of_a.path == of_b.path;
    is_same_task && of_a.n_train == of_b.n_train && a.loss == b.loss
}

/// The family of a run in words: `fashion, 1,000 examples, mse`.
pub(in crate::ui) fn family_words(config: &RunConfig) -> String {
    let task = &config.task;
    let name = if task.path.is_empty() { task.name.to_string() } else { task.path.clone() };
    let loss = plain(&settings::LOSS.get(config));
    format!("{name}, {}, {loss}", text::plural(task.n_train as u64, "example"))
}

/// How a run ended or how far it is, with the step.
pub(in crate::ui) fn outcome(run: &Run) -> String {
    let n = run.n_steps();
    match run.status() {
        Status::Ended(end @ (RunEnd::Finished | RunEnd::Stopped | RunEnd::Diverged { .. })) => {
            format!("{} at step {n}", end.word())
        }
        Status::Ended(RunEnd::Failed { message }) => format!("failed at step {n}: {message}"),
        Status::Starting => "starting…".to_owned(),
        Status::Running => format!("running, step {n}"),
        Status::Paused => format!("paused at step {n}"),
    }
}

/// A name as the user typed it, in one line and not too long; `None` if nothing is left.
pub(super) fn tidied(name: &str) -> Option<String> {
    let words: Vec<&str> = name.split_whitespace().collect();
    let name: String = words.join(" ").chars().take(MAX_NAME).collect();
    (!name.is_empty()).then_some(name)
}
