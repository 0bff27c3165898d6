//! Counter-based randomness: every draw is a pure function of (seed, purpose, index), so there is
//! no random state to save.
//!
//! The generator is `ChaCha8` of the widely used `rand_chacha` crate. Its key holds the seed and
//! the purpose and its 64-bit stream number is the index, so streams cannot overlap. Ranges,
//! shuffles and normal deviates, which `rand` may change between versions, are implemented here.
//! Logarithms come from `libm`, not from the platform, so draws are the same bits everywhere.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// What a stream is for. Never renumber: the numbers determine the draws of a seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Initial weights; the index is 2·layer for weights and 2·layer + 1 for biases, layers counted
    /// from 0.
    Init = 1,
    /// Generated training examples.
    Data = 2,
    /// Generated test examples.
    Test = 3,
    /// Order of the examples; the index is the epoch.
    Order = 4,
    /// Random vectors added to a warm-started eigensolver after the Hessian changed much; the index
    /// is the step.
    Probe = 5,
    /// Start vectors of cold solves; the index is the step.
    Audit = 6,
    /// Start vectors of the smallest eigenvalue's solver; the index is the step.
    Min = 7,
    /// Examples of `MetaInit`; the index is the iteration.
    MetaInit = 8,
    /// Choice of the examples of `GradInit`; the index is the iteration.
    GradInit = 9,
    /// Choice of the examples of LSUV.
    Lsuv = 10,
    /// Order of the labels of the training examples; the index is the number of the shuffle.
    LabelShuffle = 11,
    /// Order of the inputs of every example; the index is the number of the permutation.
    InputPermutation = 12,
    /// Batches for measurements only; the index is the step.
    Batches = 20,
    /// Points of a study's random axis; the index is that of its key.
    Axis = 64,
}

/// A reproducible sequence of random draws.
#[derive(Clone, Debug)]
pub struct Stream {
    generator: ChaCha8Rng,
    /// The second normal deviate of a pair, not yet drawn.
    spare: Option<f64>,
}

