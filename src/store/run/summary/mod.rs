//! `summary.json`: how a run stands, its last values, and what it was computed with.
//! Does not hold series or settings; those have files of their own.

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
use crate::store::{StoreError, files};

/// Bytes that a small file takes on a disk.
const BLOCK: usize = 4096;

/// The contents of `summary.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// How the run ended; `None` while it goes on, and when its program was killed.
    #[serde(rename = "status", with = "status_word")]
    pub end: Option<EndKind>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Whether rows, changes or weights could not be kept in the folder, so that a sweep begins the
    /// run again.
    #[serde(default, skip_serializing_if = "is_no")]
    pub is_incomplete: bool,
    /// The name of its configuration.
    pub name: String,
    /// Updates made.
    pub n_steps: u64,
    /// The last value of every quantity that was measured.
    #[serde(flatten)]
    pub last: Finals,
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
    /// Threads that computed.
    pub n_threads: usize,
    /// The stability limit in words.
    pub limit: String,
    /// How batches were drawn, in words.
    pub sampling: String,
    /// Hash of the data in use, hexadecimal.
    pub data_hash: String,
    /// What of the configuration can never act, each as one sentence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<String>,
    /// Floating point type.
    pub dtype: Dtype,
    /// Version of eoscope that computed it.
    pub eoscope_version: String,
    /// Operating system and processor.
    pub platform: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it so")]
fn is_no(is: &bool) -> bool {
    !is
}

impl Summary {
    /// The summary of a run that begins.
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
            dtype: config.dtype,
            eoscope_version: env!("CARGO_PKG_VERSION").to_owned(),
            platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        }
    }

    /// What is fixed for the run's life.
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

    /// How the run stands, in a word.
    #[must_use]
    pub fn status(&self) -> &'static str {
        status_word::word(self.end)
    }

    pub(in crate::store) fn write(&self, path: &Path) -> Result<(), StoreError> {
        let mut text = serde_json::to_string_pretty(self)
            .map_err(|error| StoreError::Write { path: path.to_owned(), source: error.into() })?;
        text.push('\n');
        files::write_whole(path, text.as_bytes())
    }

    /// Says in this file that the run failed since its folder could not be written, as well as the
    /// disk lets it.
    pub(in crate::store) fn fail(&mut self, path: &Path, error: &StoreError) {
        self.end = Some(EndKind::FAILED);
        self.message = Some(error.to_string());
        self.is_incomplete = true;
        if self.write(path).is_err() {
            self.write_over(path);
        }
    }

    /// Writes over the file where it stands, which takes no room that a full disk has not: in the
    /// block that it fills already.
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
        // Whoever drives the run tells the error that led here, which says enough.
        drop(text.map(write));
    }

    /// The summary in this file; `None` when there is no such file.
    pub(in crate::store) fn read(path: &Path) -> Result<Option<Self>, StoreError> {
        let Some(text) = files::read_nonblank(path)? else { return Ok(None) };
        serde_json::from_str(&text).map(Some).map_err(|error| StoreError::Malformed {
            path: path.to_owned(),
            line: error.line() as u64,
            problem: format!("this is not a summary of a run: {error}"),
        })
    }
}
