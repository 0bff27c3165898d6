//! The arrangement of panels in columns, with shares of width and height. Hidden panels keep their
//! position. Single quantities are in it from when they are first shown.

use crate::figure::PanelKind;

use super::shares::{divided, settle, valid_or};

/// A side of a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// In a column of its own, left of the other's.
    Left,
    /// In a column of its own, right of the other's.
    Right,
    /// In the other's column, before it.
    Above,
    /// In the other's column, after it.
    Below,
}

/// A column of panels.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Share of the width, relative to the other columns.
    pub share: f32,
    /// Panels from top to bottom, each with its share of the height, relative to the others.
    pub panels: Vec<(PanelKind, f32)>,
}

/// Columns from left to right; every group of quantities is in one of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Tiles {
    columns: Vec<Column>,
}

/// A rectangle as fractions of the whole: left, top, right, bottom.
pub(in crate::paint) type Part = [f32; 4];

impl Default for Tiles {
    /// All groups above each other.
    fn default() -> Self {
        let panels = PanelKind::GROUPS.map(|kind| (kind, kind.weight())).to_vec();
        Self { columns: vec![Column { share: 1.0, panels }] }
    }
}

impl Tiles {
    /// A valid arrangement from any columns: only the first occurrence of a panel counts, missing
    /// panels are appended, and invalid shares are replaced.
    #[must_use]
    pub fn of(columns: impl IntoIterator<Item = Column>) -> Self {
        let mut tiles = Self { columns: Vec::new() };
        for Column { share, panels } in columns {
            let mut kept: Vec<(PanelKind, f32)> = Vec::new();
            for (kind, share) in panels {
                if tiles.find(kind).is_none() && kept.iter().all(|(known, _)| *known != kind) {
                    kept.push((kind, valid_or(share, kind.weight())));
                }
            }
            if !kept.is_empty() {
                tiles.columns.push(Column { share: valid_or(share, 1.0), panels: kept });
            }
        }
        let missing = PanelKind::GROUPS.into_iter().filter(|kind| tiles.find(*kind).is_none());
        let missing: Vec<_> = missing.map(|kind| (kind, kind.weight())).collect();
        match tiles.columns.last_mut() {
            Some(last) => last.panels.extend(missing),
            None => return Self::default(),
        }
        tiles.settle();
        tiles
    }

    /// Adds those of these panels that are not in it, under the others.
    pub(in crate::paint) fn include(&mut self, panels: &[PanelKind]) {
        let missing: Vec<_> = panels.iter().filter(|kind| self.find(**kind).is_none()).collect();
        if let (false, Some(last)) = (missing.is_empty(), self.columns.last_mut()) {
            last.panels.extend(missing.into_iter().map(|kind| (*kind, kind.weight())));
            self.settle();
        }
    }

    /// Whether the user has arranged nothing: the default, with single quantities under it.
    #[must_use]
    pub fn is_default(&self) -> bool {
        let mut usual = Self::default();
        let panels = self.columns.iter().flat_map(|column| &column.panels);
        usual.include(&panels.map(|(kind, _)| *kind).collect::<Vec<_>>());
        *self == usual
    }

