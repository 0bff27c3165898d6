//! Checks that `docs/reference.md` matches the declarations, and writes it on request; also checks links
//! and file names in the other documents.

#![allow(clippy::unwrap_used, reason = "a failed test says so at once")]

use std::fs;
use std::path::Path;

use eoscope::config::{
    Architecture, BuiltinTask, Effect, Range, Rule, RunConfig, Setting, file_formats, plain,
    preset_groups,
};
use eoscope::figure::narrator_definitions;
use eoscope::history::MIN_MEASURED;
use eoscope::quantity::Quantity;
use eoscope::study::{CATALOGUE, COLUMNS};
use eoscope::text;

/// If this environment variable is set, the test writes the file.
const WRITE: &str = "EOSCOPE_WRITE_REFERENCE";

const HEAD: &str = "# Reference

All that can be set, measured and chosen. This page is written from the declarations in the source
by `EOSCOPE_WRITE_REFERENCE=1 cargo test --release --test reference`; the same test fails when it is
stale.
";

fn table(page: &mut String, title: &str, intro: &str, heads: &[&str], rows: &[Vec<String>]) {
    let line = |cells: &[String]| {
        let cells: Vec<_> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    page.extend(["\n## ", title, "\n\n", intro, "\n\n"]);
    page.push_str(&line(&heads.iter().map(ToString::to_string).collect::<Vec<_>>()));
    page.push_str(&line(&vec!["---".to_owned(); heads.len()]));
    for row in rows {
        assert_eq!(row.len(), heads.len(), "{row:?}");
        page.push_str(&line(row));
    }
}

fn code(word: &str) -> String {
    format!("`{word}`")
}

fn range(range: Range) -> String {
    match range {
        Range::Real { min, max, .. } => format!("{} to {}", text::number(min), text::number(max)),
        Range::Whole { min, max, .. } => format!("{min} to {max}, whole"),
        Range::WholeOr(word) => format!("whole, from 1, or `{word}`"),
        Range::Switch => "`true` or `false`".to_owned(),
        Range::Word(words) => {
            words().iter().map(|choice| code(choice.word)).collect::<Vec<_>>().join(", ")
        }
        Range::Widths => "at most 16 widths of 1 to 4096".to_owned(),
        Range::Factors => "factors of 0 to 100, one a layer".to_owned(),
        Range::Text => "text".to_owned(),
    }
}

fn settings(page: &mut String) {
    let config = RunConfig::default();
    let rows = Setting::all().map(|row| {
        let effect = match row.effect {
            Effect::Live => "live",
            Effect::Restart => "restart",
            Effect::Cosmetic => "cosmetic",
            Effect::Derived => "derived",
        };
        let default = config.get(row.key).map_or(String::new(), |value| code(&plain(&value)));
        let [label, unit, effect] = [row.label, row.unit, effect].map(str::to_owned);
        vec![code(row.key), label, default, range(row.range), unit, effect, row.tooltip.into()]
    });
    let intro = "Keys of a configuration in TOML, of `--set` and, where they are live, of `--at`. \
                 A *live* one acts at the next step, a *restart* one starts the run again; a *cosmetic* one \
                 changes no number, and a *derived* one is set by the program beside another. Defaults are \
                 those of a configuration that names nothing.";
    let heads = ["key", "name", "default", "values", "unit", "effect", "what it does"];
    table(page, "Settings", intro, &heads, &rows.collect::<Vec<_>>());
}

fn quantities(page: &mut String) {
    let rows = Quantity::all().map(|quantity| {
        vec![
            code(quantity.name()),
            quantity.symbol().into(),
            quantity.unit().into(),
            quantity.sentence().into(),
        ]
    });
    let intro = "Columns of `metrics.csv` after `step`. Blank is not measured. Loss, gradient and \
                 curvature of a row are all of the weights before that step's update.";
    table(
        page,
        "Quantities",
        intro,
        &["column", "symbol", "unit", "what it is"],
        &rows.collect::<Vec<_>>(),
    );
}

fn narrator(page: &mut String) {
    let rows: Vec<_> = narrator_definitions().map(Vec::from).collect();
    let intro = format!(
        "Terms of the sentence above the plots, the most important first. The *ratio* is \
                 `binding_ratio`. Nothing is said from fewer than {MIN_MEASURED} measurements; \
                 measurements that did not converge or that an audit contradicted do not count, and none is \
                 compared with those before a change of settings or before measuring was off. \
                 Where the ratio means something else, the sentence says why and uses none: on \
                 mini-batches, for curvature of some of the examples, for steps of a fixed \
                 length, where coordinates or units were clipped, and at a rate of 0."
    );
    table(page, "The narrator", &intro, &["term", "what it means"], &rows);
}

fn choices(page: &mut String) {
    let rows = BuiltinTask::ALL.iter().map(|task| {
        let info = task.info();
        vec![
            code(task.word()),
            info.description,
            format!("{} to {}", info.min_n_train, info.max_n_train),
            info.n_test.to_string(),
            info.scaling,
            text::number(info.default_lr),
        ]
    });
    let heads = ["task", "what it is", "training examples", "test examples", "scaling", "usual η"];
    let intro = "Words of `task.name`; `eoscope data` lists them too. Another word is `file`, for a file \
                 of your own.";
    table(page, "Tasks", intro, &heads, &rows.collect::<Vec<_>>());

    let rows: Vec<_> =
        file_formats().map(|format| vec![format.name.into(), format.about.into()]).collect();
    let intro = "Formats of the file that `task.path` names for the task `file`, recognised by their \
                 contents. The training examples are the first `task.n_train` of a shuffle by the seed. \
                 A relative path begins at the folder of the configuration or study that has it, on the \
                 command line at the working directory. A run records the path from the root and the \
                 SHA-256 of the contents (of all files of the task, one after the other, before \
                 unpacking); with other contents it is not repeated. Files have at most 600 MB, packed \
                 and unpacked.";
    table(page, "Files of examples", intro, &["format", "how it is read"], &rows);

    let rows = Architecture::ALL.iter().map(|network| {
        let keys: Vec<_> = network.reads().map(|setting| code(setting.key)).collect();
        vec![code(network.word()), network.description().into(), keys.join(", ")]
    });
    let intro = "Words of `model.architecture`; `eoscope models` lists them too.";
    table(
        page,
        "Networks",
        intro,
        &["network", "what it is", "settings it reads"],
        &rows.collect::<Vec<_>>(),
    );

    let yes = |is_so: bool| if is_so { "yes" } else { "no" }.to_owned();
    let rows = Rule::ALL
        .iter()
        .map(|rule| vec![code(rule.word()), yes(rule.has_momentum()), yes(rule.is_adaptive())]);
    let intro = "Words of `optimizer.rule`. One with a preconditioner has its limit for the \
                 preconditioned sharpness.";
    table(
        page,
        "Update rules",
        intro,
        &["rule", "reads `live.momentum`", "has a preconditioner"],
        &rows.collect::<Vec<_>>(),
    );
}

fn presets_and_studies(page: &mut String) {
    let rows = preset_groups().into_iter().flat_map(|group| {
        group.presets.iter().map(move |preset| {
            let config = &preset.config;
            vec![
                code(&config.name),
                group.title.to_owned(),
                text::number(config.live.peak_lr),
                preset.sees.to_owned(),
            ]
        })
    });
    let intro = "`eoscope NAME` opens one, `eoscope run NAME` trains it without a window.";
    table(
        page,
        "Presets",
        intro,
        &["preset", "subject", "η", "what is to be seen"],
        &rows.collect::<Vec<_>>(),
    );

    let rows = CATALOGUE.iter().map(|known| {
        let study = known.study().unwrap();
        vec![code(known.name), study.n_tasks().to_string(), study.sees.clone()]
    });
    let intro = "`eoscope study NAME` runs one and draws it.";
    table(page, "Studies", intro, &["study", "runs", "what it shows"], &rows.collect::<Vec<_>>());

    let rows = COLUMNS
        .iter()
        .map(|column| vec![code(column.name), column.label.to_owned(), column.tooltip.to_owned()]);
    let intro = "Columns of a study's `results.csv` after its axes.";
    table(
        page,
        "Numbers of a study",
        intro,
        &["column", "in figures", "what it is"],
        &rows.collect::<Vec<_>>(),
    );
}

#[test]
fn the_reference_says_what_the_program_declares() {
    let mut page = HEAD.to_owned();
    settings(&mut page);
    quantities(&mut page);
    narrator(&mut page);
    choices(&mut page);
    presets_and_studies(&mut page);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference.md");
    if std::env::var_os(WRITE).is_some() {
        fs::write(&path, &page).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    let stale = page.lines().zip(written.lines()).find(|(wanted, found)| wanted != found);
    assert!(written == page, "docs/reference.md is stale: set {WRITE}=1 to write it; {stale:?}");
}

#[test]
fn the_readme_is_short_and_links_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap();
    assert!(read("README.md").len() <= 8000);
    let pages = [
        "README.md",
        "CONTRIBUTING.md",
        "docs/guide.md",
        "docs/studies.md",
        "docs/measurements.md",
    ];
    for page in pages {
        let text = read(page);
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let folder = root.join(page).parent().unwrap().to_owned();
        for target in targets.filter(|target| !target.starts_with("http")) {
            assert!(folder.join(target).exists(), "{page}: {target}");
        }
        let named = text.split('`').skip(1).step_by(2).filter(|name| {
            let is_of_us = ["src/", "tests/", "benches/", "examples/", "docs/", ".ci/"]
                .iter()
                .any(|folder| name.starts_with(folder));
            is_of_us && !name.contains([' ', '*', '<']) && !name.contains("NAME")
        });
        for path in named {
            assert!(root.join(path).exists(), "{page}: {path}");
        }
    }
}

/// A signpost is one item of the section "Signposts": a question, then files with a function in each.
#[test]
fn the_signposts_for_contributors_lead_to_functions_that_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("CONTRIBUTING.md")).unwrap();
    let section = text.split("## Signposts").nth(1).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let posts: Vec<&str> = section.split("\n- ").skip(1).collect();
    assert!(posts.len() >= 4, "{posts:?}");
    for post in posts {
        let names: Vec<&str> = post.split('`').skip(1).step_by(2).collect();
        assert!(names.len() >= 2 && names.len().is_multiple_of(2), "{post}");
        for step in names.chunks(2) {
            let source = fs::read_to_string(root.join(step[0])).unwrap_or_default();
            let is_there = [format!("fn {}(", step[1]), format!("fn {}<", step[1])]
                .iter()
                .any(|declared| source.contains(declared));
            assert!(is_there, "{}: no function {}", step[0], step[1]);
        }
    }
}
