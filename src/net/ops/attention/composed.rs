//! Attention composed of candle operations. Shapes and notation as in `kernel`.

use candle_core::{D, Result, Tensor, bail};

use super::kernel::{AttentionSaved, AttentionTangents, Geometry, Mask};

impl Geometry {
    /// From `[n·t, heads·w]` to `[1, n·heads, t, w]`, or from `[n·t, k, heads·w]` to
    /// `[k, n·heads, t, w]`.
    fn part(self, x: &Tensor) -> Result<Tensor> {
        let (n_rows, k) = (x.dim(0)?, if x.rank() == 3 { x.dim(1)? } else { 1 });
        let n_examples = n_rows / self.n_positions;
        x.reshape((n_examples, self.n_positions, k, self.n_heads, ()))?
            .permute([2, 0, 3, 1, 4])?
            .force_contiguous()?
            .reshape((k, n_examples * self.n_heads, self.n_positions, ()))
    }

    /// Inverse of [`Self::part`] for tangents: from `[k, n·heads, t, w]` to `[n·t, k, heads·w]`.
    fn join(self, x: &Tensor) -> Result<Tensor> {
        let (k, n_matrices, t, w) = x.dims4()?;
        let n_examples = n_matrices / self.n_heads;
        x.reshape((k, n_examples, self.n_heads, t, w))?
            .permute([1, 3, 0, 2, 4])?
            .contiguous()?
            .reshape((n_examples * t, k, self.n_heads * w))
    }

    /// s for queries of this width.
    fn scale_of(self, q: &Tensor) -> Result<f64> {
        Ok(self.scale(q.dim(D::Minus1)? / self.n_heads))
    }
}

// candle calls a matrix with one row or column contiguous whatever its strides, but its matrix
// products need the strides of a fresh copy.

/// a·bᵀ of every head.
fn times_transposed(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    times(a, &b.t()?.force_contiguous()?)
}

/// aᵀ·b of every head.
fn transposed_times(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    times(&a.t()?.force_contiguous()?, b)
}

/// a·b of every head.
fn times(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    a.broadcast_matmul(b)
}

/// x minus the sum of p∘x in every row.
fn centre(x: &Tensor, p: &Tensor) -> Result<Tensor> {
    x.broadcast_sub(&p.broadcast_mul(x)?.sum_keepdim(D::Minus1)?)
}

/// p·v and p = softmax(s·q·kᵀ), 0 where masked.
pub(crate) fn attention(
    q: &Tensor,
    k: &Tensor,
    v: &Tensor,
    heads: Geometry,
) -> Result<(Tensor, Tensor)> {
    let scale = heads.scale_of(q)?;
    let [q, k, v] = [heads.part(q)?, heads.part(k)?, heads.part(v)?];
    let z = (times_transposed(&q, &k)? * scale)?;
    let z = match heads.mask {
        Mask::None => z,
        Mask::Causal => {
            let t = heads.n_positions;
            let hidden = (0..t * t).map(|i| if i % t > i / t { f32::NEG_INFINITY } else { 0.0 });
            let hidden = Tensor::from_vec(hidden.collect(), (t, t), z.device())?;
            z.broadcast_add(&hidden.to_dtype(z.dtype())?)?
        }
    };
    let p = candle_nn::ops::softmax(&z, D::Minus1)?;
    Ok((heads.join(&times(&p, &v)?)?.squeeze(1)?, heads.join(&p)?.squeeze(1)?))
}

/// dq = dz·k, dk = dzᵀ·q, dv = pᵀ·g, and c, where c = g·vᵀ − Σ p∘(g·vᵀ) and dz = s·p∘c.
pub(crate) fn attention_backward(
    g: &Tensor,
    qkv: [&Tensor; 3],
    p: &Tensor,
    heads: Geometry,
) -> Result<([Tensor; 3], Tensor)> {
    let scale = heads.scale_of(g)?;
    let [q, k, v] = qkv.map(|x| heads.part(x));
    let (q, k, v, g, p) = (q?, k?, v?, heads.part(g)?, heads.part(p)?);
    let c = centre(&times_transposed(&g, &v)?, &p)?;
    let dz = ((&p * &c)? * scale)?;
    let out = [times(&dz, &k)?, transposed_times(&dz, &q)?, transposed_times(&p, &g)?];
    let [dq, dk, dv] = out.map(|x| heads.join(&x)?.squeeze(1));
    Ok(([dq?, dk?, dv?], heads.join(&c)?.squeeze(1)?))
}

