//! Initial weights: fills the flat parameter vector from its table, a scheme and a seed, and adjusts
//! the size of each tensor before step 0 where that is asked for. Does not know how training goes on.

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

pub use iteration::World;
pub use rate_factors::rate_factors;
pub use tuning::Tuner;

use branches::Branches;

use crate::config::{ConfigError, InitScheme, InitSpec};
use crate::net::{Halt, ParamSpec, Role, go_on};
use crate::random::{Purpose, Stream};

/// The initial parameters, flat, in the order and at the offsets of `table`.
///
/// Each tensor draws from a stream of its own (its layer and role), so changing the width of one
/// layer leaves the draws of tensors of unchanged shape as they were, and so does leaving out the
/// biases. Biases are 0 except under [`InitScheme::Pytorch`]. Embeddings are N(0, .02²) as in GPT-2,
/// under that scheme N(0, 1). `spec.scale` multiplies every weight, bias and embedding, the factors
/// of `spec.layer_scales` further those of the first, second, … layer that has weights, and
/// `spec.output_scale` those of the last layer, which `spec.zero_last_layer` sets to 0. Gains are 1
/// and shifts 0 whatever the scheme and the scales: they come after a normalization, or say how
/// much of a branch is added, and draw nothing.
///
/// # Errors
/// [`Halt::Interrupted`] alone.
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
        // The weight comes first in its layer.
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

/// The factor on the layer of this number, from 1.
fn layer_scale(spec: &InitSpec, layer: u64) -> f64 {
    let at = usize::try_from(layer - 1).ok();
    at.and_then(|at| spec.layer_scales.get(at)).copied().unwrap_or(1.0)
}

/// Whether `spec` fits the network with this table.
///
/// # Errors
/// [`ConfigError::Conflict`] when it names more layers than there are.
pub fn check(table: &[ParamSpec], spec: &InitSpec) -> Result<(), ConfigError> {
    let is_weight = |tensor: &&ParamSpec| matches!(tensor.role, Role::Weight | Role::Embedding);
    let (n, n_layers) = (spec.layer_scales.len(), table.iter().filter(is_weight).count());
    if n > n_layers {
        return Err(ConfigError::Conflict(format!(
            "`init.layer_scales` has {n} factors, but the network has {n_layers} layers with \
             weights; give at most {n_layers}"
        )));
    }
    Ok(())
}

/// Numbers drawn between two questions whether to give up.
const DRAWN_TOGETHER: usize = 1 << 18;

/// Writes one tensor at scale 1 over `place`, which holds zeros.
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
        go_on(is_interrupted)?;
        draw(place, tensor, scheme, stream);
    }
    Ok(())
}

/// Writes independent draws at scale 1 over a part of a tensor.
fn draw(place: &mut [f64], tensor: &ParamSpec, scheme: InitScheme, stream: &mut Stream) {
    let fan_in = tensor.fan_in.max(1) as f64;
    let fans = (tensor.fan_in + tensor.fan_out).max(1) as f64;
    match (scheme, tensor.role) {
        (InitScheme::Pytorch, Role::Weight | Role::Bias) => {
            uniform(place, 1.0 / fan_in.sqrt(), stream);
        }
        // Orthogonal weights are not drawn one by one.
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
