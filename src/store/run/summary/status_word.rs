//! Status of a run in `summary.json`: the word of its end, or `running`.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};

use crate::protocol::EndKind;

/// Status of a run in progress, or of one whose program was killed.
const RUNNING: &str = "running";

/// All status words.
const WORDS: [&str; 1 + EndKind::ALL.len()] = {
    let mut words = [RUNNING; 1 + EndKind::ALL.len()];
    let mut at = 0;
    while at < EndKind::ALL.len() {
        words[1 + at] = EndKind::ALL[at].word();
        at += 1;
    }
    words
};

/// The status word of an end; `running` for `None`.
pub(super) fn word(end: Option<EndKind>) -> &'static str {
    end.map_or(RUNNING, |end| end.word())
}

#[expect(
    clippy::ref_option,
    clippy::trivially_copy_pass_by_ref,
    reason = "serde prescribes the signature"
)]
pub(super) fn serialize<S: Serializer>(end: &Option<EndKind>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(word(*end))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<EndKind>, D::Error> {
    let word = String::deserialize(from)?;
    match EndKind::from_word(&word) {
        None if word != RUNNING => Err(D::Error::unknown_variant(&word, &WORDS)),
        end => Ok(end),
    }
}
