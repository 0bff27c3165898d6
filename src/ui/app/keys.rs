//! The keyboard: every shortcut with what it does; views bring theirs along.
//! Carries nothing out, and reads no key while the user types.

use std::sync::LazyLock;

use eframe::egui::{Context, Event, Key, Modifiers};

use crate::config::settings;
use crate::figure::PanelKind;
use crate::ui::action::WindowAction;
use crate::ui::gesture::Gesture;
use crate::ui::session::Request;
use crate::ui::shortcut::{Section, Shortcut};
use crate::ui::view_info::ViewInfo;
use crate::ui::views;

/// Factor on the learning rate by an arrow key.
const RATE_STEP: f64 = 1.1;

/// Fraction of the view that an arrow key moves the plots by.
const PAN_STEP: f64 = 0.1;

/// Factor on the steps in view by a key.
const ZOOM_STEP: f64 = 1.5;

/// What a key does.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum KeyAction {
    /// Something with the runs.
    Request(Request),
    /// Something with the window.
    Window(WindowAction),
}

/// A shortcut and what it does.
#[derive(Clone, Debug)]
struct Row {
    shortcut: Shortcut,
    action: KeyAction,
    /// Whether holding it down does it again and again.
    is_repeated: bool,
}

const NONE: Modifiers = Modifiers::NONE;
const SHIFT: Modifiers = Modifiers::SHIFT;
const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers { shift: true, ..Modifiers::COMMAND };

type Keys = &'static [(Modifiers, Key)];

/// Makes the rows of one section.
struct Rows(Section);

impl Rows {
    fn row(&self, keys: Keys, shown: &'static str, words: &'static str, action: KeyAction) -> Row {
        let shortcut = Shortcut { section: self.0, keys, shown, words };
        Row { shortcut, action, is_repeated: false }
    }

    fn request(&self, keys: Keys, shown: &'static str, words: &'static str, what: Request) -> Row {
        self.row(keys, shown, words, KeyAction::Request(what))
    }

    fn window(
        &self,
        keys: Keys,
        shown: &'static str,
        words: &'static str,
        what: WindowAction,
    ) -> Row {
        self.row(keys, shown, words, KeyAction::Window(what))
    }

    /// The views that are listed in this section.
    fn views(&self) -> Vec<Row> {
        let row = |info: &'static ViewInfo| {
            let shortcut = info.shortcut.filter(|shortcut| shortcut.section == self.0)?;
            let action = KeyAction::Window(WindowAction::Toggle(info));
            Some(Row { shortcut, action, is_repeated: false })
        };
        views::ALL.iter().copied().filter_map(row).collect()
    }
}

impl Row {
    fn repeated(self) -> Self {
        Self { is_repeated: true, ..self }
    }
}

/// All keys, in the order of the list on screen.
fn table() -> &'static [Row] {
    static TABLE: LazyLock<Vec<Row>> = LazyLock::new(|| {
        [run(), settings(), Rows(Section::Settings).views(), plots(), window()].concat()
    });
    &TABLE
}

/// Every shortcut, in the order of the list on screen.
pub(super) fn shortcuts() -> Vec<&'static Shortcut> {
    table().iter().map(|row| &row.shortcut).collect()
}

fn run() -> Vec<Row> {
    let rows = Rows(Section::Run);
    vec![
        rows.request(&[(NONE, Key::Space)], "Space", "Start, pause, resume", Request::Toggle),
        rows.request(&[(NONE, Key::Period)], ".", "One step", Request::StepOnce).repeated(),
        rows.request(
            &[(SHIFT, Key::R)],
            "Shift+R",
            "Start clean: settings as now, no changes to come",
            Request::StartClean,
        ),
        rows.request(&[(NONE, Key::R)], "R", "Restart, every change at its step", Request::Restart),
        rows.request(&[(NONE, Key::N)], "N", "Restart from a new seed", Request::NewSeed),
    ]
}

