//! Enumerations without fields: loss, precision, activation, initialization scheme, weight decay.

use serde::{Deserialize, Serialize};

use super::word_enum::word_enum;

word_enum! {
    /// Training loss (definitions: crate documentation).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum Loss {
        /// ½ Σ over outputs of (f − y)², mean over examples (arXiv 2103.00065).
        Mse => "mse",
        /// −log softmax of the true class, mean over examples.
        CrossEntropy => "cross-entropy",
    }
}

word_enum! {
    /// Floating point type of a run.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum Dtype {
        /// Single precision.
        F32 => "f32",
        /// Double precision.
        F64 => "f64",
    }
}

impl Dtype {
    /// Bytes per number.
    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::F32 => size_of::<f32>(),
            Self::F64 => size_of::<f64>(),
        }
    }
}

word_enum! {
    /// Activation function of hidden layers.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum Activation {
        /// Hyperbolic tangent.
        Tanh => "tanh",
        /// max(x, 0), with derivative 0 at 0 and second derivative 0.
        Relu => "relu",
        /// x·Φ(x), exact, not the tanh approximation (arXiv 1606.08415).
        Gelu => "gelu",
        /// x·sigmoid(x).
        Silu => "silu",
        /// x for x > 0, exp(x) − 1 otherwise (arXiv 1511.07289).
        Elu => "elu",
        /// log(1 + exp(x)).
        Softplus => "softplus",
        /// Identity.
        Linear => "linear",
    }
}

word_enum! {
    /// Distribution of the initial weights; biases start at 0 unless stated.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum InitScheme {
        /// N(0, 1/fan-in).
        LecunNormal => "lecun-normal",
        /// Uniform with variance 1/fan-in.
        LecunUniform => "lecun-uniform",
        /// N(0, 2/(fan-in + fan-out)).
        XavierNormal => "xavier-normal",
        /// Uniform with variance 2/(fan-in + fan-out).
        XavierUniform => "xavier-uniform",
        /// N(0, 2/fan-in) (arXiv 1502.01852).
        HeNormal => "he-normal",
        /// Uniform with variance 2/fan-in.
        HeUniform => "he-uniform",
        /// `PyTorch`'s default for linear layers: weights and biases U(±1/√fan-in).
        Pytorch => "pytorch",
        /// Rows or columns orthonormal (Haar), arXiv 1312.6120.
        Orthogonal => "orthogonal",
        /// μP (arXiv 2203.03466): N(0, 1/fan-in), the last layer N(0, 1/fan-in²), learning rates per
        /// layer by width, attention scores scaled by 1/width.
        Mup => "mup",
        /// Fixup (arXiv 1901.09321), for `ResidualForm::Fixup` only: the classifier and the last layer
        /// of every residual branch are 0; the other layers of the L branches, each of m layers, are
        /// He's times L^(−1/(2m−2)).
        Fixup => "fixup",
    }
}

word_enum! {
    /// Form of weight decay.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum Decay {
        /// g ← g + μw before the rule.
        Coupled => "coupled",
        /// w ← w − ημw in addition to the rule's update (arXiv 1711.05101).
        Decoupled => "decoupled",
    }
}

word_enum! {
    /// How measurements follow the eigenvectors from one step to the next.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum ProbeMethod {
        /// A block Krylov solve from the eigenvectors of the last measurement.
        Krylov => "krylov",
        /// One product with each eigenvector as extrapolated from the last measured points; further
        /// rounds where that does not meet the tolerance, and a Krylov solve every 16th time.
        Predict => "predict",
    }
}
