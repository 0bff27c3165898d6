//! The settings of initialization: how the weights are drawn, and how they are tuned before step 0.

use serde::{Deserialize, Serialize};

use super::super::architectures::{Normalization, ResidualForm};
use super::super::choices::{InitScheme, word_enum};
use super::declaration::{Range, Section, log, log_whole, real};
use super::group::{any_of, settings};
use super::model::{ModelSpec, without_hidden};
use crate::text;

/// Limit on the entries of `layer_scales`: more than any network here has layers.
pub const MAX_FACTORS: usize = 128;

settings! {
    /// Initialization of the weights.
    InitSpec at (init) {
        /// Distribution of the initial weights; the run starts again from the same seed.
        scheme: InitScheme = InitScheme::Pytorch => SCHEME,
            restart(Section::Initialization, "Initialization", any_of!(InitScheme))
                .brief(|config| Some(config.init.scheme.to_string()))
                .also_sets(|config, _| {
                if config.init.scheme == InitScheme::Fixup {
                    config.model.residual = ResidualForm::Fixup;
                    config.model.normalization = Normalization::None;
                }
            });
        /// Factor on every initial weight and bias; larger starts where the loss is more curved.
        scale: f64 = 1.0 => SCALE,
            restart(Section::Initialization, "Scale", log(0.01, 30.0)).unit("×")
                .brief(|config| Some(format!("× {}", text::number(config.init.scale))))
                .axis_label("scale of the initial weights");
        /// Further factor on the last layer's initial parameters.
        output_scale: f64 = 1.0 => OUTPUT_SCALE,
            restart(Section::InitialLayers, "Output layer scale", log(0.01, 30.0)).unit("×")
                .unread(|config| {
                    let is_zero = config.init.zero_last_layer;
                    last_layer_at_zero(&config.init, &config.model)
                        .or(is_zero.then(|| format!("`{ZERO_LAST_LAYER}` starts the last layer at 0")))
                });
        /// The last layer starts at 0, and with it the network's output.
        zero_last_layer: bool = false => ZERO_LAST_LAYER,
            restart(Section::InitialLayers, "Last layer at 0", Range::Switch)
                .unread(|config| last_layer_at_zero(&config.init, &config.model));
        /// Further factors on the first, second, … layer; empty is 1 for all.
        layer_scales: Vec<f64> = Vec::new() => LAYER_SCALES,
            restart(Section::InitialLayers, "Layer scales", Range::Factors).unit("×")
                .idle(|now, before, _| {
                    let are_1 = |init: &InitSpec| init.layer_scales.iter().all(|x| *x == 1.0);
                    (are_1(&now.init) && are_1(&before.init)).then(|| "all its factors are 1".into())
                });
        /// Width at which μP leaves the learning rate as given; layers of other widths scale
        /// theirs.
        base_width: usize = 32 => BASE_WIDTH,
            restart(Section::InitialLayers, "Base width", log_whole(1, 4096)).unit("units")
                .unread(|config| {
                    let scheme = config.init.scheme;
                    (scheme != InitScheme::Mup)
                        .then(|| format!("the initialization is {scheme}, not mup"))
                        .or(without_hidden(&config.model))
                });
        /// What adjusts the size of every drawn tensor before step 0: LSUV, MetaInit or GradInit.
        tuning: Tuning = Tuning::None => TUNING,
            restart(Section::Tuning, "Tuning", any_of!(Tuning))
                .brief(|config| match config.init.tuning {
                    Tuning::None => None,
                    tuning @ (Tuning::Lsuv | Tuning::MetaInit | Tuning::GradInit) => {
                        Some(tuning.title().to_owned())
                    }
                })
                .idle(|now, _, _| {
                let is_idle = now.init.tuning != Tuning::None && now.init.tuning_steps == 0;
                is_idle.then(|| format!("`{TUNING_STEPS}` is 0"))
            });
        /// Iterations before step 0; LSUV needs one for each layer.
        tuning_steps: u64 = 300 => TUNING_STEPS,
            restart(Section::Tuning, "Tuning steps", log_whole(0, 100_000)).unit("iterations")
                .unread(|config| unless_tuning(config.init.tuning, &Tuning::ALL[1..]));
        /// Training examples that each iteration of the tuning uses.
        tuning_batch: usize = 128 => TUNING_BATCH,
            restart(Section::Tuning, "Tuning batch", log_whole(1, 10_000)).unit("examples")
                .unread(|config| unless_tuning(config.init.tuning, &Tuning::ALL[1..]));
        /// Constants of [`Tuning::MetaInit`].
        meta: MetaInitSpec;
        /// Constants of [`Tuning::GradInit`].
        grad: GradInitSpec;
    }
}

