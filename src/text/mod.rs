//! Formats numbers, counts, names, paths and excerpts for display and export, suggests names for
//! misspelt ones, and knows the dialects of CSV.

mod csv_dialect;
mod spelling;

use std::path::Path;

pub use csv_dialect::{csv_separator, with_point};
pub use spelling::hint;

/// A number with four significant digits, without trailing zeros; the integer part is written in
/// full below a million.
#[must_use]
pub fn number(x: f64) -> String {
    if !x.is_finite() {
        return if x.is_nan() {
            "NaN"
        } else if x > 0.0 {
            "∞"
        } else {
            "−∞"
        }
        .to_owned();
    }
    if x == 0.0 {
        return "0".to_owned();
    }
    let magnitude = x.abs().log10().floor();
    if !(-4.0..6.0).contains(&magnitude) {
        let text = format!("{x:.3e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        return format!("{}e{exponent}", trimmed(mantissa));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0..=7 by the range above"
    )]
    let decimals = (3.0 - magnitude).clamp(0.0, 7.0) as usize;
    let text = format!("{x:.decimals$}");
    if text.contains('.') { trimmed(&text).to_owned() } else { text }
}

/// Makes a sentence of a clause: a capital at the start, a full stop at the end.
#[must_use]
pub fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// 2⁵³: up to it, every integer is exact in f64. Such integers are exported as plain digits, so
/// other programs recognise a column of counts.
pub const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;

/// A number for other programs that parses back to the same bits; `NaN`, `inf` and `-inf` if not
/// finite.
#[must_use]
pub fn exact(x: f64) -> String {
    let (plain, exponential) = (x.to_string(), format!("{x:e}"));
    let is_whole = x.fract() == 0.0 && x.abs() <= MAX_WHOLE;
    // Both are exact; the shorter one is easier to read.
    if x.is_finite() && !is_whole && exponential.len() < plain.len() { exponential } else { plain }
}

/// Rounds to this many significant digits, so that numbers that change often do not flicker.
#[must_use]
pub fn rounded(x: f64, digits: u8) -> f64 {
    if x == 0.0 || !x.is_finite() {
        return x;
    }
    // By formatting: multiplying by a power of ten could give 0.39999999999999997.
    let decimals = usize::from(digits.saturating_sub(1));
    format!("{x:.decimals$e}").parse().unwrap_or(x)
}

/// A fraction in per cent with this many decimals. Never "-0"; a positive fraction that would round
/// to 0 or one below 1 that would round to 100 is written with `<` or `>`.
#[must_use]
pub fn percent(share: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", 100.0 * share);
    let is_zero = text.chars().all(|c| matches!(c, '-' | '0' | '.'));
    let least = 10f64.powi(-i32::try_from(decimals).unwrap_or(0));
    if is_zero && share > 0.0 {
        return format!("< {least:.decimals$} %");
    }
    if share < 1.0 && text.starts_with("100") {
        return format!("> {:.decimals$} %", 100.0 - least);
    }
    format!("{} %", if is_zero { text.trim_start_matches('-') } else { &text })
}

/// Bytes in MiB or GiB, with at most three digits.
#[must_use]
pub fn bytes(n: u64) -> String {
    let (size, unit) = if n >> 30 > 0 { (1 << 30, "GiB") } else { (1 << 20, "MiB") };
    let digits = if n / size >= 100 { 3 } else { 2 };
    format!("{} {unit}", number(rounded(n as f64 / size as f64, digits)))
}

