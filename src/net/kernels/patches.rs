//! Rows of what a window sees of an image, and their sums back into it.
//! Does not multiply.

use super::Real;
use crate::net::window::Window;

/// Which numbers of a pixel count: `count` from `first`, pixels `step` apart.
#[derive(Clone, Copy)]
pub(super) struct Channels {
    pub(super) first: usize,
    pub(super) count: usize,
    pub(super) step: usize,
}

/// Patches `[places, kh·kw·count]` of an image `[h·w, step]`, zeros where the window leaves it.
pub(super) fn gather<T: Real>(image: &[T], channels: Channels, window: &Window, patches: &mut [T]) {
    let Channels { first, count, step } = channels;
    let (kernel, output) = (window.kernel, window.output());
    let mut rows = patches.chunks_exact_mut(kernel.positions() * count);
    for y in 0..output.height {
        let inside = window.rows(y);
        for x in 0..output.width {
            let Some(patch) = rows.next() else { return };
            let columns = window.columns(x);
            for (ky, row) in patch.chunks_exact_mut(kernel.width * count).enumerate() {
                if !inside.contains(&ky) {
                    row.fill(T::ZERO);
                    continue;
                }
                row[..columns.start * count].fill(T::ZERO);
                row[columns.end * count..].fill(T::ZERO);
                let row = &mut row[columns.start * count..columns.end * count];
                let pixel = window.under_row(y, ky) * window.image.width
                    + window.under_column(x, columns.start);
                if step == count {
                    // Neighbours in the image are neighbours in the patch.
                    row.copy_from_slice(&image[pixel * step..][..row.len()]);
                    continue;
                }
                for (i, to) in row.chunks_exact_mut(count).enumerate() {
                    to.copy_from_slice(&image[(pixel + i) * step + first..][..count]);
                }
            }
        }
    }
}

/// Adds every number of patches `[places, kh·kw·count]` to where in the image it comes from.
pub(super) fn scatter<T: Real>(
    patches: &[T],
    channels: Channels,
    window: &Window,
    image: &mut [T],
) {
    let Channels { first, count, step } = channels;
    let (kernel, output) = (window.kernel, window.output());
    let mut rows = patches.chunks_exact(kernel.positions() * count);
    for y in 0..output.height {
        for x in 0..output.width {
            let Some(patch) = rows.next() else { return };
            let columns = window.columns(x);
            for ky in window.rows(y) {
                let row = &patch[ky * kernel.width * count..][..kernel.width * count];
                let row = &row[columns.start * count..columns.end * count];
                let pixel = window.under_row(y, ky) * window.image.width
                    + window.under_column(x, columns.start);
                for (i, from) in row.chunks_exact(count).enumerate() {
                    let to = &mut image[(pixel + i) * step + first..][..count];
                    for (to, from) in to.iter_mut().zip(from) {
                        *to += *from;
                    }
                }
            }
        }
    }
}
