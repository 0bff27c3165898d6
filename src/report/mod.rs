//! Reports of a study: its results table as figures, summary tables, a claim in words, and one HTML
//! page. Nothing here runs a study or touches a file: the caller passes in the table and, for
//! figures over steps, the runs.
//!
//! The study's file describes the report, and editing that description needs no new run:
//!
//! ```toml
//! [[figure]]
//! name = "phases"                    # the file's name
//! kind = "phase"                     # cells over two axes, with the boundary of trained runs
//! x = "live.peak_lr"
//! y = "live.warmup.steps"
//! shows = "outcome"                  # or a column
//! beside = "pair"                    # one chart for each point of this axis
//!
//! [[figure]]
//! name = "sharpness"
//! kind = "scatter"                   # one point for each run, coloured by outcome
//! x = "peak_lr"
//! ys = ["first_sharpness", "half_sharpness"]
//! limit = true                       # draws 2/η
//!
//! [[figure]]
//! name = "losses"
//! kind = "curves"                    # medians over seeds, with their range
//! x = "live.peak_lr"
//! y = "final_loss"
//! by = "method"
//! scale = "log"
//!
//! [[figure]]
//! name = "course"
//! kind = "course"                    # a quantity of the runs over steps
//! y = "sharpness_ratio"
//! by = "method"
//! at = { "live.peak_lr" = "0.4" }
//! level = 1
//!
//! [[table]]
//! name = "methods"
//! rows = ["method"]
//! over = "live.peak_lr"              # largest trainable rate, best loss, sensitivity
//! columns = ["first_sharpness"]      # medians over seeds
//!
//! [claim]
//! by = "method"
//! plain = "plain"
//! method = "warmup"
//! rivals = ["batch norm", "Fixup"]
//! over = "live.peak_lr"
//! ```

mod charts;
mod claim;
mod courses;
mod html;
#[cfg(test)]
mod made_up_tables;
mod rate_summary;
mod row_values;
mod spec;
mod spec_reader;
mod summary_table;

pub use spec::{ClaimSpec, FigureKind, FigureSpec, Spec, TableSpec, YAxis};

use spec::{FIGURE_FORMATS, TABLE_ENDINGS};

use crate::export::study_provenance;
use crate::figure::chart::{Sheet, Table as SummaryTable, TableError};
use crate::history::Run;
use crate::paint::{Format, PaintError, PictureOptions, missing_glyphs};
use crate::study::{Row, Study, Table};
use crate::text::plural;

/// Width of a figure with one chart in pixels.
const WIDTH: u32 = 1500;

/// Extra width for each further chart in pixels.
const WIDER: u32 = 500;

/// The largest width of a figure in pixels.
const WIDEST: u32 = 3000;

/// Height of a figure in pixels.
const HEIGHT: u32 = 950;

/// Resolution of figures in pixels per inch.
const DPI: f32 = 150.0;

/// The report of a study.
#[derive(Clone, Debug)]
pub struct Report {
    /// Figures by name.
    pub figures: Vec<(String, Sheet)>,
    /// Summary tables with their specifications.
    pub tables: Vec<(TableSpec, SummaryTable)>,
    /// The verdict on the claim, one paragraph for each point of [`ClaimSpec::each`].
    pub claim: Vec<String>,
}

