//! The architecture as tests: which room may use which, and what no room may do.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

#[path = "common/sources.rs"]
mod sources;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use sources::{code, is_of_tests, sources};

/// Every room with the rooms it may use; a room missing here fails the test.
const MAY_USE: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("platform", &[]),
    ("sample", &[]),
    ("random", &[]),
    ("quantity", &["sample"]),
    ("data", &["random"]),
    ("config", &["data", "text"]),
    ("net", &["config"]),
    ("init", &["config", "net", "random", "sample"]),
    ("optim", &["config"]),
    ("curvature", &["config", "net", "random", "sample"]),
    ("cost", &["config", "curvature", "init", "net", "platform", "text"]),
    ("train", &["config", "cost", "curvature", "data", "init", "net", "optim", "sample"]),
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
    ("paint", &["config", "figure", "text"]),
    (
        "report",
        &["config", "figure", "history", "paint", "protocol", "quantity", "store", "study", "text"],
    ),
    (
        "ui",
        &[
            "config", "cost", "export", "figure", "history", "paint", "platform", "protocol",
            "quantity", "store", "text",
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

/// The parts of the window, folders and single files, with the parts each may use.
const UI_MAY_USE: &[(&str, &[&str])] = &[
    ("gesture", &[]),
    ("shortcut", &[]),
    ("appearance", &[]),
    ("widgets", &["gesture"]),
    ("session", &["gesture"]),
    ("view_info", &["session", "shortcut"]),
    ("action", &["gesture", "view_info"]),
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

/// The most files in a folder.
const MAX_FILES: usize = 15;

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
    ("words", &["request"]),
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

/// Names of modules that mean the same thing in every room that has one, and what.
const SAME_NAMES: &[(&str, &str)] = &[
    ("error", "the failures of a room"),
    ("tests", "unit tests"),
    ("architectures", "kinds of network: `config` declares them, `net` builds them"),
    ("chart", "a picture of a study: `figure` has its content, `paint` draws it"),
    ("doubts", "steps whose eigenvalues an audit contradicted: in a history, in its file"),
    ("init", "initial weights: the room, and its settings"),
    ("optimizer", "the optimizer: its update, and its settings"),
    ("presets", "configurations with a name: the program's own, and the user's"),
    ("probe", "the probe of curvature: the probe, and its settings"),
    ("rules", "update rules: `config` declares them, `optim` holds them"),
    ("run", "a run: its settings, its history, its folder"),
    ("study", "a study: the room, and its folder"),
    ("table", "a table of results: a study's, and how one is printed"),
];

/// Words that only certain rooms may contain, and why.
const ONLY_IN: &[(&str, &[&str], &str)] = &[
    ("egui", &["paint", "platform", "ui", "cli", "main"], "egui stays in paint, ui and the entry"),
    ("candle", &["init", "net", "curvature", "optim", "train"], "tensors stay in the engine"),
    ("crossbeam_channel", &["protocol", "workers", "ui"], "channels stay at the threads"),
    ("data::load", &["study", "train"], "a configuration knows its task but none of its examples"),
    ("platform::threads", &["workers", "ui", "cli"], "threads stay in workers and beside dialogs"),
    ("platform::files", &["store", "ui", "cli"], "files stay with store and the dialogs"),
    ("Instant", &["platform", "runner", "workers", "ui", "cli"], "the trainer has no clock"),
];

/// Words that no source file outside `platform` may contain, so Windows, macOS and the web stay
/// possible: APIs that some systems lack, `cfg` switches for systems, and paths that only Unix has.
const OUTSIDE_PLATFORM: &[&str] = &[
    "std::fs",
    "std::thread",
    "std::time::Instant",
    "SystemTime",
    "std::net",
    "std::os::",
    "current_dir",
    "temp_dir",
    "process::id",
    "process::exit",
    "process::Command",
    ".exists()",
    "Path::exists",
    ".is_file()",
    "Path::is_file",
    ".is_dir()",
    "Path::is_dir",
    ".is_symlink()",
    ".canonicalize()",
    ".read_dir()",
    "libc::",
    "nix::",
    "ctrlc",
    "directories::",
    "mimalloc",
    "rfd::",
    "run_native",
    "rustix::",
    "signal_hook",
    "sysinfo",
    "wasm_bindgen",
    "web_sys",
    "web_time",
    "extern \"C\"",
    "cfg(unix",
    "cfg(not(unix",
    "cfg(windows",
    "cfg(target_os",
    "cfg(target_family",
    "cfg(not(target_family",
    "cfg!(target_family",
    "/tmp",
    "/dev/",
    "/proc/",
    "/home/",
    "var(\"HOME",
    "var_os(\"HOME",
    "\"XDG_",
    "Command::new(",
    "split('/')",
];

/// Crates for a single family of systems.
const NO_DEPENDENCY: &[&str] = &["libc", "nix", "rustix", "signal-hook", "daemonize", "windows"];

/// Dependencies used only by `platform`, by family of systems.
const OF_PLATFORM: &[(&str, &[&str])] = &[
    ("cfg(unix)", &["libc"]),
    ("cfg(windows)", &["ctrlc"]),
    ("cfg(not(target_family = \"wasm\"))", &["mimalloc"]),
    ("cfg(target_family = \"wasm\")", &["getrandom", "wasm-bindgen-futures"]),
];

/// Every imported path, one per line: `use a::{b, c::{d, e}}` gives `a::b`, `a::c::d` and `a::c::e`.
fn imports(code: &str) -> String {
    fn paths(prefix: &str, tree: &str, found: &mut Vec<String>) {
        let Some((head, group)) = tree.split_once('{') else {
            found.push(format!("{prefix}{}", tree.trim()));
            return;
        };
        let prefix = format!("{prefix}{}", head.trim());
        let group = group.trim_end().trim_end_matches('}');
        let mut depth = 0;
        let at_comma = |c: char| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            c == ',' && depth == 0
        };
        for part in group.split(at_comma).filter(|part| !part.trim().is_empty()) {
            paths(&prefix, part, found);
        }
    }
    let mut found = Vec::new();
    let trees = code.split("use ").skip(1).filter_map(|rest| rest.split(';').next());
    trees.for_each(|tree| paths("", tree, &mut found));
    found.join("\n")
}

#[test]
fn imports_are_told_one_by_one() {
    let code = "pub use a::b::{c, d::{e, f as g},\n    h};\nuse i;";
    assert_eq!(imports(code), "a::b::c\na::b::d::e\na::b::d::f as g\na::b::h\ni");
}

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

fn depth(room: &str, allowed: &BTreeMap<&str, &[&str]>, above: &mut Vec<String>) {
    assert!(!above.iter().any(|r| r == room), "cycle: {above:?} → {room}");
    above.push(room.to_owned());
    for used in allowed[room] {
        depth(used, allowed, above);
    }
    above.pop();
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
fn no_folder_holds_too_many_files() {
    let mut n_files: BTreeMap<PathBuf, usize> = BTreeMap::new();
    for (path, _) in sources().into_values().flatten() {
        *n_files.entry(path.parent().unwrap().to_owned()).or_default() += 1;
    }
    for (folder, n) in n_files {
        assert!(n <= MAX_FILES, "{} has {n} files: divide it", folder.display());
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

#[test]
fn there_is_no_cycle() {
    let allowed: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    for room in allowed.keys() {
        depth(room, &allowed, &mut Vec::new());
    }
}

#[test]
fn what_belongs_to_few_rooms_is_found_only_there() {
    for (room, files) in sources() {
        for (path, text) in files.into_iter().filter(|(path, _)| !is_of_tests(path)) {
            let code = code(&text);
            let code = format!("{code}\n{}", imports(&code));
            for (word, rooms, why) in ONLY_IN {
                let is_allowed = rooms.contains(&room.as_str());
                assert!(is_allowed || !code.contains(word), "{}: `{word}`: {why}", path.display());
            }
            for word in OUTSIDE_PLATFORM.iter().filter(|_| room != "platform") {
                assert!(
                    !code.contains(word),
                    "{}: `{word}` is not the same on all systems; it belongs in `platform`",
                    path.display()
                );
            }
        }
    }
}

/// The string literals of code, each on one line and with ' for an escaped quote; without reasons of
/// lints.
fn literals(code: &str) -> Vec<String> {
    let quoted = code.replace("\\\"", "'").replace("'\"'", "' '");
    let said = |before: &str| !before.ends_with("reason = ");
    let parts: Vec<&str> = quoted.split('"').collect();
    assert_eq!(parts.len() % 2, 1, "a quote without its other: {code}");
    let found = parts.windows(2).enumerate().filter(|(i, pair)| i % 2 == 0 && said(pair[0]));
    let one_line = |literal: &str| {
        let lines = literal.split("\\\n").map(str::trim_start);
        lines.collect::<String>()
    };
    found.map(|(_, pair)| one_line(pair[1])).collect()
}

/// The string literals of a file that are sentences for the user: four words or more.
fn sentences(text: &str) -> Vec<String> {
    let mut found = literals(&code(&text.replace("://", ":")));
    let is_word = |word: &&str| word.chars().filter(|c| c.is_alphabetic()).count() > 1;
    found.retain(|sentence| sentence.split(' ').filter(is_word).count() >= 4);
    found
}

/// The window shows the last values of a run only as [`eoscope::history::Dated`].
#[test]
fn no_number_is_told_without_its_step() {
    for (path, text) in &sources()["ui"] {
        let name = path.file_name().unwrap().to_str().unwrap();
        if !["status.rs", "cards.rs", "compare.rs"].contains(&name) {
            continue;
        }
        let code: String = code(text).split_whitespace().collect();
        for undated in ["last_measured()", "last()?.sample", "last().unwrap().sample"] {
            assert!(!code.contains(undated), "{name} reads `{undated}`, which bears no step");
        }
    }
}

#[test]
fn no_sentence_is_written_twice() {
    let mut seen: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut n_sentences = 0;
    for (room, files) in sources() {
        // Messages of the engine are not for the user.
        if room == "net" {
            continue;
        }
        for (path, text) in files.into_iter().filter(|(path, _)| !is_of_tests(path)) {
            for sentence in sentences(&text) {
                n_sentences += 1;
                if let Some(first) = seen.insert(sentence.clone(), path.clone()) {
                    panic!("“{sentence}” stands in {} and {}", first.display(), path.display());
                }
            }
        }
    }
    assert!(n_sentences > 500, "{n_sentences}");
}

/// The root of a folder of modules is its `mod.rs`, not a file of its name beside it.
#[test]
fn the_door_of_a_folder_is_within_it() {
    for (path, _) in sources().into_values().flatten() {
        let folder = path.with_extension("");
        assert!(!folder.is_dir(), "{} stands beside its folder", path.display());
    }
}

#[test]
fn a_name_of_a_module_means_one_thing() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut rooms_with: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (room, files) in sources() {
        for (path, _) in files {
            let below = path.strip_prefix(&src).unwrap().with_extension("");
            for name in below.iter().map(|name| name.to_str().unwrap().to_owned()) {
                rooms_with.entry(name).or_default().insert(room.clone());
            }
        }
    }
    rooms_with.retain(|name, rooms| name != "mod" && rooms.len() > 1);
    for (name, meaning) in SAME_NAMES {
        assert!(rooms_with.remove(*name).is_some(), "only one room has `{name}`, {meaning}");
    }
    assert!(rooms_with.is_empty(), "a name for two ideas, or missing above: {rooms_with:?}");
}

#[test]
fn every_file_opens_with_its_duty() {
    for (path, text) in sources().into_values().flatten() {
        assert!(text.starts_with("//!"), "{} does not say what it is for", path.display());
    }
}

#[test]
fn there_is_exactly_one_egui_and_the_release_build_pays_for_no_link_time_optimisation() {
    let read = |name: &str| {
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
    };
    let lock = read("Cargo.lock");
    assert_eq!(lock.matches("name = \"egui\"\n").count(), 1);
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    assert!(manifest["profile"]["release"].get("lto").is_none());
    assert!(manifest["profile"]["dist"].get("lto").is_some());
    for crate_name in NO_DEPENDENCY {
        assert!(manifest["dependencies"].get(crate_name).is_none(), "{crate_name}");
    }
    for (family, crates) in manifest["target"].as_table().unwrap() {
        let (_, known) = OF_PLATFORM.iter().find(|(known, _)| known == family).unwrap();
        for name in crates["dependencies"].as_table().unwrap().keys() {
            assert!(known.contains(&name.as_str()), "{name}: one list of dependencies for all");
        }
    }
    let features = manifest["dependencies"]["eframe"]["features"].as_array().unwrap();
    let has = |name: &str| features.iter().any(|f| f.as_str() == Some(name));
    assert!(has("glow") && !has("wgpu"));
}

/// Whether a literal is this key or, in a longer text, has it as a word: one with dots anywhere, any
/// other in backticks or quotes.
fn spells(literal: &str, key: &str) -> bool {
    let is_of_key = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let is_quote = |c: char| c == '`' || c == '\'';
    literal == key
        || literal.match_indices(key).any(|(at, _)| {
            let (before, after) = (&literal[..at], &literal[at + key.len()..]);
            // A full stop ends a sentence.
            let after = after
                .strip_prefix('.')
                .filter(|rest| !rest.starts_with(is_of_key))
                .unwrap_or(after);
            let is_word = !before.ends_with(is_of_key) && !after.starts_with(is_of_key);
            let is_quoted = before.ends_with(is_quote) && after.starts_with(is_quote);
            is_quoted || is_word && key.contains('.')
        })
}

#[test]
fn a_key_in_a_longer_text_is_found() {
    for text in ["live.height", "use live.height=3", "`live.height` is 2", "a lower live.height."] {
        assert!(spells(text, "live.height"), "{text}");
    }
    for text in ["live.height.least", "olive.height", "live.heights", "{}.live.height"] {
        assert!(!spells(text, "live.height"), "{text}");
    }
    assert!(spells("n_rows", "n_rows") && spells("write 'n_rows'", "n_rows"));
    assert!(!spells("{n_rows} rows", "n_rows"));
    assert_eq!(literals("f(\"a\", \"key = \\\"b\\\"\")"), ["a", "key = 'b'"]);
}

/// Keys of settings with a dot or an underscore; those of one word have other meanings too.
fn keys() -> impl Iterator<Item = &'static str> {
    eoscope::config::Setting::all().map(|row| row.key).filter(|key| key.contains(['.', '_']))
}

/// A misspelt key elsewhere would silently find nothing, and a message would name one that is none.
#[test]
fn settings_are_spelt_out_in_their_declaration_alone() {
    for (path, text) in sources().into_values().flatten().filter(|(path, _)| !is_of_tests(path)) {
        for literal in literals(&code(&text.replace("://", ":"))) {
            let spelt = keys().find(|key| spells(&literal, key));
            assert!(spelt.is_none(), "{}: {spelt:?} in “{literal}”", path.display());
        }
    }
}

/// Unit tests too name a setting by its declaration, except in the text of a file or a command. The
/// declarations have tests of their keys.
#[test]
fn unit_tests_name_settings_by_their_declarations() {
    let declarations = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/config/settings");
    let is_elsewhere = |path: &Path| !path.starts_with(&declarations);
    for (path, text) in sources().into_values().flatten().filter(|(path, _)| is_elsewhere(path)) {
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let text = lines.collect::<Vec<_>>().join("\n");
        for key in keys() {
            let is_spelt =
                text.contains(&format!("\"{key}\"")) || text.contains(&format!("`{key}`"));
            assert!(!is_spelt, "{}: {key}", path.display());
        }
    }
}

#[test]
fn quantities_are_spelt_out_in_their_declaration_alone() {
    // Columns of other tables with the same name.
    let others = [("store", "grad_norm")];
    for (room, files) in sources().iter().filter(|(room, _)| *room != "quantity") {
        for (path, text) in files.iter().filter(|(path, _)| !is_of_tests(path)) {
            let code = code(text);
            let named = eoscope::quantity::Quantity::all().map(eoscope::quantity::Quantity::name);
            for name in named.filter(|name| name.contains('_')) {
                let is_other = others.contains(&(room.as_str(), name));
                let is_spelt = code.contains(&format!("\"{name}\""));
                assert!(is_other || !is_spelt, "{}: \"{name}\"", path.display());
            }
        }
    }
}
