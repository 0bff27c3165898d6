//! `eoscope sweep` and `eoscope merge`: run a study into a table, and merge tables.

use std::path::Path;
use std::sync::atomic::Ordering;

use crate::cli::args::study_args::{MergeArgs, SweepArgs};
use crate::cli::error::CliError;
use crate::cli::inputs::study_source::StudySource;
use crate::cli::terminal::print;
use crate::cli::terminal::sweep_progress::SweepProgress;
use crate::config::RunConfig;
use crate::cost::{self, SideBySide};
use crate::platform::console::complain;
use crate::platform::threads;
use crate::platform::{self, Memory, SignalGuard};
use crate::protocol::EndKind;
use crate::study::{self, Options, RowStatus, Shard, Study, SweepEvent, Swept, Table, Task};
use crate::text;

/// Runs the remaining tasks of a study or a shard of it, until Ctrl-C.
pub(super) fn run(args: &SweepArgs) -> Result<(), CliError> {
    let source = StudySource::find(&args.study)?;
    let study = source.study()?;
    let tasks = study.tasks().map_err(|error| source.error(error))?;
    let Some(dir) = args.out.as_ref().filter(|_| !args.dry_run) else {
        let tasks: Vec<_> = tasks.iter().filter(|task| args.shard.has(task.index)).collect();
        return print(&task_list(&study, &tasks));
    };
    for notice in notices(&tasks) {
        complain(&notice);
    }
    let swept = run_sweep(&study, dir, args.shard, args.jobs)?;
    print(&result_line(&study.name, &swept.table, &swept.path))?;
    check_complete(&swept)
}

/// Fails if a task is missing in the table, its run failed, or a run folder or the study's file is
/// gone.
pub(super) fn check_complete(swept: &Swept) -> Result<(), CliError> {
    let n_lost = swept.lost.len() as u64;
    let lost = (n_lost > 0).then_some(CliError::Gone(n_lost));
    let failed = match (failed_runs(&swept.table), lost) {
        (Some(failed), Some(lost)) => {
            complain(&failed.to_string());
            Some(lost)
        }
        (failed, lost) => failed.or(lost),
    };
    match swept.n_tasks - swept.table.rows.len() {
        0 => failed.map_or(Ok(()), Err),
        n => {
            if let Some(error) = failed {
                complain(&error.to_string());
            }
            Err(CliError::LeftOut { n, n_tasks: swept.n_tasks })
        }
    }
}

/// The error that runs in this table failed; `None` if none did.
fn failed_runs(table: &Table) -> Option<CliError> {
    let n_failed = table.n_with_status(RowStatus::Ended(EndKind::FAILED));
    (n_failed > 0).then_some(CliError::RunsFailed(n_failed as u64))
}

/// Runs the remaining tasks with progress on stderr. Ctrl-C ends it; finished tasks are kept.
pub(super) fn run_sweep(
    study: &Study,
    dir: &Path,
    shard: Shard,
    n_jobs: Option<u32>,
) -> Result<Swept, CliError> {
    let n_jobs = n_jobs.map_or_else(threads::available, |n| n as usize);
    let tasks = study.tasks()?;
    let tasks: Vec<&Task> = tasks.iter().filter(|task| shard.has(task.index)).collect();
    let n_jobs = jobs_that_fit(&tasks, n_jobs, platform::memory());
    let signals = SignalGuard::install().map_err(CliError::Signal)?;
    let progress = SweepProgress::new();
    let watch = |report: SweepEvent<'_>| progress.take(report);
    let swept = study::sweep(study, dir, Options { shard, n_jobs }, signals.flag(), &watch);
    progress.end();
    let swept = swept?;
    swept.lost.iter().for_each(|sentence| complain(sentence));
    let n_done = swept.table.rows.len();
    if n_done < swept.n_tasks && signals.flag().load(Ordering::Relaxed) {
        let dir = dir.to_owned();
        return Err(CliError::SweepStopped { dir, n_done, n_tasks: swept.n_tasks });
    }
    Ok(swept)
}

/// How many of these runs fit into memory at the same time, at most `n_jobs`; says so if it is fewer.
fn jobs_that_fit(tasks: &[&Task], n_jobs: usize, memory: Option<Memory>) -> usize {
    let Some(Memory { bytes, bound }) = memory else { return n_jobs };
    let configs = tasks.iter().filter_map(|task| task.config.as_ref().ok());
    let SideBySide { n, largest } = cost::side_by_side(configs, n_jobs, bytes);
    if n < n_jobs {
        complain(&format!(
            "note: {} at the same time instead of {n_jobs}: one may take {}, and {bound} {}",
            text::plural(n as u64, "run"),
            text::bytes(largest),
            text::bytes(bytes)
        ));
    }
    n
}

/// Merges the tables of several folders, and reports missing tasks.
pub(super) fn merge(args: &MergeArgs) -> Result<(), CliError> {
    let merged = study::merge(&args.dirs, &args.out, threads::available())?;
    merged.left_out.iter().for_each(|sentence| complain(sentence));
    // The merge itself succeeded.
    if let Some(error) = failed_runs(&merged.table) {
        complain(&error.to_string());
    }
    print(&result_line(&merged.study.name, &merged.table, &merged.path))?;
    if merged.missing.is_empty() {
        return Ok(());
    }
    let (n, n_tasks) = (merged.missing.len(), merged.study.n_tasks());
    let which = text::ranges(merged.missing.iter().map(|task| *task as u64)).join(", ");
    Err(CliError::Missing { n, n_tasks, which })
}

