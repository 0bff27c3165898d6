//! What runs are called outside the window: titles and small print of pictures, names in tables.
//! Does not draw or write.

use crate::config::{
    Change, ClipMode, RateRule, RunConfig, Schedule, ScheduleShape, Warmup, preset,
};
use crate::figure;
use crate::history::{Marker, Run};
use crate::text;

use super::ghosts;

/// Changes told in a title; more would not be read.
const MAX_TOLD: usize = 3;

/// Live changes told below a picture; more would fill it.
const MAX_MARKERS: usize = 4;

/// The run's name and what sets it apart from its preset, in a few words.
pub(super) fn title(run: &Run) -> String {
    let name = &run.initial_config().name;
    let told = apart(run.initial_config());
    let told: Vec<_> = told.iter().map(ToString::to_string).collect();
    match told.as_slice() {
        [] => name.clone(),
        few if few.len() <= MAX_TOLD => format!("{name}: {}", few.join(", ")),
        many => format!("{name}: {}, …", many[..MAX_TOLD].join(", ")),
    }
}

/// All that differs from the preset by dotted key, then the live changes: enough to train it again.
pub(super) fn settings(run: &Run) -> String {
    let told = apart(run.initial_config()).into_iter();
    let told = told.map(|change| format!("{}={}", change.key, change.to));
    let markers = run.markers().iter().flat_map(|marker| {
        let at = marker.step;
        marker.changes.iter().map(move |change| format!("{}={}@{at}", change.key, change.to))
    });
    let preset = std::iter::once(run.initial_config().name.clone());
    preset.chain(told).chain(markers).collect::<Vec<_>>().join(" ")
}

/// What differs from the preset of its name.
fn apart(config: &RunConfig) -> Vec<Change> {
    let mut changes =
        preset(&config.name).map_or_else(|_| Vec::new(), |preset| preset.config.changes_to(config));
    changes.retain(|change| change.key != "live.pace");
    changes
}

/// The small print of a picture: settings, what acts on the rate, live changes, and the ghosts.
pub(super) fn small_print(current: &Run, ghosts: &[Run]) -> String {
    let mut first = figure::caption(current);
    for part in acting(current) {
        first.push_str("; ");
        first.push_str(&part);
    }
    let mut lines = vec![first];
    if !current.markers().is_empty() {
        lines.push(format!("Changed during the run: {}", live(current.markers())));
    }
    let told = ghosts.iter().map(|ghost| format!("Faded: {}", ghosts::name(ghost, current)));
    lines.extend(told);
    lines.join("\n")
}

/// What gives the rate, clipping and schedule, where they are on.
fn acting(run: &Run) -> Vec<String> {
    let live = &run.config().live;
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

/// The warmup and where it began; `None` without one.
fn warmup(warmup: &Warmup) -> Option<String> {
    let from = match warmup.start {
        0 => String::new(),
        start => format!(" from step {start}"),
    };
    (warmup.steps > 0).then(|| format!("warmup {} steps{from}", warmup.steps))
}

/// The schedule with the numbers it reads; `None` when it is constant.
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

fn live(markers: &[Marker]) -> String {
    let told = markers.iter().take(MAX_MARKERS).map(|marker| {
        let sentence = marker.sentence();
        if sentence.contains(" from step ") {
            sentence
        } else {
            format!("{sentence} at step {}", marker.step)
        }
    });
    let told = told.collect::<Vec<_>>().join("; ");
    if markers.len() > MAX_MARKERS { format!("{told}; …") } else { told }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Event, RunId, Source};

    fn warmed() -> Run {
        let mut config = preset("blowup").unwrap().config.clone();
        config.live.warmup.steps = 256;
        Run::new(RunId(2), config)
    }

    #[test]
    fn a_title_tells_what_differs_from_the_preset() {
        assert_eq!(title(&warmed()), "blowup: Warmup 0 → 256");
        let plain = Run::new(RunId(1), preset("blowup").unwrap().config.clone());
        assert_eq!(title(&plain), "blowup");
        assert_eq!(settings(&warmed()), "blowup live.warmup.steps=256");
    }

    #[test]
    fn the_small_print_names_what_acts_live_changes_and_ghosts() {
        let ghost = Run::new(RunId(1), preset("blowup").unwrap().config.clone());
        let mut run = warmed();
        let mut live = run.config().live.clone();
        live.clip = crate::config::Clip { mode: ClipMode::Absolute, value: 1.0 };
        live.schedule.shape = ScheduleShape::Cosine;
        run.apply(&Event::Tuned {
            run: RunId(2),
            step: 70,
            live: Box::new(live),
            source: Source::Person(1),
        });
        let print = small_print(&run, &[ghost]);
        for part in ["warmup 256 steps", "clipping at 1", "cosine", "at step 70", "Faded: run 1"] {
            assert!(print.contains(part), "{part}: {print}");
        }
        assert_eq!(print.lines().count(), 3);
        assert!(settings(&run).contains("live.clip.mode=\"absolute\"@70"), "{}", settings(&run));
    }

    #[test]
    fn a_rule_that_reads_no_warmup_is_told_in_its_place() {
        let mut config = preset("cdat").unwrap().config.clone();
        config.live.warmup.steps = 99;
        config.live.schedule.shape = ScheduleShape::Power;
        let print = |config: &RunConfig| small_print(&Run::new(RunId(1), config.clone()), &[]);
        let told = print(&config);
        assert!(told.contains("CDAT, σ 1.5"), "{told}");
        assert!(!told.contains("warmup") && !told.contains("power"), "{told}");
        config.live.rate.rule = RateRule::Schedule;
        assert!(print(&config).contains("power schedule, exponent 0.5"), "{}", print(&config));
    }
}
