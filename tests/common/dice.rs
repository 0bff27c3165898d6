//! Seeded random choices.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// A random generator.
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A whole number in `0..n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.0.next_u32()).unwrap() % n
    }

    /// True with probability 1/`n`.
    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// A number in [0, 1).
    pub(crate) fn fraction(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / 4_294_967_296.0
    }

    /// One of the given items.
    pub(crate) fn of<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }

    /// A typical number of a run, or occasionally an extreme or non-finite one.
    pub(crate) fn wild(&mut self) -> f64 {
        const STRANGE: [f64; 9] = [
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            0.0,
            -3.0,
            1e308,
            -1e308,
            5e-324,
            f64::MIN_POSITIVE,
        ];
        if self.one_in(25) { STRANGE[self.below(STRANGE.len())] } else { 20.0 * self.fraction() }
    }

    /// Such a number, or none.
    pub(crate) fn maybe(&mut self) -> Option<f64> {
        (!self.one_in(3)).then(|| self.wild())
    }
}
