//! Residual branches, plain or in Fixup's form.

use super::Builder;
use super::shared_layers::{Product, Then, complete};
use crate::config::{ModelSpec, ResidualForm};
use crate::net::builder::Scalar;

/// One residual branch under construction.
pub(super) struct Branch<'a> {
    name: &'a str,
    model: &'a ModelSpec,
}

impl<'a> Branch<'a> {
    /// Begins the branch of the block of this name.
    pub(super) fn begin(net: &mut Builder, name: &'a str, model: &'a ModelSpec) -> Self {
        net.begin_branch();
        Self { name, model }
    }

    /// Whether branches have Fixup's form (arXiv 1901.09321): instead of normalization and
    /// per-feature biases, a scalar bias before every layer and every activation, and a scalar
    /// multiplier per branch.
    pub(super) fn is_fixup(model: &ModelSpec) -> bool {
        model.residual == ResidualForm::Fixup
    }

    /// Prepares `x` as the input of the `layer`-th layer, from 1.
    pub(super) fn before(&self, net: &mut Builder, x: usize, layer: usize) -> usize {
        if Self::is_fixup(self.model) {
            net.scalar(&format!("{}.before{layer}", self.name), x, Scalar::Shift)
        } else {
            x
        }
    }

    /// Completes a layer after its weight · input; the last layer of a branch has no activation.
    pub(super) fn after(
        &self,
        net: &mut Builder,
        layer: &str,
        product: Product,
        is_last: bool,
    ) -> usize {
        let z = product.z;
        let then = if is_last { Then::Nothing } else { Then::Activate };
        let y = match (Self::is_fixup(self.model), then) {
            (false, _) => complete(net, self.model, layer, product, then),
            (true, Then::Nothing) => {
                let z = net.scalar(&format!("{}.branch", self.name), z, Scalar::Gain);
                net.scalar(&format!("{}.branch", self.name), z, Scalar::Shift)
            }
            (true, Then::Activate) => {
                let z = net.scalar(layer, z, Scalar::Shift);
                net.bias_activation(z, None, self.model.activation)
            }
        };
        if is_last {
            net.end_branch();
        }
        y
    }

    /// φ(x + y) for the shortcut x and the branch y.
    pub(super) fn join(self, net: &mut Builder, x: usize, y: usize) -> usize {
        let sum = net.add(x, y);
        net.bias_activation(sum, None, self.model.activation)
    }
}

/// Completes the stem in Fixup's form.
pub(super) fn begin_fixup(net: &mut Builder, model: &ModelSpec, z: usize) -> usize {
    let z = net.scalar("stem", z, Scalar::Shift);
    net.bias_activation(z, None, model.activation)
}

/// Prepares the classifier's input in Fixup's form.
pub(super) fn end_fixup(net: &mut Builder, x: usize) -> usize {
    net.scalar("end", x, Scalar::Shift)
}
