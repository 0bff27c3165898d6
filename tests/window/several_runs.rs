//! Several runs at once: former runs, their legend, the table that compares them, and names of runs.

use eframe::egui::accesskit::Role;
use eframe::egui::{self, Key};
use egui_kittest::kittest::{NodeT, Queryable};
use eoscope::config::{RunConfig, preset};
use eoscope::protocol::{Event, RunId};

use crate::blowup;
use crate::rig::{Rig, climb, record, started};

#[test]
fn a_preset_from_the_bar_starts_a_run() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    rig.window.get_by_role_and_label(Role::ComboBox, "Preset").click();
    rig.settle();
    let (_, config, _) = started(rig.click("blowup"));
    assert_eq!(config, blowup());
}

#[test]
fn another_horizontal_axis_is_one_choice_away() {
    let mut rig = Rig::running(&RunConfig::default(), 50);
    let shown = |rig: &Rig| {
        let choice = rig.window.get_by_role_and_label(Role::ComboBox, "Horizontal axis");
        choice.accesskit_node().value()
    };
    assert_eq!(shown(&rig).as_deref(), Some("step"));
    for axis in ["epoch", "effective time Ση"] {
        rig.window.get_by_role_and_label(Role::ComboBox, "Horizontal axis").click();
        rig.settle();
        rig.click(axis);
        assert_eq!(shown(&rig).as_deref(), Some(axis));
    }
    assert!(rig.commands().is_empty(), "the run goes on as it was");
}

#[test]
fn the_table_of_runs_tells_the_settings_that_differ() {
    let mut rig = Rig::running(&preset("blowup").unwrap().config.clone(), 20);
    rig.drag(rig.slider("Warmup").left_center(), rig.slider("Warmup").center());
    rig.press(Key::R);
    rig.say(Event::Sampled { run: RunId(2), records: climb(0, 7) });
    rig.click("Runs (2)");
    rig.click("Compare");
    assert!(rig.window.query_by_label_contains(", current").is_some());
    rig.window.get_by_label("Outcome");
    // Every value is told with its step.
    for row in ["0.427 at step 19", "0.476 at step 6"] {
        rig.window.get_by_label(row);
    }
    let markdown = copied(&mut rig, "Copy as Markdown");
    assert!(
        markdown.contains("| Training loss | 0.476 at step 6 | 0.427 at step 19 |"),
        "{markdown}"
    );
    let table = copied(&mut rig, "Copy as CSV");
    assert!(table.contains("\nTraining loss,0.476 at step 6,0.427 at step 19\n"), "{table}");
    rig.click("Remove all");
    assert!(rig.window.query_by_label("Outcome").is_none(), "nothing is left to compare");
}

#[test]
fn the_line_below_the_bar_names_what_differs_from_the_preset() {
    let mut config = RunConfig::default();
    config.live.peak_lr = 0.2;
    let mut rig = Rig::running(&config, 5);
    rig.window.get_by_label("fashion-edge, changed: Learning rate 0.1 → 0.2");
    // Requested and not yet answered.
    rig.window.get_by_role_and_label(Role::Slider, "Learning rate").set_value_accesskit(0.1);
    rig.settle();
    let both = "fashion-edge, changed: Learning rate 0.1 → 0.2, Learning rate 0.2 → 0.1";
    rig.window.get_by_label(both);
}

#[test]
fn every_former_run_has_one_entry_in_the_legend_which_hides_it() {
    let mut rig = Rig::running(&RunConfig::default(), 400);
    for run in 2..5 {
        rig.press(Key::R);
        rig.start(RunId(run), &RunConfig::default());
        rig.say(Event::Sampled { run: RunId(run), records: climb(0, 400 - 100 * (run - 1)) });
    }
    // The visible range ends with the current run, so let it extend past all others.
    rig.say(Event::Sampled { run: RunId(4), records: climb(399, 400) });
    rig.window.ctx.set_theme(egui::Theme::Dark);
    rig.settle();
    let colors = [[0x3c, 0xc4, 0x8a], [0xd4, 0x7a, 0xd8], [0xc9, 0xc2, 0x4a]];
    let is_near = |a: &[u8], b: [u8; 3]| a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= 6);
    let count = |rig: &mut Rig| {
        let image = rig.window.render().unwrap();
        colors.map(|color| image.pixels().filter(|pixel| is_near(&pixel.0[..3], color)).count())
    };
    let names = ["fashion-edge", "fashion-edge (2)", "fashion-edge (3)"];
    for (i, name) in names.into_iter().enumerate() {
        let before = count(&mut rig);
        assert!(before[i] > 60, "{name} {before:?}");
        rig.window.get_by_role_and_label(Role::CheckBox, name).click();
        rig.settle();
        let after = count(&mut rig);
        assert!(after[i] * 2 < before[i], "{name} {before:?} {after:?}");
    }
}

#[test]
fn the_status_line_begins_with_the_sharpness_against_its_limit() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    rig.say(Event::Sampled { run: RunId(1), records: vec![record(5, 0.5, 20.94)] });
    rig.window.get_by_label("λ₁ 20.9 · limit 20 · ratio 1.05 at step 5");
    rig.open_section("Schedule");
    rig.window.get_by_role_and_label(Role::SpinButton, "r₀ = η·λ₁(0)/2");
}

/// What a button puts on the clipboard.
pub(crate) fn copied(rig: &mut Rig, label: &str) -> String {
    rig.window.get_by_label(label).click();
    // Clipboard requests of a frame are gone in the next one.
    let text = (0..4).find_map(|_| {
        rig.window.step();
        let commands = &rig.window.output().platform_output.commands;
        commands.iter().find_map(|command| match command {
            egui::OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        })
    });
    text.unwrap()
}

#[test]
fn the_command_that_trains_a_run_again_is_copied() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    let text = copied(&mut rig, "Copy command");
    assert!(text.starts_with("eoscope fashion-edge --seed "), "{text}");
}
