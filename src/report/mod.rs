//! A study's table as figures, small tables, a claim in words, and one page with all of them.
//! Does not run anything and touches no file; it is handed the table and, where a figure needs
//! them, the runs.
//!
//! What is shown stands in the study's file, and may change without a run being made again:
//!
//! ```toml
//! [[figure]]
//! name = "phases"                    # the file's name
//! kind = "phase"                     # cells over two axes, with the edge of what trains
//! x = "live.peak_lr"
//! y = "live.warmup.steps"
//! shows = "outcome"                  # or a column
//! beside = "pair"                    # a chart for each point of this axis
//!
//! [[figure]]
//! name = "sharpness"
//! kind = "scatter"                   # a point a run, coloured by what became of it
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
mod rates;
mod read;
mod rows;
mod spec;
mod summary;
#[cfg(test)]
mod testing;

pub use spec::{ClaimSpec, FigureKind, FigureSpec, Look, Spec, TableSpec};

use crate::figure::chart::{Sheet, Table as Lines, TableError};
use crate::history::Run;
use crate::paint::{Format, PaintError, PictureOptions, missing_letters};
use crate::study::{Row, Study, Table};
use crate::text::plural;

/// Width of a figure with one chart, in pixels.
const WIDTH: u32 = 1500;

/// Width of each further chart.
const WIDER: u32 = 500;

/// Width of a figure at most.
const WIDEST: u32 = 3000;

/// Height of a figure.
const HEIGHT: u32 = 950;

/// Pixels an inch of figures.
const DPI: f32 = 150.0;

/// Everything that is shown of a study.
#[derive(Clone, Debug)]
pub struct Report {
    /// Figures with their names.
    pub figures: Vec<(String, Sheet)>,
    /// Tables with their specifications.
    pub tables: Vec<(TableSpec, Lines)>,
    /// What the claim comes to: a paragraph for each point at which it was asked.
    pub claim: Vec<String>,
}

impl Report {
    /// Shows a table as the study's file asks for; `find` gives the run of a row, if it is there.
    ///
    /// # Errors
    /// A table that does not fit its own headers.
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
                FigureKind::Course { quantity, by, look } => {
                    courses::sheet(table, figure, *quantity, by, *look, find, &caption)
                }
                FigureKind::Phase { .. }
                | FigureKind::Scatter { .. }
                | FigureKind::Curves { .. } => charts::sheet(table, figure, &caption),
            };
            (figure.name.clone(), sheet)
        };
        let lines = |spec: &TableSpec| Ok((spec.clone(), summary::lines(table, spec)?));
        Ok(Self {
            figures: spec.figures.iter().map(figure).collect(),
            tables: spec.tables.iter().map(lines).collect::<Result<_, TableError>>()?,
            claim: spec.claim.iter().flat_map(|claim| claim::sentences(table, claim)).collect(),
        })
    }

    /// The files of the figures: name with ending, and bytes.
    ///
    /// # Errors
    /// A figure that cannot be drawn.
    pub fn pictures(&self, study: &Study) -> Result<Vec<(String, Vec<u8>)>, PaintError> {
        let mut files = Vec::new();
        for (name, sheet) in &self.figures {
            for format in [Format::Svg, Format::Png] {
                let bytes = format.render(sheet, &options(study, sheet))?;
                files.push((format!("{name}.{}", format.ending()), bytes));
            }
        }
        Ok(files)
    }

    /// Letters of the figures that would be boxes in their PNG files, each once.
    ///
    /// # Errors
    /// A figure that cannot be drawn.
    pub fn missing_letters(&self, study: &Study) -> Result<String, PaintError> {
        let mut missing = String::new();
        for (_, sheet) in &self.figures {
            let letters = missing_letters(sheet, &options(study, sheet))?;
            let new: String = letters.chars().filter(|c| !missing.contains(*c)).collect();
            missing.push_str(&new);
        }
        Ok(missing)
    }

    /// The files of the tables: name with ending, and text.
    ///
    /// # Errors
    /// A table that cannot be written.
    pub fn texts(&self) -> Result<Vec<(String, String)>, TableError> {
        let mut files = Vec::new();
        for (spec, lines) in &self.tables {
            files.push((format!("{}.csv", spec.name), lines.csv()?));
            files.push((format!("{}.md", spec.name), lines.markdown()));
            files.push((format!("{}.tex", spec.name), lines.latex()));
        }
        Ok(files)
    }

    /// One page with everything, which needs no other file.
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

/// A figure's size, and the study in its metadata.
fn options(study: &Study, sheet: &Sheet) -> PictureOptions {
    let n_more = u32::try_from(sheet.charts.len().saturating_sub(1)).unwrap_or(u32::MAX);
    PictureOptions {
        width_px: WIDTH.saturating_add(WIDER.saturating_mul(n_more)).min(WIDEST),
        height_px: HEIGHT,
        dpi: DPI,
        configuration: Some(study.to_toml().to_owned()),
        ..PictureOptions::default()
    }
}

/// The small print of every figure: what was run.
fn caption(study: &Study, table: &Table) -> String {
    let n_seeds = table.axes.len().checked_sub(1).map_or(0, |axis| table.points(axis).len());
    format!(
        "{}: {}, {}; the setup is in the file's metadata",
        study.name,
        plural(table.rows.len() as u64, "run"),
        plural(n_seeds as u64, "seed"),
    )
}
