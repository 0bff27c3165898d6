//! Parses the description of a report; refuses axes, points and columns that the study does not have.

use std::collections::BTreeMap;

use toml::Value;

use super::spec::{ClaimSpec, FigureKind, FigureSpec, Spec, TableSpec, YAxis};
use crate::config::toml_table;
use crate::quantity::Quantity;
use crate::study::{Reader, Study, StudyError, column};
use crate::text;

impl Spec {
    /// Parses the report part of a study's file.
    ///
    /// # Errors
    /// An unknown axis, column or quantity, or any other mistake, as one sentence.
    pub fn read(text: &str, study: &Study) -> Result<Self, StudyError> {
        let mut reader = Reader::whole_study(toml_table(text)?)?;
        let names = StudyNames { study };
        let list = |reader: &mut Reader, key: &str| -> Result<Vec<toml::Table>, StudyError> {
            let parts = reader.list(key)?.unwrap_or_default().into_iter();
            let part = |part: Value| {
                part.as_table().cloned().ok_or_else(|| {
                    StudyError::Wrong(format!(
                        "`{key}` is a list of tables; begin each with [[{key}]]"
                    ))
                })
            };
            parts.map(part).collect()
        };
        let figures = list(&mut reader, "figure")?.into_iter();
        let figures = figures.map(|table| names.figure(table)).collect::<Result<Vec<_>, _>>()?;
        let tables = list(&mut reader, "table")?.into_iter();
        let tables = tables.map(|table| names.table(table)).collect::<Result<Vec<_>, _>>()?;
        let claim = reader.table("claim")?.map(|table| names.claim(table)).transpose()?;
        let all: Vec<&str> = figures
            .iter()
            .map(|figure| figure.name.as_str())
            .chain(tables.iter().map(|table| table.name.as_str()))
            .collect();
        if let Some(twice) = (1..all.len()).find(|i| all[..*i].contains(&all[*i])) {
            let name = all[twice];
            return Err(StudyError::Wrong(format!(
                "two figures or tables are called `{name}`; give each a different name"
            )));
        }
        Ok(Self { figures, tables, claim })
    }
}

/// Looks up the axes and points that a report may refer to.
struct StudyNames<'a> {
    study: &'a Study,
}

