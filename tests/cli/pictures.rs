//! Pictures of runs: their sizes and formats, and runs that are damaged.

use std::fs;

use crate::{SHORT, eoscope, folder, refused, short_run, stderr};

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
    assert!(told.contains("a/metrics.csv, line 3: there"), "{told}");
    assert!(told.contains("a: metrics.csv has no row of step 1; what is in the table"), "{told}");
    assert!(
        told.contains("a/events.jsonl, line 1: this line is blank; this line is left"),
        "{told}"
    );
    assert_eq!(told.lines().count(), 3, "{told}");
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
    assert!(told.contains("a: metrics.csv has no row of steps 0 to 3; what"), "{told}");
    // One value is no "1 values".
    fs::write(&file, format!("{header}\n0\n{last}\n")).unwrap();
    let told = plot("one.svg");
    assert!(told.contains("a/metrics.csv, line 2: there is 1 value instead of "), "{told}");
    // Rows that are missing leave no line to name.
    let rest = rows.lines().enumerate().filter(|(at, _)| ![3, 4].contains(at));
    let rest: Vec<_> = rest.map(|(_, row)| row).collect();
    fs::write(&file, rest.join("\n") + "\n").unwrap();
    let told = plot("hole.svg");
    assert!(told.contains("a: metrics.csv has no row of steps 2 to 3; what"), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
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
fn a_panel_that_no_run_has_and_one_without_values_say_so() {
    let folder = folder();
    short_run(folder.path(), &["--out", "a", "--set", "live.probe.every=off"]);
    short_run(folder.path(), &["--out", "b"]);
    let plot = ["plot", "b", "--out", "f.svg", "--panels"];
    let only = [&plot[..], &["preconditioned_sharpness"]].concat();
    refused(&folder, &only, 2, &["none of these runs has preconditioned_sharpness", "--panels"]);
    assert!(!folder.path().join("f.svg").exists());
    let drawn = |words: &[&str]| {
        let output = eoscope(folder.path(), words);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let picture = fs::read_to_string(folder.path().join("f.svg")).unwrap();
        fs::remove_file(folder.path().join("f.svg")).unwrap();
        (picture, stderr(&output))
    };
    let (picture, told) = drawn(&[&plot[..], &["preconditioned_sharpness,loss"]].concat());
    assert!(told.contains("no run has preconditioned_sharpness; the other"), "{told}");
    assert!(picture.contains(">Loss<"));
    let (picture, told) = drawn(&["plot", "a", "--out", "f.svg"]);
    assert!(picture.contains("no value yet: “Measure every” is off") && told.is_empty(), "{told}");
    // Another run in the picture has values.
    for runs in [["a", "b"], ["b", "a"]] {
        let (picture, _) = drawn(&[&["plot"], &runs[..], &["--out", "f.svg"]].concat());
        assert!(!picture.contains("no value"), "{runs:?}");
    }
}

#[test]
fn every_quantity_is_a_panel_by_its_name() {
    let folder = folder();
    short_run(folder.path(), &["--out", "a"]);
    let plot = ["plot", "a", "--out", "f.svg", "--panels"];
    let words = [&plot[..], &["accuracy,loss,step_ms,test_loss"]].concat();
    let output = eoscope(folder.path(), &words);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let picture = fs::read_to_string(folder.path().join("f.svg")).unwrap();
    for wanted in [">Loss<", ">Training accuracy<", ">Step time<", ">t step (ms)<", ">Test loss<"] {
        assert!(picture.contains(wanted), "{wanted}");
    }
    assert!(!picture.contains(">Sharpness<"));
    assert!(picture.contains("no value: the run has no test examples"));
    let told = stderr(&output);
    assert!(told.contains("test_loss: no value: the run has no test examples"), "{told}");
    assert!(told.contains("accuracy: no value: the task has numbers"), "{told}");
    assert_eq!(told.lines().count(), 2, "{told}");
    refused(&folder, &[&plot[..], &["acuracy"]].concat(), 2, &["'acuracy'"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_picture_too_large_for_the_memory_is_refused_before_it_is_drawn() {
    let folder = folder();
    short_run(folder.path(), &["--out", "a"]);
    let script = format!(
        "ulimit -v 2000000; exec '{}' plot a --size 16384x16384 --out ex.png",
        env!("CARGO_BIN_EXE_eoscope")
    );
    let output = std::process::Command::new("bash")
        .current_dir(folder.path())
        .args(["-c", &script])
        .output()
        .unwrap();
    let told = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{told}");
    let wanted = "16384x16384 pixels takes about 2 GiB of memory, but `ulimit -v` allows 1.9 GiB";
    assert!(told.contains(wanted) && told.lines().count() == 1, "{told}");
    assert!(!folder.path().join("ex.png").exists());
}
