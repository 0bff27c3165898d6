//! Makes the row of a task from its ended run, or from its conflicting settings.

use crate::history::Run;
use crate::protocol::RunEnd;
use crate::quantity;
use crate::study::{COLUMNS, Row, RowStatus, Task};

impl Row {
    /// The row of an ended run; `None` while it runs, or if it was interrupted.
    pub(super) fn of_run(task: &Task, run: &Run) -> Option<Self> {
        let end = run.end()?;
        let reason = match end {
            RunEnd::Stopped => return None,
            RunEnd::Finished => String::new(),
            RunEnd::Diverged { loss } => diverged(run, *loss),
            RunEnd::Failed { message } => message.clone(),
        };
        let values = COLUMNS.iter().map(|column| (column.read)(run)).collect();
        let wall_secs = run.last().map(|last| {
            let before = run.training_secs().last().map_or(0.0, |(_, secs)| secs);
            before + last.cost.step_ms / 1e3
        });
        Some(Self {
            task: task.index,
            point: task.point.clone(),
            status: RowStatus::Ended(end.kind()),
            reason,
            values,
            wall_secs,
        })
    }

    /// The row of a task whose settings conflict.
    pub(super) fn refused(task: &Task, reason: &str) -> Self {
        Self {
            task: task.index,
            point: task.point.clone(),
            status: RowStatus::Refused,
            reason: reason.to_owned(),
            values: vec![None; COLUMNS.len()],
            wall_secs: None,
        }
    }
}

fn diverged(run: &Run, loss: f64) -> String {
    let first = run.series(quantity::LOSS).iter().next().map_or(f64::NAN, |(_, loss)| loss);
    let (loss, first) = (crate::text::number(loss), crate::text::number(first));
    format!(
        "the loss went from {first} to {loss} in {}",
        crate::text::plural(run.n_steps(), "step")
    )
}
