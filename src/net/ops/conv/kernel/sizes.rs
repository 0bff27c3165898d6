//! Sizes of a convolution, its weights packed into panels of outputs, and the product for one
//! output row.

use candle_core::{Result, Tensor, bail};

use super::channels::Channels;
use super::padded::Padded;
use crate::net::simd::blocks::{Factor, Strides, sum_rows, width};
use crate::net::simd::gemm::{Into, Mat};
use crate::net::simd::{Direction, Real};
use crate::net::sliding_window::{Filter, Window};

/// Sizes of one convolution.
#[derive(Clone, Copy)]
pub(super) struct Sizes {
    pub(super) window: Window,
    pub(super) groups: usize,
    /// Pixels of an input image.
    pub(super) pixels: usize,
    /// Pixels of an output image.
    pub(super) places: usize,
    /// Channels, in all and per group.
    pub(super) channels: usize,
    pub(super) share: usize,
    /// Output channels, in all and per group.
    pub(super) outputs: usize,
    pub(super) outputs_share: usize,
    /// Elements of a patch in one group.
    pub(super) patch: usize,
    /// Outputs per panel of weights.
    pub(super) panel: usize,
}

/// Where to add a product in outputs `[places, k, o]`.
pub(super) struct To<'a, T> {
    pub(super) row: &'a mut [T],
    pub(super) at: Direction,
    pub(super) into: Into,
}

impl Sizes {
    pub(super) fn new<T>(w: &Tensor, Filter { window, groups }: Filter) -> Result<Self> {
        let (outputs, height, width_of_kernel, share) = w.dims4()?;
        let kernel = (window.kernel.height, window.kernel.width);
        if (height, width_of_kernel) != kernel || outputs % groups != 0 {
            bail!("weights {:?} do not fit {window:?} with {groups} groups", w.dims());
        }
        Ok(Self {
            window,
            groups,
            pixels: window.image.positions(),
            places: window.output().positions(),
            channels: share * groups,
            share,
            outputs,
            outputs_share: outputs / groups,
            patch: window.kernel.positions() * share,
            panel: width::<T>(outputs / groups),
        })
    }

    /// Elements of an input image and of its output.
    pub(super) fn lengths(&self) -> (usize, usize) {
        (self.pixels * self.channels, self.places * self.outputs)
    }

    /// Number of images in `n_rows` rows with `rows` rows per image.
    pub(super) fn images(n_rows: usize, rows: usize) -> usize {
        n_rows / rows.max(1)
    }

    /// Channels of one group and one direction.
    pub(super) fn channels_of(&self, group: usize, at: Direction) -> Channels {
        let Direction { j, k } = at;
        let first = j * self.channels + group * self.share;
        Channels { first, count: self.share, step: k * self.channels }
    }

    /// Panels per group.
    fn n_panels(&self) -> usize {
        self.outputs_share.div_ceil(self.panel)
    }

    /// Elements of the panels of all groups.
    pub(super) fn len_of_panels(&self) -> usize {
        self.groups * self.n_panels() * self.patch * self.panel
    }

    /// Group, first output (among all outputs) and number of outputs of every panel.
    pub(super) fn panels_of_groups(&self) -> impl Iterator<Item = (usize, usize, usize)> {
        let Self { groups, outputs_share: n, panel, .. } = *self;
        (0..groups).flat_map(move |group| {
            let outputs = (0..n).step_by(panel.max(1));
            outputs.map(move |first| (group, group * n + first, panel.min(n - first)))
        })
    }

    /// Packs weights, or their directions, into panels `[patch, outputs of the panel]` of every
    /// group, zero-padded.
    pub(super) fn panels<T: Real>(&self, w: &[T]) -> Vec<T> {
        let mut panels =
            vec![T::ZERO; w.len() / (self.outputs * self.patch) * self.len_of_panels()];
        let directions = w.chunks_exact(self.outputs * self.patch);
        for (w, panels) in directions.zip(panels.chunks_exact_mut(self.len_of_panels())) {
            let panels = panels.chunks_exact_mut(self.patch * self.panel);
            for ((_, first, n), panel) in self.panels_of_groups().zip(panels) {
                let w = w[first * self.patch..][..n * self.patch].chunks_exact(self.patch);
                for (o, w) in w.enumerate() {
                    for (row, w) in panel.chunks_exact_mut(self.panel).zip(w) {
                        row[o] = *w;
                    }
                }
            }
        }
        panels
    }

    /// Inverse of [`Self::panels`] for one direction.
    pub(super) fn unpack<T: Real>(&self, panels: &[T], w: &mut [T]) {
        let panels = panels.chunks_exact(self.patch * self.panel);
        for ((_, first, n), panel) in self.panels_of_groups().zip(panels) {
            let w = w[first * self.patch..][..n * self.patch].chunks_exact_mut(self.patch);
            for (o, w) in w.enumerate() {
                for (row, w) in panel.chunks_exact(self.panel).zip(w) {
                    *w = row[o];
                }
            }
        }
    }

    /// Weights `[outputs of the group, patch]` of one group.
    pub(super) fn weights<'a, T>(&self, w: &'a [T], group: usize) -> Mat<'a, T> {
        let n = self.outputs_share;
        Mat::rows(&w[group * n * self.patch..], n, self.patch, self.patch)
    }

    /// Outputs `[places, outputs of the group]` of one group and one direction.
    pub(super) fn outputs_of<'a, T>(&self, y: &'a [T], group: usize, at: Direction) -> Mat<'a, T> {
        let Direction { j, k } = at;
        let y = &y[j * self.outputs + group * self.outputs_share..];
        Mat::rows(y, self.places, self.outputs_share, k * self.outputs)
    }

    /// Adds one output row: row `y` of the padded images, one per group from index `first` on,
    /// times panels.
    pub(super) fn multiply<T: Real>(
        &self,
        y: usize,
        padded: &Padded<T>,
        first: usize,
        panels: &[T],
        to: To<'_, T>,
    ) {
        if self.panel == 16 {
            self.multiply_by::<T, 16>(y, padded, first, panels, to);
        } else {
            self.multiply_by::<T, 8>(y, padded, first, panels, to);
        }
    }

    fn multiply_by<T: Real, const W: usize>(
        &self,
        y: usize,
        padded: &Padded<T>,
        first: usize,
        panels: &[T],
        to: To<'_, T>,
    ) {
        let To { row, at, into } = to;
        let (terms, step) = (padded.terms(), at.k * self.outputs);
        let strides = Strides { row: 0, term: W, segment: terms.n_terms * W };
        let panels = panels.chunks_exact(self.patch * W);
        for ((group, output, n), panel) in self.panels_of_groups().zip(panels) {
            let patches = padded.patches(first + group, y);
            let start = at.j * self.outputs + output;
            let n_places = self.window.output().width;
            let panel = Factor { data: panel, strides };
            sum_rows::<T, W>(n_places, patches, panel, terms, |place, sums| {
                let to = &mut row[place * step + start..][..n];
                if into == Into::Sum {
                    add(to, sums);
                } else if let Ok(to) = <&mut [T; W]>::try_from(&mut *to) {
                    *to = *sums;
                } else {
                    to.copy_from_slice(&sums[..n]);
                }
            });
        }
    }
}

/// to += sums, for the length of `to`.
pub(super) fn add<T: Real>(to: &mut [T], sums: &[T]) {
    for (to, sum) in to.iter_mut().zip(sums) {
        *to += *sum;
    }
}
