//! Shapes-10: colour pictures of ten figures.

use crate::data::pictures::{Colours, FIGURES, N_COLOUR, N_SIDE, pictures};
use crate::data::scaling::Scaling;
use crate::data::{
    Answer, DataError, Examples, InputShape, Parameters, Request, Source, Split, TaskInfo,
};
use crate::random::Purpose;

/// Test pictures.
pub(super) const N_TEST: usize = 1000;
/// Training pictures whose statistics define the scaling.
const N_SCALING: usize = 1000;
/// Description of the scaling.
pub(super) const SCALING: &str = "per-pixel mean and one global standard deviation over the first \
                                  1,000 training pictures, × 0.5";

/// The task of classifying colour pictures.
pub(super) struct Shapes;

impl Source for Shapes {
    fn info(&self, _parameters: &Parameters) -> TaskInfo {
        TaskInfo {
            description: "Shapes-10: 32×32 colour pictures of ten figures".into(),
            scaling: SCALING.into(),
            default_lr: 0.02,
            default_n_train: 1000,
            min_n_train: 2,
            max_n_train: 5000,
            n_test: N_TEST,
            n_inputs: N_COLOUR,
            shape: InputShape::Image { height: N_SIDE, width: N_SIDE, channels: 3 },
            n_positions: 1,
            answer: Answer::Class(FIGURES.len()),
            reads: Vec::new(),
        }
    }

    fn examples(&self, request: &Request) -> Result<Split, DataError> {
        let (train, test) = shapes(request.n_train, Colours::Rgb, request.seed);
        Ok(Split::with_test(train, test))
    }
}

/// `n_train` training and 1,000 test pictures, in cyclic class order.
///
/// Centred per pixel and scaled to overall standard deviation 0.5, with the statistics of the first
/// 1,000 training pictures whatever `n_train` is.
pub(super) fn shapes(n_train: usize, colours: Colours, seed: u64) -> (Examples, Examples) {
    let n_inputs = colours.n_inputs();
    let mut train = pictures(n_train.max(N_SCALING), colours, seed, Purpose::Data);
    let mut test = pictures(N_TEST, colours, seed, Purpose::Test);
    let scaling = Scaling::per_input(&train[..N_SCALING * n_inputs], n_inputs, 0.5);
    train.truncate(n_train * n_inputs);
    scaling.apply(&mut train);
    scaling.apply(&mut test);
    (labelled(train, n_inputs), labelled(test, n_inputs))
}

fn labelled(inputs: Vec<f64>, n_inputs: usize) -> Examples {
    let labels = (0_u32..10).cycle().take(inputs.len() / n_inputs).collect();
    Examples::classified(inputs, labels, FIGURES.len())
}

#[cfg(test)]
mod tests {
    use super::shapes;
    use crate::data::pictures::{Colours, N_GREY};

    #[test]
    fn classes_are_balanced_and_the_first_pictures_do_not_depend_on_their_number() {
        let (few, test) = shapes(20, Colours::Grey, 1);
        let (more, same_test) = shapes(1200, Colours::Grey, 1);
        assert_eq!(few.inputs, more.inputs[..20 * N_GREY]);
        assert_eq!(test, same_test);
        for examples in [&more, &test] {
            let labels = examples.labels.as_ref().unwrap();
            let counts = (0..10).map(|class| labels.iter().filter(|l| **l == class).count());
            assert!(counts.into_iter().all(|count| count == examples.n / 10));
        }
    }

    #[test]
    fn a_thousand_pictures_are_centred_per_pixel_with_overall_deviation_one_half() {
        let (train, test) = shapes(1000, Colours::Grey, 1);
        for pixel in [0, 100, 255] {
            let sum: f64 = train.inputs.iter().skip(pixel).step_by(N_GREY).sum();
            assert!(sum.abs() < 1e-9, "{sum}");
        }
        let power = |x: &[f64]| x.iter().map(|x| x * x).sum::<f64>() / x.len() as f64;
        assert!((power(&train.inputs) - 0.25).abs() < 1e-12);
        assert!((power(&test.inputs) - 0.25).abs() < 0.02, "{}", power(&test.inputs));
    }
}
