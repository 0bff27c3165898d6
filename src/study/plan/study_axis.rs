//! Parses an axis of a study: `[[axis]]` or `seeds`, expanded to a list of points.

use toml::{Table, Value};

use super::axis_point::Point;
use super::cases;
use super::checks::check_length;
use super::number_range::{NumberRange, check_count};
use super::reader::{Reader, number};
use crate::config::settings::{NAME, PEAK_LR, SEED};
use crate::config::{ConfigError, Range, RunConfig, Setting};
use crate::study::StudyError;

/// One varied setting, or one set of named cases.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// A setting's dotted key, or a name for the cases or factors; also the column in the results table.
    pub name: String,
    /// Distinct points, in order.
    pub points: Vec<Point>,
}

impl Axis {
    /// Reads one `[[axis]]`; random points are drawn from `seed` and the axis' key.
    pub(super) fn read(table: Table, seed: u64) -> Result<Self, StudyError> {
        const KINDS: [&str; 6] = ["values", "log", "linear", "random", "times", "case"];
        let known = ["key", "name", "values", "log", "linear", "random", "times", "case"];
        let given: Vec<_> = KINDS.iter().filter(|kind| table.contains_key(**kind)).collect();
        let kind = match given.as_slice() {
            [kind] => Some(**kind),
            _ => None,
        };
        let mut reader = Reader::new("axis", table, &known)?;
        let key = reader.text("key")?;
        let name = reader.text("name")?;
        let Some(kind) = kind else {
            return Err(reader.wrong(
                "an axis has one of `values`, `log`, `linear`, `random`, `times` and `case`; see \
                 `eoscope sweep --help`",
            ));
        };
        let axis = match (kind, key, name) {
            ("case", None, Some(name)) => {
                refuse_setting_name(&reader, &name)?;
                Self { name, points: cases::read(&mut reader)? }
            }
            ("case", _, _) => {
                return Err(reader.wrong("an axis of cases needs a `name` and takes no `key`"));
            }
            ("times", Some(key), Some(name)) => Self::of_factors(&mut reader, &key, name)?,
            ("times", _, _) => {
                return Err(reader.wrong(&format!(
                    "an axis of factors needs the `key` that they multiply and a `name` for its \
                     column, for example key = \"{PEAK_LR}\", name = \"factor\""
                )));
            }
            (_, Some(key), None) => Self::of_key(&mut reader, kind, &key, seed)?,
            (_, _, _) => {
                return Err(reader.wrong(&format!(
                    "an axis of one setting needs a `key`, for example key = \"{PEAK_LR}\", and \
                     takes no `name`"
                )));
            }
        };
        axis.checked()
    }

    /// Reads `seeds`: a list, or `{ from, n }`.
    pub(super) fn of_seeds(seeds: Value) -> Result<Self, StudyError> {
        let refuse = || {
            StudyError::Wrong(
                "`seeds` is a list of whole numbers, for example seeds = [1, 2], or \
                 seeds = { from = 1, n = 2 }"
                    .to_owned(),
            )
        };
        let values = if let Value::Table(table) = seeds {
            let mut range = Reader::new("seeds", table, &["from", "n"])?;
            let n = range.whole("n")?.ok_or_else(refuse)?;
            let from = range.whole("from")?.unwrap_or(1);
            check_count(n).map_err(|sentence| range.wrong(&sentence))?;
            let seed = |seed: u64| i64::try_from(seed).map(Value::Integer);
            let seeds = (from..from.saturating_add(n)).map(seed);
            seeds.collect::<Result<_, _>>().map_err(|_| refuse())?
        } else {
            seeds.as_array().cloned().ok_or_else(refuse)?
        };
        if !values.iter().all(Value::is_integer) {
            return Err(refuse());
        }
        Self::of_values(SEED.key, values)?.checked()
    }

    fn of_values(key: &str, values: Vec<Value>) -> Result<Self, StudyError> {
        // Before the values are validated one by one.
        check_length(key, values.len())?;
        let point = |value: Value| {
            let mut probe = RunConfig::default();
            match probe.set(key, &value) {
                Err(source @ (ConfigError::UnknownKey { .. } | ConfigError::BadValue { .. })) => {
                    Err(StudyError::Setting { place: "axis".to_owned(), source })
                }
                // A conflict with defaults may not be one with the other settings of a task.
                Ok(()) | Err(_) => Ok(Point {
                    text: exact(&value),
                    set: [(key.to_owned(), value)].into(),
                    ..Point::default()
                }),
            }
        };
        let points = values.into_iter().map(point).collect::<Result<_, _>>()?;
        Ok(Self { name: key.to_owned(), points })
    }

