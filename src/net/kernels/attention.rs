//! Attention of the positions of one example to each other: the four passes of all heads.
//! Does not know how queries, keys and values were made.
//!
//! Shapes: queries q, keys k, values v and outputs `[n·t, d]`, t positions an example, head h in
//! columns h·d/heads on; attention weights p `[n·t, heads·t]`; tangents with the directions in the
//! middle. Formulas are those of one head of one example, s = 1/√(d/heads), or √(d₀/d) of that where
//! scores fall with the width d as they do under μP.

#![expect(
    clippy::inline_always,
    reason = "only what is inlined gets the vector instructions of its caller"
)]

use candle_core::{Result, Tensor, bail};

use super::tile::{LANES, Place, Support, Tile, dot, total};
use super::{Real, View, by_dtype, view};

/// Which positions a position attends to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mask {
    /// All of its example.
    None,
    /// Itself and those before it.
    Causal,
}

/// How queries, keys and values lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Geometry {
    pub(crate) n_positions: usize,
    pub(crate) n_heads: usize,
    pub(crate) mask: Mask,
    /// d₀, the width from which on scores fall as 1/d; `None` where they fall as 1/√d.
    pub(crate) base_width: Option<usize>,
}

/// What the first two passes leave to the last.
#[derive(Clone, Copy)]
pub(crate) struct Attended<'a> {
    pub(crate) qkv: [&'a Tensor; 3],
    /// Attention weights.
    pub(crate) p: &'a Tensor,
    /// ∂L/∂p less its mean under p.
    pub(crate) c: &'a Tensor,
}

/// The tangents of an attention; `None` for inputs that do not depend on the parameters.
#[derive(Clone, Copy)]
pub(crate) struct Moved<'a> {
    pub(crate) qkv: [Option<&'a Tensor>; 3],
    pub(crate) p: &'a Tensor,
}

/// Heads of a batch: which numbers of a tensor belong to which.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    heads: Geometry,
    n_examples: usize,
    d_head: usize,
}

/// One direction of a block of k.
#[derive(Clone, Copy)]
pub(super) struct Direction {
    j: usize,
    k: usize,
}

impl Direction {
    /// Of what has none.
    pub(super) const NONE: Self = Self { j: 0, k: 1 };

    /// Of a block of k.
    pub(super) fn all(k: usize) -> impl Iterator<Item = Self> {
        (0..k).map(move |j| Self { j, k })
    }
}

impl Geometry {
    /// Of queries, keys and values `[n·t, d]`.
    pub(super) fn layout(self, (n_rows, d): (usize, usize)) -> Result<Layout> {
        let Self { n_positions, n_heads, .. } = self;
        if n_positions == 0 || n_heads == 0 || n_rows % n_positions != 0 || d % n_heads != 0 {
            bail!(
                "attention needs rows in examples of {n_positions} and features in {n_heads} \
                 heads of one size, got {n_rows} rows of {d}"
            )
        }
        Ok(Layout { heads: self, n_examples: n_rows / n_positions, d_head: d / n_heads })
    }

    /// s of heads of this width.
    pub(crate) fn scale(self, d_head: usize) -> f64 {
        let width = (d_head * self.n_heads) as f64;
        let fall = self.base_width.map_or(1.0, |base| (base as f64 / width).sqrt());
        fall / (d_head as f64).sqrt()
    }
}

impl Layout {
    pub(super) fn each(self) -> impl Iterator<Item = (usize, usize)> {
        let n_heads = self.heads.n_heads;
        (0..self.n_examples * n_heads).map(move |i| (i / n_heads, i % n_heads))
    }

    pub(super) fn scale<T: Real>(self) -> T {
        T::of(self.heads.scale(self.d_head))
    }

    pub(super) fn support(self) -> Support {
        match self.heads.mask {
            Mask::None => Support::Full,
            Mask::Causal => Support::Lower,
        }
    }

    /// One head of one example where every head has `n_cols` columns.
    #[inline(always)]
    fn place(self, n_cols: usize, (example, head): (usize, usize), at: Direction) -> Place {
        let Geometry { n_positions, n_heads, .. } = self.heads;
        let row = n_heads * n_cols;
        let start = (example * n_positions * at.k + at.j) * row + head * n_cols;
        Place { start, stride: at.k * row, n_rows: n_positions, n_cols }
    }

    /// Of queries, keys, values and outputs.
    #[inline(always)]
    pub(super) fn features(self, one: (usize, usize), at: Direction) -> Place {
        self.place(self.d_head, one, at)
    }

