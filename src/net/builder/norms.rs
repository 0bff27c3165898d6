//! Normalizations, gains and shifts.

use super::{Builder, Fans, Scalar};
use crate::net::engine::Role;
use crate::net::ops::affine::Affine;
use crate::net::ops::norm::{Norm, Over, Running};
use crate::net::ops::spectral_scale::SpectralScale;
use crate::net::ops::standardise::Standardise;
use crate::net::passes::Shape;

impl Builder {
    /// Batch normalization over all examples and positions, or over ghost batches of `ghost`
    /// examples.
    pub(in crate::net) fn batch_norm(
        &mut self,
        layer: &str,
        x: usize,
        ghost: Option<usize>,
    ) -> usize {
        let Shape { positions, features } = self.shape(x);
        self.couple_examples();
        let mean = self.buffer(format!("{layer}.running_mean"), &[features], 0.0);
        let variance = self.buffer(format!("{layer}.running_variance"), &[features], 1.0);
        let ghost = ghost.map(|examples| examples * positions);
        self.norm(layer, x, Over::Examples { running: Running { mean, variance }, ghost })
    }

    /// Layer normalization over the features of `positions` positions: 1 normalizes each token
    /// separately, all positions of an example a whole image.
    pub(in crate::net) fn layer_norm(&mut self, layer: &str, x: usize, positions: usize) -> usize {
        self.norm(layer, x, Over::Features { groups: 1, positions })
    }

    /// Layer normalization of each head's features of a token separately.
    pub(in crate::net) fn head_norm(&mut self, layer: &str, x: usize, heads: usize) -> usize {
        self.norm(layer, x, Over::Features { groups: heads, positions: 1 })
    }

    /// Group normalization of `groups` groups of consecutive features, each over all positions of
    /// an example.
    pub(in crate::net) fn group_norm(&mut self, layer: &str, x: usize, groups: usize) -> usize {
        let positions = self.shape(x).positions;
        self.norm(layer, x, Over::Features { groups, positions })
    }

    /// Standardises, then applies a gain and a shift per feature.
    pub(in crate::net) fn norm(&mut self, layer: &str, x: usize, over: Over) -> usize {
        let shape = self.shape(x);
        if let Over::Features { groups, positions: 1 } = over {
            let x = self.push(Standardise { groups }, &[x], shape);
            return self.affine(layer, x);
        }
        let gain = self.per_feature(layer, shape.features, Role::Gain);
        let shift = self.per_feature(layer, shape.features, Role::Shift);
        self.push(Norm { over, gain, shift }, &[x], shape)
    }

    /// γ∘x + β with a gain and a shift per feature.
    pub(in crate::net) fn affine(&mut self, layer: &str, x: usize) -> usize {
        let shape = self.shape(x);
        let gain = Some(self.per_feature(layer, shape.features, Role::Gain));
        let shift = Some(self.per_feature(layer, shape.features, Role::Shift));
        self.push(Affine { gain, shift }, &[x], shape)
    }

    /// A linear layer without bias whose weight is divided by an estimate of its spectral norm and
    /// multiplied by a gain (σReparam, arXiv 2303.06296).
    pub(in crate::net) fn spectral_linear(
        &mut self,
        layer: &str,
        x: usize,
        n_units: usize,
    ) -> usize {
        let z = self.linear(layer, x, n_units);
        let weight = self.program.params.len() - 1;
        let gain = self.per_feature(layer, 1, Role::Gain);
        let left = self.buffer(format!("{layer}.left_singular"), &[n_units], 1.0);
        let op = SpectralScale { weight, gain, left };
        self.push(op, &[z], self.shape(z))
    }

    /// One gain or one shift shared by all features (Fixup, arXiv 1901.09321).
    pub(in crate::net) fn scalar(&mut self, layer: &str, x: usize, kind: Scalar) -> usize {
        let shape = self.shape(x);
        let op = match kind {
            Scalar::Gain => {
                Affine { gain: Some(self.per_feature(layer, 1, Role::Gain)), shift: None }
            }
            Scalar::Shift => {
                Affine { gain: None, shift: Some(self.per_feature(layer, 1, Role::Shift)) }
            }
        };
        self.push(op, &[x], shape)
    }

    /// Adds a gain or shift of `n` elements.
    fn per_feature(&mut self, layer: &str, n: usize, role: Role) -> usize {
        let kind = if role == Role::Gain { "gain" } else { "shift" };
        self.param(format!("{layer}.{kind}"), &[n], role, Fans { fan_in: n, fan_out: n })
    }
}
