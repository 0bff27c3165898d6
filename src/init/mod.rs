//! Initial weights: fills the flat parameter vector by scheme and seed, and optionally tunes the
//! scale of each tensor before step 0. Independent of the training that follows.

mod branches;
mod gradinit;
mod iteration;
mod lsuv;
mod metainit;
mod orthogonal;
mod rate_factors;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod tuning;

pub use iteration::TuningContext;
pub use rate_factors::rate_factors;
pub use tuning::Tuner;

use branches::Branches;

use crate::config::settings::LAYER_SCALES;
use crate::config::{ConfigError, InitScheme, InitSpec};
use crate::net::{Halt, ParamSpec, Role, check_interrupted};
use crate::random::{Purpose, Stream};

/// The initial parameters as one flat vector, laid out by `table`.
///
/// Each tensor has its own random stream, given by its layer and role. Changing the width of one
/// layer, or omitting biases, does not change the draws of other tensors of the same shape. Biases
/// are 0 except under [`InitScheme::Pytorch`]. Embeddings are N(0, 0.02²) as in GPT-2, or N(0, 1)
/// under [`InitScheme::Pytorch`]. `spec.scale` multiplies all weights, biases and embeddings;
/// `spec.layer_scales` additionally those of the first, second, … layer with weights;
/// `spec.output_scale` those of the last layer, which `spec.zero_last_layer` sets to 0. Gains are
/// always 1 and shifts 0, and draw nothing.
///
/// # Errors
/// Only [`Halt::Interrupted`].
pub fn initialize(
    table: &[ParamSpec],
    spec: &InitSpec,
    seed: u64,
    is_interrupted: &dyn Fn() -> bool,
) -> Result<Vec<f64>, Halt> {
    let n = table.iter().map(|tensor| tensor.offset + tensor.len()).max().unwrap_or(0);
    let mut parameters = vec![0.0; n];
    let branches = Branches::of(table);
    let mut n_layers = 0;
    for tensor in table {
        // A layer's weight precedes its other tensors.
        n_layers += u64::from(matches!(tensor.role, Role::Weight | Role::Embedding));
        let place = &mut parameters[tensor.offset..tensor.offset + tensor.len()];
        let index = match tensor.role {
            Role::Weight | Role::Embedding => 2 * n_layers - 2,
            Role::Bias => 2 * n_layers - 1,
            Role::Gain => {
                place.fill(1.0);
                continue;
            }
            Role::Shift => continue,
        };
        let mut stream = Stream::new(seed, Purpose::Init, index);
        fill(place, tensor, spec.scheme, &mut stream, is_interrupted)?;
        let mut scale = spec.scale * layer_scale(spec, n_layers);
        if tensor.is_output {
            scale *= spec.output_scale * f64::from(u8::from(!spec.zero_last_layer));
        }
        if spec.scheme == InitScheme::Fixup {
            scale *= branches.fixup_factor(tensor);
        }
        if scale == 0.0 {
            place.fill(0.0);
        }
        for w in place {
            *w *= scale;
        }
    }
    Ok(parameters)
}

/// The configured factor of a layer, numbered from 1.
fn layer_scale(spec: &InitSpec, layer: u64) -> f64 {
    let at = usize::try_from(layer - 1).ok();
    at.and_then(|at| spec.layer_scales.get(at)).copied().unwrap_or(1.0)
}

/// Checks that `spec` fits a network with this parameter table.
///
/// # Errors
/// [`ConfigError::Conflict`] if `spec.layer_scales` has more factors than the network has layers.
pub fn check(table: &[ParamSpec], spec: &InitSpec) -> Result<(), ConfigError> {
    let is_weight = |tensor: &&ParamSpec| matches!(tensor.role, Role::Weight | Role::Embedding);
    let (n, n_layers) = (spec.layer_scales.len(), table.iter().filter(is_weight).count());
    if n > n_layers {
        let layers = if n_layers == 1 { "layer" } else { "layers" };
        return Err(ConfigError::Conflict(format!(
            "`{LAYER_SCALES}` has {n} factors, but the network has {n_layers} {layers} with \
             weights; give at most {n_layers}"
        )));
    }
    Ok(())
}

/// Numbers drawn between two polls for interruption.
const DRAWN_TOGETHER: usize = 1 << 18;

/// Draws one tensor at scale 1 into `place`, which must be zero.
fn fill(
    place: &mut [f64],
    tensor: &ParamSpec,
    scheme: InitScheme,
    stream: &mut Stream,
    is_interrupted: &dyn Fn() -> bool,
) -> Result<(), Halt> {
    if let (InitScheme::Orthogonal, Role::Weight) = (scheme, tensor.role) {
        let n_rows = tensor.shape.first().copied().unwrap_or(1).max(1);
        return orthogonal::fill(place, n_rows, stream, is_interrupted);
    }
    for place in place.chunks_mut(DRAWN_TOGETHER) {
        check_interrupted(is_interrupted)?;
        draw(place, tensor, scheme, stream);
    }
    Ok(())
}

/// Draws the elements of part of a tensor independently, at scale 1.
fn draw(place: &mut [f64], tensor: &ParamSpec, scheme: InitScheme, stream: &mut Stream) {
    let fan_in = tensor.fan_in.max(1) as f64;
    let fans = (tensor.fan_in + tensor.fan_out).max(1) as f64;
    match (scheme, tensor.role) {
        (InitScheme::Pytorch, Role::Weight | Role::Bias) => {
            uniform(place, 1.0 / fan_in.sqrt(), stream);
        }
        // Orthogonal weights are drawn by `orthogonal::fill`.
        (_, Role::Bias | Role::Gain | Role::Shift) | (InitScheme::Orthogonal, Role::Weight) => {}
        (InitScheme::Pytorch, Role::Embedding) => normal(place, 1.0, stream),
        (_, Role::Embedding) => normal(place, 0.02 * 0.02, stream),
        (InitScheme::LecunNormal, Role::Weight) => normal(place, 1.0 / fan_in, stream),
        (InitScheme::XavierNormal, Role::Weight) => normal(place, 2.0 / fans, stream),
        (InitScheme::HeNormal | InitScheme::Fixup, Role::Weight) => {
            normal(place, 2.0 / fan_in, stream);
        }
        (InitScheme::Mup, Role::Weight) => {
            let variance = if tensor.is_output { fan_in.powi(-2) } else { 1.0 / fan_in };
            normal(place, variance, stream);
        }
        // U(−a, a) has variance a²/3.
        (InitScheme::LecunUniform, Role::Weight) => uniform(place, (3.0 / fan_in).sqrt(), stream),
        (InitScheme::XavierUniform, Role::Weight) => uniform(place, (6.0 / fans).sqrt(), stream),
        (InitScheme::HeUniform, Role::Weight) => uniform(place, (6.0 / fan_in).sqrt(), stream),
    }
}

fn normal(place: &mut [f64], variance: f64, stream: &mut Stream) {
    let deviation = variance.sqrt();
    for w in place {
        *w = deviation * stream.normal();
    }
}

fn uniform(place: &mut [f64], bound: f64, stream: &mut Stream) {
    for w in place {
        *w = bound * (2.0 * stream.uniform() - 1.0);
    }
}
