//! A compressed list of increasing steps, as arithmetic progressions: regular steps take no memory
//! each.

use super::growth::push;

/// A list of increasing steps.
#[derive(Clone, Debug, Default)]
pub(super) struct Steps {
    progressions: Vec<Progression>,
    len: usize,
}

/// The steps `first`, `first + spacing`, …, until the next progression starts.
#[derive(Clone, Copy, Debug)]
struct Progression {
    /// Index of the first step in the list.
    start: usize,
    first: u64,
    /// 1 for a single step.
    spacing: u64,
}

impl Steps {
    /// Appends a step later than all before.
    pub(super) fn push(&mut self, step: u64) {
        let at = self.len;
        self.len += 1;
        if let Some(last) = self.progressions.last_mut() {
            let n = at - last.start;
            debug_assert!(last.step(n - 1) < step, "steps increase");
            if n == 1 {
                last.spacing = step - last.first;
                return;
            }
            if step == last.step(n) {
                return;
            }
        }
        push(&mut self.progressions, Progression { start: at, first: step, spacing: 1 });
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The step with this index, which must be below the length.
    pub(super) fn get(&self, index: usize) -> u64 {
        let progression = match self.progressions.as_slice() {
            [only] => only,
            all => &all[all.partition_point(|progression| progression.start <= index).max(1) - 1],
        };
        progression.step(index - progression.start)
    }

    /// Number of steps at or before this one.
    pub(super) fn n_up_to(&self, step: u64) -> usize {
        let at = self.progressions.partition_point(|progression| progression.first <= step);
        let Some(progression) = at.checked_sub(1).map(|at| self.progressions[at]) else { return 0 };
        let end = self.progressions.get(at).map_or(self.len, |next| next.start);
        let n =
            usize::try_from((step - progression.first) / progression.spacing).unwrap_or(usize::MAX);
        n.saturating_add(1).min(end - progression.start) + progression.start
    }

    /// Memory held, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.progressions.capacity() * size_of::<Progression>()
    }
}

impl Progression {
    fn step(&self, index: usize) -> u64 {
        self.first + self.spacing * index as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_increasing_steps_are_found_again_and_regular_ones_cost_nothing() {
        let regular: Vec<u64> = (0..1000).map(|i| 7 + 3 * i).collect();
        let mixed = [0, 1, 3, 4, 6, 7, 100, 110, 120, 121, 500].to_vec();
        for all in [vec![], vec![9], vec![0, 5], regular, mixed] {
            let mut steps = Steps::default();
            for step in &all {
                steps.push(*step);
            }
            assert_eq!((0..steps.len()).map(|i| steps.get(i)).collect::<Vec<_>>(), all);
            for step in 0..all.last().map_or(3, |last| last + 3) {
                assert_eq!(steps.n_up_to(step), all.partition_point(|s| *s <= step), "{step}");
            }
            assert!(steps.progressions.len() <= all.len().div_ceil(2));
        }
    }
}
