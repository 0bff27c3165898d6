//! The built-in tasks, embedded or generated, one file each.

mod chebyshev;
mod clusters;
mod deep_linear;
mod digits;
mod fashion;
mod mnist1d;
mod point;
mod shapes;
mod shapes_grey;
mod sorting;
mod spirals;
mod teacher;
mod teacher_classes;

use serde::{Deserialize, Serialize};

use super::{Parameters, Source, TaskInfo};

/// Declares [`BuiltinTask`] from rows of module, type and value of `task.name`.
macro_rules! tasks {
    ($($(#[doc = $doc:literal])+ $module:ident::$Name:ident => $word:literal,)+) => {
        /// A built-in task.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum BuiltinTask {
            $($(#[doc = $doc])+ #[serde(rename = $word)] $Name),+
        }

        impl BuiltinTask {
            /// Every task, in display order.
            pub const ALL: &'static [Self] = &[$(Self::$Name),+];

            /// The name used in TOML, on the command line and on screen.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$Name => $word),+ }
            }

            /// What it is, in a sentence.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$Name => concat!($($doc),+).trim_ascii()),+ }
            }

            /// The task's metadata with the default parameters.
            #[must_use]
            pub fn info(self) -> TaskInfo {
                self.source().info(&Parameters::default())
            }

            /// The task.
            #[must_use]
            pub fn source(self) -> &'static dyn Source {
                match self { $(Self::$Name => &$module::$Name),+ }
            }
        }

        impl std::fmt::Display for BuiltinTask {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

tasks! {
    /// Fashion-MNIST, 28×28 grey images of clothes.
    fashion::Fashion => "fashion",
    /// Handwritten digits, 8×8.
    digits::Digits => "digits",
    /// MNIST-1D, digits as noisy curves of 40 points.
    mnist1d::Mnist1d => "mnist1d",
    /// Shapes-10, 32×32 colour pictures of ten figures.
    shapes::Shapes => "shapes",
    /// Shapes-10 in grey, 16×16.
    shapes_grey::ShapesGrey => "shapes-grey",
    /// Regression of a Chebyshev polynomial on evenly spaced points.
    chebyshev::Chebyshev => "chebyshev",
    /// Two interleaved spirals in the plane.
    spirals::Spirals => "spirals",
    /// Gaussian clusters.
    clusters::Clusters => "clusters",
    /// Regression of a random network's output.
    teacher::Teacher => "teacher",
    /// Classification by a random network's largest output.
    teacher_classes::TeacherClasses => "teacher-classes",
    /// Linear regression of 50 outputs on 50 whitened inputs.
    deep_linear::DeepLinear => "deep-linear",
    /// Sorting of strings of symbols.
    sorting::Sorting => "sorting",
    /// One point, x = 1 and y = 0.
    point::Point => "point",
}
