//! Presets of further tasks, architectures and normalizations. `tests/network_presets.rs` tests
//! their claims.

use super::base::{Preset, blowup, fashion_edge};
use crate::config::settings::LABEL_SHUFFLE;
use crate::config::{
    Activation, Architecture, BuiltinTask, DatedChange, Dtype, InitScheme, InitSpec, Interval,
    LiveSettings, Loss, ModelSpec, Normalization, Pace, RunConfig, TaskSpec,
};

/// The default network at its edge on further tasks.
pub(super) fn tasks() -> Vec<Preset> {
    vec![
        on("mnist1d-edge", BuiltinTask::Mnist1d, 1000, 0.5, |_| {}).sees(
            "MNIST-1D: λ₁ starts just below 2/η, reaches it within some hundred steps and hovers.",
        ),
        on("shapes-grey-edge", BuiltinTask::ShapesGrey, 1000, 0.1, |_| {}).sees(
            "Ten figures in grey, hard for a fully connected network: λ₁ doubles in six hundred \
             steps, then hovers at the line.",
        ),
        on("clusters-edge", BuiltinTask::Clusters, 1000, 0.4, |config| {
            config.live.probe.every = Interval::every(9);
        })
        .sees("Gaussian clusters: a long calm climb of λ₁, then the edge."),
        on("teacher-edge", BuiltinTask::Teacher, 500, 0.5, |_| {}).sees(
            "Regression of a random network's answers: λ₁ doubles, reaches 2/η, and stays there \
             while the loss falls towards zero.",
        ),
        on("deep-linear-edge", BuiltinTask::DeepLinear, 50, 0.02, |config| {
            config.model = ModelSpec {
                hidden: vec![50; 2],
                activation: Activation::Linear,
                bias: false,
                ..config.model.clone()
            };
            config.init = InitSpec { scheme: InitScheme::XavierNormal, ..InitSpec::default() };
            config.dtype = Dtype::F64;
        })
        .sees(
            "A network without any nonlinearity has its edge too: λ₁ climbs from below half of \
             2/η and comes to rest just under it, at loss zero.",
        ),
        on("cross-entropy-edge", BuiltinTask::Fashion, 500, 0.4, |config| {
            config.loss = Loss::CrossEntropy;
            config.live.probe.every = Interval::every(5);
        })
        .sees(
            "Under cross-entropy λ₁ climbs to 2/η within fifty steps, and falls far below it as \
             the last examples are classified rightly.",
        ),
        plasticity().sees(
            "New labels for the same images at steps 500, 1000 and 1500: each time λ₁ falls to \
             three quarters of 2/η, and it is back at the line within 250 steps.",
        ),
    ]
}

/// Half of the images of the default preset, whose labels are shuffled anew three times.
fn plasticity() -> RunConfig {
    on("plasticity", BuiltinTask::Fashion, 500, 0.1, |config| {
        config.n_steps = 2000;
        let shuffled = |number: u32| DatedChange {
            step: 500 * u64::from(number),
            set: [(LABEL_SHUFFLE.key.to_owned(), number.into())].into(),
        };
        config.changes = (1..=3).map(shuffled).collect();
    })
}

