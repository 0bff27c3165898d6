//! The table of keys and pointer actions, including the keys that views declare, and the keys pressed
//! in a frame.

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

use super::pointer_table;

/// Factor of an arrow key on the learning rate.
const RATE_STEP: f64 = 1.1;

/// Fraction of the visible steps that an arrow key pans by.
const PAN_STEP: f64 = 0.1;

/// Factor of a zoom key on the number of visible steps.
const ZOOM_STEP: f64 = 1.5;

/// The action of a key.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum KeyAction {
    /// A request about runs.
    Request(Request),
    /// A window action.
    Window(WindowAction),
}

/// A shortcut and its action.
#[derive(Clone, Debug)]
struct Binding {
    shortcut: Shortcut,
    action: KeyAction,
    /// Whether holding the key repeats the action.
    is_repeated: bool,
}

const NONE: Modifiers = Modifiers::NONE;
const SHIFT: Modifiers = Modifiers::SHIFT;
const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers { shift: true, ..Modifiers::COMMAND };

type Keys = &'static [(Modifiers, Key)];

/// Builds the bindings of one section.
struct SectionBindings(Section);

impl SectionBindings {
    fn row(
        &self,
        keys: Keys,
        key_label: &'static str,
        description: &'static str,
        action: KeyAction,
    ) -> Binding {
        let shortcut = Shortcut { section: self.0, keys, key_label, description };
        Binding { shortcut, action, is_repeated: false }
    }

    fn request(
        &self,
        keys: Keys,
        key_label: &'static str,
        description: &'static str,
        what: Request,
    ) -> Binding {
        self.row(keys, key_label, description, KeyAction::Request(what))
    }

    fn window(
        &self,
        keys: Keys,
        key_label: &'static str,
        description: &'static str,
        what: WindowAction,
    ) -> Binding {
        self.row(keys, key_label, description, KeyAction::Window(what))
    }

    /// The binding that shows or hides a plot; `None` if it has no key.
    fn panel(&self, panel: PanelKind) -> Option<Binding> {
        let digit = panel.declaration().digit?.to_string();
        let key = Key::from_name(&digit)?;
        // Leaked once per plot in a static table.
        let keys = vec![(NONE, key)].leak();
        let description = format!("{} on or off", panel.title()).leak();
        Some(self.window(keys, digit.leak(), description, WindowAction::Panel(panel)))
    }

    /// The bindings of views that are listed in this section.
    fn views(&self) -> Vec<Binding> {
        let row = |info: &'static ViewInfo| {
            let shortcut = info.shortcut.filter(|shortcut| shortcut.section == self.0)?;
            let action = KeyAction::Window(WindowAction::Toggle(info));
            Some(Binding { shortcut, action, is_repeated: false })
        };
        views::ALL.iter().copied().filter_map(row).collect()
    }
}

impl Binding {
    fn repeated(self) -> Self {
        Self { is_repeated: true, ..self }
    }
}

/// All bindings, in the order of the list on screen.
fn bindings() -> &'static [Binding] {
    static BINDINGS: LazyLock<Vec<Binding>> = LazyLock::new(|| {
        [run(), settings(), SectionBindings(Section::Settings).views(), plots(), window()].concat()
    });
    &BINDINGS
}

/// Every row of the table: all keys, and what is done with the pointer, in the order of the list on
/// screen.
pub(super) fn shortcuts() -> Vec<&'static Shortcut> {
    static POINTER: LazyLock<Vec<Shortcut>> = LazyLock::new(pointer_table::rows);
    bindings().iter().map(|row| &row.shortcut).chain(POINTER.iter()).collect()
}

fn run() -> Vec<Binding> {
    let rows = SectionBindings(Section::Run);
    vec![
        rows.request(&[(NONE, Key::Space)], "Space", "Start, pause, resume", Request::Toggle),
        rows.request(&[(NONE, Key::Period)], ".", "One step", Request::StepOnce).repeated(),
        rows.request(
            &[(SHIFT, Key::R)],
            "Shift+R",
            "Start clean: current settings, no later changes",
            Request::StartClean,
        ),
        rows.request(&[(NONE, Key::R)], "R", "Restart, every change at its step", Request::Restart),
        rows.request(&[(NONE, Key::N)], "N", "Restart from a new seed", Request::NewSeed),
    ]
}

fn settings() -> Vec<Binding> {
    let rows = SectionBindings(Section::Settings);
    let focus = |keys, key_label, description, setting| {
        rows.window(keys, key_label, description, WindowAction::Focus(setting))
    };
    let rate = |factor| WindowAction::MultiplyRate(factor, Gesture::New);
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
        rows.window(
            &[(CTRL, Key::F)],
            "Ctrl+F",
            "Find a control by word",
            WindowAction::FindControl,
        ),
        rows.request(&[(NONE, Key::Y)], "Y", "Try rates from here", Request::TryRates),
        rows.request(&[(NONE, Key::U)], "U", "Find a warmup", Request::TryWarmup),
        rows.request(
            &[(CTRL_SHIFT, Key::Z), (CTRL, Key::Y)],
            "Ctrl+Shift+Z",
            "Redo",
            Request::Redo,
        )
        .repeated(),
        rows.request(
            &[(CTRL, Key::Z)],
            "Ctrl+Z",
            "Undo a live change, or bring back a removed run",
            Request::Undo,
        )
        .repeated(),
        rows.window(
            &[(NONE, Key::K)],
            "K",
            "Copy the command of this run",
            WindowAction::CopyCommand,
        ),
    ]
}

