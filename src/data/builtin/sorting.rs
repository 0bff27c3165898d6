//! Sorting: a sequence model reads a string of symbols and continues it with the sorted string
//! (minGPT; Central Flows, arXiv 2410.24206).

use std::collections::HashSet;

use crate::data::{
    Answer, DataError, Examples, InputShape, Parameter, Parameters, Request, Source, Split,
    TaskInfo,
};
use crate::random::{Purpose, Stream};

/// Maximum number of test strings.
const N_TEST: usize = 1000;
/// One of this many strings is reserved for testing.
const TEST_SHARE: u64 = 4;

/// Strings of length L over V symbols, numbered 0..V^L.
#[derive(Clone, Copy)]
struct Strings {
    /// L.
    length: usize,
    /// V.
    n_symbols: u64,
}

/// The task of sorting strings.
pub(super) struct Sorting;

impl Source for Sorting {
    fn info(&self, parameters: &Parameters) -> TaskInfo {
        let n_inputs = parameters.length.saturating_mul(2).saturating_sub(1);
        TaskInfo {
            description:
                "Sorting: a transformer reads a string of symbols and predicts it in sorted order"
                    .into(),
            scaling: "none; symbols are stored as their index".into(),
            default_lr: 0.1,
            default_n_train: 1000,
            min_n_train: 2,
            max_n_train: 10_000,
            n_test: N_TEST,
            n_inputs,
            shape: InputShape::Tokens { length: n_inputs, vocabulary: parameters.symbols },
            n_positions: parameters.length,
            answer: Answer::Class(parameters.symbols),
            reads: vec![Parameter::Length, Parameter::Symbols],
        }
    }

    fn examples(&self, request: &Request) -> Result<Split, DataError> {
        let (train, test) = sorting(request)?;
        Ok(Split::with_test(train, test))
    }
}

/// `n_train` training strings and up to 1,000 test strings, all distinct.
///
/// The input is the string followed by the first L − 1 of its sorted symbols. The L predictions are
/// the sorted symbols, the first of them at the string's last symbol.
fn sorting(request: &Request) -> Result<(Examples, Examples), DataError> {
    let Request { n_train, seed, parameters: Parameters { length, symbols, .. }, .. } = *request;
    let strings = Strings { length, n_symbols: symbols as u64 };
    let available = strings.count(Purpose::Data, n_train);
    if available < n_train {
        let asked = n_train;
        return Err(DataError::FewStrings { asked, available, length, symbols });
    }
    let n_test = strings.count(Purpose::Test, N_TEST);
    let train = strings.draw(n_train, seed, Purpose::Data);
    let test = strings.draw(n_test, seed, Purpose::Test);
    Ok((strings.examples(&train), strings.examples(&test)))
}

/// Whether a string is for training or testing: depends on its number only, not on the seed.
fn purpose_of(number: u64) -> Purpose {
    // The finalizer of SplitMix64, which decorrelates neighbouring numbers.
    let mut z = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    if (z ^ (z >> 31)).is_multiple_of(TEST_SHARE) { Purpose::Test } else { Purpose::Data }
}

impl Strings {
    /// V^L.
    fn n(self) -> u64 {
        (0..self.length).fold(1, |n: u64, _| n.saturating_mul(self.n_symbols))
    }

    /// Number of strings for this purpose, counted up to `enough`.
    fn count(self, of: Purpose, enough: usize) -> usize {
        (0..self.n()).filter(|number| purpose_of(*number) == of).take(enough).count()
    }

    /// Draws `n` distinct strings for this purpose, of which there must be as many; one stream
    /// each.
    fn draw(self, n: usize, seed: u64, of: Purpose) -> Vec<u64> {
        let mut seen = HashSet::new();
        let fresh = |i: usize| {
            let mut stream = Stream::new(seed, of, i as u64);
            loop {
                let number = stream.below(self.n());
                if purpose_of(number) == of && seen.insert(number) {
                    return number;
                }
            }
        };
        (0..n).map(fresh).collect()
    }

    /// The symbols of a string.
    fn symbols(self, number: u64) -> Vec<u32> {
        let digits = std::iter::successors(Some(number), |rest| Some(rest / self.n_symbols));
        let symbol = |rest: u64| u32::try_from(rest % self.n_symbols).unwrap_or_default();
        digits.take(self.length).map(symbol).collect()
    }

