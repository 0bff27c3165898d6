//! Generates pictures of ten figures with random colours, positions, sizes and angles.
//!
//! Sines and cosines come from `libm`, so a seed gives the same pixels on every platform.

use crate::random::{Purpose, Stream};

/// Rows and columns of a colour picture.
pub(super) const N_SIDE: usize = 32;
/// Rows and columns of a grey picture.
pub(super) const N_GREY_SIDE: usize = 16;
/// Inputs of a colour picture: rows × columns × channels.
pub(super) const N_COLOUR: usize = N_SIDE * N_SIDE * 3;
/// Inputs of a grey picture.
pub(super) const N_GREY: usize = N_GREY_SIDE * N_GREY_SIDE;
/// Luminance weights of red, green and blue (Rec. 601).
const LUMINANCE: [f64; 3] = [0.299, 0.587, 0.114];
/// Minimum difference in luminance between figure and background.
const CONTRAST: f64 = 0.3;

/// Colour format and size of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colours {
    /// Red, green and blue, 32 × 32.
    Rgb,
    /// Luminance, averaged over 2 × 2 pixels: 16 × 16.
    Grey,
}

impl Colours {
    /// Inputs of a picture.
    pub(super) fn n_inputs(self) -> usize {
        match self {
            Self::Rgb => N_COLOUR,
            Self::Grey => N_GREY,
        }
    }
}

/// The first `n` pictures of a seed and purpose, with pixel values in [0, 1]. Each has its own
/// random stream.
pub(super) fn pictures(n: usize, colours: Colours, seed: u64, purpose: Purpose) -> Vec<f64> {
    let mut pixels = Vec::new();
    for (i, figure) in FIGURES.iter().cycle().take(n).enumerate() {
        let mut stream = Stream::new(seed, purpose, i as u64);
        let picture = Scene::draw(*figure, &mut stream).picture(&mut stream);
        match colours {
            Colours::Rgb => pixels.extend(picture),
            Colours::Grey => pixels.extend(grey(&picture)),
        }
    }
    pixels
}

/// Mean luminance of every block of 2 × 2 pixels.
fn grey(picture: &[f64]) -> Vec<f64> {
    let mut means = vec![0.0; N_GREY];
    for (i, pixel) in picture.chunks_exact(3).enumerate() {
        let (row, column) = (i / N_SIDE, i % N_SIDE);
        means[row / 2 * N_GREY_SIDE + column / 2] += luminance(pixel) / 4.0;
    }
    means
}

fn luminance(colour: &[f64]) -> f64 {
    colour.iter().zip(LUMINANCE).map(|(x, weight)| weight * x).sum()
}

/// Signed distance to a figure, negative inside, in coordinates (u, v) in which the figure has
/// radius about 1.
pub(super) type Figure = fn(f64, f64) -> f64;

/// The figures, in the order of their classes: disc, ring, square, frame, triangle, plus, cross,
/// horizontal bars, vertical bars, checkerboard.
pub(super) const FIGURES: [Figure; 10] = [
    |u, v| radius(u, v) - 0.8,
    |u, v| (radius(u, v) - 0.65).abs() - 0.17,
    |u, v| rectangle(u, v, 0.7, 0.7),
    |u, v| rectangle(u, v, 0.62, 0.62).abs() - 0.15,
    |u, v| (v - 0.55).max(0.866 * u.abs() - 0.5 * v - 0.5),
    |u, v| rectangle(u, v, 0.85, 0.22).min(rectangle(u, v, 0.22, 0.85)),
    |u, v| {
        let (u, v) = ((u + v) / std::f64::consts::SQRT_2, (u - v) / std::f64::consts::SQRT_2);
        rectangle(u, v, 0.95, 0.2).min(rectangle(u, v, 0.2, 0.95))
    },
    |u, v| rectangle(u, v, 0.85, 0.85).max(stripes(v)),
    |u, v| rectangle(u, v, 0.85, 0.85).max(stripes(u)),
    |u, v| {
        let (a, b) = (stripes(u), stripes(v));
        let distance = a.abs().min(b.abs());
        let is_inside = (a < 0.0) != (b < 0.0);
        rectangle(u, v, 0.85, 0.85).max(if is_inside { -distance } else { distance })
    },
];

fn radius(u: f64, v: f64) -> f64 {
    (u * u + v * v).sqrt()
}

/// Signed distance max(|u| − h, |v| − w) of a rectangle.
fn rectangle(u: f64, v: f64, h: f64, w: f64) -> f64 {
    (u.abs() - h).max(v.abs() - w)
}

