//! Checks every fact and every number in its sentence against the records of a run, by formulas of
//! its own.

use eoscope::figure::narrator_sentence;
use eoscope::history::{
    ChangeEffect, Dated, Direction, EDGE, EdgePeriod, Fact, JUMP_FACTOR, JUMP_STEPS, LimitCrossing,
    LossCourse, LossJump, MIN_MEASURED, Place, Position, Run, WINDOW, narrate,
};
use eoscope::protocol::Record;
use eoscope::quantity::{self, Quantity};
use eoscope::text::{number, rounded};

/// A run and its records, one for every step.
pub(crate) struct Checker<'a> {
    run: &'a Run,
    records: &'a [Record],
}

impl<'a> Checker<'a> {
    pub(crate) fn new(run: &'a Run, records: &'a [Record]) -> Self {
        Self { run, records }
    }

    /// Checks what is said as of every step; returns the first sentence of each.
    pub(crate) fn check_all(&self) -> Vec<String> {
        (0..self.records.len() as u64).map(|step| self.check(step)).collect()
    }

    /// Checks what is said as of a step; returns the first sentence.
    pub(crate) fn check(&self, now: u64) -> String {
        let facts = narrate(self.run, Some(now));
        for fact in &facts {
            let sentence = narrator_sentence(self.run, fact);
            assert!(fact.step() <= now, "{sentence} at step {now}");
            assert!(sentence.ends_with('.') && !sentence.contains("NaN ×"), "{sentence}");
            self.check_numbers(&sentence);
            self.check_fact(fact, now, &sentence);
        }
        facts.first().map(|fact| narrator_sentence(self.run, fact)).unwrap_or_default()
    }

    fn read(&self, quantity: Quantity, step: u64) -> Option<f64> {
        quantity.read(&self.records[usize::try_from(step).unwrap()])
    }

    /// The ratio of a converged measurement that is not in doubt.
    fn ratio(&self, step: u64) -> Option<f64> {
        let converged = match self.read(quantity::PRECONDITIONED_SHARPNESS, step) {
            Some(_) => quantity::PRECONDITIONED_SHARPNESS_CONVERGED,
            None => quantity::SHARPNESS_CONVERGED,
        };
        let is_doubted = self.read(quantity::SHARPNESS_DOUBTED, step) == Some(1.0);
        let is_certain = self.read(converged, step) == Some(1.0) && !is_doubted;
        self.read(quantity::BINDING_RATIO, step).filter(|_| is_certain)
    }

    /// The last certain ratios up to a step since the last change of settings.
    fn window(&self, step: u64) -> Vec<Dated> {
        let changes = self.run.markers().iter().map(|marker| marker.until);
        let since = changes.filter(|until| *until <= step).max().unwrap_or(0);
        let all = (since..=step)
            .rev()
            .filter_map(|step| self.ratio(step).map(|value| Dated { value, step }));
        all.take(WINDOW).collect()
    }

    /// Every ratio in a sentence is that of the step beside it.
    fn check_numbers(&self, sentence: &str) {
        for (at, _) in sentence.match_indices(" × ") {
            let after = &sentence[at + " × ".len()..];
            if after.starts_with("its recent minimum") {
                continue;
            }
            let told = sentence[..at].rsplit(' ').next().unwrap();
            let step: String = after
                .split("at step ")
                .nth(1)
                .unwrap()
                .chars()
                .take_while(char::is_ascii_digit)
                .collect();
            let ratio = self.ratio(step.parse().unwrap()).unwrap();
            let is_told = [3, 4].iter().any(|digits| number(rounded(ratio, *digits)) == told);
            assert!(is_told, "{ratio} at step {step}: {sentence}");
        }
    }

    fn check_fact(&self, fact: &Fact, now: u64, sentence: &str) {
        match fact {
            Fact::Position(position) => self.check_position(position, now, sentence),
            Fact::Crossed(crossing) => self.check_crossing(*crossing, now),
            Fact::WasAtEdge(period) => self.check_edge(*period, now),
            Fact::Jumped(jump) => self.check_jump(jump, now),
            Fact::Changed(effect) => self.check_change(effect, now),
            Fact::Unmeasured(unmeasured) => {
                assert_eq!(unmeasured.since + unmeasured.age, now, "{sentence}");
                let later = (unmeasured.since + 1..=now).find_map(|step| self.ratio(step));
                assert_eq!(later, None, "{sentence}");
            }
            Fact::Unlimited(unlimited) => {
                let Dated { value, step } = unlimited.curvature;
                let curvature = self
                    .read(quantity::PRECONDITIONED_SHARPNESS, step)
                    .or(self.read(quantity::SHARPNESS, step));
                assert_eq!(curvature, Some(value), "{sentence}");
                assert!(!sentence.contains('×'), "{sentence}");
            }
            Fact::Diverged(divergence) => {
                assert!(self.run.has_diverged() && now + 1 >= self.records.len() as u64);
                assert!(sentence.contains(&number(divergence.loss)), "{sentence}");
            }
        }
    }

