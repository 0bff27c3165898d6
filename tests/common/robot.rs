//! A robot that presses, drags, types and scrolls at random in a window.

#![expect(clippy::wildcard_enum_match_arm, reason = "most kinds of control are treated alike")]

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::LazyLock;

use eframe::egui::accesskit::Role;
use eframe::egui::{self, Event as Input, Key, Modifiers, MouseWheelUnit, PointerButton, vec2};
use egui_kittest::kittest::NodeT;
use egui_kittest::{Harness, Node};
use eoscope::config::RunConfig;
use eoscope::protocol::UiEnd;
use eoscope::ui::App;

use crate::dice::Dice;
use crate::pretender::Pretender;

/// Frames within which a window without input stops repainting.
const MAX_STEPS: u64 = 64;

/// Controls that open something outside the window, and that the robot skips.
const NOT_PRESSED: [&str; 1] = ["Browse…"];

/// Controls that the robot skips when runs are really trained, as it would request gigabytes.
const NOT_TRAINED: [&str; 4] = ["Hidden layers", "Depth", "Width", "Largest width"];

/// Text to type: numbers, words of settings, and nonsense.
const TEXTS: [&str; 26] = [
    "0.3",
    "0,3",
    "1",
    "2",
    "7",
    "64 16",
    "32, 32",
    "100000",
    "off",
    "none",
    "full",
    "0",
    "-5",
    "nan",
    "inf",
    "−∞",
    "1e308",
    "1e-320",
    "999999999999999999999",
    "banana",
    "",
    "0x10",
    "λ₁ → 漢字",
    "\u{202e}olleh\u{0}\u{7f}",
    "e\u{301}\u{200d}👩‍🚀",
    "a\tb\nc",
];

const KEYS: [Key; 20] = [
    Key::Space,
    Key::Period,
    Key::R,
    Key::Enter,
    Key::Escape,
    Key::Tab,
    Key::Backspace,
    Key::Delete,
    Key::ArrowUp,
    Key::ArrowDown,
    Key::ArrowLeft,
    Key::ArrowRight,
    Key::Home,
    Key::End,
    Key::PageUp,
    Key::PageDown,
    Key::A,
    Key::V,
    Key::Z,
    Key::F1,
];

/// The working folder of the robot, where it saves files by name.
pub(crate) static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("robot");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    std::fs::create_dir_all(&folder).unwrap();
    std::env::set_current_dir(&folder).unwrap();
    folder
});

/// A user who acts at random.
pub(crate) struct Robot {
    pub(crate) window: Harness<'static, App>,
    dice: Dice,
    pub(crate) pretender: Option<Pretender>,
    /// Whether its runs are really trained.
    pub(crate) is_training: bool,
    seed: u64,
    /// The last actions, printed on failure.
    done: VecDeque<String>,
    size: egui::Vec2,
}

impl Drop for Robot {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let last: Vec<_> = self.done.iter().map(String::as_str).collect();
            let text = format!("seed {}, the last actions:\n  {}\n", self.seed, last.join("\n  "));
            drop(std::io::Write::write_all(&mut std::io::stderr(), text.as_bytes()));
        }
    }
}

fn harness(ui: UiEnd, config: RunConfig) -> Harness<'static, App> {
    Harness::builder()
        .with_size(vec2(1440.0, 900.0))
        .with_max_steps(MAX_STEPS)
        .with_step_dt(1.0 / 60.0)
        .allow_missing_glyphs()
        .build_eframe(|cc| App::new(cc, ui, config))
}

impl Robot {
    /// A robot with a window on a preset.
    pub(crate) fn new(ui: UiEnd, seed: u64) -> Self {
        assert!(FOLDER.is_dir());
        let mut dice = Dice::new(seed);
        let presets = eoscope::config::presets();
        let config = presets[dice.below(presets.len())].config.clone();
        Self {
            window: harness(ui, config),
            dice,
            pretender: None,
            is_training: false,
            seed,
            done: VecDeque::new(),
            size: vec2(1440.0, 900.0),
        }
    }

