//! An update rule with weight decay and a state that can be saved and restored.

use candle_core::{Device, Result, Tensor, bail};

use super::rule::{StateEntry, Uphill};
use super::rules::AnyRule;
use crate::config::{Decay, LiveSettings, Rule};

/// An update rule and its state.
#[derive(Clone, Debug)]
pub struct Optimizer {
    rule: Rule,
    state: AnyRule,
}

/// A proposed update. The optimizer's state changes only by [`Optimizer::accept`].
#[derive(Clone, Debug)]
pub struct Proposal {
    /// p, shape `[N]`: the update is ηp, weight decay included.
    pub direction: Tensor,
    /// P, shape `[N]`, by which the direction was divided; `None` if the rule has no
    /// preconditioner.
    pub preconditioner: Option<Tensor>,
    /// ε + d, the factor of torque-aware momentum on the gradient; `None` for other rules.
    pub torque: Option<f64>,
    next: AnyRule,
}

impl Optimizer {
    /// The rule in its initial state.
    #[must_use]
    pub fn new(rule: Rule) -> Self {
        Self { rule, state: AnyRule::new(rule) }
    }

    /// The displacement, shape `[N]`, at which the rule evaluates its gradient, computed from the
    /// gradient at the weights; `None` if it uses the gradient at the weights.
    ///
    /// # Errors
    /// A tensor operation failed.
    pub fn ascent(&self, gradient: &Tensor, live: &LiveSettings) -> Result<Option<Tensor>> {
        self.state.get().ascent(gradient, live)
    }

    /// The update direction p from the clipped gradient g (after [`Self::ascent`], if any) at the
    /// parameters w, all of shape `[N]`. Settings may change from step to step.
    ///
    /// # Errors
    /// The gradient does not match the shape or dtype of the state.
    pub fn propose(
        &self,
        gradient: &Tensor,
        params: &Tensor,
        live: &LiveSettings,
    ) -> Result<Proposal> {
        let mut next = self.state.clone();
        let (mu, decay) = (live.weight_decay, live.decay_of(self.rule));
        // Without decay the weights are not added, so steps are bitwise those of the plain rule.
        let is_decayed = |kind| mu > 0.0 && decay == kind;
        let gradient = if is_decayed(Decay::Coupled) {
            // g ← g + μw
            (gradient + (params * mu)?)?
        } else {
            gradient.clone()
        };
        let Uphill { direction, preconditioner } = next.get_mut().uphill(&gradient, live)?;
        let uphill =
            if is_decayed(Decay::Decoupled) { (direction + (params * mu)?)? } else { direction };
        let torque = next.get().torque();
        Ok(Proposal { direction: uphill.neg()?, preconditioner, torque, next })
    }

    /// ε + d, the factor of torque-aware momentum on the last gradient; `None` for other rules.
    #[must_use]
    pub fn torque(&self) -> Option<f64> {
        self.state.get().torque()
    }

    /// Adopts the state of a proposal whose update was applied.
    pub fn accept(&mut self, proposal: Proposal) {
        self.state = proposal.next;
    }

    /// The state, by name. An optimizer restored from it continues bit for bit.
    ///
    /// # Errors
    /// A tensor operation failed.
    pub fn state(&self) -> Result<Vec<(String, Tensor)>> {
        let mut state = self.state.clone();
        let (mut vectors, mut numbers) = (Vec::new(), Vec::new());
        for (name, entry) in state.get_mut().state() {
            match entry {
                StateEntry::Vector(vector) => {
                    vectors.extend(vector.iter().map(|v| (name.to_owned(), v.clone())));
                }
                StateEntry::Number(x) => {
                    numbers.push((name.to_owned(), Tensor::new(&[*x], &Device::Cpu)?));
                }
            }
        }
        // Without vectors no step was made, and the numbers have their initial values.
        if !vectors.is_empty() {
            vectors.append(&mut numbers);
        }
        Ok(vectors)
    }

    /// Restores the result of [`Self::state`]; an empty state is the initial one.
    ///
    /// # Errors
    /// The state holds a tensor that this rule does not have; the optimizer is then unchanged.
    pub fn restore(&mut self, saved: Vec<(String, Tensor)>) -> Result<()> {
        let mut state = AnyRule::new(self.rule);
        for (name, tensor) in saved {
            let mut entries = state.get_mut().state();
            match entries.iter_mut().find(|(known, _)| *known == name) {
                Some((_, StateEntry::Vector(vector))) => **vector = Some(tensor),
                Some((_, StateEntry::Number(x))) => **x = tensor.get(0)?.to_scalar()?,
                None => bail!(
                    "the saved optimizer state holds `{name}`, which {} does not have",
                    self.rule
                ),
            }
        }
        self.state = state;
        Ok(())
    }
}