fn settings() -> Vec<Row> {
    let rows = Rows(Section::Settings);
    let focus =
        |keys, shown, words, setting| rows.window(keys, shown, words, WindowAction::Focus(setting));
    let rate = |factor| WindowAction::Rate(factor, Gesture::New);
    vec![
        rows.window(&[(NONE, Key::ArrowUp)], "↑", "Learning rate up a tenth", rate(RATE_STEP))
            .repeated(),
        rows.window(
            &[(NONE, Key::ArrowDown)],
            "↓",
            "Learning rate down a tenth",
            rate(1.0 / RATE_STEP),
        )
        .repeated(),
        focus(&[(NONE, Key::L)], "L", "Type a learning rate", &settings::PEAK_LR),
        focus(&[(NONE, Key::W)], "W", "Type a warmup", &settings::WARMUP_STEPS),
        focus(&[(NONE, Key::C)], "C", "Go to clipping", &settings::CLIP_MODE),
        focus(&[(NONE, Key::I)], "I", "Type an initial scale", &settings::SCALE),
        rows.request(&[(NONE, Key::Y)], "Y", "Try rates from here", Request::TryRates),
        rows.request(&[(NONE, Key::U)], "U", "Find a warmup", Request::TryWarmup),
        rows.request(
            &[(CTRL_SHIFT, Key::Z), (CTRL, Key::Y)],
            "Ctrl+Shift+Z",
            "Redo",
            Request::Redo,
        )
        .repeated(),
        rows.request(&[(CTRL, Key::Z)], "Ctrl+Z", "Undo a live change", Request::Undo).repeated(),
        rows.window(
            &[(NONE, Key::K)],
            "K",
            "Copy the command of this run",
            WindowAction::CopyCommand,
        ),
    ]
}

fn plots() -> Vec<Row> {
    let rows = Rows(Section::Plots);
    let panel =
        |keys, shown, words, kind| rows.window(keys, shown, words, WindowAction::Panel(kind));
    let (earlier, later) = (WindowAction::Pan(-PAN_STEP), WindowAction::Pan(PAN_STEP));
    let (closer, farther) = (WindowAction::Zoom(ZOOM_STEP), WindowAction::Zoom(1.0 / ZOOM_STEP));
    vec![
        rows.window(&[(NONE, Key::F)], "F", "Follow the newest step", WindowAction::Follow),
        rows.window(&[(NONE, Key::Num0)], "0", "Fit every step", WindowAction::Fit),
        rows.window(&[(NONE, Key::ArrowLeft)], "←", "Earlier steps", earlier).repeated(),
        rows.window(&[(NONE, Key::ArrowRight)], "→", "Later steps", later).repeated(),
        rows.window(&[(NONE, Key::Plus), (NONE, Key::Equals)], "+", "Fewer steps, larger", closer)
            .repeated(),
        rows.window(&[(NONE, Key::Minus)], "−", "More steps", farther).repeated(),
        panel(&[(NONE, Key::Num1)], "1", "Sharpness on or off", PanelKind::Sharpness),
        panel(&[(NONE, Key::Num2)], "2", "Loss on or off", PanelKind::Loss),
        panel(&[(NONE, Key::Num3)], "3", "Learning rate on or off", PanelKind::LearningRate),
        panel(&[(NONE, Key::Num4)], "4", "Gradient norm on or off", PanelKind::GradNorm),
        panel(
            &[(NONE, Key::Num5)],
            "5",
            "Preconditioned sharpness on or off",
            PanelKind::Preconditioned,
        ),
    ]
}

