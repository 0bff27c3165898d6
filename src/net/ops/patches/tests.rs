//! Patches: output and derivatives against candle.

use candle_core::{Device, Result, Tensor};

use super::Patches;
use crate::config::Activation;
use crate::net::builder::Builder;
use crate::net::oracle;
use crate::net::sliding_window::Image;

pub(super) fn reference(op: Patches, x: &Tensor) -> Result<Tensor> {
    let (size, row) = (op.size, op.size.width * op.channels);
    let x = x.reshape(((), size.height, op.image.width / size.width, row))?;
    x.transpose(1, 2)?.contiguous()?.reshape(((), size.height * row))
}

const PATCHES: Patches = Patches {
    image: Image { height: 4, width: 6 },
    channels: 2,
    size: Image { height: 2, width: 2 },
};

#[test]
fn a_patch_holds_its_pixels_row_by_row() {
    let image = Tensor::arange(0.0, 48.0, &Device::Cpu).unwrap();
    let patches = PATCHES.cut(&image).unwrap().reshape((6, 8)).unwrap();
    let patches = patches.to_vec2::<f64>().unwrap();
    // A row of pixels is 12 numbers: the second patch starts at the third pixel, the fourth
    // patch at the third row.
    assert_eq!(patches[1], [4.0, 5.0, 6.0, 7.0, 16.0, 17.0, 18.0, 19.0]);
    assert_eq!(patches[3], [24.0, 25.0, 26.0, 27.0, 36.0, 37.0, 38.0, 39.0]);
}

#[test]
fn patches_have_exact_derivatives() {
    for is_inner in [false, true] {
        let mut net = Builder::new(48);
        let mut x = 0;
        if is_inner {
            x = net.linear("a", x, 48);
        }
        let x = net.patches(x, PATCHES);
        let x = net.linear("b", x, 3);
        let x = net.bias_activation(x, None, Activation::Tanh);
        net.linear("c", x, 2);
        let reference = |w: &[Tensor], x: &Tensor| {
            let (inner, w) = w.split_at(w.len() - 2);
            let x = inner.iter().try_fold(x.clone(), |x, w| x.matmul(&w.t()?))?;
            let x = x.reshape((5, 2, 2, 3, 4))?.transpose(2, 3)?.reshape((30, 8))?;
            x.matmul(&w[0].t()?)?.tanh()?.matmul(&w[1].t()?)
        };
        oracle::check(&net.finish(), None, Some(&reference));
    }
}
