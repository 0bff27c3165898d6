//! A panel as a sentence for screen readers: the newest value of every line of the current run.

use crate::text;

use super::panel::Panel;

impl Panel {
    /// The newest values, such as `Sharpness: λ₁ 20.1, λ₂ 12, 2/η 20, ratio 1.01`.
    #[must_use]
    pub fn spoken(&self) -> String {
        let own = || self.lines.iter().filter(|line| line.ghost.is_none());
        let three = |value: f64| text::number(text::rounded(value, 3));
        let newest = own().filter_map(|line| line.trace.points().last());
        let newest = newest.map(|[place, _]| place).fold(0.0, f64::max);
        let since = |place: f64| {
            if place < newest { format!(" at {}", text::number(place)) } else { String::new() }
        };
        let mut parts: Vec<String> = own()
            .filter(|line| !line.look.is_points())
            .filter_map(|line| {
                let [place, value] = line.trace.points().last()?;
                Some(format!("{} {}{}", line.name, three(value), since(place)))
            })
            .collect();
        if let Some([place, ratio]) = self.ratio {
            parts.push(format!("ratio {}{}", three(ratio), since(place)));
        }
        let parts = match &self.missing {
            Some(why) => why.clone(),
            None if parts.is_empty() => "nothing measured yet".to_owned(),
            None => parts.join(", "),
        };
        format!("{}: {parts}", self.kind.title())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::{Ghost, Hue, Line, Look, PanelKind, Trace};
    use crate::quantity;

    fn line(name: &str, values: &[f64]) -> Line {
        let piece = values.iter().enumerate().map(|(i, y)| [i as f64, *y]).collect();
        let trace = Trace { pieces: vec![piece], off_scale: Vec::new() };
        let look = Look::curve(Hue::Blue, 2.0);
        Line::new(quantity::SHARPNESS, look, name.to_owned(), None, trace)
    }

    #[test]
    fn a_plot_is_read_aloud_by_the_last_values_of_the_current_run() {
        let mut faded = line("λ₁", &[99.0]);
        faded.ghost = Some(Ghost { name: "run 1".to_owned(), style: 0 });
        let lines =
            vec![line("λ₁", &[5.0, 21.0]), line("2/η", &[20.0, 20.0]), line("λ₂", &[]), faded];
        let mut panel = Panel::of_lines(PanelKind::Sharpness, lines);
        panel.ratio = Some([1.0, 1.05]);
        assert_eq!(panel.spoken(), "Sharpness: λ₁ 21, 2/η 20, ratio 1.05");
        panel.lines[1] = line("2/η", &[20.0, 10.0, 10.0]);
        assert_eq!(panel.spoken(), "Sharpness: λ₁ 21 at 1, 2/η 10, ratio 1.05 at 1");
        panel.ratio = None;
        panel.lines.clear();
        assert_eq!(panel.spoken(), "Sharpness: nothing measured yet");
        panel.missing = Some("no value yet: it is not due".to_owned());
        assert_eq!(panel.spoken(), "Sharpness: no value yet: it is not due");
    }
}
