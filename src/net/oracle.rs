//! Test helpers that check an op's derivatives in f64, in a small network, against candle's.

use candle_core::{DType, Device, Result, Tensor, Var};

use crate::config::{Activation, Loss};
use crate::net::builder::Builder;
use crate::net::{Batch, Objective, Program, never, widen};

/// Number of examples of a check.
const N: usize = 5;

/// Reproducible nonzero numbers in (−1, 1).
pub(super) fn spread(n: usize, salt: f64) -> Vec<f64> {
    (0..n).map(|i| (((i as f64 + 1.7) * 12.9898 + salt).sin() * 43_758.545).fract()).collect()
}

/// [`spread`] as a tensor.
pub(super) fn tensor(shape: &[usize], salt: f64) -> Tensor {
    Tensor::from_vec(spread(shape.iter().product(), salt), shape, &Device::Cpu).unwrap()
}

/// A linear layer `a`, batch normalization `bn`, tanh, and a linear layer `b`.
pub(crate) fn batch_norm_network(n_inputs: usize, n_units: usize, n_outputs: usize) -> Program {
    let mut net = Builder::new(n_inputs);
    let x = net.linear("a", 0, n_units);
    let x = net.batch_norm("bn", x, None);
    let x = net.bias_activation(x, None, Activation::Tanh);
    net.linear("b", x, n_outputs);
    net.finish()
}

/// A program with its loss, parameters, buffers and a batch.
pub(super) struct Case {
    objective: Objective,
    loss: Loss,
    params: Tensor,
    buffers: Vec<Tensor>,
    batch: Batch,
}

impl Case {
    fn new(program: Program, inputs: Option<&Tensor>, loss: Loss) -> Self {
        let (batch, output) = (program.shapes()[0].len(), program.output());
        let (n_rows, o) = (N * output.positions, output.features);
        let targets = match loss {
            Loss::Mse => tensor(&[n_rows, o], 0.6),
            Loss::CrossEntropy => {
                let classes = (0..n_rows).flat_map(|i| (0..o).map(move |j| (i * 7 / 3) % o == j));
                let one_hot: Vec<f64> = classes.map(|is_it| f64::from(u8::from(is_it))).collect();
                Tensor::from_vec(one_hot, (n_rows, o), &Device::Cpu).unwrap()
            }
        };
        let inputs = inputs.cloned().unwrap_or_else(|| tensor(&[N, batch], 0.3));
        let params = tensor(&[program.n_params()], 0.9);
        let objective = Objective::new(program, loss, 1).unwrap();
        let buffers = objective.initial_buffers(DType::F64, &Device::Cpu).unwrap();
        let batch = Batch { inputs, targets: targets.reshape((N, ())).unwrap() };
        Self { objective, loss, params, buffers, batch }
    }

    fn direction(&self, salt: f64) -> Tensor {
        tensor(&[self.params.dim(0).unwrap()], salt)
    }

    fn directions(&self) -> [Tensor; 2] {
        [self.direction(0.1), self.direction(0.2)]
    }

    /// All checks except finite differences; returns the products with [`Self::directions`].
    fn check(&self, reference: Option<Reference<'_>>) -> Vec<Vec<f64>> {
        let (loss, directions) = (self.loss, self.directions());
        let block = Tensor::stack(&directions, 0).unwrap();
        let (value, gradient, products) = self.by_passes(&block, &self.objective);
        assert!(value.is_finite() && value > 0.0);
        if let Some(reference) = reference {
            for (v, product) in directions.iter().zip(&products) {
                let (wanted, g, hv) = self.by_candle(v, reference).unwrap();
                assert!((value - wanted).abs() < 1e-11, "{loss}: loss {value}, not {wanted}");
                close(&gradient, &g, 1e-9, &format!("{loss}: gradient against candle"));
                close(product, &hv, 1e-9, &format!("{loss}: product against candle"));
            }
        }
        let [u, v] = directions.map(|v| widen(&v).unwrap());
        let (uhv, vhu) = (dot(&u, &products[1]), dot(&v, &products[0]));
        assert!((uhv - vhu).abs() < 1e-10 * (1.0 + uhv.abs()), "{loss}: {uhv} is not {vhu}");
        let recomputing = self.objective.clone().with_tape_bytes(0);
        assert_eq!(
            self.by_passes(&block, &recomputing),
            (value, gradient, products.clone()),
            "{loss}"
        );
        products
    }

    fn gradient_at(&self, params: &Tensor) -> Vec<f64> {
        let at = self.objective.linearize(params, &self.buffers, &self.batch, &never).unwrap();
        at.wide_gradient().unwrap()
    }

    /// Loss, gradient and products with the block, by the four passes.
    fn by_passes(&self, block: &Tensor, objective: &Objective) -> (f64, Vec<f64>, Vec<Vec<f64>>) {
        let at = objective.linearize(&self.params, &self.buffers, &self.batch, &never).unwrap();
        let products = at.hvp(block, &never).unwrap();
        let rows = widen(&products).unwrap();
        let n = self.params.dim(0).unwrap();
        let products = rows.chunks_exact(n).map(<[f64]>::to_vec).collect();
        (at.score().loss, at.wide_gradient().unwrap(), products)
    }

