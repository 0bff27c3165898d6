//! Dependencies between source files have no cycle.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

#[path = "common/sources.rs"]
mod sources;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use sources::{code, is_of_tests, sources};

/// A module, as its path from the crate root.
type Module = Vec<String>;

/// Uses that are left out, as the file and the file it uses: `RunConfig` is made of the groups of
/// settings, and the macro that declares a group declares functions of a `RunConfig`.
const LEFT_OUT: &[(&str, &str)] = &[("config/settings/group", "config/settings")];

/// The code of every file in `src` by module, without comments and unit tests.
fn modules() -> BTreeMap<Module, String> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeMap::new();
    for (path, text) in sources().into_values().flatten().filter(|(path, _)| !is_of_tests(path)) {
        let below = path.strip_prefix(&src).unwrap().with_extension("");
        let mut module: Module =
            below.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
        if module.last().is_some_and(|name| name == "mod") {
            module.pop();
        }
        found.insert(module, without_literals(&code(&text.replace("://", ":"))));
    }
    for entry in ["lib", "main"] {
        found.remove(&vec![entry.to_owned()]).unwrap();
    }
    found
}

/// Code without string literals.
fn without_literals(code: &str) -> String {
    let code = code.replace("'\"'", "' '").replace("\\\"", "'");
    code.split('"').step_by(2).collect()
}

/// A path used by a file, from the crate root, and the name under which the file re-exports it.
struct Use {
    path: Module,
    told_as: Option<String>,
}

/// The paths of a use tree such as `a::{b, c::d as e}`, each with its final name.
fn paths(tree: &str) -> Vec<(Vec<String>, String)> {
    let (head, inner) = match tree.split_once('{') {
        None => {
            let (path, name) = tree.split_once(" as ").unwrap_or((tree, tree));
            let path = path.split("::").map(|part| part.trim().to_owned()).collect();
            let name = name.rsplit("::").next().unwrap_or_default().trim().to_owned();
            return vec![(path, name)];
        }
        Some((head, rest)) => (head, rest.rsplit_once('}').unwrap().0),
    };
    let head: Vec<String> = head
        .split("::")
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect();
    let (mut depth, mut parts) = (0, vec![String::new()]);
    for letter in inner.chars() {
        depth += match letter {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        if letter == ',' && depth == 0 {
            parts.push(String::new());
        } else {
            parts.last_mut().unwrap().push(letter);
        }
    }
    let parts = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty());
    let under_head = |(path, name): (Vec<String>, String)| {
        let name = if name == "self" { head.last().cloned().unwrap_or_default() } else { name };
        let path: Vec<String> = path.into_iter().filter(|part| part != "self").collect();
        (head.iter().cloned().chain(path).collect(), name)
    };
    parts.flat_map(paths).map(under_head).collect()
}

/// Resolves a path in a module to the crate root; `None` for a path into another crate.
fn from_the_crate(
    path: &[String],
    module: &[String],
    known: &BTreeMap<Module, String>,
) -> Option<Module> {
    let n_up = path.iter().take_while(|part| *part == "super").count();
    let (above, rest) = match path.first()?.as_str() {
        "crate" => (&module[..0], &path[1..]),
        "self" => (module, &path[1..]),
        "super" => (&module[..module.len() - n_up], &path[n_up..]),
        first => {
            let child: Module = module.iter().cloned().chain([first.to_owned()]).collect();
            known.contains_key(&child).then_some((module, path))?
        }
    };
    Some(above.iter().chain(rest).cloned().collect())
}

