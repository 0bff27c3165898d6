//! The numbers in the definitions of facts.

/// Measurements of the curvature that a median or a trend is over.
pub const WINDOW: usize = 50;

/// Fewer measurements say nothing.
pub const MIN_MEASURED: usize = 10;

/// Medians of the binding ratio that are at the edge of stability, both ends included.
pub const EDGE: [f64; 2] = [0.95, 1.1];

/// Ratios this near to 1 are at the limit, or nearer than the tolerance of measurements if that is
/// larger.
pub const ON_LIMIT: f64 = 1e-3;

/// Measurements in a row without a certain result, after which the curvature is not known.
pub const MISSED: u64 = 3;

/// Standard errors that a slope must exceed to be a trend.
pub const N_STANDARD_ERRORS: f64 = 2.0;

/// A loss above this many times its running minimum has jumped.
pub const JUMP_FACTOR: f64 = 1.5;

/// Steps before a loss that its running minimum is over; a jump lasts as long.
pub const JUMP_STEPS: usize = 20;

/// Steps over which the loss is followed at the edge of stability.
pub const LOSS_STEPS: u64 = 500;

/// Steps for which a jump or a change of settings comes first.
pub const RECENT_STEPS: u64 = 50;
