//! Attention's tangent passes. Shapes and notation as in `values`; a dot marks the derivative along
//! one direction.

#![expect(
    clippy::inline_always,
    reason = "only what is inlined gets the vector instructions of its caller"
)]

use candle_core::{Result, Tensor, bail};

use super::head_layout::{AttentionSaved, AttentionTangents, Geometry, Layout, slices};
use crate::net::simd::tile::{LANES, Region, Support, Tile, dot};
use crate::net::simd::{Direction, Real, View, by_dtype, view};

/// Read locks on the tangents of queries, keys and values.
struct Inputs<'a> {
    views: [Option<View<'a>>; 3],
    k: usize,
}

impl<'a> Inputs<'a> {
    fn new(tangents: [Option<&'a Tensor>; 3]) -> Result<Self> {
        let Some(any) = tangents.iter().flatten().next() else {
            bail!("an attention with tangents needs an input that depends on the parameters")
        };
        let [q, k, v] = tangents.map(|tangent| tangent.map(view).transpose());
        Ok(Self { views: [q?, k?, v?], k: any.dims3()?.1 })
    }

    fn slices<T: Real>(&self) -> Result<[Option<&[T]>; 3]> {
        let [q, k, v] = self.views.each_ref().map(|view| view.as_ref().map(|v| v.slice::<T>()));
        Ok([q.transpose()?, k.transpose()?, v.transpose()?])
    }
}

/// Copies one head of a tangent in; for `None` the tile keeps its initial zeros.
#[inline(always)]
fn load<T: Real>(tile: &mut Tile<T>, tangent: Option<&[T]>, region: Region) {
    if let Some(tangent) = tangent {
        tile.load(tangent, region);
    }
}

/// As [`load`], transposed.
#[inline(always)]
fn load_transposed<T: Real>(tile: &mut Tile<T>, tangent: Option<&[T]>, region: Region) {
    if let Some(tangent) = tangent {
        tile.load_transposed(tangent, region);
    }
}

/// ṗ·v + p·v̇ and ṗ, where ż = s·(q̇·kᵀ + q·k̇ᵀ) and ṗ = p∘(ż − Σ p∘ż).
pub(crate) fn attention_tangent(
    p: &Tensor,
    qkv: [&Tensor; 3],
    tangents: [Option<&Tensor>; 3],
    heads: Geometry,
) -> Result<(Tensor, Tensor)> {
    by_dtype!(p, T => {
        let ((n_rows, d), (_, n_weights), device) = (qkv[0].dims2()?, p.dims2()?, p.device());
        let layout = heads.layout(n_rows, d)?;
        let (inputs, views) = (Inputs::new(tangents)?, [view(qkv[0])?, view(qkv[1])?, view(qkv[2])?]);
        let ([q, k, v], [dq, dk, dv], weights) =
            (slices::<T>(&views)?, inputs.slices::<T>()?, view(p)?);
        let (weights, n_together) = (weights.slice::<T>()?, inputs.k);
        let mut out = vec![T::ZERO; n_rows * n_together * d];
        let mut dp_out = vec![T::ZERO; n_rows * n_together * n_weights];
        let mut tiles = [(); 5].map(|()| layout.tile());
        let [q_tile, dq_tile, v_tile, dv_tile, sum] = &mut tiles;
        let (mut kt, mut dkt) = (layout.transposed_tile(), layout.transposed_tile());
        let (mut p, mut dp, support) = (layout.square_tile(), layout.square_tile(), layout.support());
        for one in layout.each() {
            let region = layout.features(one, Direction::NONE);
            q_tile.load(q, region);
            kt.load_transposed(k, region);
            v_tile.load(v, region);
            p.load(weights, layout.weights(one, Direction::NONE));
            for at in Direction::all(n_together) {
                let region = layout.features(one, at);
                load(dq_tile, dq, region);
                load_transposed(&mut dkt, dk, region);
                load(dv_tile, dv, region);
                dp.set_product(dq_tile.factor(Support::Full), &kt);
                dp.add_product(q_tile.factor(Support::Full), &dkt);
                through_softmax(&mut dp, &p, layout);
                sum.set_product(dp.factor(support), v_tile);
                sum.add_product(p.factor(support), dv_tile);
                dp.store(&mut dp_out, layout.weights(one, at));
                sum.store(&mut out, region);
            }
        }
        Ok((
            Tensor::from_vec(out, (n_rows, n_together, d), device)?,
            Tensor::from_vec(dp_out, (n_rows, n_together, n_weights), device)?,
        ))
    })
}

/// Replaces ż/s by ṗ.
#[inline(always)]
fn through_softmax<T: Real>(dz: &mut Tile<T>, p: &Tile<T>, layout: Layout) {
    let scale = layout.scale::<T>();
    for (dz, p) in dz.rows_mut().zip(p.rows()) {
        let mean = dot(dz, p);
        for (dz, p) in dz.iter_mut().zip(p) {
            for i in 0..LANES {
                dz[i] = scale * p[i] * (dz[i] - mean);
            }
        }
    }
}

/// Derivative of the backward pass along the directions, for q, k and v. With r = ġ·vᵀ + g·v̇ᵀ:
/// dz = s·p∘c, ḋz = s·(ṗ∘c + p∘(r − Σ(ṗ∘c + p∘r)));
/// ḋq = ḋz·k + dz·k̇, ḋk = ḋzᵀ·q + dzᵀ·q̇, ḋv = ṗᵀ·g + pᵀ·ġ.
pub(crate) fn attention_tangent_backward(
    g: &Tensor,
    dg: &Tensor,
    at: AttentionSaved<'_>,
    along: AttentionTangents<'_>,
    heads: Geometry,
) -> Result<[Tensor; 3]> {
    by_dtype!(g, T => {
        let (shape, out_shape, device) = (g.dims2()?, dg.dims3()?, g.device());
        let (views, inputs) = (at.qkv.map(view), Inputs::new(along.qkv)?);
        let [q, k, v] = views;
        let views = [q?, k?, v?];
        let (recorded, dg_dp) = ([view(g)?, view(at.p)?, view(at.c)?], [view(dg)?, view(along.p)?]);
        let mut out = [(); 3].map(|()| vec![T::ZERO; dg.elem_count()]);
        let pass = LastPass {
            layout: heads.layout(shape.0, shape.1)?,
            n_together: out_shape.1,
            qkv: slices::<T>(&views)?,
            recorded: slices::<T>(&recorded)?,
            tangents: inputs.slices::<T>()?,
            dg_dp: [dg_dp[0].slice::<T>()?, dg_dp[1].slice::<T>()?],
        };
        pass.run(&mut out);
        let [dq, dk, dv] = out.map(|data| Tensor::from_vec(data, out_shape, device));
        Ok([dq?, dk?, dv?])
    })
}

/// Inputs of `tangent_backward`.
struct LastPass<'a, T> {
    layout: Layout,
    n_together: usize,
    qkv: [&'a [T]; 3],
    /// g, p and c.
    recorded: [&'a [T]; 3],
    tangents: [Option<&'a [T]>; 3],
    /// ġ and ṗ.
    dg_dp: [&'a [T]; 2],
}

impl<T: Real> LastPass<'_, T> {
    #[inline(always)]
    fn run(&self, [out_q, out_k, out_v]: &mut [Vec<T>; 3]) {
        let (layout, support) = (self.layout, self.layout.support());
        let ([q, k, v], [g, p, c]) = (self.qkv, self.recorded);
        let ([dq, dk, dv], [dg, dp]) = (self.tangents, self.dg_dp);
        let mut tiles = [(); 7].map(|()| layout.tile::<T>());
        let [q_tile, dq_tile, k_tile, dk_tile, g_tile, dg_tile, sum] = &mut tiles;
        let mut squares = [(); 5].map(|()| layout.square_tile::<T>());
        let [p_tile, dp_tile, c_tile, dz, ddz] = &mut squares;
        let (mut vt, mut dvt) = (layout.transposed_tile(), layout.transposed_tile());
        for one in layout.each() {
            let (region, square) =
                (layout.features(one, Direction::NONE), layout.weights(one, Direction::NONE));
            q_tile.load(q, region);
            k_tile.load(k, region);
            g_tile.load(g, region);
            vt.load_transposed(v, region);
            p_tile.load(p, square);
            c_tile.load(c, square);
            for at in Direction::all(self.n_together) {
                let region = layout.features(one, at);
                load(dq_tile, dq, region);
                load(dk_tile, dk, region);
                load_transposed(&mut dvt, dv, region);
                dg_tile.load(dg, region);
                dp_tile.load(dp, layout.weights(one, at));
                ddz.set_product(dg_tile.factor(Support::Full), &vt);
                ddz.add_product(g_tile.factor(Support::Full), &dvt);
                score_tangents([dz, ddz], [p_tile, dp_tile, c_tile], layout);
                sum.set_product(ddz.factor(support), k_tile);
                sum.add_product(dz.factor(support), dk_tile);
                sum.store(out_q, region);
                sum.set_product(ddz.transposed(support), q_tile);
                sum.add_product(dz.transposed(support), dq_tile);
                sum.store(out_k, region);
                sum.set_product(dp_tile.transposed(support), g_tile);
                sum.add_product(p_tile.transposed(support), dg_tile);
                sum.store(out_v, region);
            }
        }
    }
}

/// Computes dz, and replaces r by ḋz.
#[inline(always)]
fn score_tangents<T: Real>(
    [dz, ddz]: [&mut Tile<T>; 2],
    [p, dp, c]: [&Tile<T>; 3],
    layout: Layout,
) {
    let scale = layout.scale::<T>();
    let rows = p.rows().zip(dp.rows()).zip(c.rows());
    for ((dz, ddz), ((p, dp), c)) in dz.rows_mut().zip(ddz.rows_mut()).zip(rows) {
        let mean = dot(dp, c) + dot(p, ddz);
        let blocks = p.iter().zip(dp).zip(c);
        for ((dz, ddz), ((p, dp), c)) in dz.iter_mut().zip(ddz).zip(blocks) {
            for i in 0..LANES {
                dz[i] = scale * p[i] * c[i];
                ddz[i] = scale * (dp[i] * c[i] + p[i] * (ddz[i] - mean));
            }
        }
    }
}
