//! Growth of vectors by an eighth instead of doubling, so that little memory is unused.

/// Appends an item, in O(1) amortised.
pub(super) fn push<T>(items: &mut Vec<T>, item: T) {
    if items.len() == items.capacity() {
        items.reserve_exact(items.len() / 8 + 4);
    }
    items.push(item);
}
