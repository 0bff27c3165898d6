//! Cuts images into patches, one position each.

#[cfg(test)]
mod tests;

use candle_core::{Result, Tensor};

use crate::net::passes::{Directions, Forward, Gradients, Pair, Passes, Primal, Saved, Tangent};
use crate::net::sliding_window::Image;

/// Maps images `[n, h·w·c]` to patches `[n·(h/a)·(w/b), a·b·c]`; both in row-major order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patches {
    /// Image size; a multiple of the patch size in both directions.
    pub image: Image,
    /// Channels per pixel.
    pub channels: usize,
    /// Patch size.
    pub size: Image,
}

impl Passes for Patches {
    fn label(&self) -> String {
        format!("patches {}×{}", self.size.height, self.size.width)
    }

    fn params(&self) -> Vec<usize> {
        Vec::new()
    }

    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        let x = at.input(0);
        let patches = self.cut(x)?.reshape(((), self.features()))?;
        Ok(Forward::of(patches, Saved::none()))
    }

    fn backward(&self, at: Primal<'_>, _: &mut Saved, g: &Tensor) -> Result<Gradients> {
        let image = at.input(0).shape();
        let dx = at.if_wanted(0, || self.put_together(g)?.reshape(image))?;
        Ok(Gradients { inputs: vec![dx], params: Vec::new() })
    }

    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, _: &Saved) -> Result<Tangent> {
        let dx = along.input_or_zeros(0, at.input(0))?;
        let (n, k, _) = dx.dims3()?;
        let patches = self.cut(&dx)?.reshape((n, k, (), self.features()))?.transpose(1, 2)?;
        let value = patches.contiguous()?.reshape(((), k, self.features()))?;
        Ok(Tangent { value, saved: Saved::none() })
    }

    fn tangent_backward(
        &self,
        at: Primal<'_>,
        along: Directions<'_>,
        _: &Saved,
        Pair { dg, .. }: Pair<'_>,
    ) -> Result<Gradients> {
        let (n, k) = (at.input(0).dim(0)?, along.k);
        let ddx = at.if_wanted(0, || {
            let patches = dg.reshape((n, (), k, self.features()))?.transpose(1, 2)?;
            self.put_together(&patches.contiguous()?)?.reshape((n, k, ()))
        })?;
        Ok(Gradients { inputs: vec![ddx], params: Vec::new() })
    }

    #[cfg(test)]
    fn reference(&self, inputs: &[&Tensor], _: &[Tensor]) -> Result<Tensor> {
        tests::reference(*self, inputs[0])
    }
}

impl Patches {
    /// Features per patch.
    pub(in crate::net) fn features(&self) -> usize {
        self.size.positions() * self.channels
    }

    /// Patches per image.
    pub(in crate::net) fn positions(&self) -> usize {
        self.image.positions() / self.size.positions()
    }

    /// Patches per row of patches.
    fn across(&self) -> usize {
        self.image.width / self.size.width
    }

    /// Maps any number of flattened images to their flattened patches.
    fn cut(&self, images: &Tensor) -> Result<Tensor> {
        let (height, row) = (self.size.height, self.size.width * self.channels);
        let strips = images.reshape(((), height, self.across(), row))?;
        strips.transpose(1, 2)?.contiguous()
    }

    /// Inverse of [`Self::cut`].
    fn put_together(&self, patches: &Tensor) -> Result<Tensor> {
        let (height, row) = (self.size.height, self.size.width * self.channels);
        let strips = patches.reshape(((), self.across(), height, row))?;
        strips.transpose(1, 2)?.contiguous()
    }
}
