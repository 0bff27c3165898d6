//! The keys: one row each, with what it does and in which words; the list on screen is this table.
//! Does not carry anything out, and reads no key while somebody types.

use std::sync::LazyLock;

use eframe::egui::{Context, Event, Key, Modifiers};

use crate::config::settings;
use crate::figure::PanelKind;

use super::ask::Ask;
use super::wish::{Touch, Wish};

/// Factor on the learning rate by an arrow key.
const RATE_STEP: f64 = 1.1;

/// Fraction of the view that an arrow key moves the plots by.
const PAN_STEP: f64 = 0.1;

/// Factor on the steps in view by a key.
const ZOOM_STEP: f64 = 1.5;

/// What a key does.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Act {
    /// Something with the runs.
    Wish(Wish),
    /// Something with the window.
    Ask(Ask),
}

/// One key, or several that do the same.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// The keys, each with what is held down beside it.
    pub(super) keys: Vec<(Modifiers, Key)>,
    /// The keys as they stand on a keyboard.
    pub(super) shown: &'static str,
    /// What it does, in a few words.
    pub(super) words: &'static str,
    /// What it does.
    pub(super) act: Act,
    /// Whether holding it down does it again and again.
    pub(super) is_repeated: bool,
}

/// Rows that belong together, under one heading.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// The heading.
    pub(super) title: &'static str,
    /// Its rows.
    pub(super) rows: Vec<Row>,
}

const NONE: Modifiers = Modifiers::NONE;
const SHIFT: Modifiers = Modifiers::SHIFT;
const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers { shift: true, ..Modifiers::COMMAND };

fn row(keys: &[(Modifiers, Key)], shown: &'static str, words: &'static str, act: Act) -> Row {
    Row { keys: keys.to_vec(), shown, words, act, is_repeated: false }
}

fn wish(keys: &[(Modifiers, Key)], shown: &'static str, words: &'static str, wish: Wish) -> Row {
    row(keys, shown, words, Act::Wish(wish))
}

fn ask(keys: &[(Modifiers, Key)], shown: &'static str, words: &'static str, ask: Ask) -> Row {
    row(keys, shown, words, Act::Ask(ask))
}

impl Row {
    fn repeated(self) -> Self {
        Self { is_repeated: true, ..self }
    }

    fn is_meant(&self, key: Key, held: Modifiers) -> bool {
        self.keys.iter().any(|(modifiers, known)| {
            *known == key && held.matches_logically(*modifiers) && held.alt == modifiers.alt
        })
    }
}

/// All keys, in the order of the list on screen.
pub(super) fn table() -> &'static [Group] {
    static TABLE: LazyLock<Vec<Group>> = LazyLock::new(|| {
        vec![
            Group { title: "Run", rows: run() },
            Group { title: "Settings", rows: settings() },
            Group { title: "Plots", rows: plots() },
            Group { title: "Window", rows: window() },
        ]
    });
    &TABLE
}

fn run() -> Vec<Row> {
    vec![
        wish(&[(NONE, Key::Space)], "Space", "Start, pause, resume", Wish::Toggle),
        wish(&[(NONE, Key::Period)], ".", "One step", Wish::StepOnce).repeated(),
        wish(
            &[(SHIFT, Key::R)],
            "Shift+R",
            "Start clean: settings as now, no changes to come",
            Wish::Clean,
        ),
        wish(&[(NONE, Key::R)], "R", "Restart, every change at its step", Wish::Again),
        wish(&[(NONE, Key::N)], "N", "Restart from a new seed", Wish::NewSeed),
    ]
}

fn settings() -> Vec<Row> {
    let redo = [(CTRL_SHIFT, Key::Z), (CTRL, Key::Y)];
    vec![
        ask(
            &[(NONE, Key::ArrowUp)],
            "↑",
            "Learning rate up a tenth",
            Ask::Rate(RATE_STEP, Touch::New),
        )
        .repeated(),
        ask(
            &[(NONE, Key::ArrowDown)],
            "↓",
            "Learning rate down a tenth",
            Ask::Rate(1.0 / RATE_STEP, Touch::New),
        )
        .repeated(),
        ask(&[(NONE, Key::L)], "L", "Type a learning rate", Ask::Find(&settings::PEAK_LR)),
        ask(&[(NONE, Key::W)], "W", "Type a warmup", Ask::Find(&settings::WARMUP_STEPS)),
        ask(&[(NONE, Key::C)], "C", "Go to clipping", Ask::Find(&settings::CLIP_MODE)),
        ask(&[(NONE, Key::I)], "I", "Type an initial scale", Ask::Find(&settings::SCALE)),
        wish(&[(NONE, Key::Y)], "Y", "Try rates from here", Wish::TryRates),
        wish(&[(NONE, Key::U)], "U", "Find a warmup", Wish::TryWarmup),
        wish(&redo, "Ctrl+Shift+Z", "Redo", Wish::Redo).repeated(),
        wish(&[(CTRL, Key::Z)], "Ctrl+Z", "Undo a live change", Wish::Undo).repeated(),
        ask(&[(CTRL, Key::S)], "Ctrl+S", "Save as a preset of yours", Ask::Keep),
        ask(&[(NONE, Key::K)], "K", "Copy the command of this run", Ask::CopyCommand),
    ]
}

/// The key of a plot.
pub(super) fn digit(kind: PanelKind) -> char {
    match kind {
        PanelKind::Sharpness => '1',
        PanelKind::Loss => '2',
        PanelKind::LearningRate => '3',
        PanelKind::GradNorm => '4',
        PanelKind::Preconditioned => '5',
    }
}

