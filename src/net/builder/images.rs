//! Convolutions, pooling and patches of images, whose pixels are positions.

use super::{Builder, Fans};
use crate::config::PoolKind;
use crate::net::engine::Role;
use crate::net::ops::conv::Conv;
use crate::net::ops::patches::Patches;
use crate::net::ops::pool::Pool;
use crate::net::ops::reshape::Reshape;
use crate::net::passes::Shape;
use crate::net::sliding_window::{Filter, Image, Window};

impl Builder {
    /// Reshapes x to this many positions per example, which must divide its size. Returns x itself
    /// if it already has them.
    pub(in crate::net) fn reshape(&mut self, x: usize, positions: usize) -> usize {
        let from = self.shape(x);
        if from.positions == positions {
            return x;
        }
        let to = Shape { positions, features: from.len() / positions };
        self.push(Reshape { from, to }, &[x], to)
    }

    /// A convolution to `n_channels` without bias, over an image whose pixels are the positions of
    /// `x`; its weight is `[n_channels, kernel rows, kernel columns, channels of x / groups]`.
    /// Returns the output's value index, its image size, and the layer's fans.
    pub(in crate::net) fn conv(
        &mut self,
        layer: &str,
        x: usize,
        n_channels: usize,
        filter: Filter,
    ) -> (usize, Image, Fans) {
        let Filter { window, groups } = filter;
        let (share, output) = (self.shape(x).features / groups, window.output());
        let area = window.kernel.positions();
        let fans = Fans { fan_in: area * share, fan_out: area * n_channels / groups };
        let shape = [n_channels, window.kernel.height, window.kernel.width, share];
        let weight = self.param(format!("{layer}.weight"), &shape, Role::Weight, fans);
        let shape = Shape { positions: output.positions(), features: n_channels };
        (self.push(Conv { weight, filter }, &[x], shape), output, fans)
    }

    /// Mean or max pooling without padding; returns the output's value index and its image size.
    pub(in crate::net) fn pool(
        &mut self,
        x: usize,
        kind: PoolKind,
        window: Window,
    ) -> (usize, Image) {
        let output = window.output();
        let shape = Shape { positions: output.positions(), features: self.shape(x).features };
        (self.push(Pool { kind, window }, &[x], shape), output)
    }

    /// Appends an op that cuts images into patches.
    pub(in crate::net) fn patches(&mut self, x: usize, patches: Patches) -> usize {
        let shape = Shape { positions: patches.positions(), features: patches.features() };
        self.push(patches, &[x], shape)
    }
}