impl StudyNames<'_> {
    fn figure(&self, table: toml::Table) -> Result<FigureSpec, StudyError> {
        const KNOWN: [&str; 13] = [
            "name", "title", "kind", "beside", "at", "x", "y", "ys", "shows", "by", "scale",
            "level", "limit",
        ];
        let mut reader = Reader::new("figure", table, &KNOWN)?;
        let name = file_name(&mut reader)?;
        let title = reader.text("title")?.unwrap_or_default();
        let beside = self.optional_axis(&mut reader, "beside")?;
        let at = self.points(&mut reader)?;
        let kind = required(&mut reader, "kind")?;
        let kind = match kind.as_str() {
            "phase" => FigureKind::Phase {
                x: self.axis(&mut reader, "x")?,
                y: self.axis(&mut reader, "y")?,
                shows: match reader.text("shows")? {
                    Some(shows) if shows != "outcome" => Some(check_column(&reader, shows)?),
                    Some(_) | None => None,
                },
            },
            "scatter" => FigureKind::Scatter {
                x: self.axis_or_column(&mut reader, "x")?,
                ys: columns(&mut reader, "ys")?,
                is_limit_drawn: reader.flag("limit")?.unwrap_or_default(),
            },
            "curves" => FigureKind::Curves {
                x: self.axis_or_column(&mut reader, "x")?,
                y: {
                    let y = required(&mut reader, "y")?;
                    check_column(&reader, y)?
                },
                by: self.optional_axis(&mut reader, "by")?,
                y_axis: y_axis(&mut reader)?,
            },
            "course" => FigureKind::Course {
                quantity: {
                    let name = required(&mut reader, "y")?;
                    Quantity::named(&name).ok_or_else(|| {
                        reader.wrong(&format!(
                            "`{name}` is no quantity of a run; use a column of metrics.csv"
                        ))
                    })?
                },
                by: self.axis(&mut reader, "by")?,
                y_axis: y_axis(&mut reader)?,
            },
            other => {
                return Err(reader.wrong(&format!(
                    "`{other}` is no kind of figure; use phase, scatter, curves or course"
                )));
            }
        };
        reader.finish(&format!("a figure of kind {}", kind.word()))?;
        Ok(FigureSpec { name, title, beside, at, kind })
    }

    fn table(&self, table: toml::Table) -> Result<TableSpec, StudyError> {
        let mut reader =
            Reader::new("table", table, &["name", "title", "rows", "over", "columns"])?;
        let name = file_name(&mut reader)?;
        let rows = words(&mut reader, "rows")?;
        let rows =
            rows.into_iter().map(|row| self.check_axis(&reader, row)).collect::<Result<_, _>>()?;
        Ok(TableSpec {
            name,
            title: reader.text("title")?.unwrap_or_default(),
            rows,
            over: match reader.text("over")? {
                Some(over) => Some(self.check_numeric(&reader, over)?),
                None => None,
            },
            columns: columns(&mut reader, "columns")?,
        })
    }

    fn claim(&self, table: toml::Table) -> Result<ClaimSpec, StudyError> {
        let known = ["by", "plain", "method", "rivals", "over", "each"];
        let mut reader = Reader::new("claim", table, &known)?;
        let claim = ClaimSpec {
            by: self.axis(&mut reader, "by")?,
            plain: required(&mut reader, "plain")?,
            method: required(&mut reader, "method")?,
            rivals: words(&mut reader, "rivals")?,
            over: {
                let over = required(&mut reader, "over")?;
                self.check_numeric(&reader, over)?
            },
            each: self.optional_axis(&mut reader, "each")?,
        };
        for method in [&claim.plain, &claim.method].into_iter().chain(&claim.rivals) {
            self.check_point(&reader, &claim.by, method)?;
        }
        Ok(claim)
    }

    fn points(&self, reader: &mut Reader) -> Result<BTreeMap<String, String>, StudyError> {
        let mut points = BTreeMap::new();
        for (axis, point) in reader.settings("at")? {
            let axis = self.check_axis(reader, axis)?;
            let point = point.as_str().map_or_else(|| point.to_string(), str::to_owned);
            self.check_point(reader, &axis, &point)?;
            points.insert(axis, point);
        }
        Ok(points)
    }

    fn axis(&self, reader: &mut Reader, key: &str) -> Result<String, StudyError> {
        let name = required(reader, key)?;
        self.check_axis(reader, name)
    }

    fn optional_axis(&self, reader: &mut Reader, key: &str) -> Result<Option<String>, StudyError> {
        reader.text(key)?.map(|name| self.check_axis(reader, name)).transpose()
    }

    fn axis_or_column(&self, reader: &mut Reader, key: &str) -> Result<String, StudyError> {
        let name = required(reader, key)?;
        self.check_axis_or_column(reader, name)
    }

    fn check_axis_or_column(&self, reader: &Reader, name: String) -> Result<String, StudyError> {
        if column(&name).is_some() { Ok(name) } else { self.check_axis(reader, name) }
    }

    fn check_numeric(&self, reader: &Reader, name: String) -> Result<String, StudyError> {
        let name = self.check_axis_or_column(reader, name)?;
        let axis = self.study.axes.iter().find(|axis| axis.name == name);
        let mut points = axis.iter().flat_map(|axis| &axis.points);
        match points.find(|point| point.text.parse::<f64>().is_err()) {
            Some(point) => Err(reader.wrong(&format!(
                "`over` needs numbers, but `{}` is a point of `{name}`; name an axis of rates",
                point.text
            ))),
            None => Ok(name),
        }
    }

    fn check_axis(&self, reader: &Reader, name: String) -> Result<String, StudyError> {
        let axes: Vec<&str> = self.study.axes.iter().map(|axis| axis.name.as_str()).collect();
        if axes.contains(&name.as_str()) {
            return Ok(name);
        }
        let axes = axes.join(", ");
        Err(reader.wrong(&format!("`{name}` is no axis of this study; its axes are {axes}")))
    }

    fn check_point(&self, reader: &Reader, axis: &str, point: &str) -> Result<(), StudyError> {
        let axes = &self.study.axes;
        let points = axes.iter().filter(|known| known.name == axis).flat_map(|axis| &axis.points);
        let points: Vec<&str> = points.map(|point| point.text.as_str()).collect();
        if points.contains(&point) {
            return Ok(());
        }
        let points = points.join(", ");
        Err(reader.wrong(&format!("`{point}` is no point of `{axis}`; its points are {points}")))
    }
}

fn y_axis(reader: &mut Reader) -> Result<YAxis, StudyError> {
    let scale = reader.text("scale")?;
    let is_log = match scale.as_deref() {
        None | Some("linear") => false,
        Some("log") => true,
        Some(other) => {
            return Err(reader.wrong(&format!("`scale` is \"log\" or \"linear\", not \"{other}\"")));
        }
    };
    Ok(YAxis { is_log, level: reader.real("level")? })
}

fn required(reader: &mut Reader, key: &str) -> Result<String, StudyError> {
    let found = reader.text(key)?.filter(|text| !text.trim().is_empty());
    found.ok_or_else(|| reader.wrong(&format!("`{key}` is missing")))
}

/// A name that is also a file name, and none of the names that a study's folder reserves.
fn file_name(reader: &mut Reader) -> Result<String, StudyError> {
    let name = required(reader, "name")?;
    let is_taken = ["results", "report", "study"].iter().any(|own| name.starts_with(own));
    if is_taken || text::file_name(&name) != name {
        return Err(reader.wrong(&format!(
            "`name` cannot be `{name}`, as it is also a file name: use letters, digits, - and _, and do \
             not begin with results, report or study"
        )));
    }
    Ok(name)
}