    /// Of attention weights.
    #[inline(always)]
    pub(super) fn weights(self, one: (usize, usize), at: Direction) -> Place {
        self.place(self.heads.n_positions, one, at)
    }

    /// Room for one head of queries, keys, values or outputs.
    pub(super) fn tile<T: Real>(self) -> Tile<T> {
        Tile::zeros(self.heads.n_positions, self.d_head)
    }

    /// Room for the transpose of such.
    pub(super) fn turned_tile<T: Real>(self) -> Tile<T> {
        Tile::zeros(self.d_head, self.heads.n_positions)
    }

    /// Room for one head of attention weights.
    pub(super) fn square_tile<T: Real>(self) -> Tile<T> {
        Tile::zeros(self.heads.n_positions, self.heads.n_positions)
    }
}

/// p = softmax(s·q·kᵀ), masked entries 0, and p·v.
pub(crate) fn attention(
    q: &Tensor,
    k: &Tensor,
    v: &Tensor,
    heads: Geometry,
) -> Result<(Tensor, Tensor)> {
    by_dtype!(q, T => {
        let (shape, device) = (q.dims2()?, q.device());
        let layout = heads.layout(shape)?;
        let views = [view(q)?, view(k)?, view(v)?];
        let [q, k, v] = slices::<T>(&views)?;
        let weights_shape = (shape.0, heads.n_heads * heads.n_positions);
        let mut out = vec![T::ZERO; q.len()];
        let mut weights = vec![T::ZERO; weights_shape.0 * weights_shape.1];
        let mut tile = [(); 3].map(|()| layout.tile());
        let [q_tile, v_tile, o_tile] = &mut tile;
        let (mut kt, mut p) = (layout.turned_tile(), layout.square_tile());
        for one in layout.each() {
            let (place, square) =
                (layout.features(one, Direction::NONE), layout.weights(one, Direction::NONE));
            q_tile.load(q, place);
            kt.load_transposed(k, place);
            v_tile.load(v, place);
            p.set_product(q_tile.factor(Support::Full), &kt);
            softmax(&mut p, layout);
            o_tile.set_product(p.factor(layout.support()), v_tile);
            p.store(&mut weights, square);
            o_tile.store(&mut out, place);
        }
        Ok((
            Tensor::from_vec(out, shape, device)?,
            Tensor::from_vec(weights, weights_shape, device)?,
        ))
    })
}

/// The elements of three views.
pub(super) fn slices<'a, T: Real>(views: &'a [View<'_>; 3]) -> Result<[&'a [T]; 3]> {
    let [a, b, c] = views;
    Ok([a.slice::<T>()?, b.slice::<T>()?, c.slice::<T>()?])
}

/// From z to softmax(s·z) over what each position attends to; 0 elsewhere.
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

/// From g = ∂L/∂output to ∂L/∂q, ∂L/∂k and ∂L/∂v, and c for the last pass:
/// c = g·vᵀ − Σ p∘(g·vᵀ), dz = s·p∘c; dq = dz·k, dk = dzᵀ·q, dv = pᵀ·g.
pub(crate) fn attention_backward(
    g: &Tensor,
    qkv: [&Tensor; 3],
    p: &Tensor,
    heads: Geometry,
) -> Result<([Tensor; 3], Tensor)> {
    by_dtype!(g, T => {
        let (shape, p_shape, device) = (g.dims2()?, p.dims2()?, g.device());
        let layout = heads.layout(shape)?;
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
        let mut vt = layout.turned_tile();
        let support = layout.support();
        for one in layout.each() {
            let (place, square) =
                (layout.features(one, Direction::NONE), layout.weights(one, Direction::NONE));
            q_tile.load(q, place);
            k_tile.load(k, place);
            g_tile.load(g, place);
            vt.load_transposed(v, place);
            p.load(weights, square);
            c.set_product(g_tile.factor(Support::Full), &vt);
            centre(c, p, dz, layout);
            c.store(&mut centred, square);
            sum.set_product(dz.factor(support), k_tile);
            sum.store(&mut out[0], place);
            sum.set_product(dz.transposed(support), q_tile);
            sum.store(&mut out[1], place);
            sum.set_product(p.transposed(support), g_tile);
            sum.store(&mut out[2], place);
        }
        let [dq, dk, dv] = out.map(|data| Tensor::from_vec(data, shape, device));
        Ok(([dq?, dk?, dv?], Tensor::from_vec(centred, p_shape, device)?))
    })
}

/// c ← c − Σ p∘c for every row, and s·p∘c of the new c.
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
