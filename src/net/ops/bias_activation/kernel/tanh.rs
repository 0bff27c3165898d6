//! tanh with bias. All passes use its output a only: φ′ = 1 − a² and φ″·∂/∂a = −2a·∂/∂z, so neither
//! derivative is saved.
//!
//! Shapes: z, a `[n, d]`, bias `[d]`; tangents `[n, k, d]`, bias tangents `[k, d]`.

use candle_core::{Result, Tensor};

use crate::net::simd::strips::Strips;
use crate::net::simd::{Real, by_dtype, view};

/// a = tanh(z + b).
pub(crate) fn tanh(z: &Tensor, bias: &Tensor) -> Result<Tensor> {
    by_dtype!(z, T => {
        let (shape, device) = (z.dims2()?, z.device());
        let (z, bias) = (view(z)?, view(bias)?);
        let (z, strips) = (z.slice::<T>()?, Strips::new(1, shape.1));
        let bias = strips.tile(bias.slice::<T>()?);
        // Computed in a buffer and appended, so the output need not be zeroed first.
        let (mut values, mut line) = (Vec::with_capacity(z.len()), vec![T::ZERO; bias.len()]);
        for z in strips.of_values(z) {
            let line = &mut line[..z.len()];
            for (a, (z, bias)) in line.iter_mut().zip(z.iter().zip(&bias)) {
                *a = Real::tanh(*z + *bias);
            }
            values.extend_from_slice(line);
        }
        Tensor::from_vec(values, shape, device)
    })
}

/// From g = ∂/∂a: ∂/∂z = (1 − a²)·g, ∂/∂b = Σₙ ∂/∂z.
pub(crate) fn tanh_backward(g: &Tensor, a: &Tensor) -> Result<(Tensor, Tensor)> {
    by_dtype!(g, T => {
        let ((n, d), device) = (g.dims2()?, g.device());
        let (g, a) = (view(g)?, view(a)?);
        let (g, a, strips) = (g.slice::<T>()?, a.slice::<T>()?, Strips::new(1, d));
        let mut sums = strips.tile(&vec![T::ZERO; d]);
        let (mut dz, mut line) = (Vec::with_capacity(g.len()), sums.clone());
        for (g, a) in strips.of_values(g).zip(strips.of_values(a)) {
            let line = &mut line[..g.len()];
            for ((dz, sum), (g, a)) in line.iter_mut().zip(&mut sums).zip(g.iter().zip(a)) {
                *dz = (T::ONE - *a * *a) * *g;
                *sum += *dz;
            }
            dz.extend_from_slice(line);
        }
        let db = strips.folded(&sums);
        Ok((Tensor::from_vec(dz, (n, d), device)?, Tensor::from_vec(db, d, device)?))
    })
}

/// da = (1 − a²)·(dz + db).
pub(crate) fn tanh_tangent(dz: &Tensor, db: &Tensor, a: &Tensor) -> Result<Tensor> {
    by_dtype!(dz, T => {
        let ((n, k, d), device) = (dz.dims3()?, dz.device());
        let (dz, db, a) = (view(dz)?, view(db)?, view(a)?);
        let (dz, a, strips) = (dz.slice::<T>()?, a.slice::<T>()?, Strips::new(k, d));
        let db = strips.tile(db.slice::<T>()?);
        let (mut das, mut line) = (Vec::with_capacity(dz.len()), vec![T::ZERO; db.len()]);
        let mut space = Vec::new();
        for (dz, a) in strips.of_tangents(dz).zip(strips.of_values(a)) {
            let (a, line) = (strips.repeat(a, &mut space), &mut line[..dz.len()]);
            for ((da, a), (dz, db)) in line.iter_mut().zip(a).zip(dz.iter().zip(&db)) {
                *da = (T::ONE - *a * *a) * (*dz + *db);
            }
            das.extend_from_slice(line);
        }
        Tensor::from_vec(das, (n, k, d), device)
    })
}

/// d(∂/∂z) = (1 − a²)·dg − 2a·∂/∂z·(dz + db), d(∂/∂b) = Σₙ d(∂/∂z), with
/// `gz` = ∂/∂z.
pub(crate) fn tanh_tangent_backward(
    dg: &Tensor,
    dz: &Tensor,
    db: &Tensor,
    a: &Tensor,
    gz: &Tensor,
) -> Result<(Tensor, Tensor)> {
    by_dtype!(dg, T => {
        let ((n, k, d), device) = (dg.dims3()?, dg.device());
        let [dg, dz, db, a, gz] = [view(dg)?, view(dz)?, view(db)?, view(a)?, view(gz)?];
        let (dg, dz, strips) = (dg.slice::<T>()?, dz.slice::<T>()?, Strips::new(k, d));
        let db = strips.tile(db.slice::<T>()?);
        let tangents = strips.of_tangents(dg).zip(strips.of_tangents(dz));
        let values = strips.of_values(a.slice::<T>()?).zip(strips.of_values(gz.slice::<T>()?));
        let (mut ddz, mut line) = (Vec::with_capacity(dg.len()), vec![T::ZERO; db.len()]);
        let (mut sums, mut space, mut space_of_gz) = (line.clone(), Vec::new(), Vec::new());
        for ((dg, dz), (a, gz)) in tangents.zip(values) {
            let (a, gz) = (strips.repeat(a, &mut space), strips.repeat(gz, &mut space_of_gz));
            let line = &mut line[..dg.len()];
            let moved = dg.iter().zip(dz.iter().zip(&db));
            let places = line.iter_mut().zip(&mut sums);
            for (((ddz, sum), (dg, (dz, db))), (a, gz)) in places.zip(moved).zip(a.iter().zip(gz)) {
                *ddz = (T::ONE - *a * *a) * *dg + T::of(-2.0) * *a * *gz * (*dz + *db);
                *sum += *ddz;
            }
            ddz.extend_from_slice(line);
        }
        let ddb = strips.folded(&sums);
        Ok((Tensor::from_vec(ddz, (n, k, d), device)?, Tensor::from_vec(ddb, (k, d), device)?))
    })
}
