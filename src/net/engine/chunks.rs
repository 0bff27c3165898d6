//! How a batch is split into chunks of examples, and the memory that passes over them take.
//! Depends on shapes alone: not on threads, so that results do not, nor on any number.

use candle_core::DType;

use super::program::Program;
use crate::config::Dtype;
use crate::net::passes::Mode;

/// Examples in a chunk: enough for full-speed matrix products, few enough to stay in cache.
const CHUNK_ROWS: usize = 512;

/// The same where the gradient of a chunk alone fills a core's cache, and adding up those of many
/// chunks would take a twentieth of the time (measured on 656,810 parameters).
const CHUNK_ROWS_OF_LARGE: usize = 1024;

/// Bytes of such a gradient.
const LARGE_GRADIENT: usize = 1 << 20;

/// Bytes that one chunk's tape may take; wide networks get fewer examples a chunk.
const CHUNK_BYTES: usize = 64 << 20;

/// As [`CHUNK_BYTES`], of networks whose examples have several positions: a few images have rows
/// enough for matrix products, and what one op leaves is still in cache when the next reads it.
const CHUNK_BYTES_OF_POSITIONS: usize = 12 << 20;

/// Multiply-adds (of all examples and vectors together) of the longest piece of work that is not
/// interrupted: some 20 to 30 ms of one thread, in each pass.
const PIECE_WORK: usize = 1 << 29;

/// Examples that a chunk has in any case, so that products with a matrix stay worth their while.
const MIN_CHUNK_ROWS: usize = 16;

/// Bytes that all tapes of a linearization may take; beyond, they are made again when needed.
pub(super) const TAPE_BYTES: usize = 1 << 30;

/// Consecutive examples of a batch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows {
    pub(super) start: usize,
    pub(super) len: usize,
}

/// The chunks of a batch of `n` examples.
pub(super) fn chunks(program: &Program, n: usize, dtype: DType, mode: Mode) -> Vec<Rows> {
    // Running statistics couple nothing.
    let rows = if program.couples_examples() && mode == Mode::Training {
        n.max(1)
    } else {
        let by_work = (PIECE_WORK / program.work().max(1)).max(MIN_CHUNK_ROWS);
        let is_flat = program.shapes().iter().all(|shape| shape.positions == 1);
        let bytes = if is_flat { CHUNK_BYTES } else { CHUNK_BYTES_OF_POSITIONS };
        let by_memory = bytes / program.tape_bytes(dtype).max(1);
        let is_large = program.n_params() * dtype.size_in_bytes() > LARGE_GRADIENT;
        let most = if is_large { CHUNK_ROWS_OF_LARGE } else { CHUNK_ROWS };
        by_work.min(by_memory).clamp(1, most)
    };
    // In pairs, so that the last one of several does not keep one of two threads waiting.
    let n_chunks = match n.div_ceil(rows) {
        0 | 1 => 1,
        several => several.next_multiple_of(2).min(n),
    };
    let starts = |i: usize| i * n / n_chunks;
    let rows = |i| Rows { start: starts(i), len: starts(i + 1) - starts(i) };
    (0..n_chunks).map(rows).collect()
}

/// How many of `k` vectors a chunk of so many rows is multiplied with together.
pub(super) fn n_together(program: &Program, rows: usize, k: usize) -> usize {
    (PIECE_WORK / (rows * program.work()).max(1)).clamp(1, k.max(1))
}

/// Passes over a batch: forward, backward, and products with vectors.
#[derive(Clone, Copy, Debug)]
pub struct Pass {
    /// Precision of the numbers.
    pub dtype: Dtype,
    /// Examples of the batch.
    pub n_examples: usize,
    /// Vectors of the largest block that the Hessian is multiplied with; 0 without products.
    pub n_vectors: usize,
    /// Threads that compute.
    pub n_threads: usize,
}

impl Program {
    /// Bytes that such passes hold at once at most: the tapes that are kept, and, on every thread, a
    /// chunk's own with its tangents, and what it adds to gradients and products.
    #[must_use]
    pub fn pass_bytes(&self, pass: Pass) -> usize {
        let dtype = DType::from(pass.dtype);
        let chunks = chunks(self, pass.n_examples, dtype, Mode::Training);
        let rows = chunks.iter().map(|rows| rows.len).max().unwrap_or(1);
        let kept =
            Some(pass.n_examples * self.kept_bytes(dtype)).filter(|kept| *kept <= TAPE_BYTES);
        let k = match pass.n_vectors {
            0 => 0,
            n => n_together(self, rows, n),
        };
        let n_threads = chunks.len().min(pass.n_threads.max(1));
        // A tangent beside every value, a gradient of it beside every gradient.
        let chunk = rows * self.tape_bytes(dtype) * (2 + k) / 2;
        let sums = k.max(1) * self.n_params() * dtype.size_in_bytes();
        kept.unwrap_or(0) + n_threads * (chunk + sums) + 2 * sums
    }
}