    fn examples(self, numbers: &[u64]) -> Examples {
        let mut inputs = Vec::with_capacity(numbers.len() * (2 * self.length - 1));
        let mut labels = Vec::with_capacity(numbers.len() * self.length);
        for number in numbers {
            let symbols = self.symbols(*number);
            let mut sorted = symbols.clone();
            sorted.sort_unstable();
            let read = symbols.iter().chain(&sorted[..self.length - 1]);
            inputs.extend(read.copied().map(f64::from));
            labels.extend(sorted);
        }
        let n_outputs = usize::try_from(self.n_symbols).unwrap_or_default();
        Examples { n: numbers.len(), ..Examples::classified(inputs, labels, n_outputs) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(
        parameters: Parameters,
        n_train: usize,
        seed: u64,
    ) -> Result<(Examples, Examples), DataError> {
        sorting(&Request { n_train, n_outputs: parameters.symbols, seed, parameters })
    }

    fn of(length: usize, symbols: usize) -> Parameters {
        Parameters { length, symbols, ..Parameters::default() }
    }

    #[test]
    fn an_example_is_a_string_and_its_sorted_symbols_which_are_the_predictions() {
        for (length, symbols) in [(8, 4), (6, 3), (2, 10), (16, 2)] {
            let (train, _) = drawn(of(length, symbols), 50, 1).unwrap();
            let labels = train.labels.unwrap();
            assert_eq!((labels.len(), train.targets.len()), (50 * length, 50 * length * symbols));
            let rows = train.inputs.chunks_exact(2 * length - 1).zip(labels.chunks_exact(length));
            let one_hot = train.targets.chunks_exact(length * symbols);
            for ((read, answer), targets) in rows.zip(one_hot) {
                let mut sorted = read[..length].to_vec();
                sorted.sort_by(f64::total_cmp);
                assert!(sorted.iter().zip(answer).all(|(x, label)| *x == f64::from(*label)));
                assert_eq!(read[length..], sorted[..length - 1]);
                assert!(sorted.iter().all(|x| *x >= 0.0 && *x < symbols as f64));
                for (row, label) in targets.chunks_exact(symbols).zip(answer) {
                    assert!((0..symbols).all(|k| row[k] == f64::from(k == *label as usize)));
                }
            }
        }
    }

    #[test]
    fn no_test_string_is_a_training_string_for_any_seed() {
        let strings = |examples: &Examples| -> HashSet<Vec<u64>> {
            let rows = examples.inputs.chunks_exact(15);
            rows.map(|row| row[..8].iter().map(|x| x.to_bits()).collect()).collect()
        };
        let (train, _) = drawn(of(8, 4), 10_000, 1).unwrap();
        let (_, test) = drawn(of(8, 4), 10, 2).unwrap();
        let (train, test) = (strings(&train), strings(&test));
        assert_eq!((train.len(), test.len()), (10_000, 1000));
        assert!(train.is_disjoint(&test));
    }

    #[test]
    fn a_quarter_of_the_strings_and_at_least_one_are_for_testing() {
        let n_test =
            |length, n_symbols| Strings { length, n_symbols }.count(Purpose::Test, usize::MAX);
        assert!((16_000..16_800).contains(&n_test(8, 4)), "{}", n_test(8, 4));
        // The smallest set of numbers is part of all others.
        assert!(n_test(2, 2) >= 1 && n_test(2, 2) < 4);
    }

    #[test]
    fn the_first_examples_do_not_depend_on_their_number_and_all_strings_can_be_requested() {
        let (few, test) = drawn(of(8, 4), 20, 1).unwrap();
        let (more, same_test) = drawn(of(8, 4), 200, 1).unwrap();
        assert_eq!(few.inputs, more.inputs[..20 * 15]);
        assert_eq!(test, same_test);
        let strings = Strings { length: 4, n_symbols: 3 };
        let all = strings.count(Purpose::Data, usize::MAX);
        let (train, test) = drawn(of(4, 3), all, 1).unwrap();
        assert_eq!(train.n + test.n, 81);
        let error = drawn(of(4, 3), all + 1, 1).unwrap_err();
        let wanted =
            DataError::FewStrings { asked: all + 1, available: all, length: 4, symbols: 3 };
        assert_eq!(error, wanted);
        assert!(error.to_string().contains("longer strings"));
    }

    #[test]
    fn every_symbol_is_equally_frequent_at_every_position() {
        let (train, _) = drawn(of(8, 4), 4000, 3).unwrap();
        for place in 0..8 {
            for symbol in 0..4 {
                let at = train.inputs.iter().skip(place).step_by(15);
                let count = at.filter(|x| **x == f64::from(symbol)).count();
                assert!(count.abs_diff(1000) < 120, "place {place}, symbol {symbol}: {count}");
            }
        }
    }
}
