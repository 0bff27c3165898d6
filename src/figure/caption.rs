//! The small print below a picture: the settings that tell this run from others.
//! Does not know where it stands in the picture.

use crate::config::{Architecture, Batch, ModelSpec, Normalization, ResidualForm, Tuning};
use crate::history::Run;
use crate::text;

/// The settings that a reader of a picture needs, in one line.
#[must_use]
pub fn caption(run: &Run) -> String {
    let config = run.config();
    let batch = match config.optimizer.batch {
        Batch::Full => String::new(),
        Batch::Size(n) => format!(", batches of {n}"),
    };
    let tuning = config.init.tuning;
    let is_tuned = tuning != Tuning::None;
    let tuning = if is_tuned { format!(", {}", tuning.title()) } else { String::new() };
    format!(
        "{}, n = {}; {}; {}, scale {}{}; {}, {}{}; η = {}; seed {}",
        config.task.name,
        config.task.n_train,
        network(&config.model),
        config.init.scheme,
        text::number(config.init.scale),
        tuning,
        config.loss,
        config.optimizer.rule,
        batch,
        text::number(config.live.peak_lr),
        config.seed
    )
}

/// A network in a few words: its activation, architecture and sizes, and what normalizes it.
fn network(model: &ModelSpec) -> String {
    let widths = || model.hidden.iter().map(ToString::to_string).collect::<Vec<_>>().join("-");
    let sizes = match model.architecture {
        Architecture::Mlp => widths(),
        Architecture::Cnn => format!("cnn {}", widths()),
        Architecture::ResidualMlp => {
            format!("residual-mlp {}×{}×{}", model.width, model.blocks, model.block_layers)
        }
        Architecture::Resnet | Architecture::Densenet | Architecture::Transformer => {
            format!("{} {}×{}", model.architecture, model.width, model.blocks)
        }
    };
    let is_fixup =
        model.residual == ResidualForm::Fixup && model.architecture.reads_key("residual");
    let norm = match model.normalization {
        Normalization::None if is_fixup => " fixup".to_owned(),
        Normalization::None => String::new(),
        norm @ (Normalization::Batch | Normalization::Layer | Normalization::Group) => {
            format!(" {norm} norm")
        }
    };
    format!("{} {sizes}{norm}", model.activation)
}
