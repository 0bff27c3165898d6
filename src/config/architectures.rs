//! The choices of a network: architecture, normalization, pooling and residual form. Its sizes are
//! in `settings/model.rs`; `net/` builds it.

use serde::{Deserialize, Serialize};

use super::choices::word_enum;

/// Number of groups in group normalization.
pub const N_GROUPS: usize = 4;

word_enum! {
    /// Network architecture.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum Architecture {
        /// Fully connected layers, one after the other.
        Mlp => "mlp",
        /// A fully connected stem, residual blocks and a classifier.
        ResidualMlp => "residual-mlp",
        /// 3×3 convolutions, each followed by pooling, in the manner of VGG (arXiv 1409.1556).
        Cnn => "cnn",
        /// Basic residual blocks in three stages (arXiv 1512.03385), 6·blocks + 2 layers deep.
        Resnet => "resnet",
        /// Three dense blocks: each convolution reads the outputs of all earlier ones (arXiv
        /// 1608.06993).
        Densenet => "densenet",
        /// Attention and two-layer networks on a residual stream of tokens (arXiv 1706.03762).
        Transformer => "transformer",
    }
}

word_enum! {
    /// Kind of pooling.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum PoolKind {
        /// Mean of each window.
        Average => "average",
        /// Maximum of each window.
        Max => "max",
    }
}

word_enum! {
    /// Normalization before activations.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum Normalization {
        /// Not standardised.
        None => "none",
        /// Each feature, over the examples of the batch (arXiv 1502.03167).
        Batch => "batch",
        /// Each example, over all features and, for images, positions (arXiv 1607.06450).
        Layer => "layer",
        /// Each example, over each quarter of its features and, for images, positions (arXiv
        /// 1803.08494).
        Group => "group",
    }
}

word_enum! {
    /// Where a transformer normalizes its residual stream.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum Placement {
        /// At the start of each branch, and once at the end.
        Pre => "pre",
        /// After each branch has been added.
        Post => "post",
    }
}

word_enum! {
    /// Form of residual branches.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum ResidualForm {
        /// Ordinary biases and normalization.
        Plain => "plain",
        /// Scalar biases around every layer and a scalar multiplier on every branch instead
        /// (arXiv 1901.09321).
        Fixup => "fixup",
    }
}

impl Architecture {
    /// One line for lists.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::Mlp => "fully connected layers; without hidden layers a linear model",
            Self::ResidualMlp => "a fully connected stem, residual blocks, a classifier",
            Self::Cnn => "VGG-style: 3×3 convolutions, each followed by 2×2 pooling",
            Self::Resnet => "basic residual blocks in three stages, 6·blocks + 2 layers deep",
            Self::Densenet => "three dense blocks; each convolution reads all earlier outputs",
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
