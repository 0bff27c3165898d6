//! What a change of settings did.

use crate::history::dated::Dated;
use crate::history::marker::Marker;
use crate::quantity;

use super::definitions::{JUMP_STEPS, RECENT_STEPS};
use super::fact::ChangeEffect;
use super::run_at_step::RunAtStep;

impl RunAtStep<'_> {
    /// The last completed change of settings that acts on the training.
    pub(super) fn last_change(&self) -> Option<&Marker> {
        let markers = self.run.markers().iter().rev();
        let last = markers.skip_while(|marker| marker.step > self.step);
        let mut acting = last.filter(|marker| marker.is_acting);
        acting.next().filter(|marker| marker.until <= self.step)
    }

    /// What the last change did; `None` if there was none, or if no number says so.
    pub(super) fn change_effect(&self) -> Option<ChangeEffect> {
        let marker = self.last_change()?.clone();
        let (first, until) = (marker.step, marker.until);
        let is_limited = self.why_never_limited().is_none();
        let limit = |step: u64| {
            let value = self.run.series(quantity::EFFECTIVE_THRESHOLD).at(step)?;
            is_limited.then_some(Dated { value, step })
        };
        let steps = [first.checked_sub(1)?, until];
        let limits = limit(steps[0]).zip(limit(steps[1])).map(<[Dated; 2]>::from);
        let is_known = is_limited && self.is_measured();
        let after = self.ratio_after(until).filter(|_| is_known);
        let before = self.ratio_before(first).filter(|_| is_known);
        let turning_points = self.run.turning_points();
        let last = self.step.min(until + JUMP_STEPS as u64 - 1);
        let jump = turning_points.first_jump([until, last]).and_then(|start| self.jump(start));
        let newest = self.last_before(self.step + 1).filter(|_| is_known);
        let at_edge_since = newest.and_then(|newest| self.edge_at(newest.step));
        let at_edge_since = at_edge_since.filter(|since| *since >= until);
        if limits.is_none() && jump.is_none() && after.is_none() {
            return None;
        }
        let is_clipped = steps.map(|step| self.is_clipped(step));
        Some(ChangeEffect { marker, limits, is_clipped, before, after, jump, at_edge_since })
    }

    /// The newest binding ratio of the recent steps from this one on.
    fn ratio_after(&self, since: u64) -> Option<Dated> {
        let newest = self.last_before(self.step.min(since + RECENT_STEPS) + 1)?;
        newest.ratio().filter(|ratio| ratio.step >= since)
    }
}