fn window() -> Vec<Row> {
    let rows = Rows(Section::Window);
    let mut all = rows.views();
    all.extend([
        rows.window(&[(NONE, Key::T)], "T", "Next theme", WindowAction::NextTheme),
        rows.window(&[(NONE, Key::P)], "P", "Projector size", WindowAction::Projector),
        rows.window(&[(NONE, Key::F11)], "F11", "Full screen", WindowAction::FullScreen),
        rows.window(
            &[(CTRL, Key::Plus), (CTRL, Key::Equals)],
            "Ctrl +",
            "Everything larger",
            WindowAction::Scale(1),
        )
        .repeated(),
        rows.window(&[(CTRL, Key::Minus)], "Ctrl −", "Everything smaller", WindowAction::Scale(-1))
            .repeated(),
        rows.window(&[(CTRL, Key::Num0)], "Ctrl+0", "Usual size", WindowAction::Scale(0)),
        rows.window(&[(NONE, Key::Escape)], "Esc", "Close what is open", WindowAction::Close),
    ]);
    all
}

/// Every key with what is held down beside it and what it does, for lists of keys elsewhere.
pub fn list() -> impl Iterator<Item = (Modifiers, Key, &'static str)> {
    let shortcuts = shortcuts().into_iter();
    shortcuts
        .flat_map(|shortcut| shortcut.keys.iter().map(|(held, key)| (*held, *key, shortcut.words)))
}

/// What the keys pressed in this frame request; none while the user types, and while a control has
/// the keyboard only those that it does not use itself.
pub(super) fn pressed(ctx: &Context) -> Vec<KeyAction> {
    if ctx.text_edit_focused() {
        return Vec::new();
    }
    let is_control_focused = ctx.egui_wants_keyboard_input();
    let mut actions = Vec::new();
    let mut is_text = false;
    ctx.input_mut(|input| {
        input.events.retain(|event| {
            let Event::Key { key, pressed: true, modifiers, repeat, .. } = event else {
                return true;
            };
            if is_control_focused && is_used_by_controls(*key) {
                return true;
            }
            let mut rows = table().iter();
            let Some(row) = rows.find(|row| row.shortcut.matches(*key, *modifiers)) else {
                return true;
            };
            is_text |= !modifiers.command;
            if !repeat || row.is_repeated {
                actions.push(repeated(&row.action, *repeat));
            }
            false
        });
        if is_text {
            // The letter itself must not be typed into the field that it leads to.
            input.events.retain(|event| !matches!(event, Event::Text(_)));
        }
    });
    actions
}

/// A key held down continues its own gesture.
fn repeated(action: &KeyAction, is_repeat: bool) -> KeyAction {
    match action {
        KeyAction::Window(WindowAction::Rate(factor, _)) if is_repeat => {
            KeyAction::Window(WindowAction::Rate(*factor, Gesture::Continued))
        }
        KeyAction::Request(_) | KeyAction::Window(_) => action.clone(),
    }
}

/// Keys that press, move or leave a focused control.
fn is_used_by_controls(key: Key) -> bool {
    let moves = [Key::ArrowUp, Key::ArrowDown, Key::ArrowLeft, Key::ArrowRight];
    key == Key::Space || moves.contains(&key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::shortcut::digit;

    #[test]
    fn no_key_stands_twice_in_the_table_and_none_hides_another() {
        let rows = table();
        for row in rows {
            for (held, key) in row.shortcut.keys {
                // As pressed: the row that is found must be this one.
                let pressed = Modifiers { ctrl: held.command, ..*held };
                let found = rows.iter().find(|row| row.shortcut.matches(*key, pressed)).unwrap();
                let shown = row.shortcut.shown;
                assert_eq!(found.shortcut.words, row.shortcut.words, "{shown} is taken");
            }
        }
        for (i, a) in rows.iter().enumerate() {
            let words = a.shortcut.words;
            let differs = |b: &Row| a.action != b.action && words != b.shortcut.words;
            assert!(rows[..i].iter().all(differs), "{words}");
        }
    }

    #[test]
    fn every_plot_has_the_key_that_the_menu_names() {
        for kind in PanelKind::ALL {
            let action = KeyAction::Window(WindowAction::Panel(kind));
            let row = table().iter().find(|row| row.action == action).unwrap();
            assert_eq!(row.shortcut.shown, digit(kind).to_string());
        }
    }
}