    fn of_key(reader: &mut Reader, kind: &str, key: &str, seed: u64) -> Result<Self, StudyError> {
        if key == SEED.key {
            let sentence =
                "seeds are an axis of their own; write seeds = [1, 2] above the first axis";
            return Err(reader.wrong(sentence));
        }
        if key == NAME.key {
            let sentence = "`name` cannot be varied; runs are named after their point";
            return Err(reader.wrong(sentence));
        }
        if kind == "values" {
            let values = reader.list("values")?.unwrap_or_default();
            return Self::of_values(key, values);
        }
        let table = reader.table(kind)?.unwrap_or_default();
        let range = NumberRange::read(kind, table)?;
        let is_whole = Setting::named(key)
            .is_some_and(|row| matches!(row.range, Range::Whole { .. } | Range::WholeOr(_)));
        let values = range.points(key, seed);
        #[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
        let value =
            |x: f64| if is_whole { Value::Integer(x.round() as i64) } else { Value::Float(x) };
        Self::of_values(key, values.into_iter().map(value).collect())
    }

    fn of_factors(reader: &mut Reader, key: &str, name: String) -> Result<Self, StudyError> {
        refuse_setting_name(reader, &name)?;
        if !Setting::named(key).is_some_and(|row| matches!(row.range, Range::Real { .. })) {
            let sentence =
                format!("factors can multiply only settings with real values, not `{key}`");
            return Err(reader.wrong(&sentence));
        }
        let mut points = Vec::new();
        let factors = reader.list("times")?.unwrap_or_default();
        check_length(&name, factors.len())?;
        for value in factors {
            let factor = number(&value).filter(|x| *x > 0.0).ok_or_else(|| {
                reader.wrong(&format!("the factor {value} is not a number above 0"))
            })?;
            let factor = Some((key.to_owned(), factor));
            points.push(Point { text: exact(&value), factor, ..Point::default() });
        }
        Ok(Self { name, points })
    }

    /// Refuses an axis without points, and one with the same point twice.
    fn checked(self) -> Result<Self, StudyError> {
        let wrong = |sentence: String| Err(StudyError::Wrong(sentence));
        let name = &self.name;
        if self.points.is_empty() {
            return wrong(format!("the axis `{name}` has no points; give it at least one"));
        }
        check_length(name, self.points.len())?;
        for (i, point) in self.points.iter().enumerate() {
            if self.points[..i].iter().any(|other| other.text == point.text) {
                return wrong(format!(
                    "the axis `{name}` has the point {} twice; use fewer or other points",
                    point.text
                ));
            }
        }
        Ok(self)
    }
}

/// Refuses a setting's key as the name of an axis of cases or factors.
fn refuse_setting_name(reader: &Reader, name: &str) -> Result<(), StudyError> {
    if Setting::named(name).is_none() {
        return Ok(());
    }
    Err(reader.wrong(&format!(
        "`{name}` is a setting; give the axis another name, for example method or factor"
    )))
}

