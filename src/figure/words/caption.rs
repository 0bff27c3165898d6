//! The caption below a picture: a run's initial settings, its live changes and its notices.

use crate::config::{
    Architecture, Batch, ClipMode, LiveSettings, ModelSpec, Normalization, RateRule, ResidualForm,
    RuleSetting, RunConfig, Schedule, ScheduleShape, Tuning, Warmup, settings,
};
use crate::history::{Marker, Run};
use crate::text;

/// Live changes listed in a caption at most.
const MAX_MARKERS: usize = 4;

/// Seeds listed one by one at most.
const MAX_SEEDS: usize = 10;

/// The caption of a run: a line of initial settings, a line of live changes if there are any, and a
/// line for each notice. `seed_group` is its seed group, drawn as one line.
#[must_use]
pub fn caption(run: &Run, seed_group: &[&Run]) -> String {
    let config = run.initial_config();
    let mut parts = vec![settings(config), seeds(config, seed_group)];
    parts.extend(acting(&config.live));
    let mut text = parts.join("; ");
    if !run.markers().is_empty() {
        text.push_str("\nChanged during the run: ");
        text.push_str(&live_changes(run.markers()));
    }
    for notice in run.notices() {
        text.push_str("\nNote: ");
        text.push_str(&notice);
    }
    text
}

fn settings(config: &RunConfig) -> String {
    let tuning = config.init.tuning;
    let is_tuned = tuning != Tuning::None;
    let tuning = if is_tuned { format!(", {}", tuning.title()) } else { String::new() };
    let has_peak = config.live.rate.rule.has_peak();
    let rate = if has_peak {
        format!("; η = {}", text::number(config.live.peak_lr))
    } else {
        String::new()
    };
    format!(
        "{}, n = {}; {}; {}, scale {}{}; {}, {}{rate}",
        config.task.title(),
        config.task.n_train,
        network(&config.model),
        config.init.scheme,
        text::number(config.init.scale),
        tuning,
        config.loss,
        optimizer(config),
    )
}

