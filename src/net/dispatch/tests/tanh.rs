//! The kernels of tanh against their composed twins.

use super::*;

#[test]
fn tanh_kernels_equal_their_composed_twins() {
    for d in [1, 6, 50, 300] {
        for k in 1..=K {
            let (z, b, g) = (tensor(&[N, d], 0.1), tensor(&[d], 0.2), tensor(&[N, d], 0.3));
            let (dz, db) = (tensor(&[N, k, d], 0.4), tensor(&[k, d], 0.5));
            let dg = tensor(&[N, k, d], 0.6);
            check! { tanh(&z, &b); tanh_tangent(&dz, &db, &z); }
            let pairs = [
                (kernels::tanh_backward(&g, &z), composed::tanh_backward(&g, &z)),
                (
                    kernels::tanh_tangent_backward(&dg, (&dz, &db), (&z, &g)),
                    composed::tanh_tangent_backward(&dg, (&dz, &db), (&z, &g)),
                ),
            ];
            for (ours, twin) in pairs {
                let (ours, twin) = (ours.unwrap(), twin.unwrap());
                same("of values", &ours.0, &twin.0);
                same("of the bias", &ours.1, &twin.1);
            }
        }
    }
}