fn plots() -> Vec<Binding> {
    let rows = SectionBindings(Section::Plots);
    let (earlier, later) = (WindowAction::Pan(-PAN_STEP), WindowAction::Pan(PAN_STEP));
    let (closer, farther) = (WindowAction::Zoom(ZOOM_STEP), WindowAction::Zoom(1.0 / ZOOM_STEP));
    let mut all = vec![
        rows.window(&[(NONE, Key::F)], "F", "Follow the newest step", WindowAction::Follow),
        rows.window(&[(NONE, Key::Num0)], "0", "Fit every step", WindowAction::Fit),
        rows.window(&[(NONE, Key::ArrowLeft)], "←", "Earlier steps", earlier).repeated(),
        rows.window(&[(NONE, Key::ArrowRight)], "→", "Later steps", later).repeated(),
        rows.window(&[(NONE, Key::Plus), (NONE, Key::Equals)], "+", "Fewer steps, larger", closer)
            .repeated(),
        rows.window(&[(NONE, Key::Minus)], "−", "More steps", farther).repeated(),
    ];
    all.push(rows.window(
        &[(NONE, Key::A)],
        "A",
        "Next arrangement: lecture, desk, research, your own",
        WindowAction::NextArrangement,
    ));
    let mut panels = PanelKind::GROUPS;
    panels.sort_by_key(|panel| panel.declaration().digit);
    all.extend(panels.into_iter().filter_map(|panel| rows.panel(panel)));
    all
}

fn window() -> Vec<Binding> {
    let rows = SectionBindings(Section::Window);
    let mut all = rows.views();
    all.extend([
        rows.window(&[(NONE, Key::T)], "T", "Next theme", WindowAction::NextTheme),
        rows.window(&[(NONE, Key::P)], "P", "Present, or the desk view", WindowAction::Present),
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
        rows.window(
            &[(NONE, Key::Escape)],
            "Esc",
            "Close what is open, or leave Present",
            WindowAction::Close,
        ),
    ]);
    all
}

/// Every key with its modifiers and description.
pub fn list() -> impl Iterator<Item = (Modifiers, Key, &'static str)> {
    let shortcuts = shortcuts().into_iter();
    shortcuts.flat_map(|shortcut| {
        shortcut.keys.iter().map(|(held, key)| (*held, *key, shortcut.description))
    })
}

/// Every pointer action of the table: what the pointer does, and what follows.
pub fn pointer_actions() -> impl Iterator<Item = (&'static str, &'static str)> {
    let rows = shortcuts().into_iter().filter(|row| row.keys.is_empty());
    rows.map(|row| (row.key_label, row.description))
}

/// The actions of the keys pressed in this frame. None while the user types; while a control has
/// focus, only those of keys that the control does not use.
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
            let mut rows = bindings().iter();
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
            // The letter must not be typed into a field that the action focuses.
            input.events.retain(|event| !matches!(event, Event::Text(_)));
        }
    });
    actions
}

/// The action of a key; while it is held, repeats continue the same gesture.
fn repeated(action: &KeyAction, is_repeat: bool) -> KeyAction {
    match action {
        KeyAction::Window(WindowAction::MultiplyRate(factor, _)) if is_repeat => {
            KeyAction::Window(WindowAction::MultiplyRate(*factor, Gesture::Continued))
        }
        KeyAction::Request(_) | KeyAction::Window(_) => action.clone(),
    }
}

/// Keys that a focused control uses itself.
fn is_used_by_controls(key: Key) -> bool {
    let moves = [Key::ArrowUp, Key::ArrowDown, Key::ArrowLeft, Key::ArrowRight];
    key == Key::Space || moves.contains(&key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_is_bound_twice_and_none_hides_another() {
        let rows = bindings();
        for row in rows {
            for (held, key) in row.shortcut.keys {
                // Pressing the key must find this binding and no other.
                let pressed = Modifiers { ctrl: held.command, ..*held };
                let found = rows.iter().find(|row| row.shortcut.matches(*key, pressed)).unwrap();
                let key_label = row.shortcut.key_label;
                assert_eq!(
                    found.shortcut.description, row.shortcut.description,
                    "{key_label} is taken"
                );
            }
        }
        for (i, a) in rows.iter().enumerate() {
            let description = a.shortcut.description;
            let differs =
                |b: &Binding| a.action != b.action && description != b.shortcut.description;
            assert!(rows[..i].iter().all(differs), "{description}");
        }
    }

    #[test]
    fn every_plot_has_the_key_that_the_menu_names() {
        for kind in PanelKind::GROUPS {
            let action = KeyAction::Window(WindowAction::Panel(kind));
            let row = bindings().iter().find(|row| row.action == action).unwrap();
            assert_eq!(row.shortcut.key_label, kind.declaration().digit.unwrap().to_string());
        }
    }
}