    /// Whether these panels have the same places as in another arrangement.
    #[must_use]
    pub fn is_as(&self, other: &Self, panels: &[PanelKind]) -> bool {
        let [own, others] = [self, other].map(|tiles| {
            let mut tiles = tiles.clone();
            tiles.include(panels);
            tiles.parts(panels)
        });
        let is_near = |a: &Part, b: &Part| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-3);
        own.len() == others.len()
            && own.iter().zip(&others).all(|(a, b)| a.0 == b.0 && is_near(&a.1, &b.1))
    }

    /// All columns, including hidden panels.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The columns with only these panels, without empty ones.
    pub(in crate::paint) fn visible(&self, panels: &[PanelKind]) -> Vec<Column> {
        let visible = self.columns.iter().map(|column| {
            let visible = column.panels.iter().filter(|(kind, _)| panels.contains(kind));
            Column { share: column.share, panels: visible.copied().collect() }
        });
        visible.filter(|column| !column.panels.is_empty()).collect()
    }

    /// The rectangle of each of these panels if only they are visible.
    pub(in crate::paint) fn parts(&self, panels: &[PanelKind]) -> Vec<(PanelKind, Part)> {
        let columns = self.visible(panels);
        let width: f32 = columns.iter().map(|column| column.share).sum();
        let mut parts = Vec::new();
        let mut left = 0.0;
        for column in columns {
            let right = left + column.share / width;
            let height: f32 = column.panels.iter().map(|(_, share)| share).sum();
            let mut top = 0.0;
            for (kind, share) in column.panels {
                let bottom = top + share / height;
                parts.push((kind, [left, top, right, bottom]));
                top = bottom;
            }
            left = right;
        }
        parts
    }

    /// Moves a panel to a side of another one; an empty column is removed.
    pub fn put(&mut self, panel: PanelKind, side: Side, target: PanelKind) {
        let (Some([from, row]), Some([to, _])) = (self.find(panel), self.find(target)) else {
            return;
        };
        if panel == target {
            return;
        }
        let (_, own) = self.columns[from].panels.remove(row);
        let alone = self.columns[from].panels.is_empty().then(|| self.columns.remove(from).share);
        let Some([column, row]) = self.find(target) else { return };
        if matches!(side, Side::Left | Side::Right) {
            let n = self.columns.len() as f32;
            let mean = self.columns.iter().map(|column| column.share).sum::<f32>() / n;
            let made =
                Column { share: alone.unwrap_or(mean), panels: vec![(panel, panel.weight())] };
            self.columns.insert(column + usize::from(side == Side::Right), made);
        } else {
            let panels = &mut self.columns[column].panels;
            // In a new column it gets its default share relative to the others.
            let shares: f32 = panels.iter().map(|(_, share)| share).sum();
            let weights: f32 = panels.iter().map(|(kind, _)| kind.weight()).sum();
            let share = if from == to { own } else { panel.weight() * shares / weights };
            panels.insert(row + usize::from(side == Side::Below), (panel, share));
        }
        self.settle();
    }

    /// Moves a panel by one position among the visible ones: up or down past its neighbour;
    /// sideways into a new column or, if it is alone in its column, to the end of the next one.
    pub(in crate::paint) fn shift(&mut self, panel: PanelKind, side: Side, shown: &[PanelKind]) {
        let columns = self.visible(shown);
        let row_in = |column: &Column| column.panels.iter().position(|(kind, _)| *kind == panel);
        let found = columns.iter().enumerate().find_map(|(i, column)| Some((i, row_in(column)?)));
        let Some((at, row)) = found else { return };
        let panels = &columns[at].panels;
        let (side, target) = match side {
            Side::Above => (side, row.checked_sub(1).and_then(|row| panels.get(row))),
            Side::Below => (side, panels.get(row + 1)),
            Side::Left | Side::Right if panels.len() > 1 => {
                (side, panels.iter().find(|(kind, _)| *kind != panel))
            }
            Side::Left | Side::Right => {
                let next = if side == Side::Left { at.checked_sub(1) } else { Some(at + 1) };
                let next = next.and_then(|next| columns.get(next));
                (Side::Below, next.and_then(|column| column.panels.last()))
            }
        };
        if let Some((target, _)) = target {
            self.put(panel, side, *target);
        }
    }

    /// Gives the panels of a column shares as their heights on screen, where a plot can be higher than
    /// its share.
    pub(in crate::paint) fn adopt(&mut self, heights: &[(PanelKind, f32)]) {
        let height = |kind: PanelKind| heights.iter().find(|(of, _)| *of == kind).map(|(_, h)| *h);
        let total: f32 = heights.iter().map(|(_, height)| height).sum();
        for Column { panels, .. } in &mut self.columns {
            let drawn = panels.iter().filter(|(kind, _)| height(*kind).is_some());
            let shares: f32 = drawn.map(|(_, share)| share).sum();
            for (kind, share) in panels {
                *share = height(*kind).map_or(*share, |height| height / total * shares);
            }
        }
    }

    /// Gives the upper of two panels in a column this fraction of their joint height.
    pub(in crate::paint) fn resize_rows(&mut self, [upper, lower]: [PanelKind; 2], fraction: f32) {
        let (Some([column, a]), Some([same, b])) = (self.find(upper), self.find(lower)) else {
            return;
        };
        if column == same && a != b {
            let panels = &mut self.columns[column].panels;
            let total: f32 = panels.iter().map(|(_, share)| share).sum();
            let shares = divided(total, panels[a].1 + panels[b].1, fraction);
            [panels[a].1, panels[b].1] = shares;
        }
    }

    /// Gives the column of the left of two panels this fraction of both columns' joint width.
    pub(in crate::paint) fn resize_columns(
        &mut self,
        [left, right]: [PanelKind; 2],
        fraction: f32,
    ) {
        let (Some([a, _]), Some([b, _])) = (self.find(left), self.find(right)) else { return };
        if a != b {
            let columns = &mut self.columns;
            let total: f32 = columns.iter().map(|column| column.share).sum();
            let shares = divided(total, columns[a].share + columns[b].share, fraction);
            [columns[a].share, columns[b].share] = shares;
        }
    }

    /// Column and row of a panel.
    fn find(&self, panel: PanelKind) -> Option<[usize; 2]> {
        self.columns.iter().enumerate().find_map(|(i, column)| {
            Some([i, column.panels.iter().position(|(kind, _)| *kind == panel)?])
        })
    }

    fn settle(&mut self) {
        let n = self.columns.len() as f32;
        settle(self.columns.iter_mut().map(|column| &mut column.share).collect(), n);
        for Column { panels, .. } in &mut self.columns {
            let usual = panels.iter().map(|(kind, _)| kind.weight()).sum();
            settle(panels.iter_mut().map(|(_, share)| share).collect(), usual);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::shares::MIN_SHARE;
    use super::*;
    use PanelKind::{AlongUpdate, GradNorm, LearningRate, Loss, Preconditioned, Sharpness};

    fn kinds(tiles: &Tiles) -> Vec<Vec<PanelKind>> {
        let column = |column: &Column| column.panels.iter().map(|(kind, _)| *kind).collect();
        tiles.columns().iter().map(column).collect()
    }

    /// The panels that every run shows unless the user hides them.
    const USUAL: [PanelKind; 4] = [Sharpness, Loss, LearningRate, GradNorm];

    fn usual_kinds(tiles: &Tiles) -> Vec<Vec<PanelKind>> {
        let mut columns = kinds(tiles);
        for kinds in &mut columns {
            kinds.retain(|kind| USUAL.contains(kind));
        }
        columns.retain(|kinds| !kinds.is_empty());
        columns
    }

    #[test]
    fn a_panel_is_put_on_any_side_of_another_and_a_column_left_empty_is_gone() {
        let mut tiles = Tiles::default();
        tiles.put(Loss, Side::Right, Sharpness);
        assert_eq!(usual_kinds(&tiles), [vec![Sharpness, LearningRate, GradNorm], vec![Loss]]);
        tiles.put(GradNorm, Side::Above, Loss);
        tiles.put(LearningRate, Side::Left, Loss);
        assert_eq!(
            usual_kinds(&tiles),
            [vec![Sharpness], vec![LearningRate], vec![GradNorm, Loss]]
        );
        tiles.put(Sharpness, Side::Below, Loss);
        assert_eq!(usual_kinds(&tiles), [vec![LearningRate], vec![GradNorm, Loss, Sharpness]]);
        tiles.put(LearningRate, Side::Right, Loss);
        assert_eq!(usual_kinds(&tiles), [vec![GradNorm, Loss, Sharpness], vec![LearningRate]]);
        let before = tiles.clone();
        tiles.put(Loss, Side::Left, Loss);
        tiles.put(LearningRate, Side::Right, GradNorm);
        assert_eq!(tiles, before);
    }

    #[test]
    fn within_its_column_a_panel_keeps_its_share_and_in_another_it_gets_the_usual_one() {
        let mut tiles = Tiles::default();
        tiles.resize_rows([Sharpness, Loss], 0.5);
        tiles.put(Loss, Side::Above, Sharpness);
        assert_eq!(tiles.columns()[0].panels[1..3], [(Loss, 1.5), (Sharpness, 1.5)]);
        tiles.put(GradNorm, Side::Right, Loss);
        tiles.put(LearningRate, Side::Below, GradNorm);
        let panels = tiles.columns()[1].panels.clone();
        assert_eq!(panels, [(GradNorm, GradNorm.weight()), (LearningRate, LearningRate.weight())]);
        assert_eq!(tiles.columns()[0].share, tiles.columns()[1].share);
    }

    #[test]
    fn keys_reach_every_place_that_the_pointer_does() {
        let mut tiles = Tiles::default();
        let all = USUAL;
        tiles.shift(Sharpness, Side::Above, &all);
        assert_eq!(tiles, Tiles::default());
        tiles.shift(Loss, Side::Left, &all);
        assert_eq!(usual_kinds(&tiles), [vec![Loss], vec![Sharpness, LearningRate, GradNorm]]);
        tiles.shift(Loss, Side::Left, &all);
        tiles.shift(Loss, Side::Right, &all);
        assert_eq!(usual_kinds(&tiles), [vec![Sharpness, LearningRate, GradNorm, Loss]]);
        tiles.shift(Loss, Side::Above, &all);
        tiles.shift(Loss, Side::Below, &all);
        tiles.shift(Loss, Side::Below, &all);
        assert_eq!(usual_kinds(&tiles), [vec![Sharpness, LearningRate, GradNorm, Loss]]);
        // Only what shows is a neighbour.
        tiles.shift(Loss, Side::Above, &[Sharpness, Loss]);
        assert_eq!(usual_kinds(&tiles), [vec![Loss, Sharpness, LearningRate, GradNorm]]);
    }

    #[test]
    fn no_sequence_of_changes_makes_a_share_too_small_or_loses_a_panel() {
        let mut tiles = Tiles::default();
        let sides = [Side::Left, Side::Right, Side::Above, Side::Below];
        let mut state = 7_usize;
        for round in 0..2000 {
            let mut draw = |n: usize| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(12_345);
                (state >> 33) % n
            };
            let n = PanelKind::GROUPS.len();
            let [a, b] = [PanelKind::GROUPS[draw(n)], PanelKind::GROUPS[draw(n)]];
            match draw(3) {
                0 => tiles.put(a, sides[draw(4)], b),
                1 => tiles.resize_rows([a, b], [-1.0, 0.0, 0.01, 0.6, 3.0, f32::NAN][draw(6)]),
                _ => tiles.resize_columns([a, b], [-1.0, 0.0, 0.01, 0.6, 3.0, f32::NAN][draw(6)]),
            }
            let mut all = kinds(&tiles).concat();
            all.sort_unstable();
            assert_eq!(all, PanelKind::GROUPS, "round {round}");
            let heights = tiles
                .columns()
                .iter()
                .map(|column| column.panels.iter().map(|(_, share)| *share).collect::<Vec<f32>>());
            let widths = tiles.columns().iter().map(|column| column.share).collect();
            for shares in heights.chain([widths]) {
                let total: f32 = shares.iter().sum();
                let least = shares.iter().copied().fold(f32::INFINITY, f32::min);
                assert!(least >= 0.999 * MIN_SHARE * total, "round {round}: {shares:?}");
            }
        }
    }

    #[test]
    fn a_quantity_goes_under_the_others_and_stays_where_it_is_put() {
        let [accuracy, time] = [crate::quantity::ACCURACY, crate::quantity::STEP_MS];
        let [accuracy, time] = [accuracy, time].map(PanelKind::of);
        let mut tiles = Tiles::default();
        tiles.include(&[Sharpness, accuracy, time]);
        assert!(tiles.is_default() && tiles != Tiles::default());
        let last = kinds(&tiles)[0].clone();
        assert_eq!(last[last.len() - 2..], [accuracy, time]);
        tiles.put(accuracy, Side::Right, Sharpness);
        let arranged = tiles.clone();
        tiles.include(&[Sharpness, accuracy]);
        assert!(tiles == arranged && !tiles.is_default());
        assert!(!tiles.is_as(&Tiles::default(), &[Sharpness, accuracy]));
        assert!(tiles.is_as(&Tiles::default(), &[Sharpness, Loss, time]));
    }

    #[test]
    fn any_columns_make_an_arrangement_with_every_panel_once() {
        assert_eq!(Tiles::of([]), Tiles::default());
        let usual = Tiles::default();
        assert_eq!(Tiles::of(usual.columns().to_vec()), usual);
        let odd = [
            Column { share: f32::NAN, panels: vec![(Loss, -3.0), (Loss, 2.0)] },
            Column { share: 5.0, panels: vec![] },
            Column { share: 1.0, panels: vec![(GradNorm, f32::INFINITY), (Loss, 1.0)] },
        ];
        let tiles = Tiles::of(odd);
        assert_eq!(
            kinds(&tiles),
            [vec![Loss], vec![GradNorm, Preconditioned, Sharpness, AlongUpdate, LearningRate]]
        );
        assert_eq!(tiles.columns()[0].panels, [(Loss, Loss.weight())]);
    }

    #[test]
    fn a_hidden_panel_leaves_its_room_to_others_and_comes_back_to_its_place() {
        let mut tiles = Tiles::default();
        tiles.put(Loss, Side::Right, Sharpness);
        let shown = [Sharpness, LearningRate, GradNorm];
        assert_eq!(tiles.visible(&shown).len(), 1);
        let parts = tiles.parts(&USUAL);
        let loss = parts.iter().find(|(kind, _)| *kind == Loss).unwrap();
        assert_eq!(loss.1, [0.5, 0.0, 1.0, 1.0]);
        tiles.shift(GradNorm, Side::Above, &shown);
        assert_eq!(usual_kinds(&tiles), [vec![Sharpness, GradNorm, LearningRate], vec![Loss]]);
    }
}
