//! The ghosts in a legend: every one with a style of its own by name, and the number of others.

use eframe::egui;

use crate::figure::{Ghost, N_GHOST_STYLES};
use crate::paint::style::{LineStyle, ghost_style};

/// What the keys of ghosts begin with; the name follows.
pub(super) const GHOST: &str = "ghost ";

/// The key under which a ghost is hidden.
pub(super) fn ghost_key(ghost: &Ghost) -> String {
    if ghost.shares_style() { many_key() } else { format!("{GHOST}{}", ghost.name) }
}

/// The key of all ghosts that share a style.
fn many_key() -> String {
    format!("{GHOST} ")
}

/// Adds an entry with its key, name, style, and whether it is a point; returns its lower end.
type Enter<'a> = dyn FnMut(String, &str, (LineStyle, bool)) -> f32 + 'a;

/// Adds an entry for each ghost with its own style, shortened once the rows exceed the height, and the number of those that share one.
pub(super) fn enter_ghosts(
    style: &egui::Style,
    ghosts: &[&Ghost],
    height: f32,
    enter: &mut Enter<'_>,
) {
    let mut is_full = false;
    for ghost in ghosts.iter().filter(|ghost| !ghost.shares_style()) {
        let line_style = ghost_style(style, ghost.style);
        let name = if is_full { shortened(ghost) } else { ghost.name.clone() };
        is_full |= enter(ghost_key(ghost), &name, (line_style, false)) > height;
    }
    let n_more = ghosts.iter().filter(|ghost| ghost.shares_style()).count();
    if n_more > 0 {
        let line_style = ghost_style(style, N_GHOST_STYLES);
        enter(many_key(), &format!("and {n_more} more"), (line_style, false));
    }
}

/// The label of a ghost, with an ellipsis for the differences left out.
fn shortened(ghost: &Ghost) -> String {
    let label = ghost.label();
    if label == ghost.name { label.to_owned() } else { format!("{label}: …") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paint::style::theme;

    #[test]
    fn every_ghost_with_a_style_of_its_own_is_named_and_the_others_are_counted() {
        let ctx = egui::Context::default();
        theme::install(&ctx);
        let ghost = |at: usize| {
            let name = format!("run {at}: Learning rate {at}");
            Ghost { name, style: at.min(N_GHOST_STYLES) }
        };
        let ghosts: Vec<Ghost> = (0..N_GHOST_STYLES + 3).map(ghost).collect();
        let entered = |n: usize, height: f32| {
            let (mut names, mut bottom) = (Vec::new(), 0.0);
            let some: Vec<&Ghost> = ghosts[..n].iter().collect();
            enter_ghosts(&ctx.global_style(), &some, height, &mut |_, name, _| {
                names.push(name.to_owned());
                bottom += 10.0;
                bottom
            });
            names
        };
        let names = entered(ghosts.len(), 25.0);
        assert_eq!(names.len(), N_GHOST_STYLES + 1);
        let wanted = ["run 1: Learning rate 1", "run 2: Learning rate 2", "run 3: …", "run 4: …"];
        assert_eq!(names[1..5], wanted);
        assert_eq!(names.last().map(String::as_str), Some("and 3 more"));
        assert!(entered(2, 25.0).iter().all(|name| name.contains("rate")), "room for both");
    }
}
