//! From a run to the facts about it.

use crate::history::run::Run;
use crate::protocol::RunEnd;

use super::definitions::RECENT_STEPS;
use super::fact::{Divergence, Fact};
use super::run_at_step::RunAtStep;

/// What is true of a run at a step, or at its newest one, the most important fact first; older
/// facts come last, each with its step. Empty if too little is known.
#[must_use]
pub fn narrate(run: &Run, up_to: Option<u64>) -> Vec<Fact> {
    let Some(now) = RunAtStep::new(run, up_to.unwrap_or(u64::MAX)) else { return Vec::new() };
    let divergence = divergence(&now);
    let change = now.change_effect().map(Fact::Changed);
    let jump = run.turning_points().jump(now.step).and_then(|start| now.jump(start));
    let is_of_change = matches!(&change, Some(Fact::Changed(effect)) if effect.jump == jump);
    let jump = jump.filter(|_| !is_of_change).map(Fact::Jumped);
    let is_recent = |fact: &Fact| now.step - fact.step() <= RECENT_STEPS;
    let (recent, older): (Vec<_>, Vec<_>) = change.into_iter().chain(jump).partition(is_recent);
    let mut facts: Vec<Fact> = Vec::new();
    if divergence.is_none() {
        facts.extend(recent.iter().cloned());
        facts.extend(now.unmeasured().map(Fact::Unmeasured));
        facts.extend(now.unlimited().map(Fact::Unlimited));
        facts.extend(now.position().map(Fact::Position));
    } else {
        facts.extend(divergence.map(Fact::Diverged));
        facts.extend(recent);
    }
    let mut past: Vec<Fact> = older.into_iter().chain(past(&now, &facts)).collect();
    past.sort_by_key(|fact| std::cmp::Reverse(fact.step()));
    facts.extend(past);
    facts
}

/// How the run diverged, if it had at this step.
fn divergence(now: &RunAtStep<'_>) -> Option<Divergence> {
    let Some(RunEnd::Diverged { loss }) = now.run.end() else { return None };
    if now.run.last()?.sample.step > now.step {
        return None;
    }
    let is_recent = |step: u64| now.run.n_steps().saturating_sub(step) <= RECENT_STEPS;
    // A change at the last step acted on no step.
    let change = now.last_change().filter(|marker| marker.until < now.run.n_steps());
    let is_known = now.why_never_limited().is_none() && now.is_measured();
    let ratio = now.ratio_before(now.step + 1).filter(|_| is_known);
    Some(Divergence {
        n_steps: now.run.n_steps(),
        last_step: now.step,
        loss: *loss,
        change: change.filter(|marker| is_recent(marker.until)).cloned(),
        ratio,
        is_clipped: ratio.is_some_and(|ratio| now.is_clipped(ratio.step)),
    })
}

/// The last crossing and the last period at the edge, unless one of these facts has them.
fn past(now: &RunAtStep<'_>, facts: &[Fact]) -> Vec<Fact> {
    if now.why_never_limited().is_some() || !now.is_measured() {
        return Vec::new();
    }
    let told: Vec<u64> = facts.iter().map(Fact::step).collect();
    let turning_points = now.run.turning_points();
    let crossing = turning_points.crossing(now.step);
    let crossing = crossing.filter(|crossing| !told.contains(&crossing.step));
    // A period that lasts is the position, and a short one is none that one would call the edge.
    let edge = turning_points
        .edge(now.step)
        .filter(|period| period.last <= now.step && period.last - period.since >= RECENT_STEPS);
    let edge = edge.filter(|period| !told.contains(&period.since));
    let found = [edge.map(Fact::WasAtEdge), crossing.map(Fact::Crossed)];
    found.into_iter().flatten().collect()
}
