//! Progress of a run without a window, on stderr: a bar, or periodic lines if stderr is not a
//! terminal.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use indicatif::{HumanDuration, ProgressBar, ProgressState, ProgressStyle};

use crate::config::{RunConfig, Tuning};
use crate::cost::Cost;
use crate::figure::{floor_sentence, work_sentence};
use crate::history::Dated;
use crate::platform::clock::Instant;
use crate::protocol::{Event, Preparation, Record, RunFacts, Work};
use crate::quantity;
use crate::store::{Sink, StoreError};
use crate::text;

/// Time between progress lines: a log stays short, and a user sees that the program is alive.
pub(in crate::cli) const LINE_TIME: Duration = Duration::from_secs(10);

/// The bar of a run and what stands beside it, before the time left is known.
const BAR: &str = "{bar:30} step {pos}/{len}  {msg}";

/// The style of a bar with this template.
pub(in crate::cli) fn bar_style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// The style of a bar with this template and the time left after it.
pub(in crate::cli) fn timed_style(template: &str) -> ProgressStyle {
    // A failed write shows less, and the next one replaces it.
    let left = |state: &ProgressState, line: &mut dyn fmt::Write| {
        line.write_str(&time_left(state.eta(), "  ")).unwrap_or_default();
    };
    bar_style(&format!("{template}{{left}}")).with_key("left", left)
}

/// The time left after this separator; empty while it is unknown, which a bar reports as zero.
pub(in crate::cli) fn time_left(left: Duration, separator: &str) -> String {
    if left.is_zero() {
        return String::new();
    }
    format!("{separator}{:#} left", HumanDuration(left))
}

/// Shows the progress of one run on stderr.
pub(in crate::cli) struct Progress {
    n_steps: u64,
    tuning: Tuning,
    shown: Shown,
    ratio: Option<Dated>,
}

enum Shown {
    Bar(ProgressBar),
    Lines { last: Instant },
}

impl Progress {
    pub(in crate::cli) fn new(config: &RunConfig) -> Self {
        let n_steps = config.n_steps;
        let shown = if io::stderr().is_terminal() {
            Shown::Bar(ProgressBar::new(n_steps).with_style(bar_style(BAR)))
        } else {
            Shown::Lines { last: Instant::now() }
        };
        Self { n_steps, tuning: config.init.tuning, shown, ratio: None }
    }

    /// Prints the expected times if the run will be slow.
    fn started(&self, config: &RunConfig, facts: &RunFacts) {
        let cost = Cost::of(config, facts.n_threads).ok();
        let Some(expected) = cost.and_then(|cost| cost.time.sentence()) else { return };
        match &self.shown {
            Shown::Bar(bar) => bar.println(expected),
            // A closed stderr is no error, as in `record`.
            Shown::Lines { .. } => drop(writeln!(io::stderr().lock(), "{expected}")),
        }
    }

    /// Shows the progress of a long computation within a step.
    fn working(&mut self, work: Work) {
        let message = work_sentence(work);
        match &mut self.shown {
            Shown::Bar(bar) => bar.set_message(message),
            Shown::Lines { last } if last.elapsed() >= LINE_TIME => {
                *last = Instant::now();
                // A closed stderr is no error, as in `record`.
                drop(writeln!(io::stderr().lock(), "{message}"));
            }
            Shown::Lines { .. } => {}
        }
    }

    /// Shows an iteration of the tuning of the initial weights.
    fn prepared(&mut self, iteration: &Preparation) {
        let message = tuning_message(self.tuning, iteration);
        match &mut self.shown {
            Shown::Bar(bar) => {
                bar.set_position(0);
                bar.set_message(message);
            }
            Shown::Lines { last } if last.elapsed() >= LINE_TIME || iteration.is_last() => {
                *last = Instant::now();
                // A closed stderr is no error, as in `record`.
                drop(writeln!(io::stderr().lock(), "{message}"));
            }
            Shown::Lines { .. } => {}
        }
    }

    /// Shows a step.
    fn record(&mut self, record: &Record) {
        self.ratio = quantity::BINDING_RATIO
            .read(record)
            .map(|value| Dated { value, step: record.sample.step })
            .or(self.ratio);
        let step = record.sample.step + 1;
        match &mut self.shown {
            Shown::Bar(bar) => {
                // Both draw; in this order no measurement of an earlier step is beside a new one.
                bar.set_message(message(record, self.ratio));
                bar.set_position(step);
                if step == 1 {
                    // The first step takes longer than the others, as it holds the first audit.
                    bar.reset_eta();
                    bar.set_style(timed_style(BAR));
                }
            }
            Shown::Lines { last } if last.elapsed() >= LINE_TIME => {
                *last = Instant::now();
                let message = message(record, self.ratio);
                // A closed stderr must not end the run.
                drop(writeln!(io::stderr().lock(), "step {step}/{}  {message}", self.n_steps));
            }
            Shown::Lines { .. } => {}
        }
    }
}

