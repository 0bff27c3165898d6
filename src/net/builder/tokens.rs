//! Embeddings, attention and selection of tokens, which are positions.

use super::{Builder, Fans};
use crate::net::engine::Role;
use crate::net::ops::attention::{Attention, Mask};
use crate::net::ops::gather::Gather;
use crate::net::ops::mean_positions::MeanPositions;
use crate::net::ops::positions::Positions;
use crate::net::ops::take::Take;
use crate::net::passes::Shape;

impl Builder {
    /// A learned vector of `d` features for each token index in x.
    pub(in crate::net) fn embedding(
        &mut self,
        layer: &str,
        x: usize,
        vocabulary: usize,
        d: usize,
    ) -> usize {
        let shape = Shape { positions: self.shape(x).len(), features: d };
        let table = self.table(layer, vocabulary, d);
        self.push(Gather { table }, &[x], shape)
    }

    /// Adds a learned vector to every position of x.
    pub(in crate::net) fn positions(&mut self, layer: &str, x: usize) -> usize {
        let shape = self.shape(x);
        let table = self.table(layer, shape.positions, shape.features);
        self.push(Positions { table }, &[x], shape)
    }

    /// Adds an embedding table; returns its parameter index.
    fn table(&mut self, layer: &str, n_rows: usize, d: usize) -> usize {
        let fans = Fans { fan_in: n_rows, fan_out: d };
        self.param(format!("{layer}.weight"), &[n_rows, d], Role::Embedding, fans)
    }

    /// Multi-head attention with queries q, keys k and values v.
    pub(in crate::net) fn attention(
        &mut self,
        q: usize,
        k: usize,
        v: usize,
        heads: usize,
        mask: Mask,
    ) -> usize {
        let shape = self.shape(q);
        let attention = Attention { positions: shape.positions, heads, mask, base_width: None };
        self.push(attention, &[q, k, v], shape)
    }

    /// Selects `count` positions of x from `first` on.
    pub(in crate::net) fn take(&mut self, x: usize, first: usize, count: usize) -> usize {
        let Shape { positions, features } = self.shape(x);
        let take = Take { first, count, of: positions };
        self.push(take, &[x], Shape { positions: count, features })
    }

    /// The mean over the positions of x.
    pub(in crate::net) fn mean_positions(&mut self, x: usize) -> usize {
        let Shape { positions, features } = self.shape(x);
        let mean = MeanPositions { positions };
        self.push(mean, &[x], Shape { positions: 1, features })
    }
}
