//! Standardisation within rows: output and derivatives against candle, kernels against their
//! fallback.

use candle_core::{Result, Tensor};

use super::{EPSILON, Means, Standardise, composed, kernel};
use crate::config::Loss;
use crate::net::builder::Builder;
use crate::net::dispatch::testing::{K, same, tensor};
use crate::net::simd::Dual;
use crate::net::{Batch, Objective, never, oracle};

pub(super) fn reference(op: Standardise, x: &Tensor) -> Result<Tensor> {
    let (n, d) = x.dims2()?;
    let sets = x.reshape((n * op.groups, d / op.groups))?;
    oracle::standardised(&sets, 1, EPSILON)?.reshape((n, d))
}

#[test]
fn layer_norm_and_head_norm_have_exact_derivatives() {
    let layer = oracle::around(|net, x| net.layer_norm("ln", x, 1));
    assert!(!layer.couples_examples());
    oracle::check_program(&layer, None);
    let heads = oracle::around(|net, x| net.head_norm("ln", x, 2));
    oracle::check_program(&heads, None);
}

#[test]
fn a_group_norm_of_single_positions_is_a_standardise_op() {
    let mut net = Builder::new(6);
    let x = net.group_norm("gn", 0, 3);
    assert_eq!(x, 2);
    let program = net.finish();
    let op = &program.nodes()[0].op;
    assert_eq!(format!("{op:?}"), "Standardise { groups: 3 }");
}

#[test]
fn groups_that_do_not_divide_the_features_are_refused() {
    let program = oracle::around(|net, x| net.group_norm("gn", x, 4));
    let objective = Objective::new(program, Loss::Mse, 1).unwrap();
    let params = oracle::tensor(&[objective.program().n_params()], 0.1);
    let (inputs, targets) = (oracle::tensor(&[5, 3], 0.2), oracle::tensor(&[5, 2], 0.3));
    let error = objective.score(&params, &[], &Batch { inputs, targets }, &never).unwrap_err();
    assert!(
        error.to_string().contains("5 × 6 values cannot be divided into sets of 1 × 6/4"),
        "{error}"
    );
}

#[test]
fn standardising_kernels_equal_their_composed_fallbacks() {
    const D: usize = 6;
    let rows = 7;
    let (x, g) = (tensor(&[rows, D], 0.1), tensor(&[rows, D], 0.2));
    let (dx, dg) = (tensor(&[rows, K, D], 0.3), tensor(&[rows, K, D], 0.4));
    for width in [D, 2] {
        let a = kernel::standardise(&x, width, 1e-3).unwrap();
        let b = composed::standardise(&x, width, 1e-3).unwrap();
        same("value", &a.value, &b.value);
        same("scale", &a.scale, &b.scale);
        same("mean", &a.mean, &b.mean);
        same("variance", &a.variance, &b.variance);
        let project = |v: &Tensor| {
            let a = kernel::standardise_project(v, &a.value, &a.scale, width).unwrap();
            let b = composed::standardise_project(v, &b.value, &b.scale, width).unwrap();
            same("projected", &a.value, &b.value);
            same("mean", &a.mean, &b.mean);
            same("overlap", &a.overlap, &b.overlap);
            a
        };
        let (back, along) = (project(&g.unsqueeze(1).unwrap()), project(&dx));
        let means = Means {
            scale: &a.scale,
            gradient: &back.mean.squeeze(1).unwrap(),
            overlap: &back.overlap.squeeze(1).unwrap(),
            tangent: &along.overlap,
        };
        let hat = Dual { value: &a.value, tangent: &along.value };
        same(
            "standardise_tangent_backward",
            &kernel::standardise_tangent_backward(&dg, &g, hat, means, width).unwrap(),
            &composed::standardise_tangent_backward(&dg, &g, hat, means, width).unwrap(),
        );
    }
}
