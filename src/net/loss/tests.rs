//! The losses' kernels against their composed fallbacks.

use candle_core::{DType, Tensor};

use super::{composed, kernel};
use crate::net::dispatch::testing::{K, N, O, same, tensor};

#[test]
fn loss_kernels_equal_their_composed_fallbacks() {
    let (f, df) = (tensor(&[N, O], 0.1), tensor(&[N, K, O], 0.2));
    let y = tensor(&[N, O], 0.3).gt(0.0).unwrap().to_dtype(DType::F64).unwrap();
    let (a, b) = (kernel::mse(&f, &y, 0.2).unwrap(), composed::mse(&f, &y, 0.2).unwrap());
    assert!((a.0 - b.0).abs() < 1e-13);
    same("mse", &a.1, &b.1);
    let one_hot = Tensor::stack(
        &[&y.narrow(1, 0, 1).unwrap(), &y.narrow(1, 0, 1).unwrap().affine(-1.0, 1.0).unwrap()],
        1,
    )
    .unwrap()
    .squeeze(2)
    .unwrap();
    let a = kernel::cross_entropy(&f, &one_hot, 0.2).unwrap();
    let b = composed::cross_entropy(&f, &one_hot, 0.2).unwrap();
    assert!((a.0 - b.0).abs() < 1e-13);
    same("cross_entropy", &a.1, &b.1);
    same("softmax", &a.2, &b.2);
    let a = kernel::cross_entropy_tangent(&df, &a.2, 0.2).unwrap();
    same("cross_entropy_tangent", &a, &composed::cross_entropy_tangent(&df, &b.2, 0.2).unwrap());
}
