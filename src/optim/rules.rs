//! The update rules: from a gradient to the change of the parameters.
//! Does not know of schedules, clipping or what the parameters belong to.

use candle_core::{Result, Tensor, bail};

use crate::config::Rule;

/// Name of the momentum buffer in [`Optimizer::state`].
const MOMENTUM: &str = "momentum";

/// An update rule with the buffers it carries from step to step.
#[derive(Clone, Debug)]
pub struct Optimizer {
    rule: Rule,
    /// m, shape `[N]`, in the gradient's dtype; `None` stands for 0, before the first step.
    momentum: Option<Tensor>,
}

impl Optimizer {
    /// The rule at its start: m = 0.
    #[must_use]
    pub fn new(rule: Rule) -> Self {
        Self { rule, momentum: None }
    }

    /// The change Δw, shape `[N]`, to be added to the parameters.
    ///
    /// `gradient` is g, shape `[N]`, already clipped; `lr` is η; `momentum` is β, not read by gradient
    /// descent. Both may differ from step to step.
    ///
    /// # Errors
    /// A gradient whose shape or dtype is not that of the steps before.
    pub fn update(&mut self, gradient: &Tensor, lr: f64, momentum: f64) -> Result<Tensor> {
        let direction = match self.rule {
            Rule::GradientDescent => gradient.clone(),
            // m ← βm + g; w ← w − ηm
            Rule::HeavyBall => self.accumulate(gradient, momentum)?,
            // m ← βm + g; w ← w − η(g + βm)
            Rule::Nesterov => (gradient + (self.accumulate(gradient, momentum)? * momentum)?)?,
        };
        direction * -lr
    }

    /// m ← βm + g.
    fn accumulate(&mut self, gradient: &Tensor, momentum: f64) -> Result<Tensor> {
        let m = match &self.momentum {
            Some(m) => ((m * momentum)? + gradient)?,
            None => gradient.clone(),
        };
        self.momentum = Some(m.clone());
        Ok(m)
    }

    /// The buffers by name; with them [`Self::restore`] goes on bit for bit.
    #[must_use]
    pub fn state(&self) -> Vec<(String, Tensor)> {
        self.momentum.iter().map(|m| (MOMENTUM.to_owned(), m.clone())).collect()
    }

    /// Puts back what [`Self::state`] gave; no buffers means the start.
    ///
    /// # Errors
    /// A buffer that this rule does not have; the optimizer is then unchanged.
    pub fn restore(&mut self, state: Vec<(String, Tensor)>) -> Result<()> {
        let mut momentum = None;
        for (name, tensor) in state {
            if name != MOMENTUM || !self.rule.has_momentum() {
                bail!(
                    "the saved optimizer state holds `{name}`, which {} does not have",
                    self.rule
                );
            }
            momentum = Some(tensor);
        }
        self.momentum = momentum;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use candle_core::{DType, Device, Tensor};

    use super::Optimizer;
    use crate::config::Rule;

    fn vector(values: &[f64]) -> Tensor {
        Tensor::new(values, &Device::Cpu).unwrap()
    }

    fn updates(rule: Rule, gradients: &[f64], lr: f64, beta: f64) -> Vec<f64> {
        let mut optimizer = Optimizer::new(rule);
        gradients
            .iter()
            .map(|g| optimizer.update(&vector(&[*g]), lr, beta).unwrap().to_vec1().unwrap()[0])
            .collect()
    }

    #[test]
    fn each_rule_follows_its_formula_by_hand() {
        // η = ½, β = ½, g = 1, 2, −4: m = 1, 2.5, −2.75.
        let g = [1.0, 2.0, -4.0];
        assert_eq!(updates(Rule::GradientDescent, &g, 0.5, 0.5), [-0.5, -1.0, 2.0]);
        assert_eq!(updates(Rule::HeavyBall, &g, 0.5, 0.5), [-0.5, -1.25, 1.375]);
        assert_eq!(updates(Rule::Nesterov, &g, 0.5, 0.5), [-0.75, -1.625, 2.6875]);
    }

    #[test]
    fn without_momentum_all_rules_are_gradient_descent() {
        let g = [1.0, 2.0, -4.0];
        for rule in Rule::ALL {
            assert_eq!(updates(*rule, &g, 0.25, 0.0), [-0.25, -0.5, 1.0], "{rule}");
        }
    }

    #[test]
    fn a_restored_optimizer_goes_on_bit_for_bit_in_both_precisions() {
        for rule in Rule::ALL {
            for dtype in [DType::F32, DType::F64] {
                let gradient =
                    |k: f64| vector(&[0.1 * k, 1.0 / (k + 1.0), -k]).to_dtype(dtype).unwrap();
                let mut whole = Optimizer::new(*rule);
                for k in 0..5 {
                    whole.update(&gradient(f64::from(k)), 0.1, 0.9).unwrap();
                }
                let mut resumed = Optimizer::new(*rule);
                resumed.restore(whole.state()).unwrap();
                for k in 5..9 {
                    let [a, b] = [&mut whole, &mut resumed].map(|optimizer| {
                        let update = optimizer.update(&gradient(f64::from(k)), 0.1, 0.9).unwrap();
                        assert_eq!(update.dtype(), dtype);
                        update.to_dtype(DType::F64).unwrap().to_vec1::<f64>().unwrap()
                    });
                    assert_eq!(a, b, "{rule}");
                }
            }
        }
    }

    #[test]
    fn restoring_nothing_is_starting_again_and_a_strange_buffer_is_refused() {
        let mut optimizer = Optimizer::new(Rule::HeavyBall);
        assert!(optimizer.state().is_empty());
        optimizer.update(&vector(&[1.0]), 0.1, 0.9).unwrap();
        assert_eq!(optimizer.state().len(), 1);
        let held = optimizer.state();
        let error = optimizer.restore(vec![("second-moment".into(), vector(&[1.0]))]).unwrap_err();
        assert!(error.to_string().contains("second-moment"), "{error}");
        assert_eq!(optimizer.state().len(), 1);
        optimizer.restore(Vec::new()).unwrap();
        assert!(optimizer.state().is_empty());
        assert!(Optimizer::new(Rule::GradientDescent).restore(held).is_err());
    }

    #[test]
    fn a_gradient_of_another_length_is_an_error() {
        let mut optimizer = Optimizer::new(Rule::Nesterov);
        optimizer.update(&vector(&[1.0]), 0.1, 0.9).unwrap();
        assert!(optimizer.update(&vector(&[1.0, 2.0]), 0.1, 0.9).is_err());
    }
}
