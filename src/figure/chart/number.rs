//! Numbers with a given count of significant digits, trailing zeros included.

/// A formatted number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Formatted {
    /// Plain digits, or a word such as `NaN`.
    Plain(String),
    /// Digits × 10^power.
    Power(String, i32),
}

/// Formats a number with `digits` significant digits, as a power of ten if it is very small or
/// large.
pub(super) fn formatted(value: f64, digits: u8) -> Formatted {
    if !value.is_finite() {
        let word = if value.is_nan() { "NaN".to_owned() } else { crate::text::number(value) };
        return Formatted::Plain(word);
    }
    let decimals = usize::from(digits.max(1)) - 1;
    let text = format!("{value:.decimals$e}");
    let (mantissa, power) = text.split_once('e').unwrap_or((&text, "0"));
    let power: i32 = power.parse().unwrap_or(0);
    if value == 0.0 {
        return Formatted::Plain("0".to_owned());
    }
    if !(-4..6).contains(&power) {
        return Formatted::Power(mantissa.replace('-', "−"), power);
    }
    let rounded: f64 = text.parse().unwrap_or(value);
    let decimals = usize::try_from(i32::from(digits.max(1)) - 1 - power).unwrap_or(0);
    Formatted::Plain(format!("{rounded:.decimals$}").replace('-', "−"))
}

/// A number with `digits` significant digits and a typographic minus sign: 0.10, 1200, −1.2e-5.
#[must_use]
pub fn significant(value: f64, digits: u8) -> String {
    match formatted(value, digits) {
        Formatted::Plain(number) => number,
        Formatted::Power(number, power) => format!("{number}e{power}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn significant_zeros_are_written_and_others_are_not() {
        let plain = |text: &str| Formatted::Plain(text.to_owned());
        let power = |text: &str, power| Formatted::Power(text.to_owned(), power);
        for (value, digits, wanted) in [
            (0.01, 2, plain("0.010")),
            (0.0996, 2, plain("0.10")),
            (1234.0, 2, plain("1200")),
            (-2.5, 3, plain("−2.50")),
            (0.0, 3, plain("0")),
            (9.99, 1, plain("10")),
            (1.24e-5, 2, power("1.2", -5)),
            (3e7, 1, power("3", 7)),
            (f64::NAN, 3, plain("NaN")),
            (f64::NEG_INFINITY, 3, plain("−∞")),
            (5.0, 0, plain("5")),
        ] {
            assert_eq!(formatted(value, digits), wanted, "{value} {digits}");
        }
    }
}
