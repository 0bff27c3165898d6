//! What a search for a learning rate tried and found.
//! Plain numbers; does not know who searched.

use serde::{Deserialize, Serialize};

/// How a rate is searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SearchKind {
    /// The largest rate at which one step lowers the loss, by forward passes (arXiv 2406.09405).
    FirstRate,
    /// Steps at rates that rise from one to the next, taken back afterwards (arXiv 1506.01186).
    RangeTest,
}

/// A search and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// How.
    pub kind: SearchKind,
    /// The loss where it began: of the next batch, in a range test of the probe set.
    pub start_loss: f64,
    /// Rates with the same loss after the step at each, by rate; where it was not finite, left out.
    pub points: Vec<[f64; 2]>,
    /// The largest rate that still lowers the loss; `None` where there is no such end.
    pub found: Option<f64>,
    /// The rate to use: the one found, after a range test a tenth of it.
    pub suggested: Option<f64>,
    /// Of a range test, the rate at which the loss fell fastest; `None` where it did not fall.
    pub steepest: Option<f64>,
}
