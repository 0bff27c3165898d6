//! Chooses the fused kernel where the tensors live on the CPU, its composed twin elsewhere.
//! Does not compute.

#[cfg(test)]
mod tests;

use candle_core::{Result, Tensor};

use super::composed;
use super::kernels::{
    self, Attended, Geometry, Means, Moved, NormCurved, NormGradients, NormKept, NormTangent,
    Normed, Projected, Sets, Standardised, Swept,
};
use super::window::{Filter, Window};
use crate::config::Activation;

macro_rules! twins {
    ($(fn $name:ident($first:ident: &Tensor $(, $arg:ident: $type:ty)*) -> $out:ty;)+) => {
        $(pub(super) fn $name($first: &Tensor $(, $arg: $type)*) -> Result<$out> {
            if $first.device().is_cpu() {
                kernels::$name($first $(, $arg)*)
            } else {
                composed::$name($first $(, $arg)*)
            }
        })+
    };
}

twins! {
    fn linear(x: &Tensor, w: &Tensor) -> Tensor;
    fn linear_backward_weight(x: &Tensor, g: &Tensor) -> Tensor;
    fn linear_backward_input(g: &Tensor, w: &Tensor) -> Tensor;
    fn linear_tangent(x: &Tensor, dx: Option<&Tensor>, w: &Tensor, dw: &Tensor) -> Tensor;
    fn linear_tangent_backward_weight(x: &Tensor, dx: Option<&Tensor>, g: &Tensor, dg: &Tensor) -> Tensor;
    fn linear_tangent_backward_input(g: &Tensor, dg: &Tensor, w: &Tensor, dw: &Tensor) -> Tensor;
    fn relu(z: &Tensor, bias: Option<&Tensor>) -> Tensor;
    fn relu_gate(v: &Tensor, a: &Tensor) -> Tensor;
    fn tanh(z: &Tensor, bias: &Tensor) -> Tensor;
    fn tanh_backward(g: &Tensor, a: &Tensor) -> (Tensor, Tensor);
    fn tanh_tangent(dz: &Tensor, db: &Tensor, a: &Tensor) -> Tensor;
    fn tanh_tangent_backward(dg: &Tensor, along: (&Tensor, &Tensor), at: (&Tensor, &Tensor)) -> (Tensor, Tensor);
    fn bias_activation(z: &Tensor, bias: &Tensor, activation: Activation) -> Swept;
    fn bias_activation_backward(g: &Tensor, slope: &Tensor, bend: &Tensor) -> (Tensor, Tensor, Tensor);
    fn bias_activation_tangent(dz: &Tensor, db: &Tensor, slope: &Tensor) -> (Tensor, Tensor);
    fn bias_activation_tangent_backward(dg: &Tensor, dz: &Tensor, slope: &Tensor, curved: &Tensor) -> (Tensor, Tensor);
    fn affine(x: &Tensor, gain: &Tensor, shift: &Tensor) -> Tensor;
    fn affine_backward(g: &Tensor, x: &Tensor, gain: &Tensor) -> (Tensor, Tensor, Tensor);
    fn affine_tangent(x: &Tensor, dx: Option<&Tensor>, gain: &Tensor, along: (&Tensor, &Tensor)) -> Tensor;
    fn affine_tangent_backward(dg: &Tensor, g: &Tensor, x: (&Tensor, Option<&Tensor>), gain: (&Tensor, &Tensor)) -> (Tensor, Tensor, Tensor);
    fn row_sums(x: &Tensor) -> Tensor;
    fn norm(x: &Tensor, of_columns: (&Tensor, &Tensor), sets: Sets, epsilon: f64) -> Normed;
    fn norm_backward(g: &Tensor, x: &Tensor, gain: &Tensor, of_sets: (&Tensor, &Tensor), sets: Sets) -> NormGradients;
    fn norm_tangent(dx: &Tensor, x: &Tensor, of_columns: (&Tensor, &Tensor, &Tensor), of_sets: (&Tensor, &Tensor), sets: Sets) -> NormTangent;
    fn norm_tangent_backward(dg: &Tensor, fields: (&Tensor, &Tensor, &Tensor), gain: (&Tensor, &Tensor), kept: (NormKept<'_>, [&Tensor; 2]), sets: Sets) -> NormCurved;
    fn standardise(x: &Tensor, width: usize, epsilon: f64) -> Standardised;
    fn standardise_project(v: &Tensor, hat: &Tensor, scale: &Tensor, width: usize) -> Projected;
    fn standardise_tangent_backward(dg: &Tensor, g: &Tensor, hat: (&Tensor, &Tensor), means: Means<'_>, width: usize) -> Tensor;
    fn conv(x: &Tensor, w: &Tensor, filter: Filter) -> Tensor;
    fn conv_backward_weight(x: &Tensor, g: &Tensor, w: &Tensor, filter: Filter) -> Tensor;
    fn conv_backward_input(g: &Tensor, w: &Tensor, filter: Filter) -> Tensor;
    fn conv_tangent(x: &Tensor, dx: Option<&Tensor>, w: &Tensor, dw: &Tensor, filter: Filter) -> Tensor;
    fn conv_tangent_backward_weight(x: &Tensor, dx: Option<&Tensor>, g: (&Tensor, &Tensor), w: &Tensor, filter: Filter) -> Tensor;
    fn conv_tangent_backward_input(g: &Tensor, dg: &Tensor, w: &Tensor, dw: &Tensor, filter: Filter) -> Tensor;
    fn mean_pool(x: &Tensor, window: Window) -> Tensor;
    fn mean_pool_backward(g: &Tensor, window: Window) -> Tensor;
    fn max_pool(x: &Tensor, window: Window) -> (Tensor, Tensor);
    fn max_pool_tangent(dx: &Tensor, chosen: &Tensor, window: Window) -> Tensor;
    fn max_pool_backward(dg: &Tensor, chosen: &Tensor, window: Window) -> Tensor;
    fn attention(q: &Tensor, k: &Tensor, v: &Tensor, heads: Geometry) -> (Tensor, Tensor);
    fn attention_backward(g: &Tensor, qkv: [&Tensor; 3], p: &Tensor, heads: Geometry) -> ([Tensor; 3], Tensor);
    fn attention_tangent(p: &Tensor, qkv: [&Tensor; 3], tangents: [Option<&Tensor>; 3], heads: Geometry) -> (Tensor, Tensor);
    fn attention_tangent_backward(g: &Tensor, dg: &Tensor, at: Attended<'_>, along: Moved<'_>, heads: Geometry) -> [Tensor; 3];
    fn add(a: &Tensor, b: &Tensor) -> Tensor;
    fn add_row(x: &Tensor, row: &Tensor) -> Tensor;
    fn sum_rows(x: &Tensor) -> Tensor;
    fn mse(f: &Tensor, y: &Tensor, weight: f64) -> (f64, Tensor);
    fn cross_entropy(f: &Tensor, y: &Tensor, weight: f64) -> (f64, Tensor, Tensor);
    fn cross_entropy_tangent(df: &Tensor, p: &Tensor, weight: f64) -> Tensor;
}

/// sum + term, in the sum's own memory where there is a kernel; nothing else may share the sum.
pub(super) fn add_to(sum: Tensor, term: &Tensor) -> Result<Tensor> {
    if sum.device().is_cpu() {
        kernels::add_to(&sum, term)?;
        Ok(sum)
    } else {
        sum + term
    }
}