/// A count and its noun, with an s for the plural.
#[must_use]
pub fn plural(n: u64, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

/// That there are this many: "there is 1 value", "there are 2 values".
#[must_use]
pub fn there_are(n: u64, noun: &str) -> String {
    format!("there {} {}", if n == 1 { "is" } else { "are" }, plural(n, noun))
}

/// A count as in running text: in words up to three.
#[must_use]
pub fn counted(n: u64, noun: &str) -> String {
    match n {
        1 => format!("one {noun}"),
        2 => format!("two {noun}s"),
        3 => format!("three {noun}s"),
        n => plural(n, noun),
    }
}

/// Joins names: `a, b and c`.
#[must_use]
pub fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Sorted numbers in words, neighbours as one range: `0`, `3 to 7`.
#[must_use]
pub fn ranges(numbers: impl IntoIterator<Item = u64>) -> Vec<String> {
    let mut found: Vec<[u64; 2]> = Vec::new();
    for number in numbers {
        match found.last_mut() {
            Some([_, last]) if *last + 1 == number => *last = number,
            Some(_) | None => found.push([number, number]),
        }
    }
    let words = |[first, last]: [u64; 2]| match last - first {
        0 => vec![first.to_string()],
        1 => vec![first.to_string(), last.to_string()],
        _ => vec![format!("{first} to {last}")],
    };
    found.into_iter().flat_map(words).collect()
}

/// How many characters of user input a message repeats.
const MAX_EXCERPT: usize = 80;

/// User input as a message repeats it: on one line, and cut if long.
#[must_use]
pub fn excerpt(text: &str) -> String {
    let mut characters = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut short: String = characters.by_ref().take(MAX_EXCERPT).collect();
    if characters.next().is_some() {
        short.push('…');
    }
    short
}

/// How many characters of a path a message repeats: more than any that one reads.
const MAX_PATH: usize = 240;

/// A path as a message repeats it: on one line, and without its middle if long.
#[must_use]
pub fn short_path(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text: Vec<char> = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.len() <= MAX_PATH {
        return text.into_iter().collect();
    }
    let (begin, end) = (&text[..MAX_EXCERPT], &text[text.len() - MAX_EXCERPT..]);
    begin.iter().chain(&['…']).chain(end).collect()
}

/// Length limit of a file name in characters; file systems allow some 255 bytes.
const MAX_NAME: usize = 48;

/// A name as a file or folder name that is valid on every system: letters, digits, `-` and `_`, of
/// limited length, and no device name of Windows such as `aux`.
#[must_use]
pub fn file_name(name: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let plain = name.chars().take(MAX_NAME).map(|c| if is_plain(c) { c } else { '-' });
    let plain: String = plain.collect();
    let lower = plain.to_ascii_lowercase();
    let is_port = |word: &str| {
        lower.strip_prefix(word).is_some_and(|n| n.len() == 1 && n.chars().all(char::is_numeric))
    };
    let is_device = ["aux", "con", "nul", "prn"].contains(&lower.as_str());
    if plain.is_empty() {
        "run".to_owned()
    } else if is_device || is_port("com") || is_port("lpt") {
        format!("run-{plain}")
    } else {
        plain
    }
}

fn trimmed(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{
        exact, excerpt, file_name, number, percent, plural, ranges, rounded, short_path, there_are,
    };

    #[test]
    fn no_share_is_less_than_nothing() {
        // An empty sum is -0.
        let none: f64 = [0.0; 0].iter().sum();
        assert_eq!([percent(none, 0), percent(-0.0004, 1)], ["0 %", "0.0 %"]);
        assert_eq!([percent(0.123, 0), percent(-0.2, 1)], ["12 %", "-20.0 %"]);
        assert_eq!([percent(1e-9, 1), percent(0.004, 0)], ["< 0.1 %", "< 1 %"]);
        assert_eq!([percent(0.9999, 1), percent(1.0, 1)], ["> 99.9 %", "100.0 %"]);
    }

    #[test]
    fn three_neighbours_or_more_are_a_range() {
        assert_eq!(ranges([0, 3, 4, 7, 8, 9, 12]), ["0", "3", "4", "7 to 9", "12"]);
        assert!(ranges([]).is_empty());
    }

    #[test]
    fn an_excerpt_is_one_line_and_cut() {
        assert_eq!(excerpt("peak_rl"), "peak_rl");
        assert_eq!(excerpt("a\nb\u{1b}[31m"), "a b [31m");
        let long = excerpt(&"λ".repeat(1_000_000));
        assert_eq!((long.chars().count(), long.chars().last()), (81, Some('…')));
    }

    #[test]
    fn a_path_is_one_line_and_loses_its_middle_if_long() {
        assert_eq!(short_path(Path::new("runs/a b/λ")), "runs/a b/λ");
        assert_eq!(short_path(Path::new("a\nb")), "a b");
        let long = format!("runs/{}/config.toml", "n".repeat(5000));
        let short = short_path(Path::new(&long));
        assert_eq!(short.chars().count(), 161);
        assert!(short.starts_with("runs/nnn") && short.ends_with("nnn/config.toml"), "{short}");
    }

    #[test]
    fn a_name_becomes_one_that_every_file_system_takes() {
        let cases = [
            ("fashion-edge", "fashion-edge"),
            ("η 0.1: a/b\\c", "η-0-1--a-b-c"),
            ("AUX", "run-AUX"),
            ("com1", "run-com1"),
            ("console", "console"),
            ("..", "--"),
            ("", "run"),
        ];
        for (name, wanted) in cases {
            assert_eq!(file_name(name), wanted);
        }
        assert!(file_name(&"漢".repeat(5000)).len() < 200);
    }

    #[test]
    fn numbers_are_short_and_true() {
        let cases = [
            (0.1, "0.1"),
            (20.0, "20"),
            (1234.56, "1235"),
            (0.000_012_34, "1.234e-5"),
            (0.0, "0"),
            (1e9, "1e9"),
            (-0.25, "-0.25"),
            (123_456.0, "123456"),
            (f64::NAN, "NaN"),
        ];
        for (x, wanted) in cases {
            assert_eq!(number(x), wanted);
        }
    }

    #[test]
    fn exact_numbers_read_back_and_whole_ones_are_digits() {
        let cases = [
            (4000.0, "4000"),
            (-1e6, "-1000000"),
            (1e15, "1000000000000000"),
            (1e300, "1e300"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1.5e-9, "1.5e-9"),
            (1000.5, "1000.5"),
            (f64::INFINITY, "inf"),
            (f64::NAN, "NaN"),
        ];
        for (x, wanted) in cases {
            assert_eq!(exact(x), wanted);
            let back: f64 = wanted.parse().unwrap();
            assert!(back == x || x.is_nan());
        }
    }

    #[test]
    fn rounding_keeps_significant_digits_and_one_is_singular() {
        assert_eq!(number(rounded(0.004_567, 2)), "0.0046");
        assert_eq!(number(rounded(29.73, 2)), "30");
        assert_eq!(number(rounded(1.0459, 3)), "1.05");
        assert_eq!((plural(1, "step"), plural(2, "step")), ("1 step".into(), "2 steps".into()));
        let there_are = [0, 1, 2].map(|n| there_are(n, "value"));
        assert_eq!(there_are, ["there are 0 values", "there is 1 value", "there are 2 values"]);
    }
}
