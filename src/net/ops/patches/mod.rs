//! An image cut into patches, one position each.
//! Does not know what the channels are.

#[cfg(test)]
mod tests;

use candle_core::{Result, Tensor};

use crate::net::passes::{Directions, Forward, Gradients, Kept, Pair, Passes, Primal, Tangent};
use crate::net::window::Image;

/// From images `[n, h·w·c]`, row by row, to patches `[n·(h/a)·(w/b), a·b·c]`, row by row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patches {
    /// Pixels of the image; multiples of those of a patch.
    pub image: Image,
    /// Numbers a pixel has.
    pub channels: usize,
    /// Pixels of a patch.
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
        Ok(Forward::of(patches, Kept::none()))
    }

    fn backward(&self, at: Primal<'_>, _: &mut Kept, g: &Tensor) -> Result<Gradients> {
        let image = at.input(0).shape();
        let dx = at.if_wanted(0, || self.put_together(g)?.reshape(image))?;
        Ok(Gradients { inputs: vec![dx], params: Vec::new() })
    }

    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, _: &Kept) -> Result<Tangent> {
        let dx = along.input_or_zeros(0, at.input(0))?;
        let (n, k, _) = dx.dims3()?;
        let patches = self.cut(&dx)?.reshape((n, k, (), self.features()))?.transpose(1, 2)?;
        let value = patches.contiguous()?.reshape(((), k, self.features()))?;
        Ok(Tangent { value, kept: Kept::none() })
    }

    fn tangent_backward(
        &self,
        at: Primal<'_>,
        along: Directions<'_>,
        _: &Kept,
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
    fn plain(&self, inputs: &[&Tensor], _: &[Tensor]) -> Result<Tensor> {
        tests::plain(*self, inputs[0])
    }
}

impl Patches {
    /// Numbers a patch has.
    pub(in crate::net) fn features(&self) -> usize {
        self.size.positions() * self.channels
    }

    /// Patches of an image.
    pub(in crate::net) fn positions(&self) -> usize {
        self.image.positions() / self.size.positions()
    }

    /// Patches beside each other.
    fn across(&self) -> usize {
        self.image.width / self.size.width
    }

    /// From any number of images to their patches, both in one row of numbers.
    fn cut(&self, images: &Tensor) -> Result<Tensor> {
        let (height, row) = (self.size.height, self.size.width * self.channels);
        let strips = images.reshape(((), height, self.across(), row))?;
        strips.transpose(1, 2)?.contiguous()
    }

    /// The way back.
    fn put_together(&self, patches: &Tensor) -> Result<Tensor> {
        let (height, row) = (self.size.height, self.size.width * self.channels);
        let strips = patches.reshape(((), self.across(), height, row))?;
        strips.transpose(1, 2)?.contiguous()
    }
}
