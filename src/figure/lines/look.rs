//! How a line is drawn: hue, width, dashes and marker, and what kind of line it is.

/// Length of dashes, unless two dashed lines of a panel must differ.
const DASH: f32 = 7.0;

/// How a line of the current run is drawn; lengths in logical points.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "independent of each other")]
pub struct Look {
    /// The kind of line.
    pub kind: LineKind,
    /// Its hue; a ghost has one for all its lines.
    pub hue: Hue,
    /// How far its colour is mixed with the background: 0 is the colour itself, 1 would be invisible.
    pub fade: f32,
    /// Its width.
    pub width: f32,
    /// Length of its dashes; `None` is solid.
    pub dash: Option<f32>,
    /// Marker along it, to distinguish it without colour.
    pub marker: Option<Marker>,
    /// Whether it is drawn on top, because the curves of a long run would bury it.
    pub is_on_top: bool,
    /// Whether it shows the level of its panel: the fitted range follows it, and those of ghosts
    /// are not faint.
    pub is_main: bool,
    /// Whether it is drawn at clipped steps only: elsewhere it equals another line.
    pub is_at_clipped_steps: bool,
}

/// Kinds of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// Values joined by a line.
    Curve,
    /// Values as separate diamonds.
    Points,
    /// The limit of a curvature, above which a run is unstable.
    Limit,
}

/// Hues of lines; a theme has a colour for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hue {
    /// Of the current run alone.
    Blue,
    /// Of limits and danger alone.
    Vermillion,
    /// Of what belongs to no run's curves, like checks: black on a light background.
    Text,
}

impl Hue {
    /// All hues.
    pub const ALL: [Self; 3] = [Self::Blue, Self::Vermillion, Self::Text];
}

/// A marker along a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    /// ●
    Circle,
    /// ■
    Square,
    /// +
    Plus,
    /// ◀
    Left,
    /// ▶
    Right,
    /// ✳
    Star,
    /// ◆
    Diamond,
    /// ▲
    Up,
}

impl Look {
    /// A solid curve.
    #[must_use]
    pub const fn curve(hue: Hue, width: f32) -> Self {
        Self {
            kind: LineKind::Curve,
            hue,
            fade: 0.0,
            width,
            dash: None,
            marker: None,
            is_on_top: false,
            is_main: false,
            is_at_clipped_steps: false,
        }
    }

    /// Separate diamonds, on top.
    #[must_use]
    pub const fn points(hue: Hue, width: f32) -> Self {
        Self { kind: LineKind::Points, is_on_top: true, ..Self::curve(hue, width) }
    }

    /// A limit, on top.
    #[must_use]
    pub const fn limit(width: f32) -> Self {
        let line = Self::curve(Hue::Vermillion, width);
        Self { kind: LineKind::Limit, is_on_top: true, ..line }
    }

    /// The same, mixed with the background by this share.
    #[must_use]
    pub const fn faded(self, fade: f32) -> Self {
        Self { fade, ..self }
    }

    /// The same, dashed.
    #[must_use]
    pub const fn dashed(self) -> Self {
        self.with_dashes(DASH)
    }

    /// The same, with dashes of this length.
    #[must_use]
    pub const fn with_dashes(self, length: f32) -> Self {
        Self { dash: Some(length), ..self }
    }

    /// The same, with markers.
    #[must_use]
    pub const fn marked(self, marker: Marker) -> Self {
        Self { marker: Some(marker), ..self }
    }

    /// The same, on top.
    #[must_use]
    pub const fn on_top(self) -> Self {
        Self { is_on_top: true, ..self }
    }

    /// The same, as the one that shows the level of its panel.
    #[must_use]
    pub const fn main(self) -> Self {
        Self { is_main: true, ..self }
    }

    /// The same, at clipped steps only.
    #[must_use]
    pub const fn at_clipped_steps(self) -> Self {
        Self { is_at_clipped_steps: true, ..self }
    }

    /// Whether it is a limit.
    #[must_use]
    pub fn is_limit(self) -> bool {
        self.kind == LineKind::Limit
    }

    /// Whether it is drawn as separate diamonds.
    #[must_use]
    pub fn is_points(self) -> bool {
        self.kind == LineKind::Points
    }
}
