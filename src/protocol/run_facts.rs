//! Facts about a run that do not change: its network, sizes, stability limit and data.

use serde::{Deserialize, Serialize};

/// A layer: a named part of the network.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct LayerFacts {
    /// Its name, the prefix of most of its parameters' names.
    pub name: String,
    /// Its ops in order.
    pub ops: Vec<OpFacts>,
    /// Trainable parameters in it.
    pub n_params: usize,
}

/// One op of the network.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct OpFacts {
    /// Its name in a word or two.
    pub label: String,
    /// Its inputs by number: 0 is the batch, i ≥ 1 the output of the network's op i.
    pub inputs: Vec<usize>,
    /// Positions of one example in its output: pixels, tokens or 1.
    pub positions: usize,
    /// Numbers per position.
    pub features: usize,
}

/// Facts about a run that do not change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunFacts {
    /// The network, layer by layer.
    pub layers: Vec<LayerFacts>,
    /// Multiply-adds of one example in a forward pass.
    pub work: usize,
    /// Number of trainable parameters.
    pub n_params: usize,
    /// Training examples in use.
    pub n_train: usize,
    /// Test examples.
    pub n_test: usize,
    /// Examples that the curvature is measured on: the first ones of the training set.
    pub n_probe: usize,
    /// Compute threads.
    pub n_threads: usize,
    /// The stability limit in words, for example `2/η`.
    pub limit: String,
    /// How batches are drawn, in words.
    pub sampling: String,
    /// Hash of the data in use, hexadecimal.
    pub data_hash: String,
}

impl RunFacts {
    /// Facts of a run that never started.
    #[must_use]
    pub fn unknown() -> Self {
        Self {
            layers: Vec::new(),
            work: 0,
            n_params: 0,
            n_train: 0,
            n_test: 0,
            n_probe: 0,
            n_threads: 1,
            limit: String::new(),
            sampling: String::new(),
            data_hash: String::new(),
        }
    }
}
