//! What a network is: its architecture, sizes and normalization, and what each architecture reads.
//! Does not build it (`net/` does), nor know which settings go together (`fitting` does).

use serde::{Deserialize, Serialize};

use super::choices::{Activation, Batch, words};

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
    /// Residual blocks, all in all or in each of three stages; dense layers in each of three
    /// blocks.
    pub blocks: usize,
    /// Linear layers of one residual branch (m).
    pub block_layers: usize,
    /// Attention heads; a divisor of the width.
    pub heads: usize,
    /// Height and width of the image patches that are a transformer's tokens.
    pub patch: usize,
    /// What halves images after each convolution.
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

    pub(super) const fn is_convolutional(self) -> bool {
        matches!(self, Self::Cnn | Self::Resnet | Self::Densenet)
    }

    pub(super) const fn has_branches(self) -> bool {
        matches!(self, Self::ResidualMlp | Self::Resnet)
    }
}
