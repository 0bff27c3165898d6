//! The `settings!` macro, which declares a group of settings.

use serde::Serialize;
use serde::de::DeserializeOwned;
use toml::Value;

/// The range of an enumeration: its words.
macro_rules! any_of {
    ($kind:ident) => {
        $crate::config::Range::Word(|| {
            let choice = |kind: &$kind| $crate::config::Choice {
                word: kind.word(),
                sentence: kind.sentence(),
            };
            $kind::ALL.iter().map(choice).collect()
        })
    };
}
pub(super) use any_of;

/// Converts a value to TOML.
pub(super) fn to_value(value: &impl Serialize) -> Value {
    // Never fails: every type of a setting has a TOML form, which a test of all settings checks.
    Value::try_from(value).unwrap_or(Value::Boolean(false))
}

/// Stores a TOML value in `place` and returns true if it has the right type.
pub(super) fn from_value<T: DeserializeOwned>(place: &mut T, value: Value) -> bool {
    value.try_into().map(|value| *place = value).is_ok()
}

/// Declares a group of settings: the struct that holds them, its `Default`, and one static
/// [`Setting`] per field with a declaration. The doc comment of a field is its tooltip. A field
/// without a declaration is a nested group.
///
/// ```text
/// settings! {
///     /// Clipping of the gradient.
///     Clip at (live.clip) {
///         /// Largest value left unclipped.
///         value: f64 = 1.0 => CLIP_VALUE, live(Section::Clipping, "Clip level", log(1e-6, 1e4));
///     }
/// }
/// ```
macro_rules! settings {
    (
        $(#[$about:meta])*
        $group:ident at $path:tt {
            $(
                $(#[doc = $doc:literal])+
                $field:ident: $type:ty
                $(= $default:expr => $id:ident, $effect:ident($($word:expr),+) $(.$say:ident($($what:expr),*))*)?;
            )+
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $group {
            $($(#[doc = $doc])+ pub $field: $type,)+
        }

        impl Default for $group {
            fn default() -> Self {
                Self { $($field: settings!(@default $($default)?),)+ }
            }
        }

        impl $group {
            pub(in crate::config) const SETTINGS: &'static [&'static $crate::config::Setting] =
                &[$($(&$id,)?)+];
        }

        $(settings!(@row $path ($($doc),+) $field
            $($id, $effect($($word),+) $(.$say($($what),*))*)?);)+
    };
    // Settings of a struct that is defined elsewhere.
    (
        $rows:ident at $path:tt {
            $(
                $(#[doc = $doc:literal])+
                $field:ident
                => $id:ident, $effect:ident($($word:expr),+) $(.$say:ident($($what:expr),*))*;
            )+
        }
    ) => {
        pub(super) const $rows: &[&$crate::config::Setting] = &[$(&$id),+];
        $(settings!(@row $path ($($doc),+) $field
            $id, $effect($($word),+) $(.$say($($what),*))*);)+
    };
    (@row $path:tt ($($doc:literal),+) $field:ident) => {};
    (
        @row $path:tt ($($doc:literal),+) $field:ident
        $id:ident, $effect:ident($($word:expr),+) $(.$say:ident($($what:expr),*))*
    ) => {
        #[doc = concat!("`", settings!(@key $path $field), "`")]
        pub static $id: $crate::config::Setting = $crate::config::Setting::$effect($($word),+)
            $(.$say($($what),*))*
            .at(
            settings!(@key $path $field),
            concat!($($doc),+),
            $crate::config::settings::declaration::Access {
                get: |config| {
                    $crate::config::settings::group::to_value(&settings!(@place config $path $field))
                },
                put: |config, value| {
                    let place = &mut settings!(@place config $path $field);
                    $crate::config::settings::group::from_value(place, value)
                },
                is_same: |one, other| {
                    settings!(@place one $path $field) == settings!(@place other $path $field)
                },
            },
        );
    };
    (@default) => { Default::default() };
    (@default $default:expr) => { $default };
    (@key ($($part:ident).*) $field:ident) => {
        concat!($(stringify!($part), ".",)* stringify!($field))
    };
    (@place $config:ident ($($part:ident).*) $field:ident) => { $config$(.$part)*.$field };
}
pub(super) use settings;
