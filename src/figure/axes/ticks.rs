//! Ticks of an axis and their labels.

use super::scale::Scale;
use crate::text;

/// A tick of an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Place on the axis.
    pub place: f64,
    /// Its label; minor ticks have none.
    pub label: String,
}

/// Powers of ten that an `f64` can hold; a log axis can be zoomed out far beyond them.
const POWERS: [f64; 2] = [-323.0, 308.0];

/// Above this many decades a line at each would be a grey area.
const MANY: f64 = 60.0;

/// Below this many decades a log axis gets evenly spaced values; any wider range holds at least two
/// of 1, 2, 5 × 10^k.
const NARROW: f64 = 0.72;

/// Ticks for a range of places on a scale, with about `n_wanted` labels.
#[must_use]
pub fn ticks(scale: Scale, [low, high]: [f64; 2], n_wanted: usize) -> Vec<Tick> {
    if !(low.is_finite() && high.is_finite() && low < high) {
        return Vec::new();
    }
    let n_wanted = n_wanted.max(2) as f64;
    let marks = |n_wanted: f64| match scale {
        Scale::Linear => linear(low, high, n_wanted),
        Scale::Log if high - low < NARROW => at_even_values(scale, [low, high], n_wanted),
        Scale::Log => decades(low, high, n_wanted),
        Scale::Symlog(k) => symlog(k, [low, high], n_wanted),
    };
    let is_enough =
        |marks: &Vec<Tick>| marks.iter().filter(|tick| !tick.label.is_empty()).count() > 1;
    // A single label shows no scale; a crowded axis is better.
    let finer = [1.0, 2.0, 4.0].into_iter().map(|factor| marks(n_wanted * factor));
    let even = [1.0, 2.0, 4.0, 8.0].into_iter();
    let even = even.map(|factor| at_even_values(scale, [low, high], n_wanted * factor));
    finer.chain(even).find(is_enough).unwrap_or_default()
}

/// The smallest of 1, 2, 5 × 10^k that gives no more ticks than wanted.
fn nice_step(span: f64, n_wanted: f64) -> f64 {
    let rough = span / n_wanted;
    let power = 10f64.powf(rough.log10().floor());
    let factor = [1.0, 2.0, 5.0].into_iter().find(|factor| factor * power >= rough * 0.999);
    factor.unwrap_or(10.0) * power
}

fn multiples(low: f64, high: f64, step: f64) -> impl Iterator<Item = f64> {
    let first = (low / step - 1e-9).ceil();
    let n = (high / step + 1e-9).floor() - first;
    #[expect(clippy::cast_possible_truncation, reason = "a handful of marks, clamped")]
    let n = n.clamp(-1.0, 1000.0) as i64;
    (0..=n).map(move |i| (first + i as f64) * step)
}

fn linear(low: f64, high: f64, n_wanted: f64) -> Vec<Tick> {
    let step = nice_step(high - low, n_wanted);
    multiples(low, high, step)
        // k × 0.1 is not always the nearest `f64` to the decimal.
        .map(|value| (value / step).round() * step)
        .map(|value| Tick { place: value, label: label(value, low.abs().max(high.abs())) })
        .collect()
}

/// Ticks at evenly spaced values of a scale that is not linear.
fn at_even_values(scale: Scale, [low, high]: [f64; 2], n_wanted: f64) -> Vec<Tick> {
    let marks = linear(scale.from_axis(low), scale.from_axis(high), n_wanted);
    let placed = |mark: Tick| Some(Tick { place: scale.to_axis(mark.place)?, ..mark });
    marks.into_iter().filter_map(placed).collect()
}

