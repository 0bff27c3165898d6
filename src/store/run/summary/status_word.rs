//! The word for how a run on disk stands: the word of its end, or `running`.
//! Does not decide which it is.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};

use crate::protocol::EndKind;

/// The word of a run that goes on, or whose program was killed.
const RUNNING: &str = "running";

/// All words.
const WORDS: [&str; 1 + EndKind::ALL.len()] = {
    let mut words = [RUNNING; 1 + EndKind::ALL.len()];
    let mut at = 0;
    while at < EndKind::ALL.len() {
        words[1 + at] = EndKind::ALL[at].word();
        at += 1;
    }
    words
};

/// The word in `summary.json` and on the command line.
pub(super) fn word(end: Option<EndKind>) -> &'static str {
    end.map_or(RUNNING, |end| end.word())
}

#[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde hands it so")]
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
