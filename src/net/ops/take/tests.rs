//! Taking positions: output and derivatives against candle.

use candle_core::{Result, Tensor};

use super::Take;
use crate::config::Activation;
use crate::net::builder::Builder;
use crate::net::ops::patches::Patches;
use crate::net::oracle;
use crate::net::sliding_window::Image;

pub(super) fn reference(op: Take, x: &Tensor) -> Result<Tensor> {
    let d = x.dim(1)?;
    x.reshape(((), op.of, d))?.narrow(1, op.first, op.count)?.reshape(((), d))
}

#[test]
fn taking_positions_and_averaging_over_them_have_exact_derivatives() {
    for (first, count) in [(0, 2), (1, 3), (3, 2), (0, 5)] {
        for is_averaged in [false, true] {
            let mut net = Builder::new(15);
            let column = Patches {
                image: Image { height: 5, width: 1 },
                channels: 3,
                size: Image { height: 1, width: 1 },
            };
            let x = net.patches(0, column);
            let x = net.linear("a", x, 2);
            let mut x = net.take(x, first, count);
            if is_averaged {
                x = net.mean_positions(x);
            }
            let x = net.bias_activation(x, None, Activation::Tanh);
            net.linear("b", x, 2);
            let reference = |w: &[Tensor], x: &Tensor| {
                let x = x.reshape((25, 3))?.matmul(&w[0].t()?)?.reshape((5, 5, 2))?;
                let x = x.narrow(1, first, count)?;
                let x = if is_averaged { x.mean_keepdim(1)? } else { x };
                x.tanh()?.reshape(((), 2))?.matmul(&w[1].t()?)
            };
            oracle::check(&net.finish(), None, Some(&reference));
        }
    }
}
