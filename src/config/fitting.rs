//! Which networks fit which tasks, and which of a network's settings fit each other.

use super::architectures::N_GROUPS;
use super::settings::{
    ARCHITECTURE, BATCH, BLOCK_LAYERS, GHOST_BATCH, HEADS, HIDDEN, N_PROBE, NORMALIZATION, PATCH,
    QK_NORM, RESIDUAL, SCHEME, TUNING_BATCH, WIDTH,
};
use super::{
    Architecture, ConfigError, InitScheme, InitSpec, InputShape, ModelSpec, Normalization,
    ResidualForm, RunConfig,
};

impl ModelSpec {
    /// The default network of the first architecture that reads examples of this shape.
    #[must_use]
    pub fn default_for_input(input: InputShape) -> Self {
        let reads = |network: &Architecture| network.default_model().can_read(input);
        Architecture::ALL.iter().copied().find(reads).unwrap_or(Architecture::Mlp).default_model()
    }

    /// This network with the largest patch size that fits the input, or else the default network
    /// for it.
    #[must_use]
    pub fn refitted(&self, input: InputShape) -> Self {
        let mut smaller = (1..=self.patch).rev().map(|patch| Self { patch, ..self.clone() });
        let fits = |model: &Self| model.can_read(input);
        smaller.find(fits).unwrap_or_else(|| Self::default_for_input(input))
    }

    /// Whether the architecture reads examples of this shape.
    #[must_use]
    pub fn can_read(&self, input: InputShape) -> bool {
        self.check_input(input, "").is_ok()
    }

    /// Checks that the network can be built and reads examples of this shape.
    ///
    /// # Errors
    /// [`ConfigError::Conflict`], which names the setting that does not fit and valid choices.
    pub(super) fn check(&self, input: InputShape, task: &str) -> Result<(), ConfigError> {
        let refuse = |why: String| Err(ConfigError::Conflict(why));
        self.check_input(input, task)?;
        if self.residual == ResidualForm::Fixup && self.architecture.has_branches() {
            if self.normalization != Normalization::None {
                return refuse(format!(
                    "`{RESIDUAL}` is fixup, which replaces normalization, but \
                     `{NORMALIZATION}` is {}; set it to none",
                    self.normalization
                ));
            }
            if self.architecture == Architecture::ResidualMlp && self.block_layers < 2 {
                return refuse(format!(
                    "`{RESIDUAL}` is fixup, which needs `{BLOCK_LAYERS}` of at least 2"
                ));
            }
        }
        if self.architecture == Architecture::Transformer {
            if !self.width.is_multiple_of(self.heads) {
                return refuse(format!(
                    "`{HEADS}` is {}, which does not divide `{WIDTH}` = {}; choose a divisor",
                    self.heads, self.width
                ));
            }
            if !matches!(self.normalization, Normalization::None | Normalization::Layer) {
                return refuse(format!(
                    "`{NORMALIZATION}` is {}, but a transformer takes none or layer",
                    self.normalization
                ));
            }
        }
        self.check_groups()
    }

    /// Checks that batches of `n_examples` are large enough for batch statistics.
    pub(super) fn check_batch(&self, n_examples: usize) -> Result<(), ConfigError> {
        let is_batch = self.normalization == Normalization::Batch
            && self.architecture != Architecture::Transformer;
        let n = self.ghost_batch.size(n_examples);
        if is_batch && n < 2 {
            return Err(ConfigError::Conflict(format!(
                "`{NORMALIZATION}` is batch, whose statistics need at least 2 examples, but a step \
                 or a measurement has {n}; use a larger {BATCH}, {N_PROBE}, {TUNING_BATCH} and \
                 {GHOST_BATCH}, or {NORMALIZATION} = \"layer\""
            )));
        }
        Ok(())
    }

