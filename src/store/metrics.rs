//! Reading `metrics.csv` back into records.
//! Does not write it: a row's form is the exporter's.

use std::collections::HashMap;
use std::path::Path;
use std::sync::LazyLock;

use csv::StringRecord;

use super::{StoreError, disk, with_points_and_commas};
use crate::history::{QUANTITIES, Quantity};
use crate::protocol::{BatchCurvature, Cost, Curvature, Eigenvalue, Record, Sample, Solved};

/// What is wrong with an empty table.
pub(crate) const NO_HEADER: &str = "the line with the names of the columns is missing";

/// Columns of one eigenvalue: value, residual, error, converged.
type Columns = [&'static str; 4];

const TOP: [Columns; 6] = [
    ["sharpness", "sharpness_residual", "sharpness_error", "sharpness_converged"],
    ["hessian_eig_2", "hessian_eig_2_residual", "hessian_eig_2_error", "hessian_eig_2_converged"],
    ["hessian_eig_3", "hessian_eig_3_residual", "hessian_eig_3_error", "hessian_eig_3_converged"],
    ["hessian_eig_4", "hessian_eig_4_residual", "hessian_eig_4_error", "hessian_eig_4_converged"],
    ["hessian_eig_5", "hessian_eig_5_residual", "hessian_eig_5_error", "hessian_eig_5_converged"],
    ["hessian_eig_6", "hessian_eig_6_residual", "hessian_eig_6_error", "hessian_eig_6_converged"],
];
const MIN: Columns = [
    "hessian_eig_min",
    "hessian_eig_min_residual",
    "hessian_eig_min_error",
    "hessian_eig_min_converged",
];
const PRECONDITIONED: Columns = [
    "preconditioned_sharpness",
    "preconditioned_sharpness_residual",
    "preconditioned_sharpness_error",
    "preconditioned_sharpness_converged",
];
const AUDIT: Columns = ["audit_sharpness", "audit_residual", "audit_error", "audit_converged"];

/// All records in this file, and the lines that hold none, which are left out; a last line that a
/// kill cut short is left out too.
pub(super) fn read(path: &Path) -> Result<(Vec<Record>, Vec<StoreError>), StoreError> {
    let text = disk::read_lines(path)?;
    let whole = with_points_and_commas(&text);
    let malformed =
        |line: u64, problem: String| StoreError::Malformed { path: path.to_owned(), line, problem };
    let lines: Vec<&str> = whole.lines().collect();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        // Of a table without quotes, a stray one would take in the lines that follow.
        .quoting(lines.first().is_some_and(|header| header.contains('"')))
        .from_reader(whole.as_bytes());
    // The reader passes over empty lines, and gives the first of them as a row's own.
    let own_line = |line: u64| {
        let before = usize::try_from(line).unwrap_or(usize::MAX).saturating_sub(1);
        line + lines.iter().skip(before).take_while(|line| line.is_empty()).count() as u64
    };
    let mut kept = Kept::default();
    kept.damage.extend(disk::blank_lines(path, &text));
    let mut header: Option<Header> = None;
    for (at, row) in reader.records().enumerate() {
        let row = row.map_err(|error| malformed(at as u64 + 1, error.to_string()))?;
        let line = own_line(row.position().map_or(at as u64 + 1, csv::Position::line));
        let Some(header) = &header else {
            header = Some(Header::read(&row).map_err(|problem| malformed(line, problem))?);
            continue;
        };
        if row.len() == 1 && row.as_slice().trim().is_empty() {
            continue;
        }
        match Row::read(header, &row).and_then(|row| row.record()) {
            Ok(record) => kept.take(record, line, malformed),
            Err(problem) => kept.damage.push(malformed(line, problem)),
        }
    }
    if header.is_none() {
        return Err(malformed(1, NO_HEADER.to_owned()));
    }
    Ok((kept.records, kept.damage))
}

/// Records whose steps grow, and what is wrong with the others.
#[derive(Default)]
struct Kept {
    records: Vec<Record>,
    damage: Vec<StoreError>,
    /// The line of the last record.
    last_line: u64,
}

impl Kept {
    fn take(&mut self, record: Record, line: u64, malformed: impl Fn(u64, String) -> StoreError) {
        let step = record.sample.step;
        let steps: Vec<u64> = self.records.iter().rev().take(2).map(|r| r.sample.step).collect();
        let Some(last) = steps.first().filter(|last| **last >= step) else {
            self.records.push(record);
            self.last_line = line;
            return;
        };
        if *last == step || steps.get(1).is_some_and(|before| *before >= step) {
            self.damage.push(malformed(line, format!("step {step} follows step {last}")));
            return;
        }
        // It goes on from the row before the last: then the step of the last is the wrong one.
        let problem = format!("step {last} stands before step {step}");
        self.damage.push(malformed(self.last_line, problem));
        self.records.pop();
        self.records.push(record);
        self.last_line = line;
    }
}

/// Where the quantities stand in a line; a file of an older version lacks some.
struct Header {
    n_columns: usize,
    /// The column of every quantity, in the order of the table.
    places: Vec<Option<usize>>,
}

impl Header {
    fn read(header: &StringRecord) -> Result<Self, String> {
        if header.get(0) != Some("step") {
            let found = header.get(0).unwrap_or("nothing");
            return Err(format!("column 1 should be named `step`, but is `{found}`"));
        }
        let names: Vec<&str> = header.iter().collect();
        let is_known = |name: &&str| QUANTITIES.iter().any(|quantity| quantity.name == *name);
        for (at, name) in names.iter().enumerate().skip(1) {
            if !is_known(name) {
                return Err(format!(
                    "column {} is named `{name}`, which this version does not know; draw it with \
                     the one that wrote it",
                    at + 1
                ));
            }
            if names[..at].contains(name) {
                return Err(format!("column {} is named `{name}` as another one is", at + 1));
            }
        }
        let place = |name: &str| names.iter().position(|known| *known == name);
        let places = QUANTITIES.iter().map(|quantity| place(quantity.name)).collect();
        Ok(Self { n_columns: names.len(), places })
    }
}

/// The values of one line; every one is a number or blank, those that follow from others too.
struct Row {
    step: u64,
    values: Vec<Option<f64>>,
}

impl Row {
    fn read(header: &Header, row: &StringRecord) -> Result<Self, String> {
        let n_columns = header.n_columns;
        if row.len() != n_columns {
            return Err(format!("there are {} values instead of {n_columns}", row.len()));
        }
        let step = row.get(0).unwrap_or_default();
        let step = step.parse().map_err(|_| format!("`step` is `{step}`, not a whole number"))?;
        let value = |(place, quantity): (&Option<usize>, &Quantity)| match place
            .and_then(|at| row.get(at))
            .unwrap_or_default()
        {
            "" => Ok(None),
            text => text
                .parse()
                .map(Some)
                .map_err(|_| format!("`{}` is `{text}`, not a number", quantity.name)),
        };
        let values = header.places.iter().zip(QUANTITIES).map(value);
        Ok(Self { step, values: values.collect::<Result<_, String>>()? })
    }

    fn record(&self) -> Result<Record, String> {
        let sample = Sample {
            step: self.step,
            epoch: self.number("epoch")?,
            loss: self.number("loss")?,
            accuracy: self.measured("accuracy"),
            test_loss: self.measured("test_loss"),
            test_accuracy: self.measured("test_accuracy"),
            learning_rate: self.number("learning_rate")?,
            effective_learning_rate: self.number("effective_learning_rate")?,
            grad_norm: self.number("grad_norm")?,
            clip_level: self.measured("clip_level"),
            clip_scale: self.number("clip_scale")?,
            clipped_fraction: self.measured("clipped_fraction"),
            update_norm: self.number("update_norm")?,
            param_norm: self.number("param_norm")?,
            stability_threshold: self.measured("stability_threshold"),
            effective_threshold: self.measured("effective_threshold").filter(|_| self.has_limit()),
            torque: self.measured("torque"),
            largest_stable_rate: self.measured("largest_stable_rate"),
            probe_loss: self.measured("probe_loss"),
            curvature: self.curvature()?,
        };
        let ms = |name| self.measured(name).unwrap_or_default();
        let cost = Cost {
            step_ms: ms("step_ms"),
            probe_ms: ms("sharpness_ms"),
            min_ms: ms("hessian_eig_min_ms"),
            audit_ms: ms("audit_ms"),
            batches_ms: ms("batch_sharpness_ms"),
        };
        Ok(Record { sample, cost })
    }

    /// Whether a limit is known for the clipping of this step; older files have a number in any case.
    fn has_limit(&self) -> bool {
        let is_clipped = self.measured("clip_scale").is_some_and(|scale| scale < 1.0);
        !is_clipped || self.measured("clip_level").is_some()
    }

    fn curvature(&self) -> Result<Option<Curvature>, String> {
        let [n_top, min, audit] = ["sharpness_hvps", "hessian_eig_min_hvps", "audit_hvps"]
            .map(|hvps| self.measured(hvps));
        let batches = self.batches()?;
        if n_top.or(min).or(audit).is_none() && batches.is_none() {
            return Ok(None);
        }
        let mut top = Vec::new();
        for (identity, columns) in (0..).zip(TOP) {
            top.extend(self.eigenvalue(columns, identity)?);
        }
        if let Some(first) = top.first_mut() {
            first.identity = self.count("sharpness_identity")?;
        }
        Ok(Some(Curvature {
            top,
            hvps: if n_top.is_some() { self.count("sharpness_hvps")? } else { 0 },
            preconditioned: self.solved(PRECONDITIONED, "preconditioned_sharpness_hvps")?,
            min: self.solved(MIN, "hessian_eig_min_hvps")?,
            audit: self.solved(AUDIT, "audit_hvps")?,
            // Of a file of its own.
            doubts: Vec::new(),
            is_doubted: self.measured("sharpness_doubted").is_some_and(|flag| flag != 0.0),
            gradient_curvature: self.measured("gradient_curvature"),
            gradient_alignment: self.measured("gradient_alignment"),
            layer_shares: (1..)
                .map_while(|layer| self.measured(&format!("layer_share_{layer}")))
                .collect(),
            batches,
        }))
    }

    fn batches(&self) -> Result<Option<BatchCurvature>, String> {
        let Some(sharpness) = self.measured("batch_sharpness") else { return Ok(None) };
        Ok(Some(BatchCurvature {
            sharpness,
            sharpness_error: self.number("batch_sharpness_error")?,
            gradient_covariance_trace: self.number("gradient_covariance_trace")?,
            n_batches: self.count("batch_sharpness_batches")?,
        }))
    }

    fn eigenvalue(
        &self,
        [value, residual, error, converged]: Columns,
        identity: u32,
    ) -> Result<Option<Eigenvalue>, String> {
        let Some(value) = self.measured(value) else { return Ok(None) };
        let residual = self.number(residual)?;
        // Older versions did not estimate it.
        let error = self.measured(error);
        let is_converged = self.number(converged)? != 0.0;
        Ok(Some(Eigenvalue { value, residual, error, is_converged, identity }))
    }

    fn solved(&self, columns: Columns, hvps: &str) -> Result<Option<Solved>, String> {
        let Some(eigenvalue) = self.eigenvalue(columns, 0)? else { return Ok(None) };
        Ok(Some(Solved { eigenvalue, hvps: self.count(hvps)? }))
    }

    /// A value that may be blank.
    fn measured(&self, name: &str) -> Option<f64> {
        static PLACES: LazyLock<HashMap<&str, usize>> = LazyLock::new(|| {
            QUANTITIES.iter().enumerate().map(|(at, quantity)| (quantity.name, at)).collect()
        });
        *self.values.get(*PLACES.get(name)?)?
    }

    fn number(&self, name: &str) -> Result<f64, String> {
        self.measured(name).ok_or_else(|| format!("`{name}` is blank"))
    }

    fn count(&self, name: &str) -> Result<u32, String> {
        let value = self.number(name)?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked next")]
        let count = value as u32;
        if f64::from(count) == value {
            Ok(count)
        } else {
            Err(format!("`{name}` is `{value}`, not a whole number"))
        }
    }
}