fn plots() -> Vec<Row> {
    let panel = |key, shown, words, kind| ask(&[(NONE, key)], shown, words, Ask::Panel(kind));
    let closer = [(NONE, Key::Plus), (NONE, Key::Equals)];
    vec![
        ask(&[(NONE, Key::F)], "F", "Follow the newest step", Ask::Follow),
        ask(&[(NONE, Key::Num0)], "0", "Fit every step", Ask::Fit),
        ask(&[(NONE, Key::ArrowLeft)], "←", "Earlier steps", Ask::Pan(-PAN_STEP)).repeated(),
        ask(&[(NONE, Key::ArrowRight)], "→", "Later steps", Ask::Pan(PAN_STEP)).repeated(),
        ask(&closer, "+", "Fewer steps, larger", Ask::Zoom(ZOOM_STEP)).repeated(),
        ask(&[(NONE, Key::Minus)], "−", "More steps", Ask::Zoom(1.0 / ZOOM_STEP)).repeated(),
        panel(Key::Num1, "1", "Sharpness on or off", PanelKind::Sharpness),
        panel(Key::Num2, "2", "Loss on or off", PanelKind::Loss),
        panel(Key::Num3, "3", "Learning rate on or off", PanelKind::LearningRate),
        panel(Key::Num4, "4", "Gradient norm on or off", PanelKind::GradNorm),
        panel(Key::Num5, "5", "Preconditioned sharpness on or off", PanelKind::Preconditioned),
    ]
}

fn window() -> Vec<Row> {
    let larger = [(CTRL, Key::Plus), (CTRL, Key::Equals)];
    vec![
        ask(&[(NONE, Key::E)], "E", "Export", Ask::Export),
        ask(&[(NONE, Key::M)], "M", "The network, and where u₁ lies", Ask::Network),
        ask(&[(NONE, Key::G)], "G", "The tuning of the initial weights", Ask::Preparation),
        ask(&[(NONE, Key::T)], "T", "Next theme", Ask::NextTheme),
        ask(&[(NONE, Key::P)], "P", "Projector size", Ask::Projector),
        ask(&[(NONE, Key::F11)], "F11", "Full screen", Ask::FullScreen),
        ask(&larger, "Ctrl +", "Everything larger", Ask::Scale(1)).repeated(),
        ask(&[(CTRL, Key::Minus)], "Ctrl −", "Everything smaller", Ask::Scale(-1)).repeated(),
        ask(&[(CTRL, Key::Num0)], "Ctrl+0", "Usual size", Ask::Scale(0)),
        ask(&[(NONE, Key::Questionmark), (NONE, Key::F1)], "?", "These keys", Ask::Keys),
        ask(&[(NONE, Key::Escape)], "Esc", "Close what is open", Ask::Close),
    ]
}

/// Every key with what is held down beside it and what it does, for lists of keys elsewhere.
pub fn list() -> impl Iterator<Item = (Modifiers, Key, &'static str)> {
    let rows = table().iter().flat_map(|group| &group.rows);
    rows.flat_map(|row| row.keys.iter().map(|(held, key)| (*held, *key, row.words)))
}

/// What the keys of this frame ask for; none while somebody types, and while a control has the
/// keyboard only those that it does not use itself.
pub(super) fn acts(ctx: &Context) -> Vec<Act> {
    if ctx.text_edit_focused() {
        return Vec::new();
    }
    let is_control_focused = ctx.egui_wants_keyboard_input();
    let mut acts = Vec::new();
    let mut is_text = false;
    ctx.input_mut(|input| {
        input.events.retain(|event| {
            let Event::Key { key, pressed: true, modifiers, repeat, .. } = event else {
                return true;
            };
            if is_control_focused && is_used_by_controls(*key) {
                return true;
            }
            let rows = table().iter().flat_map(|group| &group.rows);
            let Some(row) = rows.into_iter().find(|row| row.is_meant(*key, *modifiers)) else {
                return true;
            };
            is_text |= !modifiers.command;
            if !repeat || row.is_repeated {
                acts.push(again(&row.act, *repeat));
            }
            false
        });
        if is_text {
            // The letter itself must not be typed into the field that it leads to.
            input.events.retain(|event| !matches!(event, Event::Text(_)));
        }
    });
    acts
}

/// A key held down goes on with its own gesture.
fn again(act: &Act, is_repeat: bool) -> Act {
    match act {
        Act::Ask(Ask::Rate(factor, _)) if is_repeat => Act::Ask(Ask::Rate(*factor, Touch::Same)),
        Act::Wish(_) | Act::Ask(_) => act.clone(),
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

    #[test]
    fn no_key_stands_twice_in_the_table_and_none_hides_another() {
        let rows: Vec<&Row> = table().iter().flat_map(|group| &group.rows).collect();
        for row in &rows {
            for (held, key) in &row.keys {
                // As pressed: the row that answers must be this one.
                let pressed = Modifiers { ctrl: held.command, ..*held };
                let answers = rows.iter().find(|row| row.is_meant(*key, pressed)).unwrap();
                assert_eq!(answers.words, row.words, "{} is taken", row.shown);
            }
        }
        for (i, a) in rows.iter().enumerate() {
            assert!(rows[..i].iter().all(|b| a.act != b.act && a.words != b.words), "{}", a.words);
        }
    }
}
