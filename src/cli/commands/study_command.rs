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
use crate::study::{self, Row, Shard, Study, Table};

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
    let files = spec.file_names().into_iter().chain([PAGE.to_owned()]);
    study::check_own(&study, &dir, files)?;
    let swept = sweep_command::run_sweep(&study, &dir, Shard::WHOLE, args.jobs)?;
    let (folder, _) = StudyFolder::read(&dir)?;
    let tasks = study.tasks()?;
    let find = |row: &Row| {
        let loaded = store::load(&folder.run_dir(&tasks.get(row.task)?.dir));
        let warn = |error| complain(&format!("{error}; no figure shows the course of this run"));
        loaded.map_err(warn).ok()
    };
    let report = Report::of(&study, &swept.table, &spec, &find)?;
    let mut output = Output { folder: &folder, n_failed: 0 };
    let page = output.write(&report, &study, &swept.table)?;
    let n_failed = output.n_failed;
    for (_, lines) in &report.tables {
        print(&format!("{}\n", lines.markdown()))?;
    }
    for sentence in &report.claim {
        print(&format!("{sentence}\n\n"))?;
    }
    print(&sweep_command::result_line(&study.name, &swept.table, &page))?;
    match (sweep_command::check_complete(&swept), n_failed) {
        (complete, 0) => complete,
        (complete, n) => {
            if let Err(error) = complete {
                complain(&error.to_string());
            }
            Err(CliError::Unwritten(n))
        }
    }
}

/// The files of a report. One that cannot be written is named, and the others are written.
struct Output<'a> {
    folder: &'a StudyFolder,
    n_failed: u64,
}

impl Output<'_> {
    /// Writes figures, tables and the page; returns the page's path.
    fn write(
        &mut self,
        report: &Report,
        study: &Study,
        table: &Table,
    ) -> Result<PathBuf, CliError> {
        let problem =
            |source: PaintError| CliError::Draw { path: PathBuf::from(&study.name), source };
        warn_of_missing_letters(&report.missing_letters(study).map_err(problem)?, Format::Png);
        for (name, bytes) in report.pictures(study).map_err(problem)? {
            self.file(&name, &bytes);
        }
        for (name, text) in report.texts()? {
            self.file(&name, text.as_bytes());
        }
        let page = report.page(study, table).map_err(problem)?;
        self.file(PAGE, page.as_bytes());
        Ok(self.folder.path(PAGE))
    }

    fn file(&mut self, name: &str, bytes: &[u8]) {
        if let Err(error) = self.folder.write(name, bytes) {
            complain(&error.to_string());
            self.n_failed += 1;
        }
    }
}
