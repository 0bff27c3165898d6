//! Parses a study's TOML: base configuration, common settings and axes.

use toml::{Table, Value};

use super::checks::check_settings;
use super::reader::{REPORT_KEYS, Reader, Settings};
use super::{Axis, Beside};
use crate::config::{RunConfig, toml_table};
use crate::study::StudyError;
use crate::study::table::is_column;

/// The most tasks a study may have; writing the table of more would alone take days.
const MAX_TASKS: usize = 20_000;

/// Seed of random axes where the study has no `seed`.
const DEFAULT_SEED: u64 = 1;

/// One configuration varied along axes.
#[derive(Clone, Debug, PartialEq)]
pub struct Study {
    /// The study's name.
    pub name: String,
    /// One sentence on what the study shows; may be empty.
    pub sees: String,
    /// The configuration that every run starts from.
    pub base: RunConfig,
    /// Overrides of `base` for every run, by dotted key.
    pub set: Settings,
    /// The axes, slowest first; `seed` is always the last.
    pub axes: Vec<Axis>,
    /// The study's file with `base` expanded to `[config]`, so it needs no preset or other file, and
    /// without its figures and tables, which may change between runs.
    text: String,
}

impl Study {
    /// Parses a study; `find_base` looks up the configuration that `base` names, or returns a message.
    ///
    /// # Errors
    /// The first mistake in it, as one sentence.
    pub fn from_toml(
        text: &str,
        find_base: &dyn Fn(&str) -> Result<RunConfig, String>,
    ) -> Result<Self, StudyError> {
        let mut table = toml_table(text)?;
        let mut reader = Reader::whole_study(table.clone())?;
        let base = base(&mut reader, find_base)?;
        let name = reader.text("name")?.filter(|name| !name.trim().is_empty());
        let name =
            name.ok_or_else(|| reader.wrong("the study has no `name`; write name = \"..\""))?;
        let sees = reader.text("sees")?.unwrap_or_default();
        let set = reader.settings("set")?;
        check_settings("set", &set)?;
        let axes = axes(&mut reader, base.seed)?;
        for key in REPORT_KEYS.iter().chain(&["base"]) {
            table.remove(*key);
        }
        let config = base.to_toml().parse::<Table>().unwrap_or_default();
        table.insert("config".to_owned(), Value::Table(config));
        Ok(Self { name, sees, base, set, axes, text: table.to_string() })
    }

    /// The study as self-contained TOML, which [`Self::from_toml`] reads back unchanged.
    #[must_use]
    pub fn to_toml(&self) -> &str {
        &self.text
    }

    /// Parses self-contained TOML, as [`Self::to_toml`] writes it.
    ///
    /// # Errors
    /// As [`Self::from_toml`], and where `base` is a name.
    pub(in crate::study) fn self_contained(text: &str) -> Result<Self, StudyError> {
        Self::from_toml(text, &|name| Err(format!("replace `{name}` by a table [config]")))
    }
}

/// The base configuration: named by `base`, or expanded as `[config]`.
fn base(
    reader: &mut Reader,
    find: &dyn Fn(&str) -> Result<RunConfig, String>,
) -> Result<RunConfig, StudyError> {
    match (reader.text("base")?, reader.table("config")?) {
        (Some(name), None) => {
            find(&name).map_err(|sentence| reader.wrong(&format!("`base`: {sentence}")))
        }
        (None, Some(config)) => RunConfig::from_record(&config.to_string())
            .map_err(|source| StudyError::Setting { place: "config".to_owned(), source }),
        (Some(_), Some(_)) => Err(reader.wrong("a study has `base` or a table [config], not both")),
        (None, None) => Err(reader.wrong(
            "the study has no base configuration; write base = \"..\" with a preset \
             (`eoscope presets` lists them) or a configuration file",
        )),
    }
}

