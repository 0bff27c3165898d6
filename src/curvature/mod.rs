//! Eigenvalues of a symmetric operator, and the probe that follows those of a run's Hessian.
//! Solvers see an operator, never a network.

mod audit;
mod block;
mod end;
mod estimate;
mod lanczos;
mod moment;
mod needs;
mod operator;
mod prediction;
mod probe;
mod random_vectors;
mod space;
mod tracking;
mod vectors;

pub use audit::{AuditOptions, audit};
pub use block::{BlockOptions, BlockSolution, Start, solve_block};
pub use lanczos::{LanczosOptions, lanczos};
pub use moment::Moment;
pub use needs::{n_first_products, n_multiplied, n_vectors};
pub use operator::{HessianOperator, Negated, Operator, Scaled};
pub use prediction::Location;
pub use probe::Probe;
pub use vectors::Pair;
