//! Folders left incomplete by a killed program, another program or an older version.

use super::*;

#[test]
fn changes_without_a_line_are_recovered_from_the_configuration_and_reported() {
    let parent = tempfile::tempdir().unwrap();
    let changes = vec![rate_from(2, 0.2), rate_from(4, 0.3), rate_from(9, 0.4)];
    let config = RunConfig { changes, ..RunConfig::default() };
    let events = vec![
        sampled(0..2),
        tuned(2, 0.2, Source::Config),
        sampled(2..4),
        tuned(4, 0.3, Source::Config),
        sampled(4..6),
        ended(6, RunEnd::Stopped),
    ];
    let (dir, run) = written(parent.path(), &config, &events);
    assert_eq!(load(&dir).unwrap().markers(), run.markers());
    let whole = text(&dir, EVENTS);
    let half = &whole[..whole.len() - 9];
    for (left, n_reported) in [(Some(half), 2), (Some(""), 2), (None, 2)] {
        match left {
            Some(left) => fs::write(dir.join(EVENTS), left).unwrap(),
            None => fs::remove_file(dir.join(EVENTS)).unwrap(),
        }
        let (back, damage) = load_readable(&dir).unwrap();
        assert_eq!(back.markers(), run.markers(), "{left:?}");
        let reported: Vec<String> = damage.iter().map(ToString::to_string).collect();
        assert_eq!(reported.len(), n_reported, "{reported:?}");
        assert!(
            reported[n_reported - 1].contains("the change at step 4 is missing"),
            "{reported:?}"
        );
    }
}

#[test]
fn an_incomplete_last_line_is_left_out_and_reported() {
    let parent = tempfile::tempdir().unwrap();
    let (dir, _) = written(parent.path(), &RunConfig::default(), &events());
    for file in ["metrics.csv", "events.jsonl"] {
        let whole = text(&dir, file);
        fs::write(dir.join(file), &whole[..whole.len() - 5]).unwrap();
    }
    let back = load(&dir).unwrap();
    assert_eq!(back.series(quantity::LOSS).len(), 5);
    assert_eq!(back.config().live.peak_lr, 1.0 / 7.0, "config.toml has it too");
    let (_, damage) = load_readable(&dir).unwrap();
    let torn: Vec<String> = damage
        .iter()
        .filter(|damage| matches!(damage, StoreError::Torn { .. }))
        .map(ToString::to_string)
        .collect();
    let [row, event] = torn.as_slice() else { panic!("{torn:?}") };
    assert!(row.contains("metrics.csv, line 7: this last line is incomplete"), "{row}");
    assert!(event.contains("events.jsonl, line "), "{event}");
}

#[test]
fn a_run_of_an_older_version_is_read_without_the_missing_columns() {
    let parent = tempfile::tempdir().unwrap();
    let (dir, _) = written(parent.path(), &RunConfig::default(), &events());
    let whole = text(&dir, "metrics.csv");
    let header: Vec<&str> = whole.lines().next().unwrap().split(',').collect();
    let lacks = |at: usize| ["accuracy", "binding_ratio"].contains(&header[at]);
    let older: Vec<String> = whole
        .lines()
        .map(|line| {
            let cells = line.split(',').enumerate().filter(|(at, _)| !lacks(*at));
            cells.map(|(_, cell)| cell).collect::<Vec<_>>().join(",")
        })
        .collect();
    let before = load(&dir).unwrap();
    fs::write(dir.join("metrics.csv"), older.join("\n") + "\n").unwrap();
    let back = load(&dir).unwrap();
    assert!(
        back.series(quantity::ACCURACY).is_empty() && !before.series(quantity::ACCURACY).is_empty()
    );
    // Derived quantities are computed again.
    for quantity in [
        quantity::LOSS,
        quantity::SHARPNESS,
        quantity::SHARPNESS_RATIO,
        quantity::BINDING_RATIO,
        quantity::GRAD_NORM,
    ] {
        let [again, before] = [&back, &before].map(|run| run.series(quantity));
        assert_eq!(again, before, "{}", quantity.name());
    }
}

