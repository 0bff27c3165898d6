//! The layers of a network by number: how many have weights, and which of them start at 0. The engine
//! builds the layers; tests of initialization compare the two.

use std::collections::BTreeSet;

use super::{Architecture, InitScheme, ModelSpec, RunConfig};

/// Stages of a resnet, and dense blocks of a densenet.
const N_STAGES: usize = 3;

/// Linear layers of one block of a transformer: queries, keys, values, projection and two of its MLP.
const OF_TRANSFORMER_BLOCK: usize = 6;

impl ModelSpec {
    /// Number of layers with weights, embeddings included: those that `init.layer_scales` counts.
    #[must_use]
    pub fn n_weight_layers(&self) -> usize {
        match self.architecture {
            Architecture::Mlp | Architecture::Cnn => self.hidden.len() + 1,
            Architecture::ResidualMlp => self.blocks * self.block_layers + 2,
            // Besides stem and output, two shortcuts between stages of different sizes.
            Architecture::Resnet => 2 * N_STAGES * self.blocks + 4,
            // Besides stem and output, two transitions between dense blocks.
            Architecture::Densenet => N_STAGES * self.blocks + 4,
            // Besides blocks and output, the embedding and the positions.
            Architecture::Transformer => OF_TRANSFORMER_BLOCK * self.blocks + 3,
        }
    }

    /// The last layer of every residual branch, numbered from 1.
    fn branch_ends(&self) -> Vec<usize> {
        match self.architecture {
            Architecture::ResidualMlp => {
                (1..=self.blocks).map(|block| 1 + block * self.block_layers).collect()
            }
            Architecture::Resnet => {
                let (mut n_layers, mut ends) = (1, Vec::new());
                for stage in 0..N_STAGES {
                    for block in 0..self.blocks {
                        ends.push(n_layers + 2);
                        // A shortcut follows where the size changes.
                        n_layers += 2 + usize::from(stage > 0 && block == 0);
                    }
                }
                ends
            }
            Architecture::Mlp
            | Architecture::Cnn
            | Architecture::Densenet
            | Architecture::Transformer => Vec::new(),
        }
    }
}

impl RunConfig {
    /// The layers that start at 0 whatever their factor in `init.layer_scales`, numbered from 1.
    #[must_use]
    pub fn layers_at_zero(&self) -> BTreeSet<usize> {
        let is_fixup = self.init.scheme == InitScheme::Fixup;
        let mut at_zero = BTreeSet::new();
        if is_fixup {
            at_zero.extend(self.model.branch_ends());
        }
        if is_fixup || self.init.zero_last_layer {
            at_zero.insert(self.model.n_weight_layers());
        }
        at_zero
    }
}
