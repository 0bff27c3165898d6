//! Lines of `events.jsonl` about eigenvalues that an audit contradicted. The doubtful rows of
//! `metrics.csv` are not changed.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::json_line;
use crate::protocol::{Doubt, Record};
use crate::quantity::Quantity;
use crate::store::{StoreError, file_kinds};

/// An eigenvalue that an audit contradicted.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    step: u64,
    doubted: String,
    /// Last step at which the tracked value agreed with an audit; the steps between it and `step`
    /// are in doubt.
    agreed: u64,
    followed: f64,
    audited: f64,
}

/// A line for each eigenvalue that an audit in these records contradicted.
pub(in crate::store) fn lines(records: &[Record]) -> Result<Vec<u8>, StoreError> {
    let mut text = Vec::new();
    let curvatures = records.iter().filter_map(|record| record.sample.curvature.as_ref());
    for doubt in curvatures.flat_map(|curvature| &curvature.doubts) {
        let Doubt { of, agreed, step, followed, audited } = *doubt;
        let doubted = Quantity::from(of).name().to_owned();
        let line = Line { step, doubted, agreed, followed, audited };
        text.extend(json_line(&line)?);
    }
    Ok(text)
}

/// Whether a line is about a contradicted eigenvalue.
pub(super) fn is_doubt(line: &str) -> bool {
    serde_json::from_str::<Line>(line).is_ok()
}

/// Adds the doubts in this file to the records of their steps.
pub(in crate::store) fn read(path: &Path, records: &mut [Record]) -> Result<(), StoreError> {
    let text = file_kinds::read_lines(path)?.text;
    for line in text.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok()) {
        let Line { step, doubted, agreed, followed, audited } = line;
        let at = records.binary_search_by_key(&step, |record| record.sample.step);
        if let Ok(at) = at
            && let Some(curvature) = &mut records[at].sample.curvature
            && let Some(of) = Quantity::named(&doubted).and_then(Quantity::followed)
        {
            curvature.doubts.push(Doubt { of, agreed, step, followed, audited });
        }
    }
    Ok(())
}
