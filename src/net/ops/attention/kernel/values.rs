//! Attention's forward and backward pass.
//!
//! Shapes: queries q, keys k, values v and outputs `[n·t, d]` for t positions per example, with
//! head h in columns h·d/heads and up; attention weights p `[n·t, heads·t]`; tangents with the
//! directions in the middle. Formulas are for one head of one example, with s = 1/√(d/heads), times
//! √(d₀/d) under μP.

#![expect(
    clippy::inline_always,
    reason = "only what is inlined gets the vector instructions of its caller"
)]

use candle_core::{Result, Tensor};

use super::head_layout::{Geometry, Layout, Mask, slices};
use crate::net::simd::tile::{LANES, Support, Tile, dot, total};
use crate::net::simd::{Direction, Real, by_dtype, view};

/// p·v and p = softmax(s·q·kᵀ), 0 where masked.
pub(crate) fn attention(
    q: &Tensor,
    k: &Tensor,
    v: &Tensor,
    heads: Geometry,
) -> Result<(Tensor, Tensor)> {
    by_dtype!(q, T => {
        let (shape, device) = (q.dims2()?, q.device());
        let layout = heads.layout(shape.0, shape.1)?;
        let views = [view(q)?, view(k)?, view(v)?];
        let [q, k, v] = slices::<T>(&views)?;
        let weights_shape = (shape.0, heads.n_heads * heads.n_positions);
        let mut out = vec![T::ZERO; q.len()];
        let mut weights = vec![T::ZERO; weights_shape.0 * weights_shape.1];
        let mut tile = [(); 3].map(|()| layout.tile());
        let [q_tile, v_tile, o_tile] = &mut tile;
        let (mut kt, mut p) = (layout.transposed_tile(), layout.square_tile());
        for one in layout.each() {
            let (region, square) =
                (layout.features(one, Direction::NONE), layout.weights(one, Direction::NONE));
            q_tile.load(q, region);
            kt.load_transposed(k, region);
            v_tile.load(v, region);
            p.set_product(q_tile.factor(Support::Full), &kt);
            softmax(&mut p, layout);
            o_tile.set_product(p.factor(layout.support()), v_tile);
            p.store(&mut weights, square);
            o_tile.store(&mut out, region);
        }
        Ok((
            Tensor::from_vec(out, shape, device)?,
            Tensor::from_vec(weights, weights_shape, device)?,
        ))
    })
}

/// Replaces z by softmax(s·z) over the positions attended to, 0 elsewhere.
#[inline(always)]
fn softmax<T: Real>(z: &mut Tile<T>, layout: Layout) {
    let (scale, n_positions) = (layout.scale::<T>(), layout.heads.n_positions);
    for (i, row) in z.rows_mut().take(n_positions).enumerate() {
        let n_seen = match layout.heads.mask {
            Mask::None => n_positions,
            Mask::Causal => i + 1,
        };
        row.as_flattened_mut()[n_seen..].fill(T::of(f64::NEG_INFINITY));
        let mut top = [T::of(f64::NEG_INFINITY); LANES];
        for block in row.iter() {
            for (top, z) in top.iter_mut().zip(block) {
                *top = if *z > *top { *z } else { *top };
            }
        }
        let top = top.iter().fold(top[0], |top, z| if *z > top { *z } else { top });
        for z in row.as_flattened_mut() {
            *z = (scale * (*z - top)).exp();
        }
        let mut sums = [T::ZERO; LANES];
        for block in row.iter() {
            for (sum, p) in sums.iter_mut().zip(block) {
                *sum += *p;
            }
        }
        let share = T::ONE / total(sums);
        for z in row.as_flattened_mut() {
            *z *= share;
        }
    }
}

/// From g = ∂L/∂output: dq = dz·k, dk = dzᵀ·q, dv = pᵀ·g, and c for the last pass, where c = g·vᵀ −
/// Σ p∘(g·vᵀ) and dz = s·p∘c.
pub(crate) fn attention_backward(
    g: &Tensor,
    qkv: [&Tensor; 3],
    p: &Tensor,
    heads: Geometry,
) -> Result<([Tensor; 3], Tensor)> {
    by_dtype!(g, T => {
        let (shape, p_shape, device) = (g.dims2()?, p.dims2()?, g.device());
        let layout = heads.layout(shape.0, shape.1)?;
        let views = [view(qkv[0])?, view(qkv[1])?, view(qkv[2])?];
        let [q, k, v] = slices::<T>(&views)?;
        let (g, weights) = (view(g)?, view(p)?);
        let (g, weights) = (g.slice::<T>()?, weights.slice::<T>()?);
        let mut out = [(); 3].map(|()| vec![T::ZERO; g.len()]);
        let mut centred = vec![T::ZERO; weights.len()];
        let mut tiles = [(); 4].map(|()| layout.tile());
        let [q_tile, k_tile, g_tile, sum] = &mut tiles;
        let mut squares = [(); 3].map(|()| layout.square_tile());
        let [p, c, dz] = &mut squares;
        let mut vt = layout.transposed_tile();
        let support = layout.support();
        for one in layout.each() {
            let (region, square) =
                (layout.features(one, Direction::NONE), layout.weights(one, Direction::NONE));
            q_tile.load(q, region);
            k_tile.load(k, region);
            g_tile.load(g, region);
            vt.load_transposed(v, region);
            p.load(weights, square);
            c.set_product(g_tile.factor(Support::Full), &vt);
            centre(c, p, dz, layout);
            c.store(&mut centred, square);
            sum.set_product(dz.factor(support), k_tile);
            sum.store(&mut out[0], region);
            sum.set_product(dz.transposed(support), q_tile);
            sum.store(&mut out[1], region);
            sum.set_product(p.transposed(support), g_tile);
            sum.store(&mut out[2], region);
        }
        let [dq, dk, dv] = out.map(|data| Tensor::from_vec(data, shape, device));
        Ok(([dq?, dk?, dv?], Tensor::from_vec(centred, p_shape, device)?))
    })
}

/// c ← c − Σ p∘c for every row, then dz = s·p∘c.
#[inline(always)]
fn centre<T: Real>(c: &mut Tile<T>, p: &Tile<T>, dz: &mut Tile<T>, layout: Layout) {
    let scale = layout.scale::<T>();
    for ((c, p), dz) in c.rows_mut().zip(p.rows()).zip(dz.rows_mut()) {
        let mean = dot(c, p);
        for ((c, p), dz) in c.iter_mut().zip(p).zip(dz) {
            for i in 0..LANES {
                c[i] -= mean;
                dz[i] = scale * p[i] * c[i];
            }
        }
    }
}
