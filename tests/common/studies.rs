//! Made-up rows of studies, and charts of them; the boundary of trained runs resembles that of the
//! blow-up preset.

use eoscope::figure::Scale;
use eoscope::figure::chart::{
    AxisSpec, Cells, Chart, Class, ColourBar, Curve, Grid, Layer, Outcome, Points, Reference,
    Sheet, boundary, majority,
};

pub(crate) const RATES: [f64; 6] = [0.05, 0.1, 0.2, 0.4, 0.8, 1.6];
pub(crate) const WARMUPS: [f64; 5] = [1.0, 16.0, 64.0, 256.0, 1024.0];

/// The shortest warmup with which each rate trains; the last rate never does.
const SMALLEST: [f64; 6] = [1.0, 1.0, 64.0, 256.0, 256.0, f64::INFINITY];

/// Rows (peak η and warmup, outcome).
pub(crate) fn outcomes() -> Vec<([f64; 2], Outcome)> {
    let cell = |(i, rate): (usize, &f64), warmup: f64| {
        let outcome = if warmup >= SMALLEST[i] {
            Outcome::Trained
        } else if 4.0 * warmup >= SMALLEST[i] {
            Outcome::SURVIVED
        } else {
            Outcome::DIVERGED
        };
        ([*rate, warmup], outcome)
    };
    let rows = RATES.iter().enumerate();
    rows.flat_map(|row| WARMUPS.map(|warmup| cell(row, warmup))).collect()
}

fn words(chart: Chart, title: &str) -> Chart {
    Chart {
        title: Some(title.to_owned()),
        caption: Some(
            "Made up, in the shape of the blow-up preset: 784-32-32-32-10 tanh, PyTorch-default × 3, \
             MSE, full-batch gradient descent; 1,000 Fashion-MNIST images, 1 seed"
                .to_owned(),
        ),
        ..chart
    }
}

/// Outcomes over peak η and warmup, with the boundary of trained runs.
pub(crate) fn phases(rows: Vec<([f64; 2], Outcome)>) -> Chart {
    let grid = Grid::gather(rows).map(|outcomes| majority(outcomes));
    let chart = Chart {
        x: grid.x_axis("peak learning rate η"),
        y: grid.y_axis("warmup steps T"),
        layers: vec![Layer::Cells(Cells::Outcomes(grid.clone())), Layer::Boundary(boundary(&grid))],
        ..Chart::default()
    };
    words(chart, "Warmup raises the largest trainable rate")
}

/// A number for each cell of the phase diagram, including NaN, ∞, 0 and missing ones.
pub(crate) fn numbers() -> Chart {
    let rows = outcomes();
    let grid = Grid::gather(rows.clone()).map(|outcomes| majority(outcomes));
    let value = |([rate, warmup], outcome): &([f64; 2], Outcome)| {
        let value = match *outcome {
            Outcome::DIVERGED if *rate > 1.0 => f64::NAN,
            Outcome::DIVERGED => f64::INFINITY,
            Outcome::Trained if *rate == 0.05 && *warmup == 1024.0 => 0.0,
            Outcome::Trained | Outcome::Untrained(_) | Outcome::Refused => {
                0.011 * (0.4 / rate).powf(1.4) * (1.0 + warmup / 800.0)
            }
        };
        ([*rate, *warmup], value)
    };
    let hole = [0.1, 16.0];
    let all = rows.iter().map(value);
    let some = all.map(|(place, value)| (place, (place != hole).then_some(value)));
    let losses = Grid::gather(some).map(|values| values.first().copied().flatten());
    let chart = Chart {
        x: grid.x_axis("peak learning rate η"),
        y: grid.y_axis("warmup steps T"),
        layers: vec![Layer::Cells(Cells::Numbers(losses)), Layer::Boundary(boundary(&grid))],
        colour_bar: ColourBar {
            label: "final training loss".to_owned(),
            scale: Scale::Log,
            range: None,
        },
        ..Chart::default()
    };
    words(chart, "Final loss over peak η and warmup")
}

