//! Chance that a seed fixes.
//! Does not know what is chosen.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// Throws that are the same for the same seed.
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A whole number in `0..n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.0.next_u32()).unwrap() % n
    }

    /// True once in `n` times.
    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// A number in [0, 1).
    pub(crate) fn fraction(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / 4_294_967_296.0
    }

    /// One of these.
    pub(crate) fn of<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }

    /// A number as runs have them, and now and then one that is extreme or none at all.
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

    /// Such a number, or nothing.
    pub(crate) fn maybe(&mut self) -> Option<f64> {
        (!self.one_in(3)).then(|| self.wild())
    }
}
