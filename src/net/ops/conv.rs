//! The convolution y = x ∗ w of every image, channels last and without a bias.
//! Does not know what follows.

use candle_core::{Result, Tensor};

use super::{Directions, Forward, Gradients, Kept, Pair, Passes, Primal, Tangent};
use crate::net::dispatch as fused;
use crate::net::window::{Filter, Image, Window};

/// y = x ∗ w; the positions of x are the pixels of the window's image row by row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv {
    /// Parameter of shape `[outputs, kernel rows, kernel columns, channels/groups]`: that of
    /// `PyTorch` with its second axis last.
    pub weight: usize,
    /// How it reads the image.
    pub filter: Filter,
}

impl Conv {
    /// Whether it is the same matrix product at every pixel.
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

    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        let (x, w) = (at.input(0), at.param(self.weight));
        let value = if self.is_linear() {
            fused::linear(x, &as_matrix(w)?)?
        } else {
            fused::conv(x, w, self.filter)?
        };
        Ok(Forward::of(value, Kept::none()))
    }

    fn backward(&self, at: Primal<'_>, _: &mut Kept, g: &Tensor) -> Result<Gradients> {
        let (x, w) = (at.input(0), at.param(self.weight));
        let (dx, dw) = if self.is_linear() {
            let dx = at.if_wanted(0, || fused::linear_backward_input(g, &as_matrix(w)?))?;
            (dx, fused::linear_backward_weight(x, g)?.reshape(w.shape())?)
        } else {
            let dx = at.if_wanted(0, || fused::conv_backward_input(g, w, self.filter))?;
            (dx, fused::conv_backward_weight(x, g, w, self.filter)?)
        };
        Ok(Gradients { inputs: vec![dx], params: vec![(self.weight, dw)] })
    }

    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, _: &Kept) -> Result<Tangent> {
        let (x, dx) = (at.input(0), along.input(0));
        let (w, dw) = (at.param(self.weight), along.param(self.weight));
        let value = if self.is_linear() {
            fused::linear_tangent(x, dx, &as_matrix(w)?, &as_matrix(dw)?)?
        } else {
            fused::conv_tangent(x, dx, w, dw, self.filter)?
        };
        Ok(Tangent { value, kept: Kept::none() })
    }

    fn tangent_backward(
        &self,
        at: Primal<'_>,
        along: Directions<'_>,
        _: &Kept,
        Pair { g, dg }: Pair<'_>,
    ) -> Result<Gradients> {
        let (x, dx) = (at.input(0), along.input(0));
        let (w, dw) = (at.param(self.weight), along.param(self.weight));
        let (ddx, ddw) = if self.is_linear() {
            let (w, dw) = (as_matrix(w)?, as_matrix(dw)?);
            let ddx = at.if_wanted(0, || fused::linear_tangent_backward_input(g, dg, &w, &dw))?;
            (ddx, fused::linear_tangent_backward_weight(x, dx, g, dg)?)
        } else {
            let filter = self.filter;
            let ddx =
                at.if_wanted(0, || fused::conv_tangent_backward_input(g, dg, w, dw, filter))?;
            (ddx, fused::conv_tangent_backward_weight(x, dx, (g, dg), w, filter)?)
        };
        let ddw = ddw.reshape(dw.shape())?;
        Ok(Gradients { inputs: vec![ddx], params: vec![(self.weight, ddw)] })
    }
}

#[cfg(test)]
mod tests {
    use candle_core::{Result, Tensor};

    use crate::config::Activation;
    use crate::net::builder::Builder;
    use crate::net::oracle::{self, Twin};
    use crate::net::window::{Filter, Image, Window};

    fn filter(
        image: Image,
        kernel: (usize, usize),
        (stride, padding, groups): (usize, usize, usize),
    ) -> Filter {
        let kernel = Image { height: kernel.0, width: kernel.1 };
        Filter { window: Window { image, kernel, stride, padding }, groups }
    }

