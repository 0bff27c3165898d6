//! A table in Markdown.

use super::{CellKind, Table};

impl Table {
    /// The table as Markdown, with best values in bold and a dash for missing ones.
    #[must_use]
    pub fn markdown(&self) -> String {
        let headers = self.headers().map(escaped);
        let mut text = line(headers);
        let rule = |column| if self.is_numeric(column) { "---:" } else { "---" };
        text += &line((0..self.columns.len()).map(|column| rule(column).to_owned()));
        for row in self.displayed() {
            text += &line(row.into_iter().map(|cell| match cell.kind {
                CellKind::Best => format!("**{}**", cell.text),
                CellKind::Number => cell.text,
                CellKind::Words => escaped(&cell.text),
            }));
        }
        text
    }
}

fn line(cells: impl Iterator<Item = String>) -> String {
    format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
}

/// Text of one cell on one line, with Markdown's special characters escaped.
fn escaped(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for sign in words.chars() {
        match sign {
            '|' | '\\' | '*' | '_' | '`' | '<' | '[' => text.extend(['\\', sign]),
            '\n' | '\r' => text.push(' '),
            sign => text.push(sign),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::tests::methods;

    #[test]
    fn every_line_has_the_cells_of_the_header_and_the_best_are_bold() {
        let wanted = "\
            | method | loss\\_at\\_best η | largest η |\n\
            | --- | ---: | ---: |\n\
            | plain \\| T = 0 | 0.022 | 0.1 |\n\
            | warmup, \"256\" & 50% | **0.0070** | **0.8** |\n\
            | scale ⅓ | **0.0070** | **0.8** |\n\
            | none of these | ∞ | – |\n";
        assert_eq!(methods().markdown(), wanted);
    }
}
