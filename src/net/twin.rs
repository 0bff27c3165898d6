//! Any program from candle's own differentiable operations, in training mode.
//! Only tests use it; knows the meaning of every op, and none of its passes.

use candle_core::{D, Device, Result, Tensor};

use super::kernels::Mask;
use super::ops::{Attention, Conv, Op, Over, Patches, Pool, Reshape, SpectralScale};
use super::program::{Node, Program};
use super::window::{Filter, Window};
use crate::config::{Activation, PoolKind};

/// The output `[n·p, o]` from the parameters in the order of the table and the batch `[n, d]`.
pub(super) fn output(program: &Program, params: &[Tensor], batch: &Tensor) -> Result<Tensor> {
    let mut params = params.to_vec();
    for index in &program.standardised {
        let rows = params[*index].flatten_from(1)?;
        params[*index] = standardised(&rows, 1, 1e-10)?.reshape(params[*index].shape())?;
    }
    let mut values = vec![batch.clone()];
    for node in program.nodes() {
        values.push(value(node, &params, &values)?);
    }
    Ok(values[values.len() - 1].clone())
}

fn value(node: &Node, params: &[Tensor], values: &[Tensor]) -> Result<Tensor> {
    let input = |i: usize| &values[node.inputs[i]];
    let x = input(0);
    match &node.op {
        Op::Linear(op) => x.matmul(&params[op.weight].t()?),
        Op::BiasActivation(op) => {
            let x = match op.bias {
                Some(bias) => x.broadcast_add(&params[bias])?,
                None => x.clone(),
            };
            activation(op.activation, &x)
        }
        Op::Norm(op) => {
            let x = sets_standardised(op.over, x)?.broadcast_mul(&params[op.gain])?;
            x.broadcast_add(&params[op.shift])
        }
        Op::Standardise(op) => {
            sets_standardised(Over::Features { groups: op.groups, positions: 1 }, x)
        }
        Op::Affine(op) => {
            let x = match op.gain {
                Some(gain) => x.broadcast_mul(&params[gain])?,
                None => x.clone(),
            };
            op.shift.map_or_else(|| Ok(x.clone()), |shift| x.broadcast_add(&params[shift]))
        }
        Op::Add(_) => x + input(1),
        Op::Concat(_) => {
            let all: Vec<&Tensor> = node.inputs.iter().map(|i| &values[*i]).collect();
            Tensor::cat(&all, 1)
        }
        Op::Conv(op) => conv(op, x, &params[op.weight]),
        Op::Pool(op) => pool(op, x),
        Op::Reshape(Reshape { to, .. }) => x.reshape(((), to.features)),
        Op::Gather(op) => one_hot(x, params[op.table].dim(0)?)?.matmul(&params[op.table]),
        Op::Positions(op) => {
            let (p, d) = params[op.table].dims2()?;
            x.reshape(((), p, d))?.broadcast_add(&params[op.table])?.reshape(((), d))
        }
        Op::Attention(op) => attention(op, x, input(1), input(2)),
        Op::Take(op) => {
            let (d, x) = (x.dim(1)?, x.reshape(((), op.of, x.dim(1)?))?);
            x.narrow(1, op.first, op.count)?.reshape(((), d))
        }
        Op::MeanPositions(op) => x.reshape(((), op.positions, x.dim(1)?))?.mean(1),
        Op::Patches(op) => patches(op, x),
        Op::SpectralScale(op) => spectral_scale(op, x, params),
    }
}

fn activation(activation: Activation, x: &Tensor) -> Result<Tensor> {
    match activation {
        Activation::Tanh => x.tanh(),
        Activation::Relu => x.relu(),
        Activation::Silu => x / (x.neg()?.exp()? + 1.0)?,
        Activation::Linear => Ok(x.clone()),
        Activation::Gelu => (x * (x / 2f64.sqrt())?.erf()?.affine(0.5, 0.5)?)?.contiguous(),
        Activation::Elu => x.gt(0.0)?.where_cond(x, &(x.exp()? - 1.0)?),
        Activation::Softplus => (x.exp()? + 1.0)?.log(),
    }
}

/// Mean 0 and variance 1 over one dimension.
fn standardised(x: &Tensor, dim: usize, epsilon: f64) -> Result<Tensor> {
    let x = x.broadcast_sub(&x.mean_keepdim(dim)?)?;
    let deviation = (x.sqr()?.mean_keepdim(dim)? + epsilon)?.sqrt()?;
    x.broadcast_div(&deviation)
}

fn sets_standardised(over: Over, x: &Tensor) -> Result<Tensor> {
    let (n, d) = x.dims2()?;
    match over {
        Over::Examples { ghost, .. } => {
            let rows = ghost.unwrap_or(n);
            let part = |start| standardised(&x.narrow(0, start, rows.min(n - start))?, 0, 1e-5);
            let parts: Result<Vec<_>> = (0..n).step_by(rows).map(part).collect();
            Tensor::cat(&parts?, 0)
        }
        Over::Features { groups, positions } => {
            let sets = x.reshape(((), positions, groups, d / groups))?.transpose(1, 2)?;
            let sets = sets.contiguous()?.reshape(((), positions * d / groups))?;
            let sets = standardised(&sets, 1, 1e-5)?;
            let rows = sets.reshape(((), groups, positions, d / groups))?.transpose(1, 2)?;
            rows.contiguous()?.reshape((n, d))
        }
    }
}

