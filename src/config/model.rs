//! What a network is: its architecture, sizes, normalization, and which of its settings go together.
//! Does not build it (`net/` does).

use serde::{Deserialize, Serialize};

use super::choices::{Activation, Batch, words};
use super::{ConfigError, InputShape};

#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own in TOML")]
/// A network. Each architecture reads some of these; [`Architecture::reads`] says which.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModelSpec {
    /// How its ops are put together.
    pub architecture: Architecture,
    /// Units of the hidden layers, or channels of the convolutions, first to last; empty is a
    /// linear model.
    pub hidden: Vec<usize>,
    /// Units of the residual stream, channels of the first stage, or channels a dense layer adds.
    pub width: usize,
    /// Residual blocks, all in all or in each of three stages; dense layers in each of three blocks.
    pub blocks: usize,
    /// Linear layers of one residual branch (m).
    pub block_layers: usize,
    /// Attention heads; a divisor of the width.
    pub heads: usize,
    /// Height and width of the image patches that are a transformer's tokens.
    pub patch: usize,
    /// What halves images between convolutions.
    pub pool: PoolKind,
    /// Activation after every hidden layer.
    pub activation: Activation,
    /// Whether layers have a bias, where no normalization brings one.
    pub bias: bool,
    /// Whether the weights of hidden layers are standardised, each output's by itself
    /// (arXiv 1903.10520).
    pub weight_standardisation: bool,
    /// What every hidden layer is normalized by before its activation.
    pub normalization: Normalization,
    /// Examples that share the statistics of batch normalization.
    pub ghost_batch: Batch,
    /// Where a transformer's normalizations stand.
    pub placement: Placement,
    /// Form of the residual branches.
    pub residual: ResidualForm,
    /// Whether queries and keys are normalized in each head (arXiv 2302.05442).
    pub qk_norm: bool,
    /// Whether a transformer's matrices are W·γ/σ(W), with a trained γ (arXiv 2303.06296).
    pub sigma_reparam: bool,
}

impl Default for ModelSpec {
    fn default() -> Self {
        Self {
            architecture: Architecture::Mlp,
            hidden: vec![32, 32],
            width: 32,
            blocks: 2,
            block_layers: 2,
            heads: 2,
            patch: 4,
            pool: PoolKind::Average,
            activation: Activation::Tanh,
            bias: true,
            weight_standardisation: false,
            normalization: Normalization::None,
            ghost_batch: Batch::Full,
            placement: Placement::Pre,
            residual: ResidualForm::Plain,
            qk_norm: false,
            sigma_reparam: false,
        }
    }
}

/// How the ops of a network are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Architecture {
    /// Fully connected layers, one after the other.
    Mlp,
    /// A fully connected stem, residual blocks of some layers each, and a classifier.
    ResidualMlp,
    /// 3×3 convolutions, each followed by pooling, in the manner of VGG (arXiv 1409.1556).
    Cnn,
    /// Basic residual blocks in three stages (arXiv 1512.03385), 6·blocks + 2 layers deep.
    Resnet,
    /// Three blocks in which each convolution reads all before it (arXiv 1608.06993).
    Densenet,
    /// Attention and two-layer networks on a residual stream of tokens (arXiv 1706.03762).
    Transformer,
}
words!(Architecture {
    Mlp => "mlp", ResidualMlp => "residual-mlp", Cnn => "cnn", Resnet => "resnet",
    Densenet => "densenet", Transformer => "transformer",
});

/// What pooling takes of each window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PoolKind {
    /// Its mean.
    Average,
    /// Its largest value.
    Max,
}
words!(PoolKind { Average => "average", Max => "max" });

/// What the values before an activation are standardised over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Normalization {
    /// Nothing is.
    None,
    /// Each feature over the examples of the batch (arXiv 1502.03167).
    Batch,
    /// Each example over its features (arXiv 1607.06450), of images over all positions too.
    Layer,
    /// Each example over quarters of its features (arXiv 1803.08494), of images over all positions.
    Group,
}
words!(Normalization { None => "none", Batch => "batch", Layer => "layer", Group => "group" });

/// Where the normalizations of a residual stream stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Placement {
    /// At the start of each branch, and once at the end.
    Pre,
    /// After each branch has been added.
    Post,
}
words!(Placement { Pre => "pre", Post => "post" });

/// Form of residual branches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResidualForm {
    /// Biases and normalization as elsewhere.
    Plain,
    /// Scalar biases around every layer and a scalar multiplier on every branch instead
    /// (arXiv 1901.09321).
    Fixup,
}
words!(ResidualForm { Plain => "plain", Fixup => "fixup" });

/// Keys of networks whose hidden layers are normalized before their activations.
const NORMED: &[&str] =
    &["activation", "normalization", "ghost_batch", "weight_standardisation", "bias"];

/// Keys of networks with a residual stream of tokens.
const STREAM: &[&str] =
    &["activation", "normalization", "placement", "qk_norm", "sigma_reparam", "bias"];

/// Groups of group normalization.
pub const N_GROUPS: usize = 4;

impl Architecture {
    /// Keys below `model.` that change a network of this architecture, besides the architecture.
    pub fn reads(self) -> impl Iterator<Item = &'static str> {
        let (sizes, rest): (&[&str], &[&str]) = match self {
            Self::Mlp => (&["hidden"], NORMED),
            Self::ResidualMlp => (&["width", "blocks", "block_layers", "residual"], NORMED),
            Self::Cnn => (&["hidden", "pool"], NORMED),
            Self::Resnet => (&["width", "blocks", "residual"], NORMED),
            Self::Densenet => (&["width", "blocks"], NORMED),
            Self::Transformer => (&["width", "blocks", "heads", "patch"], STREAM),
        };
        sizes.iter().chain(rest).copied()
    }

    /// Whether it reads the key of this name below `model.`.
    #[must_use]
    pub fn reads_key(self, name: &str) -> bool {
        self.reads().any(|key| key == name)
    }

    /// A network of this architecture to begin with, small enough to be watched on two cores.
    #[must_use]
    pub fn usual(self) -> ModelSpec {
        let plain = ModelSpec { architecture: self, ..ModelSpec::default() };
        match self {
            Self::Mlp | Self::ResidualMlp => plain,
            Self::Cnn => ModelSpec { hidden: vec![8, 16], ..plain },
            Self::Resnet => {
                ModelSpec { width: 8, blocks: 1, activation: Activation::Relu, ..plain }
            }
            Self::Densenet => {
                ModelSpec { width: 4, blocks: 2, activation: Activation::Relu, ..plain }
            }
            Self::Transformer => ModelSpec { width: 16, activation: Activation::Gelu, ..plain },
        }
    }

    /// One line for lists.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::Mlp => "fully connected layers; without hidden layers a linear model",
            Self::ResidualMlp => "a fully connected stem, residual blocks, a classifier",
            Self::Cnn => "VGG-style: 3×3 convolutions, each followed by 2×2 pooling",
            Self::Resnet => "basic residual blocks in three stages, 6·blocks + 2 layers deep",
            Self::Densenet => "three dense blocks, whose convolutions read all before them",
            Self::Transformer => "attention on tokens, or on patches of images",
        }
    }

    const fn is_convolutional(self) -> bool {
        matches!(self, Self::Cnn | Self::Resnet | Self::Densenet)
    }

    const fn has_branches(self) -> bool {
        matches!(self, Self::ResidualMlp | Self::Resnet)
    }
}

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
                 step or a measurement has {n}; use a larger optimizer.batch, task.n_probe and \
                 model.ghost_batch, or model.normalization = \"layer\""
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
