//! Parameters of a network: one flat vector and the table of named tensors in it.
//! Does not know what the tensors do.

/// What a tensor of parameters is to its layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A weight: a matrix `[outputs, inputs]`, or of a convolution `[outputs, kernel rows, kernel
    /// columns, channels/groups]`.
    Weight,
    /// A bias of shape `[outputs]`.
    Bias,
    /// A factor of shape `[features]`, or `[1]` for all of them; starts at 1.
    Gain,
    /// A summand of shape `[features]`, or `[1]` for all of them; starts at 0.
    Shift,
    /// A table of shape `[vocabulary or positions, d]` whose rows are taken or added as they are.
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
    /// What it is to its layer.
    pub role: Role,
    /// Inputs that one output of its layer reads; of a convolution, numbers under the kernel.
    pub fan_in: usize,
    /// Outputs that read one input of its layer; of a convolution, kernel positions ×
    /// outputs/groups.
    pub fan_out: usize,
    /// Whether that layer is the last.
    pub is_output: bool,
    /// Number, from 0, of the residual branch it is in; `None` outside of branches, shortcuts
    /// included.
    pub branch: Option<usize>,
}

impl ParamSpec {
    /// Number of elements.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
