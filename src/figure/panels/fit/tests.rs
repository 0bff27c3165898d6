//! Tests of fitted ranges, with panels of a few values.

use super::*;
use crate::figure::{Ghost, Hue, PanelKind, Trace};
use crate::quantity;

const MAIN: Look = Look::curve(Hue::Blue, 2.0).main();

const OTHER: Look = Look::curve(Hue::Blue, 1.0);

const LIMIT: Look = Look::limit(2.0);

fn line(look: Look, values: &[f64]) -> Line {
    let piece = values.iter().enumerate().map(|(i, y)| [i as f64, *y]).collect();
    let trace = Trace { pieces: vec![piece], off_scale: Vec::new() };
    Line::new(quantity::SHARPNESS, look, String::new(), None, trace)
}

fn panel(lines: Vec<Line>) -> Panel {
    let (kind, scale) = (PanelKind::Sharpness, Scale::Linear);
    let (axis_label, fit_to) = (String::new(), FitTo::CurrentRun);
    let (note, missing, ratio) = (None, None, None);
    let (clipped, unstable) = (Vec::new(), Vec::new());
    Panel { kind, scale, axis_label, fit_to, lines, note, missing, ratio, clipped, unstable }
}

#[test]
fn a_threshold_far_above_does_not_flatten_the_eigenvalues() {
    let lines = vec![line(MAIN, &[5.0, 10.0, 20.0]), line(LIMIT, &[1e4, 100.0, 25.0])];
    let [low, high] = panel(lines).fit([0.0, 2.0], |_| true);
    assert!((25.0..30.0).contains(&high) && (-2.0..=0.0).contains(&low), "{low} {high}");
}

#[test]
fn a_ghost_out_of_range_is_reported_and_shown_on_demand() {
    let mut ghost = line(MAIN, &[1700.0, -40.0]);
    ghost.ghost = Some(Ghost { name: String::new(), style: 0 });
    let mut panel = panel(vec![line(MAIN, &[20.0, 30.0]), ghost]);
    let range = panel.fit([0.0, 1.0], |_| true);
    assert!(range[1] < 40.0);
    let out_of_range = panel.out_of_range(range, [0.0, 1.0], |_| true);
    let [above, below] = [Some(1700.0), Some(-40.0)];
    let expected = OutOfRange { ghost_above: above, ghost_below: below, ..OutOfRange::default() };
    assert_eq!(out_of_range, expected);
    panel.fit_to = FitTo::AllValues;
    let whole = panel.fit([0.0, 1.0], |_| true);
    assert_eq!(panel.out_of_range(whole, [0.0, 1.0], |_| true), OutOfRange::default());
}

#[test]
fn a_diverging_end_does_not_flatten_the_run_before_it() {
    let mut values = vec![20.0; 99];
    values.push(1e9);
    let mut panel = panel(vec![line(MAIN, &values)]);
    let [low, high] = panel.fit([0.0, 99.0], |_| true);
    assert!(high < 30.0, "{high}");
    let out_of_range = panel.out_of_range([low, high], [0.0, 99.0], |_| true);
    assert_eq!(out_of_range, OutOfRange { n_above: 1, ..OutOfRange::default() });
    panel.fit_to = FitTo::AllValues;
    let whole = panel.fit([0.0, 99.0], |_| true);
    assert!(whole[1] >= 1e9);
    assert_eq!(panel.out_of_range(whole, [0.0, 99.0], |_| true), OutOfRange::default());
}

#[test]
fn a_catapult_stays_in_view_once_it_has_come_down_far_below_the_threshold() {
    let mut values = vec![0.5; 99];
    values[0] = 4.2;
    let lines = vec![line(MAIN, &values), line(LIMIT, &[2.86; 99])];
    let panel = panel(lines);
    let [low, high] = panel.fit([0.0, 98.0], |_| true);
    assert!(high > 4.2, "{high}");
    assert_eq!(panel.out_of_range([low, high], [0.0, 98.0], |_| true), OutOfRange::default());
}

#[test]
fn wild_values_along_the_update_do_not_stretch_the_range_of_their_mean_and_limit() {
    let values = line(OTHER, &[1e6, -1e6, 30.0]);
    let limit = |value: f64| line(LIMIT, &[value; 3]);
    let fitted = |mean: &[f64], value: f64| {
        let lines = vec![line(MAIN, mean), values.clone(), limit(value)];
        let panel = Panel { kind: PanelKind::AlongUpdate, ..panel(lines) };
        let range = panel.fit([0.0, 2.0], |_| true);
        (range, panel.out_of_range(range, [0.0, 2.0], |_| true))
    };
    let ([low, high], out_of_range) = fitted(&[18.0, 19.0, 21.0], 20.0);
    assert!((21.0..25.0).contains(&high) && (-2.0..=0.0).contains(&low), "{low} {high}");
    assert_eq!(out_of_range, OutOfRange { n_above: 2, n_below: 1, ..OutOfRange::default() });
    // A limit up to ten times the mean is in range.
    let ([_, high], _) = fitted(&[2.0, 2.0, 2.5], 20.0);
    assert!(high > 20.0, "{high}");
    // Sums of slopes near 0 make the mean itself wild.
    let ([low, high], _) = fitted(&[-1e5, 1e5, 19.0], 20.0);
    assert!((20.0..25.0).contains(&high) && low > -25.0, "{low} {high}");
    let alone = Panel { kind: PanelKind::AlongUpdate, ..panel(vec![values.clone(), limit(20.0)]) };
    let [low, high] = alone.fit([0.0, 2.0], |_| true);
    assert!((30.0..40.0).contains(&high) && low > -40.0, "{low} {high}");
}

