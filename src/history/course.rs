//! The values of one setting over a run, in words.

use crate::config::{Change, plain};

use super::marker::Marker;

/// Changes listed of one setting at most; of more, the first and the last.
const MAX_LISTED: usize = 4;

/// The value of a setting at the start and after each change made during the run, with the steps:
/// `0.2 → 0.1 at step 20 → 0.15 at 23`; `None` without a change.
#[must_use]
pub fn course(markers: &[Marker], key: &str) -> Option<String> {
    let of = |marker: &Marker| {
        let change = marker.changes.iter().find(|change| change.key == key);
        change.map(|change| ChangeAt { step: marker.step, change: change.clone() })
    };
    let dated: Vec<ChangeAt> = markers.iter().filter_map(of).collect();
    let (first, rest) = dated.split_first()?;
    let start = format!("{} → {}", plain(&first.change.from), first.value());
    let start = format!("{start} at step {}", first.step);
    let later = |dated: &ChangeAt| format!(" → {} at {}", dated.value(), dated.step);
    Some(match rest.last() {
        Some(last) if dated.len() > MAX_LISTED => {
            format!("{start} → …{} ({} changes)", later(last), dated.len())
        }
        Some(_) | None => start + &rest.iter().map(later).collect::<String>(),
    })
}

/// A change and its first step.
struct ChangeAt {
    step: u64,
    change: Change,
}

impl ChangeAt {
    fn value(&self) -> String {
        plain(&self.change.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::settings::{MOMENTUM, PEAK_LR};
    use crate::protocol::Source;

    fn told(rates: &[f64]) -> Option<String> {
        let marker = |(at, pair): (usize, &[f64])| {
            let key = PEAK_LR.key.to_owned();
            let step = 10 * (at as u64 + 1);
            let change = Change { key, from: pair[0].into(), to: pair[1].into() };
            Marker {
                step,
                until: step,
                changes: vec![change],
                source: Source::User(step),
                is_acting: true,
            }
        };
        let markers: Vec<_> = rates.windows(2).enumerate().map(marker).collect();
        assert_eq!(course(&markers, MOMENTUM.key), None);
        course(&markers, PEAK_LR.key)
    }

    #[test]
    fn a_course_tells_every_value_with_its_step() {
        assert_eq!(told(&[0.2]), None);
        assert_eq!(told(&[0.2, 0.1]).unwrap(), "0.2 → 0.1 at step 10");
        assert_eq!(told(&[0.2, 0.1, 0.2]).unwrap(), "0.2 → 0.1 at step 10 → 0.2 at 20");
        let many = told(&[0.2, 0.1, 0.2, 0.3, 0.4, 0.5]).unwrap();
        assert_eq!(many, "0.2 → 0.1 at step 10 → … → 0.5 at 50 (5 changes)");
    }
}
