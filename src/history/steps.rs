//! Increasing steps, kept as stretches of equal spacing: a regular series costs nothing a step.
//! Does not know what was measured at them.

use super::growth::push;

/// Steps in increasing order.
#[derive(Clone, Debug, Default)]
pub(super) struct Steps {
    stretches: Vec<Stretch>,
    len: usize,
}

/// Steps `first`, `first + spacing`, …, up to the next stretch.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    /// Index of its first step.
    start: usize,
    first: u64,
    /// 1 while there is only one step.
    spacing: u64,
}

impl Steps {
    /// Adds a step later than any before.
    pub(super) fn push(&mut self, step: u64) {
        let at = self.len;
        self.len += 1;
        if let Some(last) = self.stretches.last_mut() {
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
        push(&mut self.stretches, Stretch { start: at, first: step, spacing: 1 });
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The step of an index below the length.
    pub(super) fn get(&self, index: usize) -> u64 {
        let stretch = match self.stretches.as_slice() {
            [only] => only,
            all => &all[all.partition_point(|stretch| stretch.start <= index).max(1) - 1],
        };
        stretch.step(index - stretch.start)
    }

    /// How many steps are at or before this one.
    pub(super) fn n_up_to(&self, step: u64) -> usize {
        let at = self.stretches.partition_point(|stretch| stretch.first <= step);
        let Some(stretch) = at.checked_sub(1).map(|at| self.stretches[at]) else { return 0 };
        let end = self.stretches.get(at).map_or(self.len, |next| next.start);
        let n = usize::try_from((step - stretch.first) / stretch.spacing).unwrap_or(usize::MAX);
        n.saturating_add(1).min(end - stretch.start) + stretch.start
    }

    /// Memory held, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.stretches.capacity() * size_of::<Stretch>()
    }
}

impl Stretch {
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
            assert!(steps.stretches.len() <= all.len().div_ceil(2));
        }
    }
}
