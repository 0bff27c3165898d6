//! The macro that gives an enum without fields its words: `ALL`, `word` and `Display`.

/// Implements `ALL`, `word` and `Display` for an enum from a list `Variant => "word"`.
macro_rules! word_enum {
    ($name:ident { $($variant:ident => $word:literal),+ $(,)? }) => {
        impl $name {
            /// All variants, in the order shown.
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