settings! {
    /// Constants of `MetaInit`: signed momentum on the norm of every tensor of two or more
    /// dimensions.
    MetaInitSpec at (init.meta) {
        /// MetaInit: by how much an iteration changes the norm of every tensor, before momentum.
        lr: f64 = 0.1 => META_LR,
            restart(Section::Tuning, "Norm step", log(1e-4, 10.0))
                .unread(|config| unless_tuning(config.init.tuning, &[Tuning::MetaInit]));
        /// MetaInit: momentum of the changes of the norms.
        momentum: f64 = 0.9 => META_MOMENTUM,
            restart(Section::Tuning, "Norm momentum", real(0.0, 0.999))
                .unread(|config| unless_tuning(config.init.tuning, &[Tuning::MetaInit]));
        /// MetaInit: no norm exceeds its initial value; the published method has no cap, and the
        /// norms of some runs grow without bound.
        is_capped: bool = true => META_IS_CAPPED,
            restart(Section::Tuning, "Cap norms at their start", Range::Switch)
                .unread(|config| unless_tuning(config.init.tuning, &[Tuning::MetaInit]));
    }
}

settings! {
    /// Constants of `GradInit`: Adam on one scalar for every tensor.
    GradInitSpec at (init.grad) {
        /// GradInit: sgd looks ahead along g/‖g‖₂ and bounds ‖g‖₂; adam along sign(g), and bounds
        /// ‖g‖₁.
        form: GradInitForm = GradInitForm::Sgd => GRAD_FORM,
            restart(Section::Tuning, "Step looked ahead", any_of!(GradInitForm))
                .unread(|config| unless_tuning(config.init.tuning, &[Tuning::GradInit]));
        /// GradInit: rate of the Adam that moves the scalars.
        lr: f64 = 1e-2 => GRAD_LR,
            restart(Section::Tuning, "Scalars' rate", log(1e-5, 1.0))
                .unread(|config| unless_tuning(config.init.tuning, &[Tuning::GradInit]));
        /// GradInit: length η of the step after which the loss is minimised.
        eta: f64 = 0.1 => GRAD_ETA,
            restart(Section::Tuning, "Length looked ahead", log(1e-5, 10.0))
                .unread(|config| unless_tuning(config.init.tuning, &[Tuning::GradInit]));
        /// GradInit: bound γ on the gradient's norm.
        gamma: f64 = 1.0 => GRAD_GAMMA,
            restart(Section::Tuning, "Gradient bound", log(1e-4, 1e7))
                .unread(|config| unless_tuning(config.init.tuning, &[Tuning::GradInit]));
        /// GradInit: fraction of the examples that the step and the loss after it share.
        overlap: f64 = 0.5 => GRAD_OVERLAP,
            restart(Section::Tuning, "Shared examples", real(0.0, 1.0))
                .unread(|config| unless_tuning(config.init.tuning, &[Tuning::GradInit]));
    }
}

/// The reason why a setting that only `readers` read is not read; `None` if `tuning` is one of
/// them.
fn unless_tuning(tuning: Tuning, readers: &[Tuning]) -> Option<String> {
    (!readers.contains(&tuning)).then(|| match readers {
        [reader] => format!("the tuning is {tuning}, not {reader}"),
        _ => format!("the tuning is {tuning}"),
    })
}

/// The reason why the last layer starts at 0 even without `init.zero_last_layer`.
fn last_layer_at_zero(init: &InitSpec, model: &ModelSpec) -> Option<String> {
    if init.scheme == InitScheme::Fixup {
        return Some("Fixup starts the last layer at 0".into());
    }
    let factor = init.layer_scales.get(model.n_weight_layers() - 1);
    (factor == Some(&0.0)).then(|| format!("`{LAYER_SCALES}` starts the last layer at 0"))
}

word_enum! {
    /// Method that tunes the size of each drawn tensor before step 0.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum Tuning {
        /// Nothing.
        None => "none",
        /// Unit variance of each layer's output on one batch (arXiv 1511.06422).
        Lsuv => "lsuv",
        /// A gradient that changes little when followed, on random data (Dauphin and Schoenholz,
        /// `NeurIPS` 2019).
        MetaInit => "meta-init",
        /// A low loss after one step, under a bound on the gradient's norm (arXiv 2102.08098).
        GradInit => "grad-init",
    }
}

impl Tuning {
    /// Its name in a sentence.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::None => "No tuning",
            Self::Lsuv => "LSUV",
            Self::MetaInit => "MetaInit",
            Self::GradInit => "GradInit",
        }
    }

    /// Lower bound of each tensor: of its norm (`MetaInit`) or of its size relative to the drawn
    /// one (`GradInit`); 0 without a bound.
    #[must_use]
    pub const fn floor(self) -> f64 {
        match self {
            Self::None | Self::Lsuv => 0.0,
            Self::MetaInit => 1e-3,
            Self::GradInit => 0.01,
        }
    }

    /// What its iterations minimise, in a few words.
    #[must_use]
    pub const fn objective(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Lsuv => "mean |variance − 1|",
            Self::MetaInit => "quotient",
            Self::GradInit => "loss after a step / η",
        }
    }
}

word_enum! {
    /// The step that `GradInit` looks ahead.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum GradInitForm {
        /// g/‖g‖₂, with ‖g‖₂ bounded.
        Sgd => "sgd",
        /// sign(g), with ‖g‖₁ bounded.
        Adam => "adam",
    }
}