/// A value as text that parses back to exactly the same value; strings without quotes.
fn exact(value: &Value) -> String {
    match value {
        Value::String(word) => word.clone(),
        Value::Float(x) => x.to_string(),
        Value::Integer(_)
        | Value::Boolean(_)
        | Value::Datetime(_)
        | Value::Array(_)
        | Value::Table(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::settings::{SCALE, WARMUP_STEPS};

    fn axis(text: &str, seed: u64) -> Result<Axis, StudyError> {
        Axis::read(text.parse().unwrap(), seed)
    }

    fn texts(text: &str, seed: u64) -> Vec<String> {
        axis(text, seed).unwrap().points.into_iter().map(|point| point.text).collect()
    }

    #[test]
    fn a_log_range_has_exact_ends_and_readable_points_between() {
        let rates = "key = \"live.peak_lr\"\nlog = { from = 0.05, to = 1.6, n = 6 }";
        assert_eq!(texts(rates, 1), ["0.05", "0.1", "0.2", "0.4", "0.8", "1.6"]);
        let odd =
            "key = \"live.peak_lr\"\nlog = { from = 0.1234567890123, to = 0.7654321098765, n = 3 }";
        let odd = texts(odd, 1);
        assert_eq!((odd[0].as_str(), odd[2].as_str()), ("0.1234567890123", "0.7654321098765"));
        let down = "key = \"live.peak_lr\"\nlog = { from = 1, to = 0.01, n = 3 }";
        assert_eq!(texts(down, 1), ["1", "0.1", "0.01"]);
    }

    #[test]
    fn ranges_of_counts_are_whole_numbers() {
        let steps = format!("key = \"{WARMUP_STEPS}\"\nlog = {{ from = 1, to = 1024, n = 6 }}");
        let steps = axis(&steps, 1).unwrap();
        let values: Vec<_> =
            steps.points.iter().map(|p| p.set[WARMUP_STEPS.key].as_integer().unwrap()).collect();
        assert_eq!(values, [1, 4, 16, 64, 256, 1024]);
        let linear = "key = \"n_steps\"\nlinear = { from = 10, to = 30, n = 3 }";
        assert_eq!(texts(linear, 1), ["10", "20", "30"]);
    }

    #[test]
    fn random_points_follow_the_seed_and_the_key_and_nothing_else() {
        let range = "random = { from = 0.01, to = 1.0, n = 20, scale = \"log\" }";
        let rates = format!("key = \"live.peak_lr\"\n{range}");
        let scales = format!("key = \"init.scale\"\n{range}");
        assert_eq!(texts(&rates, 3), texts(&rates, 3));
        assert_ne!(texts(&rates, 3), texts(&rates, 4));
        assert_ne!(texts(&rates, 3), texts(&scales, 3));
        let drawn: Vec<f64> = texts(&rates, 3).iter().map(|x| x.parse().unwrap()).collect();
        assert!(drawn.iter().all(|x| (0.01..=1.0).contains(x)), "{drawn:?}");
        // About half of the draws are below the geometric mean; with a linear scale a tenth would be.
        let n_low = drawn.iter().filter(|x| **x < 0.1).count();
        assert!((5..=15).contains(&n_low), "{drawn:?}");
        let fewer = rates.replace("n = 20", "n = 5");
        assert_eq!(texts(&fewer, 3), texts(&rates, 3)[..5]);
    }

    #[test]
    fn a_case_sets_several_keys_quoted_or_not() {
        let text = "name = \"method\"\ncase = [{ name = \"plain\" }, { name = \"both\", \
                    set = { live.warmup.steps = 256, \"init.scale\" = 0.5 } }]";
        let axis = axis(text, 1).unwrap();
        assert_eq!(axis.name, "method");
        assert!(axis.points[0].set.is_empty());
        let keys: Vec<_> = axis.points[1].set.keys().map(String::as_str).collect();
        assert_eq!(keys, [SCALE.key, WARMUP_STEPS.key]);
    }

    #[test]
    fn seeds_are_a_list_or_a_range() {
        let seeds = |text: &str| {
            let mut table: Table = format!("seeds = {text}").parse().unwrap();
            Axis::of_seeds(table.remove("seeds").unwrap())
        };
        assert_eq!(seeds("{ from = 4, n = 3 }").unwrap(), seeds("[4, 5, 6]").unwrap());
        for bad in
            ["3", "[]", "[1, 1]", "[1.5]", "{ from = 1 }", "{ n = 0 }", "[-1]", "{ n = 1, to = 2 }"]
        {
            assert!(seeds(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn points_are_counted_before_they_are_read() {
        let many = |value: &str| vec![value; 50_000].join(", ");
        for text in [
            format!("key = \"live.peak_lr\"\nvalues = [{}]", many("-1.0")),
            format!("key = \"live.peak_lr\"\nname = \"f\"\ntimes = [{}]", many("0")),
            format!("name = \"m\"\ncase = [{}]", many("{ name = \"a\", set = { sed = 1 } }")),
        ] {
            // Reading the values first would fail on the first value instead.
            let error = axis(&text, 1).unwrap_err().to_string();
            assert!(error.contains("50000 points, but at most 1000"), "{error}");
        }
    }

    #[test]
    fn an_axis_that_cannot_be_says_why() {
        let known = format!("did you mean `{PEAK_LR}`");
        for (text, wanted) in [
            ("kye = 3", "did you mean `axis.key`"),
            ("key = \"live.peak_rl\"\nvalues = [1]", known.as_str()),
            ("key = \"live.peak_lr\"\nvalues = [-1]", "between"),
            ("key = \"live.peak_lr\"\nvalues = 3", "a list"),
            ("key = \"live.peak_lr\"\nvalues = []", "no points"),
            ("key = \"live.peak_lr\"\nvalues = [0.1, 0.1]", "twice"),
            ("key = \"live.peak_lr\"", "`values`, `log`"),
            ("key = \"live.peak_lr\"\nlog = { from = 0, to = 1, n = 3 }", "above 0"),
            ("key = \"live.peak_lr\"\nlog = { from = 1, to = 2 }", "`n`"),
            ("key = \"live.peak_lr\"\nlog = { from = 1, to = 2, n = 9999 }", "1 to 1000"),
            (
                "key = \"live.peak_lr\"\nrandom = { from = 1, to = 2, n = 2 }",
                "\"log\" or \"linear\"",
            ),
            ("key = \"seed\"\nvalues = [1, 2]", "seeds = [1, 2]"),
            ("name = \"loss\"\ncase = [{ name = \"a\" }]", "another name"),
            ("key = \"live.peak_lr\"\ntimes = [1, 2]", "`name` for its column"),
            ("key = \"loss\"\nname = \"f\"\ntimes = [1, 2]", "factors can multiply"),
            ("key = \"live.peak_lr\"\nname = \"f\"\ntimes = [0]", "above 0"),
            ("key = \"live.peak_lr\"\nname = \"seed\"\ntimes = [2]", "another name"),
            ("name = \"m\"\ncase = [{ set = {} }]", "needs a `name`"),
            ("name = \"m\"\ncase = [{ name = \"a\", set = { sed = 1 } }]", "`seed`"),
            ("key = \"live.warmup.steps\"\nlog = { from = 1, to = 3, n = 9 }", "twice"),
        ] {
            let error = axis(text, 1).unwrap_err().to_string();
            assert!(error.contains(wanted), "{text}: {error}");
        }
    }
}
