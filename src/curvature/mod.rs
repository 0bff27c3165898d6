//! Eigenvalues of a symmetric operator, and the probe that follows those of a run's Hessian.
//! Solvers see an operator, never a network.

mod block;
mod lanczos;
mod operator;
mod probe;
mod tracking;
mod vectors;

pub use block::{BlockOptions, BlockSolution, solve_block};
pub use lanczos::{LanczosOptions, lanczos};
pub use operator::{Halt, HessianOperator, Negated, Operator, Scaled};
pub use probe::{Moment, Probe};
pub use vectors::Pair;
