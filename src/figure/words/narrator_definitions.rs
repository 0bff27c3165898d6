//! What each sentence of the narrator means, for the reference.

use crate::history::{
    EDGE, JUMP_FACTOR, JUMP_STEPS, LOSS_STEPS, MIN_MEASURED, MISSED, N_STANDARD_ERRORS, ON_LIMIT,
    RECENT_STEPS, WINDOW,
};
use crate::text;

/// A term of the narrator with its definition, in the order of importance.
#[expect(clippy::too_many_lines, reason = "one list")]
pub fn narrator_definitions() -> impl Iterator<Item = [String; 2]> {
    let number = text::number;
    let [low, high] = EDGE.map(number);
    let rows = [
        (
            "diverged",
            format!(
                "How the run ended, with the last change of settings and the last ratio, if these \
                 are at most {RECENT_STEPS} steps older."
            ),
        ),
        (
            "a change",
            format!(
                "The binding limit at the step before the change and at the first one with the new \
                 values, the last ratio before it (at most {RECENT_STEPS} steps before) and the \
                 newest one of the {RECENT_STEPS} steps after it, and a jump of the loss in its \
                 first {JUMP_STEPS} steps. It comes first for {RECENT_STEPS} steps."
            ),
        ),
        (
            "jumped",
            format!(
                "The loss is above {} × its minimum over the {JUMP_STEPS} steps before (at least \
                 {MIN_MEASURED}). The factor is that of the highest loss within {JUMP_STEPS} steps. \
                 λ₁ fell back if the last ratio before the jump is above 1 and one of the next \
                 {RECENT_STEPS} steps is not. It comes first for {RECENT_STEPS} steps.",
                number(JUMP_FACTOR)
            ),
        ),
        (
            "not measured since",
            format!(
                "Measuring is off, a measurement is overdue, or {MISSED} in a row did not converge \
                 or are in doubt."
            ),
        ),
        (
            "at the edge of stability",
            format!(
                "The running median of the ratio over {WINDOW} measured steps is in [{low}, {high}]. \
                 It begins where λ₁ has been above the limit and the ratio is neither rising nor \
                 falling, so that passing through is not called the edge, and lasts while the median \
                 stays there. Rising steps of the loss are counted over the last {LOSS_STEPS} steps \
                 there, if they are at least {RECENT_STEPS}; it fell if the mean of their last tenth \
                 is below that of their first. A past period is told if it lasted {RECENT_STEPS} \
                 steps."
            ),
        ),
        (
            "crossed",
            format!(
                "The first ratio above 1 after one that is not; again only after {MIN_MEASURED} in a \
                 row that are not, with the median below {low}."
            ),
        ),
        (
            "above, at, below",
            format!(
                "The last ratio is above 1, within {} of it (or the tolerance of measurements, if \
                 that is larger), or below.",
                number(ON_LIMIT)
            ),
        ),
        (
            "rising, falling",
            format!(
                "The least-squares slope of λ₁ over the last {WINDOW} measured steps exceeds {} \
                 standard errors, its line changes by more than the tolerance of measurements, and the mean \
                 of the last two is on that side of the median.",
                number(N_STANDARD_ERRORS)
            ),
        ),
        (
            "clipped",
            format!(
                "The gradient was clipped at the step of the ratio; counted over the {WINDOW} steps \
                 up to it."
            ),
        ),
    ];
    rows.into_iter().map(|(term, definition)| [term.to_owned(), definition])
}
