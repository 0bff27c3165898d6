//! The result of a search for a learning rate, as a sentence.

use crate::protocol::{Search, SearchKind};
use crate::text;

/// The result of a search.
#[must_use]
pub fn search_sentence(search: &Search) -> String {
    let number = |rate: f64| text::number(text::rounded(rate, 3));
    let tried = search.points.last().map_or(0.0, |point| point[0]);
    match (search.kind, search.found, search.steepest) {
        (SearchKind::FirstRate, Some(found), _) => format!(
            "One step from here lowers the loss up to η = {}, to 1 %; at that rate, repeated steps \
             may diverge.",
            number(found)
        ),
        (SearchKind::FirstRate, None, _)
            if search.points.iter().any(|point| point[1] < search.start_loss) =>
        {
            format!("One step from here lowers the loss at every rate up to {}.", number(tried))
        }
        (SearchKind::FirstRate, None, _) => {
            "No step from here lowers the loss, however small the rate.".to_owned()
        }
        (SearchKind::RangeTest, Some(_), _) if search.suggested.is_none() => {
            let lowest = search.points.iter().map(|point| point[1]).fold(f64::INFINITY, f64::min);
            format!(
                "Over {} at rising rates the loss falls from {} to {} at best, no more than it goes \
                 up and down by: nothing can be suggested here; try rates over some hundred steps.",
                text::plural(search.points.len() as u64, "step"),
                number(search.start_loss),
                number(lowest)
            )
        }
        (SearchKind::RangeTest, Some(found), steepest) => {
            let n = text::plural(search.points.len() as u64, "step");
            let fastest =
                steepest.map_or_else(String::new, |rate| format!(" (fastest at {})", number(rate)));
            let suggested = search.suggested.map_or_else(String::new, |rate| {
                format!("; a tenth of {} is suggested: {}", number(found), number(rate))
            });
            format!(
                "Over {n} at rising rates the loss, smoothed, falls up to η = {}{fastest}{suggested}.",
                number(found)
            )
        }
        (SearchKind::RangeTest, None, _) => {
            "The loss falls at none of the rates tried: nothing can be suggested here.".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_reports_what_was_found() {
        for (kind, found, suggested, wanted) in [
            (SearchKind::FirstRate, Some(0.123_456), None, "up to η = 0.123, to 1 %"),
            (SearchKind::FirstRate, None, None, "at every rate up to 0.0004"),
            (
                SearchKind::RangeTest,
                Some(0.3),
                Some(0.03),
                "up to η = 0.3 (fastest at 0.02); a tenth of 0.3 is suggested: 0.03",
            ),
            (SearchKind::RangeTest, Some(0.3), None, "from 1 to 0.8 at best, no more than"),
            (SearchKind::RangeTest, None, None, "nothing can be suggested"),
        ] {
            let sentence = search_sentence(&Search::example(kind, found, suggested));
            assert!(sentence.contains(wanted) && sentence.ends_with('.'), "{sentence}");
        }
        let none = Search::example(SearchKind::FirstRate, None, None);
        let rising = Search { start_loss: 0.1, ..none };
        assert!(search_sentence(&rising).starts_with("No step"));
    }
}
