//! The small print below a picture: the settings that tell this run from others.
//! Does not know where it stands in the picture.

use crate::history::Run;
use crate::text;

/// The settings that a reader of a picture needs, in one line.
#[must_use]
pub fn caption(run: &Run) -> String {
    let config = run.config();
    let widths: Vec<_> = config.model.hidden.iter().map(ToString::to_string).collect();
    format!(
        "{}, n = {}; {} {}; {}, scale {}; {}, {}; η = {}; seed {}",
        config.task.name,
        config.task.n_train,
        config.model.activation,
        widths.join("-"),
        config.init.scheme,
        text::number(config.init.scale),
        config.loss,
        config.optimizer.rule,
        text::number(config.live.peak_lr),
        config.seed
    )
}
