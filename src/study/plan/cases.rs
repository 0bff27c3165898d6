//! Parses the named cases of an axis, which set several keys together.

use toml::Value;

use super::axis_point::{Beside, Point};
use super::checks::{check_length, check_settings};
use super::reader::Reader;
use crate::study::StudyError;

/// The points that `case = [..]` of an axis lists.
pub(super) fn read(reader: &mut Reader) -> Result<Vec<Point>, StudyError> {
    let mut points = Vec::new();
    let cases = reader.list("case")?.unwrap_or_default();
    check_length("case", cases.len())?;
    for case in cases {
        let Value::Table(case) = case else {
            return Err(reader.wrong("a case is a table, for example { name = \"plain\" }"));
        };
        let mut case = Reader::new("axis.case", case, &["name", "set", "beside"])?;
        let text = case.text("name")?.filter(|text| !text.is_empty());
        let text = text.ok_or_else(|| case.wrong("a case needs a `name`"))?;
        let set = case.settings("set")?;
        check_settings(&format!("axis.case `{text}`"), &set)?;
        let beside = beside(&mut case, &text)?;
        points.push(Point { text, set, beside, factor: None });
    }
    Ok(points)
}

/// The extra settings of a case for points of other axes.
fn beside(case: &mut Reader, name: &str) -> Result<Vec<Beside>, StudyError> {
    let place = format!("axis.case `{name}`.beside");
    let mut found = Vec::new();
    for value in case.list("beside")?.unwrap_or_default() {
        let wrong = || {
            StudyError::Wrong(format!(
                "{place}: expected an axis, one of its points and the settings for it, for example \
                 {{ axis = \"pair\", point = \"CNN\", set = {{ .. }} }}"
            ))
        };
        let Value::Table(table) = value else { return Err(wrong()) };
        let mut reader = Reader::new(&place, table, &["axis", "point", "set"])?;
        let axis = reader.text("axis")?.ok_or_else(wrong)?;
        let point = reader.text("point")?.ok_or_else(wrong)?;
        let set = reader.settings("set")?;
        check_settings(&place, &set)?;
        found.push(Beside { axis, point, set });
    }
    Ok(found)
}
