//! What every closed set of choices has: all of them, and the word of each.
//! Does not know the sets.

/// Implements `ALL`, `word` and `Display` for an enum of words.
macro_rules! word_enum {
    ($name:ident { $($variant:ident => $word:literal),+ $(,)? }) => {
        impl $name {
            /// Every choice, in the order shown to a person.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used in TOML, on the command line and on screen.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}
pub(in crate::config) use word_enum;
