//! The examples of a file as they are stored in memory, and the choice and scaling of those that a
//! run trains on.

use crate::data::scaling::Scaling;
use crate::data::{Answer, DataError, Examples, InputShape, Parameter, Request, Split, TaskInfo};
use crate::random::{Purpose, Stream};

/// Learning rate to begin with; the rate at the edge of stability depends on the file.
const DEFAULT_LR: f64 = 0.1;

/// Most training examples to begin with.
const DEFAULT_N_TRAIN: usize = 1000;

/// Fewest training examples.
const MIN_N_TRAIN: usize = 2;

/// Standard deviation of scaled images, as of the built-in Fashion-MNIST.
const IMAGE_DEVIATION: f64 = 0.5;

/// Brightness of a white pixel.
const WHITE: f64 = 255.0;

/// Inputs of examples, row by row.
#[derive(Debug)]
pub(super) enum Inputs {
    /// Any numbers.
    Numbers(Vec<f64>),
    /// Brightness of pixels.
    Pixels(Vec<u8>),
}

/// What is to be predicted, one per example.
#[derive(Debug)]
pub(super) enum Answers {
    /// Classes from 0.
    Classes(Vec<u32>),
    /// Numbers.
    Values(Vec<f64>),
}

/// Some examples.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) inputs: Inputs,
    pub(super) answers: Answers,
}

/// What the examples of a file are.
#[derive(Clone, Debug)]
pub(super) struct Summary {
    /// The format of the file.
    pub(super) format: &'static str,
    /// Number of examples outside of the test set.
    pub(super) n: usize,
    /// Number of examples in the file's own test set, if it has one.
    pub(super) n_test: Option<usize>,
    pub(super) n_inputs: usize,
    pub(super) shape: InputShape,
    pub(super) answer: Answer,
}

/// All examples of a file.
#[derive(Debug)]
pub(super) struct Contents {
    pub(super) summary: Summary,
    pub(super) train: Part,
    /// The file's own test set.
    pub(super) test: Option<Part>,
}

impl Summary {
    /// The metadata of the task, with the file's name and `n_train` training examples.
    pub(super) fn info(&self, name: &str, n_train: usize) -> TaskInfo {
        let scaling = match self.shape {
            InputShape::Image { .. } => {
                "per-pixel mean and one global standard deviation over the training examples, × 0.5"
            }
            InputShape::Flat | InputShape::Tokens { .. } => {
                "mean and standard deviation of every column over the training examples"
            }
        };
        // Without a test set of its own, a fifth is left for one.
        let usual = if self.n_test.is_some() { self.n } else { self.n - self.n / 5 };
        TaskInfo {
            description: format!("{name}: {} examples of a {} file", self.n, self.format),
            scaling: scaling.to_owned(),
            default_lr: DEFAULT_LR,
            default_n_train: usual.clamp(MIN_N_TRAIN, DEFAULT_N_TRAIN),
            min_n_train: MIN_N_TRAIN,
            max_n_train: self.n,
            n_test: self.n_test.unwrap_or(self.n.saturating_sub(n_train)),
            n_inputs: self.n_inputs,
            shape: self.shape,
            n_positions: 1,
            answer: self.answer,
            reads: vec![Parameter::File],
        }
    }
}

impl Contents {
    /// The first examples of a shuffle by the seed for training; for the test, the file's own test
    /// set, or else the rest.
    pub(super) fn split(&self, request: &Request) -> Result<Split, DataError> {
        let n = self.summary.n;
        if request.n_train > n {
            let (asked, least) = (request.n_train, MIN_N_TRAIN);
            let task = request.parameters.file.path.clone();
            return Err(DataError::Count { task, asked, least, available: n });
        }
        let mut order: Vec<usize> = (0..n).collect();
        Stream::new(request.seed, Purpose::Data, 0).shuffle(&mut order);
        let (chosen, rest) = order.split_at(request.n_train);
        let n_inputs = self.summary.n_inputs;
        let mut inputs = self.train.inputs.rows(chosen, n_inputs);
        let scaling = match self.summary.shape {
            InputShape::Image { .. } => Scaling::per_input(&inputs, n_inputs, IMAGE_DEVIATION),
            InputShape::Flat | InputShape::Tokens { .. } => {
                Scaling::standardized(&inputs, n_inputs)
            }
        };
        scaling.apply(&mut inputs);
        let of_answers = self.train.answers.scaling(chosen);
        let examples = |part: &Part, rows: &[usize], inputs| {
            part.answers.examples(rows, inputs, of_answers.as_ref(), request.n_outputs)
        };
        let train = examples(&self.train, chosen, inputs);
        let all: Vec<usize>;
        let (part, rows) = match &self.test {
            Some(test) => {
                all = (0..self.summary.n_test.unwrap_or(0)).collect();
                (test, all.as_slice())
            }
            None => (&self.train, rest),
        };
        if rows.is_empty() {
            return Ok(Split::train_only(train));
        }
        let mut inputs = part.inputs.rows(rows, n_inputs);
        scaling.apply(&mut inputs);
        Ok(Split::with_test(train, examples(part, rows, inputs)))
    }
}

impl Inputs {
    /// The inputs of these examples.
    fn rows(&self, rows: &[usize], n_inputs: usize) -> Vec<f64> {
        let mut chosen = Vec::with_capacity(rows.len() * n_inputs);
        for row in rows {
            let range = row * n_inputs..(row + 1) * n_inputs;
            match self {
                Self::Numbers(all) => chosen.extend_from_slice(&all[range]),
                Self::Pixels(all) => {
                    chosen.extend(all[range].iter().map(|pixel| f64::from(*pixel) / WHITE));
                }
            }
        }
        chosen
    }
}

impl Answers {
    /// The scaling of the numbers to be predicted; `None` for classes.
    fn scaling(&self, rows: &[usize]) -> Option<Scaling> {
        match self {
            Self::Classes(_) => None,
            Self::Values(all) => {
                let values: Vec<f64> = rows.iter().map(|row| all[*row]).collect();
                Some(Scaling::standardized(&values, 1))
            }
        }
    }

    /// These examples, with these inputs.
    fn examples(
        &self,
        rows: &[usize],
        inputs: Vec<f64>,
        scaling: Option<&Scaling>,
        n_outputs: usize,
    ) -> Examples {
        match self {
            Self::Classes(all) => {
                let labels = rows.iter().map(|row| all[*row]).collect();
                Examples::classified(inputs, labels, n_outputs)
            }
            Self::Values(all) => {
                let mut targets: Vec<f64> = rows.iter().map(|row| all[*row]).collect();
                if let Some(scaling) = scaling {
                    scaling.apply(&mut targets);
                }
                Examples { n: rows.len(), inputs, targets, labels: None }
            }
        }
    }
}
