//! Flags above the first plot that describe setting changes at their steps; crowded ones are
//! merged.

use std::sync::Arc;

use eframe::egui::{Galley, Pos2, Rect, Sense, TextStyle, Ui, WidgetInfo, pos2, vec2};
use eframe::egui::{Role, Stroke};

use crate::figure::Mark;
use crate::paint::style::theme;

use super::flow::elided;

/// Rows of flags at most in a picture; further flags are merged with their neighbour.
pub(super) const MAX_LANES: usize = 3;

/// Characters of a flag at most.
const MAX_FLAG: usize = 64;

/// Laid-out flags.
pub(in crate::paint) struct Flags {
    flags: Vec<Flag>,
    /// Height in logical points; 0 without flags.
    pub(in crate::paint) height: f32,
}

struct Flag {
    /// Changes, from left to right.
    poles: Vec<Pole>,
    text: Arc<Galley>,
    rect: Rect,
}

/// One change.
struct Pole {
    /// Horizontal position from the plot's left edge.
    x: f32,
    step: u64,
    /// The change and its step, in words.
    text: String,
}

/// Height of a row of flags.
pub(super) fn lane_height(ui: &Ui) -> f32 {
    ui.text_style_height(&TextStyle::Small) + 2.0 * theme::factor(ui.style())
}

/// A change and its step, in words.
pub(in crate::paint) fn text_of(mark: &Mark) -> String {
    format!("{} at step {}", mark.sentence, mark.step)
}

impl Flags {
    /// Lays out the visible marks in at most so many rows; `x_of` converts a place to a position from
    /// the plot's left edge.
    pub(in crate::paint) fn new(
        ui: &Ui,
        marks: &[Mark],
        width: f32,
        n_lanes: usize,
        x_of: impl Fn(f64) -> f32,
    ) -> Self {
        let mut flags: Vec<Flag> = Vec::new();
        for mark in marks {
            let x = x_of(mark.place);
            if !(0.0..=width).contains(&x) {
                continue;
            }
            let mut words = truncated(&mark.sentence);
            let mut poles = vec![Pole { x, step: mark.step, text: text_of(mark) }];
            // Without room, the change is merged into the nearest flag to the left.
            loop {
                if let Some(flag) = placed(ui, &flags, &words, poles[0].x, width, n_lanes) {
                    flags.push(Flag { poles, ..flag });
                    break;
                }
                let Some(mut left) = flags.pop() else { break };
                left.poles.append(&mut poles);
                poles = left.poles;
                words = merged_text(&poles.iter().map(|pole| pole.step).collect::<Vec<_>>());
            }
        }
        let height = flags.iter().map(|flag| flag.rect.bottom()).fold(0.0, f32::max);
        Self { flags, height }
    }

    /// Paints the flags from their upper left corner; they end at the plot's upper edge.
    pub(in crate::paint) fn show(&self, ui: &Ui, corner: Pos2) {
        let palette = theme::colours(ui.visuals());
        let stroke = Stroke::new(1.2 * theme::factor(ui.style()), palette.weak);
        let painter = ui.painter();
        let foot = corner.y + self.height;
        for flag in &self.flags {
            for pole in &flag.poles {
                let x = corner.x + pole.x;
                painter.line_segment([pos2(x, corner.y + flag.rect.top()), pos2(x, foot)], stroke);
            }
        }
        for (at, flag) in self.flags.iter().enumerate() {
            let rect = flag.rect.translate(corner.to_vec2());
            painter.rect_filled(rect.shrink2(vec2(0.0, 1.0)), 2.0, palette.panel);
            painter.galley(rect.min, Arc::clone(&flag.text), palette.text);
            let id = ui.scope_id().with(("flag", corner.x.to_bits(), at));
            let response = ui.interact(rect, id, Sense::hover());
            let texts: Vec<&str> = flag.poles.iter().map(|pole| pole.text.as_str()).collect();
            let words = texts.join("\n");
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
            response.on_hover_text(words);
        }
    }
}