impl Sink for Progress {
    fn on_event(&mut self, event: &Event) -> Result<(), StoreError> {
        match event {
            Event::Started { config, facts, .. } => self.started(config, facts),
            Event::Working { work, .. } => self.working(*work),
            Event::Prepared { records, .. } => {
                for record in records {
                    self.prepared(record);
                }
            }
            Event::Sampled { records, .. } => {
                for record in records {
                    self.record(record);
                }
            }
            Event::PreparationCut { .. }
            | Event::Tuned { .. }
            | Event::Searched { .. }
            | Event::Tried { .. }
            | Event::Paused { .. }
            | Event::Resumed { .. }
            | Event::Ended { .. } => {}
        }
        Ok(())
    }

    /// Removes the bar.
    fn end(&mut self) -> Result<(), StoreError> {
        if let Shown::Bar(bar) = &self.shown {
            bar.finish_and_clear();
        }
        Ok(())
    }
}

/// Iteration and objective of the tuning, in one line.
fn tuning_message(tuning: Tuning, record: &Preparation) -> String {
    let Preparation { iteration, n_iterations, .. } = record;
    let objective = text::number(text::rounded(record.objective, 3));
    let name = tuning.title();
    let floor = floor_sentence(tuning, record).map(|floor| format!("; {floor}"));
    let floor = floor.unwrap_or_default();
    format!("{name} {iteration}/{n_iterations}  {} {objective}{floor}", tuning.objective())
}

/// The loss, and the sharpness relative to its limit.
fn message(record: &Record, ratio: Option<Dated>) -> String {
    let loss = text::number(record.sample.loss);
    let ratio = ratio.map(|Dated { value, step }| {
        let when =
            if step == record.sample.step { String::new() } else { format!(" at step {step}") };
        format!("  {} of the limit{when}", text::number(value))
    });
    format!("loss {loss}{}", ratio.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use indicatif::{ProgressDrawTarget, TermLike};

    use super::*;
    use crate::protocol::{Sample, Stage};

    /// A terminal that keeps what is drawn, one line per drawing.
    #[derive(Clone, Debug, Default)]
    struct Screen(Arc<Mutex<String>>);

    impl Screen {
        /// The lines drawn since the last call.
        fn drawn(&self) -> Vec<String> {
            std::mem::take(&mut *self.0.lock().unwrap()).lines().map(str::to_owned).collect()
        }
    }

    impl TermLike for Screen {
        fn width(&self) -> u16 {
            120
        }

        fn move_cursor_up(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_down(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn write_line(&self, text: &str) -> io::Result<()> {
            self.write_str(text)
        }

        fn write_str(&self, text: &str) -> io::Result<()> {
            self.0.lock().unwrap().push_str(text);
            Ok(())
        }

        fn clear_line(&self) -> io::Result<()> {
            Ok(())
        }

        fn flush(&self) -> io::Result<()> {
            self.write_str("\n")
        }
    }

    fn record(step: u64) -> Record {
        let sample = Sample { step, loss: 0.5, ..Sample::default() };
        Record { sample, ..Record::default() }
    }

    #[test]
    fn a_new_step_is_drawn_with_its_loss_and_timed_from_the_second_on() {
        let screen = Screen::default();
        let target = ProgressDrawTarget::term_like(Box::new(screen.clone()));
        let bar = ProgressBar::with_draw_target(Some(200), target).with_style(bar_style(BAR));
        let (tuning, shown) = (Tuning::None, Shown::Bar(bar));
        let mut progress = Progress { n_steps: 200, tuning, shown, ratio: None };
        progress.working(Work { stage: Stage::Smallest, n_done: 132 });
        let drawn = screen.drawn();
        assert!(drawn.iter().any(|line| line.contains("132 Hessian-vector products")), "{drawn:?}");
        progress.record(&record(0));
        progress.working(Work { stage: Stage::Largest, n_done: 8 });
        let drawn = screen.drawn();
        let first = drawn.iter().find(|line| line.contains("step 1/200")).unwrap();
        assert!(first.contains("step 1/200  loss 0.5"), "{drawn:?}");
        assert!(
            drawn.iter().all(|line| !line.contains("132") && !line.contains("left")),
            "{drawn:?}"
        );
        progress.record(&record(1));
        let drawn = screen.drawn();
        let last = drawn.last().unwrap();
        assert!(last.contains("step 2/200  loss 0.5  ") && last.contains(" left"), "{drawn:?}");
    }

    #[test]
    fn no_time_left_is_shown_before_the_first_step() {
        let bar = ProgressBar::hidden();
        bar.set_length(200);
        assert_eq!(time_left(bar.eta(), "  "), "");
        assert_eq!(time_left(Duration::from_mins(3), "  "), "  3m left");
    }
}
