//! Puts a claim in words: whether one method does as well as the best of its rivals.

use super::rate_summary::RateSummary;
use super::row_values::split;
use super::spec::ClaimSpec;
use crate::study::{Row, Table};
use crate::text::{list, number, plural};

/// A method and its results.
struct Method {
    name: String,
    rates: RateSummary,
}

/// One paragraph for each point of [`ClaimSpec::each`].
pub(super) fn sentences(table: &Table, spec: &ClaimSpec) -> Vec<String> {
    let all: Vec<&Row> = table.rows.iter().collect();
    let parts = split(table, &all, spec.each.as_deref()).into_iter();
    parts.filter_map(|(point, rows)| claim_at(table, spec, &point, &rows)).collect()
}

fn claim_at(table: &Table, spec: &ClaimSpec, point: &str, rows: &[&Row]) -> Option<String> {
    let methods: Vec<Method> = split(table, rows, Some(&spec.by))
        .into_iter()
        .map(|(name, rows)| Method { name, rates: RateSummary::of(table, &rows, &spec.over) })
        .collect();
    let find = |name: &String| methods.iter().find(|method| method.name == *name);
    let (plain, own) = (find(&spec.plain)?, find(&spec.method)?);
    let rivals: Vec<&Method> = spec.rivals.iter().filter_map(find).collect();
    let place = if point.is_empty() { String::new() } else { format!("{point}: ") };
    let sentences = [
        Some(plain_sentence(plain, &methods)),
        largest_rate_sentence(own, &rivals),
        loss_sentence(&own.rates, &rivals),
    ];
    Some(format!("{place}{}", sentences.into_iter().flatten().collect::<Vec<_>>().join(" ")))
}

/// Whether the baseline's largest trainable rate is the smallest of all.
fn plain_sentence(plain: &Method, methods: &[Method]) -> String {
    let Method { name, rates: plain } = plain;
    let of = |rates: &RateSummary| rates.largest.unwrap_or(0.0);
    let names = |wanted: &dyn Fn(&RateSummary) -> bool| -> Vec<&str> {
        let others = methods.iter().filter(|other| other.name != *name && wanted(&other.rates));
        others.map(|other| other.name.as_str()).collect()
    };
    let below = names(&|rates| of(rates) < of(plain));
    let equal = names(&|rates| of(rates) == of(plain));
    let Some(rate) = plain.largest else {
        return match equal.as_slice() {
            [] => format!("{name} trains at none of the rates, every other method at some."),
            equal => {
                format!("{name} trains at none of the rates; the same holds for {}.", list(equal))
            }
        };
    };
    let largest = format!("The largest η at which {name} trains is {}", number(rate));
    match (below.is_empty(), equal.is_empty()) {
        (true, true) => format!("{largest}, the smallest of all."),
        (true, false) => format!("{largest}, the smallest of all, as is that of {}.", list(&equal)),
        (false, _) => format!("{largest}; that of {} is smaller.", list(&below)),
    }
}

/// Distance between the largest trainable rates of the method and its best rival, in grid steps.
fn largest_rate_sentence(own: &Method, rivals: &[&Method]) -> Option<String> {
    let Method { name, rates: own } = own;
    let (rival, best) = rivals
        .iter()
        .filter_map(|rival| Some((&rival.name, rival.rates.largest?)))
        // The first rival wins a tie.
        .rev()
        .max_by(|a, b| a.1.total_cmp(&b.1))?;
    let Some(reached) = own.largest else {
        return Some(format!("{name} trains at no rate, {rival} up to {}.", number(best)));
    };
    let place = |rate: f64| own.losses.iter().position(|(known, _)| *known == rate);
    let (at, wanted) = (place(reached)?, place(best)?);
    let steps = |n: usize| plural(n as u64, "grid step");
    let (reached, best) = (number(reached), number(best));
    Some(match (at.checked_sub(wanted), wanted.saturating_sub(at)) {
        (Some(0), _) => {
            format!("{name} trains up to {reached}, as far as the best of the others, {rival}.")
        }
        (Some(above), _) => format!(
            "{name} trains up to {reached}, {} further than the best of the others, {rival} with \
             {best}.",
            steps(above)
        ),
        (None, 1) => format!(
            "{name} trains up to {reached}, within one grid step of the best of the others, {rival} \
             with {best}."
        ),
        (None, below) => format!(
            "{name} trains up to {reached}, {} short of the best of the others, {rival} with {best}: \
             not within one.",
            steps(below)
        ),
    })
}

