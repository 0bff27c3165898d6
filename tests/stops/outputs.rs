//! Outputs that fail: closed pipes, links, a full disk, and no more open files.

use std::fs;

use crate::{folder, names, shell, summary, text};

#[test]
fn pipes_that_close_end_nothing_else() {
    let folder = folder();
    let script = "eoscope presets | head -1 >/dev/null; echo ${PIPESTATUS[0]}\n\
                  eoscope --help | true; echo ${PIPESTATUS[0]}\n\
                  eoscope run chebyshev-edge --steps 50 --out r | true; echo ${PIPESTATUS[0]}\n\
                  eoscope run chebyshev-edge --steps 50 --out s 2>&- >&-; echo $?\n\
                  EOSCOPE_LOG=trace eoscope run chebyshev-edge --steps 50 --out t 2>&1 >/dev/null |\
                  true; echo ${PIPESTATUS[0]}\n";
    let output = shell(folder.path(), script);
    assert_eq!(text(&output.stdout), "0\n0\n0\n0\n0\n", "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "");
    for run in ["r", "s", "t"] {
        assert_eq!(summary(&folder.path().join(run))["status"], "finished");
    }
}

#[test]
fn a_figure_is_replaced_whole_or_not_at_all() {
    let folder = folder();
    let script = "eoscope run chebyshev-edge --steps 50 --out r >/dev/null\n\
                  eoscope plot r --out fig.png >/dev/null; cp fig.png before.png\n\
                  ulimit -f 40\n\
                  eoscope plot r --out fig.png --force --size 3200x1800 --dpi 300; echo $?\n\
                  eoscope plot r --out new.png --size 3200x1800 --dpi 300; echo $?\n";
    let output = shell(folder.path(), script);
    assert_eq!(text(&output.stdout), "1\n1\n");
    assert_eq!(text(&output.stderr).matches("cannot write").count(), 2);
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
    assert!(read("fig.png") == read("before.png"));
    assert_eq!(names(folder.path()), ["before.png", "fig.png", "r"]);
}

#[test]
fn a_figure_over_a_pipe_or_a_link_leaves_both_what_they_are() {
    let folder = folder();
    let long = format!("{}.png", "n".repeat(250));
    let script = format!(
        "eoscope run chebyshev-edge --steps 20 --out r >/dev/null\n\
         mkfifo pipe; cat pipe >got & ln -s pipe pipe.png\n\
         ln -s there.png link.png; touch there.png\n\
         for f in pipe.png link.png {long}; do eoscope plot r --out $f --force >/dev/null; done\n\
         wait; [ -p pipe ] && [ -s got ] && [ -L pipe.png ] && [ -L link.png ] && [ -s there.png ] && \
         [ -s {long} ] && echo whole; ln -s nowhere gone; eoscope run blowup --out gone; echo $?"
    );
    let output = shell(folder.path(), &script);
    assert_eq!(text(&output.stdout), "whole\n2\n", "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("a link to a folder"), "{}", text(&output.stderr));
}

#[test]
fn a_disk_that_takes_no_more_ends_a_run_as_failed_and_says_why() {
    let folder = folder();
    let script = "ulimit -f 200\n\
                  eoscope run fashion-edge --steps 1 --set task.n_train=20 \
                  --set model.hidden=[300] --out weights; echo $?\n\
                  eoscope run catapult-model --steps 20000 --out rows; echo $?\n";
    let output = shell(folder.path(), script);
    assert_eq!(text(&output.stdout), "1\n1\n");
    for (name, file) in [("weights", "checkpoint-1.safetensors"), ("rows", "metrics.csv")] {
        let dir = folder.path().join(name);
        let summary = summary(&dir);
        assert_eq!(
            (&summary["status"], &summary["is_incomplete"]),
            (&"failed".into(), &true.into())
        );
        assert!(summary["message"].as_str().unwrap().contains(file), "{summary}");
        assert!(names(&dir).iter().all(|name| !name.contains(".part")), "{:?}", names(&dir));
        let rows = fs::read_to_string(dir.join("metrics.csv")).unwrap();
        assert!(rows.ends_with('\n') && rows.lines().count() > 1, "{name}: a torn row");
        let n_steps = usize::try_from(summary["n_steps"].as_u64().unwrap()).unwrap();
        assert_eq!(rows.lines().count(), n_steps + 1, "{name}");
    }
}

/// The standard streams, the rows and the events are five files.
#[test]
fn a_program_that_may_open_no_more_files_says_so_and_ends_its_run_as_failed() {
    let folder = folder();
    let script = "(ulimit -n 5; eoscope run chebyshev-edge --steps 10 --out f); echo $?";
    let output = shell(folder.path(), script);
    let said = text(&output.stderr);
    assert_eq!(text(&output.stdout), "1\n", "{said}");
    assert!(said.contains("Too many open files") && !said.contains("another program"), "{said}");
    let summary = summary(&folder.path().join("f"));
    assert_eq!((&summary["status"], &summary["n_steps"]), (&"failed".into(), &10.into()), "{said}");
}
