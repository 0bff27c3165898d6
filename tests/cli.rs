//! The command line as a user or script sees it: arguments in; text, files and exit codes out.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]

#[path = "common/program.rs"]
mod program;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use eoscope::quantity::{self, Quantity};
use tempfile::TempDir;

/// A very fast run: 20 points, 701 parameters.
const SHORT: [&str; 4] = ["run", "chebyshev-edge", "--steps", "5"];

fn eoscope(folder: &Path, words: &[&str]) -> Output {
    program::eoscope(folder, words).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The command is refused with this exit code and all of these messages.
fn refused(folder: &TempDir, words: &[&str], code: i32, wanted: &[&str]) {
    let output = eoscope(folder.path(), words);
    let text = stderr(&output);
    assert_eq!(output.status.code(), Some(code), "{words:?}: {text}");
    assert!(wanted.iter().all(|wanted| text.contains(wanted)), "{words:?}: {text}");
    assert!(!text.contains("panicked"), "{words:?}: {text}");
    assert_eq!(stdout(&output), "", "{words:?}");
}

fn short_run(folder: &Path, more: &[&str]) -> Output {
    let output = eoscope(folder, &[&SHORT[..], more].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    output
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn lists_have_one_line_for_each_thing() {
    let folder = folder();
    for (word, first) in [("presets", "fashion-edge"), ("data", "fashion"), ("models", "mlp")] {
        let output = eoscope(folder.path(), &[word]);
        assert_eq!(output.status.code(), Some(0));
        assert!(stdout(&output).starts_with(first), "{word}");
        assert_eq!(stderr(&output), "", "{word}");
    }
}

#[test]
fn help_and_version_are_answers_and_nonsense_is_a_mistake() {
    let folder = folder();
    for word in ["--help", "--version"] {
        let output = eoscope(folder.path(), &[word]);
        assert_eq!((output.status.code(), stdout(&output).is_empty()), (Some(0), false));
    }
    refused(&folder, &["--nonsense"], 2, &["--nonsense"]);
    refused(&folder, &["plot", "a", "--out", "f.png", "--size", "big"], 2, &["1600x900"]);
    refused(
        &folder,
        &["plot", "a", "--out", "f.png", "--panels", "lost"],
        2,
        &["loss", "grad_norm"],
    );
}

#[test]
fn a_bad_configuration_is_answered_with_the_key_and_the_remedy() {
    let folder = folder();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("syntax.toml", "seed = ");
    write("key.toml", "[live]\npeak_rl = 0.1\n");
    write("type.toml", "seed = \"x\"\n");
    write("range.toml", "[live.probe]\ntop_k = 99\n");
    let cases: [(&[&str], &[&str]); 11] = [
        (&["--set", "live.peak_rl=0.1"], &["`live.peak_rl`", "did you mean `live.peak_lr`"]),
        (&["--set", "live.peak_lr=fast"], &["`live.peak_lr`"]),
        (&["--set", "live.peak_lr=-1"], &["`live.peak_lr`", "between"]),
        (&["--set", "nonsense"], &["`nonsense`", "key=value"]),
        (&["--steps", "0"], &["`n_steps`"]),
        (&["fashion-egde"], &["did you mean `fashion-edge`"]),
        (&["syntax.toml"], &["syntax.toml", "not valid TOML"]),
        (&["key.toml"], &["key.toml", "did you mean `live.peak_lr`"]),
        (&["type.toml"], &["type.toml", "`seed`"]),
        (&["range.toml"], &["range.toml", "`live.probe.top_k`", "between 1 and 6"]),
        (&["missing.toml"], &["missing.toml does not exist"]),
    ];
    for (words, wanted) in cases {
        refused(&folder, &[&["run"], words].concat(), 2, wanted);
    }
    assert!(!folder.path().join("runs").exists(), "nothing is left behind");
}

#[test]
fn without_a_display_the_program_says_what_works_without() {
    let folder = folder();
    refused(&folder, &[], 1, &["DISPLAY", "eoscope run"]);
    refused(&folder, &["blowup", "--seed", "3"], 1, &["eoscope run"]);
    refused(&folder, &["--set", "sed=3"], 2, &["`seed`"]);
}

#[test]
fn an_out_folder_that_cannot_be_is_refused_before_anything_is_computed() {
    let folder = folder();
    fs::write(folder.path().join("file"), "mine").unwrap();
    refused(&folder, &[&SHORT[..], &["--out", "file"]].concat(), 2, &["file", "not a folder"]);
    refused(&folder, &[&SHORT[..], &["--out", "file/run"]].concat(), 2, &["not a folder"]);
    let bad = [&SHORT[..], &["--out", "new", "--figure", "f.jpg"]].concat();
    refused(&folder, &bad, 2, &["f.jpg", ".png"]);
    let bad = [&SHORT[..], &["--out", "new", "--figure", "nowhere/f.png"]].concat();
    refused(&folder, &bad, 2, &["nowhere", "create it"]);
    assert_eq!(fs::read_to_string(folder.path().join("file")).unwrap(), "mine");
    assert!(!folder.path().join("new").exists());
}

#[test]
fn a_short_run_leaves_a_folder_that_is_never_overwritten() {
    let folder = folder();
    let output = short_run(folder.path(), &["--out", "here"]);
    assert_eq!(stdout(&output).lines().count(), 1);
    assert!(stdout(&output).contains("finished after 5 steps"), "{}", stdout(&output));
    let text = |file: &str| fs::read_to_string(folder.path().join("here").join(file)).unwrap();
    let metrics = text("metrics.csv");
    assert!(metrics.starts_with("step,epoch,loss,"), "{metrics}");
    assert_eq!(metrics.lines().count(), 6);
    assert!(text("summary.json").contains("\"status\": \"finished\""));
    assert!(text("config.toml").contains("n_steps = 5"));
    refused(&folder, &[&SHORT[..], &["--out", "here"]].concat(), 2, &["already holds a run"]);
    assert_eq!(text("metrics.csv"), metrics);
}

#[test]
fn the_configuration_of_a_run_repeats_it() {
    let folder = folder();
    fs::write(
        folder.path().join("dated.toml"),
        "n_steps = 6\n[task]\nname = \"chebyshev\"\nn_train = 20\n\
         [[changes]]\nstep = 3\nset = { \"live.peak_lr\" = 0.01 }\n",
    )
    .unwrap();
    let run = |source: &str, out: &str| {
        let output = eoscope(folder.path(), &["run", source, "--out", out]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let run = eoscope::store::load(&folder.path().join(out)).unwrap();
        let bits = |quantity: Quantity| {
            run.series(quantity).iter().map(|(step, x)| (step, x.to_bits())).collect::<Vec<_>>()
        };
        let [loss, sharpness, rate] =
            [quantity::LOSS, quantity::SHARPNESS, quantity::LEARNING_RATE].map(bits);
        (loss, sharpness, rate, run.markers().len())
    };
    let first = run("dated.toml", "one");
    assert_eq!((first.0.len(), first.3), (6, 1));
    assert_eq!(run("one/config.toml", "two"), first);
}

#[test]
fn a_rate_is_searched_for_and_told_with_what_was_tried() {
    let folder = folder();
    for (flag, wanted) in [(None, "One step"), (Some("--range"), "at rising rates")] {
        let words: Vec<&str> =
            ["find", "chebyshev-edge", "--seed", "1"].into_iter().chain(flag).collect();
        let output = eoscope(folder.path(), &words);
        assert!(output.status.success(), "{}", stderr(&output));
        let said = stdout(&output);
        let (table, sentence) = said.trim_end().rsplit_once('\n').unwrap();
        assert!(sentence.contains(wanted) && sentence.ends_with('.'), "{sentence}");
        let mut lines = table.lines();
        assert_eq!(lines.next(), Some("learning_rate,loss"));
        let rates: Vec<f64> =
            lines.map(|line| line.split_once(',').unwrap().0.parse().unwrap()).collect();
        assert!(rates.len() > 10 && rates.is_sorted(), "{rates:?}");
    }
    assert_eq!(folder.path().read_dir().unwrap().count(), 0, "nothing is written");
    refused(&folder, &["find", "chebyshev-egde"], 2, &["chebyshev-edge"]);
}

#[test]
fn rates_and_warmups_are_tried_and_told_with_how_each_ended() {
    let folder = folder();
    let words = ["find", "chebyshev-edge", "--rates", "--steps", "40"];
    let output = eoscope(folder.path(), &words);
    assert!(output.status.success(), "{}", stderr(&output));
    let said = stdout(&output);
    let lines: Vec<&str> = said.lines().collect();
    let head = "learning_rate,warmup,steps,outcome,last_loss,rise,binding_ratio";
    assert_eq!((lines.len(), lines[0]), (6, head));
    for (line, rate) in lines[1..5].iter().zip(["0.1", "0.2", "0.4", "0.8"]) {
        assert!(
            line.starts_with(&format!("{rate},0,")) && line.matches(',').count() == 6,
            "{line}"
        );
    }
    assert!(lines[5].contains("over 40 steps from step 0"), "{}", lines[5]);

    let output = eoscope(folder.path(), &["find", "blowup", "--warmup"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let said = stdout(&output);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], head);
    assert!(lines[1].starts_with("0.2,0,") && lines[1].contains(",diverged,"), "{}", lines[1]);
    assert!(lines[lines.len() - 2].contains(",survived,"), "{said}");
    assert!(lines[lines.len() - 1].starts_with("A warmup of "), "{said}");
    refused(&folder, &["find", "blowup", "--warmup", "--rates"], 2, &["--rates"]);
    assert_eq!(folder.path().read_dir().unwrap().count(), 0, "nothing is written");
}

#[test]
fn a_run_that_diverges_is_a_result() {
    let folder = folder();
    let words = ["run", "chebyshev-edge", "--steps", "500", "--set", "live.peak_lr=50"];
    let output = eoscope(folder.path(), &words);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("diverged"), "{}", stdout(&output));
    let summary = folder.path().join("runs/chebyshev-edge/summary.json");
    assert!(fs::read_to_string(summary).unwrap().contains("\"status\": \"diverged\""));
}

#[test]
fn runs_become_pictures_of_the_size_asked_for() {
    let folder = folder();
    short_run(folder.path(), &["--out", "a", "--figure", "run.png"]);
    short_run(folder.path(), &["--out", "b", "--seed", "2"]);
    let words = ["plot", "a", "b", "--out", "f.png", "--size", "800x500", "--theme", "dark"];
    let output = eoscope(folder.path(), &[&words[..], &["--panels", "loss,sharpness"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let picture = image::open(folder.path().join("f.png")).unwrap();
    assert_eq!((picture.width(), picture.height()), (800, 500));
    let colours: std::collections::HashSet<_> = picture.to_rgb8().pixels().copied().collect();
    assert!(colours.len() > 20, "something is drawn: {} colours", colours.len());
    assert!(image::open(folder.path().join("run.png")).is_ok());

    refused(&folder, &words, 2, &["f.png is there already", "--force"]);
    let output = eoscope(folder.path(), &[&words[..], &["--force"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let bad = [&SHORT[..], &["--out", "c", "--figure", "run.png"]].concat();
    refused(&folder, &bad, 2, &["run.png is there already"]);
}

#[test]
fn the_ending_of_a_picture_chooses_pixels_or_paths_and_its_words_can_be_chosen() {
    let folder = folder();
    short_run(folder.path(), &["--out", "a", "--figure", "run.svg"]);
    short_run(folder.path(), &["--out", "b", "--seed", "2"]);
    let drawn = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(roxmltree::Document::parse(&drawn("run.svg")).is_ok());
    let plot = |out: &str, more: &[&str]| {
        let output = eoscope(folder.path(), &[&["plot", "a", "b", "--out", out], more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        drawn(out)
    };
    let usual = plot("usual.svg", &[]);
    let name = eoscope::store::load(&folder.path().join("a")).unwrap();
    let name = &name.initial_config().name;
    assert!(usual.contains(&format!("<title>{name}</title>")), "{}", &usual[..600]);
    assert!(usual.contains(">b: Seed 2<"), "a legend tells what sets a run apart");
    let together = plot("seeds.svg", &["--seeds"]);
    assert!(together.contains("; seeds 2, 5"), "{}", &together[..800]);
    assert!(usual.contains("seed = 2"), "the settings of every run are kept");
    for (x, label) in [("step", ">step<"), ("time", "Ση"), ("epoch", "epoch"), ("wall", "(s)")] {
        let drawn = plot(&format!("{x}.svg"), &["--x", x, "--caption", ""]);
        assert!(drawn.contains(label), "{x}");
    }
    let own = plot("own.svg", &["--title", "R & D", "--caption", "", "--panels", "loss"]);
    assert!(own.contains("<title>R &amp; D</title>") && !own.contains("<desc>"));
    assert!(own.contains(">Loss</text>") && !own.contains(">Sharpness</text>"));
    for name in ["f.pdf", "f"] {
        refused(&folder, &["plot", "a", "--out", name], 2, &["neither .png nor .svg"]);
    }
    let small = ["plot", "a", "--out", "small.png", "--size", "400x300"];
    refused(&folder, &small, 2, &["400x300 pixels at 150 dpi", "4 plots", "360x420"]);
    plot("small.svg", &["--size", "400x300", "--panels", "loss"]);
    let long = "many words ".repeat(300);
    let crowded = ["plot", "a", "--out", "crowded.png", "--title", &long];
    refused(&folder, &crowded, 2, &["at 150 dpi", "1600 × 900", "which need 1600 × "]);
    let told = stderr(&eoscope(folder.path(), &crowded));
    let needed = told.split("1600 × ").last().unwrap().split(';').next().unwrap().to_owned();
    plot("crowded.svg", &["--title", &long, "--size", &format!("1600x{needed}")]);
}

#[test]
fn a_torn_row_is_named_and_the_rest_of_the_run_is_drawn() {
    let folder = folder();
    short_run(folder.path(), &["--out", "a", "--at", "2", "live.peak_lr=0.01"]);
    let file = folder.path().join("a/metrics.csv");
    let rows = fs::read_to_string(&file).unwrap();
    let n_rows = rows.lines().count();
    let torn =
        |at: usize, line: &str| if at == 2 { line[..20].to_owned() } else { line.to_owned() };
    let spoilt: Vec<_> = rows.lines().enumerate().map(|(at, line)| torn(at, line)).collect();
    fs::write(&file, spoilt.join("\n") + "\n").unwrap();
    let events = folder.path().join("a/events.jsonl");
    let text = fs::read_to_string(&events).unwrap();
    fs::write(&events, format!("\n{text}")).unwrap();
    let plot = |out: &str| {
        let output = eoscope(folder.path(), &["plot", "a", "--out", out]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert!(fs::read_to_string(folder.path().join(out)).unwrap().contains(">Loss<"));
        stderr(&output)
    };
    let told = plot("torn.svg");
    assert!(told.contains("a/metrics.csv, line 3: there are"), "{told}");
    assert!(
        told.contains("a/events.jsonl, line 1: this line is blank; this line is left"),
        "{told}"
    );
    assert_eq!(told.lines().count(), 2, "{told}");
    // Some of many are named, and the rest counted.
    let header = rows.lines().next().unwrap();
    let last = rows.lines().last().unwrap();
    fs::write(&file, format!("{header}\n{}{last}\n", "x\n".repeat(9))).unwrap();
    fs::write(&events, text).unwrap();
    let told = plot("many.svg");
    assert!(
        told.contains("a/metrics.csv: 6 more lines cannot be read either: 5 to 10\n"),
        "{told}"
    );
    // A summary with fewer steps than rows.
    fs::write(&file, &rows).unwrap();
    let file = folder.path().join("a/summary.json");
    let (n_steps, text) = (n_rows - 1, fs::read_to_string(&file).unwrap());
    let fewer = text.replace(&format!("\"n_steps\": {n_steps}"), "\"n_steps\": 1");
    assert_ne!(fewer, text);
    fs::write(&file, fewer).unwrap();
    let told = plot("fewer.svg");
    let wanted = format!("a: metrics.csv has {n_steps} steps, but summary.json reports 1; what");
    assert!(told.contains(&wanted), "{told}");
}

/// A run with batch norm, trained on batches of 16 and measured on 100 examples.
const BATCH_NORM: &str = "name = \"bn-minibatch\"\nn_steps = 3\n[task]\nname = \"digits\"\n\
    n_train = 100\n[model]\narchitecture = \"resnet\"\nnormalization = \"batch\"\n\
    [optimizer]\nbatch = 16\n";

#[test]
fn settings_that_never_act_are_told_by_every_command_and_in_what_it_leaves() {
    let folder = folder();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let done = |words: &[&str]| {
        let output = eoscope(folder.path(), words);
        assert_eq!(output.status.code(), Some(0), "{words:?}: {}", stderr(&output));
        stderr(&output)
    };
    write("bn.toml", BATCH_NORM);
    let notice = "the curvature is of another function than the one trained: batch norm takes its \
                  statistics of 16 examples in a step and of 100 in a measurement; \
                  `model.ghost_batch` = 16 makes them equal";
    let told = format!("eoscope: note: {notice}\n");
    assert_eq!(done(&["run", "bn.toml", "--out", "a"]).matches(&told).count(), 1);
    let summary = fs::read_to_string(folder.path().join("a/summary.json")).unwrap();
    assert!(summary.contains(notice), "{summary}");
    done(&["plot", "a", "--out", "a.svg"]);
    let drawn = fs::read_to_string(folder.path().join("a.svg")).unwrap();
    assert!(drawn.contains(&format!("\nNote: {notice}")), "the caption is the <desc> too");

    // A schedule that only a later change introduces.
    write(
        "cut.toml",
        "n_steps = 20\n[task]\nname = \"chebyshev\"\nn_train = 20\n[[changes]]\nstep = 9\n\
         set = { \"live.schedule.shape\" = \"cosine\" }\n",
    );
    let notice = "note: the cosine schedule of 1000 steps from step 0 on is cut off by the end of the \
                  run at step 20; 20 would fit";
    assert!(done(&["run", "cut.toml", "--out", "b"]).contains(notice));
    for more in [&[][..], &["--rates", "--steps", "3"]] {
        assert!(done(&[&["find", "cut.toml"], more].concat()).contains(notice), "{more:?}");
    }
    write("study.toml", "name = \"s\"\nbase = \"cut.toml\"\nseeds = [1, 2]\n");
    let counted = format!("{notice} (2 of 2 tasks)");
    assert!(done(&["sweep", "study.toml", "--out", "s"]).contains(&counted));
    assert!(done(&["study", "study.toml", "--out", "t"]).contains(&counted));
    // No message where nothing is wrong.
    assert!(!done(&["run", "chebyshev-edge", "--steps", "3", "--out", "c"]).contains("note: "));
}

#[test]
fn what_cannot_be_plotted_is_named() {
    let folder = folder();
    fs::create_dir(folder.path().join("empty")).unwrap();
    refused(&folder, &["plot", "none", "--out", "f.png"], 2, &["none does not exist"]);
    refused(&folder, &["plot", "empty", "--out", "f.png"], 2, &["no config.toml"]);
    short_run(folder.path(), &["--out", "a"]);
    fs::write(folder.path().join("a/metrics.csv"), "step,lots\n").unwrap();
    refused(&folder, &["plot", "a", "--out", "f.png"], 2, &["metrics.csv, line 1", "`lots`"]);
    refused(
        &folder,
        &["plot", "none", "a", "--out", "f.png"],
        2,
        &["none does not exist", "`lots`"],
    );
    // The valid ones among them are drawn.
    short_run(folder.path(), &["--out", "good"]);
    let output = eoscope(folder.path(), &["plot", "none", "empty", "good", "a", "--out", "f.png"]);
    let told = stderr(&output);
    assert!(output.status.success() && folder.path().join("f.png").is_file(), "{told}");
    for wanted in ["none does not exist", "no config.toml", "`lots`"] {
        assert!(told.contains(wanted), "{told}");
    }
    assert_eq!(told.matches("left out of the picture").count(), 3, "{told}");
}

#[test]
#[cfg(unix)]
fn a_reader_that_goes_away_is_no_crash() {
    let folder = folder();
    let script =
        format!("'{}' data | true; echo \"${{PIPESTATUS[0]}}\"", env!("CARGO_BIN_EXE_eoscope"));
    let output =
        Command::new("bash").current_dir(folder.path()).args(["-c", &script]).output().unwrap();
    assert_eq!((stdout(&output).as_str(), stderr(&output).as_str()), ("0\n", ""));
}

#[test]
#[cfg(unix)]
fn ctrl_c_closes_the_folder_of_a_run() {
    let folder = folder();
    let mut child = Command::new(env!("CARGO_BIN_EXE_eoscope"))
        .current_dir(folder.path())
        .args(["run", "chebyshev-calm", "--steps", "1000000000", "--out", "long"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let metrics = folder.path().join("long/metrics.csv");
    while fs::read_to_string(&metrics).map_or(0, |text| text.lines().count()) < 3 {
        assert_eq!(child.try_wait().unwrap(), None, "it ended by itself");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let interrupted =
        Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    let output = child.wait_with_output().unwrap();
    // Ended by the signal, which shells report as 130.
    assert_eq!(output.status.code(), None, "{}", stderr(&output));
    let summary = fs::read_to_string(folder.path().join("long/summary.json")).unwrap();
    assert!(summary.contains("\"status\": \"stopped\""), "{summary}");
    eoscope::store::load(&folder.path().join("long")).unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn own_presets_are_listed_and_started_by_name_and_damaged_ones_are_named() {
    let folder = folder();
    let presets = folder.path().join("config/eoscope/presets");
    fs::create_dir_all(&presets).unwrap();
    fs::write(
        presets.join("mine.toml"),
        "n_steps = 3\n[task]\nname = \"chebyshev\"\nn_train = 20\n",
    )
    .unwrap();
    fs::write(presets.join("damaged.toml"), "seed = \"many\"").unwrap();
    fs::write(presets.join("blank.toml"), [0; 40]).unwrap();
    fs::write(presets.join("torn.toml"), "n_steps = 3\n[ta").unwrap();
    fs::create_dir(presets.join("folder.toml")).unwrap();
    std::os::unix::fs::symlink("nowhere.toml", presets.join("link.toml")).unwrap();
    let output = eoscope(folder.path(), &["presets"]);
    assert_eq!(output.status.code(), Some(0));
    for name in ["blank", "torn", "folder", "link"] {
        let path = presets.join(name).with_extension("toml");
        let is_named = |line: &&str| line.contains(path.to_str().unwrap());
        let told = stderr(&output);
        assert_eq!(told.lines().filter(is_named).count(), 1, "{name}: {told}");
    }
    assert!(stdout(&output).lines().last().unwrap().starts_with("mine "), "{}", stdout(&output));
    assert!(stderr(&output).contains("damaged.toml"), "{}", stderr(&output));
    let output = eoscope(folder.path(), &["run", "mine"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let config = fs::read_to_string(folder.path().join("runs/mine/config.toml")).unwrap();
    assert!(config.contains("name = \"mine\"") && config.contains("n_steps = 3"), "{config}");
    refused(&folder, &["run", "damaged"], 2, &["damaged.toml", "`seed`"]);
    refused(&folder, &["run", "mime"], 2, &["no preset `mime`"]);
}
