//! The settings of the network: architecture, sizes and normalization. `fitting` checks that they
//! fit each other.

use super::super::architectures::{Architecture, Normalization, Placement, PoolKind, ResidualForm};
use super::super::choices::{Activation, Batch};
use super::declaration::{Range, Section, log_whole, whole};
use super::group::{any_of, settings};
use crate::data::InputShape;
use crate::text;

use Architecture::{Cnn, Densenet, Mlp, ResidualMlp, Resnet, Transformer};

/// Architectures whose hidden layers are normalized before their activations.
const NORMED: &[Architecture] = &[Mlp, ResidualMlp, Cnn, Resnet, Densenet];

/// Architectures that are made of blocks of one width.
const OF_BLOCKS: &[Architecture] = &[ResidualMlp, Resnet, Densenet, Transformer];

settings! {
    /// A network. [`Architecture::reads`] lists the settings that an architecture reads.
    ModelSpec at (model) {
        /// How the layers of the network are connected.
        architecture: Architecture = Mlp => ARCHITECTURE,
            restart(Section::Network, "Architecture", any_of!(Architecture))
                .brief(|config| Some(config.model.architecture.to_string()))
                .also_sets(|config, _| {
                config.model = config.model.architecture.default_model();
                config.fit_scheme();
            });
        /// Units of the hidden layers, or channels of the convolutions, first to last, for example
        /// [32, 32].
        hidden: Vec<usize> = vec![32, 32] => HIDDEN,
            restart(Section::Network, "Hidden layers", Range::Widths).unit("units")
                .brief(|config| Some(widths(&config.model.hidden)))
                .architectures(&[Mlp, Cnn]);
        /// Units of the residual stream, channels of the first stage, or channels added by each
        /// dense layer.
        width: usize = 32 => WIDTH,
            restart(Section::Network, "Width", log_whole(1, 1024)).unit("units")
                .brief(|config| Some(format!("width {}", config.model.width)))
                .architectures(OF_BLOCKS);
        /// Residual blocks or transformer layers; in resnet and densenet the number in each of
        /// three stages.
        blocks: usize = 2 => BLOCKS,
            restart(Section::Network, "Blocks", whole(1, 16)).unit("blocks")
                .brief(|config| Some(text::plural(config.model.blocks as u64, "block")))
                .architectures(OF_BLOCKS);
        /// Linear layers of one residual branch, between two sums.
        block_layers: usize = 2 => BLOCK_LAYERS,
            restart(Section::Network, "Layers a block", whole(1, 8)).unit("layers")
                .architectures(&[ResidualMlp]);
        /// Attention heads; they share the width evenly.
        heads: usize = 2 => HEADS,
            restart(Section::Network, "Heads", whole(1, 16)).unit("heads")
                .architectures(&[Transformer]);
        /// Side of the image patches that are a transformer's tokens.
        patch: usize = 4 => PATCH,
            restart(Section::Network, "Patch", whole(1, 32)).unit("pixels")
                .architectures(&[Transformer])
                .unread(|config| {
                    let shape = config.task.info().map(|info| info.shape);
                    matches!(shape, Ok(InputShape::Flat | InputShape::Tokens { .. })).then(|| "the examples are not images".into())
                });
        /// Pooling that halves the image after each convolution.
        pool: PoolKind = PoolKind::Average => POOL,
            restart(Section::Network, "Pooling", any_of!(PoolKind)).architectures(&[Cnn])
                .unread(|config| without_hidden(&config.model));
        /// The nonlinearity after every hidden layer.
        activation: Activation = Activation::Tanh => ACTIVATION,
            restart(Section::Network, "Activation", any_of!(Activation))
                .brief(|config| Some(config.model.activation.to_string()))
                .unread(|config| without_hidden(&config.model));
        /// Whether layers without normalization add a trained bias.
        bias: bool = true => BIAS, restart(Section::Network, "Biases", Range::Switch);
        /// Hidden layers standardise their weights to mean 0 and variance 1 per output (arXiv
        /// 1903.10520); meant for layers that a normalization follows.
        weight_standardisation: bool = false => WEIGHT_STANDARDISATION,
            restart(Section::Network, "Weight standardisation", Range::Switch)
                .architectures(NORMED)
                .unread(|config| without_hidden(&config.model));
        /// What hidden layers are standardised over before their activation: the batch, each
        /// example's features, or groups of them.
        normalization: Normalization = Normalization::None => NORMALIZATION,
            restart(Section::Network, "Normalization", any_of!(Normalization))
                .brief(|config| Some(match config.model.normalization {
                    Normalization::None => "no norm".to_owned(),
                    kind @ (Normalization::Batch | Normalization::Layer | Normalization::Group) => {
                        format!("{kind} norm")
                    }
                }))
                .unread(|config| without_hidden(&config.model));
        /// Examples that share the statistics of batch normalization: the whole batch, or groups of
        /// this many.
        ghost_batch: Batch = Batch::Full => GHOST_BATCH,
            restart(Section::Network, "Ghost batch", Range::WholeOr("full")).unit("examples")
                .architectures(NORMED)
                .limits(|config| [0.0, config.task.n_train as f64])
                .unread(|config| {
                    let is_batch = config.model.normalization == Normalization::Batch;
                    without_hidden(&config.model)
                        .or((!is_batch).then(|| "there is no batch normalization".into()))
                });
        /// pre normalizes at the start of each branch of a transformer, post after the branch is
        /// added.
        placement: Placement = Placement::Pre => PLACEMENT,
            restart(Section::Network, "Norm placement", any_of!(Placement))
                .architectures(&[Transformer])
                .unread(|config| {
                    let is_none = config.model.normalization == Normalization::None;
                    is_none.then(|| "there is no normalization".into())
                });
        /// fixup replaces normalization by scalar biases and multipliers (arXiv 1901.09321); the
        /// initial weights still follow the initialization.
        residual: ResidualForm = ResidualForm::Plain => RESIDUAL,
            restart(Section::Network, "Residual form", any_of!(ResidualForm))
                .architectures(&[ResidualMlp, Resnet])
                .also_sets(|config, _| config.fit_scheme());
        /// Standardises queries and keys in each head, which bounds the attention scores (arXiv
        /// 2302.05442).
        qk_norm: bool = false => QK_NORM,
            restart(Section::Network, "Normalize queries, keys", Range::Switch)
                .architectures(&[Transformer]);
        /// Divides each matrix by an estimate of its largest singular value, and multiplies it by a
        /// trained number (arXiv 2303.06296). The estimate takes one power iteration a step, so it
        /// is inexact at the start; its vectors count as constant in derivatives.
        sigma_reparam: bool = false => SIGMA_REPARAM,
            restart(Section::Network, "σReparam", Range::Switch).architectures(&[Transformer]);
    }
}

/// Hidden widths in a few words.
fn widths(hidden: &[usize]) -> String {
    let all: Vec<String> = hidden.iter().map(ToString::to_string).collect();
    if all.is_empty() { "no hidden layers".to_owned() } else { all.join("-") }
}

/// The reason why what hidden layers consist of makes no difference; `None` if there are any.
pub(super) fn without_hidden(model: &ModelSpec) -> Option<String> {
    let is_without = HIDDEN.is_of(model.architecture) && model.hidden.is_empty();
    is_without.then(|| "the network has no hidden layers".into())
}

impl Architecture {
    /// The default network of this architecture, small enough to train live on two cores.
    #[must_use]
    pub fn default_model(self) -> ModelSpec {
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
}
