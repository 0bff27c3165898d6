//! Tasks: the points of a study's cross product, each with its configuration.

use toml::Value;

use super::reader::{Settings, number};
use super::{Beside, Point, Study};
use crate::config::{ConfigError, RunConfig};
use crate::study::StudyError;
use crate::text;

/// The most characters of its point that a task's folder name contains.
const MAX_POINT: usize = 40;

/// One point of a study's cross product.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// Position in the cross product, from 0.
    pub index: usize,
    /// Name of the run folder: the index and the beginning of the point.
    pub dir: String,
    /// Its point on every axis, as in the results table.
    pub point: Vec<String>,
    /// Its configuration, or why its settings conflict.
    pub config: Result<RunConfig, String>,
}

impl Task {
    /// The task with this index; the index must be below [`Study::n_tasks`].
    pub(super) fn of(study: &Study, index: usize) -> Result<Self, StudyError> {
        let points = points(study, index);
        let point: Vec<String> = points.iter().map(|point| point.text.clone()).collect();
        let width = (study.n_tasks() - 1).to_string().len().max(3);
        let hint: String = point.join("_").chars().take(MAX_POINT).collect();
        let dir = text::file_name(&format!("{index:0width$}_{hint}"));
        let config = config(study, &points, &point)?;
        Ok(Self { index, dir, point, config })
    }
}

impl Study {
    /// Number of points in the cross product.
    #[must_use]
    pub fn n_tasks(&self) -> usize {
        self.axes.iter().map(|axis| axis.points.len()).product()
    }

    /// All tasks in order; the last axis changes fastest.
    ///
    /// # Errors
    /// An unknown key or impossible value in any task.
    pub fn tasks(&self) -> Result<Vec<Task>, StudyError> {
        (0..self.n_tasks()).map(|index| Task::of(self, index)).collect()
    }

    /// Whether self-contained TOML describes the same study, or why it cannot be read.
    pub(in crate::study) fn matches_text(&self, text: &str) -> Result<bool, String> {
        let other = Self::self_contained(text).map_err(|error| error.first_line())?;
        Ok(self.is_same_as(&other))
    }

    /// Whether another study has the same runs at the same points, whatever its name and description.
    pub(in crate::study) fn is_same_as(&self, other: &Self) -> bool {
        let (Ok(ours), Ok(theirs)) = (self.tasks(), other.tasks()) else { return false };
        let is_same = |(a, b): (&Task, &Task)| {
            let is_same_run = match (&a.config, &b.config) {
                (Ok(a), Ok(b)) => a.is_same_run(b),
                (Err(a), Err(b)) => a == b,
                (Ok(_), Err(_)) | (Err(_), Ok(_)) => false,
            };
            is_same_run && a.point == b.point
        };
        let names = |study: &Self| -> Vec<String> {
            study.axes.iter().map(|axis| axis.name.clone()).collect()
        };
        names(self) == names(other)
            && ours.len() == theirs.len()
            && ours.iter().zip(&theirs).all(is_same)
    }
}

fn points(study: &Study, index: usize) -> Vec<&Point> {
    let mut rest = index;
    let mut points: Vec<&Point> = Vec::new();
    for axis in study.axes.iter().rev() {
        let n = axis.points.len();
        points.push(&axis.points[rest % n]);
        rest /= n;
    }
    points.reverse();
    points
}

fn config(
    study: &Study,
    points: &[&Point],
    point: &[String],
) -> Result<Result<RunConfig, String>, StudyError> {
    let mut config = study.base.clone();
    config.name = format!("{}: {}", study.name, point.join(", "));
    let here = |beside: &&Beside| {
        let mut axes = study.axes.iter().zip(point);
        axes.any(|(axis, text)| axis.name == beside.axis && *text == beside.point)
    };
    let beside = points.iter().flat_map(|point| point.beside.iter().filter(here));
    let settings = std::iter::once(&study.set)
        .chain(points.iter().map(|point| &point.set))
        .chain(beside.map(|beside| &beside.set));
    let settings: Vec<_> = settings.flatten().map(|(key, value)| (key.as_str(), value)).collect();
    let mut multiplied = Settings::new();
    for (key, factor) in points.iter().filter_map(|point| point.factor.as_ref()) {
        let set = || settings.iter().rev().find(|(other, _)| other == key);
        let before = multiplied.get(key).or_else(|| set().map(|(_, value)| *value)).cloned();
        let before = before.or_else(|| study.base.get(key)).as_ref().and_then(number);
        multiplied.extend(before.map(|x| (key.clone(), Value::Float(x * factor))));
    }
    let multiplied = multiplied.iter().map(|(key, value)| (key.as_str(), value));
    match config.set_all(settings.iter().copied().chain(multiplied)) {
        Ok(()) => Ok(Ok(config)),
        Err(error @ ConfigError::Conflict(_)) => Ok(Err(error.to_string())),
        Err(source) => Err(StudyError::Setting { place: "axis".to_owned(), source }),
    }
}
