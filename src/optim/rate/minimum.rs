//! Brent's method of one-dimensional minimization: parabolic steps, or golden sections where those
//! make no progress.

/// (3 − √5)/2: the fraction of an interval removed by a golden section.
const GOLDEN: f64 = 0.381_966_011_250_105;

/// Maximum number of evaluations; golden sections alone need about 30.
const MAX_EVALUATIONS: usize = 60;

/// Three points (x, f(x)), the middle one lowest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bracket {
    pub(super) below: [f64; 2],
    pub(super) middle: [f64; 2],
    pub(super) above: [f64; 2],
}

/// A local minimizer inside the bracket, to relative `tolerance` (R. P. Brent, Algorithms for
/// Minimization without Derivatives, 1973).
pub(super) fn minimum<E>(
    bracket: Bracket,
    tolerance: f64,
    value_at: &mut dyn FnMut(f64) -> Result<f64, E>,
) -> Result<f64, E> {
    let Bracket { below, middle: mut x, above } = bracket;
    let [mut a, mut b] = [below[0], above[0]];
    // x is the lowest point, w the second lowest, v the previous w.
    let [mut w, mut v] = if below[1] < above[1] { [below, above] } else { [above, below] };
    let [mut step, mut before] = [b - a; 2];
    for _ in 0..MAX_EVALUATIONS {
        let middle = 0.5 * (a + b);
        // A third of the tolerance: the final interval is three such steps wide.
        let least = tolerance * x[0] / 3.0;
        if (x[0] - middle).abs() <= 2.0 * least - 0.5 * (b - a) {
            break;
        }
        match vertex([x, w, v]).map(|vertex| vertex - x[0]) {
            Some(jump) if jump.abs() < 0.5 * before.abs() && a < x[0] + jump && x[0] + jump < b => {
                let place = x[0] + jump;
                let is_at_end = (place - a).min(b - place) < 2.0 * least;
                // Close to an end, a minimal step towards the middle shrinks the interval from the other side.
                let jump = if is_at_end { least.copysign(middle - x[0]) } else { jump };
                (before, step) = (step, jump);
            }
            Some(_) | None => {
                before = if x[0] < middle { b - x[0] } else { a - x[0] };
                step = GOLDEN * before;
            }
        }
        let place = x[0] + if step.abs() >= least { step } else { least.copysign(step) };
        let u = [place, value_at(place)?];
        if u[1] <= x[1] {
            if place < x[0] {
                b = x[0];
            } else {
                a = x[0];
            }
            (v, w, x) = (w, x, u);
        } else {
            if place < x[0] {
                a = place;
            } else {
                b = place;
            }
            if u[1] <= w[1] || w[0] == x[0] {
                (v, w) = (w, u);
            } else if u[1] <= v[1] || v[0] == x[0] || v[0] == w[0] {
                v = u;
            }
        }
    }
    Ok(x[0])
}

/// The vertex of the parabola through three points; `None` if they are collinear.
fn vertex([x, w, v]: [[f64; 2]; 3]) -> Option<f64> {
    let r = (x[0] - w[0]) * (x[1] - v[1]);
    let q = (x[0] - v[0]) * (x[1] - w[1]);
    let vertex = x[0] - 0.5 * ((x[0] - v[0]) * q - (x[0] - w[0]) * r) / (q - r);
    vertex.is_finite().then_some(vertex)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minimum_of_a_parabola_is_its_vertex() {
        let f = |x: f64| 3.0 * (x - 0.4).powi(2) + 1.0;
        let points = [0.1, 0.9, 1.5].map(|x| [x, f(x)]);
        assert!((vertex(points).unwrap() - 0.4).abs() < 1e-14);
        assert_eq!(vertex([[1.0, 2.0]; 3]), None);
    }

    #[test]
    fn smooth_and_kinked_minima_are_found_to_the_tolerance() {
        type Row = (fn(f64) -> f64, f64);
        let functions: [Row; 4] = [
            (|x| (x - 0.7).powi(2), 0.7),
            (|x| (x - 0.7).powi(4), 0.7),
            (|x| (x - 0.7).abs(), 0.7),
            (|x| x - x.ln(), 1.0),
        ];
        for (i, (f, wanted)) in functions.into_iter().enumerate() {
            let mut n = 0;
            let mut value_at = |x: f64| -> Result<f64, ()> {
                n += 1;
                Ok(f(x))
            };
            let [below, middle, above] = [1e-9, 0.9, 2.0].map(|x| [x, f(x)]);
            let bracket = Bracket { below, middle, above };
            let found = minimum(bracket, 1e-3, &mut value_at).unwrap();
            // A fourth power is flat to rounding errors within the tolerance.
            let most = if i == 1 { 5e-3 } else { 1e-3 };
            assert!((found - wanted).abs() <= most * wanted && n < 40, "{i}: {found}, {n}");
        }
    }
}
