//! The `d` attribute of a path, in hundredths of a logical point.

use eframe::egui::{Pos2, Rect, pos2};

/// Coordinates are clamped to this distance, which is far outside any page.
const FAR: f32 = 1e6;

/// A length with at most two decimals, as short as possible.
pub(super) fn number(length: f32) -> String {
    written(hundredths(length))
}

fn hundredths(length: f32) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "clamped")]
    let whole = (length.clamp(-FAR, FAR) * 100.0).round() as i64;
    whole
}

fn written(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let (whole, rest) = (hundredths.abs() / 100, hundredths.abs() % 100);
    match rest {
        0 => format!("{sign}{whole}"),
        rest if rest % 10 == 0 => format!("{sign}{whole}.{}", rest / 10),
        rest => format!("{sign}{whole}.{rest:02}"),
    }
}

/// Subpaths, each with an absolute start and relative segments.
#[derive(Clone, Debug, Default)]
pub(super) struct Path {
    text: String,
    at: [i64; 2],
}

/// Whether a subpath returns to its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Open,
    Closed,
}

impl Path {
    /// Adds a polyline; points that are not finite are skipped.
    pub(super) fn polyline(&mut self, points: impl IntoIterator<Item = Pos2>, end: End) {
        let mut points =
            points.into_iter().filter(|point| point.x.is_finite() && point.y.is_finite());
        let Some(first) = points.next() else { return };
        self.go("M", first);
        let mut has_moved = false;
        for point in points {
            let to = [hundredths(point.x), hundredths(point.y)];
            let [dx, dy] = [to[0] - self.at[0], to[1] - self.at[1]];
            if [dx, dy] == [0, 0] {
                continue;
            }
            self.text.push_str(if has_moved { " " } else { "l" });
            self.text.push_str(&written(dx));
            if dy >= 0 {
                self.text.push(' ');
            }
            self.text.push_str(&written(dy));
            (self.at, has_moved) = (to, true);
        }
        if !has_moved {
            // A dot is visible only by its cap, which needs a segment.
            self.text.push_str("h0");
        }
        if end == End::Closed {
            self.text.push('z');
        }
    }

    /// Adds a Bézier curve: its start, control points and end.
    pub(super) fn curve(&mut self, points: &[Pos2]) {
        let Some((first, rest)) = points.split_first() else { return };
        if points.iter().any(|point| !point.x.is_finite() || !point.y.is_finite()) {
            return;
        }
        self.go("M", *first);
        let command = if rest.len() == 2 { "Q" } else { "C" };
        self.text.push_str(command);
        let places: Vec<_> =
            rest.iter().map(|p| format!("{} {}", number(p.x), number(p.y))).collect();
        self.text.push_str(&places.join(" "));
    }

    /// Adds a rectangle with sharp corners.
    pub(super) fn rect(&mut self, rect: Rect) {
        let corners = [
            rect.left_top(),
            pos2(rect.right(), rect.top()),
            rect.right_bottom(),
            pos2(rect.left(), rect.bottom()),
        ];
        self.polyline(corners, End::Closed);
    }

    fn go(&mut self, command: &str, to: Pos2) {
        self.at = [hundredths(to.x), hundredths(to.y)];
        let [x, y] = self.at.map(written);
        self.text.extend([format!("{command}{x} {y}")]);
    }

    /// The value of the attribute; empty without a subpath.
    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_two_decimals_and_no_more_signs_than_they_need() {
        for (length, text) in [
            (0.0, "0"),
            (-0.001, "0"),
            (1.5, "1.5"),
            (-2.346, "-2.35"),
            (7.04, "7.04"),
            (1e9, "1000000"),
        ] {
            assert_eq!(number(length), text);
        }
    }

    #[test]
    fn rounding_of_relative_segments_does_not_accumulate() {
        let mut path = Path::default();
        path.polyline((0..1001).map(|i| pos2(i as f32 * 0.333, 1.0)), End::Open);
        assert!(path.text().starts_with("M0 1l0.33 0 0.34 0"), "{}", path.text());
        let right: f64 = path.text()["M0 1l".len()..]
            .split(' ')
            .step_by(2)
            .map(|dx| dx.parse::<f64>().unwrap())
            .sum();
        assert!((right - 333.0).abs() < 1e-6, "{right}");
    }

    #[test]
    fn points_that_are_not_finite_are_skipped() {
        let mut path = Path::default();
        path.polyline([pos2(f32::NAN, 0.0)], End::Open);
        assert_eq!(path.text(), "");
        path.polyline([pos2(0.0, 0.0), pos2(f32::INFINITY, 1.0), pos2(1.0, -1.0)], End::Closed);
        assert_eq!(path.text(), "M0 0l1-1z");
    }
}
