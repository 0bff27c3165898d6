//! The differentiation engine against its oracles: candle's double backward, central differences and
//! dense Hessians.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

use candle_core::{DType, Device, Result, Tensor, Var};
use eoscope::config::{Activation, Loss, ModelSpec};
use eoscope::net::{Batch, Halt, Interface, Objective, ParamSpec, Program, Role, never, widen};

/// Reproducible nonzero numbers in (−1, 1).
fn spread(n: usize, salt: f64) -> Vec<f64> {
    (0..n).map(|i| (((i as f64 + 1.7) * 12.9898 + salt).sin() * 43_758.545).fract()).collect()
}

struct Case {
    objective: Objective,
    params: Tensor,
    batch: Batch,
    activation: Activation,
    loss: Loss,
}

impl Case {
    fn new(hidden: &[usize], activation: Activation, loss: Loss) -> Self {
        Self::sized(hidden, activation, loss, 7)
    }

    fn sized(hidden: &[usize], activation: Activation, loss: Loss, n: usize) -> Self {
        let model =
            ModelSpec { hidden: hidden.to_vec(), activation, bias: true, ..ModelSpec::default() };
        Self::of(&model, loss, n)
    }

    fn without_bias(hidden: &[usize], activation: Activation, loss: Loss) -> Self {
        let model =
            ModelSpec { hidden: hidden.to_vec(), activation, bias: false, ..ModelSpec::default() };
        Self::of(&model, loss, 7)
    }

    fn of(model: &ModelSpec, loss: Loss, n: usize) -> Self {
        let program = Program::of(model, Interface::flat(5, 3));
        let n_params = program.n_params();
        let vector = |n: usize, salt| Tensor::from_vec(spread(n, salt), n, &Device::Cpu).unwrap();
        let targets = (0..n * 3).map(|i| f64::from(u8::from(i % 3 == (i / 3) % 3))).collect();
        let batch = Batch {
            inputs: vector(n * 5, 0.3).reshape((n, 5)).unwrap(),
            targets: Tensor::from_vec::<_, f64>(targets, (n, 3), &Device::Cpu).unwrap(),
        };
        let objective = Objective::new(program, loss, 1).unwrap();
        let params = vector(n_params, 0.9);
        Self { objective, params, batch, activation: model.activation, loss }
    }

    fn direction(&self, salt: f64) -> Tensor {
        let n = self.objective.program().n_params();
        Tensor::from_vec(spread(n, salt), (1, n), &Device::Cpu).unwrap()
    }

    fn hvp(&self, v: &Tensor) -> Vec<f64> {
        let at = self.objective.linearize(&self.params, &[], &self.batch, &never).unwrap();
        widen(&at.hvp(v, &never).unwrap()).unwrap()
    }

    fn gradient_at(&self, params: &Tensor) -> Vec<f64> {
        self.objective.linearize(params, &[], &self.batch, &never).unwrap().wide_gradient().unwrap()
    }

    /// The same loss in candle's differentiable operations.
    fn candle_loss(&self, flat: &Tensor) -> Result<Tensor> {
        let specs = self.objective.program().params();
        let mut x = self.batch.inputs.clone();
        let of_one_layer = |a: &ParamSpec, b: &ParamSpec| b.role == Role::Bias && a.role != b.role;
        for layer in specs.chunk_by(of_one_layer) {
            let w = flat
                .narrow(0, layer[0].offset, layer[0].len())?
                .reshape(layer[0].shape.as_slice())?;
            x = x.matmul(&w.t()?)?;
            if let Some(bias) = layer.get(1) {
                x = x.broadcast_add(&flat.narrow(0, bias.offset, bias.len())?)?;
            }
            if !layer[0].is_output {
                x = candle_activation(self.activation, &x)?;
            }
        }
        let y = &self.batch.targets;
        let n = y.dim(0)? as f64;
        match self.loss {
            Loss::Mse => (x - y)?.sqr()?.sum_all()? * (0.5 / n),
            Loss::CrossEntropy => {
                (candle_nn::ops::log_softmax(&x, 1)? * y)?.sum_all()? * (-1.0 / n)
            }
        }
    }