/// The update rule with the settings it reads.
fn optimizer(config: &RunConfig) -> String {
    let (rule, live) = (config.optimizer.rule, &config.live);
    let first = if rule.reads(RuleSetting::Beta2) { "β₁" } else { "β" };
    let number =
        |is_read: bool, name: &str, x: f64| is_read.then(|| format!("{name} {}", text::number(x)));
    let batch = match config.optimizer.batch {
        Batch::Full => None,
        Batch::Size(n) => Some(format!("batches of {n}")),
    };
    let parts = [
        Some(rule.to_string()),
        number(rule.has_momentum(), first, live.momentum),
        number(rule.reads(RuleSetting::Beta2), "β₂", live.beta2),
        number(rule.reads(RuleSetting::Radius), "ρ", live.radius),
        number(live.weight_decay > 0.0, "weight decay", live.weight_decay),
        batch,
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn seeds(config: &RunConfig, seed_group: &[&Run]) -> String {
    let mut seeds: Vec<u64> = seed_group.iter().map(|run| run.initial_config().seed).collect();
    seeds.sort_unstable();
    let seeds: Vec<String> = seeds.iter().map(ToString::to_string).collect();
    match seeds.as_slice() {
        [] => format!("seed {}", config.seed),
        few if few.len() <= MAX_SEEDS => format!("seeds {}", few.join(", ")),
        many => format!("{} seeds, {} to {}", many.len(), many[0], many[many.len() - 1]),
    }
}

/// The network: activation, architecture, sizes and normalization.
fn network(model: &ModelSpec) -> String {
    let widths = || model.hidden.iter().map(ToString::to_string).collect::<Vec<_>>().join("-");
    let sizes = match model.architecture {
        Architecture::Mlp => widths(),
        Architecture::Cnn => format!("cnn {}", widths()),
        Architecture::ResidualMlp => {
            format!("residual-mlp {}×{}×{}", model.width, model.blocks, model.block_layers)
        }
        Architecture::Resnet | Architecture::Densenet | Architecture::Transformer => {
            format!("{} {}×{}", model.architecture, model.width, model.blocks)
        }
    };
    let is_fixup =
        model.residual == ResidualForm::Fixup && settings::RESIDUAL.is_of(model.architecture);
    let norm = match model.normalization {
        Normalization::None if is_fixup => " fixup".to_owned(),
        Normalization::None => String::new(),
        norm @ (Normalization::Batch | Normalization::Layer | Normalization::Group) => {
            format!(" {norm} norm")
        }
    };
    format!("{} {sizes}{norm}", model.activation)
}

/// Rate rule, clipping and schedule, as far as they are on.
fn acting(live: &LiveSettings) -> Vec<String> {
    let mut parts = match live.rate.rule {
        RateRule::Schedule => warmup(&live.warmup).into_iter().collect(),
        RateRule::Cdat => vec![format!("CDAT, σ {}", text::number(live.rate.sigma))],
        RateRule::LineSearch => vec!["greedy line search".to_owned()],
        RateRule::Catapult => {
            vec![format!("catapult warmup, raising × {}", text::number(live.rate.raise))]
        }
    };
    let level = text::number(live.clip.value);
    match live.clip.mode {
        ClipMode::Off => {}
        ClipMode::Absolute => parts.push(format!("clipping at {level}")),
        ClipMode::Relative => parts.push(format!("clipping at {level} ‖g₀‖")),
        ClipMode::Value => parts.push(format!("clipping coordinates at ±{level}")),
        ClipMode::Adaptive => parts.push(format!("clipping units at {level} ‖w‖")),
    }
    parts.extend(schedule(&live.schedule).filter(|_| live.rate.rule.has_schedule()));
    parts
}

/// The warmup and its first step; `None` without one.
fn warmup(warmup: &Warmup) -> Option<String> {
    let from = match warmup.start {
        0 => String::new(),
        start => format!(" from step {start}"),
    };
    (warmup.steps > 0).then(|| format!("warmup {} steps{from}", warmup.steps))
}

/// The schedule with the settings it reads; `None` if it is constant.
fn schedule(schedule: &Schedule) -> Option<String> {
    let shape = schedule.shape;
    if shape == ScheduleShape::Constant {
        return None;
    }
    let number =
        |is_read: bool, name: &str, x: f64| is_read.then(|| format!("{name} {}", text::number(x)));
    let parts = [
        Some(format!("{shape} schedule")),
        shape.has_steps().then(|| format!("{} steps", schedule.steps)),
        number(shape.has_factor(), "factor", schedule.factor),
        number(shape.has_exponent(), "exponent", schedule.exponent),
    ];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

fn live_changes(markers: &[Marker]) -> String {
    let sentences = markers.iter().take(MAX_MARKERS).map(|marker| {
        let sentence = marker.sentence();
        if sentence.contains(" from step ") {
            sentence
        } else {
            format!("{sentence} at step {}", marker.step)
        }
    });
    let text = sentences.collect::<Vec<_>>().join("; ");
    if markers.len() > MAX_MARKERS { format!("{text}; …") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::settings::WARMUP_STEPS;
    use crate::config::{Clip, preset};
    use crate::protocol::{Event, RunId, Source};

    #[test]
    fn the_caption_lists_initial_settings_and_live_changes() {
        let mut config = preset("blowup").unwrap().config.clone();
        config.live.warmup.steps = 256;
        config.live.clip = Clip::at(ClipMode::Absolute, 1.0);
        config.live.schedule.shape = ScheduleShape::Cosine;
        let mut run = Run::new(RunId(2), config.clone());
        let mut live = config.live.clone();
        live.peak_lr = 0.8;
        run.apply(&Event::Tuned {
            run: RunId(2),
            step: 70,
            live: Box::new(live),
            source: Source::User(1),
        });
        let print = caption(&run, &[]);
        for part in [
            "gradient-descent; η = 0.2; seed 1",
            "warmup 256 steps",
            "clipping at 1",
            "cosine",
            "Learning rate 0.2 → 0.8 at step 70",
        ] {
            assert!(print.contains(part), "{part}: {print}");
        }
        assert_eq!(print.lines().count(), 2);
    }

    #[test]
    fn a_setting_that_never_acts_gets_a_note() {
        let mut config = preset("blowup").unwrap().config.clone();
        config.n_steps = 100;
        config.live.schedule.shape = ScheduleShape::Cosine;
        let print = caption(&Run::new(RunId(2), config), &[]);
        let last = print.lines().last().unwrap();
        assert!(last.starts_with("Note: the cosine schedule of 1000 steps"), "{print}");
    }

    #[test]
    fn an_optimizer_is_listed_with_the_settings_it_reads_and_a_seed_group_with_its_seeds() {
        let mut config = preset("adam-edge").unwrap().config.clone();
        let run = |config: &RunConfig| Run::new(RunId(1), config.clone());
        let text = caption(&run(&config), &[]);
        assert!(text.contains("adam, β₁ 0.9, β₂ 0.999; η = 0.003; seed 5"), "{text}");
        config.seed = 3;
        let (now, other) = (run(&config), run(&preset("adam-edge").unwrap().config));
        let text = caption(&now, &[&now, &other]);
        assert!(text.contains("; seeds 3, 5"), "{text}");
        let text = caption(&run(&preset("minibatch-edge").unwrap().config), &[]);
        assert!(text.contains("gradient-descent, batches of 4;"), "{text}");
    }

    #[test]
    fn a_rate_rule_without_warmup_is_listed_instead_of_it() {
        let mut config = preset("cdat").unwrap().config.clone();
        config.live.warmup.steps = 99;
        config.live.schedule.shape = ScheduleShape::Power;
        let print = |config: &RunConfig| caption(&Run::new(RunId(1), config.clone()), &[]);
        let text = print(&config);
        assert!(text.contains("CDAT, σ 1.5"), "{text}");
        let settings = text.lines().next().unwrap();
        assert!(!settings.contains("η ="), "no peak is read: {text}");
        assert!(!settings.contains("warmup") && !settings.contains("power"), "{text}");
        let unread = format!("`{WARMUP_STEPS}` = 99 does nothing");
        assert!(text.contains(&unread), "{text}");
        config.live.rate.rule = RateRule::Schedule;
        assert!(print(&config).contains("power schedule, exponent 0.5"), "{}", print(&config));
    }
}