/// Compares the method's lowest final loss with the best rival's, and with that rival's loss one grid
/// step from its own best rate.
fn loss_sentence(own: &RateSummary, rivals: &[&Method]) -> Option<String> {
    let (rival, rates, (rate, best)) = rivals
        .iter()
        .filter_map(|rival| Some((&rival.name, &rival.rates, rival.rates.best?)))
        .min_by(|a, b| a.2.1.total_cmp(&b.2.1))?;
    let (own_rate, loss) = own.best?;
    let beside = format!(
        "Its final loss is {} at η = {}, the least of the others {} at {} ({rival})",
        number(rounded(loss)),
        number(own_rate),
        number(rounded(best)),
        number(rate)
    );
    if loss <= best {
        return Some(format!("{beside}: none of them is lower."));
    }
    let at = rates.losses.iter().position(|(known, _)| *known == rate)?;
    let neighbours = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
    let off = neighbours.filter_map(|at| rates.losses.get(at)).map(|(_, loss)| *loss);
    let off = off.filter(|loss| loss.is_finite()).min_by(f64::total_cmp);
    let times = match rounded(loss / best) {
        1.0 => format!("{beside}: as much to three digits"),
        times => format!("{beside}: {} times as much", number(times)),
    };
    Some(match off {
        Some(off) if loss <= off => format!(
            "{times}, but no more than {rival} has one grid step from its best rate ({}).",
            number(rounded(off))
        ),
        Some(off) => format!(
            "{times}, and more than {rival} has one grid step from its best rate ({}): not within \
             one.",
            number(rounded(off))
        ),
        None => format!("{times}."),
    })
}

fn rounded(value: f64) -> f64 {
    crate::text::rounded(value, 3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::settings::{PEAK_LR, SEED};
    use crate::report::made_up_tables::methods;

    const RATES: [f64; 4] = [0.1, 0.2, 0.4, 0.8];
    const NONE: f64 = f64::INFINITY;

    fn said(table: &Table) -> String {
        let spec = ClaimSpec {
            by: "method".into(),
            plain: "plain".into(),
            method: "warmup".into(),
            rivals: vec!["norm".into(), "Fixup".into()],
            over: "peak_lr".into(),
            each: None,
        };
        let sentences = sentences(table, &spec);
        assert_eq!(sentences.len(), 1);
        sentences[0].clone()
    }

    fn with(plain: [f64; 4], warmup: [f64; 4], norm: [f64; 4]) -> String {
        let fixup = [0.1, 0.05, 0.2, NONE];
        let all = [("plain", plain), ("warmup", warmup), ("norm", norm), ("Fixup", fixup)];
        said(&methods(&all.each_ref().map(|(name, losses)| (*name, losses.as_slice())), &RATES))
    }

    #[test]
    fn a_method_one_step_short_of_the_best_is_within_one() {
        let text = with([0.2, NONE, NONE, NONE], [0.2, 0.1, 0.06, NONE], [0.2, 0.1, 0.07, 0.03]);
        let wanted = "The largest η at which plain trains is 0.1, the smallest of all. warmup trains \
            up to 0.4, within one grid step of the best of the others, norm with 0.8. Its final loss \
            is 0.06 at η = 0.4, the least of the others 0.03 at 0.8 (norm): 2 times as much, but no \
            more than norm has one grid step from its best rate (0.07).";
        assert_eq!(text, wanted);
    }

    #[test]
    fn a_claim_that_fails_is_reported_as_plainly() {
        let text = with([0.2, 0.2, 0.2, NONE], [0.2, NONE, NONE, NONE], [0.2, 0.1, 0.04, 0.03]);
        for words in [
            "plain trains is 0.4; that of warmup is smaller.",
            "warmup trains up to 0.1, 3 grid steps short of the best of the others, norm with 0.8: \
             not within one.",
            "6.67 times as much, and more than norm has one grid step from its best rate (0.04): not \
             within one.",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        let text = with([0.2, NONE, NONE, NONE], [0.2, 0.1, 0.04, 0.01], [0.2, 0.1, NONE, NONE]);
        for words in
            ["1 grid step further than the best of the others, Fixup with 0.4", "none of them"]
        {
            assert!(text.contains(words), "{words}: {text}");
        }
        let text = with([0.9, NONE, NONE, NONE], [0.9, NONE, NONE, NONE], [NONE; 4]);
        for words in
            ["plain trains at none of the rates", "warmup trains at no rate, Fixup up to 0.4"]
        {
            assert!(text.contains(words), "{words}: {text}");
        }
    }

    #[test]
    fn each_point_of_an_axis_gets_a_verdict() {
        let table = methods(&[("plain", &[0.2]), ("warmup", &[0.2])], &[0.1]);
        let spec = ClaimSpec {
            by: "method".into(),
            plain: "plain".into(),
            method: "warmup".into(),
            rivals: vec!["warmup".into()],
            over: PEAK_LR.key.into(),
            each: Some(SEED.key.into()),
        };
        let sentences = sentences(&table, &spec);
        assert_eq!(sentences.len(), 2);
        assert!(sentences[1].starts_with("2: The largest η"), "{}", sentences[1]);
    }
}
