//! Builds a record from the values of its quantities.

use super::declare::Presence;
use super::entry::Entry;
use super::id::Quantity;
use crate::sample::Record;

/// Builds the record with these values, the inverse of [`Quantity::read`]. Derived quantities are
/// ignored.
///
/// # Errors
///
/// If a required value is missing, or a count is not a whole number.
pub fn record(step: u64, value: impl Fn(Quantity) -> Option<f64>) -> Result<Record, String> {
    let mut record = Record::default();
    record.sample.step = step;
    for quantity in Quantity::all() {
        let Entry { depends_on, row, .. } = quantity.entry();
        let is_due = match row.presence {
            Presence::Always => true,
            Presence::With(_) | Presence::Count(_) => depends_on.and_then(&value).is_some(),
            Presence::Free | Presence::Derived => false,
        };
        match value(quantity) {
            None if is_due => return Err(format!("`{}` is blank", quantity.name())),
            Some(count) if matches!(row.presence, Presence::Count(_)) && !is_whole(count) => {
                return Err(format!("`{}` is `{count}`, not a whole number", quantity.name()));
            }
            Some(value) => quantity.write(&mut record, value),
            None => {}
        }
    }
    Ok(record)
}

fn is_whole(value: f64) -> bool {
    value.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&value)
}
