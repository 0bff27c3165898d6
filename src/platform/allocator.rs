//! The allocator of the program.

/// Keeps pages for the next tensors of the same sizes, where the system's allocator returns every
/// large one at once and pays for its pages again; on the web, the one there is.
#[cfg(not(target_family = "wasm"))]
pub type Allocator = mimalloc::MiMalloc;

/// The one there is.
#[cfg(target_family = "wasm")]
pub type Allocator = std::alloc::System;

/// What a program names as its `#[global_allocator]`.
#[cfg(not(target_family = "wasm"))]
pub const ALLOCATOR: Allocator = mimalloc::MiMalloc;

/// What a program names as its `#[global_allocator]`.
#[cfg(target_family = "wasm")]
pub const ALLOCATOR: Allocator = std::alloc::System;