    fn note(&mut self, action: String) {
        self.done.push_back(action);
        if self.done.len() > 12 {
            self.done.pop_front();
        }
    }

    /// A description of a control, with its position.
    fn pick(&mut self) -> Option<(Role, String, egui::Rect)> {
        let found = controls(&self.window);
        let found = (!found.is_empty()).then(|| found[self.dice.below(found.len())].clone());
        found.filter(|(_, label, _)| !self.is_training || !NOT_TRAINED.contains(&label.as_str()))
    }

    pub(crate) fn act(&mut self) {
        match self.dice.below(20) {
            0..9 => self.use_control(),
            9..11 => self.press_key(),
            11 => self.type_text(),
            12..14 => self.drag_anywhere(),
            14 => self.wheel(),
            15 => self.resize(),
            _ => self.hear(),
        }
    }

    fn use_control(&mut self) {
        let Some((role, label, rect)) = self.pick() else { return };
        self.note(format!("{role:?} “{}”", label.chars().take(60).collect::<String>()));
        match role {
            Role::Slider if self.dice.one_in(2) => {
                let value = [0.0, 1.0, 0.3, 3.0, 300.0, 4096.0, -1.0][self.dice.below(7)];
                let value = if self.dice.one_in(4) { self.dice.wild() } else { value };
                self.note(format!("  set to {value}"));
                if let Some(node) = find(&self.window, role, &label) {
                    node.set_value_accesskit(value);
                }
            }
            Role::Slider => {
                let to = rect.lerp_inside(vec2(self.any(), 0.5)) + vec2(0.0, 30.0 * self.any());
                let from = rect.lerp_inside(vec2(self.any(), 0.5));
                self.drag(from, to);
            }
            Role::SpinButton | Role::TextInput | Role::MultilineTextInput => {
                self.click(rect.center());
                if self.dice.one_in(2) {
                    self.window.key_press_modifiers(Modifiers::COMMAND, Key::A);
                }
                self.type_text();
                let end = *self.dice.of(&[&Key::Enter, &Key::Escape, &Key::Tab]);
                self.window.key_press(end);
            }
            _ => {
                self.click(rect.center());
                if self.dice.one_in(8) {
                    self.click(rect.center());
                }
            }
        }
    }

    fn any(&mut self) -> f32 {
        #[expect(clippy::cast_possible_truncation, reason = "a place on a screen")]
        let part = self.dice.fraction() as f32;
        part
    }

    fn anywhere(&mut self) -> egui::Pos2 {
        let at = vec2(self.any(), self.any()) * (self.size + vec2(40.0, 40.0));
        at.to_pos2() - vec2(20.0, 20.0)
    }

    fn click(&mut self, at: egui::Pos2) {
        let is_primary = !self.dice.one_in(6);
        let button = if is_primary { PointerButton::Primary } else { PointerButton::Secondary };
        self.press(at, button);
    }

    pub(crate) fn press(&mut self, at: egui::Pos2, button: PointerButton) {
        self.window.event(Input::PointerMoved(at));
        for pressed in [true, false] {
            let modifiers = Modifiers::NONE;
            self.window.event(Input::PointerButton { pos: at, button, pressed, modifiers });
        }
    }

    fn drag(&mut self, from: egui::Pos2, to: egui::Pos2) {
        let button =
            if self.dice.one_in(4) { PointerButton::Secondary } else { PointerButton::Primary };
        let modifiers = if self.dice.one_in(4) { Modifiers::SHIFT } else { Modifiers::NONE };
        let press = |pos, pressed| Input::PointerButton { pos, button, pressed, modifiers };
        self.window.event(Input::PointerMoved(from));
        self.window.event(press(from, true));
        for part in [0.3, 0.7, 1.0] {
            self.window.event(Input::PointerMoved(from.lerp(to, part)));
        }
        if self.dice.one_in(12) {
            // The pointer leaves the window with the button held.
            self.window.event(Input::PointerGone);
        }
        self.window.event(press(to, false));
    }