impl Report {
    /// Builds the report that `spec` describes; `find` loads the run of a row, if it still exists.
    ///
    /// # Errors
    /// A summary table whose rows do not match its headers.
    pub fn of(
        study: &Study,
        table: &Table,
        spec: &Spec,
        find: &dyn Fn(&Row) -> Option<Run>,
    ) -> Result<Self, TableError> {
        let runs = caption(study, table);
        let figure = |figure: &FigureSpec| {
            let caption = match figure.kind {
                FigureKind::Phase { .. } | FigureKind::Scatter { .. } => runs.clone(),
                FigureKind::Curves { .. } => format!(
                    "{runs}. Medians over seeds, with bands from the least to the largest; none \
                     where a seed diverged"
                ),
                FigureKind::Course { .. } => format!(
                    "{runs}. Medians over seeds, with bands from the least to the largest; a line \
                     ends where the first of its seeds diverges"
                ),
            };
            let sheet = match &figure.kind {
                FigureKind::Course { quantity, by, y_axis } => {
                    courses::sheet(table, figure, *quantity, by, *y_axis, find, &caption)
                }
                FigureKind::Phase { .. }
                | FigureKind::Scatter { .. }
                | FigureKind::Curves { .. } => charts::sheet(table, figure, &caption),
            };
            (figure.name.clone(), sheet)
        };
        let lines = |spec: &TableSpec| Ok((spec.clone(), summary_table::lines(table, spec)?));
        Ok(Self {
            figures: spec.figures.iter().map(figure).collect(),
            tables: spec.tables.iter().map(lines).collect::<Result<_, TableError>>()?,
            claim: spec.claim.iter().flat_map(|claim| claim::sentences(table, claim)).collect(),
        })
    }

    /// The figure files: name with extension, and bytes.
    ///
    /// # Errors
    /// A figure that cannot be drawn.
    pub fn pictures(&self, study: &Study) -> Result<Vec<(String, Vec<u8>)>, PaintError> {
        let mut files = Vec::new();
        for (name, sheet) in &self.figures {
            for format in FIGURE_FORMATS {
                let bytes = format.render(sheet, &options(study, sheet))?;
                files.push((format!("{name}.{}", format.ending()), bytes));
            }
        }
        Ok(files)
    }

    /// Distinct characters of the figures that the fonts lack, which PNG files show as boxes.
    ///
    /// # Errors
    /// A figure that cannot be drawn.
    pub fn missing_letters(&self, study: &Study) -> Result<String, PaintError> {
        let mut missing = String::new();
        for (_, sheet) in &self.figures {
            let letters = missing_glyphs(sheet, &options(study, sheet))?;
            let new: String = letters.chars().filter(|c| !missing.contains(*c)).collect();
            missing.push_str(&new);
        }
        Ok(missing)
    }

    /// The table files: name with extension, and text.
    ///
    /// # Errors
    /// A table that cannot be written.
    pub fn texts(&self) -> Result<Vec<(String, String)>, TableError> {
        let mut files = Vec::new();
        for (spec, lines) in &self.tables {
            let texts = [lines.csv()?, lines.markdown(), lines.latex()];
            let named = TABLE_ENDINGS.iter().zip(texts);
            files.extend(named.map(|(ending, text)| (format!("{}.{ending}", spec.name), text)));
        }
        Ok(files)
    }

    /// A self-contained HTML page with the whole report.
    ///
    /// # Errors
    /// A figure that cannot be drawn.
    pub fn page(&self, study: &Study, table: &Table) -> Result<String, PaintError> {
        let drawn = self.figures.iter().map(|(_, sheet)| {
            let bytes = Format::Svg.render(sheet, &options(study, sheet))?;
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        });
        let drawn = drawn.collect::<Result<Vec<_>, PaintError>>()?;
        Ok(html::page(self, study, table, &drawn))
    }
}

/// Size of a figure, and the study as its metadata.
fn options(study: &Study, sheet: &Sheet) -> PictureOptions {
    let n_more = u32::try_from(sheet.charts.len().saturating_sub(1)).unwrap_or(u32::MAX);
    PictureOptions {
        width_px: WIDTH.saturating_add(WIDER.saturating_mul(n_more)).min(WIDEST),
        height_px: HEIGHT,
        dpi: DPI,
        configuration: Some(study_provenance(&study.name, study.to_toml())),
        ..PictureOptions::default()
    }
}

/// The caption of every figure: which runs it shows.
fn caption(study: &Study, table: &Table) -> String {
    let n_seeds = table.axes.len().checked_sub(1).map_or(0, |axis| table.points(axis).len());
    format!(
        "{}: {}, {}; the setup is in the file's metadata",
        study.name,
        plural(table.rows.len() as u64, "run"),
        plural(n_seeds as u64, "seed"),
    )
}