/// Further architectures.
pub(super) fn architectures() -> Vec<Preset> {
    let residual = |normalization, name: &str| {
        on(name, BuiltinTask::Digits, 100, 0.05, |config| {
            config.model = ModelSpec { normalization, ..Architecture::Resnet.default_model() };
            config.init = InitSpec { scheme: InitScheme::HeNormal, ..InitSpec::default() };
        })
    };
    vec![
        on("residual-edge", BuiltinTask::TeacherClasses, 500, 0.3, |config| {
            config.model = ModelSpec { blocks: 3, ..Architecture::ResidualMlp.default_model() };
        })
        .sees(
            "Three residual blocks on classes given by a random network: λ₁ starts at two \
             thirds of 2/η and hovers at it from step two hundred on.",
        ),
        on("cnn-edge", BuiltinTask::Shapes, 100, 0.06, |config| {
            config.model = Architecture::Cnn.default_model();
        })
        .sees(
            "A convolutional network on a hundred figures: λ₁ reaches 2/η within two hundred steps, \
             then swings far about it, and the loss too.",
        ),
        residual(Normalization::None, "resnet-blowup").sees(
            "A residual network without normalization starts some forty times above 2/η and blows \
             up immediately; resnet-batch-norm is calm.",
        ),
        residual(Normalization::Batch, "resnet-batch-norm").sees(
            "The network of resnet-blowup with batch norm: λ₁ starts eighty times lower, at half \
             of 2/η, and the loss falls smoothly at the same rate.",
        ),
        on("densenet-edge", BuiltinTask::Digits, 200, 0.2, |config| {
            let activation = Activation::Tanh;
            config.model = ModelSpec { activation, ..Architecture::Densenet.default_model() };
            config.init = InitSpec { scheme: InitScheme::LecunNormal, ..InitSpec::default() };
        })
        .sees("Densely connected convolutions on digits: λ₁ doubles, and crosses 2/η."),
        on("sorting-edge", BuiltinTask::Sorting, 200, 0.2, |config| {
            config.loss = Loss::CrossEntropy;
            config.model = ModelSpec {
                blocks: 1,
                normalization: Normalization::Layer,
                ..Architecture::Transformer.default_model()
            };
        })
        .sees(
            "A transformer learns to sort eight symbols: λ₁ climbs fourfold to 2/η, shoots above \
             it, and comes back to hover.",
        ),
        on("patches-edge", BuiltinTask::Digits, 200, 0.15, |config| {
            config.model = ModelSpec {
                blocks: 1,
                patch: 2,
                normalization: Normalization::Layer,
                ..Architecture::Transformer.default_model()
            };
        })
        .sees("A transformer that reads digits as sixteen patches: λ₁ climbs to 2/η and hovers."),
    ]
}

/// Families A (tanh, MSE) and B (gelu, cross-entropy), which both start too sharp for their rate,
/// with and without normalization.
pub(super) fn normalizations() -> Vec<Preset> {
    let a = |name: &str, normalization| {
        let mut config = RunConfig { name: name.into(), ..blowup() };
        config.model.normalization = normalization;
        config
    };
    let b = |name: &str, normalization| {
        let mut config = a(name, normalization);
        config.model.activation = Activation::Gelu;
        config.init = InitSpec { scheme: InitScheme::HeNormal, scale: 1.5, ..InitSpec::default() };
        config.loss = Loss::CrossEntropy;
        config.live.peak_lr = 0.4;
        config.n_steps = 600;
        config
    };
    vec![
        a("blowup-layer-norm", Normalization::Layer).sees(
            "The same start survives with layer norm although λ₁(0) is as high: training leaves \
             the sharp region immediately.",
        ),
        a("blowup-batch-norm", Normalization::Batch).sees(
            "The same start survives with batch norm: λ₁ starts far above 2/η and falls to it \
             within some ten steps, without a jump of the loss.",
        ),
        b("blowup-cross-entropy", Normalization::None).sees(
            "Under cross-entropy, with gelu and initial weights half too large, the loss blows up \
             within six steps.",
        ),
        b("blowup-cross-entropy-layer-norm", Normalization::Layer)
            .sees("Here layer norm lowers λ₁(0) fivefold, and the same rate trains."),
        b("blowup-cross-entropy-batch-norm", Normalization::Batch)
            .sees("Here batch norm lowers λ₁(0) fivefold, and the same rate trains."),
    ]
}

/// The default preset on another task at rate `peak_lr`, with `change` applied.
fn on(
    name: &str,
    task: BuiltinTask,
    n_train: usize,
    peak_lr: f64,
    change: impl FnOnce(&mut RunConfig),
) -> RunConfig {
    let mut config = RunConfig {
        name: name.into(),
        task: TaskSpec { name: task.into(), n_train, ..TaskSpec::default() },
        live: LiveSettings {
            peak_lr,
            pace: Pace::Hundred,
            // Rarely: the test sets are larger than these training sets.
            eval_every: Interval::every(50),
            ..fashion_edge().live
        },
        ..fashion_edge()
    };
    change(&mut config);
    config
}
