//! The update rules: from a gradient to the direction in which the parameters go.
//! Does not know of schedules, clipping or what the parameters belong to.

#[cfg(test)]
mod tests;

use candle_core::{Result, Tensor, bail};

use super::moments::{Moments, dot};
use crate::config::{Decay, LiveSettings, Rule};

/// γ and ε of torque-aware momentum (arXiv 2412.18790).
const TORQUE_DECAY: f64 = 0.9;
const TORQUE_FLOOR: f64 = 1e-8;

/// An update rule with the averages it carries from step to step.
#[derive(Clone, Debug)]
pub struct Optimizer {
    rule: Rule,
    moments: Moments,
}

/// Where a rule wants to go; nothing has changed until [`Optimizer::accept`].
#[derive(Clone, Debug)]
pub struct Proposal {
    /// p, shape `[N]`: the update is ηp, weight decay included.
    pub direction: Tensor,
    /// P, shape `[N]`, that the direction was divided by; `None` where the rule has none.
    pub preconditioner: Option<Tensor>,
    /// ε + d, the factor on the gradient; 1 but for torque-aware momentum.
    pub torque: f64,
    next: Moments,
}

/// ρg/‖g‖, shape `[N]`: the step uphill after which SAM takes its gradient; 0 where g is.
///
/// # Errors
/// When memory runs out.
pub fn ascent(gradient: &Tensor, radius: f64) -> Result<Tensor> {
    let length = dot(gradient, gradient)?.sqrt();
    gradient * if length > 0.0 { radius / length } else { 0.0 }
}

impl Optimizer {
    /// The rule at its start: nothing gathered.
    #[must_use]
    pub fn new(rule: Rule) -> Self {
        Self { rule, moments: Moments::default() }
    }

    /// The direction p, shape `[N]`, from the gradient g, shape `[N]`, already clipped (of SAM, the
    /// one uphill), at the parameters w, shape `[N]`. The constants may differ from step to step.
    ///
    /// # Errors
    /// A gradient whose shape or dtype is not that of the steps before.
    pub fn propose(
        &self,
        gradient: &Tensor,
        params: &Tensor,
        live: &LiveSettings,
    ) -> Result<Proposal> {
        let mut next = self.moments.clone();
        let (mu, decay) = (live.weight_decay, live.decay_of(self.rule));
        // Without decay the weights are not read, so that steps are the same bits with and without.
        let is_decayed = |kind| mu > 0.0 && decay == kind;
        let gradient = if is_decayed(Decay::Coupled) {
            // g ← g + μw
            (gradient + (params * mu)?)?
        } else {
            gradient.clone()
        };
        let mut preconditioner = None;
        let mut torque = 1.0;
        let beta = live.momentum;
        let uphill = match self.rule {
            Rule::GradientDescent | Rule::Sam => gradient,
            // m ← βm + g; w ← w − ηm
            Rule::HeavyBall => next.gather(&gradient, beta, 1.0)?,
            // m ← βm + g; w ← w − η(g + βm)
            Rule::Nesterov => (&gradient + (next.gather(&gradient, beta, 1.0)? * beta)?)?,
            // m ← βm + (1−β)g; w ← w − ηm
            Rule::EmaMomentum => next.gather(&gradient, beta, 1.0 - beta)?,
            // m ← βm + (ε+d)g; w ← w − ηm
            Rule::TorqueAware => {
                let d = if live.freeze {
                    next.torque_factor()
                } else {
                    next.turn(&gradient, TORQUE_DECAY)?
                };
                torque = TORQUE_FLOOR + d;
                next.gather(&gradient, beta, torque)?
            }
            // w ← w − ηP⁻¹m, with m = g for RMSProp
            Rule::Rmsprop | Rule::Adam | Rule::Adamw | Rule::GiAdam => {
                let p = self.precondition(&mut next, &gradient, live)?;
                let m = if self.rule.has_momentum() {
                    next.gather(&gradient, beta, 1.0 - beta)?
                } else {
                    gradient
                };
                let divided = (m / &p)?;
                preconditioner = Some(p);
                divided
            }
            Rule::Normalised => ascent(&gradient, 1.0)?,
            Rule::Sign => gradient.sign()?,
        };
        let uphill = if is_decayed(Decay::Decoupled) { (uphill + (params * mu)?)? } else { uphill };
        Ok(Proposal { direction: uphill.neg()?, preconditioner, torque, next })
    }