/// Ticks at 0 and at decades on both sides; a range within the linear part, or on one side, gets
/// the ticks of a linear or logarithmic axis.
fn symlog(k: i32, [low, high]: [f64; 2], n_wanted: f64) -> Vec<Tick> {
    let scale = Scale::Symlog(k);
    if low >= -1.0 && high <= 1.0 {
        return at_even_values(scale, [low, high], n_wanted);
    }
    let shift = f64::from(k) - 1.0;
    let side = |from: f64, to: f64, is_alone: bool| {
        let (from, to) = (from.max(1.0), to.max(1.0));
        if is_alone && to - from < NARROW {
            return Vec::new();
        }
        let n_wanted = (n_wanted * (to - from) / (high - low)).max(1.0);
        let mut marks = decades(from + shift, to + shift, n_wanted);
        for mark in &mut marks {
            let is_decade = (mark.place - mark.place.round()).abs() < 1e-9;
            if !is_alone && !is_decade {
                mark.label.clear();
            }
            mark.place -= shift;
        }
        marks
    };
    let mut marks = side(-high, -low, high <= -1.0);
    marks.reverse();
    for mark in &mut marks {
        mark.place = -mark.place;
        if !mark.label.is_empty() {
            mark.label.insert(0, '−');
        }
    }
    if (low..=high).contains(&0.0) {
        marks.push(Tick { place: 0.0, label: "0".to_owned() });
    }
    marks.extend(side(low, high, low >= 1.0));
    marks.retain(|mark| (low..=high).contains(&mark.place));
    marks
}

/// Labelled powers of ten, or every n-th of them, with minor ticks at 2..9 between.
fn decades(low: f64, high: f64, n_wanted: f64) -> Vec<Tick> {
    let stride = ((high - low) / n_wanted).round().max(1.0);
    // Three labels a decade where there is room for them.
    let is_close = high - low < f64::max(2.0, n_wanted / 3.0);
    let step = if high - low > MANY { stride } else { 1.0 };
    let mut marks = Vec::new();
    let mut decade = (low.max(POWERS[0]) / step).floor() * step;
    let (low, high) = (low.max(POWERS[0]), high.min(POWERS[1]));
    while decade <= high {
        let is_labelled = decade.rem_euclid(stride) == 0.0;
        for k in 1..=9 {
            let place = decade + f64::from(k).log10();
            let has_label = (k == 1 && is_labelled) || (is_close && matches!(k, 2 | 5));
            // Over many decades minor ticks are noise.
            let is_kept = has_label || (stride == 1.0 && high - low < 6.0) || k == 1;
            if is_kept && (low..=high).contains(&place) {
                let value = f64::from(k) * 10f64.powf(decade);
                let label = if has_label { label(value, value) } else { String::new() };
                marks.push(Tick { place, label });
            }
        }
        decade += step;
    }
    marks
}

/// A short number with a typographic minus sign; a multiple of a power of ten if the largest value
/// on the axis needs one: 0.1, 200000, 10⁻⁵, 2·10⁶.
fn label(value: f64, largest: f64) -> String {
    if value < -largest * 1e-9 {
        return format!("−{}", label(-value, largest));
    }
    let number = text::number(value);
    if value.abs() < largest * 1e-9 {
        return "0".to_owned();
    }
    if let Some((mantissa, exponent)) = number.split_once('e') {
        return scientific(mantissa, exponent);
    }
    if (1e-3..1e6).contains(&(largest * 1.000_001)) {
        return number;
    }
    let power = power_of(value);
    scientific(&text::number(value / power), &format!("{}", power.log10().round()))
}

fn scientific(mantissa: &str, exponent: &str) -> String {
    let raised = |digit: char| match digit {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        // The other superscript digits have consecutive code points.
        digit => {
            digit.to_digit(10).and_then(|n| char::from_u32(u32::from('⁰') + n)).unwrap_or(digit)
        }
    };
    let power: String = exponent.chars().map(raised).collect();
    if mantissa == "1" { format!("10{power}") } else { format!("{mantissa}·10{power}") }
}