    /// Loss, gradient and product with `v`, by differentiating `reference` twice with candle.
    fn by_candle(&self, v: &Tensor, reference: Reference<'_>) -> Result<(f64, Vec<f64>, Vec<f64>)> {
        assert_eq!(
            std::env::var("CANDLE_GRAD_DO_NOT_DETACH").as_deref(),
            Ok("1"),
            "run through cargo, which sets this: without it the oracle is silently wrong"
        );
        let flat = Var::from_tensor(&self.params)?;
        let split = |spec: &crate::net::ParamSpec| {
            flat.narrow(0, spec.offset, spec.len())?.reshape(spec.shape.as_slice())
        };
        let params: Result<Vec<_>> = self.objective.program().params().iter().map(split).collect();
        let f = reference(&params?, &self.batch.inputs)?;
        let y = self.batch.targets.reshape(f.shape())?;
        let n_rows = f.dim(0)? as f64;
        let loss = match self.loss {
            Loss::Mse => ((f - y)?.sqr()?.sum_all()? * (0.5 / n_rows))?,
            Loss::CrossEntropy => {
                ((y * candle_nn::ops::log_softmax(&f, 1)?)?.sum_all()? * (-1.0 / n_rows))?
            }
        };
        let of = |loss: &Tensor| -> Result<Tensor> {
            let found = loss.backward()?.get(&flat).cloned();
            found.map_or_else(|| flat.zeros_like(), Ok)
        };
        let gradient = of(&loss)?;
        let product = of(&(&gradient * v)?.sum_all()?)?;
        Ok((loss.to_scalar()?, gradient.to_vec1()?, product.to_vec1()?))
    }
}

/// A network made of candle's own differentiable operations: maps the parameters, in table order,
/// and the batch `[n, d]` to the outputs `[n·p, o]`.
pub(super) type Reference<'a> = &'a dyn Fn(&[Tensor], &Tensor) -> Result<Tensor>;

/// The output `[n·p, o]` of a program in training mode by `Passes::reference` of every op.
pub(super) fn output(program: &Program, params: &[Tensor], batch: &Tensor) -> Result<Tensor> {
    let mut params = params.to_vec();
    for index in &program.standardised {
        let rows = params[*index].flatten_from(1)?;
        params[*index] = standardised(&rows, 1, 1e-10)?.reshape(params[*index].shape())?;
    }
    let mut values = vec![batch.clone()];
    for node in program.nodes() {
        let inputs: Vec<&Tensor> = node.inputs.iter().map(|i| &values[*i]).collect();
        values.push(node.op.passes().reference(&inputs, &params)?);
    }
    Ok(values[values.len() - 1].clone())
}

/// `x` shifted and scaled to mean 0 and variance 1 along one dimension.
pub(super) fn standardised(x: &Tensor, dim: usize, epsilon: f64) -> Result<Tensor> {
    let x = x.broadcast_sub(&x.mean_keepdim(dim)?)?;
    let deviation = (x.sqr()?.mean_keepdim(dim)? + epsilon)?.sqrt()?;
    x.broadcast_div(&deviation)
}

/// Checks a program under both losses: loss, gradient and products against the reference, if candle
/// differentiates one correctly twice, and against central differences; that the Hessian is
/// symmetric; and that recomputing tapes changes nothing. `inputs` `[5, d]` replaces the default
/// real-valued batch.
pub(super) fn check(program: &Program, inputs: Option<&Tensor>, reference: Option<Reference<'_>>) {
    for loss in [Loss::Mse, Loss::CrossEntropy] {
        let case = Case::new(program.clone(), inputs, loss);
        let products = case.check(reference);
        for (v, product) in case.directions().iter().zip(&products) {
            let h = 3e-6;
            let plus = case.gradient_at(&(&case.params + (v * h).unwrap()).unwrap());
            let minus = case.gradient_at(&(&case.params - (v * h).unwrap()).unwrap());
            let slopes: Vec<f64> =
                plus.iter().zip(&minus).map(|(a, b)| (a - b) / (2.0 * h)).collect();
            close(product, &slopes, 1e-6, &format!("{loss}: product against differences"));
        }
    }
}

/// [`check`] against the references of its ops.
pub(super) fn check_program(program: &Program, inputs: Option<&Tensor>) {
    let candle = |params: &[Tensor], x: &Tensor| output(program, params, x);
    check(program, inputs, Some(&candle));
}

/// Two linear layers with `norm` and tanh between them; the first reads `[n, 3]`.
pub(super) fn around(norm: impl Fn(&mut Builder, usize) -> usize) -> Program {
    let mut net = Builder::new(3);
    let x = net.linear("a", 0, 6);
    let x = norm(&mut net, x);
    let x = net.bias_activation(x, None, Activation::Tanh);
    net.linear("b", x, 2);
    net.finish()
}

/// As [`check`] but without central differences, for a program that treats something as constant
/// although it depends on the parameters.
pub(super) fn check_against_candle(
    program: &Program,
    inputs: Option<&Tensor>,
    reference: Reference<'_>,
) {
    for loss in [Loss::Mse, Loss::CrossEntropy] {
        Case::new(program.clone(), inputs, loss).check(Some(reference));
    }
}

fn close(a: &[f64], b: &[f64], tolerance: f64, what: &str) {
    let difference: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
    let error = (dot(&difference, &difference) / dot(b, b)).sqrt();
    assert!(error < tolerance, "{what}: relative error {error:e}");
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
