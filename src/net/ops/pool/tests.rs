//! Pooling: output and derivatives against candle, kernels against their fallback.

use candle_core::{Result, Tensor};

use super::{Pool, composed, kernel};
use crate::config::{Activation, PoolKind};
use crate::net::Program;
use crate::net::builder::Builder;
use crate::net::dispatch::testing::{K, N, check, same, tensor, windows};
use crate::net::oracle::{self, Reference};
use crate::net::sliding_window::{Image, Window};

pub(super) fn reference(op: Pool, x: &Tensor) -> Result<Tensor> {
    let Window { image, kernel, .. } = op.window;
    let (output, d) = (op.window.output(), x.dim(1)?);
    let x = x.reshape(((), image.height, image.width, d))?;
    let x = x.narrow(1, 0, output.height * kernel.height)?;
    let x = x.narrow(2, 0, output.width * kernel.width)?.contiguous()?;
    let x = x.reshape(((), kernel.height, output.width, kernel.width * d))?.transpose(1, 2)?;
    let x = x.contiguous()?.reshape(((), kernel.positions(), d))?;
    match op.kind {
        PoolKind::Average => x.mean(1),
        PoolKind::Max => {
            let pixel = |i| x.narrow(1, i, 1)?.squeeze(1);
            (1..kernel.positions()).try_fold(pixel(0)?, |most, i| most.maximum(&pixel(i)?))
        }
    }
}

const CHANNELS: usize = 3;

fn window(image: [usize; 2], kernel: [usize; 2], stride: usize) -> Window {
    let [image, kernel] = [image, kernel].map(|[height, width]| Image { height, width });
    Window { image, kernel, stride, padding: 0 }
}

/// A linear layer with tanh at every pixel, a pool, and a linear layer to two outputs.
fn program(kind: PoolKind, window: Window) -> Program {
    let mut net = Builder::new(window.image.positions() * 2);
    let x = net.reshape(0, window.image.positions());
    let x = net.linear("a", x, CHANNELS);
    let x = net.bias_activation(x, None, Activation::Tanh);
    let (x, _) = net.pool(x, kind, window);
    let x = net.reshape(x, 1);
    net.linear("b", x, 2);
    net.finish()
}

/// Checks [`program`] against candle, which pools by `pooled`, from `[n, c, h, w]` to
/// `[n, c, h′, w′]`.
fn check(kind: PoolKind, window: Window, pooled: &dyn Fn(&Tensor) -> Result<Tensor>) {
    let Image { height, width } = window.image;
    let reference: Reference<'_> = &|w, x| {
        let x = x.reshape(((), 2))?.matmul(&w[0].t()?)?.tanh()?;
        let x = x.reshape(((), height, width, CHANNELS))?.permute((0, 3, 1, 2))?.contiguous()?;
        let y = pooled(&x)?.permute((0, 2, 3, 1))?.contiguous()?.flatten_from(1)?;
        y.matmul(&w[1].t()?)
    };
    oracle::check(&program(kind, window), None, Some(reference));
}

/// Applies `taken` to the pixels `[n, c, 1, 1, kh·kw]` of every window.
fn by_windows(
    x: &Tensor,
    window: Window,
    taken: impl Fn(&Tensor) -> Result<Tensor>,
) -> Result<Tensor> {
    let (kernel, output) = (window.kernel, window.output());
    let row = |y: usize| {
        let place = |i: usize| {
            let x = x.narrow(2, y * window.stride, kernel.height)?;
            let x = x.narrow(3, i * window.stride, kernel.width)?.contiguous()?;
            taken(&x.flatten_from(2)?)?.unsqueeze(2)?.unsqueeze(3)
        };
        Tensor::cat(&(0..output.width).map(place).collect::<Result<Vec<_>>>()?, 3)
    };
    Tensor::cat(&(0..output.height).map(row).collect::<Result<Vec<_>>>()?, 2)
}

#[test]
fn means_have_exact_derivatives() {
    check(PoolKind::Average, window([4, 6], [2, 2], 2), &|x| x.avg_pool2d(2));
    check(PoolKind::Average, window([5, 3], [5, 3], 1), &|x| {
        x.flatten_from(2)?.mean(2)?.unsqueeze(2)?.unsqueeze(3)
    });
    for window in [window([5, 7], [3, 3], 2), window([5, 4], [2, 3], 1), window([7, 7], [2, 2], 3)]
    {
        check(PoolKind::Average, window, &|x| by_windows(x, window, |x| x.mean(2)));
    }
}

#[test]
fn maxima_have_exact_derivatives() {
    for window in [window([4, 6], [2, 2], 2), window([5, 7], [3, 3], 2), window([5, 4], [2, 3], 1)]
    {
        check(PoolKind::Max, window, &|x| by_windows(x, window, |x| x.max(2)));
    }
}

#[test]
fn pooling_kernels_equal_their_composed_fallbacks() {
    let c = 4;
    for window in windows().map(|window| Window { padding: 0, ..window }) {
        let (p, q) = (N * window.image.positions(), N * window.output().positions());
        let (x, dx) = (tensor(&[p, c], 0.1), tensor(&[p, K, c], 0.4));
        // With two equal maxima, the first is chosen.
        let x = Tensor::cat(&[&x.narrow(0, 1, 1).unwrap(), &x.narrow(0, 1, p - 1).unwrap()], 0);
        let (x, dg) = (x.unwrap(), tensor(&[q, K, c], 0.6));
        let ((y, chosen), (y2, chosen2)) =
            (kernel::max_pool(&x, window).unwrap(), composed::max_pool(&x, window).unwrap());
        same("max_pool", &y, &y2);
        assert_eq!(chosen.to_vec2::<u32>().unwrap(), chosen2.to_vec2::<u32>().unwrap());
        check! {
            mean_pool(&x, window);
            mean_pool(&dx, window);
            mean_pool_backward(&dg, window);
            max_pool_tangent(&dx, &chosen, window);
            max_pool_backward(&dg, &chosen, window);
        }
    }
}