#[test]
fn a_symmetric_axis_shows_both_signs_and_0() {
    let mut panel = panel(vec![line(MAIN, &[100.0, -30.0])]);
    panel.scale = Scale::Symlog(0);
    let [low, high] = panel.fit([0.0, 1.0], |_| true);
    assert!((3.0..3.5).contains(&high) && (-3.0..-2.0).contains(&low), "{low} {high}");
}

#[test]
fn a_ghost_on_another_scale_does_not_stretch_the_axis_of_the_current_run() {
    let ghost = |mut line: Line| {
        line.ghost = Some(Ghost { name: "run 1".to_owned(), style: 0 });
        line
    };
    for scale in [Scale::Linear, Scale::Log] {
        for kind in PanelKind::GROUPS {
            let own = line(MAIN, &[1.0, 2.0, 3.0]);
            let far = ghost(line(MAIN, &[1e-9, 1e30, 500.0]));
            let alone = Panel { kind, scale, ..panel(vec![own.clone()]) };
            let both = Panel { kind, scale, ..panel(vec![own, far.clone()]) };
            let all = |_: &Line| true;
            assert_eq!(alone.fit([0.0, 2.0], all), both.fit([0.0, 2.0], all));
            assert_eq!(both.lines[1], far);
            let [low, high] = Panel { lines: vec![far], ..both }.fit([2.0, 2.0], all);
            assert!(low <= scale.to_axis(500.0).unwrap() && scale.to_axis(500.0).unwrap() <= high);
        }
    }
}

#[test]
fn all_runs_are_in_range_except_one_that_diverged() {
    let ghost = |mut line: Line| {
        line.ghost = Some(Ghost { name: "b".to_owned(), style: 0 });
        line
    };
    for (scale, highest) in [(Scale::Linear, 14.0), (Scale::Log, 100.0)] {
        let (kind, fit_to) = (PanelKind::Loss, FitTo::AllRuns);
        let own = line(MAIN, &[1.0, 2.0, 3.0]);
        let other = ghost(line(MAIN, &[1.0, highest, 1e-6]));
        let diverged = ghost(line(MAIN, &[1.0, 1e30, 500.0]));
        let panel = Panel { kind, scale, fit_to, ..panel(vec![own, other, diverged]) };
        let [low, high] = panel.fit([0.0, 2.0], |_| true);
        let place = |value: f64| scale.to_axis(value).unwrap();
        assert!(low <= place(1e-6) && place(highest) <= high, "{low} {high}");
        assert!(high < place(500.0), "{high}");
        let expected = panel.out_of_range([low, high], [0.0, 2.0], |_| true);
        assert_eq!(expected, OutOfRange { ghost_above: Some(1e30), ..OutOfRange::default() });
    }
}

#[test]
fn only_what_is_in_view_and_shown_counts() {
    let lines = vec![line(MAIN, &[1.0, 2.0, 50.0]), line(OTHER, &[-9.0; 3])];
    let [low, high] = panel(lines).fit([0.0, 1.0], |line| line.look != OTHER);
    assert!(low > -1.0 && high < 3.0, "{low} {high}");
}

#[test]
fn a_line_that_crosses_the_view_between_two_measurements_is_in_range() {
    let mut sparse = line(MAIN, &[]);
    sparse.trace.pieces = vec![vec![[0.0, 10.0], [50.0, 30.0], [100.0, 40.0]]];
    let ghost = Some(Ghost { name: "a".to_owned(), style: 0 });
    let other = Line { ghost, ..line(MAIN, &[900.0; 30]) };
    let limit = line(LIMIT, &[20.0; 30]);
    let [_, high] = panel(vec![sparse, limit, other]).fit([20.0, 24.0], |_| true);
    assert!((30.0..35.0).contains(&high), "{high}");
}

#[test]
fn no_values_still_give_a_range() {
    let [low, high] = panel(Vec::new()).fit([0.0, 1.0], |_| true);
    assert!(low < high);
    let [low, high] = logarithmic(Some([-1.0, -1.0]));
    assert!(high - low >= MIN_DECADES);
}