    /// Gradient and Hessian-vector product by candle's double backward.
    fn oracle(&self, v: &Tensor) -> Result<(f64, Vec<f64>, Vec<f64>)> {
        assert_eq!(
            std::env::var("CANDLE_GRAD_DO_NOT_DETACH").as_deref(),
            Ok("1"),
            "run through cargo, which sets this: without it the oracle is silently wrong"
        );
        let flat = Var::from_tensor(&self.params)?;
        let loss = self.candle_loss(flat.as_tensor())?;
        let gradient = loss.backward()?.get(&flat).unwrap().clone();
        let along = (&gradient * v.squeeze(0)?)?.sum_all()?;
        let product = along.backward()?.get(&flat).unwrap().clone();
        Ok((loss.to_scalar()?, gradient.to_vec1()?, product.to_vec1()?))
    }
}

fn candle_activation(activation: Activation, x: &Tensor) -> Result<Tensor> {
    match activation {
        Activation::Tanh => x.tanh(),
        Activation::Relu => x.relu(),
        Activation::Gelu => (x * (x / 2f64.sqrt())?.erf()?.affine(0.5, 0.5)?)?.contiguous(),
        Activation::Silu => x / (x.neg()?.exp()? + 1.0)?,
        Activation::Elu => x.gt(0.0)?.where_cond(x, &(x.exp()? - 1.0)?),
        Activation::Softplus => (x.exp()? + 1.0)?.log(),
        Activation::Linear => Ok(x.clone()),
    }
}