/// `[n·h·w, c]` as `[n, c, h, w]` with zeros around it.
fn padded(window: &Window, x: &Tensor) -> Result<Tensor> {
    let x = x.reshape(((), window.image.height, window.image.width, x.dim(1)?))?;
    let zeros = |kernel: usize| if kernel == 1 { 0 } else { window.padding };
    let (above, left) = (zeros(window.kernel.height), zeros(window.kernel.width));
    let x = x.permute((0, 3, 1, 2))?.contiguous()?;
    x.pad_with_zeros(2, above, above)?.pad_with_zeros(3, left, left)
}

fn conv(op: &Conv, x: &Tensor, w: &Tensor) -> Result<Tensor> {
    let Filter { window, groups } = op.filter;
    // candle differentiates a stride only where the windows reach the last pixel.
    let x = padded(&window, x)?;
    let output = window.output();
    let reached = |places: usize, kernel: usize| (places - 1) * window.stride + kernel;
    let x = x.narrow(2, 0, reached(output.height, window.kernel.height))?;
    let x = x.narrow(3, 0, reached(output.width, window.kernel.width))?.contiguous()?;
    let w = w.permute((0, 3, 1, 2))?.contiguous()?;
    let y = x.conv2d(&w, 0, window.stride, 1, groups)?;
    y.permute((0, 2, 3, 1))?.contiguous()?.reshape(((), w.dim(0)?))
}

/// Windows side by side, as everywhere in the networks there are.
fn pool(op: &Pool, x: &Tensor) -> Result<Tensor> {
    let Window { image, kernel, .. } = op.window;
    let (output, d) = (op.window.output(), x.dim(1)?);
    let x = x.reshape(((), image.height, image.width, d))?;
    let x = x.narrow(1, 0, output.height * kernel.height)?;
    let x = x.narrow(2, 0, output.width * kernel.width)?.contiguous()?;
    let x = x.reshape(((), kernel.height, output.width, kernel.width * d))?.transpose(1, 2)?;
    let x = x.contiguous()?.reshape(((), kernel.positions(), d))?;
    match op.kind {
        PoolKind::Average => x.mean(1),
        PoolKind::Max => {
            let pixel = |i| x.narrow(1, i, 1)?.squeeze(1);
            (1..kernel.positions()).try_fold(pixel(0)?, |most, i| most.maximum(&pixel(i)?))
        }
    }
}

fn one_hot(tokens: &Tensor, vocabulary: usize) -> Result<Tensor> {
    let tokens = tokens.flatten_all()?.to_vec1::<f64>()?;
    let rows: Vec<f64> = tokens
        .iter()
        .flat_map(|token| (0..vocabulary).map(|i| f64::from(u8::from(i as f64 == *token))))
        .collect();
    Tensor::from_vec(rows, (tokens.len(), vocabulary), &Device::Cpu)
}

fn attention(op: &Attention, q: &Tensor, k: &Tensor, v: &Tensor) -> Result<Tensor> {
    let (rows, d) = q.dims2()?;
    let (t, width) = (op.positions, d / op.heads);
    let fall = op.base_width.map_or(1.0, |base| base as f64 / d as f64).sqrt();
    let scale = fall / (width as f64).sqrt();
    let by_head =
        |x: &Tensor| x.reshape((rows / t, t, op.heads, width))?.transpose(1, 2)?.contiguous();
    let z = (by_head(q)?.matmul(&by_head(k)?.t()?.contiguous()?)? * scale)?;
    let later = |i: usize| if i % t > i / t { -1e30 } else { 0.0 };
    let z = match op.mask {
        Mask::None => z,
        Mask::Causal => {
            let mask: Vec<f64> = (0..t * t).map(later).collect();
            z.broadcast_add(&Tensor::from_vec(mask, (t, t), &Device::Cpu)?)?
        }
    };
    let y = candle_nn::ops::softmax(&z, D::Minus1)?.matmul(&by_head(v)?)?;
    y.transpose(1, 2)?.contiguous()?.reshape((rows, d))
}

fn patches(op: &Patches, x: &Tensor) -> Result<Tensor> {
    let (size, row) = (op.size, op.size.width * op.channels);
    let x = x.reshape(((), size.height, op.image.width / size.width, row))?;
    x.transpose(1, 2)?.contiguous()?.reshape(((), size.height * row))
}

/// From u of ones, one step of power iteration; u and v are held fixed.
fn spectral_scale(op: &SpectralScale, x: &Tensor, params: &[Tensor]) -> Result<Tensor> {
    let w = &params[op.weight];
    let unit = |x: Tensor| x.broadcast_div(&x.sqr()?.sum_all()?.sqrt()?);
    let fixed = w.detach();
    let u = Tensor::ones((w.dim(0)?, 1), w.dtype(), w.device())?;
    let v = unit(fixed.t()?.matmul(&u)?)?;
    let u = unit(fixed.matmul(&v)?)?;
    let norm = u.t()?.matmul(&w.matmul(&v)?)?.flatten_all()?;
    x.broadcast_mul(&(&params[op.gain] / norm)?)
}