#[test]
fn a_foreign_configuration_is_kept_beside_that_of_the_run() {
    for foreign in ["name = \"zz\"\n", "seed = ", ""] {
        let parent = tempfile::tempdir().unwrap();
        let (dir, config) = (parent.path().join("run"), RunConfig::default());
        let mut folder = RunFolder::create(&dir, &config, &facts()).unwrap();
        folder.record(&sampled(0..2)).unwrap();
        fs::write(dir.join("config.toml"), foreign).unwrap();
        fs::write(dir.join("config.foreign-1.toml"), "mine").unwrap();
        let told = folder.finish().unwrap().repair_notice.unwrap();
        assert_eq!(read_config(&dir.join("config.toml")).unwrap(), config);
        assert_eq!(text(&dir, "config.foreign-1.toml"), "mine");
        assert_eq!(text(&dir, "config.foreign-2.toml"), foreign);
        assert!(told.contains("config.foreign-2.toml, and"), "{told}");
        assert!(text(&dir, "summary.json").contains("config.foreign-2.toml"));
        assert_eq!(load(&dir).unwrap().n_steps(), 2);
    }
}

#[test]
fn a_comment_in_its_configuration_does_not_make_it_foreign() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("run");
    let folder = RunFolder::create(&dir, &RunConfig::default(), &facts()).unwrap();
    let commented = format!("# mine\r\n{}", text(&dir, "config.toml"));
    fs::write(dir.join("config.toml"), &commented).unwrap();
    assert_eq!(folder.finish().unwrap().repair_notice, None);
    assert_eq!(text(&dir, "config.toml"), commented);
}