impl Stream {
    /// The stream of this seed, purpose and index, at its start.
    #[must_use]
    pub fn new(seed: u64, purpose: Purpose, index: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&(purpose as u64).to_le_bytes());
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(index);
        Self { generator, spare: None }
    }

    /// 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        self.generator.next_u64()
    }

    /// Uniform in [0, 1), a multiple of 2⁻⁵³.
    pub fn uniform(&mut self) -> f64 {
        const ULP: f64 = 1.0 / (1_u64 << 53) as f64;
        (self.next_u64() >> 11) as f64 * ULP
    }

    /// Standard normal, by Marsaglia's polar method.
    pub fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        loop {
            let x = 2.0 * self.uniform() - 1.0;
            let y = 2.0 * self.uniform() - 1.0;
            let s = x * x + y * y;
            if s > 0.0 && s < 1.0 {
                let radius = (-2.0 * libm::log(s) / s).sqrt();
                self.spare = Some(y * radius);
                return x * radius;
            }
        }
    }

    /// Uniform over 0..n, without bias (Lemire's method, arXiv 1805.10941); 0 when n is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        // The lowest 2⁶⁴ mod n products are over-represented: draws that land there are rejected.
        let excess = n.wrapping_neg().checked_rem(n).unwrap_or(0);
        loop {
            let product = u128::from(self.next_u64()) * u128::from(n);
            let [low, high] = [product & u128::from(u64::MAX), product >> 64]
                .map(|half| u64::try_from(half).unwrap_or(u64::MAX));
            if low >= excess {
                return high;
            }
        }
    }

    /// Shuffles `items` uniformly (Fisher–Yates).
    pub fn shuffle(&mut self, items: &mut [usize]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last as u64 + 1);
            items.swap(last, usize::try_from(other).unwrap_or(last));
        }
    }

    /// +1 or −1 with equal probability (Rademacher).
    pub fn sign(&mut self) -> f64 {
        if self.next_u64() >> 63 == 0 { 1.0 } else { -1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::{Purpose, Stream};

    const ALL: [Purpose; 12] = [
        Purpose::Init,
        Purpose::Data,
        Purpose::Test,
        Purpose::Order,
        Purpose::Probe,
        Purpose::Audit,
        Purpose::Min,
        Purpose::MetaInit,
        Purpose::GradInit,
        Purpose::Lsuv,
        Purpose::Batches,
        Purpose::Axis,
    ];

    #[test]
    fn the_streams_never_change_their_draws() {
        let mut stream = Stream::new(1, Purpose::Init, 0);
        let bits: Vec<u64> = (0..3).map(|_| stream.next_u64()).collect();
        let pinned =
            [4_344_717_217_939_160_907, 15_305_578_173_110_765_368, 9_084_237_482_523_225_113];
        assert_eq!(bits, pinned);
        let mut stream = Stream::new(7, Purpose::Data, 3);
        let normals: Vec<u64> = (0..3).map(|_| stream.normal().to_bits()).collect();
        let pinned =
            [13_832_600_194_127_004_815, 4_612_216_381_669_130_652, 4_598_319_440_430_009_075];
        assert_eq!(normals, pinned);
    }

    /// The all-zero key and stream 0 of `ChaCha8`: first block of
    /// draft-strombergson-chacha-test-vectors (TC1, 8 rounds, 256 bits), which shows that the
    /// library implements `ChaCha8`.
    #[test]
    fn the_generator_gives_the_published_chacha8_key_stream() {
        use rand_chacha::rand_core::{RngCore, SeedableRng};
        let mut bytes = [0; 16];
        rand_chacha::ChaCha8Rng::from_seed([0; 32]).fill_bytes(&mut bytes);
        let wanted = [
            0x3e, 0x00, 0xef, 0x2f, 0x89, 0x5f, 0x40, 0xd6, 0x7f, 0x5b, 0xb8, 0xe8, 0x1f, 0x09,
            0xa5, 0xa1,
        ];
        assert_eq!(bytes, wanted);
    }

    #[test]
    fn a_stream_begun_again_repeats_itself_whatever_was_drawn_elsewhere() {
        let mut first = Stream::new(5, Purpose::Order, 9);
        let a: Vec<f64> = (0..10).map(|_| first.normal()).collect();
        let mut second = Stream::new(5, Purpose::Order, 9);
        let b: Vec<f64> = (0..10).map(|_| second.normal()).collect();
        assert_eq!(a, b);
    }

    #[test]
    fn streams_differ_by_seed_by_purpose_and_by_index() {
        let mut firsts = Vec::new();
        for seed in [0, 1, u64::MAX] {
            for purpose in ALL {
                for index in [0, 1, 1 << 40] {
                    firsts.push(Stream::new(seed, purpose, index).next_u64());
                }
            }
        }
        let n = firsts.len();
        firsts.sort_unstable();
        firsts.dedup();
        assert_eq!(firsts.len(), n);
    }

    #[test]
    fn uniforms_fill_the_unit_interval_evenly() {
        let mut stream = Stream::new(2, Purpose::Data, 0);
        let mut counts = [0_u32; 10];
        for _ in 0..100_000 {
            let x = stream.uniform();
            assert!((0.0..1.0).contains(&x));
            let bin = (0..10).rfind(|k| x * 10.0 >= *k as f64).unwrap();
            counts[bin] += 1;
        }
        // χ² with 9 degrees of freedom: 27.9 is passed once in a thousand.
        let chi2: f64 = counts.iter().map(|&c| (f64::from(c) - 1e4).powi(2) / 1e4).sum();
        assert!(chi2 < 27.9, "{chi2}: {counts:?}");
    }

    #[test]
    fn normals_have_the_moments_and_the_tails_of_the_normal_distribution() {
        let mut stream = Stream::new(3, Purpose::Data, 0);
        let n = 200_000;
        let xs: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
        let moment = |p: i32| xs.iter().map(|x| x.powi(p)).sum::<f64>() / f64::from(n);
        // Four standard errors of each moment: √(1, 2, 15, 96)/√n.
        for (p, wanted, error) in [(1, 0.0, 1.0), (2, 1.0, 1.42), (3, 0.0, 3.88), (4, 3.0, 9.8)] {
            let m = moment(p);
            let allowed = 4.0 * error / f64::from(n).sqrt();
            assert!((m - wanted).abs() < allowed, "moment {p} is {m}, not {wanted} ± {allowed}");
        }
        let beyond_two = xs.iter().filter(|x| x.abs() > 2.0).count() as f64 / f64::from(n);
        assert!((beyond_two - 0.0455).abs() < 0.002, "{beyond_two}");
    }

    #[test]
    fn pairs_of_normals_are_uncorrelated() {
        let mut stream = Stream::new(4, Purpose::Data, 0);
        let n = 100_000;
        let product: f64 = (0..n).map(|_| stream.normal() * stream.normal()).sum();
        assert!((product / f64::from(n)).abs() < 4.0 / f64::from(n).sqrt());
    }

    #[test]
    fn below_hits_every_number_equally_and_never_the_bound() {
        let mut stream = Stream::new(5, Purpose::Order, 0);
        let mut counts = [0_i32; 7];
        for _ in 0..70_000 {
            counts[usize::try_from(stream.below(7)).unwrap()] += 1;
        }
        assert!(counts.iter().all(|c| (c - 10_000).abs() < 400), "{counts:?}");
        // For n = 3/4 · 2⁶⁴, plain remainders would fall below 2⁶² half of the time, not a third.
        let n = 3 << 62;
        let low = (0..30_000).filter(|_| stream.below(n) < 1 << 62).count();
        assert!(low.abs_diff(10_000) < 400, "{low}");
        assert_eq!((stream.below(1), stream.below(0)), (0, 0));
    }

    #[test]
    fn a_shuffle_keeps_every_item_and_reaches_every_order() {
        let mut orders = std::collections::BTreeMap::new();
        for index in 0..6000 {
            let mut items = [0, 1, 2];
            Stream::new(6, Purpose::Order, index).shuffle(&mut items);
            *orders.entry(items).or_insert(0_i32) += 1;
        }
        assert_eq!(orders.len(), 6);
        assert!(orders.values().all(|c| (c - 1000).abs() < 150), "{orders:?}");
    }

    #[test]
    fn signs_are_plus_or_minus_one_half_of_the_time_each() {
        let mut stream = Stream::new(7, Purpose::Probe, 0);
        let signs: Vec<f64> = (0..10_000).map(|_| stream.sign()).collect();
        assert!(signs.iter().all(|s| s.abs() == 1.0));
        assert!(signs.iter().sum::<f64>().abs() < 400.0);
    }
}
