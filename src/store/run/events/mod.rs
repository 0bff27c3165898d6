//! `events.jsonl`, with one JSON object per line: a changed setting, a learning rate search, the
//! early end of the tuning of the initial weights, or an eigenvalue that an audit contradicted.

pub(super) mod changes;
pub(super) mod doubts;

use std::path::Path;

use serde::Serialize;

use super::file_names::EVENTS;
use crate::store::StoreError;

/// A value as one line of JSON.
fn json_line(line: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    let mut text = serde_json::to_vec(line)
        .map_err(|error| StoreError::write(Path::new(EVENTS))(error.into()))?;
    text.push(b'\n');
    Ok(text)
}
