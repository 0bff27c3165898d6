//! Normalization over sets of several rows: output and derivatives against candle, kernels against
//! their fallback.

use candle_core::{DType, Device, Result, Tensor};

use super::{Norm, NormSaved, Over, Sets, Statistics, composed, kernel, row_sums};
use crate::config::Loss;
use crate::net::builder::Builder;
use crate::net::dispatch::testing::{K, same, tensor};
use crate::net::ops::standardise::EPSILON;
use crate::net::simd::Dual;
use crate::net::{Batch, Objective, never, oracle, widen};

pub(super) fn reference(op: Norm, x: &Tensor, params: &[Tensor]) -> Result<Tensor> {
    let x = sets_standardised(op.over, x)?.broadcast_mul(&params[op.gain])?;
    x.broadcast_add(&params[op.shift])
}

fn sets_standardised(over: Over, x: &Tensor) -> Result<Tensor> {
    let (n, d) = x.dims2()?;
    match over {
        Over::Examples { ghost, .. } => {
            let rows = ghost.unwrap_or(n);
            let part =
                |start| oracle::standardised(&x.narrow(0, start, rows.min(n - start))?, 0, EPSILON);
            let parts: Result<Vec<_>> = (0..n).step_by(rows).map(part).collect();
            Tensor::cat(&parts?, 0)
        }
        Over::Features { groups, positions } => {
            let sets = x.reshape(((), positions, groups, d / groups))?.transpose(1, 2)?;
            let sets = sets.contiguous()?.reshape(((), positions * d / groups))?;
            let sets = oracle::standardised(&sets, 1, EPSILON)?;
            let rows = sets.reshape(((), groups, positions, d / groups))?.transpose(1, 2)?;
            rows.contiguous()?.reshape((n, d))
        }
    }
}

#[test]
fn batch_norm_has_exact_derivatives_through_its_statistics() {
    let program = oracle::around(|net, x| net.batch_norm("bn", x, None));
    assert!(program.couples_examples());
    oracle::check_program(&program, None);
}

#[test]
fn batch_norm_over_ghost_batches_has_exact_derivatives() {
    let program = oracle::around(|net, x| net.batch_norm("bn", x, Some(2)));
    oracle::check_program(&program, None);
}

#[test]
fn running_statistics_take_the_mean_over_ghosts_and_unbiased_variances() {
    let mut net = Builder::new(1);
    let x = net.batch_norm("bn", 0, Some(2));
    net.linear("a", x, 1);
    let objective = Objective::new(net.finish(), Loss::Mse, 1).unwrap();
    let column = |x: &[f64]| Tensor::from_slice(x, (x.len(), 1), &Device::Cpu).unwrap();
    let (inputs, targets) = (column(&[1.0, 3.0, 5.0, 9.0, 2.0]), column(&[0.0; 5]));
    let buffers = objective.initial_buffers(DType::F64, &Device::Cpu).unwrap();
    let params = Tensor::ones(3, DType::F64, &Device::Cpu).unwrap();
    let at = objective.linearize(&params, &buffers, &Batch { inputs, targets }, &never).unwrap();
    let [mean, variance] = [0, 1].map(|i| widen(&at.buffers_after()[i]).unwrap()[0]);
    // Ghosts (1, 3), (5, 9), (2): means 2, 7, 2 and unbiased variances 2, 8, 0.
    assert!((mean - 0.1 * 11.0 / 3.0).abs() < 1e-14, "{mean}");
    assert!((variance - (0.9 + 0.1 * 10.0 / 3.0)).abs() < 1e-14, "{variance}");
}

#[test]
fn group_norm_over_several_positions_has_exact_derivatives() {
    // The check's five rows act as the positions of one image.
    let over = Over::Features { groups: 2, positions: 5 };
    let groups = oracle::around(|net, x| net.norm("gn", x, over));
    oracle::check_program(&groups, None);
}

#[test]
fn normalizing_kernels_equal_their_composed_fallbacks() {
    const D: usize = 6;
    let rows = 70;
    let (x, g) = (tensor(&[rows, D], 0.1), tensor(&[rows, D], 0.2));
    let (dx, dg) = (tensor(&[rows, K, D], 0.3), tensor(&[rows, K, D], 0.4));
    let (gain, shift) = (tensor(&[D], 0.5), tensor(&[D], 0.6));
    let (dgain, dshift) = (tensor(&[K, D], 0.7), tensor(&[K, D], 0.8));
    // Batch norm, ghost batches, layer norm and group norm of images.
    for (rows, width) in [(70, 1), (30, 1), (10, D), (35, 3)] {
        let sets = Sets { rows, width };
        let a = kernel::norm(&x, &gain, &shift, sets, 1e-3).unwrap();
        let b = composed::norm(&x, &gain, &shift, sets, 1e-3).unwrap();
        same("value", &a.value, &b.value);
        same("scale", &a.scale, &b.scale);
        same("mean", &a.mean, &b.mean);
        same("variance", &a.variance, &b.variance);
        let statistics = Statistics { scale: &a.scale, mean: &a.mean };
        let back = kernel::norm_backward(&g, &x, &gain, statistics, sets).unwrap();
        let b = composed::norm_backward(&g, &x, &gain, statistics, sets).unwrap();
        same("gradient", &back.value, &b.value);
        same("sums", &back.sums, &b.sums);
        same("products", &back.products, &b.products);
        let gain = Dual { value: &gain, tangent: &dgain };
        let along = kernel::norm_tangent(&dx, &x, gain, &dshift, statistics, sets).unwrap();
        let b = composed::norm_tangent(&dx, &x, gain, &dshift, statistics, sets).unwrap();
        same("tangent", &along.value, &b.value);
        same("mean of the tangent", &along.mean, &b.mean);
        same("overlap", &along.overlap, &b.overlap);
        let saved = NormSaved {
            statistics,
            sums: &back.sums,
            products: &back.products,
            tangent_mean: &along.mean,
            overlap: &along.overlap,
        };
        let x = Dual { value: &x, tangent: &dx };
        let a = kernel::norm_tangent_backward(&dg, &g, x, gain, saved, sets).unwrap();
        let b = composed::norm_tangent_backward(&dg, &g, x, gain, saved, sets).unwrap();
        same("derivative", &a.value, &b.value);
        same("sums of the derivative", &a.sums, &b.sums);
        same("products of the derivative", &a.products, &b.products);
    }
}

#[test]
fn single_precision_statistics_lose_nothing_far_from_zero_over_many_rows() {
    // Numbers 1000 + n/8 for n = 0, …, 7: mean 1000.4375, variance 21/256.
    let n = 1 << 20;
    let data: Vec<f32> = (0..n * 3_u32).map(|i| 1000.0 + (i / 3 % 8) as f32 / 8.0).collect();
    let x = Tensor::from_vec(data, (n as usize, 3), &Device::Cpu).unwrap();
    let (ones, sets) = (Tensor::ones(3, DType::F32, &Device::Cpu).unwrap(), n as usize);
    let sets = Sets { rows: sets, width: 1 };
    let found = kernel::norm(&x, &ones, &ones, sets, 0.0).unwrap();
    assert_eq!(found.mean.to_vec2::<f32>().unwrap(), [[1000.4375_f32; 3]]);
    assert_eq!(found.variance.to_vec2::<f32>().unwrap(), [[21.0_f32 / 256.0; 3]]);
    let ones = x.ones_like().unwrap();
    assert_eq!(row_sums(&ones).unwrap().to_vec1::<f32>().unwrap(), [n as f32; 3]);
}
