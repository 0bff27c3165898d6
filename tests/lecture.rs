//! A lecture from a fresh profile, with the program's own training threads: a run blows up, rescues are
//! put on one picture, Present shows them, and a slide is exported, in at most fifteen clicks.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixel numbers")]

#[path = "common/soft.rs"]
mod soft;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, Rect, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use eoscope::config::RunConfig;
use eoscope::protocol::{RunEnd, link};
use eoscope::ui::App;
use eoscope::workers::Hub;

/// The most clicks of a lecture.
const MAX_CLICKS: usize = 15;

/// The least height of the sharpness plot in Present at 1024×740, in points.
const LEAST_HEIGHT: f32 = 330.0;

/// The longest wait for training. It only keeps a failed test from waiting for ever.
const PATIENCE: Duration = Duration::from_mins(10);

struct Lecture {
    window: Harness<'static, App>,
    _hub: Hub,
    n_clicks: usize,
}

impl Lecture {
    fn begin() -> Self {
        let (ui, worker) = link();
        let hub = Hub::start(worker, 1, None, || {}).unwrap();
        let window = Harness::builder()
            .with_size(vec2(1024.0, 740.0))
            .with_max_steps(8)
            .with_step_dt(1.0 / 60.0)
            .renderer(soft::Soft::default())
            .build_eframe(|cc| App::new(cc, ui, RunConfig::default()));
        Self { window, _hub: hub, n_clicks: 0 }
    }

    fn click(&mut self, role: Role, label: &str) {
        self.n_clicks += 1;
        assert!(self.n_clicks <= MAX_CLICKS, "one click too many: {label}");
        self.window.get_by_role_and_label(role, label).click();
        self.window.run_ok();
    }

    fn wait_until(&mut self, what: &str, is_there: impl Fn(&Harness<'static, App>) -> bool) {
        let started_at = Instant::now();
        while !is_there(&self.window) {
            assert!(started_at.elapsed() < PATIENCE, "waited in vain for {what}");
            self.window.step();
            std::thread::sleep(Duration::from_millis(5));
        }
        self.window.run_ok();
    }

    /// Whether something visible says this.
    fn says(&self, words: &str) -> bool {
        self.window.query_all_by_label_contains(words).next().is_some()
    }

    /// The sharpness plot without its axes.
    fn sharpness(&self) -> Rect {
        let is_wanted = |node: &egui_kittest::Node<'_>| {
            node.accesskit_node().label().is_some_and(|label| label.starts_with("Sharpness:"))
        };
        let mut images = self.window.query_all_by_role(Role::Image);
        images.find(is_wanted).unwrap().rect()
    }

    /// Saves a picture of the window for inspection.
    fn picture(&mut self, name: &str) {
        if let Some(folder) = std::env::var_os("EOSCOPE_PICTURES") {
            let path = std::path::Path::new(&folder).join(format!("lecture-{name}.png"));
            self.window.render().unwrap().save(path).unwrap();
        }
    }
}

#[test]
fn a_blow_up_its_rescues_a_presentation_and_a_slide_take_at_most_fifteen_clicks() {
    let folder = tempfile::tempdir().unwrap();
    let slide = folder.path().join("slide.png");
    let mut lecture = Lecture::begin();
    lecture.wait_until("the first steps", |window| window.state().current().n_steps() > 3);

    lecture.click(Role::ComboBox, "Preset");
    lecture.click(Role::Button, "blowup");
    let has_diverged = |window: &Harness<'static, App>| {
        let run = window.state().current();
        run.config().name == "blowup" && matches!(run.end(), Some(RunEnd::Diverged { .. }))
    };
    lecture.wait_until("the blow-up", has_diverged);
    assert!(lecture.says("Diverged at step"));
    assert!(lecture.says("of warmup") && lecture.says("clipping at 1"));
    lecture.picture("diverged");

    lecture.click(Role::Button, "Try all");
    lecture.wait_until("four rescues", |window| {
        window.query_all_by_label_contains("Show ").count() >= 4
    });
    lecture.picture("rescues");
    lecture.click(Role::Button, "Put all on the plots");
    assert!(lecture.window.query_by_label("Dismiss").is_none(), "the card covers the plots");
    let names: Vec<String> =
        lecture.window.state().drawn_runs().into_iter().map(str::to_owned).collect();
    assert!(names.len() >= 4, "{names:?}");
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{names:?}");
    for name in ["256 steps of warmup", "clipping at 1"] {
        assert!(names.iter().any(|known| known.contains(name)), "{name} is not in {names:?}");
    }

    lecture.window.key_press(Key::P);
    lecture.window.run_ok();
    assert!(lecture.window.query_by_label("Leave Present").is_some());
    let plot = lecture.sharpness();
    assert!(plot.height() >= LEAST_HEIGHT, "{plot:?}");
    for pinned in ["Warmup none", "Clipping off", "↺ Scale × 3"] {
        let tile = lecture.window.get_by_label(pinned).rect();
        assert!(tile.right() <= plot.left(), "{pinned}: {tile:?}");
    }
    lecture.picture("present");

    lecture.window.key_press(Key::E);
    lecture.window.run_ok();
    let page = lecture.window.get_by_label("Slide");
    let role = page.accesskit_node().role();
    lecture.click(role, "Slide");
    lecture.window.get_by_role_and_label(Role::TextInput, "File").focus();
    lecture.window.run_ok();
    lecture.window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    lecture.window.run_ok();
    let field = lecture.window.get_by_role_and_label(Role::TextInput, "File");
    field.type_text(slide.to_str().unwrap());
    lecture.window.run_ok();
    lecture.click(Role::Button, "Save");
    let is_saved =
        |window: &Harness<'static, App>| window.query_by_label_contains("Saved to").is_some();
    lecture.wait_until("the slide", is_saved);
    let picture = image::open(&slide).unwrap();
    assert_eq!((picture.width(), picture.height()), (1920, 1080));
}
