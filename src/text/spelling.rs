//! Suggestions for misspelt names: the known names closest in spelling.

/// Smallest similarity of a suggestion: two letters in five may differ.
const MIN_SIMILARITY: f64 = 0.6;

/// Similarity of a word to a name that contains it as a part, such as `lr` to `peak_lr`, or that it
/// shortens part by part, such as `cheb-edge` to `chebyshev-edge`.
const PART_SIMILARITY: f64 = 0.8;

/// Similarity of a dotted key to one of the same group that ends in the same word, such as `live.lr` to
/// `live.peak_lr`: nearer than an equal key of another group.
const GROUP_SIMILARITY: f64 = 1.1;

/// Shortest part that counts as shortened.
const MIN_SHORTENED: usize = 3;

/// Longest word that is compared, in characters: no name is longer, and comparing takes quadratic
/// time.
const MAX_COMPARED: usize = 80;

/// The most suggestions; if more names are equally close, none is meant more than the others.
const MAX_SUGGESTIONS: usize = 3;

/// "; did you mean `x`?" for the candidate closest in spelling, or for up to three that are equally
/// close; empty if none is close, or more than three are.
#[must_use]
pub fn hint<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> =
        nearest(word, candidates).into_iter().map(|name| format!("`{name}`")).collect();
    let names = match names.as_slice() {
        [one] => one.clone(),
        [first @ .., last] if names.len() <= MAX_SUGGESTIONS => {
            format!("{} or {last}", first.join(", "))
        }
        _ => return String::new(),
    };
    format!("; did you mean {names}?")
}

/// The candidates closest in spelling, if any are close: first those with the longest common
/// prefix, then those of a similar length.
fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    if word.chars().nth(MAX_COMPARED).is_some() {
        return Vec::new();
    }
    let (mut best, mut found) = (MIN_SIMILARITY, Vec::new());
    for candidate in candidates {
        let similarity = similarity(word, candidate);
        if similarity > best {
            best = similarity;
            found.clear();
        }
        if similarity >= best {
            found.push(candidate);
        }
    }
    let prefix = |candidate: &str| strsim::jaro_winkler(word, candidate);
    let difference = |candidate: &str| word.len().abs_diff(candidate.len());
    found.sort_by(|one, other| {
        let by_prefix = prefix(other).total_cmp(&prefix(one));
        by_prefix.then(difference(one).cmp(&difference(other)))
    });
    found
}

/// Similarity in spelling, from 0 to 1 or [`GROUP_SIMILARITY`], of any case. The last part of a dotted
/// key is compared too, so `height` finds `size.least_height`.
fn similarity(word: &str, candidate: &str) -> f64 {
    let (word, candidate) = (&word.to_lowercase(), &candidate.to_lowercase());
    let [(group, own), (other_group, other)] =
        [word, candidate].map(|name| name.rsplit_once('.').unwrap_or(("", name)));
    let is_of_group = !group.is_empty() && group == other_group;
    if is_of_group && other.rsplit(['_', '-']).next() == Some(own) {
        return GROUP_SIMILARITY;
    }
    let is_part = other.split(['_', '-']).any(|part| part == own) || is_shortened(own, other);
    strsim::normalized_damerau_levenshtein(word, candidate)
        .max(strsim::normalized_damerau_levenshtein(own, other))
        .max(if is_part { PART_SIMILARITY } else { 0.0 })
}

/// Whether each part of the word, in order, begins a part of the name.
fn is_shortened(word: &str, name: &str) -> bool {
    let mut parts = name.split(['_', '-']);
    word.split(['_', '-']).all(|begin| {
        begin.chars().count() >= MIN_SHORTENED && parts.any(|part| part.starts_with(begin))
    })
}

#[cfg(test)]
mod tests {
    use super::hint;
    use crate::text::excerpt;

    #[test]
    fn only_near_words_are_asked_after() {
        let keys = ["size.least_height", "seed", "n_rows", "size.border.width", "loss"];
        for (word, wanted) in [
            ("size.least_hieght", "size.least_height"),
            ("height", "size.least_height"),
            ("size.height", "size.least_height"),
            ("least_height", "size.least_height"),
            ("sed", "seed"),
            ("width", "size.border.width"),
            ("n_rowz", "n_rows"),
            ("N_ROWS", "n_rows"),
            ("Size.Height", "size.least_height"),
        ] {
            assert_eq!(hint(word, keys), format!("; did you mean `{wanted}`?"), "{word}");
        }
        let presets = ["patches-edge", "chebyshev-edge", "fashion-edge"];
        for (word, wanted) in
            [("cheb-edge", presets[1]), ("cheb", presets[1]), ("fash", presets[2])]
        {
            assert_eq!(hint(word, presets), format!("; did you mean `{wanted}`?"), "{word}");
        }
        for word in ["banana", "x", "foo", "colour", "q.z", "", &"k".repeat(1_000_000)] {
            assert_eq!(hint(word, keys), "", "{}", excerpt(word));
        }
    }

    #[test]
    fn a_key_of_the_same_group_that_ends_in_the_word_comes_first() {
        let keys = ["far.height", "near.least_height", "near.width", "height"];
        let meant = |word: &str| hint(word, keys);
        assert_eq!(meant("near.height"), "; did you mean `near.least_height`?");
        assert_eq!(meant("Near.Height"), "; did you mean `near.least_height`?");
        assert_eq!(meant("far.heigth"), "; did you mean `far.height`?");
        assert_eq!(meant("WIDTH"), "; did you mean `near.width`?");
    }

    #[test]
    fn up_to_three_equally_near_words_are_listed_and_of_more_none() {
        let names = ["adam-edge", "cnn-edge", "calm-start", "calm", "cnn-start", "sam-edge"];
        for (word, wanted) in [
            ("cnn", "; did you mean `cnn-edge` or `cnn-start`?"),
            ("edge", "; did you mean `adam-edge`, `cnn-edge` or `sam-edge`?"),
            ("calm", "; did you mean `calm`?"),
            ("sam-egde", "; did you mean `sam-edge`?"),
        ] {
            assert_eq!(hint(word, names), wanted, "{word}");
        }
        let more = names.into_iter().chain(["blowup-edge"]);
        assert_eq!(hint("edge", more), "");
    }
}
