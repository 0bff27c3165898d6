//! Groups rows of a table into a grid over two columns.

use super::AxisSpec;

/// A cell for every pair of an x and a y value.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid<T> {
    /// Distinct x values, ascending.
    xs: Vec<f64>,
    /// Distinct y values, ascending.
    ys: Vec<f64>,
    /// Cells in row-major order, from the lowest y: `cells[row * xs.len() + column]`.
    cells: Vec<T>,
}

impl<T> Grid<Vec<T>> {
    /// The values of all rows `([x, y], value)` at each pair; an empty cell without rows.
    pub fn gather(rows: impl IntoIterator<Item = ([f64; 2], T)>) -> Self {
        // Turns −0 into 0.
        let rows = rows.into_iter().map(|(place, what)| (place.map(|value| value + 0.0), what));
        let rows: Vec<_> = rows.collect();
        let values = |i: usize| {
            let mut values: Vec<f64> = rows.iter().map(|(place, _)| place[i]).collect();
            values.sort_by(f64::total_cmp);
            values.dedup_by(|a, b| a.total_cmp(b).is_eq());
            values
        };
        let (xs, ys) = (values(0), values(1));
        let mut cells: Vec<Vec<T>> = Vec::new();
        cells.resize_with(xs.len() * ys.len(), Vec::new);
        for ([x, y], what) in rows {
            let column = xs.partition_point(|known| known.total_cmp(&x).is_lt());
            let row = ys.partition_point(|known| known.total_cmp(&y).is_lt());
            if let Some(cell) = cells.get_mut(row * xs.len() + column) {
                cell.push(what);
            }
        }
        Self { xs, ys, cells }
    }
}

impl<T> Grid<T> {
    /// The same grid with every cell mapped.
    pub fn map<U>(&self, other: impl Fn(&T) -> U) -> Grid<U> {
        let cells = self.cells.iter().map(other).collect();
        Grid { xs: self.xs.clone(), ys: self.ys.clone(), cells }
    }

    /// Values along the horizontal axis, ascending.
    #[must_use]
    pub fn xs(&self) -> &[f64] {
        &self.xs
    }

    /// Values along the vertical axis, ascending.
    #[must_use]
    pub fn ys(&self) -> &[f64] {
        &self.ys
    }

    /// The cell in a column from the left and a row from below; `None` outside.
    #[must_use]
    pub fn get(&self, column: usize, row: usize) -> Option<&T> {
        if column < self.xs.len() { self.cells.get(row * self.xs.len() + column) } else { None }
    }

    /// All cells as (column, row, cell), row by row from below.
    pub fn iter(&self) -> impl Iterator<Item = (usize, usize, &T)> {
        let n = self.xs.len().max(1);
        self.cells.iter().enumerate().map(move |(i, what)| (i % n, i / n, what))
    }

    /// The axis over its columns.
    #[must_use]
    pub fn x_axis(&self, label: &str) -> AxisSpec {
        AxisSpec::categories(label, &self.xs)
    }

    /// The axis over its rows.
    #[must_use]
    pub fn y_axis(&self, label: &str) -> AxisSpec {
        AxisSpec::categories(label, &self.ys)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_in_any_order_become_a_grid_with_holes() {
        let rows = [([0.4, 64.0], 'a'), ([0.1, 0.0], 'b'), ([0.4, -0.0], 'c'), ([0.4, 64.0], 'd')];
        let grid = Grid::gather(rows);
        assert_eq!((grid.xs(), grid.ys()), ([0.1, 0.4].as_slice(), [0.0, 64.0].as_slice()));
        assert_eq!(grid.get(1, 1), Some(&vec!['a', 'd']));
        assert_eq!(grid.get(0, 0), Some(&vec!['b']));
        assert_eq!(grid.get(0, 1), Some(&vec![]));
        assert_eq!((grid.get(2, 0), grid.get(0, 2)), (None, None));
        let counts = grid.map(Vec::len);
        assert_eq!(
            counts.iter().collect::<Vec<_>>(),
            [(0, 0, &1), (1, 0, &1), (0, 1, &0), (1, 1, &2)]
        );
    }

    #[test]
    fn a_grid_of_no_rows_has_no_cells() {
        let grid = Grid::gather(Vec::<([f64; 2], u8)>::new());
        assert_eq!(grid.iter().count(), 0);
        assert_eq!(grid.get(0, 0), None);
    }
}
