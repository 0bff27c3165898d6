//! Splits a batch into chunks of examples, and bounds the memory of passes over them. Chunks depend
//! on shapes only, not on the number of threads: results are the same on any number.

use candle_core::DType;

use super::program::Program;
use crate::config::Dtype;
use crate::net::passes::Mode;

/// Examples in a chunk: enough for full-speed matrix products, few enough to stay in cache.
const CHUNK_ROWS: usize = 512;

/// [`CHUNK_ROWS`] of networks with a large gradient: it fills a core's cache, and summing the
/// gradients of many chunks would take a twentieth of the time (measured on 656,810 parameters).
const CHUNK_ROWS_OF_LARGE: usize = 1024;

/// A gradient of more bytes is large.
const LARGE_GRADIENT: usize = 1 << 20;

/// Largest tape of one chunk, in bytes; wide networks get fewer examples per chunk.
const CHUNK_BYTES: usize = 64 << 20;

/// [`CHUNK_BYTES`] of networks with several positions per example: few examples already give matrix
/// products enough rows, and an op's output is still in cache when the next op reads it.
const CHUNK_BYTES_OF_POSITIONS: usize = 12 << 20;

/// Multiply-adds, over all examples and vectors, between two polls for interruption: about 20 to 30
/// ms of one thread in each pass.
const PIECE_WORK: usize = 1 << 29;

/// Fewest examples per chunk for efficient matrix products, whatever [`PIECE_WORK`] allows.
const MIN_CHUNK_ROWS: usize = 16;

/// Largest total of a linearization's tapes, in bytes; larger ones are recomputed for every
/// product.
pub(super) const TAPE_BYTES: usize = 1 << 30;

/// Consecutive examples of a batch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows {
    pub(super) start: usize,
    pub(super) len: usize,
}

/// The chunks of a batch of `n` examples.
pub(super) fn chunks(program: &Program, n: usize, dtype: DType, mode: Mode) -> Vec<Rows> {
    // In evaluation, normalization uses running statistics and couples no examples.
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
    // An even number of chunks, so that neither of two threads idles during the last one.
    let n_chunks = match n.div_ceil(rows) {
        0 | 1 => 1,
        several => several.next_multiple_of(2).min(n),
    };
    let starts = |i: usize| i * n / n_chunks;
    let rows = |i| Rows { start: starts(i), len: starts(i + 1) - starts(i) };
    (0..n_chunks).map(rows).collect()
}

/// How many of `k` vectors are multiplied at a time with a chunk of `rows` examples.
pub(super) fn n_together(program: &Program, rows: usize, k: usize) -> usize {
    (PIECE_WORK / (rows * program.work()).max(1)).clamp(1, k.max(1))
}

/// Size of passes over a batch: forward, backward, and Hessian-vector products.
#[derive(Clone, Copy, Debug)]
pub struct Pass {
    /// Scalar type.
    pub dtype: Dtype,
    /// Examples of the batch.
    pub n_examples: usize,
    /// Vectors in the largest block of Hessian-vector products; 0 without products.
    pub n_vectors: usize,
    /// Number of compute threads.
    pub n_threads: usize,
}

impl Program {
    /// Peak memory of such passes in bytes: the stored tapes and, for every thread, the tape and
    /// tangents of its chunk and the chunk's contribution to gradients and products.
    #[must_use]
    pub fn pass_bytes(&self, pass: Pass) -> usize {
        let dtype = DType::from(pass.dtype);
        let chunks = chunks(self, pass.n_examples, dtype, Mode::Training);
        let rows = chunks.iter().map(|rows| rows.len).max().unwrap_or(1);
        let saved =
            Some(pass.n_examples * self.saved_bytes(dtype)).filter(|saved| *saved <= TAPE_BYTES);
        let k = match pass.n_vectors {
            0 => 0,
            n => n_together(self, rows, n),
        };
        let n_threads = chunks.len().min(pass.n_threads.max(1));
        // Each vector adds a tangent to every value and to every gradient.
        let chunk = rows * self.tape_bytes(dtype) * (2 + k) / 2;
        let sums = k.max(1) * self.n_params() * dtype.size_in_bytes();
        saved.unwrap_or(0) + n_threads * (chunk + sums) + 2 * sums
    }
}
