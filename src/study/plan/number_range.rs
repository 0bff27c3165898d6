//! Numeric ranges of an axis: linear, logarithmic or random.

use toml::Table;

use super::reader::Reader;
use crate::random::{Purpose, Stream};
use crate::study::StudyError;
use crate::text;

/// The most points an axis may have.
pub(super) const MAX_POINTS: u64 = 1000;

/// Significant digits of the points between the ends of a range: short to write, and the same on
/// every machine.
const DIGITS: u8 = 9;

/// Refuses a number of points outside 1 to [`MAX_POINTS`].
pub(super) fn check_count(n: u64) -> Result<(), String> {
    if (1..=MAX_POINTS).contains(&n) {
        return Ok(());
    }
    Err(format!("`n` is {n}, but an axis has 1 to {MAX_POINTS} points"))
}

/// How points are spaced between two numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spacing {
    Log,
    Linear,
}

/// Points between two numbers.
pub(super) struct NumberRange {
    spacing: Spacing,
    is_random: bool,
    from: f64,
    to: f64,
    n: u64,
}

impl NumberRange {
    /// Reads the table under `log`, `linear` or `random`, named by `kind`.
    pub(super) fn read(kind: &str, table: Table) -> Result<Self, StudyError> {
        let place = format!("axis.{kind}");
        let is_random = kind == "random";
        let known: &[&str] =
            if is_random { &["from", "to", "n", "scale"] } else { &["from", "to", "n"] };
        let mut reader = Reader::new(&place, table, known)?;
        let scale = reader.text("scale")?;
        let spacing = match scale.as_deref().unwrap_or(kind) {
            "log" => Spacing::Log,
            "linear" => Spacing::Linear,
            _ => return Err(reader.wrong("`scale` is \"log\" or \"linear\"")),
        };
        let (from, to, n) = (reader.real("from")?, reader.real("to")?, reader.whole("n")?);
        let (Some(from), Some(to), Some(n)) = (from, to, n) else {
            return Err(reader.wrong("a range has `from`, `to` and `n`"));
        };
        check_count(n).map_err(|sentence| reader.wrong(&sentence))?;
        if spacing == Spacing::Log && (from <= 0.0 || to <= 0.0) {
            return Err(reader.wrong("`from` and `to` of a logarithmic range are above 0"));
        }
        Ok(Self { spacing, is_random, from, to, n })
    }

    /// The points: exact ends, inner points rounded to [`DIGITS`]; random ones depend on `key` and `seed`.
    pub(super) fn points(&self, key: &str, seed: u64) -> Vec<f64> {
        let mut crc = flate2::Crc::new();
        crc.update(key.as_bytes());
        let mut stream = Stream::new(seed, Purpose::Axis, u64::from(crc.sum()));
        let last = (self.n - 1).max(1) as f64;
        (0..self.n)
            .map(|i| if self.is_random { stream.uniform() } else { i as f64 / last })
            .map(|fraction| self.at(fraction))
            .collect()
    }

    fn at(&self, fraction: f64) -> f64 {
        let between = match self.spacing {
            _ if fraction <= 0.0 => return self.from,
            _ if fraction >= 1.0 => return self.to,
            Spacing::Linear => self.from + (self.to - self.from) * fraction,
            // `libm`: the same bits on every machine.
            Spacing::Log => self.from * libm::pow(self.to / self.from, fraction),
        };
        // Rounding could otherwise leave the range.
        let (low, high) = (self.from.min(self.to), self.from.max(self.to));
        text::rounded(between, DIGITS).clamp(low, high)
    }
}
