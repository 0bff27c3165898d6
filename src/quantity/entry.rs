//! The table entries of all quantities, family members included, and the accessors of `Quantity`.

use std::sync::LazyLock;

use super::declarations::{
    self, HESSIAN_EIG, HESSIAN_EIG_MIN, N_EIGENVALUES, PRECONDITIONED_SHARPNESS, SHARPNESS,
};
use super::declare::{self, Declaration, Presence};
use super::id::Quantity;
use crate::sample::{Followed, Record};

/// Table entry of one quantity.
pub(super) struct Entry {
    name: &'static str,
    label: &'static str,
    symbol: &'static str,
    sentence: &'static str,
    member: usize,
    pub(super) row: &'static Declaration,
    /// The quantity that must have a value for this one to have one.
    pub(super) depends_on: Option<Quantity>,
}

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let members: Vec<[usize; 2]> =
        declarations::DECLARATIONS.iter().map(|row| row.members).collect();
    let (mut entries, mut row) = (Vec::new(), 0);
    while row < members.len() {
        let block = &declarations::DECLARATIONS[row..][..declare::n_rows_of_block(&members, row)];
        let [first, last] = members[row];
        for member in first..=last {
            entries.extend(block.iter().map(|row| Entry::of(row, member)));
        }
        row += block.len();
    }
    entries
});

impl Entry {
    fn of(row: &'static Declaration, member: usize) -> Self {
        let text = |template: &'static str| {
            // Leaked once per member in a static table.
            if template.contains('{') { filled(template, member).leak() } else { template }
        };
        Self {
            name: text(row.name),
            label: text(row.label),
            symbol: text(row.symbol),
            sentence: text(row.sentence),
            member,
            row,
            depends_on: match row.presence {
                Presence::With(other) | Presence::Count(other) => {
                    Some(declarations::member(other, member))
                }
                Presence::Always | Presence::Free | Presence::Derived => None,
            },
        }
    }
}

/// Fills the member's number into a template: `{k}` (2), `{nth}` (2nd) and `{sub}` (₂).
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

impl Quantity {
    /// All quantities but `step`, in the order of CSV columns.
    pub fn all() -> impl ExactSizeIterator<Item = Self> + Clone {
        #[expect(clippy::cast_possible_truncation, reason = "constants are numbered by bytes")]
        let n = ENTRIES.len() as u8;
        (0..n).map(Self)
    }

    /// The quantity with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|quantity| quantity.name() == name)
    }

    pub(super) fn entry(self) -> &'static Entry {
        &ENTRIES[self.place()]
    }

    /// Name in CSV headers and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// Name on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        self.entry().label
    }

    /// Symbol, for legends.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        self.entry().symbol
    }

    /// Unit, empty where there is none.
    #[must_use]
    pub fn unit(self) -> &'static str {
        self.entry().row.unit
    }

    /// One sentence for a tooltip.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        self.entry().sentence
    }

    /// The quantity that has a value exactly where this one has, if it is declared with one.
    #[must_use]
    pub fn measured_with(self) -> Option<Self> {
        self.entry().depends_on
    }

    /// The value in a record; `None` if it was not measured.
    #[must_use]
    pub fn read(self, record: &Record) -> Option<f64> {
        let entry = self.entry();
        (entry.row.read)(record, entry.member)
    }

    pub(super) fn write(self, record: &mut Record, value: f64) {
        let entry = self.entry();
        (entry.row.write)(record, entry.member, value);
    }
}

impl Quantity {
    /// The tracked eigenvalue whose value this quantity is, if it is one.
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
