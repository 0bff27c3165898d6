//! What there is to choose from, one line each.
//! Does not choose.

use crate::config::{self, Activation, TASKS};
use crate::text;

/// The presets, each with what is to be seen.
pub(super) fn presets() -> String {
    let rows = config::presets().iter().map(|preset| {
        let config = &preset.config;
        let facts = format!("η {}, seed {}", text::number(config.live.peak_lr), config.seed);
        (config.name.as_str(), format!("{facts:<14} {}", preset.sees))
    });
    table(&rows.collect::<Vec<_>>())
}

/// The data sets, each with its size and scaling.
pub(super) fn data() -> String {
    let rows = TASKS.iter().map(|task| {
        let n_test = match task.n_test {
            0 => "no test set".to_owned(),
            n => format!("{n} test"),
        };
        let line = format!(
            "{}; up to {} training examples, {n_test}; default η {}; scaling: {}",
            task.description,
            task.max_n_train,
            text::number(task.default_lr),
            task.scaling
        );
        (task.name.word(), line)
    });
    table(&rows.collect::<Vec<_>>())
}

/// The networks.
pub(super) fn models() -> String {
    let activations: Vec<_> = Activation::ALL.iter().map(|choice| choice.word()).collect();
    let mlp = format!(
        "fully connected: widths in model.hidden, such as [32, 32]; model.activation is one of {}; \
         model.bias = false leaves out the biases",
        activations.join(", ")
    );
    table(&[("mlp", mlp), ("linear", "no hidden layer: model.hidden = []".to_owned())])
}

fn table(rows: &[(&str, String)]) -> String {
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let mut lines: Vec<_> =
        rows.iter().map(|(name, text)| format!("{name:width$}  {text}")).collect();
    lines.push(String::new());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_has_one_line_for_each_thing() {
        assert_eq!(presets().lines().count(), config::presets().len());
        assert_eq!(data().lines().count(), TASKS.len());
        assert!(data().lines().all(|line| line.contains("training examples")));
        assert!(models().starts_with("mlp "));
    }
}
