//! What a line shows, which determines its style.

/// What a line shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Training loss.
    TrainLoss,
    /// Test loss.
    TestLoss,
    /// Loss on the probe set, on which the curvature is measured, if that is not the batch.
    ProbeLoss,
    /// The eigenvalue of this rank; that of rank 1 is the sharpness.
    Eigenvalue(u8),
    /// The largest eigenvalue of the preconditioned Hessian, to which the threshold applies.
    Preconditioned,
    /// The mean curvature of fresh batches, each along its own gradient.
    BatchSharpness,
    /// The smallest eigenvalue.
    Smallest,
    /// The sharpness measured again as a check; drawn as points.
    Audit,
    /// The directional sharpness of single updates.
    Directional,
    /// Its mean over recent measurements.
    DirectionalMean,
    /// The limit of the directional sharpness.
    DirectionalThreshold,
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
    /// Whether it is a limit of a curvature, nominal or effective.
    #[must_use]
    pub fn is_limit(self) -> bool {
        matches!(self, Self::Threshold | Self::EffectiveThreshold | Self::DirectionalThreshold)
    }

    /// Whether it is drawn on top, because the curves of a long run would bury it.
    #[must_use]
    pub fn is_on_top(self) -> bool {
        matches!(
            self,
            Self::Threshold
                | Self::EffectiveThreshold
                | Self::DirectionalThreshold
                | Self::ClipLevel
                | Self::ProbeLoss
                | Self::Audit
        )
    }

    /// Whether it is dashed, to be distinguishable without colour.
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
