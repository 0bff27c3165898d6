//! A tensor of the network with its name, as plain numbers.

/// One parameter or buffer of the network.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedTensor {
    /// Its name in the network, for example `layer0.weight`.
    pub name: String,
    /// Its shape: `[outputs, inputs]` for linear layers, `[outputs, rows, columns, inputs]` for
    /// convolutions.
    pub shape: Vec<usize>,
    /// Its elements, row by row.
    pub values: Vec<f64>,
}
