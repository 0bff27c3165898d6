//! The update rules, one file each: from a gradient to the direction in which the parameters go.
//! Does not know of schedules, clipping or what the parameters belong to.

#[cfg(test)]
mod tests;

use super::rule::UpdateRule;
use crate::config::{Rule, each_rule};

/// Declares the files of the rows and gathers their rules in one type.
macro_rules! gather {
    ($($(#[$doc:meta])+ $Name:ident: $module:ident, $word:literal { $($facts:tt)* })+) => {
        $(mod $module;)+

        /// An update rule with what it has gathered.
        #[derive(Clone, Debug)]
        pub(super) enum AnyRule {
            $($(#[$doc])+ $Name($module::$Name)),+
        }

        impl AnyRule {
            /// The rule at its start: nothing gathered.
            pub(super) fn new(rule: Rule) -> Self {
                match rule { $(Rule::$Name => Self::$Name($module::$Name::default())),+ }
            }

            pub(super) fn get(&self) -> &dyn UpdateRule {
                match self { $(Self::$Name(rule) => rule),+ }
            }

            pub(super) fn get_mut(&mut self) -> &mut dyn UpdateRule {
                match self { $(Self::$Name(rule) => rule),+ }
            }
        }
    };
}
each_rule!(gather);
