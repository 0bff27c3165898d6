//! A table in LaTeX, with the rules of the booktabs package.

use super::{Cell, Table};
use crate::figure::chart::number::{Formatted, formatted};

/// Characters that need a LaTeX command.
const SIGNS: &[(char, &str)] = &[
    ('\\', r"\textbackslash{}"),
    ('~', r"\textasciitilde{}"),
    ('^', r"\textasciicircum{}"),
    ('<', r"\textless{}"),
    ('>', r"\textgreater{}"),
    ('|', r"\textbar{}"),
    ('α', r"$\alpha$"),
    ('β', r"$\beta$"),
    ('γ', r"$\gamma$"),
    ('ε', r"$\epsilon$"),
    ('η', r"$\eta$"),
    ('λ', r"$\lambda$"),
    ('μ', r"$\mu$"),
    ('σ', r"$\sigma$"),
    ('₀', r"$_0$"),
    ('₁', r"$_1$"),
    ('₂', r"$_2$"),
    ('⁻', r"$^-$"),
    ('¹', r"$^1$"),
    ('²', r"$^2$"),
    ('½', r"$\frac{1}{2}$"),
    ('⅓', r"$\frac{1}{3}$"),
    ('×', r"$\times$"),
    ('·', r"$\cdot$"),
    ('±', r"$\pm$"),
    ('≤', r"$\leq$"),
    ('≥', r"$\geq$"),
    ('≈', r"$\approx$"),
    ('→', r"$\to$"),
    ('‖', r"$\|$"),
    ('∞', r"$\infty$"),
    ('−', "$-$"),
    ('–', "--"),
];

impl Table {
    /// The table as a LaTeX `tabular`; best values are bold, missing ones a dash.
    #[must_use]
    pub fn latex(&self) -> String {
        let align = |column| if self.is_numeric(column) { 'r' } else { 'l' };
        let columns: String = (0..self.columns.len()).map(align).collect();
        let headers = self.columns.iter().map(|column| escaped(&column.header));
        let mut text = format!("\\begin{{tabular}}{{{columns}}}\n\\toprule\n{}", line(headers));
        text.push_str("\\midrule\n");
        for row in &self.rows {
            text += &line(row.iter().enumerate().map(|(column, cell)| match cell {
                Cell::Text(words) => escaped(words),
                Cell::Missing => "--".to_owned(),
                Cell::Number { value, digits } => {
                    let is_best = self.is_best(column, *value, *digits);
                    number(&formatted(*value, *digits), is_best.then_some(r"\mathbf"))
                }
            }));
        }
        text.push_str("\\bottomrule\n\\end{tabular}\n");
        text
    }
}

fn line(cells: impl Iterator<Item = String>) -> String {
    format!("{} \\\\\n", cells.collect::<Vec<_>>().join(" & "))
}

/// A number in math mode, which typesets its minus sign.
fn number(formatted: &Formatted, face: Option<&str>) -> String {
    let digits = |text: &str| text.replace('−', "-").replace('∞', r"\infty");
    let faced = |text: String| match face {
        Some(face) => format!("{face}{{{text}}}"),
        None => text,
    };
    match formatted {
        Formatted::Plain(word) if word == "NaN" => word.clone(),
        Formatted::Plain(text) => format!("${}$", faced(digits(text))),
        Formatted::Power(text, power) => {
            format!("${}$", faced(format!(r"{} \times 10^{{{power}}}", digits(text))))
        }
    }
}

/// Text with LaTeX's special characters escaped.
fn escaped(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for sign in words.chars() {
        match sign {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => text.extend(['\\', sign]),
            '\n' | '\r' => text.push(' '),
            sign => match SIGNS.iter().find(|(known, _)| *known == sign) {
                Some((_, command)) => text.push_str(command),
                None => text.push(sign),
            },
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::tests::methods;
    use super::*;

    #[test]
    fn text_and_numbers_are_escaped() {
        let wanted = "\
            \\begin{tabular}{lrr}\n\
            \\toprule\n\
            method & loss\\_at\\_best $\\eta$ & largest $\\eta$ \\\\\n\
            \\midrule\n\
            plain \\textbar{} T = 0 & $0.022$ & $0.1$ \\\\\n\
            warmup, \"256\" \\& 50\\% & $\\mathbf{0.0070}$ & $\\mathbf{0.8}$ \\\\\n\
            scale $\\frac{1}{3}$ & $\\mathbf{0.0070}$ & $\\mathbf{0.8}$ \\\\\n\
            none of these & $\\infty$ & -- \\\\\n\
            \\bottomrule\n\
            \\end{tabular}\n";
        assert_eq!(methods().latex(), wanted);
    }

    #[test]
    fn small_numbers_are_powers_of_ten_and_every_special_sign_is_escaped() {
        let small = formatted(-1.24e-5, 2);
        assert_eq!(number(&small, None), r"$-1.2 \times 10^{-5}$");
        assert_eq!(number(&small, Some(r"\mathbf")), r"$\mathbf{-1.2 \times 10^{-5}}$");
        assert_eq!(
            escaped(r"#1 {a} ~ ^ \ $"),
            r"\#1 \{a\} \textasciitilde{} \textasciicircum{} \textbackslash{} \$"
        );
    }
}
