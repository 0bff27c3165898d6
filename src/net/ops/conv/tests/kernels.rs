//! The convolution's kernels against their composed fallbacks.

use candle_core::DType;

use super::kernel;
use crate::net::dispatch::testing::{K, N, check, tensor, windows};
use crate::net::sliding_window::{Filter, Image, Window};

#[test]
fn convolutions_of_odd_sizes_equal_their_composed_fallbacks() {
    for kernel in [1, 2, 3, 5] {
        let kernel = Image { height: kernel, width: kernel };
        for padding in 0..kernel.height {
            // With enough padding, the second image is smaller than the window.
            for (height, width) in [(5, 9), (2, 3), (19, 5)] {
                let window = Window { image: Image { height, width }, kernel, stride: 1, padding };
                if window.output().positions() > 0 {
                    check_convolution(Filter { window, groups: 1 }, 5, 3, 2);
                }
            }
        }
    }
}

#[test]
fn convolutions_of_few_and_of_many_channels_equal_their_composed_fallbacks() {
    for (i, (c, o)) in [(1, 1), (3, 8), (2, 19), (20, 2), (18, 20)].into_iter().enumerate() {
        for window in windows() {
            check_convolution(Filter { window, groups: 1 }, c, o, i % 3 + 1);
        }
    }
}

#[test]
fn convolutions_in_single_precision_agree_with_double() {
    for (c, o) in [(3, 32), (5, 19), (4, 9)] {
        for window in windows() {
            let filter = Filter { window, groups: 1 };
            let (p, q) = (N * window.image.positions(), N * window.output().positions());
            let weight = [o, window.kernel.height, window.kernel.width, c];
            let (x, w, g) = (tensor(&[p, c], 0.1), tensor(&weight, 0.2), tensor(&[q, o], 0.3));
            let [x2, w2, g2] = [&x, &w, &g].map(|t| t.to_dtype(DType::F32).unwrap());
            let pairs = [
                (kernel::conv(&x2, &w2, filter), kernel::conv(&x, &w, filter)),
                (
                    kernel::conv_backward_weight(&x2, &g2, &w2, filter),
                    kernel::conv_backward_weight(&x, &g, &w, filter),
                ),
                (
                    kernel::conv_backward_input(&g2, &w2, filter),
                    kernel::conv_backward_input(&g, &w, filter),
                ),
            ];
            for (single, double) in pairs {
                let (single, double) =
                    (single.unwrap().to_dtype(DType::F64).unwrap(), double.unwrap());
                let gap = (single - double).unwrap().abs().unwrap().max_all().unwrap();
                let gap = gap.to_scalar::<f64>().unwrap();
                assert!(gap < 1e-4, "{c} channels, {o} outputs, {window:?}: {gap:e}");
            }
        }
    }
}

#[test]
fn convolution_kernels_equal_their_composed_fallbacks() {
    for window in windows() {
        for groups in [1, 2] {
            check_convolution(Filter { window, groups }, 4, 6, K);
        }
    }
}

/// Checks all six kernels, from `c` channels to `o` outputs, with `k` directions.
fn check_convolution(filter: Filter, c: usize, o: usize, k: usize) {
    let Filter { window, groups } = filter;
    let (p, q) = (N * window.image.positions(), N * window.output().positions());
    let weight = [o, window.kernel.height, window.kernel.width, c / groups];
    let weights = [&[k], weight.as_slice()].concat();
    let (x, w, g) = (tensor(&[p, c], 0.1), tensor(&weight, 0.2), tensor(&[q, o], 0.3));
    let (dx, dw) = (tensor(&[p, k, c], 0.4), tensor(&weights, 0.5));
    let dg = tensor(&[q, k, o], 0.6);
    check! {
        conv(&x, &w, filter);
        conv_backward_weight(&x, &g, &w, filter);
        conv_backward_input(&g, &w, filter);
        conv_tangent(&x, Some(&dx), &w, &dw, filter);
        conv_tangent(&x, None, &w, &dw, filter);
        conv_tangent_backward_weight(&x, Some(&dx), &g, &dg, &w, filter);
        conv_tangent_backward_weight(&x, None, &g, &dg, &w, filter);
        conv_tangent_backward_input(&g, &dg, &w, &dw, filter);
    }
}
