//! The narrator: facts about a run as sentences, each with the steps that it is true at.

use crate::figure::compose::limit_name;
use crate::history::{
    ChangeEffect, Dated, Direction, Divergence, EdgePeriod, Fact, LimitCrossing, LossCourse,
    LossJump, Place, Position, Run, Unlimited, Unmeasured, WhyUnlimited, WhyUnmeasured,
};
use crate::text;

/// A fact about a run as a sentence, two if the gradient is clipped.
#[must_use]
pub fn narrator_sentence(run: &Run, fact: &Fact) -> String {
    match fact {
        Fact::Diverged(divergence) => diverged(run, divergence),
        Fact::Changed(effect) => changed(run, effect),
        Fact::Jumped(jump) => text::sentence(&jumped(run, jump)),
        Fact::Unmeasured(unmeasured) => is_unmeasured(run, *unmeasured),
        Fact::Unlimited(unlimited) => is_unlimited(run, *unlimited),
        Fact::Position(position) => positioned(run, position),
        Fact::Crossed(crossing) => {
            format!("{} crossed its limit {}.", run.governing_symbol(), crossed_at(*crossing))
        }
        Fact::WasAtEdge(EdgePeriod { since, last }) => {
            format!("At the edge of stability from step {since} to step {last}.")
        }
    }
}

fn diverged(run: &Run, divergence: &Divergence) -> String {
    let Divergence { n_steps, loss, change, ratio, is_clipped, .. } = divergence;
    let after = change.as_ref().map(|change| {
        let n = text::counted(n_steps.saturating_sub(change.until), "step");
        format!(", {n} after {}", change.sentence())
    });
    let was = ratio.map(|ratio| {
        let (symbol, name) = (run.governing_symbol(), limit_name(run, ratio.step, *is_clipped));
        format!("; {symbol} was {} × its limit {name} at step {}", times(ratio), ratio.step)
    });
    let [after, was] = [after, was].map(Option::unwrap_or_default);
    format!("Diverged at step {n_steps}{after}: loss {}{was}.", text::number(*loss))
}

fn changed(run: &Run, effect: &ChangeEffect) -> String {
    let marker = &effect.marker;
    let when = if marker.until == marker.step {
        format!("at step {}", marker.step)
    } else {
        format!("from step {} to {}", marker.step, marker.until)
    };
    let symbol = run.governing_symbol();
    let limits = effect.limits.map(|limits| limit_change(run, limits, effect.is_clipped));
    let of_ratio = effect.after.map(|after| match effect.before {
        Some(before) => format!("{symbol} went from {} to {}", of_limit(before), of_limit(after)),
        None => format!("{symbol} was {}", of_limit(after)),
    });
    let of_loss = effect.jump.map(|jump| jumped(run, &LossJump { fall: None, ..jump }));
    let at_edge = effect.at_edge_since.map(at_edge_since);
    let parts: Vec<String> = [limits, of_ratio, of_loss, at_edge].into_iter().flatten().collect();
    format!("{} {when}: {}.", marker.sentence(), parts.join("; "))
}

/// What became of the limit between two steps.
fn limit_change(run: &Run, limits: [Dated; 2], is_clipped: [bool; 2]) -> String {
    let [before, after] = limits.map(|limit| three_digits(limit.value));
    let name = |at: usize| limit_name(run, limits[at].step, is_clipped[at]);
    let [name_before, name_after] = [name(0), name(1)];
    if name_before != name_after {
        return format!("the limit went from {before} ({name_before}) to {after} ({name_after})");
    }
    match limits[1].value - limits[0].value {
        _ if before == after => format!("the limit {name_after} stayed at {after}"),
        rise if rise > 0.0 => format!("the limit {name_after} rose from {before} to {after}"),
        _ => format!("the limit {name_after} fell from {before} to {after}"),
    }
}

/// A jump as a clause.
fn jumped(run: &Run, jump: &LossJump) -> String {
    let factor = text::number(text::rounded(jump.peak.value / jump.floor.value, 2));
    let loss =
        format!("the loss jumped to {factor} × its recent minimum at step {}", jump.peak.step);
    let Some([before, after]) = jump.fall else { return loss };
    let (symbol, name) = (run.governing_symbol(), limit_name(run, before.step, jump.is_clipped[0]));
    format!(
        "{loss}, and {symbol} fell back from {} × its limit {name} at step {} to {} × at step {}",
        times(before),
        before.step,
        times(after),
        after.step,
    )
}

fn is_unmeasured(run: &Run, Unmeasured { since, age, why }: Unmeasured) -> String {
    let symbol = run.governing_symbol();
    match why {
        WhyUnmeasured::Off => {
            format!("{symbol} has not been measured since step {since}: measuring is off.")
        }
        WhyUnmeasured::Overdue => {
            let ago = text::counted(age, "step");
            format!("{symbol} was last measured at step {since}, {ago} ago.")
        }
        WhyUnmeasured::NotConverged => {
            format!("{symbol} has not been measured to its tolerance since step {since}.")
        }
        WhyUnmeasured::Doubted => {
            format!("{symbol} is in doubt after step {since}: an audit contradicted it.")
        }
    }
}

