//! Linear, logarithmic and symmetric logarithmic scales: from values to places and back.

/// How values are laid along an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Place = value.
    Linear,
    /// Place = log₁₀ value; values ≤ 0 have none.
    Log,
    /// Linear between ±10^k, which are at ±1; each further decade adds 1.
    Symlog(i32),
}

/// The scale that the user chooses for a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScaleKind {
    /// [`Scale::Linear`].
    Linear,
    /// [`Scale::Log`].
    Log,
    /// [`Scale::Symlog`]; its linear range follows from the first value of the run.
    Symlog,
}

impl ScaleKind {
    /// All of them, in the order of the switch.
    pub const ALL: [Self; 3] = [Self::Linear, Self::Log, Self::Symlog];

    /// Its word on the switch.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Log => "log",
            Self::Symlog => "symlog",
        }
    }
}

impl Scale {
    /// Whether a value has a place on the axis.
    #[must_use]
    pub fn has_place(self, value: f64) -> bool {
        value.is_finite() && (self != Self::Log || value > 0.0)
    }

    /// The place of a value; `None` if it has none.
    #[must_use]
    pub fn to_axis(self, value: f64) -> Option<f64> {
        self.has_place(value).then(|| match self {
            Self::Linear => value,
            Self::Log => value.log10(),
            Self::Symlog(k) => {
                let share = value.abs() / 10f64.powi(k);
                let place = if share <= 1.0 { share } else { 1.0 + share.log10() };
                place.copysign(value)
            }
        })
    }

    /// The value at a place.
    #[must_use]
    pub fn from_axis(self, place: f64) -> f64 {
        match self {
            Self::Linear => place,
            Self::Log => 10f64.powf(place),
            Self::Symlog(k) => {
                let far = place.abs();
                let share = if far <= 1.0 { far } else { 10f64.powf(far - 1.0) };
                (share * 10f64.powi(k)).copysign(place)
            }
        }
    }

    /// The kind of scale, without parameters.
    #[must_use]
    pub fn kind(self) -> ScaleKind {
        match self {
            Self::Linear => ScaleKind::Linear,
            Self::Log => ScaleKind::Log,
            Self::Symlog(_) => ScaleKind::Symlog,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_lead_back_to_their_values_and_keep_their_order() {
        let values = [-2e7, -30.0, -1.0, -0.4, 0.0, 1e-9, 0.4, 1.0, 7.0, 1e12];
        for scale in [Scale::Linear, Scale::Symlog(0), Scale::Symlog(-3), Scale::Symlog(4)] {
            let places = values.map(|value| scale.to_axis(value).unwrap());
            assert!(places.windows(2).all(|pair| pair[0] < pair[1]), "{scale:?} {places:?}");
            for (value, place) in values.into_iter().zip(places) {
                let back = scale.from_axis(place);
                assert!((back - value).abs() <= 1e-9 * value.abs(), "{scale:?} {value} {back}");
            }
        }
    }

    #[test]
    fn a_symmetric_axis_has_a_place_for_everything_finite_and_a_logarithmic_one_for_what_is_above_0()
     {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            for scale in [Scale::Linear, Scale::Log, Scale::Symlog(0)] {
                assert_eq!(scale.to_axis(value), None);
            }
        }
        assert_eq!(Scale::Log.to_axis(0.0), None);
        assert_eq!(Scale::Log.to_axis(-1.0), None);
        assert_eq!(Scale::Symlog(1).to_axis(-1000.0), Some(-3.0));
        assert_eq!(Scale::Symlog(1).to_axis(5.0), Some(0.5));
    }
}
