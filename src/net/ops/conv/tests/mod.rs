//! The convolution: output and derivatives against candle, kernels against their fallback.

mod kernels;

use candle_core::{Result, Tensor};

use super::{Conv, composed, kernel};
use crate::config::Activation;
use crate::net::builder::Builder;
use crate::net::oracle::{self, Reference};
use crate::net::sliding_window::{Filter, Image, Window};

pub(super) fn reference(op: Conv, x: &Tensor, params: &[Tensor]) -> Result<Tensor> {
    let Filter { window, groups } = op.filter;
    // candle differentiates strided convolutions only if the windows reach the last pixel.
    let x = padded(&window, x)?;
    let output = window.output();
    let reached = |places: usize, kernel: usize| (places - 1) * window.stride + kernel;
    let x = x.narrow(2, 0, reached(output.height, window.kernel.height))?;
    let x = x.narrow(3, 0, reached(output.width, window.kernel.width))?.contiguous()?;
    let w = params[op.weight].permute((0, 3, 1, 2))?.contiguous()?;
    let y = x.conv2d(&w, 0, window.stride, 1, groups)?;
    y.permute((0, 2, 3, 1))?.contiguous()?.reshape(((), params[op.weight].dim(0)?))
}

/// `[n·h·w, c]` as zero-padded `[n, c, h, w]`.
fn padded(window: &Window, x: &Tensor) -> Result<Tensor> {
    let x = x.reshape(((), window.image.height, window.image.width, x.dim(1)?))?;
    let zeros = |kernel: usize| if kernel == 1 { 0 } else { window.padding };
    let (above, left) = (zeros(window.kernel.height), zeros(window.kernel.width));
    let x = x.permute((0, 3, 1, 2))?.contiguous()?;
    x.pad_with_zeros(2, above, above)?.pad_with_zeros(3, left, left)
}

/// Stride, padding and groups.
type How = [usize; 3];

fn filter(image: Image, kernel: Image, [stride, padding, groups]: How) -> Filter {
    Filter { window: Window { image, kernel, stride, padding }, groups }
}

/// candle's convolution of `[n·h·w, c]`, as `[n·q, o]`.
fn by_candle(x: &Tensor, w: &Tensor, Filter { window, groups }: Filter) -> Result<Tensor> {
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
fn check(image: Image, kernel: Image, how: How) {
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
    let reference: Reference<'_> = &|w, x| {
        let x = by_candle(&x.reshape(((), channels))?, &w[0], first)?.tanh()?;
        let x = by_candle(&x, &w[1], second)?;
        x.reshape(((), 2 * last.positions()))?.matmul(&w[2].t()?)
    };
    let is_covered = is_covered(first.window) && is_covered(second.window);
    oracle::check(&net.finish(), None, is_covered.then_some(reference));
}

/// Whether the windows reach the last pixel of the padded image.
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
    for how in [[1, 0, 1], [1, 0, 2], [1, 1, 1], [1, 1, 2]] {
        check(image(6, 6), image(3, 3), how);
    }
}

#[test]
fn convolutions_with_a_stride_have_exact_derivatives() {
    for how in [[2, 0, 1], [2, 0, 2], [2, 1, 1], [2, 1, 2]] {
        check(image(9, 9), image(3, 3), how);
        check(image(8, 9), image(3, 3), how);
    }
    check(image(7, 7), image(3, 3), [2, 0, 1]);
}

#[test]
fn convolutions_of_one_pixel_have_exact_derivatives() {
    for how in [[1, 0, 1], [1, 0, 2], [2, 0, 1], [1, 1, 1]] {
        check(image(5, 5), image(1, 1), how);
    }
}

#[test]
fn convolutions_of_rectangles_by_rectangles_have_exact_derivatives() {
    check(image(5, 8), image(3, 2), [1, 1, 1]);
    check(image(8, 7), image(2, 3), [2, 0, 2]);
    check(image(1, 6), image(1, 3), [1, 1, 1]);
}

#[test]
fn a_convolutions_weight_has_its_name_shape_and_fans() {
    let mut net = Builder::new(36 * 4);
    let x = net.reshape(0, 36);
    let (_, output, fans) = net.conv("layer0", x, 6, filter(image(6, 6), image(3, 3), [2, 1, 2]));
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
