//! Centring and scaling of inputs, which determine the initial curvature.

/// An affine map of inputs: (x − centre)·factor.
#[derive(Clone, Debug)]
pub(super) struct Scaling {
    /// Subtracted, one per input.
    centre: Vec<f64>,
    /// Multiplied, one per input.
    factors: Vec<f64>,
}

impl Scaling {
    /// Centres each input at mean 0 and scales all inputs by one factor to the overall standard
    /// deviation `deviation`.
    pub(super) fn per_input(inputs: &[f64], n_inputs: usize, deviation: f64) -> Self {
        let n = (inputs.len() / n_inputs.max(1)).max(1) as f64;
        let mut centre = vec![0.0; n_inputs];
        for example in inputs.chunks_exact(n_inputs.max(1)) {
            for (sum, x) in centre.iter_mut().zip(example) {
                *sum += x;
            }
        }
        for sum in &mut centre {
            *sum /= n;
        }
        Self::about(inputs, centre, deviation)
    }

    /// Centres each input at mean 0 and scales it to standard deviation 1; a constant input becomes
    /// 0.
    pub(super) fn standardized(inputs: &[f64], n_inputs: usize) -> Self {
        let Self { centre, .. } = Self::per_input(inputs, n_inputs, 1.0);
        let n = (inputs.len() / n_inputs.max(1)).max(1) as f64;
        let mut squares = vec![0.0; n_inputs];
        let mut is_constant = vec![true; n_inputs];
        for example in inputs.chunks_exact(n_inputs.max(1)) {
            for i in 0..n_inputs {
                let x = example[i];
                squares[i] += (x - centre[i]) * (x - centre[i]);
                // The rounded mean of equal numbers may differ from them.
                is_constant[i] &= x == inputs[i];
            }
        }
        let factor = |(squares, is_constant): (&f64, &bool)| {
            let found = (squares / n).sqrt();
            if *is_constant || found == 0.0 { 0.0 } else { 1.0 / found }
        };
        let factors = squares.iter().zip(&is_constant).map(factor).collect();
        Self { centre, factors }
    }

    /// Shifts and scales all inputs alike to overall mean 0 and standard deviation 1.
    pub(super) fn global(inputs: &[f64], n_inputs: usize) -> Self {
        let mean = inputs.iter().sum::<f64>() / inputs.len().max(1) as f64;
        Self::about(inputs, vec![mean; n_inputs], 1.0)
    }

    fn about(inputs: &[f64], centre: Vec<f64>, deviation: f64) -> Self {
        let squares: f64 = inputs
            .chunks_exact(centre.len().max(1))
            .flat_map(|example| example.iter().zip(&centre))
            .map(|(x, c)| (x - c) * (x - c))
            .sum();
        let found = (squares / inputs.len().max(1) as f64).sqrt();
        // Constant inputs are 0 once centred.
        let factor = if found > 0.0 { deviation / found } else { 1.0 };
        Self { factors: vec![factor; centre.len()], centre }
    }

    /// Maps examples in place.
    pub(super) fn apply(&self, inputs: &mut [f64]) {
        for example in inputs.chunks_exact_mut(self.centre.len().max(1)) {
            for ((x, c), factor) in example.iter_mut().zip(&self.centre).zip(&self.factors) {
                *x = (*x - c) * factor;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Scaling;

    #[test]
    fn per_input_scaling_centres_each_column_and_keeps_their_ratio() {
        let mut x = [1.0, 10.0, 3.0, 30.0];
        let scaling = Scaling::per_input(&x, 2, 0.5);
        scaling.apply(&mut x);
        // Deviations 1 and 10: global deviation √((1 + 100)/2).
        let unit = 0.5 / 50.5_f64.sqrt();
        for (found, wanted) in x.iter().zip([-unit, -10.0 * unit, unit, 10.0 * unit]) {
            assert!((found - wanted).abs() < 1e-15, "{x:?}");
        }
    }

    #[test]
    fn global_scaling_uses_one_mean_and_constant_inputs_become_zero() {
        let mut x = [1.0, 2.0, 3.0, 4.0];
        Scaling::global(&x, 2).apply(&mut x);
        assert!(
            x.iter().sum::<f64>().abs() < 1e-15 && (x[3] - 1.5 / 1.25_f64.sqrt()).abs() < 1e-15
        );
        let mut flat = [7.0; 4];
        Scaling::per_input(&flat, 2, 1.0).apply(&mut flat);
        assert_eq!(flat, [0.0; 4]);
    }

    #[test]
    fn standardized_inputs_have_deviation_one_and_constant_ones_are_zero() {
        let mut x = [1.0, 0.1, 3.0, 0.1, 5.0, 0.1];
        Scaling::standardized(&x, 2).apply(&mut x);
        let end = 1.5_f64.sqrt();
        for (found, wanted) in x.iter().zip([-end, 0.0, 0.0, 0.0, end, 0.0]) {
            assert!((found - wanted).abs() < 1e-15, "{x:?}");
        }
    }
}