    /// P of this step, or the one of the last where it is frozen.
    fn precondition(
        &self,
        next: &mut Moments,
        gradient: &Tensor,
        live: &LiveSettings,
    ) -> Result<Tensor> {
        let held = next.preconditioner.take().filter(|_| live.freeze);
        let p = match held {
            Some(p) => p,
            None => self.renewed(next, gradient, live)?,
        };
        next.preconditioner = Some(p.clone());
        Ok(p)
    }

    /// √v + ε of `RMSProp`, (1−β₁ᵗ)·(√(v/(1−β₂ᵗ)) + ε) of the others, with this gradient in v.
    fn renewed(
        &self,
        next: &mut Moments,
        gradient: &Tensor,
        live: &LiveSettings,
    ) -> Result<Tensor> {
        let LiveSettings { momentum, beta2, epsilon, .. } = *live;
        // v₀ = g₀² of GI-Adam
        let start = (self.rule == Rule::GiAdam).then(|| gradient.sqr()).transpose()?;
        let v = next.gather_squares(gradient, beta2, start)?;
        if self.rule == Rule::Rmsprop {
            return v.sqrt()? + epsilon;
        }
        next.first_left *= momentum;
        let root = (v / (1.0 - next.second_left))?.sqrt()?;
        (root + epsilon)? * (1.0 - next.first_left)
    }

    /// ε + d, the factor on the last gradient; 1 but for torque-aware momentum.
    #[must_use]
    pub fn torque(&self) -> f64 {
        if self.rule == Rule::TorqueAware {
            TORQUE_FLOOR + self.moments.torque_factor()
        } else {
            1.0
        }
    }

    /// Takes what a proposal gathered: the update was made.
    pub fn accept(&mut self, proposal: Proposal) {
        self.moments = proposal.next;
    }

    /// Everything gathered, by name; with it [`Self::restore`] goes on bit for bit.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn state(&self) -> Result<Vec<(String, Tensor)>> {
        let of = &self.moments;
        let mut state = Vec::new();
        let tensors =
            [(MOMENTUM, &of.first), (SQUARES, &of.second), (PRECONDITIONER, &of.preconditioner)];
        for (name, tensor) in tensors {
            state.extend(tensor.iter().map(|tensor| (name.to_owned(), tensor.clone())));
        }
        if let Some((_, any)) = state.first() {
            let scalars = [of.first_left, of.second_left, of.torque];
            state.push((SCALARS.to_owned(), Tensor::new(&scalars, any.device())?));
        }
        Ok(state)
    }

    /// Puts back what [`Self::state`] gave; nothing means the start.
    ///
    /// # Errors
    /// A tensor that this rule does not have; the optimizer is then unchanged.
    pub fn restore(&mut self, state: Vec<(String, Tensor)>) -> Result<()> {
        let mut moments = Moments::default();
        for (name, tensor) in state {
            match name.as_str() {
                MOMENTUM if self.rule.has_momentum() => moments.first = Some(tensor),
                SQUARES if self.rule.is_adaptive() => moments.second = Some(tensor),
                PRECONDITIONER if self.rule.is_adaptive() => moments.preconditioner = Some(tensor),
                SCALARS => {
                    if let [first, second, torque] = tensor.to_vec1::<f64>()?[..] {
                        (moments.first_left, moments.second_left) = (first, second);
                        moments.torque = torque;
                    }
                }
                _ => bail!(
                    "the saved optimizer state holds `{name}`, which {} does not have",
                    self.rule
                ),
            }
        }
        self.moments = moments;
        Ok(())
    }
}

/// Names of tensors in [`Optimizer::state`].
const MOMENTUM: &str = "momentum";
const SQUARES: &str = "squares";
const PRECONDITIONER: &str = "preconditioner";
/// β₁ᵗ, β₂ᵗ and s, shape `[3]`.
const SCALARS: &str = "scalars";
