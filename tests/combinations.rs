//! Every initialization works with every optimizer, rate rule and kind of clipping, at tiny size.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

use std::ops::ControlFlow;

use eoscope::config::{
    Batch, ClipMode, InitScheme, Interval, RateRule, Rule, RunConfig, ScheduleShape, Tuning, preset,
};
use eoscope::history::{Run, Status};
use eoscope::net::never;
use eoscope::protocol::{Event, RunEnd, RunId};
use eoscope::runner;

/// A 1-5-1 network on eight points of a parabola, with curvature at every 10th step.
fn tiny() -> RunConfig {
    let mut config = preset("chebyshev-edge").unwrap().config.clone();
    config.model.hidden = vec![5];
    config.task.n_train = 8;
    config.task.degree = 2;
    config.n_steps = 30;
    config.live.peak_lr = 1e-3;
    config.live.warmup.steps = 5;
    config.live.rate.sigma = 1.0;
    config.live.probe.every = Interval::every(10);
    config.live.probe.top_k = 1;
    config.live.probe.min_every = Interval::Off;
    config.live.probe.audit_every = Interval::Off;
    config
}

/// Takes all steps with finite numbers, or returns why the run cannot start.
fn check(config: &RunConfig, what: &str) -> Result<(), String> {
    if let Err(refusal) = config.validate() {
        return Err(refusal.to_string());
    }
    let mut n_seen = 0;
    let mut end = None;
    let went = runner::run(config, 1, &never, &mut |event| {
        match event {
            Event::Sampled { records, .. } => {
                for sample in records.iter().map(|record| &record.sample) {
                    n_seen += 1;
                    let numbers = [sample.loss, sample.learning_rate, sample.update_norm];
                    assert!(numbers.iter().all(|x| x.is_finite()), "{what}: {sample:?}");
                    assert_eq!(sample.curvature.is_some(), sample.step % 10 == 0, "{what}");
                    let top = sample.curvature.iter().flat_map(|curvature| &curvature.top);
                    assert!(top.map(|e| e.value).all(f64::is_finite), "{what}");
                }
            }
            Event::Ended { end: told, .. } => end = Some(told.clone()),
            Event::Started { .. }
            | Event::Prepared { .. }
            | Event::PreparationCut { .. }
            | Event::Tuned { .. }
            | Event::Searched { .. }
            | Event::Tried { .. }
            | Event::Working { .. }
            | Event::Paused { .. }
            | Event::Resumed { .. } => {}
        }
        ControlFlow::Continue(())
    });
    if let Err(refusal) = went {
        return Err(refusal.to_string());
    }
    if config.live.rate.rule == RateRule::Cdat {
        // Where the loss is flat along the update, the rate is unbounded.
        assert!(matches!(end, Some(RunEnd::Finished | RunEnd::Diverged { .. })), "{what}");
        return Ok(());
    }
    assert_eq!((n_seen, end), (30, Some(RunEnd::Finished)), "{what}");
    Ok(())
}

#[test]
fn every_initialization_optimizer_rate_rule_and_clipping_go_together_or_say_why_not() {
    let (mut n, mut refusals) = (0, Vec::new());
    for scheme in InitScheme::ALL {
        for rule in Rule::ALL {
            for rate in RateRule::ALL {
                for clip in ClipMode::ALL {
                    let mut config = tiny();
                    config.init.scheme = *scheme;
                    config.optimizer.rule = *rule;
                    config.live.rate.rule = *rate;
                    config.live.clip.mode = *clip;
                    let what = format!("{scheme} × {rule} × {rate} × {clip}");
                    n += 1;
                    refusals.extend(check(&config, &what).err().map(|why| (*scheme, why)));
                }
            }
        }
    }
    assert!(n > 2000);
    for (scheme, why) in refusals {
        assert_eq!(scheme, InitScheme::Fixup, "{why}");
        assert!(why.contains("fixup") && why.lines().count() == 1, "{why}");
    }
}

#[test]
fn every_tuning_of_initial_weights_goes_with_every_initialization_and_optimizer() {
    for tuning in Tuning::ALL {
        for scheme in InitScheme::ALL.iter().filter(|scheme| **scheme != InitScheme::Fixup) {
            for rule in Rule::ALL {
                let mut config = tiny();
                config.init.scheme = *scheme;
                config.init.tuning = *tuning;
                (config.init.tuning_steps, config.init.tuning_batch) = (4, 8);
                config.optimizer.rule = *rule;
                check(&config, &format!("{tuning} × {scheme} × {rule}")).unwrap();
            }
        }
    }
}

/// CDAT has no cap, as published: its steps overshoot more and more beyond σ = 2.
#[test]
fn a_rate_that_overshoots_ends_the_run_as_a_divergence_with_every_number_before_it_finite() {
    for rule in [Rule::HeavyBall, Rule::Nesterov, Rule::EmaMomentum, Rule::Rmsprop, Rule::Adam] {
        let mut config = preset("cdat").unwrap().config.clone();
        config.optimizer.rule = rule;
        config.live.momentum = 0.9;
        config.live.rate.sigma = 3.0;
        config.n_steps = 600;
        let mut run = Run::new(RunId(0), config.clone());
        let mut samples = Vec::new();
        runner::run(&config, 1, &never, &mut |event| {
            run.apply(event);
            if let Event::Sampled { records, .. } = event {
                samples.extend(records.iter().map(|record| record.sample.clone()));
            }
            ControlFlow::Continue(())
        })
        .unwrap();
        let Status::Ended(RunEnd::Diverged { loss }) = run.status() else {
            panic!("{rule}: {:?}", run.status())
        };
        assert!(*loss > 1e3 * samples[0].loss, "{rule}: {loss}");
        assert_eq!(run.n_steps(), samples.last().unwrap().step, "{rule}");
        for s in &samples[..samples.len() - 1] {
            let numbers = [s.loss, s.grad_norm, s.learning_rate, s.update_norm, s.param_norm];
            assert!(numbers.iter().all(|x| x.is_finite()), "{rule}: {s:?}");
        }
    }
}

#[test]
fn every_schedule_goes_with_every_optimizer_on_whole_and_small_batches() {
    let small = Batch::Size(std::num::NonZeroUsize::new(3).unwrap());
    for rule in Rule::ALL {
        for shape in ScheduleShape::ALL {
            for batch in [Batch::Full, small] {
                let mut config = tiny();
                config.optimizer.rule = *rule;
                config.optimizer.batch = batch;
                config.live.schedule.shape = *shape;
                config.live.schedule.steps = 7;
                config.live.weight_decay = 0.01;
                check(&config, &format!("{rule} × {shape} × {batch:?}")).unwrap();
            }
        }
    }
}
