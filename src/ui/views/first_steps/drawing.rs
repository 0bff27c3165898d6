//! The drawings of the cards: valleys of the loss, steps in them, and a curve that comes to its limit.

use eframe::egui::{
    Align2, Color32, Pos2, Rect, Role, Sense, Shape, Stroke, TextStyle, Ui, WidgetInfo, lerp, pos2,
    vec2,
};

use crate::paint::theme;

/// Height of a drawing in points, before scaling.
const HEIGHT: f32 = 110.0;

/// Points of a drawn curve.
const N_POINTS: u8 = 48;

/// What a card draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Drawing {
    /// A flat and a sharp valley.
    Curvature,
    /// Steps below and above the limit, in one valley each.
    Steps,
    /// A curvature that rises to the limit and stays there.
    Edge,
}

impl Drawing {
    const fn spoken(self) -> &'static str {
        match self {
            Self::Curvature => "A flat valley with a small λ₁ beside a sharp one with a large λ₁",
            Self::Steps => {
                "Steps that come down into a valley below the limit, and climb out of it above"
            }
            Self::Edge => "λ₁ rises to 2/η, oscillates about it, and follows it to a lower value",
        }
    }
}

/// Draws it over the whole width, at most this high.
pub(super) fn show(ui: &mut Ui, drawing: Drawing, max_height: f32) {
    let unit = theme::factor(ui.style());
    let height = (HEIGHT * unit).min(max_height);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, drawing.spoken()));
    let palette = theme::colours(ui.visuals());
    let [left, right] = [rect.left_top(), rect.center_top()]
        .map(|at| Rect::from_min_size(at, rect.size() * vec2(0.5, 1.0)));
    match drawing {
        Drawing::Curvature => {
            Valley { bend: 0.35, ..Valley::new(left, unit) }.paint(ui, palette.blue, "small λ₁");
            Valley { bend: 3.0, ..Valley::new(right, unit) }.paint(ui, palette.blue, "large λ₁");
        }
        Drawing::Steps => {
            let below = Valley::new(left, unit);
            below.paint(ui, palette.grey, "λ₁ < 2/η");
            below.paint_steps(ui, Steps { start: -0.95, ratio: 0.75 }, palette.blue);
            let above = Valley::new(right, unit);
            above.paint(ui, palette.grey, "λ₁ > 2/η");
            above.paint_steps(ui, Steps { start: -0.4, ratio: 1.12 }, palette.vermillion);
        }
        Drawing::Edge => paint_edge(ui, rect),
    }
}

/// A parabola: x from −1 to 1, the bottom in the middle.
struct Valley {
    rect: Rect,
    /// Height at x = ±1 relative to the rectangle; what is higher is cut off.
    bend: f32,
    /// Height of the words below it, in points.
    words: f32,
}

impl Valley {
    fn new(rect: Rect, unit: f32) -> Self {
        Self { rect: rect.shrink2(vec2(14.0, 4.0)), bend: 1.0, words: 22.0 * unit }
    }

    fn at(&self, x: f32) -> Pos2 {
        let floor = self.rect.bottom() - self.words;
        let height = floor - self.rect.top();
        let across = self.rect.center().x + 0.5 * x * self.rect.width();
        pos2(across, floor - height * self.bend * x * x)
    }

    /// Draws the parabola, with words under it.
    fn paint(&self, ui: &Ui, color: Color32, words: &str) {
        let unit = theme::factor(ui.style());
        let reach = self.bend.max(1.0).sqrt().recip();
        let xs = (0..=N_POINTS).map(|i| lerp(-reach..=reach, f32::from(i) / f32::from(N_POINTS)));
        let line = Shape::line(xs.map(|x| self.at(x)).collect(), Stroke::new(2.0 * unit, color));
        ui.painter().add(line);
        let (font, ink) = (TextStyle::Small.resolve(ui.style()), theme::colours(ui.visuals()).text);
        ui.painter().text(self.rect.center_bottom(), Align2::CENTER_BOTTOM, words, font, ink);
    }

    /// Draws gradient descent: a step leads from x to x − 2·ratio·x, where `ratio` is λ₁/(2/η).
    fn paint_steps(&self, ui: &Ui, steps: Steps, color: Color32) {
        let unit = theme::factor(ui.style());
        let xs = std::iter::successors(Some(steps.start), |x| Some(x - 2.0 * steps.ratio * x));
        let points: Vec<Pos2> =
            xs.take_while(|x| x.abs() <= 1.0).take(N_STEPS).map(|x| self.at(x)).collect();
        for pair in points.windows(2) {
            ui.painter().line_segment([pair[0], pair[1]], Stroke::new(1.2 * unit, color));
            let (middle, along) = (pair[0].lerp(pair[1], 0.5), (pair[1] - pair[0]).normalized());
            let (tip, side) = (4.0 * unit * along, 2.5 * unit * along.rot90());
            let head = vec![middle + tip, middle - tip + side, middle - tip - side];
            ui.painter().add(Shape::convex_polygon(head, color, Stroke::NONE));
        }
        for point in &points {
            ui.painter().circle_filled(*point, 3.0 * unit, color);
        }
    }
}

/// The most steps drawn.
const N_STEPS: usize = 6;

/// Steps of gradient descent in one valley.
#[derive(Clone, Copy)]
struct Steps {
    start: f32,
    /// λ₁ relative to 2/η.
    ratio: f32,
}

/// λ₁ over steps: up to the limit, along it, and down with it once η is raised.
fn paint_edge(ui: &Ui, rect: Rect) {
    let unit = theme::factor(ui.style());
    let palette = theme::colours(ui.visuals());
    let plot = rect.shrink2(vec2(14.0, 10.0));
    let at = |x: f32, y: f32| {
        pos2(lerp(plot.left()..=plot.right(), x), lerp(plot.bottom()..=plot.top(), y))
    };
    let limit = |x: f32| if x < RAISED { HIGH } else { LOW };
    let levels = [at(0.0, HIGH), at(RAISED, HIGH), at(RAISED, LOW), at(1.0, LOW)];
    ui.painter().add(Shape::line(levels.to_vec(), Stroke::new(2.0 * unit, palette.vermillion)));
    let xs = (0..=2 * N_POINTS).map(|i| f32::from(i) / f32::from(2 * N_POINTS));
    let curve = xs.map(|x| {
        let swing = if x < REACHED { 0.0 } else { 0.05 * (90.0 * x).sin() };
        let climb = HIGH * (0.15 + 0.85 * (x / REACHED).min(1.0).sqrt());
        at(x, climb.min(limit(x)) + swing)
    });
    ui.painter().add(Shape::line(curve.collect(), Stroke::new(2.0 * unit, palette.blue)));
    let font = TextStyle::Small.resolve(ui.style());
    let label = |place: Pos2, words: &str, color: Color32| {
        ui.painter().text(place, Align2::LEFT_BOTTOM, words, font.clone(), palette.ink(color));
    };
    label(at(0.01, HIGH) - vec2(0.0, 3.0), "2/η", palette.vermillion);
    label(at(0.12, 0.2), "λ₁", palette.blue);
    label(at(RAISED, HIGH) + vec2(4.0, 0.0), "η raised", palette.text);
}

/// Part of the steps after which λ₁ has reached the limit.
const REACHED: f32 = 0.35;

/// Part of the steps after which the rate is raised.
const RAISED: f32 = 0.7;

/// Height of the limit before the rate is raised, and after.
const HIGH: f32 = 0.75;
const LOW: f32 = 0.45;
