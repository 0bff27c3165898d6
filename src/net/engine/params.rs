//! The parameter table: named tensors inside one flat vector.

/// Role of a parameter tensor in its layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A matrix `[outputs, inputs]`, or a convolution kernel
    /// `[outputs, kernel rows, kernel columns, channels/groups]`.
    Weight,
    /// Shape `[outputs]`.
    Bias,
    /// A factor of shape `[features]`, or `[1]` shared by all features; initially 1.
    Gain,
    /// An offset of shape `[features]`, or `[1]` shared by all features; initially 0.
    Shift,
    /// A lookup table of shape `[vocabulary or positions, d]`.
    Embedding,
}

/// One named tensor inside the flat parameter vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParamSpec {
    /// Name, for example `layer0.weight`.
    pub name: String,
    /// Shape, row-major.
    pub shape: Vec<usize>,
    /// Index of its first element in the flat vector.
    pub offset: usize,
    /// Role in its layer.
    pub role: Role,
    /// Inputs read by one output of its layer; of a convolution, kernel positions ×
    /// channels/groups.
    pub fan_in: usize,
    /// Outputs that read one input of its layer; of a convolution, kernel positions ×
    /// outputs/groups.
    pub fan_out: usize,
    /// Whether it belongs to the last layer.
    pub is_output: bool,
    /// Index, from 0, of its residual branch; `None` outside branches and in shortcuts.
    pub branch: Option<usize>,
}

impl ParamSpec {
    /// Number of elements.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether it has no elements.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
