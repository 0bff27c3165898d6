//! Every kernel against its composed twin.

use candle_core::{DType, Device};

use super::*;
use crate::net::kernels::Mask;
use crate::net::window::Image;

const N: usize = 5;
const K: usize = 3;
const I: usize = 4;
const O: usize = 2;

fn tensor(shape: &[usize], salt: f64) -> Tensor {
    let n = shape.iter().product::<usize>();
    let data: Vec<f64> = (0..n).map(|i| ((i as f64 + salt) * 12.9898).sin()).collect();
    Tensor::from_vec(data, shape, &Device::Cpu).unwrap()
}

fn same(name: &str, a: &Tensor, b: &Tensor) {
    assert_eq!(a.dims(), b.dims(), "{name}");
    let gap = (a - b).unwrap().abs().unwrap().max_all().unwrap().to_scalar::<f64>().unwrap();
    assert!(gap < 1e-13, "{name}: {gap:e}");
    assert!(a.is_contiguous() && a.dtype() == DType::F64, "{name}");
}

macro_rules! check {
    ($($name:ident($($arg:expr),*);)+) => {$(
        same(stringify!($name), &kernels::$name($($arg),*).unwrap(), &composed::$name($($arg),*).unwrap());
    )+};
}

// After the macro that they use.
mod convolutions;
mod tanh;

#[test]
fn linear_kernels_equal_their_composed_twins() {
    let (x, w, g) = (tensor(&[N, I], 0.1), tensor(&[O, I], 0.2), tensor(&[N, O], 0.3));
    let (dx, dw, dg) = (tensor(&[N, K, I], 0.4), tensor(&[K, O, I], 0.5), tensor(&[N, K, O], 0.6));
    check! {
        linear(&x, &w);
        linear_backward_weight(&x, &g);
        linear_backward_input(&g, &w);
        linear_tangent(&x, Some(&dx), &w, &dw);
        linear_tangent(&x, None, &w, &dw);
        linear_tangent_backward_weight(&x, Some(&dx), &g, &dg);
        linear_tangent_backward_weight(&x, None, &g, &dg);
        linear_tangent_backward_input(&g, &dg, &w, &dw);
    }
}

/// Windows with and without stride and padding, over a rectangle.
fn windows() -> [Window; 4] {
    let of = |(height, width), stride, padding| {
        let image = Image { height: 5, width: 6 };
        Window { image, kernel: Image { height, width }, stride, padding }
    };
    [of((3, 3), 1, 1), of((3, 2), 2, 1), of((1, 1), 2, 0), of((2, 3), 1, 0)]
}

