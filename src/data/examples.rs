//! Examples in memory: inputs and targets.

/// Inputs and targets of a set of examples.
#[derive(Clone, Debug, PartialEq)]
pub struct Examples {
    /// Number of examples.
    pub n: usize,
    /// Row-major n × `n_inputs`.
    pub inputs: Vec<f64>,
    /// Row-major n × (`n_positions` × `n_outputs`): one-hot 0/1, regression values, or −1 for class
    /// 0 and +1 for class 1 if two classes share one output.
    pub targets: Vec<f64>,
    /// Row-major n × `n_positions`: classes from 0; `None` for regression.
    pub labels: Option<Vec<u32>>,
}

impl Examples {
    /// Examples whose targets are derived from classes: ±1 for one output, one-hot for more.
    pub(super) fn classified(inputs: Vec<f64>, labels: Vec<u32>, n_outputs: usize) -> Self {
        let targets = if n_outputs == 1 {
            labels.iter().map(|label| if *label == 0 { -1.0 } else { 1.0 }).collect()
        } else {
            let mut targets = vec![0.0; labels.len() * n_outputs];
            for (row, label) in targets.chunks_exact_mut(n_outputs).zip(&labels) {
                row[*label as usize] = 1.0;
            }
            targets
        };
        Self { n: labels.len(), inputs, targets, labels: Some(labels) }
    }
}
