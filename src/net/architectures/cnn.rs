//! The plain convolutional network: convolutions and pools in turn, then a linear layer.
//! Does not know what the images are.

use super::Builder;
use crate::config::Activation;
use crate::net::ops::PoolKind;
use crate::net::program::Program;
use crate::net::window::{Filter, Image, Window};

/// A convolutional network in the style of VGG.
#[derive(Clone, Copy, Debug)]
pub(in crate::net) struct Cnn<'a> {
    /// Size of the images; each is a row of the batch, channels last.
    pub(in crate::net) image: Image,
    /// Channels of the images.
    pub(in crate::net) n_channels: usize,
    /// Channels of each convolution, 3×3 with one pixel of padding.
    pub(in crate::net) widths: &'a [usize],
    /// φ after each convolution.
    pub(in crate::net) activation: Activation,
    /// Whether every layer has a bias, or none.
    pub(in crate::net) bias: bool,
    /// What is taken of each 2×2 window after φ, as long as there are two pixels.
    pub(in crate::net) pool: PoolKind,
}

/// Writes the network.
pub(in crate::net) fn build(cnn: &Cnn<'_>, n_outputs: usize) -> Program {
    let Cnn { mut image, n_channels, widths, activation, bias, pool } = *cnn;
    let mut net = Builder::new(image.positions() * n_channels);
    let mut x = net.reshape(0, image.positions());
    for (index, width) in widths.iter().enumerate() {
        let layer = format!("layer{index}");
        let window = Window { image, kernel: square(3), stride: 1, padding: 1 };
        let (z, _, fans) = net.conv(&layer, x, *width, Filter { window, groups: 1 });
        x = net.bias_activation(z, bias.then_some((&layer, fans)), activation);
        if image.height.min(image.width) >= 2 {
            let window = Window { image, kernel: square(2), stride: 2, padding: 0 };
            (x, image) = net.pool(x, pool, window);
        }
    }
    x = net.reshape(x, 1);
    net.begin_output();
    super::mlp::dense(
        &mut net,
        x,
        &format!("layer{}", widths.len()),
        (n_outputs, Activation::Linear, bias),
    );
    net.finish()
}

fn square(size: usize) -> Image {
    Image { height: size, width: size }
}

#[cfg(test)]
mod tests {
    use super::{Cnn, build, square};
    use crate::config::Activation;
    use crate::net::ops::PoolKind;
    use crate::net::oracle;

    #[test]
    fn the_plain_convolutional_network_has_exact_derivatives() {
        for (pool, bias) in [(PoolKind::Average, true), (PoolKind::Max, false)] {
            let cnn = Cnn {
                image: square(5),
                n_channels: 3,
                widths: &[4, 2],
                activation: Activation::Tanh,
                bias,
                pool,
            };
            let program = build(&cnn, 2);
            let names: Vec<_> = program.params().iter().map(|spec| spec.name.as_str()).collect();
            if bias {
                assert_eq!(
                    names[1..5],
                    ["layer0.bias", "layer1.weight", "layer1.bias", "layer2.weight"]
                );
            } else {
                assert_eq!(names, ["layer0.weight", "layer1.weight", "layer2.weight"]);
            }
            assert_eq!(program.n_params(), 4 * 27 + 2 * 36 + 2 * 2 + if bias { 8 } else { 0 });
            oracle::check(&program, None, None);
        }
    }
}
