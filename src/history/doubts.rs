//! Ranges of steps whose tracked eigenvalues are in doubt, because an audit contradicted them.

use crate::protocol::{Doubt, Record};
use crate::quantity::Quantity;

/// The eigenvalues that one audit contradicted.
#[derive(Clone, Debug, PartialEq)]
pub struct Doubted {
    /// One per eigenvalue, the leading one first; never empty.
    pub(super) doubts: Vec<Doubt>,
}

impl Doubted {
    /// The doubts of a record; `None` if its audit contradicted nothing.
    pub(super) fn of(record: &Record) -> Option<Self> {
        let doubts = &record.sample.curvature.as_ref()?.doubts;
        (!doubts.is_empty()).then(|| Self { doubts: doubts.clone() })
    }

    /// One doubt per contradicted eigenvalue.
    #[must_use]
    pub fn doubts(&self) -> &[Doubt] {
        &self.doubts
    }

    /// Step of the audit.
    #[must_use]
    pub fn step(&self) -> u64 {
        self.doubts.first().map_or(0, |doubt| doubt.step)
    }

    /// The contradicted eigenvalues and the steps in doubt, as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let contradicted = self.doubts.iter().map(|doubt| {
            let symbol = Quantity::from(doubt.of).symbol();
            let three = |x: f64| format!("{x:.*}", digits(x));
            format!("{symbol} {} instead of {}", three(doubt.audited), three(doubt.followed))
        });
        let since = self.doubts.iter().map(|doubt| doubt.agreed).min().unwrap_or_default();
        let contradicted = contradicted.collect::<Vec<_>>().join(", ");
        format!("audit at step {}: {contradicted}; in doubt since step {since}", self.step())
    }
}

/// Decimals needed for four significant digits.
fn digits(x: f64) -> usize {
    let leading = if x == 0.0 { 0.0 } else { x.abs().log10().floor() };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in 0..=12")]
    let digits = (3.0 - leading).clamp(0.0, 12.0) as usize;
    digits
}
