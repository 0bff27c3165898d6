//! The boundary between grid cells that trained and cells that did not.

use std::collections::{BTreeMap, BTreeSet};

use super::{Grid, Outcome};

/// A boundary between cells.
#[derive(Clone, Debug, PartialEq)]
pub struct Boundary {
    /// Its text in the legend.
    pub name: String,
    /// Polylines along cell borders, as corners [x, y]; the cell in column 0 and row 0 extends from
    /// (−½, −½) to (½, ½).
    pub lines: Vec<Vec<[f64; 2]>>,
}

/// A corner of cells, by the column and row of the cell to its upper right.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Corner {
    column: usize,
    row: usize,
}

/// The boundary between trained and other cells; cells that were not run have none.
#[must_use]
pub fn boundary(grid: &Grid<Option<Outcome>>) -> Boundary {
    let is_trained = |column: usize, row: usize| {
        grid.get(column, row).copied().flatten().map(|outcome| outcome == Outcome::Trained)
    };
    let differ = |a: Option<bool>, b: Option<bool>| a.zip(b).is_some_and(|(a, b)| a != b);
    let mut neighbours: BTreeMap<Corner, BTreeSet<Corner>> = BTreeMap::new();
    let mut join = |a: Corner, b: Corner| {
        neighbours.entry(a).or_default().insert(b);
        neighbours.entry(b).or_default().insert(a);
    };
    for (column, row, _) in grid.iter() {
        let here = is_trained(column, row);
        if differ(here, is_trained(column + 1, row)) {
            let column = column + 1;
            join(Corner { column, row }, Corner { column, row: row + 1 });
        }
        if differ(here, is_trained(column, row + 1)) {
            let row = row + 1;
            join(Corner { column, row }, Corner { column: column + 1, row });
        }
    }
    let mut lines = Vec::new();
    // Open lines from their ends first; the rest are closed.
    while let Some(start) = end_of(&neighbours) {
        let corners = walk(&mut neighbours, start);
        let place = |Corner { column, row }: Corner| [column as f64 - 0.5, row as f64 - 0.5];
        lines.push(without_straight_corners(&corners).into_iter().map(place).collect());
    }
    Boundary { name: "edge of what trains".to_owned(), lines }
}

/// A corner at which a line ends; any corner if all remaining lines are closed.
fn end_of(neighbours: &BTreeMap<Corner, BTreeSet<Corner>>) -> Option<Corner> {
    let end = neighbours.iter().find(|(_, others)| others.len() % 2 == 1);
    end.or_else(|| neighbours.first_key_value()).map(|(corner, _)| *corner)
}

/// Follows and removes border segments until none is left at the corner reached.
fn walk(neighbours: &mut BTreeMap<Corner, BTreeSet<Corner>>, start: Corner) -> Vec<Corner> {
    let mut corners = vec![start];
    let mut here = start;
    while let Some(next) = neighbours.get(&here).and_then(|others| others.first().copied()) {
        for (a, b) in [(here, next), (next, here)] {
            if let Some(others) = neighbours.get_mut(&a) {
                others.remove(&b);
                if others.is_empty() {
                    neighbours.remove(&a);
                }
            }
        }
        corners.push(next);
        here = next;
    }
    corners
}

/// The ends and turns of a line.
fn without_straight_corners(corners: &[Corner]) -> Vec<Corner> {
    let is_turn = |i: usize| {
        let around = i.checked_sub(1).and_then(|j| Some((corners.get(j)?, corners.get(i + 1)?)));
        around
            .is_none_or(|(before, after)| before.column != after.column && before.row != after.row)
    };
    corners.iter().enumerate().filter(|(i, _)| is_turn(*i)).map(|(_, corner)| *corner).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A grid of rows from top to bottom: t trained, d diverged, s survived, a dot not run.
    fn grid(rows: &[&str]) -> Grid<Option<Outcome>> {
        let cells = rows.iter().rev().enumerate().flat_map(|(y, row)| {
            row.chars().enumerate().map(move |(x, sign)| {
                let outcome = match sign {
                    't' => Some(Outcome::Trained),
                    's' => Some(Outcome::SURVIVED),
                    'd' => Some(Outcome::DIVERGED),
                    _ => None,
                };
                ([x as f64, y as f64], outcome)
            })
        });
        Grid::gather(cells).map(|all| all.first().copied().flatten())
    }

    #[test]
    fn a_staircase_is_one_line_along_the_borders() {
        let lines = boundary(&grid(&["ttd", "tdd", "tds"])).lines;
        assert_eq!(lines, [vec![[0.5, -0.5], [0.5, 1.5], [1.5, 1.5], [1.5, 2.5]]]);
    }

    #[test]
    fn an_island_has_a_closed_border_and_survival_is_not_training() {
        let lines = boundary(&grid(&["sss", "sts", "sss"])).lines;
        assert_eq!(lines.len(), 1);
        assert_eq!((lines[0].len(), lines[0].first()), (5, lines[0].last()));
    }

    #[test]
    fn cells_that_agree_and_cells_not_run_have_no_border() {
        assert!(boundary(&grid(&["tt", "tt"])).lines.is_empty());
        assert!(boundary(&grid(&["sd", "ds"])).lines.is_empty());
        assert_eq!(boundary(&grid(&["t.d", "ttd"])).lines, [vec![[1.5, -0.5], [1.5, 0.5]]]);
    }

    #[test]
    fn cells_that_touch_at_a_corner_have_all_their_borders() {
        let lines = boundary(&grid(&["td", "dt"])).lines;
        let length: f64 = lines
            .iter()
            .flat_map(|line| line.windows(2))
            .map(|ends| (ends[0][0] - ends[1][0]).abs() + (ends[0][1] - ends[1][1]).abs())
            .sum();
        assert_eq!(length, 4.0);
    }
}
