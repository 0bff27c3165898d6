//! The memory allocator of the program.

#[cfg(not(target_family = "wasm"))]
use mimalloc::MiMalloc as Chosen;
#[cfg(target_family = "wasm")]
use std::alloc::System as Chosen;

/// Keeps pages for the next tensors of the same sizes, where the system's allocator returns every
/// large one at once and pays for its pages again; in a web page, the one that is there.
pub type Allocator = Chosen;

/// What the program names as its `#[global_allocator]`.
pub const ALLOCATOR: Allocator = Chosen;
