//! Symmetric operators for the solvers, which multiply blocks of f64 vectors: the trait, the Hessian
//! of a network, and operators derived from another one.

use candle_core::{DType, Device, Tensor};

use crate::net::{Halt, Linearization, widen};

/// Rounding error of products in f64, with a margin for long sums.
const ROUNDING_F64: f64 = 1e-12;

/// The same in f32. Eigenvalues of one Hessian in f32 and f64 were found to differ by 6e-6.
const ROUNDING_F32: f64 = 4e-6;

/// A symmetric linear map on f64 vectors.
///
/// A solver needs only this of a matrix:
///
/// ```
/// use eoscope::curvature::{BlockOptions, Operator, Start, solve_block};
/// use eoscope::net::Halt;
///
/// /// diag(0, 1, …, 19)
/// struct Diagonal;
///
/// impl Operator for Diagonal {
///     fn dim(&self) -> usize {
///         20
///     }
///
///     fn apply(&mut self, vectors: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, Halt> {
///         let product = |v: &Vec<f64>| v.iter().zip(0..).map(|(v, i)| v * f64::from(i)).collect();
///         Ok(vectors.iter().map(product).collect())
///     }
/// }
///
/// let vector = |k: u32| (0..20).map(|i| f64::from(i * i + 7 * i * k + k).sin()).collect();
/// let fresh = || (1..5).map(vector).collect();
/// let random: Vec<Vec<f64>> = fresh();
/// let directions: Vec<&[f64]> = random.iter().map(Vec::as_slice).collect();
/// let start = Start { directions: &directions, carried: &[], fresh: &fresh };
/// let options =
///     BlockOptions { n_wanted: 2, n_kept: 4, n_guarded: 2, is_thorough: false, tolerance: 1e-6, shift: 0.0, min_rounds: 2, max_rounds: 20 };
/// let found = solve_block(&mut Diagonal, start, options)?;
/// assert!((found.pairs[0].value - 19.0).abs() < 1e-4 && found.errors[0] < 1e-6);
/// assert!((found.pairs[1].value - 18.0).abs() < 1e-4);
/// # Ok::<(), Halt>(())
/// ```
pub trait Operator {
    /// Length of its vectors.
    fn dim(&self) -> usize;

    /// Its products with each of the vectors, in order.
    ///
    /// # Errors
    /// See [`Halt`]; an interruption takes effect within one product.
    fn apply(&mut self, vectors: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, Halt>;

    /// Rounding error of a product, relative to the largest eigenvalue in magnitude.
    fn rounding(&self) -> f64 {
        ROUNDING_F64
    }

    /// Whether to interrupt the solve. Solvers also ask during their own computations between
    /// products.
    fn is_interrupted(&self) -> bool {
        false
    }
}

/// The Hessian of a loss at a linearization.
pub struct HessianOperator<'a> {
    at: &'a Linearization,
    is_interrupted: &'a dyn Fn() -> bool,
    report: &'a dyn Fn(u32),
}

impl<'a> HessianOperator<'a> {
    /// The Hessian at `at`, which calls `is_interrupted` while it multiplies.
    #[must_use]
    pub fn new(at: &'a Linearization, is_interrupted: &'a dyn Fn() -> bool) -> Self {
        Self { at, is_interrupted, report: &|_| () }
    }

    /// Calls `report` after each part of a block with the number of products in it.
    #[must_use]
    pub fn reporting(self, report: &'a dyn Fn(u32)) -> Self {
        Self { report, ..self }
    }
}

impl Operator for HessianOperator<'_> {
    fn dim(&self) -> usize {
        self.at.gradient().elem_count()
    }

    fn apply(&mut self, vectors: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, Halt> {
        let (n, gradient) = (self.dim(), self.at.gradient());
        let mut products = Vec::with_capacity(vectors.len());
        // Only as many as are multiplied together are copied at once, to save memory.
        for part in vectors.chunks(self.at.n_together(vectors.len())) {
            let block = Tensor::from_vec(part.concat(), (part.len(), n), &Device::Cpu)?;
            let block = block.to_dtype(gradient.dtype())?.to_device(gradient.device())?;
            let product = widen(&self.at.hvp(&block, self.is_interrupted)?)?;
            if !product.iter().all(|x| x.is_finite()) {
                return Err(Halt::NotFinite);
            }
            products.extend(product.chunks_exact(n).map(<[f64]>::to_vec));
            (self.report)(u32::try_from(part.len()).unwrap_or(u32::MAX));
        }
        Ok(products)
    }

    fn rounding(&self) -> f64 {
        if self.at.gradient().dtype() == DType::F64 { ROUNDING_F64 } else { ROUNDING_F32 }
    }

    fn is_interrupted(&self) -> bool {
        (self.is_interrupted)()
    }
}

/// −A: its largest eigenvalues are the smallest of A, negated.
pub struct Negated<'a, A: ?Sized>(pub &'a mut A);

impl<A: Operator + ?Sized> Operator for Negated<'_, A> {
    fn dim(&self) -> usize {
        self.0.dim()
    }

    fn apply(&mut self, vectors: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, Halt> {
        let mut products = self.0.apply(vectors)?;
        products.iter_mut().flatten().for_each(|x| *x = -*x);
        Ok(products)
    }

    fn rounding(&self) -> f64 {
        self.0.rounding()
    }

    fn is_interrupted(&self) -> bool {
        self.0.is_interrupted()
    }
}

/// S(A + μ)S for a diagonal matrix S, with the same eigenvalues as S²(A + μ): of the preconditioned
/// Hessian if S = P^-½ (arXiv 2207.14484), of D·A if S = D^½ and μ = 0.
pub struct Scaled<'a, A: ?Sized> {
    /// A.
    pub inner: &'a mut A,
    /// The diagonal of S.
    pub scales: &'a [f64],
    /// μ.
    pub shift: f64,
}

impl<A: Operator + ?Sized> Operator for Scaled<'_, A> {
    fn dim(&self) -> usize {
        self.inner.dim()
    }

    fn apply(&mut self, vectors: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, Halt> {
        let scaled = |v: &Vec<f64>| v.iter().zip(self.scales).map(|(v, s)| v * s).collect();
        let inputs: Vec<Vec<f64>> = vectors.iter().map(scaled).collect();
        let mut products = self.inner.apply(&inputs)?;
        for (product, input) in products.iter_mut().zip(&inputs) {
            for ((x, v), s) in product.iter_mut().zip(input).zip(self.scales) {
                *x = s * (*x + self.shift * v);
            }
        }
        if !products.iter().flatten().all(|x| x.is_finite()) {
            return Err(Halt::NotFinite);
        }
        Ok(products)
    }

    fn rounding(&self) -> f64 {
        self.inner.rounding()
    }

    fn is_interrupted(&self) -> bool {
        self.inner.is_interrupted()
    }
}
