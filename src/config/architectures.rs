//! The kinds of networks and of their parts that one can choose, with their words.
//! Does not know their sizes (`settings/model.rs`) and builds none (`net/`).

use serde::{Deserialize, Serialize};

use super::choices::word_enum;

/// Groups of group normalization.
pub const N_GROUPS: usize = 4;

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
word_enum!(Architecture {
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
word_enum!(PoolKind { Average => "average", Max => "max" });

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
word_enum!(Normalization { None => "none", Batch => "batch", Layer => "layer", Group => "group" });

/// Where the normalizations of a residual stream stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Placement {
    /// At the start of each branch, and once at the end.
    Pre,
    /// After each branch has been added.
    Post,
}
word_enum!(Placement { Pre => "pre", Post => "post" });

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
word_enum!(ResidualForm { Plain => "plain", Fixup => "fixup" });

impl Architecture {
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
