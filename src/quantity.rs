//! The numbers that a run records: typed names, words, and how each is read from a record and
//! written into one. Does not store values, and does not know how they are drawn.

mod declare;
mod table;

use std::sync::LazyLock;

use crate::sample::{Followed, Record};

use declare::{Declaration, Presence};
pub use table::*;

/// One number of a record, plain or a member of a [`Family`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(u8);

/// Quantities that differ by a rank or a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Family {
    place: u8,
    stride: u8,
    members: [usize; 2],
}

/// Words and accessors of one quantity.
struct Words {
    name: &'static str,
    label: &'static str,
    symbol: &'static str,
    sentence: &'static str,
    member: usize,
    row: &'static Declaration,
    /// The quantity that this one has no meaning without.
    needed: Option<Quantity>,
}

static WORDS: LazyLock<Vec<Words>> = LazyLock::new(|| {
    let members: Vec<[usize; 2]> = table::DECLARATIONS.iter().map(|row| row.members).collect();
    let (mut words, mut row) = (Vec::new(), 0);
    while row < members.len() {
        let block = &table::DECLARATIONS[row..][..declare::n_rows_of_block(&members, row)];
        let [first, last] = members[row];
        for member in first..=last {
            words.extend(block.iter().map(|row| Words::of(row, member)));
        }
        row += block.len();
    }
    words
});

impl Words {
    fn of(row: &'static Declaration, member: usize) -> Self {
        let text = |template: &'static str| {
            // Once for each member in the life of the program.
            if template.contains('{') { filled(template, member).leak() } else { template }
        };
        Self {
            name: text(row.name),
            label: text(row.label),
            symbol: text(row.symbol),
            sentence: text(row.sentence),
            member,
            row,
            needed: match row.presence {
                Presence::With(other) | Presence::Count(other) => {
                    Some(table::member(other, member))
                }
                Presence::Always | Presence::Free | Presence::Derived => None,
            },
        }
    }
}

/// A template with the member's number as `{k}`, as `{nth}` (2nd) and as `{sub}` (₂).
fn filled(template: &str, member: usize) -> String {
    let digits = member.to_string();
    let nth = match (member % 100, member % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    let subscript = |digit: char| digit.to_digit(10).and_then(|d| char::from_u32(0x2080 + d));
    let sub: String = digits.chars().filter_map(subscript).collect();
    let nth = format!("{digits}{nth}");
    template.replace("{k}", &digits).replace("{nth}", &nth).replace("{sub}", &sub)
}

impl Family {
    const fn new([place, stride]: [usize; 2], members: [usize; 2]) -> Self {
        Self { place: Quantity::at([place, 1]).0, stride: Quantity::at([stride, 1]).0, members }
    }

    /// The member with this number; `None` where the family has none.
    #[must_use]
    pub fn of(self, member: usize) -> Option<Quantity> {
        let [first, last] = self.members;
        if !(first..=last).contains(&member) {
            return None;
        }
        let after = u8::try_from(member - first).ok()?;
        Some(Quantity(self.place + after * self.stride))
    }

    /// Its members in order.
    pub fn all(self) -> impl Iterator<Item = Quantity> {
        let [first, last] = self.members;
        (first..=last).filter_map(move |member| self.of(member))
    }
}

impl Quantity {
    const fn at([place, _]: [usize; 2]) -> Self {
        assert!(place <= u8::MAX as usize, "more quantities than a byte can number");
        #[expect(clippy::cast_possible_truncation, reason = "asserted")]
        let place = place as u8;
        Self(place)
    }

    /// All quantities but `step`, in the order of CSV columns.
    pub fn all() -> impl ExactSizeIterator<Item = Self> + Clone {
        #[expect(clippy::cast_possible_truncation, reason = "constants are numbered by bytes")]
        let n = WORDS.len() as u8;
        (0..n).map(Self)
    }

    /// The quantity of this name in CSV headers and on the command line.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|quantity| quantity.name() == name)
    }

    fn words(self) -> &'static Words {
        &WORDS[self.place()]
    }

    /// Its place among all.
    #[must_use]
    pub fn place(self) -> usize {
        usize::from(self.0)
    }

    /// Name in CSV headers and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.words().name
    }

    /// Name on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        self.words().label
    }

    /// Symbol, for legends.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        self.words().symbol
    }

    /// Unit, empty where there is none.
    #[must_use]
    pub fn unit(self) -> &'static str {
        self.words().row.unit
    }

    /// One sentence for a tooltip.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        self.words().sentence
    }

    /// Its value in a record; `None` when it was not measured.
    #[must_use]
    pub fn read(self, record: &Record) -> Option<f64> {
        let words = self.words();
        (words.row.read)(record, words.member)
    }

    fn write(self, record: &mut Record, value: f64) {
        let words = self.words();
        (words.row.write)(record, words.member, value);
    }
}

/// The record of these values, the reverse of [`Quantity::read`]; what follows from others is left
/// out.
///
/// # Errors
///
/// When a value is missing without which another has no meaning, or a count is not whole.
pub fn record(step: u64, value: impl Fn(Quantity) -> Option<f64>) -> Result<Record, String> {
    let mut record = Record::default();
    record.sample.step = step;
    for quantity in Quantity::all() {
        let Words { needed, row, .. } = quantity.words();
        let is_due = match row.presence {
            Presence::Always => true,
            Presence::With(_) | Presence::Count(_) => needed.and_then(&value).is_some(),
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

impl Quantity {
    /// What is followed, where this is one of those eigenvalues.
    #[must_use]
    pub fn followed(self) -> Option<Followed> {
        let ranks = (1..=N_EIGENVALUES).filter_map(|rank| u8::try_from(rank).ok());
        let all = ranks.map(Followed::Largest);
        all.chain([Followed::Smallest, Followed::Preconditioned])
            .find(|followed| Self::from(*followed) == self)
    }
}

impl From<Followed> for Quantity {
    fn from(followed: Followed) -> Self {
        match followed {
            Followed::Largest(rank) => HESSIAN_EIG.of(usize::from(rank)).unwrap_or(SHARPNESS),
            Followed::Smallest => HESSIAN_EIG_MIN,
            Followed::Preconditioned => PRECONDITIONED_SHARPNESS,
        }
    }
}
