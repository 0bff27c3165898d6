//! The architecture as tests: which room may use which, and what no room may do.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

#[path = "../common/sources.rs"]
mod sources;

mod borders;
mod files;
mod literals;
mod parts;
mod rooms;

use std::collections::{BTreeMap, BTreeSet};

fn rooms_used(text: &str, within: &str, rooms: &BTreeSet<&str>) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for part in text.split(within).skip(1) {
        let names = part.strip_prefix('{').map_or_else(
            || vec![part],
            |list| list.split('}').next().unwrap_or_default().split(',').collect(),
        );
        for name in names {
            let name: String =
                name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if rooms.contains(name.as_str()) {
                used.insert(name);
            }
        }
    }
    used
}

fn depth(room: &str, allowed: &BTreeMap<&str, &[&str]>, above: &mut Vec<String>) {
    assert!(!above.iter().any(|r| r == room), "cycle: {above:?} → {room}");
    above.push(room.to_owned());
    for used in allowed[room] {
        depth(used, allowed, above);
    }
    above.pop();
}
