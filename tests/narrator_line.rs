//! The narrator's line in the window: its row moves no plot, and a click leads to its step.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed test says so at once")]
#![allow(clippy::duplicate_mod, reason = "two helpers use the same facts")]

#[allow(dead_code, reason = "each test uses its part")]
#[path = "common/bare.rs"]
mod bare;
#[allow(dead_code, reason = "each test uses its part")]
#[path = "common/synthetic.rs"]
mod synthetic;

use bare::{Rig, started};
use eframe::egui::{self, Rect, accesskit::Role, accesskit::Toggled, vec2};
use egui_kittest::Node;
use egui_kittest::kittest::{NodeT, Queryable};
use eoscope::config::RunConfig;
use eoscope::protocol::{Cost, Event, Record, Sample};
use synthetic::{RUN, edge};

fn open(size: egui::Vec2) -> Rig {
    let config = RunConfig::default();
    let mut rig = Rig::open(config.clone(), size);
    rig.say(started(RUN, &config));
    rig
}

/// The edge of stability, with a loss that does not jump.
fn sampled(steps: std::ops::Range<u64>) -> Event {
    let record = |step| {
        let loss = 1.0 / (1.0 + step as f64 / 50.0);
        Record { sample: Sample { loss, ..edge(step) }, cost: Cost::default() }
    };
    Event::Sampled { run: RUN, records: steps.map(record).collect() }
}

/// The plot of the sharpness.
fn plot(rig: &Rig) -> Rect {
    let mut images = rig.window.query_all_by_role(Role::Image);
    let is_plot = |node: &Node<'_>| {
        node.accesskit_node().label().is_some_and(|label| label.starts_with("Sharpness:"))
    };
    images.find(is_plot).unwrap().rect()
}

fn sentence<'a>(rig: &'a Rig, begin: &'a str) -> Node<'a> {
    let mut buttons = rig.window.query_all_by_role(Role::Button);
    let is_said = |node: &Node<'_>| {
        node.accesskit_node().label().is_some_and(|label| label.starts_with(begin))
    };
    let found = buttons.find(is_said);
    found.unwrap_or_else(|| {
        let buttons = rig.window.query_all_by_role(Role::Button);
        let labels = buttons.filter_map(|node| node.accesskit_node().label());
        panic!("{begin}: {:?}", labels.collect::<Vec<_>>())
    })
}

#[test]
fn the_line_has_its_row_before_it_says_anything_and_in_small_windows() {
    for size in [vec2(1440.0, 900.0), vec2(1024.0, 700.0), vec2(720.0, 480.0)] {
        let mut rig = open(size);
        rig.say(sampled(0..19));
        let before = plot(&rig);
        rig.say(sampled(19..90));
        let below = sentence(&rig, "λ₁ is below its limit 2/η and rising").rect();
        assert_eq!(plot(&rig), before, "{size:?}");
        rig.say(sampled(90..400));
        let at_edge = sentence(&rig, "At the edge of stability, limit 2/η, since step ").rect();
        assert_eq!(plot(&rig).top(), before.top(), "{size:?}");
        assert_eq!(at_edge.height(), below.height(), "one line, whatever it says");
        assert!(at_edge.bottom() <= before.top() && at_edge.right() <= size.x, "{size:?}");
    }
}

#[test]
fn a_click_shows_the_step_of_the_sentence_and_follows_no_longer() {
    let mut rig = open(vec2(1440.0, 900.0));
    rig.say(sampled(0..900));
    let is_following = |rig: &Rig| {
        rig.control(Role::Button, "Follow").accesskit_node().toggled() == Some(Toggled::True)
    };
    assert!(is_following(&rig));
    let found = sentence(&rig, "At the edge of stability");
    let label = found.accesskit_node().label().unwrap();
    let since: f64 =
        label.split("since step ").nth(1).unwrap().split(':').next().unwrap().parse().unwrap();
    found.click();
    rig.settle();
    assert!(!is_following(&rig));
    let plot = plot(&rig);
    // The table under the pointer begins with its step.
    rig.window.hover_at(plot.center());
    rig.settle();
    rig.settle();
    let images = rig.window.query_all_by_role(Role::Image);
    let mut heads = images.into_iter().filter_map(|image| image.accesskit_node().label());
    let head = heads.find(|label| label.starts_with("step ")).unwrap();
    let step: f64 = head.split(['\n', ' ']).nth(1).unwrap().parse().unwrap();
    assert!((step - since).abs() <= 12.0, "step {step} in the middle, {since} told");
}