fn is_unlimited(run: &Run, Unlimited { curvature, course, is_old, why }: Unlimited) -> String {
    let is = if is_old { "was" } else { "is" };
    let going = match course {
        Direction::Rising => format!("{is} rising, "),
        Direction::Falling => format!("{is} falling, "),
        Direction::Level => format!("{is} "),
    };
    let why = match why {
        WhyUnlimited::MiniBatch(n) => {
            format!("its limit holds for the full batch, not for batches of {n}")
        }
        WhyUnlimited::Subset { n_probe, n_train } => {
            format!("it is measured on {n_probe} of the {n_train} examples that the limit is for")
        }
        WhyUnlimited::FixedLength(rule) => {
            format!("it has no limit, as the steps of {rule} have a fixed length")
        }
        WhyUnlimited::NoRate => "it has no limit at a learning rate of 0".to_owned(),
        WhyUnlimited::ClippedParts => {
            "no limit is known where coordinates or units are clipped".to_owned()
        }
    };
    let (symbol, value) = (run.governing_symbol(), three_digits(curvature.value));
    format!("{symbol} {going}{value} at step {}; {why}.", curvature.step)
}

fn positioned(run: &Run, position: &Position) -> String {
    let Position { ratio, place, clipped, is_old, .. } = position;
    let name = limit_name(run, ratio.step, clipped.is_some());
    let prefix = clipped.map(|clipped| {
        format!(
            "Clipped in {} of {} steps up to step {}, so the limit that binds is {name}. ",
            clipped.n_clipped, clipped.n_steps, ratio.step
        )
    });
    // Named once.
    let limit =
        if clipped.is_some() { "the limit".to_owned() } else { format!("its limit {name}") };
    let symbol = run.governing_symbol();
    let is = if *is_old { "was" } else { "is" };
    let at = of_limit(*ratio);
    let going = going(position);
    let sentence = match place {
        Place::AtEdge { since, .. } if *is_old => {
            let last = ratio.step;
            format!("At the edge of stability from step {since} to step {last}, the last measured.")
        }
        Place::AtEdge { since, loss } => {
            let told = loss.map_or_else(|| format!("{symbol} {is} {at}"), loss_course);
            let limit = if clipped.is_some() { String::new() } else { format!(", limit {name},") };
            format!("At the edge of stability{limit} since step {since}: {told}.")
        }
        Place::Crossed(crossing) => {
            let when = crossed_at(*crossing);
            let going = match position.course {
                Direction::Rising => "rising: ",
                Direction::Falling => "falling: ",
                Direction::Level => "",
            };
            format!("{symbol} crossed {limit} {when} and {is} {going}{at}.")
        }
        Place::Above => format!("{symbol} {is} above {limit}{going}: {at}."),
        Place::OnLimit => format!("{symbol} {is} at {limit}{going}: {at}."),
        Place::Below => format!("{symbol} {is} below {limit}{going}: {at}."),
    };
    prefix.unwrap_or_default() + &sentence
}

/// Where the curvature is going, as the end of a clause about its place.
fn going(position: &Position) -> &'static str {
    let comes_nearer = position.place == Place::Below && position.is_ratio_rising;
    match position.course {
        Direction::Rising => " and rising",
        Direction::Level if comes_nearer => ", which comes nearer",
        Direction::Falling if comes_nearer => " and falling, but the limit falls faster",
        Direction::Falling => " and falling",
        Direction::Level => "",
    }
}

fn loss_course(LossCourse { n_steps, n_rising, is_falling }: LossCourse) -> String {
    let share = text::percent(n_rising as f64 / n_steps as f64, 0);
    let over = if is_falling { "and fell over them" } else { "and did not fall over them" };
    format!("the loss rose in {share} of the last {n_steps} steps {over}")
}

fn crossed_at(LimitCrossing { before, step }: LimitCrossing) -> String {
    if before + 1 == step {
        format!("at step {step}")
    } else {
        format!("between steps {before} and {step}")
    }
}

fn at_edge_since(step: u64) -> String {
    format!("at the edge of stability since step {step}")
}

/// A ratio with its step.
fn of_limit(ratio: Dated) -> String {
    format!("{} × the limit at step {}", times(ratio), ratio.step)
}

/// A ratio in three digits, or in four near 1, where they decide on which side it is.
fn times(ratio: Dated) -> String {
    let digits = if (ratio.value - 1.0).abs() < 0.01 { 4 } else { 3 };
    text::number(text::rounded(ratio.value, digits))
}

fn three_digits(x: f64) -> String {
    text::number(text::rounded(x, 3))
}
