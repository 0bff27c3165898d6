//! How the weights start: what draws them, and what adjusts what was drawn before step 0.
//! Does not draw (`init/` does).

use serde::{Deserialize, Serialize};

use super::choices::{InitScheme, words};
use super::model::{ModelSpec, ResidualForm};
use super::{ConfigError, RunConfig};

/// How the weights start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct InitSpec {
    /// The distribution of each layer's weights and biases.
    pub scheme: InitScheme,
    /// Factor on every initial weight, bias and embedding; gains and shifts have none.
    pub scale: f64,
    /// Further factor on the last layer's parameters.
    pub output_scale: f64,
    /// Whether the last layer starts at 0.
    pub zero_last_layer: bool,
    /// Further factors on the first, second, … layer that has weights; layers beyond have 1.
    pub layer_scales: Vec<f64>,
    /// Width at which the rates of μP are those of every other scheme.
    pub base_width: usize,
    /// What adjusts the size of each drawn tensor before step 0.
    pub tuning: Tuning,
    /// Iterations of [`Tuning::MetaInit`] and [`Tuning::GradInit`]; layers that [`Tuning::Lsuv`]
    /// adjusts at most.
    pub tuning_steps: u64,
    /// Examples of each of their iterations.
    pub tuning_batch: usize,
    /// Constants of [`Tuning::MetaInit`].
    pub meta: MetaInitSpec,
    /// Constants of [`Tuning::GradInit`].
    pub grad: GradInitSpec,
}

/// What adjusts the size of each drawn tensor before step 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tuning {
    /// Nothing.
    None,
    /// Unit variance of what each layer gives on one batch (arXiv 1511.06422).
    Lsuv,
    /// A gradient that changes little along itself, on random data (Dauphin and Schoenholz,
    /// `NeurIPS` 2019).
    MetaInit,
    /// A low loss after one step, under a bound on the gradient's norm (arXiv 2102.08098).
    GradInit,
}
words!(Tuning {
    None => "none", Lsuv => "lsuv", MetaInit => "meta-init", GradInit => "grad-init",
});

impl Tuning {
    /// Its name in a sentence.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::None => "No tuning",
            Self::Lsuv => "LSUV",
            Self::MetaInit => "MetaInit",
            Self::GradInit => "GradInit",
        }
    }

    /// What no tensor becomes smaller than: its norm (`MetaInit`), its size relative to the drawn
    /// one (`GradInit`); 0 where there is no floor.
    #[must_use]
    pub const fn floor(self) -> f64 {
        match self {
            Self::None | Self::Lsuv => 0.0,
            Self::MetaInit => 1e-3,
            Self::GradInit => 0.01,
        }
    }

    /// What its iterations make small, in a few words.
    #[must_use]
    pub const fn objective(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Lsuv => "mean |variance − 1|",
            Self::MetaInit => "quotient",
            Self::GradInit => "loss after a step / η",
        }
    }
}

/// Constants of `MetaInit`: signed momentum on the norm of every tensor of two or more dimensions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetaInitSpec {
    /// Length of one step of a norm, without momentum.
    pub lr: f64,
    /// Momentum in [0, 1).
    pub momentum: f64,
    /// Whether norms stay at or below where they were drawn, without which the method can run away.
    pub is_capped: bool,
}

/// Constants of `GradInit`: Adam on one scalar for every tensor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GradInitSpec {
    /// The step whose loss is made small, and the norm that is bounded.
    pub form: GradInitForm,
    /// Rate of the scalars' own Adam.
    pub lr: f64,
    /// Length η of the step that is looked ahead.
    pub eta: f64,
    /// Bound γ on the gradient's norm.
    pub gamma: f64,
    /// Fraction of the examples after the step that the step has seen.
    pub overlap: f64,
}

/// The step that `GradInit` looks ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GradInitForm {
    /// g/‖g‖₂, with ‖g‖₂ bounded.
    Sgd,
    /// sign(g), with ‖g‖₁ bounded.
    Adam,
}
words!(GradInitForm { Sgd => "sgd", Adam => "adam" });

impl Default for InitSpec {
    fn default() -> Self {
        Self {
            scheme: InitScheme::Pytorch,
            scale: 1.0,
            output_scale: 1.0,
            zero_last_layer: false,
            layer_scales: Vec::new(),
            base_width: 32,
            tuning: Tuning::None,
            tuning_steps: 300,
            tuning_batch: 128,
            meta: MetaInitSpec::default(),
            grad: GradInitSpec::default(),
        }
    }
}

impl Default for MetaInitSpec {
    fn default() -> Self {
        Self { lr: 0.1, momentum: 0.9, is_capped: true }
    }
}

impl Default for GradInitSpec {
    fn default() -> Self {
        Self { form: GradInitForm::Sgd, lr: 1e-2, eta: 0.1, gamma: 1.0, overlap: 0.5 }
    }
}

impl InitSpec {
    /// Whether such a network can start like this.
    ///
    /// # Errors
    /// [`ConfigError::Conflict`] with the setting that does not fit, and what would.
    pub(super) fn check(&self, model: &ModelSpec) -> Result<(), ConfigError> {
        let has_form = model.architecture.has_branches() && model.residual == ResidualForm::Fixup;
        if self.scheme == InitScheme::Fixup && !has_form {
            return Err(ConfigError::Conflict(
                "`init.scheme` is fixup, which starts the branches of a residual network of \
                 Fixup's form; use model.architecture = \"residual-mlp\" or \"resnet\" with \
                 model.residual = \"fixup\", or another init.scheme"
                    .to_owned(),
            ));
        }
        Ok(())
    }
}

impl RunConfig {
    /// This configuration with a scheme that its network can start with: He's where it is Fixup's
    /// and the network has not that form.
    #[must_use]
    pub fn with_fitting_scheme(mut self) -> Self {
        if self.init.check(&self.model).is_err() {
            self.init.scheme = InitScheme::HeNormal;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Architecture;

    #[test]
    fn fixup_is_for_residual_networks_of_its_form_and_every_refusal_says_so() {
        for architecture in Architecture::ALL {
            for residual in [ResidualForm::Plain, ResidualForm::Fixup] {
                let model = ModelSpec { residual, ..architecture.usual() };
                let init = InitSpec { scheme: InitScheme::Fixup, ..InitSpec::default() };
                let fits = architecture.has_branches() && residual == ResidualForm::Fixup;
                match init.check(&model) {
                    Ok(()) => assert!(fits, "{architecture} {residual}"),
                    Err(error) => {
                        assert!(!fits, "{architecture} {residual}");
                        let error = error.to_string();
                        assert!(error.contains("model.residual = \"fixup\""), "{error}");
                    }
                }
            }
        }
    }

    #[test]
    fn fixup_with_branches_of_one_layer_is_refused_by_name() {
        let model = Architecture::ResidualMlp.usual();
        let mut config = RunConfig { model, ..RunConfig::default() };
        config.model.residual = ResidualForm::Fixup;
        config.init.scheme = InitScheme::Fixup;
        config.validate().unwrap();
        config.model.block_layers = 1;
        let error = config.validate().unwrap_err().to_string();
        assert!(error.contains("model.block_layers"), "{error}");
    }
}
