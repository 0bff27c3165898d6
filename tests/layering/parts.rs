//! Parts within a room: which may use which, in `net`, `figure`, `paint`, `ui` and `cli`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::sources::{code, is_of_tests, sources};
use crate::{depth, rooms_used};

/// The parts of the window, folders and single files, with the parts each may use.
const UI_MAY_USE: &[(&str, &[&str])] = &[
    ("gesture", &[]),
    ("shortcut", &[]),
    ("appearance", &[]),
    ("widgets", &["gesture"]),
    ("session", &["gesture"]),
    ("view_info", &["session", "shortcut"]),
    ("action", &["appearance", "gesture", "view_info"]),
    ("dialogs", &["session", "shortcut", "view_info", "widgets"]),
    ("views", &["dialogs", "gesture", "session", "shortcut", "view_info", "widgets"]),
    (
        "regions",
        &["action", "appearance", "dialogs", "gesture", "session", "shortcut", "views", "widgets"],
    ),
    (
        "app",
        &[
            "action",
            "appearance",
            "gesture",
            "regions",
            "session",
            "shortcut",
            "view_info",
            "views",
            "widgets",
        ],
    ),
];

/// Words that a part of the window must not contain, and why.
const UI_WITHOUT: &[(&str, &[&str], &str)] = &[
    ("session", &["egui"], "the session draws nothing"),
    ("widgets", &["history", "protocol", "store"], "a widget knows no run"),
    ("views", &["crossbeam_channel", "platform::files"], "a view reads; what writes is a dialog"),
];

/// The layers of `net`, with the layers each may use.
const NET_MAY_USE: &[(&str, &[&str])] = &[
    ("halt", &[]),
    ("simd", &[]),
    ("sliding_window", &[]),
    ("passes", &[]),
    ("dispatch", &[]),
    ("ops", &["passes", "simd", "dispatch", "sliding_window"]),
    ("loss", &["simd", "dispatch"]),
    ("engine", &["halt", "loss", "ops", "passes", "simd"]),
    ("builder", &["engine", "ops", "passes", "sliding_window"]),
    ("architectures", &["builder", "engine", "ops", "sliding_window"]),
];

/// The parts of `figure`, with the parts each may use.
const FIGURE_MAY_USE: &[(&str, &[&str])] = &[
    ("axes", &[]),
    ("lines", &["axes"]),
    ("panels", &["axes", "lines"]),
    ("request", &["axes", "panels"]),
    ("compose", &["axes", "lines", "panels", "request"]),
    ("words", &["compose", "request"]),
    ("chart", &["axes"]),
];

/// The parts of `paint`, with the parts each may use.
const PAINT_MAY_USE: &[(&str, &[&str])] = &[
    ("style", &[]),
    ("plot", &["style"]),
    ("layout", &["plot", "style"]),
    ("interactive", &["layout", "plot", "style"]),
    ("chart", &["style"]),
    ("page", &["chart", "interactive", "layout", "style"]),
];

/// The parts of `cli`, with the parts each may use.
const CLI_MAY_USE: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("args", &["error"]),
    ("inputs", &["args", "error"]),
    ("terminal", &["error"]),
    ("commands", &["args", "error", "inputs", "terminal"]),
];

/// SIMD kernels use no op, ops use no engine, and the engine uses no network.
#[test]
fn every_floor_of_the_engine_uses_only_the_floors_below_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/net");
    for (path, text) in &sources()["net"] {
        let below = path.strip_prefix(&src).unwrap().with_extension("");
        let below: Vec<&str> = below.iter().map(|part| part.to_str().unwrap()).collect();
        let code = code(text);
        if is_of_tests(path) || ["mod", "oracle"].contains(&below[0]) {
            continue;
        }
        let may_use = NET_MAY_USE.iter().find(|(floor, _)| *floor == below[0]);
        let (floor, may_use) = may_use.unwrap_or_else(|| panic!("no rule for `{}`", below[0]));
        // As many `super` as folders would leave the layer.
        let n_out = below.iter().filter(|part| **part != "mod").count();
        assert!(!code.contains(&"super::".repeat(n_out)), "{} leaves its floor", path.display());
        for used in code.split("crate::net::").skip(1) {
            let is_of_name = |c: &char| c.is_alphanumeric() || *c == '_';
            let used: String = used.chars().take_while(is_of_name).collect();
            let is_allowed = used == *floor || may_use.contains(&used.as_str());
            assert!(is_allowed, "{} uses {used}, which `{floor}` must not know", path.display());
        }
        assert!(*floor != "simd" || !code.contains("crate::config"), "{}", path.display());
    }
}

/// The part of its room that a file belongs to: a folder, or a single file.
fn part_of(room: &str, path: &Path) -> String {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let below = path.strip_prefix(src.join(room)).unwrap();
    Path::new(below.iter().next().unwrap()).file_stem().unwrap().to_str().unwrap().to_owned()
}

#[test]
fn every_part_of_the_window_uses_only_the_parts_below_it() {
    let allowed: BTreeMap<&str, &[&str]> = UI_MAY_USE.iter().copied().collect();
    let parts: BTreeSet<&str> = allowed.keys().copied().collect();
    for part in &parts {
        depth(part, &allowed, &mut Vec::new());
    }
    for (path, text) in &sources()["ui"] {
        let (part, code, name) = (part_of("ui", path), code(text), path.display());
        if part == "mod" {
            continue;
        }
        let may_use = allowed.get(part.as_str()).unwrap_or_else(|| panic!("no rule for {name}"));
        for used in rooms_used(&code, "crate::ui::", &parts) {
            let is_allowed = used == part || may_use.contains(&used.as_str());
            assert!(is_allowed, "{name} uses {used}, which `{part}` must not know");
        }
        assert!(!code.contains("super::super"), "{name}: a path that this test cannot follow");
        let is_beside = path.parent().unwrap().ends_with("ui");
        assert!(!is_beside || !code.contains("super::"), "{name}: use `crate::ui::`");
        for (_, words, why) in UI_WITHOUT.iter().filter(|(without, ..)| *without == part) {
            let found = words.iter().find(|word| code.contains(**word));
            assert!(found.is_none(), "{name}: `{}`: {why}", found.unwrap_or(&""));
        }
    }
}

#[test]
fn every_part_of_figures_their_painting_and_the_command_line_uses_only_the_parts_below_it() {
    let tables = [("figure", FIGURE_MAY_USE), ("paint", PAINT_MAY_USE), ("cli", CLI_MAY_USE)];
    for (room, table) in tables {
        let allowed: BTreeMap<&str, &[&str]> = table.iter().copied().collect();
        for part in allowed.keys() {
            depth(part, &allowed, &mut Vec::new());
        }
        for (path, text) in sources()[room].iter().filter(|(path, _)| !is_of_tests(path)) {
            let (part, code, name) = (part_of(room, path), code(text), path.display());
            if part == "mod" {
                continue;
            }
            let may_use = allowed.get(part.as_str());
            let may_use = may_use.unwrap_or_else(|| panic!("no rule for {name}"));
            for used in code.split(&format!("crate::{room}::")).skip(1) {
                let used: String = used.chars().take_while(|c| c.is_alphanumeric()).collect();
                let is_allowed = used == part || may_use.contains(&used.as_str());
                assert!(is_allowed, "{name} uses `{used}`, which `{part}` must not know");
            }
        }
    }
}