    fn drag_anywhere(&mut self) {
        let (from, to) = (self.anywhere(), self.anywhere());
        self.note(format!("drag {from:?} to {to:?}"));
        self.drag(from, to);
    }

    fn wheel(&mut self) {
        let at = self.anywhere();
        let delta = vec2(0.0, 400.0 * (self.any() - 0.5));
        self.note(format!("wheel {delta:?} at {at:?}"));
        self.window.event(Input::PointerMoved(at));
        if self.dice.one_in(3) {
            let factor = [0.0, 0.5, 2.0, 1e6, 1e-6][self.dice.below(5)];
            self.window.event(Input::Zoom(factor));
        } else {
            let unit = MouseWheelUnit::Point;
            let (phase, modifiers) = (egui::TouchPhase::Move, Modifiers::NONE);
            let source = egui::MouseWheelSource::Wheel;
            self.window.event(Input::MouseWheel { unit, delta, phase, modifiers, source });
        }
    }

    fn press_key(&mut self) {
        let key = KEYS[self.dice.below(KEYS.len())];
        let modifiers = match self.dice.below(6) {
            0 => Modifiers::COMMAND,
            1 => Modifiers::SHIFT,
            2 => Modifiers::ALT,
            _ => Modifiers::NONE,
        };
        self.note(format!("key {key:?} {modifiers:?}"));
        self.window.key_press_modifiers(modifiers, key);
    }

    fn type_text(&mut self) {
        let text = match self.dice.below(12) {
            0 => "9".repeat(2000),
            1 => "x ".repeat(1500),
            _ => self.dice.of(&TEXTS.each_ref().map(|text| *text)).to_owned(),
        };
        self.note(format!("  type {:?}", text.chars().take(24).collect::<String>()));
        let input = if self.dice.one_in(4) { Input::Paste(text) } else { Input::Text(text) };
        self.window.event(input);
    }

    fn resize(&mut self) {
        let sizes =
            [[640.0, 480.0], [800.0, 600.0], [1024.0, 700.0], [1440.0, 900.0], [2560.0, 1440.0]];
        let [width, height] = sizes[self.dice.below(sizes.len())];
        self.note(format!("resize to {width}×{height}"));
        self.size = vec2(width, height);
        self.window.set_size(self.size);
    }

    /// Some events of a run.
    fn hear(&mut self) {
        let n = if self.dice.one_in(6) { 20 } else { 1 };
        if let Some(pretender) = &mut self.pretender {
            for _ in 0..n {
                pretender.speak(&mut self.dice);
            }
        }
        self.note(format!("{n} events"));
    }

    /// The workers end.
    pub(crate) fn lose_the_link(&mut self) {
        self.note("the link is lost".to_owned());
        self.pretender = None;
    }
}

/// All interactive controls.
fn controls(window: &Harness<'_, App>) -> Vec<(Role, String, egui::Rect)> {
    const ROLES: [Role; 9] = [
        Role::Button,
        Role::CheckBox,
        Role::RadioButton,
        Role::ComboBox,
        Role::Slider,
        Role::SpinButton,
        Role::TextInput,
        Role::MultilineTextInput,
        Role::Label,
    ];
    let nodes = window.root().children_recursive();
    let usable = nodes.filter_map(|node| {
        let inner = node.accesskit_node();
        let (role, label) = (inner.role(), inner.label().unwrap_or_default());
        let is_usable = ROLES.contains(&role) && inner.bounding_box().is_some();
        (is_usable && !NOT_PRESSED.contains(&label.as_str())).then(|| (role, label, node.rect()))
    });
    let (labels, others): (Vec<_>, Vec<_>) = usable.partition(|(role, ..)| *role == Role::Label);
    // Names of settings reset on a double-click; there are many.
    others.into_iter().chain(labels.into_iter().step_by(8)).collect()
}

/// The first control of a role and name.
pub(crate) fn find<'a>(window: &'a Harness<'_, App>, role: Role, label: &str) -> Option<Node<'a>> {
    window.root().children_recursive().find(|node| {
        let inner = node.accesskit_node();
        inner.role() == role && inner.label().unwrap_or_default() == label
    })
}