/// A flag with these words, below all flags that extend to its position, so no pole crosses the
/// text of another; `None` if that needs too many rows and there is a flag to merge with.
fn placed(
    ui: &Ui,
    flags: &[Flag],
    words: &str,
    x: f32,
    width: f32,
    n_lanes: usize,
) -> Option<Flag> {
    let factor = theme::factor(ui.style());
    let font = TextStyle::Small.resolve(ui.style());
    let color = theme::colours(ui.visuals()).text;
    let text = elided(ui, words, &font, color, width);
    // Left of its pole if it does not fit on the right.
    let (after, gap) = (text.size().x, 4.0 * factor);
    let left = if x + gap + after <= width { x + gap } else { (x - gap - after).max(0.0) };
    let row = text.size().y + 2.0 * factor;
    let reaching = flags.iter().filter(|flag| flag.rect.right() + 8.0 * factor > left);
    let top = reaching.map(|flag| flag.rect.bottom()).fold(0.0, f32::max);
    if top > row * (n_lanes as f32 - 0.5) && !flags.is_empty() {
        return None;
    }
    let rect = Rect::from_min_size(pos2(left, top), vec2(text.size().x, row));
    Some(Flag { poles: Vec::new(), text, rect })
}

/// The text of a flag for several changes, with their steps.
fn merged_text(steps: &[u64]) -> String {
    match steps {
        [first, .., last] if steps.len() > 2 && first != last => {
            format!("{} changes from step {first} to {last}", steps.len())
        }
        [first, last] if first != last => format!("2 changes at steps {first} and {last}"),
        steps => format!("{} changes", steps.len()),
    }
}

fn truncated(sentence: &str) -> String {
    if sentence.chars().count() <= MAX_FLAG {
        return sentence.to_owned();
    }
    let start: String = sentence.chars().take(MAX_FLAG - 1).collect();
    format!("{start}…")
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::{Context, RawInput};

    fn flags(steps: &[f64]) -> Vec<(usize, String)> {
        let mark = |step: &f64| Mark {
            step: 7,
            place: *step,
            sentence: "Learning rate 0.1 → 0.2".to_owned(),
        };
        let marks: Vec<_> = steps.iter().map(mark).collect();
        let ctx = Context::default();
        theme::install(&ctx);
        let mut found = Vec::new();
        let output = ctx.run_ui(RawInput::default(), |ui| {
            #[expect(clippy::cast_possible_truncation, reason = "a place on the page")]
            let flags = Flags::new(ui, &marks, 1000.0, MAX_LANES, |step| step as f32);
            let row = flags.flags.first().map_or(1.0, |flag| flag.rect.height());
            assert!(flags.height <= row * MAX_LANES as f32 + 0.1, "{}", flags.height);
            let words = |flag: &Flag| (flag.poles.len(), flag.text.text().to_owned());
            found = flags.flags.iter().map(words).collect();
        });
        drop(output);
        found
    }

    #[test]
    fn a_merged_flag_gives_the_steps_of_its_changes() {
        assert_eq!(merged_text(&[450, 600]), "2 changes at steps 450 and 600");
        assert_eq!(merged_text(&[1, 5, 9]), "3 changes from step 1 to 9");
        assert_eq!(merged_text(&[7, 7]), "2 changes");
    }

    #[test]
    fn every_change_is_on_some_flag_however_crowded() {
        let apart = flags(&[10.0, 400.0, 800.0]);
        assert!(apart.iter().all(|(n, words)| *n == 1 && words.contains('→')), "{apart:?}");
        let crowded: Vec<f64> = (0..20).map(|i| 100.0 + 2.0 * f64::from(i)).collect();
        let found = flags(&crowded);
        assert_eq!(found.iter().map(|(n, _)| n).sum::<usize>(), 20, "{found:?}");
        for (n, words) in found.iter().filter(|(n, _)| *n > 1) {
            assert!(words.starts_with(&format!("{n} changes")), "{words}");
        }
        assert!(found.len() <= MAX_LANES + 1, "{found:?}");
        let spread: Vec<f64> = (0..100).map(|i| 10.0 * f64::from(i)).collect();
        let found = flags(&spread);
        assert_eq!(found.iter().map(|(n, _)| n).sum::<usize>(), 100, "{found:?}");
    }
}
