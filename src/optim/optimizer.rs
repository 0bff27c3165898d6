//! An update rule at work: its direction with weight decay, and what it has gathered as a state that
//! can be saved. Knows no rule by name.

use candle_core::{Device, Result, Tensor, bail};

use super::rule::{Kept, Uphill};
use super::rules::AnyRule;
use crate::config::{Decay, LiveSettings, Rule};

/// An update rule with what it carries from step to step.
#[derive(Clone, Debug)]
pub struct Optimizer {
    rule: Rule,
    gathered: AnyRule,
}

/// Where a rule wants to go; nothing has changed until [`Optimizer::accept`].
#[derive(Clone, Debug)]
pub struct Proposal {
    /// p, shape `[N]`: the update is ηp, weight decay included.
    pub direction: Tensor,
    /// P, shape `[N]`, that the direction was divided by; `None` where the rule has none.
    pub preconditioner: Option<Tensor>,
    /// ε + d, the factor of torque-aware momentum on the gradient; `None` for other rules.
    pub torque: Option<f64>,
    next: AnyRule,
}

impl Optimizer {
    /// The rule at its start: nothing gathered.
    #[must_use]
    pub fn new(rule: Rule) -> Self {
        Self { rule, gathered: AnyRule::new(rule) }
    }

    /// The step from the weights, shape `[N]`, after which the rule takes its gradient, from the
    /// gradient at the weights; `None` where that one serves.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn ascent(&self, gradient: &Tensor, live: &LiveSettings) -> Result<Option<Tensor>> {
        self.gathered.get().ascent(gradient, live)
    }

    /// The direction p, shape `[N]`, from the gradient g, shape `[N]`, already clipped (the one after
    /// the [`Self::ascent`], where there is one), at the parameters w, shape `[N]`. The constants may
    /// differ from step to step.
    ///
    /// # Errors
    /// A gradient whose shape or dtype is not that of the steps before.
    pub fn propose(
        &self,
        gradient: &Tensor,
        params: &Tensor,
        live: &LiveSettings,
    ) -> Result<Proposal> {
        let mut next = self.gathered.clone();
        let (mu, decay) = (live.weight_decay, live.decay_of(self.rule));
        // Without decay the weights are not read, so that steps are the same bits with and without.
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
        self.gathered.get().torque()
    }

    /// Takes what a proposal gathered: the update was made.
    pub fn accept(&mut self, proposal: Proposal) {
        self.gathered = proposal.next;
    }

    /// Everything gathered, by name; with it [`Self::restore`] goes on bit for bit.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn state(&self) -> Result<Vec<(String, Tensor)>> {
        let mut gathered = self.gathered.clone();
        let (mut vectors, mut numbers) = (Vec::new(), Vec::new());
        for (name, kept) in gathered.get_mut().kept() {
            match kept {
                Kept::Vector(vector) => {
                    vectors.extend(vector.iter().map(|v| (name.to_owned(), v.clone())));
                }
                Kept::Number(x) => {
                    numbers.push((name.to_owned(), Tensor::new(&[*x], &Device::Cpu)?));
                }
            }
        }
        // Before the first step the numbers are those of the start.
        if !vectors.is_empty() {
            vectors.append(&mut numbers);
        }
        Ok(vectors)
    }

    /// Puts back what [`Self::state`] gave; nothing means the start.
    ///
    /// # Errors
    /// A tensor that this rule does not have; the optimizer is then unchanged.
    pub fn restore(&mut self, state: Vec<(String, Tensor)>) -> Result<()> {
        let mut gathered = AnyRule::new(self.rule);
        for (name, tensor) in state {
            let mut kept = gathered.get_mut().kept();
            match kept.iter_mut().find(|(known, _)| *known == name) {
                Some((_, Kept::Vector(vector))) => **vector = Some(tensor),
                Some((_, Kept::Number(x))) => **x = tensor.get(0)?.to_scalar()?,
                None => bail!(
                    "the saved optimizer state holds `{name}`, which {} does not have",
                    self.rule
                ),
            }
        }
        self.gathered = gathered;
        Ok(())
    }
}