fn axes(reader: &mut Reader, seed_of_base: u64) -> Result<Vec<Axis>, StudyError> {
    let seed = reader.whole("seed")?.unwrap_or(DEFAULT_SEED);
    let mut axes = Vec::new();
    for axis in reader.list("axis")?.unwrap_or_default() {
        let Value::Table(axis) = axis else {
            return Err(reader.wrong("`axis` is a list of tables; begin each with [[axis]]"));
        };
        axes.push(Axis::read(axis, seed)?);
    }
    let own =
        || Value::Array(vec![Value::Integer(i64::try_from(seed_of_base).unwrap_or_default())]);
    axes.push(Axis::of_seeds(reader.value("seeds").unwrap_or_else(own))?);
    let all = |axis: &Axis| axis.points.iter().flat_map(|point| point.beside.clone()).collect();
    let beside: Vec<Beside> = axes.iter().flat_map(|axis| -> Vec<Beside> { all(axis) }).collect();
    for Beside { axis, point, .. } in &beside {
        let is_it = |own: &&Axis| own.name == *axis;
        let points = axes.iter().find(is_it).map(|axis| &axis.points);
        if !points.is_some_and(|points| points.iter().any(|own| own.text == *point)) {
            return Err(reader.wrong(&format!(
                "`beside` names the point `{point}` of `{axis}`, which this study does not have"
            )));
        }
    }
    for (i, axis) in axes.iter().enumerate() {
        if axes[..i].iter().any(|other| other.name == axis.name) {
            let sentence =
                format!("the axis `{}` is declared twice; put all its points in one", axis.name);
            return Err(reader.wrong(&sentence));
        }
        if is_column(&axis.name) {
            let sentence = format!(
                "`{}` is already a column of the results table; rename the axis",
                axis.name
            );
            return Err(reader.wrong(&sentence));
        }
    }
    let n_tasks = axes.iter().try_fold(1_usize, |n, axis| n.checked_mul(axis.points.len()));
    match n_tasks {
        Some(n) if n <= MAX_TASKS => Ok(axes),
        Some(_) | None => Err(reader.wrong(&format!(
            "the axes make more than {MAX_TASKS} runs; use fewer points or several studies"
        ))),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::config::preset;
    use crate::config::settings::N_STEPS;
    use crate::study::built_in;

    pub(in crate::study) fn study(text: &str) -> Result<Study, StudyError> {
        Study::from_toml(text, &built_in)
    }

    const GRID: &str = "name = \"grid\"\nsees = \"Something.\"\nbase = \"chebyshev-edge\"\n\
        set = { n_steps = 30 }\nseeds = [1, 2]\n\
        [[axis]]\nkey = \"live.peak_lr\"\nvalues = [0.1, 0.2, 0.4]\n\
        [[axis]]\nname = \"method\"\ncase = [{ name = \"plain\" }, \
        { name = \"warmup\", set = { live.warmup.steps = 8 } }]\n";

    #[test]
    fn the_tasks_are_the_cross_product_with_seeds_fastest() {
        let study = study(GRID).unwrap();
        let tasks = study.tasks().unwrap();
        assert_eq!((study.n_tasks(), tasks.len()), (12, 12));
        let points: Vec<_> = tasks[..5].iter().map(|task| task.point.join(" ")).collect();
        assert_eq!(
            points,
            ["0.1 plain 1", "0.1 plain 2", "0.1 warmup 1", "0.1 warmup 2", "0.2 plain 1"]
        );
        let config = tasks[3].config.as_ref().unwrap();
        assert_eq!((config.seed, config.n_steps, config.live.warmup.steps), (2, 30, 8));
        let mut dirs: Vec<_> = tasks.iter().map(|task| task.dir.clone()).collect();
        assert!(dirs.is_sorted(), "{dirs:?}");
        dirs.dedup();
        assert_eq!(dirs.len(), 12);
    }

    #[test]
    fn a_factor_multiplies_what_the_other_axes_have_set() {
        let text = "name = \"f\"\nbase = \"chebyshev-edge\"\n\
                    [[axis]]\nname = \"factor\"\nkey = \"live.peak_lr\"\ntimes = [0.5, 2]\n\
                    [[axis]]\nname = \"optimizer\"\ncase = [{ name = \"own\" }, \
                    { name = \"adam\", set = { optimizer.rule = \"adam\", live.peak_lr = 0.003 } }]\n";
        let tasks = study(text).unwrap().tasks().unwrap();
        let base = preset("chebyshev-edge").unwrap().config.live.peak_lr;
        let rates = tasks.iter().map(|task| task.config.as_ref().unwrap().live.peak_lr);
        assert!(rates.eq([0.5 * base, 0.0015, 2.0 * base, 0.006]));
        assert_eq!(tasks[3].point, ["2", "adam", "5"]);
        let twice = text.replace("adam\", set", "twice\", set").replacen(
            "[[axis]]",
            "[[axis]]\n\
            name = \"again\"\nkey = \"live.peak_lr\"\ntimes = [3]\n[[axis]]",
            1,
        );
        let tasks = study(&twice).unwrap().tasks().unwrap();
        assert_eq!(tasks[2].config.as_ref().unwrap().live.peak_lr, 3.0 * (2.0 * base));
    }

    #[test]
    fn a_case_may_set_something_beside_a_point_of_another_axis() {
        let text = "name = \"b\"\nbase = \"chebyshev-edge\"\n\
                    [[axis]]\nname = \"net\"\ncase = [{ name = \"a\" }, \
                    { name = \"b\", set = { init.scale = 3 } }]\n\
                    [[axis]]\nname = \"method\"\ncase = [{ name = \"plain\" }, \
                    { name = \"small\", set = { init.scale = 0.5 }, beside = [{ axis = \"net\", \
                    point = \"b\", set = { init.scale = 2 } }] }]\n";
        let tasks = study(text).unwrap().tasks().unwrap();
        let scales = tasks.iter().map(|task| task.config.as_ref().unwrap().init.scale);
        assert!(scales.eq([1.0, 0.5, 3.0, 2.0]));
        for (from, to) in [("point = \"b\"", "point = \"c\""), ("axis = \"net\"", "axis = \"n\"")] {
            let error = study(&text.replace(from, to)).unwrap_err().to_string();
            assert!(error.contains("does not have"), "{error}");
        }
        let error = study(&text.replace("point = \"b\", ", "")).unwrap_err().to_string();
        assert!(error.contains("expected an axis"), "{error}");
    }

    #[test]
    fn a_self_contained_study_is_the_same_study_without_its_base() {
        let first = study(GRID).unwrap();
        let nothing = |_: &str| Err("there is no base".to_owned());
        let again = Study::from_toml(first.to_toml(), &nothing).unwrap();
        assert_eq!(again, first);
    }

    #[test]
    fn a_study_is_the_same_by_its_runs_not_by_its_words() {
        let first = study(GRID).unwrap();
        let same =
            |from: &str, to: &str| first.is_same_as(&study(&GRID.replacen(from, to, 1)).unwrap());
        assert!(same("Something.", "Something else.") && same("\"grid\"", "\"renamed\""));
        assert!(!same("[1, 2]", "[1, 3]") && !same("n_steps = 30", "n_steps = 31"));
        assert!(!same("\"warmup\"", "\"warm\""), "names of points are in the table");
    }

    #[test]
    fn a_study_that_cannot_be_is_answered_with_one_sentence() {
        let with = |from: &str, to: &str| GRID.replacen(from, to, 1);
        let known = format!("did you mean `{N_STEPS}`");
        for (text, wanted) in [
            ("name = ".to_owned(), "not valid TOML"),
            (with("sees", "seees"), "did you mean `sees`"),
            (with("name = \"grid\"", ""), "no `name`"),
            (with("base = \"chebyshev-edge\"", ""), "write base"),
            (with("chebyshev-edge", "chebyshev-egde"), "did you mean `chebyshev-edge`"),
            (with("n_steps = 30", "n_stepz = 30"), known.as_str()),
            (with("n_steps = 30", "n_steps = 0"), N_STEPS.key),
            (with("n_steps = 30", "seed = 3"), "seeds = [..]"),
            (with("seeds = [1, 2]", "seeds = 2"), "`seeds`"),
            (with("\"method\"", "\"live.peak_lr\""), "another name"),
            (with("\"method\"", "\"final_loss\""), "a column"),
            (GRID.replace("[[axis]]", "[[axes]]"), "did you mean `axis`"),
            (format!("{GRID}[[axis]]\nname = \"method\"\ncase = [{{ name = \"a\" }}]"), "twice"),
        ] {
            let error = study(&text).unwrap_err().to_string();
            assert!(error.contains(wanted), "{text}: {error}");
        }
        let mut many = "name = \"m\"\nbase = \"chebyshev-edge\"\nseeds = { n = 1000 }\n".to_owned();
        many.push_str("[[axis]]\nkey = \"live.peak_lr\"\nlog = { from = 0.1, to = 1, n = 100 }\n");
        assert!(study(&many).unwrap_err().to_string().contains("20000 runs"));
    }

    #[test]
    fn a_combination_that_cannot_be_is_a_task_with_the_reason() {
        let text = "name = \"c\"\nbase = \"chebyshev-edge\"\n\
                    [[axis]]\nkey = \"loss\"\nvalues = [\"mse\", \"cross-entropy\"]\n";
        let tasks = study(text).unwrap().tasks().unwrap();
        assert!(tasks[0].config.is_ok());
        assert!(tasks[1].config.as_ref().unwrap_err().contains("regression"));
    }
}
