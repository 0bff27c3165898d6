//! Dispatches functions to a fused kernel on the CPU, or to their composed fallback on other
//! devices.

/// Declares functions that the submodules `kernel` and `composed` both implement.
macro_rules! dispatch {
    ($(fn $name:ident($first:ident: &Tensor $(, $arg:ident: $type:ty)* $(,)?) -> $out:ty;)+) => {
        $(pub(crate) fn $name(
            $first: &candle_core::Tensor
            $(, $arg: $type)*
        ) -> candle_core::Result<$out> {
            if $first.device().is_cpu() {
                kernel::$name($first $(, $arg)*)
            } else {
                composed::$name($first $(, $arg)*)
            }
        })+
    };
}
pub(crate) use dispatch;

/// Helpers for tests of kernels against their fallbacks.
#[cfg(test)]
pub(crate) mod testing {
    use candle_core::{DType, Device, Tensor};

    use crate::net::sliding_window::{Image, Window};

    /// Number of examples, directions, inputs and outputs.
    pub(crate) const N: usize = 5;
    pub(crate) const K: usize = 3;
    pub(crate) const I: usize = 4;
    pub(crate) const O: usize = 2;

    pub(crate) fn tensor(shape: &[usize], salt: f64) -> Tensor {
        let n = shape.iter().product::<usize>();
        let data: Vec<f64> = (0..n).map(|i| ((i as f64 + salt) * 12.9898).sin()).collect();
        Tensor::from_vec(data, shape, &Device::Cpu).unwrap()
    }

    pub(crate) fn same(name: &str, a: &Tensor, b: &Tensor) {
        assert_eq!(a.dims(), b.dims(), "{name}");
        let gap = (a - b).unwrap().abs().unwrap().max_all().unwrap().to_scalar::<f64>().unwrap();
        assert!(gap < 1e-13, "{name}: {gap:e}");
        assert!(a.is_contiguous() && a.dtype() == DType::F64, "{name}");
    }

    /// Windows with and without stride and padding, over a rectangular image.
    pub(crate) fn windows() -> [Window; 4] {
        let of = |[height, width]: [usize; 2], stride, padding| {
            let image = Image { height: 5, width: 6 };
            Window { image, kernel: Image { height, width }, stride, padding }
        };
        [of([3, 3], 1, 1), of([3, 2], 2, 1), of([1, 1], 2, 0), of([2, 3], 1, 0)]
    }

    /// Asserts that each call gives the same result by kernel and by fallback.
    macro_rules! check {
        ($($name:ident($($arg:expr),*);)+) => {$(
            $crate::net::dispatch::testing::same(
                stringify!($name),
                &super::kernel::$name($($arg),*).unwrap(),
                &super::composed::$name($($arg),*).unwrap(),
            );
        )+};
    }
    pub(crate) use check;
}