#[test]
fn pooling_kernels_equal_their_composed_twins() {
    let c = 4;
    for window in windows().map(|window| Window { padding: 0, ..window }) {
        let (p, q) = (N * window.image.positions(), N * window.output().positions());
        let (x, dx) = (tensor(&[p, c], 0.1), tensor(&[p, K, c], 0.4));
        // The first of two equal maxima counts.
        let x = Tensor::cat(&[&x.narrow(0, 1, 1).unwrap(), &x.narrow(0, 1, p - 1).unwrap()], 0);
        let (x, dg) = (x.unwrap(), tensor(&[q, K, c], 0.6));
        let ((y, chosen), (y2, chosen2)) =
            (kernels::max_pool(&x, window).unwrap(), composed::max_pool(&x, window).unwrap());
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

#[test]
fn standardising_kernels_equal_their_composed_twins() {
    const D: usize = 6;
    let rows = 7;
    let (x, g) = (tensor(&[rows, D], 0.1), tensor(&[rows, D], 0.2));
    let (dx, dg) = (tensor(&[rows, K, D], 0.3), tensor(&[rows, K, D], 0.4));
    for width in [D, 2] {
        let a = kernels::standardise(&x, width, 1e-3).unwrap();
        let b = composed::standardise(&x, width, 1e-3).unwrap();
        same("value", &a.value, &b.value);
        same("scale", &a.scale, &b.scale);
        same("mean", &a.mean, &b.mean);
        same("variance", &a.variance, &b.variance);
        let project = |v: &Tensor| {
            let a = kernels::standardise_project(v, &a.value, &a.scale, width).unwrap();
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
        let hat = (&a.value, &along.value);
        same(
            "standardise_tangent_backward",
            &kernels::standardise_tangent_backward(&dg, &g, hat, means, width).unwrap(),
            &composed::standardise_tangent_backward(&dg, &g, hat, means, width).unwrap(),
        );
    }
}

#[test]
fn normalizing_kernels_equal_their_composed_twins() {
    const D: usize = 6;
    let rows = 70;
    let (x, g) = (tensor(&[rows, D], 0.1), tensor(&[rows, D], 0.2));
    let (dx, dg) = (tensor(&[rows, K, D], 0.3), tensor(&[rows, K, D], 0.4));
    let (gain, shift) = (tensor(&[D], 0.5), tensor(&[D], 0.6));
    let (dgain, dshift) = (tensor(&[K, D], 0.7), tensor(&[K, D], 0.8));
    // Batch norm, ghost batches, layer norm and group norm of images.
    for (rows, width) in [(70, 1), (30, 1), (10, D), (35, 3)] {
        let sets = Sets { rows, width };
        let a = kernels::norm(&x, (&gain, &shift), sets, 1e-3).unwrap();
        let b = composed::norm(&x, (&gain, &shift), sets, 1e-3).unwrap();
        same("value", &a.value, &b.value);
        same("scale", &a.scale, &b.scale);
        same("mean", &a.mean, &b.mean);
        same("variance", &a.variance, &b.variance);
        let of_sets = (&a.scale, &a.mean);
        let back = kernels::norm_backward(&g, &x, &gain, of_sets, sets).unwrap();
        let b = composed::norm_backward(&g, &x, &gain, of_sets, sets).unwrap();
        same("gradient", &back.value, &b.value);
        same("sums", &back.sums, &b.sums);
        same("products", &back.products, &b.products);
        let gains = (&gain, &dgain, &dshift);
        let along = kernels::norm_tangent(&dx, &x, gains, of_sets, sets).unwrap();
        let b = composed::norm_tangent(&dx, &x, gains, of_sets, sets).unwrap();
        same("tangent", &along.value, &b.value);
        same("mean of the tangent", &along.mean, &b.mean);
        same("overlap", &along.overlap, &b.overlap);
        let kept =
            NormKept { scale: &a.scale, mean: &a.mean, sums: &back.sums, products: &back.products };
        let kept = (kept, [&along.mean, &along.overlap]);
        let (fields, gains) = ((&g, &x, &dx), (&gain, &dgain));
        let a = kernels::norm_tangent_backward(&dg, fields, gains, kept, sets).unwrap();
        let b = composed::norm_tangent_backward(&dg, fields, gains, kept, sets).unwrap();
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
    let found = kernels::norm(&x, (&ones, &ones), sets, 0.0).unwrap();
    assert_eq!(found.mean.to_vec2::<f32>().unwrap(), [[1000.4375_f32; 3]]);
    assert_eq!(found.variance.to_vec2::<f32>().unwrap(), [[21.0_f32 / 256.0; 3]]);
    let ones = x.ones_like().unwrap();
    assert_eq!(kernels::row_sums(&ones).unwrap().to_vec1::<f32>().unwrap(), [n as f32; 3]);
}

#[test]
fn affine_kernels_equal_their_composed_twins() {
    let (x, g) = (tensor(&[N, I], 0.1), tensor(&[N, I], 0.2));
    let (gain, shift) = (tensor(&[I], 0.3), tensor(&[I], 0.4));
    let (dx, dg) = (tensor(&[N, K, I], 0.5), tensor(&[N, K, I], 0.6));
    let (dgain, dshift) = (tensor(&[K, I], 0.7), tensor(&[K, I], 0.8));
    macro_rules! check {
        ($($name:ident($($arg:expr),*) $(, $part:tt)*;)+) => {$(
            let (a, b) = (kernels::$name($($arg),*).unwrap(), composed::$name($($arg),*).unwrap());
            check!(@ a b stringify!($name) $(, $part)*);
        )+};
        (@ $a:ident $b:ident $name:expr) => { same($name, &$a, &$b) };
        (@ $a:ident $b:ident $name:expr $(, $part:tt)+) => {
            $(same($name, &$a.$part, &$b.$part);)+
        };
    }
    check! {
        affine(&x, &gain, &shift);
        affine_backward(&g, &x, &gain), 0, 1, 2;
        affine_tangent(&x, Some(&dx), &gain, (&dgain, &dshift));
        affine_tangent(&x, None, &gain, (&dgain, &dshift));
        affine_tangent_backward(&dg, &g, (&x, Some(&dx)), (&gain, &dgain)), 0, 1, 2;
        affine_tangent_backward(&dg, &g, (&x, None), (&gain, &dgain)), 0, 1, 2;
        row_sums(&g);
        row_sums(&dg);
    }
}

#[test]
fn adding_in_place_equals_adding() {
    let (a, b) = (tensor(&[N, I], 0.1), tensor(&[N, I], 0.2));
    let expected = (&a + &b).unwrap();
    same("add", &kernels::add(&a, &b).unwrap(), &composed::add(&a, &b).unwrap());
    assert!(kernels::add(&a, &b.narrow(0, 1, 2).unwrap()).is_err());
    let sum = add_to(a, &b).unwrap();
    assert_eq!(kernels::widen(&sum).unwrap(), kernels::widen(&expected).unwrap());
    assert!(add_to(sum, &b.to_dtype(DType::F32).unwrap()).is_err());
}

#[test]
fn activation_kernels_equal_their_composed_twins() {
    let (z, bias, g) = (tensor(&[N, I], 0.1), tensor(&[I], 0.2), tensor(&[N, I], 0.3));
    let (dz, db, dg) = (tensor(&[N, K, I], 0.4), tensor(&[K, I], 0.5), tensor(&[N, K, I], 0.6));
    for activation in Activation::ALL.iter().copied() {
        let name = activation.word();
        let a = kernels::bias_activation(&z, &bias, activation).unwrap();
        let b = composed::bias_activation(&z, &bias, activation).unwrap();
        same(name, &a.value, &b.value);
        same(name, &a.slope, &b.slope);
        same(name, &a.bend, &b.bend);
        let c = kernels::bias_activation_backward(&g, &a.slope, &a.bend).unwrap();
        let d = composed::bias_activation_backward(&g, &a.slope, &a.bend).unwrap();
        same(name, &c.0, &d.0);
        same(name, &c.1, &d.1);
        same(name, &c.2, &d.2);
        let e = kernels::bias_activation_tangent(&dz, &db, &a.slope).unwrap();
        let f = composed::bias_activation_tangent(&dz, &db, &a.slope).unwrap();
        same(name, &e.0, &f.0);
        same(name, &e.1, &f.1);
        let h = kernels::bias_activation_tangent_backward(&dg, &dz, &a.slope, &c.1).unwrap();
        let i = composed::bias_activation_tangent_backward(&dg, &dz, &a.slope, &c.1).unwrap();
        same(name, &h.0, &i.0);
        same(name, &h.1, &i.1);
    }
}

#[test]
fn rectifier_kernels_equal_their_composed_twins() {
    let (z, bias) = (tensor(&[N, I], 0.1), tensor(&[I], 0.2));
    let (g, dz) = (tensor(&[N, I], 0.3), tensor(&[N, K, I], 0.4));
    let wide = tensor(&[N, 300], 0.5);
    check! {
        relu(&z, None);
        relu(&z, Some(&bias));
        relu_gate(&g, &z);
        relu_gate(&dz, &z);
        relu_gate(&wide, &wide);
    }
    assert!(kernels::relu_gate(&wide, &z).is_err());
}

#[test]
fn row_kernels_equal_their_composed_twins() {
    let (x, row) = (tensor(&[N, I], 0.1), tensor(&[I], 0.2));
    let (a, b) = (kernels::add_row(&x, &row).unwrap(), composed::add_row(&x, &row).unwrap());
    same("add_row", &a, &b);
    same("sum_rows", &kernels::sum_rows(&x).unwrap(), &composed::sum_rows(&x).unwrap());
}

#[test]
fn attention_kernels_equal_their_composed_twins() {
    for (n_positions, n_heads, d, mask, base_width) in [
        (1, 1, 2, Mask::Causal, None),
        (7, 1, 4, Mask::None, None),
        (7, 2, 6, Mask::Causal, Some(3)),
        (16, 2, 32, Mask::None, Some(2)),
        (11, 3, 30, Mask::Causal, None),
    ] {
        let heads = Geometry { n_positions, n_heads, mask, base_width };
        let features = |salt| tensor(&[N * n_positions, d], salt);
        let tangent = |salt| tensor(&[N * n_positions, K, d], salt);
        let inputs = [0.1, 0.2, 0.3].map(|salt| (features(salt) * 3.0).unwrap());
        let ([q, k, v], qkv, g) = (&inputs, inputs.each_ref(), features(0.4));
        let a = kernels::attention(q, k, v, heads).unwrap();
        let b = composed::attention(q, k, v, heads).unwrap();
        same("attention", &a.0, &b.0);
        same("attention weights", &a.1, &b.1);
        let (ours, c) = kernels::attention_backward(&g, qkv, &a.1, heads).unwrap();
        let (twins, centred) = composed::attention_backward(&g, qkv, &a.1, heads).unwrap();
        same("attention_backward, kept", &c, &centred);
        for (a, b) in ours.iter().zip(&twins) {
            same("attention_backward", a, b);
        }
        let (dg, moved) = (tangent(0.5), [0.6, 0.7, 0.8].map(tangent));
        let [dq, dk, dv] = moved.each_ref();
        for tangents in
            [[Some(dq), Some(dk), Some(dv)], [None, None, Some(dv)], [Some(dq), Some(dk), None]]
        {
            let a1 = kernels::attention_tangent(&a.1, qkv, tangents, heads).unwrap();
            let b1 = composed::attention_tangent(&a.1, qkv, tangents, heads).unwrap();
            same("attention_tangent", &a1.0, &b1.0);
            same("attention_tangent, kept", &a1.1, &b1.1);
            let at = Attended { qkv, p: &a.1, c: &c };
            let along = Moved { qkv: tangents, p: &a1.1 };
            let ours = kernels::attention_tangent_backward(&g, &dg, at, along, heads).unwrap();
            let twins = composed::attention_tangent_backward(&g, &dg, at, along, heads).unwrap();
            for (a, b) in ours.iter().zip(&twins) {
                same("attention_tangent_backward", a, b);
            }
        }
    }
}

#[test]
fn loss_kernels_equal_their_composed_twins() {
    let (f, df) = (tensor(&[N, O], 0.1), tensor(&[N, K, O], 0.2));
    let y = tensor(&[N, O], 0.3).gt(0.0).unwrap().to_dtype(DType::F64).unwrap();
    let (a, b) = (kernels::mse(&f, &y, 0.2).unwrap(), composed::mse(&f, &y, 0.2).unwrap());
    assert!((a.0 - b.0).abs() < 1e-13);
    same("mse", &a.1, &b.1);
    let one_hot = Tensor::stack(
        &[&y.narrow(1, 0, 1).unwrap(), &y.narrow(1, 0, 1).unwrap().affine(-1.0, 1.0).unwrap()],
        1,
    )
    .unwrap()
    .squeeze(2)
    .unwrap();
    let a = kernels::cross_entropy(&f, &one_hot, 0.2).unwrap();
    let b = composed::cross_entropy(&f, &one_hot, 0.2).unwrap();
    assert!((a.0 - b.0).abs() < 1e-13);
    same("cross_entropy", &a.1, &b.1);
    same("softmax", &a.2, &b.2);
    let a = kernels::cross_entropy_tangent(&df, &a.2, 0.2).unwrap();
    same("cross_entropy_tangent", &a, &composed::cross_entropy_tangent(&df, &b.2, 0.2).unwrap());
}
