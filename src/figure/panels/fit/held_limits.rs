//! Values at which a limit stays or turns, unlike those that it passes during a warmup or a decay.

use std::cmp::Ordering;

use crate::figure::lines::{Line, Point};

/// The visible values of limits, except those that they pass in a steady rise or fall. A limit at
/// the effective rate also passes its values while the nominal limit of its run does.
pub(super) fn held_limits(lines: &[&Line], steps: [f64; 2]) -> Vec<f64> {
    let limits = || lines.iter().filter(|line| line.look.is_limit());
    let mut held = Vec::new();
    for line in limits() {
        // The nominal limit of a run precedes the effective one.
        let nominal = limits().find(|other| other.ghost == line.ghost).unwrap_or(line);
        let passages = [line, nominal].map(|line| passages(line, steps));
        let is_passed = |step: f64| passages.iter().any(|all| is_within(all, step));
        let points = line.trace.pieces_between(steps).flatten();
        held.extend(points.filter(|[step, _]| !is_passed(*step)).map(|[_, value]| *value));
    }
    held
}

/// Ranges of steps, in order, in which a limit steadily rises or falls: without the point where it
/// turns or comes to rest, but with the first and last visible one.
fn passages(line: &Line, steps: [f64; 2]) -> Vec<[f64; 2]> {
    let mut passages: Vec<[f64; 2]> = Vec::new();
    for piece in line.trace.pieces_between(steps) {
        let mut is_open = false;
        for (at, [step, _]) in piece.iter().enumerate() {
            let is_passed = is_passed(piece, at);
            match passages.last_mut() {
                Some(passage) if is_passed && is_open => passage[1] = *step,
                _ if is_passed => passages.push([*step, *step]),
                _ => {}
            }
            is_open = is_passed;
        }
    }
    passages
}

/// Whether the values at a point and on both sides of it rise or fall; at an end of the piece,
/// whether those beside it do.
fn is_passed(piece: &[Point], at: usize) -> bool {
    let Some(last) = piece.len().checked_sub(1).filter(|last| *last >= 2) else { return false };
    let middle = at.clamp(1, last - 1);
    let order = |at: usize| piece[at][1].partial_cmp(&piece[at + 1][1]);
    let before = order(middle - 1);
    before == order(middle) && before != Some(Ordering::Equal)
}

/// Whether a step is in one of the ranges, which are in order.
fn is_within(ranges: &[[f64; 2]], step: f64) -> bool {
    let next = ranges.partition_point(|[_, last]| *last < step);
    ranges.get(next).is_some_and(|[first, _]| *first <= step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::{Look, Trace};
    use crate::quantity::{self, Quantity};

    fn limit(quantity: Quantity, values: &[f64]) -> Line {
        let piece = values.iter().enumerate().map(|(i, y)| [i as f64, *y]).collect();
        let trace = Trace { pieces: vec![piece], off_scale: Vec::new() };
        Line::new(quantity, Look::limit(2.0), String::new(), None, trace)
    }

    fn held(values: &[f64]) -> Vec<f64> {
        held_limits(&[&limit(quantity::STABILITY_THRESHOLD, values)], [0.0, 100.0])
    }

    #[test]
    fn values_of_a_warmup_or_a_decay_are_passed_and_those_between_changes_are_held() {
        assert_eq!(held(&[90.0, 30.0, 20.0, 10.0, 10.0, 10.0]), [10.0; 3]);
        assert_eq!(held(&[10.0, 10.0, 15.0, 40.0, 90.0]), [10.0; 2]);
        assert_eq!(held(&[10.0, 40.0, 40.0, 10.0, 10.0]), [10.0, 40.0, 40.0, 10.0, 10.0]);
        assert_eq!(held(&[20.0, 20.0, 10.0]), [20.0, 20.0, 10.0]);
        assert_eq!(held(&[20.0, 10.0]), [20.0, 10.0]);
        let noisy = held(&[10.0, 16.0, 14.0, 12.0, 15.0]);
        assert_eq!(noisy, [10.0, 16.0, 12.0, 15.0]);
        assert!(held(&[]).is_empty());
    }

    #[test]
    fn a_noisy_limit_under_clipping_passes_its_values_during_a_warmup() {
        let nominal = limit(quantity::STABILITY_THRESHOLD, &[90.0, 30.0, 20.0, 10.0, 10.0, 10.0]);
        let effective = limit(quantity::EFFECTIVE_THRESHOLD, &[95.0, 99.0, 50.0, 14.0, 19.0, 13.0]);
        let held = held_limits(&[&nominal, &effective], [0.0, 5.0]);
        assert_eq!(held, [10.0, 10.0, 10.0, 14.0, 19.0, 13.0]);
    }
}
