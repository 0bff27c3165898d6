//! The type and the macro of a quantity's declaration, and the position of each declaration in the
//! table.

use crate::sample::Record;

/// Declaration of one quantity, or of all members of a family.
#[derive(Clone, Copy, Debug)]
pub(super) struct Declaration {
    /// First and last member of a family; `[0, 0]` for a single quantity.
    pub(super) members: [usize; 2],
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) symbol: &'static str,
    pub(super) unit: &'static str,
    pub(super) sentence: &'static str,
    pub(super) presence: Presence,
    pub(super) read: Read,
    pub(super) write: Write,
}

/// Reads the value of a member from a record; `None` if it was not measured.
pub(super) type Read = fn(&Record, usize) -> Option<f64>;

/// Writes the value of a member into a record.
pub(super) type Write = fn(&mut Record, usize, f64);

/// When a quantity has a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// At every step.
    Always,
    /// Whenever it was measured.
    Free,
    /// Exactly when the quantity of this row has one.
    With(usize),
    /// As `With`, and the value is a whole number.
    Count(usize),
    /// Computed from other quantities, so never read back.
    Derived,
}

/// Number of rows, from this one on, of families with the same members. Such a block is laid out
/// member by member: λ₂, its residual, λ₃, its residual.
pub(super) const fn n_rows_of_block(members: &[[usize; 2]], row: usize) -> usize {
    let own = members[row];
    let mut end = row + 1;
    while own[1] > 0 && end < members.len() {
        if members[end][0] != own[0] || members[end][1] != own[1] {
            break;
        }
        end += 1;
    }
    end - row
}

/// Position in the table of a row's first member, and the stride between its members.
pub(super) const fn places(members: &[[usize; 2]], row: usize) -> [usize; 2] {
    let (mut block, mut place) = (0, 0);
    loop {
        let n_rows = n_rows_of_block(members, block);
        if row < block + n_rows {
            return [place + row - block, n_rows];
        }
        place += n_rows * (members[block][1] - members[block][0] + 1);
        block += n_rows;
    }
}

/// Declares all quantities: a constant per quantity, a [`super::Family`] per family.
macro_rules! quantities {
    ($(
        $kind:ident $id:ident = $name:literal, $label:literal, $symbol:literal, $unit:literal,
        $sentence:literal, $presence:ident $(($with:ident))?, $read:expr, $write:expr;
    )+) => {
        #[expect(non_camel_case_types, clippy::upper_case_acronyms, reason = "names of constants")]
        enum Row { $($id),+ }

        const MEMBERS: &[[usize; 2]] = &[$(quantities!(@members $kind)),+];

        $(#[doc = $sentence] pub const $id: quantities!(@type $kind) = quantities!(@new $kind $id);)+

        /// The single quantity of a row, or this member of its family.
        pub(super) fn member(row: usize, member: usize) -> Quantity {
            let [first, stride] = places(MEMBERS, row);
            let after = member.saturating_sub(MEMBERS[row][0]);
            let is_alone = MEMBERS[row][1] == 0;
            Quantity::at([if is_alone { first } else { first + after * stride }, 1])
        }

        pub(super) static DECLARATIONS: &[Declaration] = &[$(Declaration {
            members: quantities!(@members $kind), name: $name, label: $label, symbol: $symbol,
            unit: $unit, sentence: $sentence, presence: quantities!(@presence $presence $($with)?),
            read: $read, write: $write,
        }),+];
    };
    (@members single) => { [0, 0] };
    (@members eigenvalue) => { [2, N_EIGENVALUES] };
    (@members layer) => { [1, N_LAYER_SHARES - 1] };
    (@type single) => { Quantity };
    (@type $kind:ident) => { Family };
    (@new single $id:ident) => { Quantity::at(places(MEMBERS, Row::$id as usize)) };
    (@new $kind:ident $id:ident) => {
        Family::new(places(MEMBERS, Row::$id as usize), MEMBERS[Row::$id as usize])
    };
    (@presence always) => { Presence::Always };
    (@presence free) => { Presence::Free };
    (@presence derived) => { Presence::Derived };
    (@presence with $with:ident) => { Presence::With(Row::$with as usize) };
    (@presence count $with:ident) => { Presence::Count(Row::$with as usize) };
}
pub(super) use quantities;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_of_families_that_stand_together_take_turns() {
        let members = [[0, 0], [2, 4], [2, 4], [0, 0], [0, 0], [1, 2], [0, 0]];
        let first = |row| places(&members, row);
        assert_eq!(first(0), [0, 1]);
        assert_eq!([first(1), first(2)], [[1, 2], [2, 2]]);
        assert_eq!([first(3), first(4)], [[7, 1], [8, 1]]);
        assert_eq!([first(5), first(6)], [[9, 1], [11, 1]]);
    }
}
