//! Clears tick labels that would overlap.

use super::scale::Scale;
use super::ticks::{Tick, ticks};

/// Ticks whose labels are at least `apart` points apart on an axis of `length` points. Powers of
/// ten keep their labels longest, and at least two labels remain.
#[must_use]
pub fn readable_ticks(
    scale: Scale,
    range: [f64; 2],
    n_ticks: usize,
    apart: f32,
    length: f32,
) -> Vec<Tick> {
    thinned_ticks(ticks(scale, range, n_ticks), scale, range, apart, length)
}

/// The given ticks without the labels that are closer than `apart`, as in [`readable_ticks`].
#[must_use]
pub fn thinned_ticks(
    mut marks: Vec<Tick>,
    scale: Scale,
    range: [f64; 2],
    apart: f32,
    length: f32,
) -> Vec<Tick> {
    let labelled = marks.iter().filter(|mark| !mark.label.is_empty()).map(|mark| mark.place);
    let is_power = |place: &f64| scale != Scale::Linear && (place - place.round()).abs() < 1e-9;
    let (powers, others): (Vec<f64>, Vec<f64>) = labelled.partition(is_power);
    let apart = f64::from(apart / length) * (range[1] - range[0]).abs();
    let mut kept: Vec<f64> = Vec::new();
    for place in powers.iter().chain(&others) {
        if kept.iter().all(|known| (known - place).abs() >= apart) {
            kept.push(*place);
        }
    }
    if let [only] = kept[..] {
        let distance = |place: &&f64| (**place - only).abs();
        let all = powers.iter().chain(&others);
        kept.extend(all.max_by(|a, b| distance(a).total_cmp(&distance(b))));
    }
    for mark in marks.iter_mut().filter(|mark| !kept.contains(&mark.place)) {
        mark.label.clear();
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_a_low_plot_do_not_overlap_and_powers_of_ten_stay() {
        let labels = |length: f32| -> Vec<String> {
            let marks = readable_ticks(Scale::Log, [-1.4, 0.1], 2, 14.0, length);
            marks.into_iter().map(|mark| mark.label).filter(|label| !label.is_empty()).collect()
        };
        assert_eq!(labels(70.0), ["0.05", "0.1", "0.2", "0.5", "1"]);
        assert_eq!(labels(60.0), ["0.1", "1"]);
        assert_eq!(labels(12.0), ["0.1", "1"]);
    }
}
