//! Words and crates that only some rooms may contain. Files of a user are a task like any other, so
//! `data` must read them, at once and for every room above it; only its folder of loaders may.

use std::path::Path;

use crate::sources::{code, is_of_tests, sources};

/// Words that only certain rooms, or folders of a room, may contain, and why.
const ONLY_IN: &[(&str, &[&str], &str)] = &[
    ("egui", &["paint", "platform", "ui", "cli", "main"], "egui stays in paint, ui and the entry"),
    ("candle", &["init", "net", "curvature", "optim", "train"], "tensors stay in the engine"),
    ("crossbeam_channel", &["protocol", "workers", "ui"], "channels stay at the threads"),
    ("data::load", &["study", "train"], "a configuration knows its task but none of its examples"),
    ("platform::threads", &["workers", "ui", "cli"], "threads stay in workers and beside dialogs"),
    (
        "platform::files",
        &["store", "ui", "cli", "data/loaders"],
        "files stay with store and the dialogs; of data, only the loaders of users' files open any",
    ),
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

#[test]
fn what_belongs_to_few_rooms_is_found_only_there() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (room, files) in sources() {
        for (path, text) in files.into_iter().filter(|(path, _)| !is_of_tests(path)) {
            let code = code(&text);
            let code = format!("{code}\n{}", imports(&code));
            for (word, rooms, why) in ONLY_IN {
                let below = path.strip_prefix(&src).unwrap();
                let is_allowed = rooms
                    .iter()
                    .any(|place| *place == room || place.contains('/') && below.starts_with(place));
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