fn words(reader: &mut Reader, key: &str) -> Result<Vec<String>, StudyError> {
    let list = reader.list(key)?.unwrap_or_default();
    let words: Option<Vec<String>> =
        list.iter().map(|value| value.as_str().map(str::to_owned)).collect();
    words.ok_or_else(|| reader.wrong(&format!("`{key}` is a list of names in quotes")))
}

fn columns(reader: &mut Reader, key: &str) -> Result<Vec<String>, StudyError> {
    words(reader, key)?.into_iter().map(|name| check_column(reader, name)).collect()
}

fn check_column(reader: &Reader, name: String) -> Result<String, StudyError> {
    if column(&name).is_some() {
        return Ok(name);
    }
    Err(reader.wrong(&format!("`{name}` is no numeric column of the results table")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::settings::PEAK_LR;
    use crate::study::built_in;

    const STUDY: &str = "name = \"s\"\nbase = \"chebyshev-edge\"\nseeds = [1, 2]\n\
        [[axis]]\nkey = \"live.peak_lr\"\nvalues = [0.1, 0.2]\n\
        [[axis]]\nname = \"method\"\ncase = [{ name = \"plain\" }, { name = \"warmup\" }]\n";

    fn read(more: &str) -> Result<Spec, StudyError> {
        let text = format!("{STUDY}{more}");
        let study = Study::from_toml(&text, &built_in)?;
        assert!(!study.to_toml().contains("figure"), "what is shown is no part of what is run");
        Spec::read(&text, &study)
    }

    #[test]
    fn what_is_asked_for_is_read() {
        let spec = read(
            "[[figure]]\nname = \"a\"\nkind = \"phase\"\nx = \"live.peak_lr\"\ny = \"seed\"\n\
             shows = \"max_sharpness\"\nbeside = \"method\"\n\
             [[figure]]\nname = \"b\"\nkind = \"course\"\ny = \"sharpness_ratio\"\nby = \"method\"\n\
             at = { live.peak_lr = 0.2 }\nlevel = 1\nscale = \"log\"\n\
             [[table]]\nname = \"t\"\nrows = [\"method\"]\nover = \"peak_lr\"\ncolumns = [\"trained\"]\n\
             [claim]\nby = \"method\"\nplain = \"plain\"\nmethod = \"warmup\"\nrivals = [\"plain\"]\n\
             over = \"live.peak_lr\"\n",
        )
        .unwrap();
        let [phase, course] = spec.figures.as_slice() else { panic!("{spec:?}") };
        assert_eq!((phase.name.as_str(), phase.beside.as_deref()), ("a", Some("method")));
        let wanted = YAxis { is_log: true, level: Some(1.0) };
        assert!(
            matches!(&course.kind, FigureKind::Course { y_axis: found, .. } if *found == wanted)
        );
        assert_eq!(course.at, [(PEAK_LR.key.to_owned(), "0.2".to_owned())].into());
        assert_eq!((spec.tables.len(), spec.claim.unwrap().rivals.len()), (1, 1));
        assert_eq!(read("").unwrap(), Spec::default());
    }

    #[test]
    fn what_cannot_be_shown_is_answered_with_one_sentence() {
        let figure =
            "[[figure]]\nname = \"f\"\nkind = \"phase\"\nx = \"live.peak_lr\"\ny = \"seed\"\n";
        let with = |from: &str, to: &str| figure.replacen(from, to, 1);
        for (text, wanted) in [
            (with("kind = \"phase\"", "kind = \"pie\""), "phase, scatter, curves or course"),
            (with("\"seed\"", "\"sed\""), "its axes are live.peak_lr, method, seed"),
            (with("y = \"seed\"", ""), "`y` is missing"),
            (with("\"f\"", "\"../f\""), "letters, digits"),
            (with("\"f\"", "\"results\""), "do not begin with results"),
            (format!("{figure}by = \"method\"\n"), "`by` means nothing"),
            (format!("{figure}shows = \"loss\"\n"), "`loss` is no numeric column"),
            (format!("{figure}{figure}"), "two figures or tables are called `f`"),
            (format!("{figure}at = {{ method = \"clip\" }}\n"), "its points are plain, warmup"),
            (format!("{figure}colour = 1\n"), "unknown key"),
            (
                "[[figure]]\nname = \"f\"\nkind = \"course\"\nby = \"method\"\ny = \"los\"\n"
                    .into(),
                "no quantity",
            ),
            ("[figure]\nname = \"f\"\n".into(), "`figure`"),
            (
                "[[table]]\nname = \"t\"\nrows = [\"seed\"]\nover = \"method\"\n".into(),
                "`over` needs numbers",
            ),
            (
                "[claim]\nby = \"method\"\nplain = \"plane\"\nmethod = \"warmup\"\nrivals = []\n\
                 over = \"peak_lr\"\n"
                    .into(),
                "`plane` is no point",
            ),
        ] {
            let error = read(&text).unwrap_err().to_string();
            assert!(error.contains(wanted), "{text}: {error}");
        }
    }
}
