//! Rooms: which may use which.

use std::collections::{BTreeMap, BTreeSet};

use crate::sources::{code, sources};
use crate::{depth, rooms_used};

/// Every room with the rooms it may use; a room missing here fails the test.
const MAY_USE: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("platform", &[]),
    ("sample", &[]),
    ("random", &[]),
    ("quantity", &["sample"]),
    ("data", &["platform", "random", "text"]),
    ("config", &["data", "text"]),
    ("net", &["config"]),
    ("init", &["config", "net", "random", "sample"]),
    ("optim", &["config"]),
    ("curvature", &["config", "net", "random", "sample"]),
    ("cost", &["config", "curvature", "init", "net", "platform", "text"]),
    ("train", &["config", "cost", "curvature", "data", "init", "net", "optim", "random", "sample"]),
    ("protocol", &["config", "sample"]),
    ("history", &["config", "protocol", "quantity"]),
    ("runner", &["config", "data", "net", "optim", "platform", "protocol", "sample", "train"]),
    ("workers", &["config", "platform", "protocol", "runner", "store", "train"]),
    ("export", &["history", "protocol", "quantity", "text"]),
    (
        "store",
        &["config", "export", "history", "platform", "protocol", "quantity", "sample", "text"],
    ),
    (
        "study",
        &[
            "config", "data", "history", "protocol", "quantity", "random", "runner", "store",
            "text", "workers",
        ],
    ),
    ("figure", &["config", "history", "protocol", "quantity", "text"]),
    ("paint", &["config", "export", "figure", "text"]),
    (
        "report",
        &[
            "config", "export", "figure", "history", "paint", "protocol", "quantity", "store",
            "study", "text",
        ],
    ),
    (
        "ui",
        &[
            "config", "cost", "export", "figure", "history", "paint", "platform", "protocol",
            "quantity", "store", "study", "text",
        ],
    ),
    (
        "cli",
        &[
            "config", "cost", "export", "figure", "history", "net", "paint", "platform",
            "protocol", "quantity", "report", "runner", "store", "study", "text", "train", "ui",
            "workers",
        ],
    ),
];

#[test]
fn every_room_uses_only_the_rooms_below_it() {
    let allowed: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    let rooms: BTreeSet<&str> = allowed.keys().copied().collect();
    for (room, files) in sources() {
        if room == "lib" || room == "main" {
            continue;
        }
        let may_use = allowed.get(room.as_str()).unwrap_or_else(|| panic!("no rule for `{room}`"));
        for (path, text) in files {
            for used in rooms_used(&code(&text), "crate::", &rooms) {
                let is_allowed = used == room || may_use.contains(&used.as_str());
                assert!(is_allowed, "{} uses {used}, which `{room}` must not know", path.display());
            }
        }
    }
}

#[test]
fn there_is_no_cycle() {
    let allowed: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    for room in allowed.keys() {
        depth(room, &allowed, &mut Vec::new());
    }
}
