//! `summary.json`: status of a run, last values, and what it was computed with.

mod finals;
mod status_word;

pub use finals::{FinalValue, Finals};

use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::config::{Dtype, RunConfig};
use crate::platform::files::OpenOptions;
use crate::protocol::{EndKind, LayerFacts, RunEnd, RunFacts};
use crate::quantity;
use crate::store::{StoreError, file_kinds};

/// Disk space that a small file occupies, in bytes.
const BLOCK: usize = 4096;

/// The contents of `summary.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// How the run ended; `None` while it trains, or if its program was killed.
    #[serde(rename = "status", with = "status_word")]
    pub end: Option<EndKind>,
    /// Why the run failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Whether rows, changes or weights could not be written; a sweep then runs it again.
    #[serde(default, skip_serializing_if = "is_no")]
    pub is_incomplete: bool,
    /// Name of the configuration.
    pub name: String,
    /// Updates made.
    pub n_steps: u64,
    /// Last value of every quantity that was measured.
    #[serde(flatten)]
    pub last: Finals,
    // The facts of `RunFacts` one by one: errors in a flattened struct have no line and no column.
    /// The network, layer by layer.
    #[serde(default)]
    pub layers: Vec<LayerFacts>,
    /// Multiply-adds of one example in a forward pass.
    #[serde(default)]
    pub work: usize,
    /// Number of trainable parameters.
    pub n_params: usize,
    /// Training examples in use.
    pub n_train: usize,
    /// Test examples.
    pub n_test: usize,
    /// Examples the curvature is measured on.
    pub n_probe: usize,
    /// Number of compute threads.
    pub n_threads: usize,
    /// The stability limit as a formula.
    pub limit: String,
    /// How batches were drawn, as a phrase.
    pub sampling: String,
    /// Hash of the data, hexadecimal.
    pub data_hash: String,
    /// Sentences about settings that had no effect.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<String>,
    /// Which file another program had replaced, and where that one is kept, as one sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repair_notice: Option<String>,
    /// Floating point type.
    pub dtype: Dtype,
    /// Version of eoscope that ran it.
    pub eoscope_version: String,
    /// Operating system and processor.
    pub platform: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde prescribes the signature")]
fn is_no(is: &bool) -> bool {
    !is
}

impl Summary {
    /// The summary of a run that has just started.
    pub(in crate::store) fn new(config: &RunConfig, facts: &RunFacts) -> Self {
        Self {
            end: None,
            message: None,
            is_incomplete: false,
            name: config.name.clone(),
            n_steps: 0,
            last: Finals::default(),
            layers: facts.layers.clone(),
            work: facts.work,
            n_params: facts.n_params,
            n_train: facts.n_train,
            n_test: facts.n_test,
            n_probe: facts.n_probe,
            n_threads: facts.n_threads,
            limit: facts.limit.clone(),
            sampling: facts.sampling.clone(),
            data_hash: facts.data_hash.clone(),
            notices: config.notices(),
            repair_notice: None,
            dtype: config.dtype,
            eoscope_version: env!("CARGO_PKG_VERSION").to_owned(),
            platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        }
    }

    /// The facts that do not change during a run.
    pub(in crate::store) fn facts(&self) -> RunFacts {
        RunFacts {
            layers: self.layers.clone(),
            work: self.work,
            n_params: self.n_params,
            n_train: self.n_train,
            n_test: self.n_test,
            n_probe: self.n_probe,
            n_threads: self.n_threads,
            limit: self.limit.clone(),
            sampling: self.sampling.clone(),
            data_hash: self.data_hash.clone(),
        }
    }

    /// How the run ended, with its last loss or its reason.
    #[must_use]
    pub fn run_end(&self) -> Option<RunEnd> {
        Some(match self.end? {
            EndKind::Finished => RunEnd::Finished,
            EndKind::Stopped => RunEnd::Stopped,
            EndKind::Diverged { .. } => {
                let loss = self.last.get(quantity::LOSS).map_or(f64::NAN, |last| last.value);
                RunEnd::Diverged { loss }
            }
            EndKind::Failed { .. } => {
                RunEnd::Failed { message: self.message.clone().unwrap_or_default() }
            }
        })
    }

    /// Status as a word: that of the end, or `running`.
    #[must_use]
    pub fn status(&self) -> &'static str {
        status_word::word(self.end)
    }

    pub(in crate::store) fn write(&self, path: &Path) -> Result<(), StoreError> {
        let mut text = serde_json::to_string_pretty(self)
            .map_err(|error| StoreError::Write { path: path.to_owned(), source: error.into() })?;
        text.push('\n');
        file_kinds::write_atomically(path, text.as_bytes())
    }

    /// Writes that the run failed because its folder could not be written, as far as the disk
    /// allows.
    pub(in crate::store) fn fail(&mut self, path: &Path, error: &StoreError) {
        self.end = Some(EndKind::FAILED);
        self.message = Some(error.to_string());
        self.is_incomplete = true;
        if self.write(path).is_err() {
            self.write_over(path);
        }
    }

    /// Overwrites the file in place, within the disk block it already occupies, so that it succeeds
    /// on a full disk.
    fn write_over(&mut self, path: &Path) {
        let has_room = |summary: &Self| {
            let text = serde_json::to_string(summary).unwrap_or_default();
            (text.len() < BLOCK).then_some(text)
        };
        let text = has_room(self).or_else(|| {
            (self.last, self.layers) = (Finals::default(), Vec::new());
            has_room(self)
        });
        let write = |text: String| {
            let mut file = OpenOptions::new().write(true).open(path)?;
            file.write_all(text.as_bytes())?;
            file.set_len(text.len() as u64)
        };
        // The error that led here is reported by the caller; this write may fail.
        drop(text.map(write));
    }

    /// The summary in this file; `None` if there is no file.
    pub(in crate::store) fn read(path: &Path) -> Result<Option<Self>, StoreError> {
        let Some(text) = file_kinds::read_nonblank(path)? else { return Ok(None) };
        serde_json::from_str(&text).map(Some).map_err(|error| StoreError::Malformed {
            path: path.to_owned(),
            line: error.line() as u64,
            problem: format!(
                "this is not a summary of a run: {}",
                file_kinds::plain_problem(&error)
            ),
        })
    }
}
