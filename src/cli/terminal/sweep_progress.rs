//! Progress of a sweep, on stderr: a bar, or periodic lines if stderr is not a terminal.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget};

use super::progress::{bar_style, time_left, timed_style};
use crate::platform::clock::Instant;
use crate::study::SweepEvent;

/// Time between progress lines without a terminal.
const LINE_TIME: Duration = Duration::from_secs(10);

/// The bar and what stands beside it, before the time left is known.
const BAR: &str = "{bar:30} {msg}";

/// Shows the progress of a sweep on stderr; used from several threads.
pub(in crate::cli) struct SweepProgress {
    /// Counts steps rather than tasks, as steps take the time. Hidden without a terminal, where it
    /// only estimates the time left.
    bar: ProgressBar,
    is_drawn: bool,
    /// Whether the time left is known: once a run has ended, as first steps take longer.
    is_timed: AtomicBool,
    begun: Instant,
    /// Lines written so far.
    n_lines: AtomicU64,
    n_tasks: AtomicUsize,
    n_done: AtomicUsize,
    n_running: AtomicUsize,
}

impl SweepProgress {
    pub(in crate::cli) fn new() -> Self {
        let is_drawn = io::stderr().is_terminal();
        let target =
            if is_drawn { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self {
            bar: ProgressBar::with_draw_target(Some(0), target).with_style(bar_style(BAR)),
            is_drawn,
            is_timed: AtomicBool::new(false),
            begun: Instant::now(),
            n_lines: AtomicU64::new(0),
            n_tasks: AtomicUsize::new(0),
            n_done: AtomicUsize::new(0),
            n_running: AtomicUsize::new(0),
        }
    }

    /// Shows what happened.
    pub(in crate::cli) fn take(&self, report: SweepEvent<'_>) {
        match report {
            SweepEvent::Planned { n_tasks, n_done, n_steps } => {
                self.n_tasks.store(n_tasks, Ordering::Relaxed);
                self.bar.set_length(n_steps);
                if n_done > 0 && n_done < n_tasks {
                    self.line(&format!("{n_done} of {n_tasks} tasks are done already"));
                }
            }
            SweepEvent::Begun(_) => {
                self.n_running.fetch_add(1, Ordering::Relaxed);
                self.bar.set_message(self.message());
            }
            SweepEvent::Stepped => {
                self.bar.inc(1);
                self.line_if_due();
            }
            SweepEvent::Replaced(sentence) => self.line(&format!("eoscope: {sentence}")),
            SweepEvent::Skipped { why, n_planned } => {
                if n_planned.is_some() {
                    self.n_running.fetch_sub(1, Ordering::Relaxed);
                }
                self.line(&format!("eoscope: {why}"));
            }
            SweepEvent::Ended { row, n_planned } => {
                self.n_done.fetch_add(1, Ordering::Relaxed);
                if let Some(n_planned) = n_planned {
                    self.n_running.fetch_sub(1, Ordering::Relaxed);
                    #[expect(
                        clippy::cast_possible_truncation,
                        clippy::cast_sign_loss,
                        reason = "a count; the cast saturates"
                    )]
                    let n_taken = row.number("steps_taken").unwrap_or_default() as u64;
                    // Steps that an early end saved are no longer to be done.
                    self.bar.dec_length(n_planned.saturating_sub(n_taken));
                    if !self.is_timed.swap(true, Ordering::Relaxed) {
                        self.bar.set_style(timed_style(BAR));
                    }
                }
                self.bar.set_message(self.message());
            }
        }
    }

    /// Removes the bar and ends the display.
    pub(in crate::cli) fn end(&self) {
        self.bar.finish_and_clear();
    }

    fn message(&self) -> String {
        let [n_done, n_tasks, n_running] =
            [&self.n_done, &self.n_tasks, &self.n_running].map(|n| n.load(Ordering::Relaxed));
        format!("{n_done}/{n_tasks} tasks, {n_running} running")
    }

    fn line_if_due(&self) {
        let n_lines = self.n_lines.load(Ordering::Relaxed);
        let n_due = self.begun.elapsed().as_secs() / LINE_TIME.as_secs();
        let is_mine = || {
            let change =
                self.n_lines.compare_exchange(n_lines, n_due, Ordering::Relaxed, Ordering::Relaxed);
            change.is_ok()
        };
        if !self.is_drawn && n_due > n_lines && is_mine() {
            self.line(&self.message_with_time());
        }
    }

    fn message_with_time(&self) -> String {
        let is_timed = self.is_timed.load(Ordering::Relaxed);
        let left = if is_timed { time_left(self.bar.eta(), ", ") } else { String::new() };
        format!("{}{left}", self.message())
    }

    fn line(&self, line: &str) {
        let write = || drop(writeln!(io::stderr().lock(), "{line}"));
        // A closed stderr must not end the sweep.
        self.bar.suspend(write);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::{CATALOGUE, Table};

    #[test]
    fn the_time_left_is_told_once_a_run_has_ended() {
        let progress = SweepProgress::new();
        let tasks = CATALOGUE[0].study().unwrap().tasks().unwrap();
        let table = Table::from_csv(CATALOGUE[0].csv).unwrap();
        progress.take(SweepEvent::Planned { n_tasks: 2, n_done: 0, n_steps: 10_000 });
        progress.take(SweepEvent::Begun(&tasks[0]));
        progress.take(SweepEvent::Stepped);
        progress.take(SweepEvent::Stepped);
        assert_eq!(progress.message_with_time(), "0/2 tasks, 1 running");
        progress.take(SweepEvent::Ended { row: &table.rows[0], n_planned: Some(2) });
        let told = progress.message_with_time();
        assert!(told.starts_with("1/2 tasks, 0 running, ") && told.ends_with(" left"), "{told}");
        progress.end();
    }
}