/// The paths that a file uses, in `use` declarations or inline.
fn uses(module: &[String], code: &str, known: &BTreeMap<Module, String>) -> Vec<Use> {
    let mut found = Vec::new();
    // Inline modules, each with the brace depth at which it ends.
    let (mut within, mut depth) = (module.to_vec(), 0);
    let mut ends: Vec<i32> = Vec::new();
    let mut rest = code;
    while let Some(at) =
        rest.find(|letter: char| letter.is_alphanumeric() || "{}_".contains(letter))
    {
        rest = &rest[at..];
        let n_word = rest
            .find(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .unwrap_or(rest.len());
        let word = &rest[..n_word.max(1)];
        rest = &rest[word.len()..];
        match word {
            "{" => depth += 1,
            "}" => {
                depth -= 1;
                if ends.last() == Some(&depth) {
                    ends.pop();
                    within.pop();
                }
            }
            "mod" => {
                let name = rest.split(['{', ';']).next().unwrap();
                if rest[name.len()..].starts_with('{') {
                    ends.push(depth);
                    within.push(name.trim().to_owned());
                }
            }
            "use" if rest.starts_with(' ') => {
                let (tree, after) = rest.split_once(';').unwrap();
                let before = &code[..code.len() - rest.len() - "use".len()];
                let is_public = before.trim_end().rsplit(['\n', ';', '}']).next().unwrap();
                let is_public = is_public.trim_start().starts_with("pub");
                for (path, name) in paths(tree) {
                    let path = from_the_crate(&path, &within, known);
                    let told_as = is_public.then_some(name);
                    found.extend(path.map(|path| Use { path, told_as }));
                }
                rest = after;
            }
            // An inline path; one after `in` is a visibility.
            "crate" | "super" if rest.starts_with("::") => {
                let before = &code[..code.len() - rest.len() - word.len()];
                let is_of_path = |c: char| c.is_alphanumeric() || "_:".contains(c);
                let n_rest = rest.find(|c: char| !is_of_path(c)).unwrap_or(rest.len());
                let path = format!("{word}{}", &rest[..n_rest]);
                let n_path = path.len() - word.len();
                if !before.ends_with("in ") {
                    let path: Vec<String> = path.split("::").map(str::to_owned).collect();
                    let path = from_the_crate(&path, &within, known);
                    found.extend(path.map(|path| Use { path, told_as: None }));
                }
                rest = &rest[n_path..];
            }
            _ => {}
        }
    }
    found
}

/// The module whose file defines a path, following re-exports; `None` for the crate root.
fn file_of(
    path: &[String],
    told: &BTreeMap<Module, Module>,
    files: &BTreeMap<Module, String>,
) -> Option<Module> {
    let mut file = Module::new();
    for n in 1..=path.len() {
        let further = told.get(&path[..n]);
        // Where a module and an item share a name, the path continues in the module.
        if files.contains_key(&path[..n]) && (n < path.len() || further.is_none()) {
            file = path[..n].to_vec();
        } else if let Some(further) = further {
            return file_of(&[further, &path[n..]].concat(), told, files);
        } else {
            break;
        }
    }
    (!file.is_empty()).then_some(file)
}

/// Every file with the files it uses.
fn graph() -> BTreeMap<Module, BTreeSet<Module>> {
    let files = modules();
    let used: BTreeMap<&Module, Vec<Use>> =
        files.iter().map(|(module, code)| (module, uses(module, code, &files))).collect();
    let mut told = BTreeMap::new();
    for (module, uses) in &used {
        for Use { path, told_as } in uses {
            if let Some(name) = told_as {
                told.insert(module.iter().chain([name]).cloned().collect(), path.clone());
            }
        }
    }
    let edges = |(module, uses): (&&Module, &Vec<Use>)| {
        let files = uses.iter().filter_map(|used| file_of(&used.path, &told, &files));
        let is_left_out =
            |file: &Module| LEFT_OUT.contains(&(&*module.join("/"), &*file.join("/")));
        let files = files.filter(|file| file != *module && !is_left_out(file));
        ((*module).clone(), files.collect())
    };
    used.iter().map(edges).collect()
}

/// All files that a file depends on, directly or not.
fn reached<'a>(
    from: &Module,
    graph: &'a BTreeMap<Module, BTreeSet<Module>>,
) -> BTreeSet<&'a Module> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&Module> = graph[from].iter().collect();
    while let Some(next) = open.pop() {
        if found.insert(next) {
            open.extend(&graph[next]);
        }
    }
    found
}

/// The cycles, each as its set of files.
fn circles(graph: &BTreeMap<Module, BTreeSet<Module>>) -> BTreeSet<Vec<String>> {
    let reach: BTreeMap<&Module, BTreeSet<&Module>> =
        graph.keys().map(|file| (file, reached(file, graph))).collect();
    let circle = |file: &Module| {
        let around = reach[file].iter().filter(|other| reach[**other].contains(file));
        around.map(|other| other.join("/")).collect::<Vec<_>>()
    };
    graph.keys().map(circle).filter(|circle| !circle.is_empty()).collect()
}

#[test]
fn no_file_leads_back_to_itself() {
    let graph = graph();
    assert!(graph.values().map(BTreeSet::len).sum::<usize>() > 1000, "{graph:?}");
    let found = circles(&graph);
    let edges = |circle: &Vec<String>| {
        let of = |(from, to): (&Module, &BTreeSet<Module>)| {
            let within = |file: &Module| circle.contains(&file.join("/"));
            let to = to.iter().filter(|to| within(from) && within(to)).map(|to| to.join("/"));
            let to: Vec<String> = to.collect();
            (!to.is_empty()).then(|| format!("  {} → {}\n", from.join("/"), to.join(", ")))
        };
        graph.iter().filter_map(of).collect::<String>()
    };
    let told: Vec<String> = found.iter().map(edges).collect();
    assert!(told.is_empty(), "files in a circle:\n{}", told.join("\n"));
}

#[test]
fn a_circle_is_found_through_what_a_file_tells_on() {
    let edge = |from: &str, to: &[&str]| {
        let module = |name: &str| vec![name.to_owned()];
        (module(from), to.iter().map(|to| module(to)).collect())
    };
    let graph = BTreeMap::from([
        edge("a", &["b"]),
        edge("b", &["c", "d"]),
        edge("c", &["a"]),
        edge("d", &[]),
    ]);
    assert_eq!(circles(&graph), BTreeSet::from([["a", "b", "c"].map(str::to_owned).to_vec()]));
    let code = "pub use self::inner::{Thing as Other, deep::{self, Most}};\n\
        mod within {\n use super::x;\n fn f() { super::super::y::g(); }\n}\n\
        pub(in crate::z) fn h() { crate::w::v(); }";
    let module = |text: &str| text.split('/').map(str::to_owned).collect::<Module>();
    let files = BTreeMap::from([(module("a"), String::new())]);
    let found: Vec<(String, Option<String>)> = uses(&module("a"), code, &files)
        .into_iter()
        .map(|used| (used.path.join("/"), used.told_as))
        .collect();
    let told = |path: &str, name: Option<&str>| (path.to_owned(), name.map(str::to_owned));
    let wanted = [
        told("a/inner/Thing", Some("Other")),
        told("a/inner/deep", Some("deep")),
        told("a/inner/deep/Most", Some("Most")),
        told("a/x", None),
        told("y/g", None),
        told("w/v", None),
    ];
    assert_eq!(found, wanted);
}

#[test]
fn a_file_is_read_beyond_its_items_for_tests() {
    let text = "use a;\n#[cfg(test)]\nmod tests;\nuse b;\n\
        #[cfg(test)]\nmod more { const C: (&str, char) = (\"}\", '}'); }\nuse d;";
    let code = code(text);
    assert!(["use a;", "use b;", "use d;"].iter().all(|line| code.contains(line)), "{code}");
    assert!(!code.contains("mod "), "{code}");
}