/// ½·(|frac(2t) − ½| − ¼): stripes of width ¼, ¼ apart.
fn stripes(t: f64) -> f64 {
    let place = 2.0 * t - (2.0 * t).floor();
    0.5 * ((place - 0.5).abs() - 0.25)
}

/// Contents of a picture, before noise.
struct Scene {
    figure: Figure,
    centre: [f64; 2],
    /// Size relative to half the picture's side.
    size: f64,
    /// Cosine and sine of the figure's angle.
    turn: [f64; 2],
    foreground: [f64; 3],
    background: [f64; 3],
    /// Gradient of the background's brightness along (X, Y).
    gradient: [f64; 2],
}

impl Scene {
    fn draw(figure: Figure, stream: &mut Stream) -> Self {
        let mut between = |low: f64, high: f64| low + (high - low) * stream.uniform();
        let centre = [between(-0.25, 0.25), between(-0.25, 0.25)];
        let size = between(0.5, 0.8);
        let angle = between(-0.35, 0.35);
        let (foreground, background) = loop {
            let [a, b] = [(); 2].map(|()| [(); 3].map(|()| between(0.0, 1.0)));
            if (luminance(&a) - luminance(&b)).abs() >= CONTRAST {
                break (a, b);
            }
        };
        let gradient = [between(-0.2, 0.2), between(-0.2, 0.2)];
        let turn = [libm::cos(angle), libm::sin(angle)];
        Self { figure, centre, size, turn, foreground, background, gradient }
    }

    /// Fraction of the pixel at (X, Y) covered by the figure.
    fn coverage(&self, x: f64, y: f64) -> f64 {
        // (u, v) = R(−angle)·((X, Y) − centre)/s
        let [dx, dy] = [(x - self.centre[0]) / self.size, (y - self.centre[1]) / self.size];
        let [cos, sin] = self.turn;
        let distance = (self.figure)(cos * dx + sin * dy, cos * dy - sin * dx);
        // α = clamp(½ − d·s·N/2, 0, 1): the edge is one pixel wide.
        (0.5 - distance * self.size * N_SIDE as f64 / 2.0).clamp(0.0, 1.0)
    }

