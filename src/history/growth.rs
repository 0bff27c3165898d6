//! How the vectors of a series grow: by an eighth, so that little memory stands empty.
//! Knows nothing of what they hold.

/// Adds an item; still O(1) amortised.
pub(super) fn push<T>(items: &mut Vec<T>, item: T) {
    if items.len() == items.capacity() {
        items.reserve_exact(items.len() / 8 + 4);
    }
    items.push(item);
}