    /// Checks that the architecture reads examples of this shape.
    fn check_input(&self, input: InputShape, task: &str) -> Result<(), ConfigError> {
        let refuse = |why: String| Err(ConfigError::Conflict(why));
        let network = self.architecture;
        match (network, input) {
            (Architecture::Mlp | Architecture::ResidualMlp, InputShape::Tokens { .. }) => {
                refuse(format!(
                    "the {network} does not read sequences such as those of the task `{task}`; use \
                     {ARCHITECTURE} = \"transformer\""
                ))
            }
            (
                Architecture::Cnn | Architecture::Resnet | Architecture::Densenet,
                InputShape::Flat | InputShape::Tokens { .. },
            ) => refuse(format!(
                "the {network} reads images only, and the task `{task}` has none; choose a task with \
                 images or another {ARCHITECTURE}"
            )),
            (Architecture::Transformer, InputShape::Flat) => refuse(format!(
                "a transformer reads sequences and images only, and the task `{task}` has neither; \
                 choose another task or another {ARCHITECTURE}"
            )),
            (Architecture::Transformer, InputShape::Image { height, width, .. }) => {
                let p = self.patch;
                if height.is_multiple_of(p.min(height)) && width.is_multiple_of(p) {
                    return Ok(());
                }
                refuse(format!(
                    "`{PATCH}` is {p}, which does not divide the task's images of \
                     {height}×{width}; use a divisor of both, such as 1"
                ))
            }
            (
                Architecture::Mlp
                | Architecture::ResidualMlp
                | Architecture::Cnn
                | Architecture::Resnet
                | Architecture::Densenet,
                InputShape::Image { .. },
            )
            | (Architecture::Mlp | Architecture::ResidualMlp, InputShape::Flat)
            | (Architecture::Transformer, InputShape::Tokens { .. }) => Ok(()),
        }
    }

    /// Checks that the features divide into equal groups of at least two: a single standardised
    /// feature would always be 0.
    fn check_groups(&self) -> Result<(), ConfigError> {
        let refuse = |why: String| Err(ConfigError::Conflict(why));
        if self.architecture == Architecture::Transformer
            && self.qk_norm
            && self.heads == self.width
        {
            return refuse(format!(
                "`{QK_NORM}` standardises the features of each head, but `{HEADS}` = {} leaves one \
                 for each; use fewer heads or a larger {WIDTH}",
                self.heads
            ));
        }
        let groups = match self.normalization {
            Normalization::None | Normalization::Batch => return Ok(()),
            Normalization::Layer => 1,
            Normalization::Group => N_GROUPS,
        };
        // In images one channel already has many pixels.
        let least = if self.architecture.is_convolutional() { groups } else { 2 * groups };
        let (setting, widths) = if HIDDEN.is_of(self.architecture) {
            (&HIDDEN, self.hidden.as_slice())
        } else {
            (&WIDTH, std::slice::from_ref(&self.width))
        };
        let is_fit = |width: &&usize| **width >= least && width.is_multiple_of(groups);
        match widths.iter().find(|width| !is_fit(width)) {
            Some(width) => refuse(format!(
                "`{NORMALIZATION}` is {}, which makes {} of the features, but `{setting}` has \
                 {width}; use {least} or a larger multiple of {groups}",
                self.normalization,
                if groups == 1 { "one set".to_owned() } else { format!("{groups} equal groups") },
            )),
            None => Ok(()),
        }
    }
}

impl InitSpec {
    /// Checks that the network can be initialized like this.
    ///
    /// # Errors
    /// [`ConfigError::Conflict`], which names the setting that does not fit and valid choices.
    pub(super) fn check(&self, model: &ModelSpec) -> Result<(), ConfigError> {
        let has_form = model.architecture.has_branches() && model.residual == ResidualForm::Fixup;
        if self.scheme == InitScheme::Fixup && !has_form {
            return Err(ConfigError::Conflict(format!(
                "`{SCHEME}` is fixup, which is for residual networks of Fixup's form only; use \
                 {ARCHITECTURE} = \"residual-mlp\" or \"resnet\" with {RESIDUAL} = \"fixup\", or \
                 another {SCHEME}"
            )));
        }
        Ok(())
    }
}

impl RunConfig {
    /// Replaces the Fixup scheme by He's unless the network has Fixup's form.
    pub fn fit_scheme(&mut self) {
        if self.init.check(&self.model).is_err() {
            self.init.scheme = InitScheme::HeNormal;
        }
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
                let model = ModelSpec { residual, ..architecture.default_model() };
                let init = InitSpec { scheme: InitScheme::Fixup, ..InitSpec::default() };
                let fits = architecture.has_branches() && residual == ResidualForm::Fixup;
                match init.check(&model) {
                    Ok(()) => assert!(fits, "{architecture} {residual}"),
                    Err(error) => {
                        assert!(!fits, "{architecture} {residual}");
                        let error = error.to_string();
                        let advice = format!("{RESIDUAL} = \"fixup\"");
                        assert!(error.contains(&advice), "{error}");
                    }
                }
            }
        }
    }

    #[test]
    fn fixup_with_branches_of_one_layer_is_refused_by_name() {
        let model = Architecture::ResidualMlp.default_model();
        let mut config = RunConfig { model, ..RunConfig::default() };
        config.model.residual = ResidualForm::Fixup;
        config.init.scheme = InitScheme::Fixup;
        config.validate().unwrap();
        config.model.block_layers = 1;
        let error = config.validate().unwrap_err().to_string();
        assert!(error.contains(BLOCK_LAYERS.key), "{error}");
    }
}