fn relative_error(a: &[f64], b: &[f64]) -> f64 {
    let norm = |x: &mut dyn Iterator<Item = f64>| x.map(|x| x * x).sum::<f64>().sqrt();
    norm(&mut a.iter().zip(b).map(|(a, b)| a - b)) / norm(&mut b.iter().copied())
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

const LOSSES: [Loss; 2] = [Loss::Mse, Loss::CrossEntropy];

/// Compares loss, gradient and Hessian-vector product of a case with candle's double backward.
fn check_against_candle(case: &Case) {
    // candle's derivative of erf has constants with only six digits.
    let tolerance = if case.activation == Activation::Gelu { 2e-6 } else { 1e-9 };
    let v = case.direction(0.1);
    let (value, gradient, product) = case.oracle(&v).unwrap();
    let at = case.objective.linearize(&case.params, &[], &case.batch, &never).unwrap();
    let context = format!("{} {}", case.activation, case.loss);
    assert!((at.score().loss - value).abs() < 1e-12, "{context}");
    let error = relative_error(&at.wide_gradient().unwrap(), &gradient);
    assert!(error < tolerance, "{context}: gradient off by {error:e}");
    let error = relative_error(&case.hvp(&v), &product);
    assert!(error < tolerance, "{context}: HVP off by {error:e}");
}

#[test]
fn gradient_and_hvp_agree_with_candles_double_backward() {
    for activation in Activation::ALL.iter().copied() {
        for loss in LOSSES {
            check_against_candle(&Case::new(&[6, 4], activation, loss));
        }
    }
}

#[test]
fn a_network_without_biases_agrees_with_candles_double_backward() {
    for activation in Activation::ALL.iter().copied() {
        for (hidden, n_params) in [(&[6, 4][..], 66), (&[], 15)] {
            for loss in LOSSES {
                let case = Case::without_bias(hidden, activation, loss);
                assert_eq!(case.objective.program().n_params(), n_params);
                check_against_candle(&case);
            }
        }
    }
}

#[test]
fn gradient_and_hvp_agree_with_central_differences() {
    let h = 1e-5;
    for activation in Activation::ALL.iter().copied() {
        for loss in LOSSES {
            let case = Case::new(&[6, 4], activation, loss);
            let v = case.direction(0.1);
            let step = (v.squeeze(0).unwrap() * h).unwrap();
            let (up, down) = ((&case.params + &step).unwrap(), (&case.params - &step).unwrap());
            let context = format!("{activation} {loss}");

            let loss_at =
                |p: &Tensor| case.objective.score(p, &[], &case.batch, &never).unwrap().loss;
            let slope = (loss_at(&up) - loss_at(&down)) / (2.0 * h);
            let exact = dot(&case.gradient_at(&case.params), &widen(&v).unwrap());
            assert!(
                (slope - exact).abs() < 1e-6 * exact.abs().max(1.0),
                "{context}: {slope} {exact}"
            );

            let difference: Vec<f64> = case
                .gradient_at(&up)
                .iter()
                .zip(case.gradient_at(&down))
                .map(|(up, down)| (up - down) / (2.0 * h))
                .collect();
            let error = relative_error(&difference, &case.hvp(&v));
            assert!(error < 1e-6, "{context}: HVP off by {error:e}");
        }
    }
}

#[test]
fn the_hessian_is_symmetric() {
    for activation in Activation::ALL.iter().copied() {
        for loss in LOSSES {
            let case = Case::new(&[6, 4], activation, loss);
            let (u, v) = (case.direction(0.1), case.direction(0.7));
            let uhv = dot(&widen(&u).unwrap(), &case.hvp(&v));
            let vhu = dot(&widen(&v).unwrap(), &case.hvp(&u));
            assert!(
                (uhv - vhu).abs() < 1e-10 * uhv.abs().max(1.0),
                "{activation} {loss}: {uhv} {vhu}"
            );
        }
    }
}

#[test]
fn a_block_of_basis_vectors_gives_the_dense_hessian() {
    let case = Case::new(&[4], Activation::Tanh, Loss::Mse);
    let n = case.objective.program().n_params();
    let dense = case.hvp(&Tensor::eye(n, DType::F64, &Device::Cpu).unwrap());
    let h = 1e-5;
    for j in 0..n {
        let mut basis = vec![0.0; n];
        basis[j] = h;
        let step = Tensor::from_vec(basis, n, &Device::Cpu).unwrap();
        let up = case.gradient_at(&(&case.params + &step).unwrap());
        let down = case.gradient_at(&(&case.params - &step).unwrap());
        for i in 0..n {
            let difference = (up[i] - down[i]) / (2.0 * h);
            assert!((dense[j * n + i] - difference).abs() < 1e-8, "entry {j},{i}");
            assert!((dense[j * n + i] - dense[i * n + j]).abs() < 1e-14);
        }
    }
}

#[test]
fn chunks_threads_and_forgotten_tapes_do_not_change_a_product() {
    // 1,100 examples are four chunks.
    let one = Case::sized(&[6, 4], Activation::Silu, Loss::CrossEntropy, 1100);
    let mut two = Case::sized(&[6, 4], Activation::Silu, Loss::CrossEntropy, 1100);
    two.objective = Objective::new(one.objective.program().clone(), one.loss, 3).unwrap();
    let v = one.direction(0.2);
    assert_eq!(one.hvp(&v), two.hvp(&v), "threads");
    assert_eq!(one.gradient_at(&one.params), two.gradient_at(&two.params), "threads");
    two.objective = two.objective.with_tape_bytes(0);
    assert_eq!(one.hvp(&v), two.hvp(&v), "tapes made again");
    let (value, gradient, product) = one.oracle(&v).unwrap();
    assert!(
        (one.objective.score(&one.params, &[], &one.batch, &never).unwrap().loss - value).abs()
            < 1e-12
    );
    assert!(relative_error(&one.gradient_at(&one.params), &gradient) < 1e-9);
    assert!(relative_error(&one.hvp(&v), &product) < 1e-9);
}

#[test]
fn single_precision_agrees_with_double_to_rounding() {
    for loss in LOSSES {
        let double = Case::new(&[6, 4], Activation::Gelu, loss);
        let narrow = |t: &Tensor| t.to_dtype(DType::F32).unwrap();
        let batch =
            Batch { inputs: narrow(&double.batch.inputs), targets: narrow(&double.batch.targets) };
        let v = double.direction(0.1);
        let at = double.objective.linearize(&narrow(&double.params), &[], &batch, &never).unwrap();
        let product = widen(&at.hvp(&narrow(&v), &never).unwrap()).unwrap();
        assert!(relative_error(&product, &double.hvp(&v)) < 1e-5);
    }
}

#[test]
fn accuracy_counts_the_right_classes() {
    let case = Case::new(&[], Activation::Linear, Loss::Mse);
    let n = case.objective.program().n_params();
    // Zero weights and a bias that predicts class 0, the class of every third example.
    let mut params = vec![0.0; n];
    params[n - 3] = 1.0;
    let params = Tensor::from_vec(params, n, &Device::Cpu).unwrap();
    let score = case.objective.score(&params, &[], &case.batch, &never).unwrap();
    assert!((score.accuracy - 3.0 / 7.0).abs() < 1e-12);
}

/// Whether a computation finished, rather than being interrupted.
fn is_whole<T>(result: std::result::Result<T, Halt>) -> bool {
    match result {
        Ok(_) => true,
        Err(Halt::Interrupted) => false,
        Err(halt) => panic!("{halt}"),
    }
}

/// An interrupt check that is false `n` times, then true, and counts its calls.
fn patience(n: usize) -> (impl Fn() -> bool, std::rc::Rc<std::cell::Cell<usize>>) {
    let asked = std::rc::Rc::new(std::cell::Cell::new(0));
    let counter = asked.clone();
    let ask = move || {
        counter.set(counter.get() + 1);
        counter.get() > n
    };
    (ask, asked)
}

#[test]
fn every_pass_asks_between_ops_and_chunks_whether_to_give_up() {
    // 1,100 examples are four chunks.
    let case = Case::sized(&[6, 4], Activation::Tanh, Loss::Mse, 1100);
    let (objective, params, batch) = (&case.objective, &case.params, &case.batch);
    let at = objective.linearize(params, &[], batch, &never).unwrap();
    let n_ops = objective.program().nodes().len();
    // Checked before each chunk, and before each op of a pass over it.
    let check = |n_passes: usize, is_done: &dyn Fn(&dyn Fn() -> bool) -> bool| {
        let n_questions = 4 * (1 + n_passes * n_ops);
        for n in 0..n_questions {
            let (ask, asked) = patience(n);
            assert!(!is_done(&ask), "after {n} of {n_questions}");
            assert_eq!(asked.get(), n + 1);
        }
        assert!(is_done(&patience(n_questions).0));
    };
    check(1, &|ask| is_whole(objective.score(params, &[], batch, ask)));
    check(2, &|ask| is_whole(objective.linearize(params, &[], batch, ask)));
    check(2, &|ask| is_whole(at.hvp(&case.direction(0.1), ask)));
}

#[test]
fn a_block_that_is_long_work_is_multiplied_in_parts_with_the_same_products() {
    // 656,810 parameters times 400 examples per chunk: two vectors form one unit of work.
    let model = ModelSpec {
        hidden: vec![200, 200],
        activation: Activation::Tanh,
        bias: true,
        ..ModelSpec::default()
    };
    let objective =
        Objective::new(Program::of(&model, Interface::flat(3072, 10)), Loss::Mse, 1).unwrap();
    let (n, n_params) = (400, objective.program().n_params());
    let tensor = |shape: &[usize], salt| {
        let values = spread(shape.iter().product(), salt);
        let tensor = Tensor::from_vec(values, shape, &Device::Cpu).unwrap();
        (tensor * 0.05).unwrap().to_dtype(DType::F32).unwrap()
    };
    let batch = Batch { inputs: tensor(&[n, 3072], 0.3), targets: tensor(&[n, 10], 0.4) };
    let at = objective.linearize(&tensor(&[n_params], 0.9), &[], &batch, &never).unwrap();
    let block = tensor(&[6, n_params], 0.1);
    let (ask, asked) = patience(usize::MAX);
    let together = at.hvp(&block, &ask).unwrap();
    let n_questions = |k: usize| {
        let (ask, asked) = patience(usize::MAX);
        at.hvp(&block.narrow(0, 0, k).unwrap(), &ask).unwrap();
        asked.get()
    };
    assert_eq!(n_questions(2), n_questions(1));
    assert_eq!(asked.get(), 3 * n_questions(2), "three parts of two vectors");
    let together = widen(&together).unwrap();
    for j in 0..6 {
        let alone = widen(&at.hvp(&block.narrow(0, j, 1).unwrap(), &never).unwrap()).unwrap();
        let error = relative_error(&together[j * n_params..][..n_params], &alone);
        assert!(error < 1e-5, "vector {j}: {error:e}");
    }
}

#[test]
fn buffers_that_the_network_does_not_have_are_refused() {
    let case = Case::new(&[4], Activation::Tanh, Loss::Mse);
    assert!(case.objective.initial_buffers(DType::F64, &Device::Cpu).unwrap().is_empty());
    let at = case.objective.linearize(&case.params, &[], &case.batch, &never).unwrap();
    assert!(at.buffers_after().is_empty());
    let strange = [case.params.clone()];
    let error = case.objective.linearize(&case.params, &strange, &case.batch, &never).unwrap_err();
    assert!(error.to_string().contains("0 buffers, but 1"), "{error}");
}
