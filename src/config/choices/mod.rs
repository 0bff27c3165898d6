//! The closed sets of choices a configuration is made of, with their TOML words.
//! Does not know what a choice computes.

mod rules;

use std::num::{NonZeroU64, NonZeroUsize};

use serde::{Deserialize, Serialize};

/// Implements `ALL`, `word` and `Display` for an enum of words.
macro_rules! words {
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
pub(super) use words;

pub(crate) use rules::each_rule;
pub use rules::{Constant, Metric, Rule, StepLength};

/// Training loss (definitions: crate documentation).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loss {
    /// ½ Σ over outputs of (f − y)², mean over examples (arXiv 2103.00065).
    Mse,
    /// −log softmax of the true class, mean over examples.
    CrossEntropy,
}
words!(Loss { Mse => "mse", CrossEntropy => "cross-entropy" });

/// Floating point type of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dtype {
    /// Single precision.
    F32,
    /// Double precision.
    F64,
}
words!(Dtype { F32 => "f32", F64 => "f64" });

impl Dtype {
    /// Bytes of a number.
    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::F32 => size_of::<f32>(),
            Self::F64 => size_of::<f64>(),
        }
    }
}

/// Activation function of hidden layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activation {
    /// Hyperbolic tangent.
    Tanh,
    /// max(x, 0), with derivative 0 at 0 and second derivative 0.
    Relu,
    /// x·Φ(x), exact, not the tanh approximation (arXiv 1606.08415).
    Gelu,
    /// x·sigmoid(x).
    Silu,
    /// x for x > 0, eˣ − 1 otherwise (arXiv 1511.07289).
    Elu,
    /// log(1 + eˣ).
    Softplus,
    /// Identity.
    Linear,
}
words!(Activation {
    Tanh => "tanh", Relu => "relu", Gelu => "gelu", Silu => "silu", Elu => "elu",
    Softplus => "softplus", Linear => "linear",
});

/// Distribution of the initial weights; biases start at 0 unless said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InitScheme {
    /// N(0, 1/fan-in).
    LecunNormal,
    /// Uniform with variance 1/fan-in.
    LecunUniform,
    /// N(0, 2/(fan-in + fan-out)).
    XavierNormal,
    /// Uniform with variance 2/(fan-in + fan-out).
    XavierUniform,
    /// N(0, 2/fan-in) (arXiv 1502.01852).
    HeNormal,
    /// Uniform with variance 2/fan-in.
    HeUniform,
    /// `PyTorch`'s default for linear layers: weights and biases U(±1/√fan-in).
    Pytorch,
    /// Rows or columns orthonormal (Haar), arXiv 1312.6120.
    Orthogonal,
    /// μP (arXiv 2203.03466): N(0, 1/fan-in), the last layer N(0, 1/fan-in²), and rates of their
    /// own by width; scores of attention fall as 1/width.
    Mup,
    /// Fixup (arXiv 1901.09321) for networks of its form: the last layer of every residual branch
    /// and the classifier 0, the other layers of L branches of m layers He's times L^(−1/(2m−2)).
    Fixup,
}
words!(InitScheme {
    LecunNormal => "lecun-normal", LecunUniform => "lecun-uniform",
    XavierNormal => "xavier-normal", XavierUniform => "xavier-uniform",
    HeNormal => "he-normal", HeUniform => "he-uniform",
    Pytorch => "pytorch", Orthogonal => "orthogonal", Mup => "mup", Fixup => "fixup",
});

/// How weight decay acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decay {
    /// g ← g + μw before the rule.
    Coupled,
    /// w ← w − ημw beside the rule (arXiv 1711.05101).
    Decoupled,
}
words!(Decay { Coupled => "coupled", Decoupled => "decoupled" });

/// How many examples one step sees: the word `full` or a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WordOrNumber", into = "WordOrNumber")]
pub enum Batch {
    /// All training examples.
    Full,
    /// This many, in a seeded order redrawn every epoch.
    Size(NonZeroUsize),
}

/// How often something happens: the word `off` or a number of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WordOrNumber", into = "WordOrNumber")]
pub enum Interval {
    /// Never.
    Off,
    /// At steps divisible by this number.
    Every(NonZeroU64),
}

impl Interval {
    /// Every `n` steps; 0 is off.
    #[must_use]
    pub fn every(n: u64) -> Self {
        NonZeroU64::new(n).map_or(Self::Off, Self::Every)
    }

    /// Whether it happens at `step`.
    #[must_use]
    pub fn is_due(self, step: u64) -> bool {
        match self {
            Self::Off => false,
            Self::Every(n) => step.is_multiple_of(n.get()),
        }
    }
}

impl Batch {
    /// Number of examples a step sees when there are `n_train`.
    #[must_use]
    pub fn size(self, n_train: usize) -> usize {
        match self {
            Self::Full => n_train,
            Self::Size(n) => n.get().min(n_train),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum WordOrNumber {
    Word(String),
    Number(u64),
}

impl TryFrom<WordOrNumber> for Batch {
    type Error = String;

    fn try_from(value: WordOrNumber) -> Result<Self, Self::Error> {
        let wanted = || "expected \"full\" or a number of examples of at least 1".to_owned();
        match value {
            WordOrNumber::Word(word) if word == "full" => Ok(Self::Full),
            WordOrNumber::Word(_) => Err(wanted()),
            WordOrNumber::Number(n) => usize::try_from(n)
                .ok()
                .and_then(NonZeroUsize::new)
                .map(Self::Size)
                .ok_or_else(wanted),
        }
    }
}

impl From<Batch> for WordOrNumber {
    fn from(value: Batch) -> Self {
        match value {
            Batch::Full => Self::Word("full".to_owned()),
            Batch::Size(n) => Self::Number(n.get() as u64),
        }
    }
}

impl TryFrom<WordOrNumber> for Interval {
    type Error = String;

    fn try_from(value: WordOrNumber) -> Result<Self, Self::Error> {
        let wanted = || "expected \"off\" or a number of steps of at least 1".to_owned();
        match value {
            WordOrNumber::Word(word) if word == "off" => Ok(Self::Off),
            WordOrNumber::Word(_) => Err(wanted()),
            WordOrNumber::Number(n) => NonZeroU64::new(n).map(Self::Every).ok_or_else(wanted),
        }
    }
}

impl From<Interval> for WordOrNumber {
    fn from(value: Interval) -> Self {
        match value {
            Interval::Off => Self::Word("off".to_owned()),
            Interval::Every(n) => Self::Number(n.get()),
        }
    }
}
