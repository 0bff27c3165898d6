//! A compressed list of numbers, lossless: a block that is an arithmetic progression takes two
//! numbers.

use super::growth::push;

/// Values per block; a multiple of the pyramid's leaf size.
const BLOCK: usize = 128;

/// A list of numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Values {
    blocks: Vec<Block>,
    /// The values after the last full block.
    open: Vec<f64>,
}

/// [`BLOCK`] values.
#[derive(Clone, Debug)]
enum Block {
    /// An arithmetic progression, exact to the bit.
    Ramp { first: f64, rise: f64 },
    /// Anything else.
    Each(Box<[f64]>),
}

impl Values {
    pub(super) fn push(&mut self, value: f64) {
        push(&mut self.open, value);
        if self.open.len() == BLOCK {
            push(&mut self.blocks, Block::of(&self.open));
            self.open.clear();
        }
    }

    /// The value with this index, which must be below the length.
    pub(super) fn get(&self, index: usize) -> f64 {
        match self.blocks.get(index / BLOCK) {
            Some(Block::Ramp { first, rise }) => at(*first, *rise, index % BLOCK),
            Some(Block::Each(values)) => values[index % BLOCK],
            None => self.open[index % BLOCK],
        }
    }

    /// Memory held, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let n_each = self.blocks.iter().filter(|block| matches!(block, Block::Each(_))).count();
        self.blocks.capacity() * size_of::<Block>()
            + (n_each * BLOCK + self.open.capacity()) * size_of::<f64>()
    }
}

fn at(first: f64, rise: f64, index: usize) -> f64 {
    first + rise * index as f64
}

impl Block {
    fn of(values: &[f64]) -> Self {
        let (first, rise) = (values[0], values[1] - values[0]);
        let is_ramp =
            values.iter().enumerate().all(|(i, x)| at(first, rise, i).to_bits() == x.to_bits());
        if is_ramp { Self::Ramp { first, rise } } else { Self::Each(values.into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_comes_back_and_even_ramps_cost_next_to_nothing() {
        type Row = (fn(usize) -> f64, bool);
        let rows: [Row; 7] = [
            (|_| 0.1, true),
            (|i| i as f64, true),
            (|i| 7.0 - i as f64 / 4.0, true),
            (|_| -0.0, false),
            (|i| if i % 3 == 0 { f64::NAN } else { 1.0 }, false),
            (|i| f64::INFINITY * if i < 500 { 1.0 } else { -1.0 }, false),
            (|i| (i as f64).sin(), false),
        ];
        for (value, is_small) in rows {
            let mut values = Values::default();
            (0..1000).for_each(|i| values.push(value(i)));
            for i in 0..1000 {
                assert_eq!(values.get(i).to_bits(), value(i).to_bits(), "{i}");
            }
            assert_eq!(values.bytes() < 2000, is_small, "{}", value(1));
        }
    }
}
