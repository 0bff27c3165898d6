//! `eoscope study`: runs a study to its end, and writes its figures, tables and page.

use std::path::{Path, PathBuf};

use super::picture_file::warn_of_missing_letters;
use super::sweep_command;
use crate::cli::args::study_args::StudyArgs;
use crate::cli::error::CliError;
use crate::cli::inputs::study_source::StudySource;
use crate::cli::terminal::print;
use crate::paint::{Format, PaintError};
use crate::platform::console::complain;
use crate::report::{Report, Spec};
use crate::store::{self, StudyFolder};
use crate::study::{Row, Shard, Study, Table};

/// File name of the page.
const PAGE: &str = "report.html";

/// Runs the remaining tasks of a study, writes its report, and prints the results and the path of
/// the page.
pub(super) fn run(args: &StudyArgs) -> Result<(), CliError> {
    let source = StudySource::find(&args.study)?;
    let study = source.study()?;
    let spec = Spec::read(&source.text, &study).map_err(|error| source.error(error))?;
    let default = || Path::new("studies").join(crate::text::file_name(&study.name));
    let dir = args.out.clone().unwrap_or_else(default);
    for notice in sweep_command::notices(&study.tasks()?) {
        complain(&notice);
    }
    let swept = sweep_command::run_sweep(&study, &dir, Shard::WHOLE, args.jobs)?;
    let (folder, _) = StudyFolder::read(&dir)?;
    let tasks = study.tasks()?;
    let find = |row: &Row| {
        let loaded = store::load(&folder.run_dir(&tasks.get(row.task)?.dir));
        let warn = |error| complain(&format!("{error}; no figure shows the course of this run"));
        loaded.map_err(warn).ok()
    };
    let report = Report::of(&study, &swept.table, &spec, &find)?;
    let page = write(&report, &study, &swept.table, &folder)?;
    for (_, lines) in &report.tables {
        print(&format!("{}\n", lines.markdown()))?;
    }
    for sentence in &report.claim {
        print(&format!("{sentence}\n\n"))?;
    }
    print(&sweep_command::result_line(&study.name, &swept.table, &page))?;
    sweep_command::check_complete(&swept)
}

/// Writes figures, tables and the page; returns the page's path.
fn write(
    report: &Report,
    study: &Study,
    table: &Table,
    folder: &StudyFolder,
) -> Result<PathBuf, CliError> {
    let problem = |source: PaintError| CliError::Draw { path: PathBuf::from(&study.name), source };
    warn_of_missing_letters(&report.missing_letters(study).map_err(problem)?, Format::Png);
    for (name, bytes) in report.pictures(study).map_err(problem)? {
        folder.write(&name, &bytes)?;
    }
    for (name, text) in report.texts()? {
        folder.write(&name, text.as_bytes())?;
    }
    let page = report.page(study, table).map_err(problem)?;
    Ok(folder.write(PAGE, page.as_bytes())?)
}
