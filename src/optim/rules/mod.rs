//! The update rules, one file each: they map a gradient to an update direction.

#[cfg(test)]
mod tests;

use super::rule::UpdateRule;
use crate::config::{Rule, each_rule};

/// Declares the module of each row of [`each_rule`], and an enum over all rules.
macro_rules! define_rules {
    ($($(#[$doc:meta])+ $Name:ident: $module:ident, $word:literal { $($facts:tt)* })+) => {
        $(mod $module;)+

        /// Any update rule, with its state.
        #[derive(Clone, Debug)]
        pub(super) enum AnyRule {
            $($(#[$doc])+ $Name($module::$Name)),+
        }

        impl AnyRule {
            /// Any rule in its initial state.
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
each_rule!(define_rules);