    /// candle's convolution of `[n·h·w, c]`, as `[n·q, o]`.
    fn candles(x: &Tensor, w: &Tensor, Filter { window, groups }: Filter) -> Result<Tensor> {
        let x = x.reshape(((), window.image.height, window.image.width, x.dim(1)?))?;
        let x = x.permute((0, 3, 1, 2))?.contiguous()?;
        let w = w.permute((0, 3, 1, 2))?.contiguous()?;
        let zeros = |kernel: usize| if kernel == 1 { 0 } else { window.padding };
        let (above, left) = (zeros(window.kernel.height), zeros(window.kernel.width));
        let x = x.pad_with_zeros(2, above, above)?.pad_with_zeros(3, left, left)?;
        let y = x.conv2d(&w, 0, window.stride, 1, groups)?;
        y.permute((0, 2, 3, 1))?.contiguous()?.reshape(((), w.dim(0)?))
    }

    /// Two convolutions with a tanh between them, and a linear layer to two outputs.
    fn check(image: Image, kernel: (usize, usize), how: (usize, usize, usize)) {
        let (channels, width) = (2, 4);
        let mut net = Builder::new(image.positions() * channels);
        let x = net.reshape(0, image.positions());
        let first = filter(image, kernel, how);
        let (x, inner, _) = net.conv("a", x, width, first);
        let x = net.bias_activation(x, None, Activation::Tanh);
        let second = filter(inner, kernel, how);
        let (x, last, _) = net.conv("b", x, 2, second);
        let x = net.reshape(x, 1);
        net.linear("c", x, 2);
        let twin: Twin<'_> = &|w, x| {
            let x = candles(&x.reshape(((), channels))?, &w[0], first)?.tanh()?;
            let x = candles(&x, &w[1], second)?;
            x.reshape(((), 2 * last.positions()))?.matmul(&w[2].t()?)
        };
        let is_covered = is_covered(first.window) && is_covered(second.window);
        oracle::check(&net.finish(), None, is_covered.then_some(twin));
    }

    /// Whether the windows cover the padded image to its last pixel: candle differentiates no others.
    fn is_covered(Window { image, kernel, stride, padding }: Window) -> bool {
        let rest = |size: usize, kernel: usize| {
            (size + if kernel == 1 { 0 } else { 2 * padding } - kernel) % stride
        };
        rest(image.height, kernel.height) == 0 && rest(image.width, kernel.width) == 0
    }

    fn image(height: usize, width: usize) -> Image {
        Image { height, width }
    }

    #[test]
    fn convolutions_of_any_padding_and_groups_have_exact_derivatives() {
        for how in [(1, 0, 1), (1, 0, 2), (1, 1, 1), (1, 1, 2)] {
            check(image(6, 6), (3, 3), how);
        }
    }

    #[test]
    fn convolutions_with_a_stride_have_exact_derivatives() {
        for how in [(2, 0, 1), (2, 0, 2), (2, 1, 1), (2, 1, 2)] {
            check(image(9, 9), (3, 3), how);
            check(image(8, 9), (3, 3), how);
        }
        check(image(7, 7), (3, 3), (2, 0, 1));
    }

    #[test]
    fn convolutions_of_one_pixel_have_exact_derivatives() {
        for how in [(1, 0, 1), (1, 0, 2), (2, 0, 1), (1, 1, 1)] {
            check(image(5, 5), (1, 1), how);
        }
    }

    #[test]
    fn convolutions_of_rectangles_by_rectangles_have_exact_derivatives() {
        check(image(5, 8), (3, 2), (1, 1, 1));
        check(image(8, 7), (2, 3), (2, 0, 2));
        check(image(1, 6), (1, 3), (1, 1, 1));
    }

    #[test]
    fn a_layer_is_named_and_counts_what_it_reads_and_feeds() {
        let mut net = Builder::new(36 * 4);
        let x = net.reshape(0, 36);
        let (_, output, fans) = net.conv("layer0", x, 6, filter(image(6, 6), (3, 3), (2, 1, 2)));
        assert_eq!(output, image(3, 3));
        assert_eq!((fans.fan_in, fans.fan_out), (18, 27));
        let program = net.finish();
        let weight = &program.params()[0];
        assert_eq!(
            (weight.name.as_str(), weight.shape.as_slice()),
            ("layer0.weight", &[6, 3, 3, 2][..])
        );
        assert_eq!((weight.fan_in, weight.fan_out), (18, 27));
        assert_eq!(program.work(), 9 * 6 * 18);
    }
}
