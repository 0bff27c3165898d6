//! Last values in `summary.json`, each with the step of its measurement. JSON has no infinities or
//! NaN: such a value is `null`, and `nonfinite` names it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::quantity::Quantity;
use crate::text;

/// The last measured value of a quantity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FinalValue {
    /// The value.
    pub value: f64,
    /// Step of the measurement; `None` in files of older versions.
    pub step: Option<u64>,
}

/// Last values by column name of `metrics.csv`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(into = "Document", from = "Document")]
pub struct Finals(BTreeMap<String, FinalValue>);

impl Finals {
    /// Last value of a quantity; `None` if it was never measured.
    #[must_use]
    pub fn get(&self, quantity: Quantity) -> Option<FinalValue> {
        self.0.get(quantity.name()).copied()
    }

    /// Replaces the value by a newer one.
    pub(in crate::store) fn set(&mut self, quantity: Quantity, value: f64, step: u64) {
        self.0.insert(quantity.name().to_owned(), FinalValue { value, step: Some(step) });
    }
}

/// The form in the file.
#[derive(Serialize, Deserialize)]
struct Document {
    #[serde(rename = "final")]
    values: BTreeMap<String, Option<Number>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    nonfinite: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    final_steps: BTreeMap<String, u64>,
}

/// A JSON number; whole values are written without a decimal point, so that counts read as
/// integers.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Number {
    Whole(i64),
    Real(f64),
    /// Older versions wrote `NaN`, `inf` and `-inf` here.
    Word(String),
}

impl From<f64> for Number {
    fn from(x: f64) -> Self {
        let is_negative_zero = x == 0.0 && x.is_sign_negative();
        if x.fract() != 0.0 || x.abs() > text::MAX_WHOLE || is_negative_zero {
            return Self::Real(x);
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole, and in range by the line above"
        )]
        Self::Whole(x as i64)
    }
}

impl From<Finals> for Document {
    fn from(finals: Finals) -> Self {
        let mut document = Self {
            values: BTreeMap::new(),
            nonfinite: BTreeMap::new(),
            final_steps: BTreeMap::new(),
        };
        for (name, FinalValue { value, step }) in finals.0 {
            if !value.is_finite() {
                document.nonfinite.insert(name.clone(), value.to_string());
            }
            if let Some(step) = step {
                document.final_steps.insert(name.clone(), step);
            }
            document.values.insert(name, value.is_finite().then(|| Number::from(value)));
        }
        document
    }
}

impl From<Document> for Finals {
    fn from(document: Document) -> Self {
        let word = |word: &str| word.parse().unwrap_or(f64::NAN);
        let value = |name: &str, number: Option<Number>| match number {
            Some(Number::Real(x)) => x,
            #[expect(clippy::cast_precision_loss, reason = "written from a float")]
            Some(Number::Whole(n)) => n as f64,
            Some(Number::Word(text)) => word(&text),
            None => document.nonfinite.get(name).map_or(f64::NAN, |text| word(text)),
        };
        let steps = &document.final_steps;
        let finals = document.values.into_iter().map(|(name, number)| {
            let last = FinalValue { value: value(&name, number), step: steps.get(&name).copied() };
            (name, last)
        });
        Self(finals.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity;

    fn finals(values: &[(Quantity, f64, u64)]) -> Finals {
        let mut finals = Finals::default();
        for (quantity, value, step) in values {
            finals.set(*quantity, *value, *step);
        }
        finals
    }

    #[test]
    fn values_survive_json_bit_for_bit_even_when_they_are_not_finite() {
        let values =
            [0.1, 3.0, -0.0, f64::MAX, f64::MIN_POSITIVE, f64::INFINITY, f64::NEG_INFINITY];
        for x in values.into_iter().chain([1e15, -7.0, f64::NAN]) {
            let text = serde_json::to_string(&finals(&[(quantity::LOSS, x, 5)])).unwrap();
            let back = serde_json::from_str::<Finals>(&text).unwrap().get(quantity::LOSS).unwrap();
            assert!(back.value.to_bits() == x.to_bits() || x.is_nan() && back.value.is_nan());
            assert_eq!(back.step, Some(5));
        }
    }

    #[test]
    fn counts_are_integers_and_nonfinite_values_are_listed_separately() {
        let finals = finals(&[
            (quantity::LOSS, f64::INFINITY, 9),
            (quantity::SHARPNESS_HVPS, 12.0, 8),
            (quantity::LEARNING_RATE, 0.5, 9),
        ]);
        let text = serde_json::to_string(&finals).unwrap();
        assert_eq!(
            text,
            r#"{"final":{"learning_rate":0.5,"loss":null,"sharpness_hvps":12},"nonfinite":{"loss":"inf"},"final_steps":{"learning_rate":9,"loss":9,"sharpness_hvps":8}}"#
        );
    }

    #[test]
    fn the_words_of_older_files_are_read() {
        let old = r#"{"final": {"loss": "inf", "grad_norm": "NaN", "audit_hvps": 12.0}}"#;
        let finals: Finals = serde_json::from_str(old).unwrap();
        let value = |quantity| finals.get(quantity).unwrap().value;
        assert!(value(quantity::LOSS) == f64::INFINITY && value(quantity::GRAD_NORM).is_nan());
        assert_eq!(
            finals.get(quantity::AUDIT_HVPS).unwrap(),
            FinalValue { value: 12.0, step: None }
        );
    }
}