/// The power of ten of a value's leading digit.
fn power_of(value: f64) -> f64 {
    10f64.powf((value.abs() * 1.000_000_001).log10().floor())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_zoomed_out_beyond_all_numbers_still_has_a_handful_of_marks() {
        for range in [[-324.0, 309.0], [-1e6, 1e6], [-1e300, 1e300], [-1e9, 3.0], [400.0, 1e5]] {
            for n in [3, 5, 8, 14] {
                let marks = ticks(Scale::Log, range, n);
                assert!(marks.len() < 200, "{range:?}: {}", marks.len());
                assert!(marks.iter().all(|mark| mark.place.is_finite()), "{range:?}");
            }
        }
    }

    fn labels(scale: Scale, range: [f64; 2], n: usize) -> Vec<String> {
        ticks(scale, range, n).into_iter().map(|t| t.label).filter(|l| !l.is_empty()).collect()
    }

    #[test]
    fn linear_marks_are_at_round_numbers() {
        assert_eq!(labels(Scale::Linear, [0.0, 23.0], 5), ["0", "5", "10", "15", "20"]);
        assert_eq!(labels(Scale::Linear, [-0.01, 0.32], 4), ["0", "0.1", "0.2", "0.3"]);
        assert_eq!(
            labels(Scale::Linear, [0.0, 2e-3], 4),
            ["0", "0.0005", "0.001", "0.0015", "0.002"]
        );
        assert_eq!(
            labels(Scale::Linear, [0.0, 2e-5], 4),
            ["0", "5·10⁻⁶", "10⁻⁵", "1.5·10⁻⁵", "2·10⁻⁵"]
        );
    }

    #[test]
    fn log_marks_are_at_decades_written_as_numbers() {
        assert_eq!(labels(Scale::Log, [-1.2, 1.3], 4), ["0.1", "1", "10"]);
        assert_eq!(labels(Scale::Log, [-5.5, -2.9], 4), ["10⁻⁵", "10⁻⁴", "0.001"]);
        assert_eq!(labels(Scale::Log, [-9.0, 3.0], 4).len(), 5);
        assert_eq!(labels(Scale::Log, [-2.1, -0.9], 9), ["0.01", "0.02", "0.05", "0.1"]);
        assert_eq!(labels(Scale::Log, [-2.1, 0.1], 9).len(), 7);
        assert_eq!(labels(Scale::Log, [7.9, 10.2], 4), ["10⁸", "10⁹", "10¹⁰"]);
        let ends = [0.065f64.log10(), 0.47f64.log10()];
        assert_eq!(labels(Scale::Log, ends, 4), ["0.1", "0.2"]);
    }

    #[test]
    fn less_than_a_decade_still_has_labels() {
        let found = labels(Scale::Log, [0.5f64.log10(), 0.9f64.log10()], 4);
        assert_eq!(found, ["0.5", "0.6", "0.7", "0.8", "0.9"]);
    }

    #[test]
    fn a_symmetric_axis_has_decades_on_both_sides_of_0() {
        let found = labels(Scale::Symlog(0), [-2.3, 3.4], 7);
        assert_eq!(found, ["−10", "−1", "0", "1", "10", "100"]);
        assert_eq!(labels(Scale::Symlog(0), [-1.0, 1.0], 4), ["−1", "−0.5", "0", "0.5", "1"]);
        assert_eq!(labels(Scale::Symlog(0), [1.9, 4.1], 4), ["10", "100", "1000"]);
        let places = ticks(Scale::Symlog(-1), [-3.0, 3.0], 9);
        for tick in places.iter().filter(|tick| !tick.label.is_empty()) {
            let value: f64 = tick.label.replace('−', "-").parse().unwrap();
            assert!((Scale::Symlog(-1).to_axis(value).unwrap() - tick.place).abs() < 1e-9);
        }
    }

    #[test]
    fn no_axis_has_fewer_than_two_labels() {
        for i in 0..400 {
            let low = -6.0 + f64::from(i) * 0.031;
            for span in [0.28, 0.5, 0.73, 0.99, 1.3, 2.2, 5.0, 11.0] {
                for scale in [Scale::Linear, Scale::Log, Scale::Symlog(0), Scale::Symlog(-2)] {
                    let found = labels(scale, [low, low + span], 2);
                    assert!((2..14).contains(&found.len()), "{scale:?} {low} {span}: {found:?}");
                }
            }
        }
    }

    #[test]
    fn an_empty_or_infinite_range_has_no_marks() {
        assert!(ticks(Scale::Linear, [1.0, 1.0], 5).is_empty());
        assert!(ticks(Scale::Log, [0.0, f64::INFINITY], 5).is_empty());
    }
}
