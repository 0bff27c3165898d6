//! What a search for a learning rate tried and found.
//! Plain numbers; does not know who searched.

use serde::{Deserialize, Deserializer, Serialize};

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
    /// The loss where it began: of the next batch, in a range test of the probe set; in JSON `null`
    /// where it was not finite.
    #[serde(deserialize_with = "null_as_nan")]
    pub start_loss: f64,
    /// Rates with the same loss after the step at each, by rate; where it was not finite, left out.
    pub points: Vec<[f64; 2]>,
    /// The largest rate that still lowers the loss; `None` where there is no such end.
    pub found: Option<f64>,
    /// The rate to use: the one found, after a range test a tenth of it, if the loss fell by
    /// more than it goes up and down by.
    pub suggested: Option<f64>,
    /// Of a range test, the rate at which the loss fell fastest; `None` where it did not fall.
    pub steepest: Option<f64>,
}

fn null_as_nan<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or(f64::NAN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_from_a_loss_that_is_not_finite_is_read_back() {
        for start_loss in [0.25, f64::INFINITY, f64::NAN] {
            let (points, kind) = (vec![[0.1, 0.2]], SearchKind::FirstRate);
            let [found, suggested, steepest] = [Some(0.1), None, None];
            let search = Search { kind, start_loss, points, found, suggested, steepest };
            let text = serde_json::to_string(&search).unwrap();
            let back: Search = serde_json::from_str(&text).unwrap();
            assert_eq!(back.points, search.points);
            assert!(
                back.start_loss == start_loss
                    || back.start_loss.is_nan() && !start_loss.is_finite()
            );
        }
    }
}