    fn check_position(&self, position: &Position, now: u64, sentence: &str) {
        let Position { ratio, place, .. } = position;
        let window = self.window(now);
        assert!(window.len() >= MIN_MEASURED, "{sentence}");
        assert_eq!(window[0], *ratio, "{sentence}: the newest one");
        match place {
            Place::AtEdge { since, loss } => {
                self.check_edge(EdgePeriod { since: *since, last: ratio.step }, now);
                let was_above = (0..=*since).any(|step| self.ratio(step) > Some(1.0));
                assert!(was_above, "{sentence}");
                if let Some(loss) = loss {
                    self.check_losses(*loss, *since, now);
                }
            }
            Place::Crossed(crossing) => {
                assert!(ratio.value > 1.0, "{sentence}");
                self.check_crossing(*crossing, now);
            }
            Place::Above => assert!(ratio.value > 1.0, "{sentence}"),
            Place::OnLimit => assert!((ratio.value - 1.0).abs() <= 1e-3, "{sentence}"),
            Place::Below => assert!(ratio.value < 1.0, "{sentence}"),
        }
        let curvature = |at: &Dated| {
            let scaled = self.read(quantity::PRECONDITIONED_SHARPNESS, at.step);
            let value = scaled.or(self.read(quantity::SHARPNESS, at.step)).unwrap();
            Dated { value, ..*at }
        };
        let curvatures: Vec<Dated> = window.iter().map(curvature).collect();
        check_slope(&curvatures, position.course, sentence);
        if position.is_ratio_rising {
            check_slope(&window, Direction::Rising, sentence);
        }
        let is_clipped = |step: u64| self.read(quantity::CLIP_SCALE, step) < Some(1.0);
        assert_eq!(position.clipped.is_some(), is_clipped(ratio.step), "{sentence}");
        if let Some(clipped) = position.clipped {
            let from = (ratio.step + 1).saturating_sub(clipped.n_steps as u64);
            let n = (from..=ratio.step).filter(|step| is_clipped(*step)).count();
            assert_eq!(n, clipped.n_clipped, "{sentence}");
        }
    }

    fn check_crossing(&self, LimitCrossing { before, step }: LimitCrossing, now: u64) {
        assert!(self.ratio(before).unwrap() <= 1.0 && self.ratio(step).unwrap() > 1.0);
        assert!(step <= now && (before + 1..step).all(|between| self.ratio(between).is_none()));
    }

    /// The median is in the range at every measured step of the period.
    fn check_edge(&self, EdgePeriod { since, last }: EdgePeriod, now: u64) {
        assert!(last <= now && self.ratio(since).is_some() && self.ratio(last).is_some());
        for step in (since..=last).filter(|step| self.ratio(*step).is_some()) {
            let mut ratios: Vec<f64> = self.window(step).iter().map(|ratio| ratio.value).collect();
            assert!(ratios.len() >= MIN_MEASURED);
            ratios.sort_by(f64::total_cmp);
            let n = ratios.len();
            let median = f64::midpoint(ratios[(n - 1) / 2], ratios[n / 2]);
            assert!((EDGE[0]..=EDGE[1]).contains(&median), "{median} at step {step}");
        }
    }

    fn check_losses(&self, course: LossCourse, since: u64, now: u64) {
        let loss = |step: u64| self.read(quantity::LOSS, step).unwrap();
        let first = now - course.n_steps;
        assert!(first >= since);
        let n = (first..now).filter(|step| loss(step + 1) > loss(*step)).count();
        assert_eq!(n as u64, course.n_rising);
        let tenth = (course.n_steps + 1) / 10;
        let mean = |from: u64| (from..from + tenth).map(loss).sum::<f64>() / tenth as f64;
        assert_eq!(mean(now + 1 - tenth) < mean(first), course.is_falling);
    }

    fn check_jump(&self, jump: &LossJump, now: u64) {
        let loss = |step: u64| self.read(quantity::LOSS, step).unwrap();
        let before = jump.step.saturating_sub(JUMP_STEPS as u64)..jump.step;
        assert!(before.clone().count() >= MIN_MEASURED);
        let floor = before.map(loss).fold(f64::INFINITY, f64::min);
        assert_eq!(floor, jump.floor.value);
        assert!(loss(jump.step) > JUMP_FACTOR * floor && jump.peak.step <= now);
        assert_eq!(loss(jump.peak.step), jump.peak.value);
        if let Some([above, below]) = jump.fall {
            assert!(above.step <= jump.step && jump.step < below.step && below.step <= now);
            assert!(self.ratio(above.step) > Some(1.0) && self.ratio(below.step) <= Some(1.0));
        }
    }

    fn check_change(&self, effect: &ChangeEffect, now: u64) {
        assert!(effect.marker.until <= now);
        for limit in effect.limits.iter().flatten() {
            assert_eq!(self.read(quantity::EFFECTIVE_THRESHOLD, limit.step), Some(limit.value));
        }
        let [before, after] = [effect.before, effect.after];
        assert!(before.is_none_or(|ratio| ratio.step < effect.marker.step));
        assert!(after.is_none_or(|ratio| (effect.marker.until..=now).contains(&ratio.step)));
        effect.jump.iter().for_each(|jump| self.check_jump(jump, now));
    }
}

/// A direction is that of a slope above two standard errors, from the correlation r of value and
/// step: slope/error = r·√((n − 2)/(1 − r²)).
fn check_slope(values: &[Dated], direction: Direction, sentence: &str) {
    if direction == Direction::Level {
        return;
    }
    let n = values.len() as f64;
    let [x, y] = [|d: &Dated| d.step as f64, |d: &Dated| d.value].map(|of| {
        let all: Vec<f64> = values.iter().map(of).collect();
        let mean = all.iter().sum::<f64>() / n;
        all.into_iter().map(|value| value - mean).collect::<Vec<_>>()
    });
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let correlation = dot(&x, &y) / (dot(&x, &x) * dot(&y, &y)).sqrt();
    let rest = (1.0 - correlation * correlation).max(1e-300);
    let quotient = correlation * ((n - 2.0) / rest).sqrt();
    let sign = if direction == Direction::Rising { 1.0 } else { -1.0 };
    assert!(sign * quotient > 2.0 * (1.0 - 1e-6), "{quotient}: {sentence}");
}