/// All four outcomes and cells that were not run.
pub(crate) fn all_classes() -> Chart {
    let mut rows = outcomes();
    rows.retain(|(place, _)| *place != [0.05, 256.0] && *place != [1.6, 64.0]);
    for (place, outcome) in &mut rows {
        if place[0] == 1.6 && place[1] < 64.0 {
            *outcome = Outcome::Refused;
        }
    }
    phases(rows)
}

/// Rows (η and λ₁, outcome) at one of three times; λ₁ approaches 2/η. One value is ∞.
fn moment(share: f64) -> Vec<([f64; 2], Outcome)> {
    let row = |i: u32| {
        let noise = |factor: f64| (f64::from(i) * factor).sin();
        let rate = 0.02 * 100f64.powf(f64::from(i) / 59.0);
        let first = 14.0 * (0.7 * noise(12.9898) + 0.5 * noise(78.233) + 0.3).exp();
        let outcome = match first * rate / 2.0 {
            r if r < 1.0 => Outcome::Trained,
            r if r < 2.5 => Outcome::SURVIVED,
            _ => Outcome::DIVERGED,
        };
        let pulled = first * (2.0 / rate / first).powf(share);
        let sharpness = if i == 57 { f64::INFINITY } else { pulled };
        ([rate, sharpness], outcome)
    };
    (0..60).map(row).collect()
}

fn sharpness(share: f64) -> Chart {
    let mut layers = vec![Layer::Reference(Reference::over_logs("2/η", [0.02, 2.0], |x| 2.0 / x))];
    layers.extend(Points::by_outcome(moment(share)));
    Chart {
        x: AxisSpec::log("learning rate η"),
        y: AxisSpec::log("sharpness λ₁"),
        layers,
        ..Chart::default()
    }
}

/// λ₁ against η at initialization, with 2/η.
pub(crate) fn scatter() -> Chart {
    words(sharpness(0.0), "What starts above 2/η does not train")
}

/// λ₁ against η at three times.
pub(crate) fn moments() -> Sheet {
    let all = words(Chart::default(), "Sharpness against learning rate");
    let moments = [(0.0, "at initialization"), (0.6, "end of warmup"), (0.95, "mid-training")];
    let chart =
        |(share, title): (f64, &str)| Chart { title: Some(title.to_owned()), ..sharpness(share) };
    let charts = moments.into_iter().map(chart).collect();
    Sheet { title: all.title, caption: all.caption, charts, ..Sheet::default() }.aligned()
}

/// Best loss against η for three methods with five seeds each.
pub(crate) fn methods() -> Chart {
    let curve = |(i, name): (usize, &str)| {
        let limit = [0.1, 0.9, 0.3][i];
        let rows = (0..9_u32).flat_map(|k| {
            let rate = 0.0125 * 2f64.powf(f64::from(k));
            (0..5_u32).map(move |seed| {
                let noise = 1.0 + 0.25 * (f64::from(seed * 7 + k * 3) * 1.7).sin();
                let noise = noise * [1.0, 1.6, 0.55][i];
                let blown = rate > limit * (1.0 + 0.2 * f64::from(seed));
                (rate, if blown { 2.3 } else { 0.002 / rate * noise + 0.002 })
            })
        });
        Layer::Curve(Curve::over_seeds(name, Class::Series(i), rows, [0.0, 1.0]))
    };
    let names = ["plain", "warmup 256", "scale ⅓"];
    let mut layers: Vec<_> = names.into_iter().enumerate().map(curve).collect();
    layers.push(Layer::Reference(Reference::level("at initialization", [0.0125, 3.2], 2.3)));
    let chart = Chart {
        x: AxisSpec::log("peak learning rate η"),
        y: AxisSpec::log("best training loss"),
        layers,
        ..Chart::default()
    };
    words(chart, "Best loss by method")
}
