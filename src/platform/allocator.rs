//! The global memory allocator.

#[cfg(not(target_family = "wasm"))]
use mimalloc::MiMalloc as Chosen;
#[cfg(target_family = "wasm")]
use std::alloc::System as Chosen;

/// mimalloc, which reuses pages for tensors of the same size; many system allocators return each
/// large block to the system and fault its pages in again. On a web page, the default allocator.
pub type Allocator = Chosen;

/// The value for `#[global_allocator]`.
pub const ALLOCATOR: Allocator = Chosen;
