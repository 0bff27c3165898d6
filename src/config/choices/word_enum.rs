//! The macro that declares an enumeration with the word and the sentence of each variant.

/// Declares an enumeration. A variant has a word, which stands for it in files, on the command line and on
/// screen; its documentation is the sentence beside the word in lists.
macro_rules! word_enum {
    (
        $(#[$about:meta])*
        pub enum $name:ident {
            $($(#[doc = $doc:literal])+ $variant:ident => $word:literal,)+
        }
    ) => {
        $(#[$about])*
        pub enum $name {
            $($(#[doc = $doc])+ #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// All variants, in the order shown.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used in TOML, on the command line and on screen.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// What it is, in a sentence.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+).trim_ascii()),+ }
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