#[test]
fn damage_is_reported_by_file_and_line() {
    let damage = |file: &str, from: &str, to: &str| {
        let parent = tempfile::tempdir().unwrap();
        let (dir, _) = written(parent.path(), &RunConfig::default(), &events());
        let whole = text(&dir, file);
        assert!(whole.contains(from), "{file} has no {from}: {whole}");
        fs::write(dir.join(file), whole.replacen(from, to, 1)).unwrap();
        load(&dir).unwrap_err().to_string()
    };
    for (file, from, to, wanted) in [
        ("metrics.csv", "step,epoch,loss", "step,epoch,lots", "line 1: column 3 is named `lots`"),
        ("metrics.csv", "step,epoch,loss", "step,epoch,epoch", "line 1: column 3 is named `epoch`"),
        ("metrics.csv", "step,epoch", "epoch,step", "line 1: column 1 should be named `step`"),
        ("metrics.csv", "\n0,1,0.1,", "\n0,1,o.1,", "line 2: `loss` is `o.1`"),
        ("metrics.csv", "\n0,1,0.1,", "\n0,1,,", "line 2: `loss` is blank"),
        ("metrics.csv", ",1.895,", ",1.o95,", "line 2: `sharpness_ratio` is `1.o95`"),
        ("metrics.csv", ",8,1.5,", ",8.5,1.5,", "line 2: `sharpness_hvps` is `8.5`"),
        ("metrics.csv", "\n1,", "\n0,", "line 3: step 0 follows step 0"),
        ("metrics.csv", "\n1,", "\n1,7,", "line 3: there are"),
        ("metrics.csv", "\n1,", "\none,", "line 3: `step` is `one`"),
        ("events.jsonl", PEAK_LR.key, "live.peak_rl", "line 1: unknown key"),
        ("events.jsonl", "{", "[", "line 1: this is not a change"),
        ("events.jsonl", "\"key\"", "\"kye\"", "`kye` is unknown here; there can be"),
        ("events.jsonl", "\"step\":", "\"step\":-", "not a whole number of at least 0"),
        ("events.jsonl", "{", "5 {", "at column 1 stands `5`, not an object in braces"),
        ("summary.json", "finished", "fnished", "line 2: this is not a summary"),
        ("summary.json", "\"n_steps\": ", "\"n_steps\": -", "not a whole number of at least 0"),
        ("config.toml", "seed", "sede", "config.toml: unknown key `sede`"),
    ] {
        let error = damage(file, from, to);
        assert!(error.contains(file) && error.contains(wanted), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}

#[test]
fn a_wrong_fact_in_a_summary_is_reported_by_its_line() {
    let parent = tempfile::tempdir().unwrap();
    let (dir, _) = written(parent.path(), &RunConfig::default(), &events());
    let whole = text(&dir, "summary.json");
    let right = format!("\"n_params\": {}", facts().n_params);
    let at = whole.lines().position(|line| line.contains(&right)).unwrap() + 1;
    assert!(at < whole.lines().count() - 1);
    fs::write(dir.join("summary.json"), whole.replace(&right, "\"n_params\": -1")).unwrap();
    let error = load(&dir).unwrap_err().to_string();
    assert!(error.contains(&format!("summary.json, line {at}: ")), "{error}");
    assert!(error.contains("stands `-1`, not a whole number of at least 0"), "{error}");
}

#[test]
fn unreadable_lines_do_not_affect_the_others() {
    let parent = tempfile::tempdir().unwrap();
    let (dir, run) = written(parent.path(), &RunConfig::default(), &events());
    let spoil = |file: &str, lines: &[(usize, &[u8])]| {
        let whole = text(&dir, file);
        let mut rows: Vec<Vec<u8>> = whole.lines().map(|line| line.as_bytes().to_vec()).collect();
        for (at, bytes) in lines {
            rows[at - 1] = bytes.to_vec();
        }
        fs::write(dir.join(file), [rows.join(&b'\n'), b"\n".to_vec()].concat()).unwrap();
    };
    assert!(load_readable(&dir).unwrap().1.is_empty());
    let rows = text(&dir, METRICS);
    let ahead = format!("999{}", rows.lines().nth(1).unwrap());
    let torn: &[u8] = b"4,\"0.5";
    spoil(METRICS, &[(2, ahead.as_bytes()), (3, b""), (4, b" "), (5, &[0, 255]), (6, torn)]);
    spoil(EVENTS, &[(1, b"{\"step\": 3, \"ke"), (2, b"  ")]);
    fs::write(dir.join(EVENTS), text(&dir, EVENTS) + "{\"cut short").unwrap();
    let (back, damage) = load_readable(&dir).unwrap();
    let reported: Vec<String> = damage.iter().map(ToString::to_string).collect();
    let wanted = [
        "metrics.csv, line 3: this line is blank",
        "metrics.csv, line 4: this line is blank",
        "metrics.csv, line 5: there is 1 value",
        "metrics.csv, line 6: there are 2 values",
        "metrics.csv, line 2: step 9990 comes before step 5",
        "events.jsonl, line 1: this is not a change of a setting: it ends too early",
        "this last line is incomplete, as after a program that was killed",
        "events.jsonl: the change at step 2 is missing; it is taken from",
        "events.jsonl: the change at step 3 is missing; it is taken from",
    ];
    for wanted in wanted {
        assert!(
            reported.iter().any(|reported| reported.contains(wanted)),
            "{wanted}: {reported:#?}"
        );
    }
    assert_eq!(reported.len(), wanted.len(), "{reported:#?}");
    assert_eq!(bits(&back, quantity::LOSS), bits(&run, quantity::LOSS)[5..]);
    assert!(load(&dir).is_err(), "`load` tolerates no damage");
    let header = rows.lines().next().unwrap();
    fs::write(dir.join(METRICS), format!("{header}\nnothing\n")).unwrap();
    assert!(load_readable(&dir).is_err(), "no row can be read");
}
