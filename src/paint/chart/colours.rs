//! The viridis colour map: perceptually uniform and safe for the colour-blind.

use eframe::egui::Color32;

/// Coefficients of polynomials for red, green and blue that approximate matplotlib's viridis.
const VIRIDIS: [[f32; 3]; 7] = [
    [0.277_727_33, 0.005_407_344_5, 0.334_099_82],
    [0.105_093_04, 1.404_613_5, 1.384_590_2],
    [-0.330_861_84, 0.214_847_56, 0.095_095_165],
    [-4.634_230_5, -5.799_101, -19.332_441],
    [6.228_27, 14.179_933, 56.690_55],
    [4.776_385, -13.745_145, -65.353_03],
    [-5.435_456, 4.645_852_6, 26.312_435],
];

/// The colour at a share of the range, clamped to 0..=1.
pub(super) fn viridis(share: f32) -> Color32 {
    let share = share.clamp(0.0, 1.0);
    let channel = |i: usize| {
        let value = VIRIDIS.iter().rev().fold(0.0, |sum, factors| sum * share + factors[i]);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
        let byte = (value * 255.0).round().clamp(0.0, 255.0) as u8;
        byte
    };
    Color32::from_rgb(channel(0), channel(1), channel(2))
}

/// Black or white, whichever has more contrast on a colour.
pub(super) fn ink_on(back: Color32) -> Color32 {
    let contrast = |ink| crate::paint::style::theme::contrast(ink, back);
    if contrast(Color32::WHITE) >= contrast(Color32::BLACK) {
        Color32::WHITE
    } else {
        Color32::BLACK
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CIE L*, from 0 to 100.
    fn lightness(color: Color32) -> f32 {
        // (L + .05) / .05 against black.
        let y = crate::paint::style::theme::contrast(color, Color32::BLACK) * 0.05 - 0.05;
        if y > 0.008_856 { 116.0 * y.cbrt() - 16.0 } else { 903.3 * y }
    }

    #[test]
    fn the_ends_and_the_middle_are_those_of_viridis() {
        for (share, [r, g, b]) in [
            (0.0, [68, 1, 84]),
            (0.25, [59, 82, 139]),
            (0.5, [33, 145, 140]),
            (1.0, [253, 231, 37]),
        ] {
            let found = viridis(share).to_array();
            for (found, wanted) in found.into_iter().zip([r, g, b]) {
                assert!(found.abs_diff(wanted) <= 6, "{share}: {found} {wanted}");
            }
        }
    }

    #[test]
    fn equal_steps_of_a_number_are_equal_steps_of_lightness() {
        let found: Vec<f32> =
            (0..=20_u8).map(|i| lightness(viridis(f32::from(i) / 20.0))).collect();
        let mean = (found[20] - found[0]) / 20.0;
        for pair in found.windows(2) {
            let step = pair[1] - pair[0];
            assert!((0.7..1.4).contains(&(step / mean)), "{step} {mean}");
        }
    }
}
