//! Convolution of images, y = x ∗ w, channels last and without bias.

mod composed;
mod kernel;
#[cfg(test)]
mod tests;

use candle_core::{Result, Tensor};

use crate::net::dispatch::dispatch;
use crate::net::ops::linear::{
    linear, linear_backward_input, linear_backward_weight, linear_tangent,
    linear_tangent_backward_input, linear_tangent_backward_weight,
};
use crate::net::passes::{Directions, Forward, Gradients, Pair, Passes, Primal, Saved, Tangent};
use crate::net::sliding_window::{Filter, Image, Window};

pub(crate) use composed::covered;

dispatch! {
    fn conv(x: &Tensor, w: &Tensor, filter: Filter) -> Tensor;
    fn conv_backward_weight(x: &Tensor, g: &Tensor, w: &Tensor, filter: Filter) -> Tensor;
    fn conv_backward_input(g: &Tensor, w: &Tensor, filter: Filter) -> Tensor;
    fn conv_tangent(x: &Tensor, dx: Option<&Tensor>, w: &Tensor, dw: &Tensor, filter: Filter) -> Tensor;
    fn conv_tangent_backward_weight(x: &Tensor, dx: Option<&Tensor>, g: &Tensor, dg: &Tensor, w: &Tensor, filter: Filter) -> Tensor;
    fn conv_tangent_backward_input(g: &Tensor, dg: &Tensor, w: &Tensor, dw: &Tensor, filter: Filter) -> Tensor;
}

/// y = x ∗ w; the positions of x are the pixels of the window's image in row-major order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv {
    /// Parameter of shape `[outputs, kernel rows, kernel columns, channels/groups]`, `PyTorch`'s
    /// with the second axis moved last.
    pub weight: usize,
    /// Window and groups.
    pub filter: Filter,
}

impl Conv {
    /// Whether it is a linear op applied to every pixel: a 1×1 window, one group.
    fn is_linear(&self) -> bool {
        self.filter.window.is_pointwise() && self.filter.groups == 1
    }
}

/// `[outputs, 1, 1, channels]` as `[outputs, channels]`, or a block of directions of it.
fn as_matrix(w: &Tensor) -> Result<Tensor> {
    w.squeeze(w.rank() - 2)?.squeeze(w.rank() - 3)
}

impl Passes for Conv {
    fn label(&self) -> String {
        let Window { kernel: Image { height, width }, stride, .. } = self.filter.window;
        let stride = if stride == 1 { String::new() } else { format!(", stride {stride}") };
        format!("conv {height}×{width}{stride}")
    }

    fn params(&self) -> Vec<usize> {
        vec![self.weight]
    }

    fn multiplier(&self) -> Option<usize> {
        Some(self.weight)
    }

    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        let (x, w) = (at.input(0), at.param(self.weight));
        let value =
            if self.is_linear() { linear(x, &as_matrix(w)?)? } else { conv(x, w, self.filter)? };
        Ok(Forward::of(value, Saved::none()))
    }

    fn backward(&self, at: Primal<'_>, _: &mut Saved, g: &Tensor) -> Result<Gradients> {
        let (x, w) = (at.input(0), at.param(self.weight));
        let (dx, dw) = if self.is_linear() {
            let dx = at.if_wanted(0, || linear_backward_input(g, &as_matrix(w)?))?;
            (dx, linear_backward_weight(x, g)?.reshape(w.shape())?)
        } else {
            let dx = at.if_wanted(0, || conv_backward_input(g, w, self.filter))?;
            (dx, conv_backward_weight(x, g, w, self.filter)?)
        };
        Ok(Gradients { inputs: vec![dx], params: vec![(self.weight, dw)] })
    }

    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, _: &Saved) -> Result<Tangent> {
        let (x, dx) = (at.input(0), along.input(0));
        let (w, dw) = (at.param(self.weight), along.param(self.weight));
        let value = if self.is_linear() {
            linear_tangent(x, dx, &as_matrix(w)?, &as_matrix(dw)?)?
        } else {
            conv_tangent(x, dx, w, dw, self.filter)?
        };
        Ok(Tangent { value, saved: Saved::none() })
    }

    fn tangent_backward(
        &self,
        at: Primal<'_>,
        along: Directions<'_>,
        _: &Saved,
        Pair { g, dg }: Pair<'_>,
    ) -> Result<Gradients> {
        let (x, dx) = (at.input(0), along.input(0));
        let (w, dw) = (at.param(self.weight), along.param(self.weight));
        let (ddx, ddw) = if self.is_linear() {
            let (w, dw) = (as_matrix(w)?, as_matrix(dw)?);
            let ddx = at.if_wanted(0, || linear_tangent_backward_input(g, dg, &w, &dw))?;
            (ddx, linear_tangent_backward_weight(x, dx, g, dg)?)
        } else {
            let filter = self.filter;
            let ddx = at.if_wanted(0, || conv_tangent_backward_input(g, dg, w, dw, filter))?;
            (ddx, conv_tangent_backward_weight(x, dx, g, dg, w, filter)?)
        };
        let ddw = ddw.reshape(dw.shape())?;
        Ok(Gradients { inputs: vec![ddx], params: vec![(self.weight, ddw)] })
    }

    #[cfg(test)]
    fn reference(&self, inputs: &[&Tensor], params: &[Tensor]) -> Result<Tensor> {
        tests::reference(*self, inputs[0], params)
    }
}
