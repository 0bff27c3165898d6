//! Mini-batch sampling as a pure function of (seed, step).

use crate::random::{Purpose, Stream};

/// Indices, in 0..`n_train`, of the examples of the batch at `step`.
///
/// Every epoch reshuffles the examples and splits them into consecutive batches, dropping an
/// incomplete last one. A batch of all examples is not shuffled.
#[must_use]
pub fn batch_indices(seed: u64, n_train: usize, batch: usize, step: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n_train).collect();
    if batch >= n_train {
        return order;
    }
    let batch = batch.max(1);
    let per_epoch = batches_per_epoch(n_train, batch);
    Stream::new(seed, Purpose::Order, step / per_epoch).shuffle(&mut order);
    let place = usize::try_from(step % per_epoch).unwrap_or(0);
    order[place * batch..(place + 1) * batch].to_vec()
}

/// An endless sequence of batches for measurements at `step`. Each is a uniformly random choice of
/// `batch` distinct examples, independent of the other batches and of the training batches.
pub fn fresh_batches(
    seed: u64,
    n_train: usize,
    batch: usize,
    step: u64,
) -> impl Iterator<Item = Vec<usize>> {
    let mut stream = Stream::new(seed, Purpose::Batches, step);
    let mut order: Vec<usize> = (0..n_train).collect();
    std::iter::repeat_with(move || {
        // A partial Fisher–Yates shuffle, which is uniform from any initial order.
        for place in 0..batch.min(n_train) {
            let ahead = stream.below((n_train - place) as u64);
            order.swap(place, place + usize::try_from(ahead).unwrap_or(0));
        }
        order[..batch.min(n_train)].to_vec()
    })
}

/// Epochs completed before `step`, as a fraction: steps / batches per epoch.
#[must_use]
pub fn epoch(n_train: usize, batch: usize, step: u64) -> f64 {
    step as f64 / batches_per_epoch(n_train, batch) as f64
}

/// Describes the sampling in words.
#[must_use]
pub fn describe(n_train: usize, batch: usize) -> String {
    if batch >= n_train {
        return format!("all {n_train} examples at every step");
    }
    let batch = batch.max(1);
    let start = format!("batches of {batch} in an order redrawn every epoch");
    match n_train % batch {
        0 => start,
        1 => format!("{start}; the last one of each epoch is left out"),
        left => format!("{start}; the last {left} of each epoch are left out"),
    }
}

/// Complete batches per epoch, at least 1.
fn batches_per_epoch(n_train: usize, batch: usize) -> u64 {
    (n_train / batch.max(1)).max(1) as u64
}

#[cfg(test)]
mod tests {
    use super::{batch_indices, describe, epoch, fresh_batches};

    fn one_epoch(seed: u64, n_train: usize, batch: usize, number: u64) -> Vec<usize> {
        let per_epoch = (n_train / batch) as u64;
        let steps = number * per_epoch..(number + 1) * per_epoch;
        steps.flat_map(|step| batch_indices(seed, n_train, batch, step)).collect()
    }

    #[test]
    fn every_example_occurs_once_per_epoch() {
        for (n_train, batch) in [(12, 4), (12, 1), (100, 10)] {
            for number in [0, 1, 5] {
                let mut seen = one_epoch(3, n_train, batch, number);
                seen.sort_unstable();
                assert_eq!(seen, (0..n_train).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn an_incomplete_batch_is_dropped_and_differs_from_epoch_to_epoch() {
        let mut left_out = std::collections::BTreeSet::new();
        for number in 0..20 {
            let mut seen = one_epoch(3, 13, 4, number);
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), 12);
            left_out.extend((0..13).filter(|i| !seen.contains(i)));
        }
        assert!(left_out.len() > 5, "{left_out:?}");
    }

    #[test]
    fn batches_depend_on_seed_and_step_only() {
        assert_eq!(batch_indices(1, 100, 32, 77), batch_indices(1, 100, 32, 77));
        assert_ne!(batch_indices(1, 100, 32, 77), batch_indices(2, 100, 32, 77));
        assert_ne!(one_epoch(1, 100, 10, 0), one_epoch(1, 100, 10, 1));
    }

    #[test]
    fn a_batch_of_all_examples_or_more_is_not_shuffled() {
        for batch in [5, 6, 1000] {
            assert_eq!(batch_indices(1, 5, batch, 9), [0, 1, 2, 3, 4]);
            assert_eq!(epoch(5, batch, 9), 9.0);
        }
        assert_eq!(batch_indices(1, 5, 0, 3).len(), 1);
    }

    #[test]
    fn fresh_batches_are_uniform_choices_and_differ_from_step_to_step() {
        let mut counts = std::collections::BTreeMap::new();
        for step in 0..100 {
            for mut batch in fresh_batches(3, 5, 2, step).take(100) {
                batch.sort_unstable();
                *counts.entry(batch).or_insert(0_i32) += 1;
            }
        }
        // Ten pairs of five; four standard deviations of each count.
        assert_eq!(counts.len(), 10);
        assert!(counts.keys().all(|pair| pair[0] < pair[1] && pair[1] < 5), "{counts:?}");
        assert!(counts.values().all(|n| (n - 1000).abs() < 120), "{counts:?}");
        let at = |step| fresh_batches(3, 100, 10, step).take(3).collect::<Vec<_>>();
        assert_eq!(at(7), at(7));
        assert_ne!(at(7), at(8));
        assert_eq!(fresh_batches(3, 4, 9, 0).next().unwrap().len(), 4);
    }

    #[test]
    fn epochs_count_whole_batches() {
        assert_eq!(epoch(1000, 32, 0), 0.0);
        assert_eq!(epoch(1000, 32, 31), 1.0);
        assert_eq!(epoch(1000, 100, 25), 2.5);
    }

    #[test]
    fn the_sampling_is_described_in_words() {
        assert_eq!(describe(1000, 1000), "all 1000 examples at every step");
        assert_eq!(describe(1000, 100), "batches of 100 in an order redrawn every epoch");
        assert_eq!(
            describe(1000, 32),
            "batches of 32 in an order redrawn every epoch; the last 8 of each epoch are left out"
        );
        assert!(describe(13, 4).ends_with("the last one of each epoch is left out"));
    }
}