    /// Renders with noise: row-major from the top, channels last, rounded to multiples of 1/255.
    fn picture(&self, noise: &mut Stream) -> Vec<f64> {
        let place = |i: usize| (2 * i + 1) as f64 / N_SIDE as f64 - 1.0;
        let mut pixels = Vec::with_capacity(N_COLOUR);
        for y in (0..N_SIDE).map(place) {
            for x in (0..N_SIDE).map(place) {
                let alpha = self.coverage(x, y);
                let light = self.gradient[0] * x + self.gradient[1] * y;
                for (front, back) in self.foreground.iter().zip(&self.background) {
                    let colour = alpha * front + (1.0 - alpha) * (back + light);
                    let noisy = (colour + 0.06 * noise.normal()).clamp(0.0, 1.0);
                    pixels.push((255.0 * noisy).round() / 255.0);
                }
            }
        }
        pixels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenes(class: usize) -> impl Iterator<Item = Scene> {
        let draw = move |i| Scene::draw(FIGURES[class], &mut Stream::new(3, Purpose::Data, i));
        (0..50).map(draw)
    }

    /// Number of pixels that a figure covers.
    fn area(scene: &Scene) -> f64 {
        let place = |i: usize| (2 * i + 1) as f64 / 32.0 - 1.0;
        let rows = (0..32).map(place);
        rows.flat_map(|y| (0..32).map(move |x| (place(x), y)))
            .map(|(x, y)| scene.coverage(x, y))
            .sum()
    }

    #[test]
    fn figures_cover_their_exact_areas() {
        use std::f64::consts::PI;
        let triangle = {
            // Base at v = 0.55 and sides 0.866u − 0.5v = 0.5: apex at v = −1.
            let half_base = (0.5 + 0.5 * 0.55) / 0.866;
            half_base * 1.55
        };
        let exact = [
            (0, PI * 0.8 * 0.8),
            (1, PI * (0.82 * 0.82 - 0.48 * 0.48)),
            (2, 1.4 * 1.4),
            (3, 1.54 * 1.54 - 0.94 * 0.94),
            (4, triangle),
            (5, 2.0 * 1.7 * 0.44 - 0.44 * 0.44),
            (6, 2.0 * 1.9 * 0.4 - 0.4 * 0.4),
        ];
        for (class, area_in_uv) in exact {
            for scene in scenes(class) {
                let wanted = area_in_uv * (16.0 * scene.size).powi(2);
                let found = area(&scene);
                assert!((found / wanted - 1.0).abs() < 0.05, "{class}: {found} of {wanted}");
            }
        }
    }

    #[test]
    fn striped_figures_cover_half_of_their_square() {
        for class in [7, 8, 9] {
            // Not rotated and centred, so nothing is cut off: about half of each side, 1.7, is
            // inside stripes.
            let still =
                Scene { centre: [0.0; 2], turn: [1.0, 0.0], ..scenes(class).next().unwrap() };
            let share = area(&still) / (1.7 * 16.0 * still.size).powi(2);
            assert!((0.4..0.6).contains(&share), "{class}: {share}");
        }
    }

    #[test]
    fn bars_are_perpendicular_and_the_checkerboard_alternates() {
        let [bars_h, bars_v, checker] = [7, 8, 9].map(|class| FIGURES[class]);
        for t in [-0.7, -0.3, 0.1, 0.2, 0.4] {
            assert_eq!(bars_h(t, 0.25), bars_h(0.0, 0.25));
            assert_eq!(bars_h(0.3, t), bars_v(t, 0.3));
        }
        assert!(bars_h(0.0, 0.25) < 0.0 && bars_h(0.0, 0.5) > 0.0 && bars_h(0.0, 0.86) > 0.0);
        for (u, v) in [(0.25, 0.0), (0.5, 0.25), (-0.25, 0.5)] {
            assert!(
                checker(u, v) < 0.0 && checker(u + 0.25, v) > 0.0 && checker(u, v + 0.25) > 0.0
            );
        }
    }

    #[test]
    fn figures_contrast_with_their_background() {
        for class in 0..10 {
            for scene in scenes(class) {
                let gap = luminance(&scene.foreground) - luminance(&scene.background);
                assert!(gap.abs() >= 0.3, "{gap}");
                assert!((0.5..0.8).contains(&scene.size));
                assert!(scene.centre.iter().all(|x| x.abs() <= 0.25));
                assert!(scene.turn[0] >= libm::cos(0.35));
            }
        }
    }

    #[test]
    fn pictures_are_drawn_in_the_colours_of_their_scene() {
        for class in 0..10 {
            let mut stream = Stream::new(5, Purpose::Test, class);
            let scene = Scene::draw(FIGURES[usize::try_from(class).unwrap()], &mut stream);
            let picture = scene.picture(&mut stream);
            assert!(
                picture
                    .iter()
                    .all(|x| (0.0..=1.0).contains(x) && (x * 255.0).round() / 255.0 == *x)
            );
            // The mean of the pixels wholly inside is the figure's colour up to noise.
            let inside: Vec<&[f64]> = picture
                .chunks_exact(3)
                .enumerate()
                .filter(|(i, _)| {
                    let place = |i: usize| (2 * i + 1) as f64 / 32.0 - 1.0;
                    scene.coverage(place(i % 32), place(i / 32)) == 1.0
                })
                .map(|(_, pixel)| pixel)
                .collect();
            assert!(inside.len() > 20, "{class}: {}", inside.len());
            for channel in 0..3 {
                let mean = inside.iter().map(|p| p[channel]).sum::<f64>() / inside.len() as f64;
                let wanted = scene.foreground[channel];
                assert!((mean - wanted).abs() < 0.05, "{class}: {mean}, not {wanted}");
            }
        }
    }

    #[test]
    fn grey_pictures_are_the_luminance_of_the_coloured_ones_over_two_by_two_pixels() {
        let colour = pictures(3, Colours::Rgb, 1, Purpose::Data);
        let grey = pictures(3, Colours::Grey, 1, Purpose::Data);
        assert_eq!((colour.len(), grey.len()), (3 * N_COLOUR, 3 * N_GREY));
        // The third picture, fourth row and sixth column of the grey one.
        let mut sum = 0.0;
        for (row, column) in [(6, 10), (6, 11), (7, 10), (7, 11)] {
            let at = 2 * N_COLOUR + (row * 32 + column) * 3;
            sum += 0.299 * colour[at] + 0.587 * colour[at + 1] + 0.114 * colour[at + 2];
        }
        assert!((grey[2 * N_GREY + 3 * 16 + 5] - sum / 4.0).abs() < 1e-14);
    }
}
