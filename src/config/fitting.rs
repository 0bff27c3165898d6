//! Which networks fit which tasks, and which of a network's settings fit each other.
//! Does not build a network.

use super::model::{Architecture, ModelSpec, N_GROUPS, Normalization, ResidualForm};
use super::{ConfigError, InputShape};

impl ModelSpec {
    /// The usual network of the first architecture that reads examples of this shape.
    #[must_use]
    pub fn reading(input: InputShape) -> Self {
        let reads = |network: &Architecture| network.usual().can_read(input);
        Architecture::ALL.iter().copied().find(reads).unwrap_or(Architecture::Mlp).usual()
    }

    /// The same network with patches that fit such images, or else the usual one that reads them.
    #[must_use]
    pub fn refitted(&self, input: InputShape) -> Self {
        let mut smaller = (1..=self.patch).rev().map(|patch| Self { patch, ..self.clone() });
        let fits = |model: &Self| model.can_read(input);
        smaller.find(fits).unwrap_or_else(|| Self::reading(input))
    }

    /// Whether the architecture reads examples of this shape.
    #[must_use]
    pub fn can_read(&self, input: InputShape) -> bool {
        self.check_input(input, "").is_ok()
    }

    /// Whether the network can be built, and read examples of this shape.
    ///
    /// # Errors
    /// [`ConfigError::Conflict`] with the setting that does not fit, and what would.
    pub(super) fn check(&self, input: InputShape, task: &str) -> Result<(), ConfigError> {
        let refuse = |why: String| Err(ConfigError::Conflict(why));
        self.check_input(input, task)?;
        if self.residual == ResidualForm::Fixup && self.architecture.has_branches() {
            if self.normalization != Normalization::None {
                return refuse(format!(
                    "`model.residual` is fixup, which replaces normalization, but \
                     `model.normalization` is {}; set it to none",
                    self.normalization
                ));
            }
            if self.architecture == Architecture::ResidualMlp && self.block_layers < 2 {
                return refuse(
                    "`model.residual` is fixup, which needs `model.block_layers` of at least 2"
                        .to_owned(),
                );
            }
        }
        if self.architecture == Architecture::Transformer {
            if !self.width.is_multiple_of(self.heads) {
                return refuse(format!(
                    "`model.heads` is {}, which does not divide `model.width` = {}; choose a divisor",
                    self.heads, self.width
                ));
            }
            if !matches!(self.normalization, Normalization::None | Normalization::Layer) {
                return refuse(format!(
                    "`model.normalization` is {}, but a transformer takes none or layer",
                    self.normalization
                ));
            }
        }
        self.check_groups()
    }

    /// Whether there are enough examples a step for batch statistics.
    pub(super) fn check_batch(&self, n_examples: usize) -> Result<(), ConfigError> {
        let is_batch = self.normalization == Normalization::Batch
            && self.architecture != Architecture::Transformer;
        let n = self.ghost_batch.size(n_examples);
        if is_batch && n < 2 {
            return Err(ConfigError::Conflict(format!(
                "`model.normalization` is batch, whose statistics need at least 2 examples, but a \
                 step or a measurement has {n}; use a larger optimizer.batch, task.n_probe, \
                 init.tuning_batch and model.ghost_batch, or model.normalization = \"layer\""
            )));
        }
        Ok(())
    }

    /// Whether the architecture reads such examples.
    fn check_input(&self, input: InputShape, task: &str) -> Result<(), ConfigError> {
        let refuse = |why: String| Err(ConfigError::Conflict(why));
        let network = self.architecture;
        match (network, input) {
            (Architecture::Mlp | Architecture::ResidualMlp, InputShape::Tokens { .. }) => {
                refuse(format!(
                    "the task `{task}` is sequences, which the {network} does not read; use \
                     model.architecture = \"transformer\""
                ))
            }
            (
                Architecture::Cnn | Architecture::Resnet | Architecture::Densenet,
                InputShape::Flat | InputShape::Tokens { .. },
            ) => refuse(format!(
                "the task `{task}` is not images, which the {network} reads; choose a task of images \
                 or another model.architecture"
            )),
            (Architecture::Transformer, InputShape::Flat) => refuse(format!(
                "the task `{task}` is neither sequences nor images, which a transformer reads; \
                 choose another task or another model.architecture"
            )),
            (Architecture::Transformer, InputShape::Image { height, width, .. }) => {
                let p = self.patch;
                if height.is_multiple_of(p.min(height)) && width.is_multiple_of(p) {
                    return Ok(());
                }
                refuse(format!(
                    "`model.patch` is {p}, which does not divide the task's images of \
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

    /// Whether every set of features that is standardised has at least two, in whole groups: one
    /// alone would always become 0.
    fn check_groups(&self) -> Result<(), ConfigError> {
        let refuse = |why: String| Err(ConfigError::Conflict(why));
        if self.architecture == Architecture::Transformer
            && self.qk_norm
            && self.heads == self.width
        {
            return refuse(format!(
                "`model.qk_norm` standardises the features of each head, but `model.heads` = {} \
                 leaves one for each; use fewer heads or a larger model.width",
                self.heads
            ));
        }
        let groups = match self.normalization {
            Normalization::None | Normalization::Batch => return Ok(()),
            Normalization::Layer => 1,
            Normalization::Group => N_GROUPS,
        };
        // Of images, the pixels of one channel are many already.
        let least = if self.architecture.is_convolutional() { groups } else { 2 * groups };
        let (key, widths) = if self.architecture.reads_key("hidden") {
            ("model.hidden", self.hidden.as_slice())
        } else {
            ("model.width", std::slice::from_ref(&self.width))
        };
        let is_fit = |width: &&usize| **width >= least && width.is_multiple_of(groups);
        match widths.iter().find(|width| !is_fit(width)) {
            Some(width) => refuse(format!(
                "`model.normalization` is {}, which makes {} of the features, but `{key}` has \
                 {width}; use {least} or a larger multiple of {groups}",
                self.normalization,
                if groups == 1 { "one set".to_owned() } else { format!("{groups} equal groups") },
            )),
            None => Ok(()),
        }
    }
}
