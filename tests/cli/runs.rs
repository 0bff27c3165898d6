//! Runs: their folders, their ends, and searches from their first step.

use std::fs;
use std::process::Command;

use eoscope::quantity::{self, Quantity};

use crate::{SHORT, eoscope, folder, refused, short_run, stderr, stdout};

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
fn the_last_line_tells_the_step_of_a_value_that_is_not_of_the_step_of_the_loss() {
    let folder = folder();
    let said = |words: &[&str]| stdout(&eoscope(folder.path(), words));
    let diverged = said(&["run", "blowup", "--set", "live.peak_lr=100", "--out", "a"]);
    let run = eoscope::store::load(&folder.path().join("a")).unwrap();
    let loss = run.series(quantity::LOSS).last().unwrap();
    let sharpness = run.series(quantity::SHARPNESS).last().unwrap();
    assert_eq!((run.n_steps(), sharpness.0), (1, 0), "{diverged}");
    assert!(diverged.contains("diverged after 1 step, loss ") && loss.0 <= 1, "{diverged}");
    let wanted = format!(", sharpness {} at step 0 (", eoscope::text::number(sharpness.1));
    assert!(diverged.contains(&wanted) && diverged.contains(" of the limit)"), "{diverged}");
    // Of the last step all are.
    let finished = said(&[&SHORT[..], &["--out", "b"]].concat());
    assert!(finished.contains(", sharpness ") && !finished.contains("at step"), "{finished}");
    let rare = ["--set", "live.probe.every=4", "--out", "c"];
    let rare = said(&[&["run", "chebyshev-edge", "--steps", "7"][..], &rare].concat());
    assert!(rare.contains(" at step 4 (") && rare.matches("at step").count() == 1, "{rare}");
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
    let dated = ["find", "chebyshev-edge", "--at", "5", "live.peak_lr=0.1"];
    let told = stderr(&eoscope(folder.path(), &dated));
    assert!(told.contains("the dated changes of this run take no part"), "{told}");
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
    refused(&folder, &["find", "blowup", "--steps", "9"], 2, &["--rates"]);
    refused(&folder, &["find", "blowup", "--warmup", "--steps", "9"], 2, &["--warmup"]);
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
