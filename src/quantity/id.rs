//! `Quantity` and `Family`: positions in the table of quantities.

/// A quantity of a record, single or a member of a [`Family`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(pub(super) u8);

/// Quantities that differ only by the rank of an eigenvalue or by the layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Family {
    place: u8,
    stride: u8,
    members: [usize; 2],
}

impl Quantity {
    pub(super) const fn at([place, _]: [usize; 2]) -> Self {
        assert!(place <= u8::MAX as usize, "more quantities than a byte can number");
        #[expect(clippy::cast_possible_truncation, reason = "asserted")]
        let place = place as u8;
        Self(place)
    }

    /// Its position in the table of all quantities.
    #[must_use]
    pub fn place(self) -> usize {
        usize::from(self.0)
    }
}

impl Family {
    pub(super) const fn new([place, stride]: [usize; 2], members: [usize; 2]) -> Self {
        Self { place: Quantity::at([place, 1]).0, stride: Quantity::at([stride, 1]).0, members }
    }

    /// The member with this number, or `None` if there is none.
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
