//! What is fixed for the whole life of a run.
//! Does not know how it is found out.

use serde::{Deserialize, Serialize};

/// A named part of the network.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct LayerFacts {
    /// Its name, with which the names of most of its parameters begin.
    pub name: String,
    /// Its ops, in order.
    pub ops: Vec<OpFacts>,
    /// Trainable parameters in it.
    pub n_params: usize,
}

/// One op of the network.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct OpFacts {
    /// What it does, in a word or two.
    pub label: String,
    /// The values it reads, by number: 0 is the batch, i the output of op i of the network from 1.
    pub inputs: Vec<usize>,
    /// Positions (pixels, tokens; 1 where there are none) of one example in its output.
    pub positions: usize,
    /// Numbers a position has.
    pub features: usize,
}

/// What is fixed for the whole life of a run.
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
    /// Examples the curvature is measured on: the first so many of the training set.
    pub n_probe: usize,
    /// Threads that compute.
    pub n_threads: usize,
    /// The stability limit in words, for example `2/η`.
    pub limit: String,
    /// How batches are drawn, in words.
    pub sampling: String,
    /// Hash of the data in use, hexadecimal.
    pub data_hash: String,
}

impl RunFacts {
    /// Those of a run that never started.
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
