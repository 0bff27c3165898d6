//! The result of a search for a learning rate.

use serde::{Deserialize, Deserializer, Serialize};

/// Method of a search for a learning rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SearchKind {
    /// The largest rate at which one step lowers the loss, by forward passes (arXiv 2406.09405).
    FirstRate,
    /// Range test: steps at rising rates, undone afterwards (arXiv 1506.01186).
    RangeTest,
}

/// A search for a learning rate and its result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// The method.
    pub kind: SearchKind,
    /// The loss before the search, on the next batch or, in a range test, on the probe set. `null`
    /// in JSON if not finite.
    #[serde(deserialize_with = "null_as_nan")]
    pub start_loss: f64,
    /// Pairs of a rate and the loss after a step at it, by rising rate, on the same examples.
    /// Losses that are not finite are left out.
    pub points: Vec<[f64; 2]>,
    /// The largest rate that lowers the loss; `None` if the search found no such limit.
    pub found: Option<f64>,
    /// The recommended rate: `found`, or a tenth of it after a range test. `None` if the loss fell
    /// by less than its fluctuation.
    pub suggested: Option<f64>,
    /// In a range test, the rate at which the loss fell fastest; `None` if it did not fall.
    pub steepest: Option<f64>,
}

fn null_as_nan<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or(f64::NAN))
}

#[cfg(test)]
impl Search {
    /// A search over three rates, the last of which raises the loss, with this result.
    pub(crate) fn example(kind: SearchKind, found: Option<f64>, suggested: Option<f64>) -> Self {
        let points = vec![[1e-4, 0.9], [2e-4, 0.8], [4e-4, 2.0]];
        Self { kind, start_loss: 1.0, points, found, suggested, steepest: Some(0.02) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_from_a_loss_that_is_not_finite_is_read_back() {
        for start_loss in [0.25, f64::INFINITY, f64::NAN] {
            let found = Search::example(SearchKind::FirstRate, Some(0.1), None);
            let search = Search { start_loss, ..found };
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
