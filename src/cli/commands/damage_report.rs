//! Damage to the files of a run, as sentences: the first damaged lines of each kind one by one, the
//! others by file and line.

use std::collections::BTreeMap;
use std::path::Path;

use crate::store::StoreError;
use crate::text::{plural, ranges, short_path};

/// How many damaged lines, and how many repaired changes, have a sentence each.
const MAX_SENTENCES: usize = 3;

/// How many numbers and ranges of a list are shown.
const MAX_RANGES: usize = 12;

/// What is damaged in the files of a run, and what was repaired.
pub(super) fn sentences(damage: &[StoreError]) -> Vec<String> {
    let (mended, lost): (Vec<_>, Vec<_>) =
        damage.iter().partition(|damage| matches!(damage, StoreError::Recovered { .. }));
    let mut sentences: Vec<String> =
        mended.iter().copied().take(MAX_SENTENCES).map(ToString::to_string).collect();
    sentences.extend(others(&mended, "change", "likewise repaired, by step"));
    let each = |damaged: &StoreError| {
        format!("{damaged}; this line is left out, and the others are drawn")
    };
    sentences.extend(lost.iter().copied().take(MAX_SENTENCES).map(each));
    sentences.extend(others(&lost, "line", "cannot be read either"));
    sentences
}

/// A sentence per file about the damage without sentences of its own: how much there is, and at
/// which lines or steps.
fn others(damage: &[&StoreError], noun: &str, what: &str) -> Vec<String> {
    let mut places: BTreeMap<&Path, Vec<u64>> = BTreeMap::new();
    for damaged in damage.iter().skip(MAX_SENTENCES) {
        if let StoreError::Malformed { path, line: place, .. }
        | StoreError::Torn { path, line: place }
        | StoreError::Recovered { path, step: place, .. } = damaged
        {
            places.entry(path).or_default().push(*place);
        }
    }
    let sentence = |(path, mut places): (&Path, Vec<u64>)| {
        places.sort_unstable();
        let counted = plural(places.len() as u64, &format!("more {noun}"));
        let mut listed = ranges(places);
        if listed.len() > MAX_RANGES {
            listed.truncate(MAX_RANGES);
            listed.push("…".to_owned());
        }
        format!("{}: {counted} {what}: {}", short_path(path), listed.join(", "))
    };
    places.into_iter().map(sentence).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn further_damage_is_told_by_file_and_line() {
        let malformed = |file: &str, line: u64| StoreError::Malformed {
            path: Path::new(file).to_owned(),
            line,
            problem: "this is no row".to_owned(),
        };
        let recovered = |step: u64| StoreError::Recovered {
            path: Path::new("b/events.jsonl").to_owned(),
            step,
            problem: format!("the change at step {step} is missing"),
        };
        let rows = (2..9).map(|line| malformed("b/metrics.csv", line));
        let torn = StoreError::Torn { path: Path::new("b/metrics.csv").to_owned(), line: 12 };
        let events = [malformed("b/events.jsonl", 7)];
        let damage: Vec<StoreError> =
            rows.chain([torn]).chain(events).chain((1..6).map(|n| recovered(10 * n))).collect();
        let told = sentences(&damage);
        assert_eq!(told.len(), 9, "{told:#?}");
        assert!(told[2].ends_with("the change at step 30 is missing"), "{told:#?}");
        assert_eq!(told[3], "b/events.jsonl: 2 more changes likewise repaired, by step: 40, 50");
        assert!(told[4].starts_with("b/metrics.csv, line 2: this is no row; "), "{told:#?}");
        assert_eq!(
            told[7..],
            [
                "b/events.jsonl: 1 more line cannot be read either: 7",
                "b/metrics.csv: 5 more lines cannot be read either: 5 to 8, 12",
            ]
        );
        // Every second one of many lines.
        let many: Vec<StoreError> =
            (0..100).map(|n| malformed("b/metrics.csv", 2 + 2 * n)).collect();
        let told = sentences(&many).pop().unwrap();
        assert!(told.contains("97 more lines") && told.ends_with(", 28, 30, …"), "{told}");
    }
}