/// Tangents of q, k and v by head; zeros for `None`.
fn part_all(
    tangents: [Option<&Tensor>; 3],
    qkv: [&Tensor; 3],
    heads: Geometry,
) -> Result<[Tensor; 3]> {
    let Some(any) = tangents.iter().flatten().next() else {
        bail!("an attention with tangents needs an input that depends on the parameters")
    };
    let [q, k, v] = [0, 1, 2].map(|i| {
        if let Some(tangent) = tangents[i] {
            return heads.part(tangent);
        }
        let (n_rows, d) = qkv[i].dims2()?;
        heads.part(&Tensor::zeros((n_rows, any.dim(1)?, d), any.dtype(), any.device())?)
    });
    Ok([q?, k?, v?])
}

/// ṗ·v + p·v̇ and ṗ, where ż = s·(q̇·kᵀ + q·k̇ᵀ) and ṗ = p∘(ż − Σ p∘ż).
pub(crate) fn attention_tangent(
    p: &Tensor,
    qkv: [&Tensor; 3],
    tangents: [Option<&Tensor>; 3],
    heads: Geometry,
) -> Result<(Tensor, Tensor)> {
    let scale = heads.scale_of(qkv[0])?;
    let [dq, dk, dv] = part_all(tangents, qkv, heads)?;
    let [q, k, v] = qkv.map(|x| heads.part(x));
    let (q, k, v, p) = (q?, k?, v?, heads.part(p)?);
    let dz = ((times_transposed(&dq, &k)? + times_transposed(&q, &dk)?)? * scale)?;
    let dp = p.broadcast_mul(&centre(&dz, &p)?)?;
    let out = (times(&dp, &v)? + times(&p, &dv)?)?;
    Ok((heads.join(&out)?, heads.join(&dp)?))
}

/// With r = ġ·vᵀ + g·v̇ᵀ: dz = s·p∘c, ḋz = s·(ṗ∘c + p∘(r − Σ(ṗ∘c + p∘r)));
/// ḋq = ḋz·k + dz·k̇, ḋk = ḋzᵀ·q + dzᵀ·q̇, ḋv = ṗᵀ·g + pᵀ·ġ.
pub(crate) fn attention_tangent_backward(
    g: &Tensor,
    dg: &Tensor,
    at: AttentionSaved<'_>,
    along: AttentionTangents<'_>,
    heads: Geometry,
) -> Result<[Tensor; 3]> {
    let scale = heads.scale_of(g)?;
    let [dq, dk, dv] = part_all(along.qkv, at.qkv, heads)?;
    let [q, k, v] = at.qkv.map(|x| heads.part(x));
    let (q, k, v, p, c) = (q?, k?, v?, heads.part(at.p)?, heads.part(at.c)?);
    let (g, dg, dp) = (heads.part(g)?, heads.part(dg)?, heads.part(along.p)?);
    let r = (times_transposed(&dg, &v)? + times_transposed(&g, &dv)?)?;
    let weighted = dp.broadcast_mul(&c)?;
    let mean = (&weighted + p.broadcast_mul(&r)?)?.sum_keepdim(D::Minus1)?;
    let ddz = ((weighted + p.broadcast_mul(&r.broadcast_sub(&mean)?)?)? * scale)?;
    let dz = ((&p * &c)? * scale)?;
    let ddq = (times(&ddz, &k)? + times(&dz, &dk)?)?;
    let ddk = (transposed_times(&ddz, &q)? + transposed_times(&dz, &dq)?)?;
    let ddv = (transposed_times(&dp, &g)? + transposed_times(&p, &dg)?)?;
    Ok([heads.join(&ddq)?, heads.join(&ddk)?, heads.join(&ddv)?])
}
