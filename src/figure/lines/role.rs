//! What a line shows, from which its style follows.

/// What a line stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Training loss.
    TrainLoss,
    /// Test loss.
    TestLoss,
    /// Loss on the set that the curvature is measured on, where that is not the batch.
    ProbeLoss,
    /// The eigenvalue of this rank; 1 is the sharpness.
    Eigenvalue(u8),
    /// The largest eigenvalue of the preconditioned Hessian, which the threshold is for.
    Preconditioned,
    /// The mean curvature of fresh batches along their own gradients.
    BatchSharpness,
    /// The smallest eigenvalue.
    Smallest,
    /// The sharpness measured again as a check: points, no line.
    Audit,
    /// The stability threshold without clipping.
    Threshold,
    /// The threshold at the effective learning rate.
    EffectiveThreshold,
    /// The learning rate.
    Rate,
    /// The learning rate times the clip scale.
    EffectiveRate,
    /// The gradient norm.
    GradNorm,
    /// The level above which gradients are clipped.
    ClipLevel,
}

impl Role {
    /// Whether it is a stability threshold, of whatever rate.
    #[must_use]
    pub fn is_limit(self) -> bool {
        matches!(self, Self::Threshold | Self::EffectiveThreshold)
    }

    /// Whether it is drawn above all curves, which would otherwise bury it in a long run.
    #[must_use]
    pub fn is_on_top(self) -> bool {
        matches!(
            self,
            Self::Threshold
                | Self::EffectiveThreshold
                | Self::ClipLevel
                | Self::ProbeLoss
                | Self::Audit
        )
    }

    /// Whether it is drawn dashed, so that it differs by more than its colour.
    #[must_use]
    pub fn is_dashed(self) -> bool {
        matches!(
            self,
            Self::TestLoss
                | Self::ProbeLoss
                | Self::EffectiveThreshold
                | Self::EffectiveRate
                | Self::ClipLevel
        )
    }
}
