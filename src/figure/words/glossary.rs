//! The glossary: the terms of the window, then every quantity and every setting, in one sentence each.

use crate::config::Setting;
use crate::quantity::Quantity;

/// A term and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The term, with its symbol and unit if it has them.
    pub word: String,
    /// What it means; an arXiv number names the source.
    pub meaning: String,
}

/// Terms that are no quantity and no setting.
const TERMS: &[[&str; 2]] = &[
    [
        "Hessian H",
        "Matrix of the second derivatives of the loss with respect to all parameters. It is never \
         stored: only products H·v are computed, exactly.",
    ],
    [
        "Eigenvalue λ, eigenvector",
        "λ is the curvature of the loss along its eigenvector, a direction in the space of the \
         parameters. λ₁ is the largest, λ₂ the next.",
    ],
    [
        "Sharpness, λ₁",
        "The largest eigenvalue of the Hessian: the curvature of the loss where it bends most.",
    ],
    [
        "Stability limit, 2/η",
        "The curvature above which steps of gradient descent with learning rate η overshoot a \
         quadratic further at every step. Other rules have other limits, and clipping raises them: \
         the one that binds is drawn.",
    ],
    [
        "Shaded region",
        "Curvatures above the limit that binds. There, the loss along the eigenvector would diverge \
         if it were a quadratic.",
    ],
    [
        "Edge of stability",
        "The state in which λ₁ stays at its limit while the loss still falls over many steps \
         (arXiv 2103.00065).",
    ],
    [
        "Progressive sharpening",
        "The rise of λ₁ towards its limit while training with a rate below it (arXiv 2103.00065).",
    ],
    [
        "Catapult",
        "A jump of the loss above the limit, after which λ₁ is smaller and training goes on \
         (arXiv 2003.02218).",
    ],
    [
        "Ratio, λ₁/limit",
        "λ₁ divided by the limit that binds at the same step: 1 is the edge, above it steps \
         overshoot.",
    ],
    [
        "η eff, effective learning rate",
        "Learning rate of a step that clipping has scaled: η times the norm of the clipped gradient \
         over that of the gradient. The limit that binds is the rule's at η eff.",
    ],
    [
        "Warmup",
        "The first steps at rates below the peak. Curvature that is above the limit at the peak can \
         fall meanwhile (arXiv 2110.04369).",
    ],
    [
        "Clipping",
        "Shortening of large gradients. It limits the length of steps and so raises the limit on \
         curvature.",
    ],
    [
        "Residual",
        "‖Hu − λu‖ relative to λ for a computed eigenvector u. It bounds the distance to some \
         eigenvalue, not to the largest one.",
    ],
    [
        "Estimated error, (+0.1)",
        "By how much λ₁ may be larger than shown, from the residual and the distance to the next \
         eigenvalue; a value of λ₁ is never too large.",
    ],
    [
        "Converged",
        "The estimated relative error of an eigenvalue is within the tolerance; others are drawn \
         hollow.",
    ],
    [
        "Audit",
        "A second measurement from random vectors, independent of the first: a check that no larger \
         eigenvalue was missed.",
    ],
    [
        "Doubted",
        "Measured between the last audit that agreed and one that did not; the values may be too \
         small.",
    ],
    [
        "Probe, probe set",
        "The probe measures the Hessian; the probe set is the training examples that it uses: all of \
         them, unless the run trains on mini-batches of many.",
    ],
    [
        "Preconditioned Hessian",
        "The Hessian scaled by an adaptive rule's step sizes. Its largest eigenvalue is what the \
         limit of Adam and its relatives applies to (arXiv 2207.14484).",
    ],
    [
        "Curvature along the update, λ dir",
        "(u·Hu)/(g·u) for the update −ηu and the gradient g: its mean settles at 2/η for every rule at \
         its edge.",
    ],
    [
        "Batch sharpness",
        "Mean curvature of mini-batches, each along its own gradient; of mini-batch gradient descent \
         it is this that settles at 2/η (arXiv 2412.20553).",
    ],
    [
        "Ghost",
        "A former run that stays on the plots in a muted colour, to compare the current run with.",
    ],
    [
        "Flag",
        "A mark above the plots at a step at which a setting changed, by the user or as dated in the \
         configuration.",
    ],
    [
        "Fixup",
        "Initialization of residual networks without normalization: branches start at 0, and scalars \
         replace the norms (arXiv 1901.09321).",
    ],
    [
        "MetaInit",
        "Tuning of the norms of the initial weights so that the gradient changes little over a step \
         (NeurIPS 2019).",
    ],
    [
        "GradInit",
        "Tuning of the scales of the initial weights so that one step lowers the loss most \
         (arXiv 2102.08098).",
    ],
    [
        "LSUV",
        "Scaling of the initial weights, layer after layer, to outputs of variance 1 \
         (arXiv 1511.06422).",
    ],
];

/// All entries, in the order of the lists.
pub fn glossary() -> impl Iterator<Item = Term> {
    let term = |[word, meaning]: &[&str; 2]| Term {
        word: (*word).to_owned(),
        meaning: (*meaning).to_owned(),
    };
    let quantity = |quantity: Quantity| Term {
        word: with_unit(&format!("{}, {}", quantity.label(), quantity.symbol()), quantity.unit()),
        meaning: quantity.sentence().to_owned(),
    };
    let setting = |setting: &Setting| Term {
        word: with_unit(setting.label, setting.unit),
        meaning: format!("{} Setting `{setting}`.", setting.tooltip.trim()),
    };
    let terms = TERMS.iter().map(term).chain(Quantity::all().map(quantity));
    terms.chain(Setting::all().map(setting))
}

fn with_unit(word: &str, unit: &str) -> String {
    if unit.is_empty() { word.to_owned() } else { format!("{word} ({unit})") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_entry_says_what_it_means_in_a_sentence() {
        let mut words = BTreeSet::new();
        for Term { word, meaning } in glossary() {
            assert!(meaning.chars().count() >= 40, "{word}: {meaning}");
            assert!(meaning.ends_with(['.', '`', ')']), "{word}: {meaning}");
            words.insert(word);
        }
        assert!(words.len() > 150, "{}", words.len());
    }

    #[test]
    fn the_words_of_a_first_lecture_say_what_they_must() {
        let all: Vec<Term> = glossary().collect();
        for (word, parts) in [
            ("Sharpness, λ₁", &["largest eigenvalue of the Hessian"][..]),
            ("Stability limit, 2/η", &["overshoot", "learning rate η"]),
            ("Edge of stability", &["λ₁ stays at its limit", "2103.00065"]),
            ("Audit", &["random vectors", "missed"]),
            ("η eff, effective learning rate", &["clipped gradient", "η eff"]),
            ("Ratio, λ₁/limit", &["divided by the limit that binds", "1 is the edge"]),
            ("Residual", &["‖Hu − λu‖", "some eigenvalue"]),
            ("Probe, probe set", &["measures the Hessian", "training examples"]),
        ] {
            let found = all.iter().find(|term| term.word == word).unwrap();
            for part in parts {
                assert!(found.meaning.contains(part), "{word}: {}", found.meaning);
            }
        }
    }
}