/// How many notices are printed one by one.
const MAX_NOTICES: usize = 5;

/// The notices of all tasks' configurations, each with the number of tasks that have it.
pub(super) fn notices(tasks: &[Task]) -> Vec<String> {
    let mut counted: Vec<(String, usize)> = Vec::new();
    let configs = tasks.iter().filter_map(|task| task.config.as_ref().ok());
    for notice in configs.flat_map(RunConfig::notices) {
        match counted.iter_mut().find(|(known, _)| *known == notice) {
            Some((_, n)) => *n += 1,
            None => counted.push((notice, 1)),
        }
    }
    let n_more = counted.len().saturating_sub(MAX_NOTICES);
    let line = |(notice, n): &(String, usize)| {
        format!("note: {notice} ({n} of {})", text::plural(tasks.len() as u64, "task"))
    };
    let mut lines: Vec<String> = counted.iter().take(MAX_NOTICES).map(line).collect();
    if n_more > 0 {
        lines.push(format!("note: and {}", text::plural(n_more as u64, "more notice")));
    }
    lines
}

/// One line per task: its number and its point, and the reason if it is refused.
fn task_list(study: &Study, tasks: &[&Task]) -> String {
    let line = |task: &&Task| {
        let names = study.axes.iter().map(|axis| axis.name.as_str());
        let point: Vec<_> =
            names.zip(&task.point).map(|(name, point)| format!("{name} {point}")).collect();
        let refused = task.config.as_ref().err().map(|reason| format!("; refused: {reason}"));
        format!("{:>5}  {}{}\n", task.index, point.join(", "), refused.unwrap_or_default())
    };
    tasks.iter().map(line).collect()
}

/// The results of a sweep in one line, with the path of the table.
pub(super) fn result_line(name: &str, table: &Table, path: &Path) -> String {
    let counted =
        RowStatus::ALL.into_iter().map(|status| (table.n_with_status(status), status.word()));
    let mut counts: Vec<_> =
        counted.filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
    let n_trained = table.rows.iter().filter(|row| row.is_trained()).count();
    counts.push(format!("{n_trained} trained"));
    let tasks = text::plural(table.rows.len() as u64, "task");
    format!("{name}: {tasks} done, {}; {}\n", counts.join(", "), path.display())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use crate::cli::args::{Args, CliCommand};

    /// The calls of `eoscope` in a template, with its variables replaced.
    fn commands(template: &str) -> Vec<Vec<String>> {
        let text = template.replace("\\\n", " ");
        let value = |word: &str| {
            let word = word.trim_matches(['"', '\'', ',']);
            let word = word.replace("{}", "3").replace("$((JOB_COMPLETION_INDEX + 1))", "2");
            let with = |word: String, (name, value): (&str, &str)| {
                word.replace(&format!("${{{name}}}"), value).replace(&format!("${name}"), value)
            };
            [
                ("EOSCOPE", "eoscope"),
                ("STUDY", "study.toml"),
                ("OUT", "out"),
                ("SHARDS", "4"),
                ("SLURM_ARRAY_TASK_ID", "2"),
                ("SLURM_CPUS_PER_TASK", "2"),
                ("JOBS", "2"),
            ]
            .into_iter()
            .fold(word, with)
        };
        text.lines()
            .map(|line| line.replace("$((JOB_COMPLETION_INDEX + 1))", "2"))
            .filter(|line| !line.trim_start().starts_with('#'))
            .filter_map(|line| {
                let words: Vec<String> = line.split_whitespace().map(value).collect();
                let at = words.iter().position(|word| word == "eoscope")?;
                let is_word =
                    |word: &&String| !["||", "&&", ";", "|", "&"].contains(&word.as_str());
                let called: Vec<_> = words[at..].iter().take_while(is_word).cloned().collect();
                called
                    .get(1)
                    .is_some_and(|word| word == "sweep" || word == "merge")
                    .then_some(called)
            })
            .collect()
    }

    #[test]
    fn the_templates_for_clusters_call_the_command_line_that_there_is() {
        for (name, template) in [
            ("slurm.sh", include_str!("../../../assets/cluster/slurm.sh")),
            ("kubernetes.yaml", include_str!("../../../assets/cluster/kubernetes.yaml")),
            ("parallel.sh", include_str!("../../../assets/cluster/parallel.sh")),
        ] {
            let commands = commands(template);
            let mut shards = Vec::new();
            let mut n_merges = 0;
            for words in &commands {
                match Args::try_parse_from(words).unwrap_or_else(|e| panic!("{name}: {e}")).command
                {
                    Some(CliCommand::Sweep(sweep)) => shards.push(sweep.shard.to_string()),
                    Some(CliCommand::Merge(_)) => n_merges += 1,
                    _ => panic!("{name}: {words:?}"),
                }
            }
            let wanted = if name == "parallel.sh" { "3/4" } else { "2/4" };
            assert_eq!(shards, [wanted], "{name}: {commands:?}");
            assert_eq!(n_merges, 1, "{name}: {commands:?}");
        }
    }
}
