//! Trace for tests of the real window: appends positions of widgets and events of runs to the file
//! that the environment variable `EOSCOPE_TRACE` names. Read only: it changes nothing.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use eframe::egui::accesskit::{Node, NodeId, Role, TreeUpdate};
use eframe::egui::{Context, FullOutput, Plugin, Rect};
use serde::Serialize;

use crate::history::Run;
use crate::platform::files::{File, OpenOptions};
use crate::text::short_path;
use crate::ui::session::{Pending, status_word};

const VARIABLE: &str = "EOSCOPE_TRACE";

/// One line of the trace, as JSON.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
enum Line {
    /// A widget by accessible role and name, in points from the top left of the window.
    Rect {
        role: String,
        rect: String,
        x: i64,
        y: i64,
        w: i64,
        h: i64,
    },
    Ready {
        ready: u64,
    },
    Status {
        status: &'static str,
    },
    Marker {
        marker: String,
    },
}

/// Traces the current run.
#[derive(Debug)]
pub(in crate::ui) struct UiTrace {
    file: Arc<File>,
    run: Option<u64>,
    n_markers: usize,
    status: &'static str,
    plots: Option<Line>,
}

/// Traces positions of widgets.
struct Widgets {
    file: Arc<File>,
    written: BTreeMap<(String, String), Line>,
}

impl UiTrace {
    /// Opens the trace file; `None` if `EOSCOPE_TRACE` is unset or the file cannot be opened.
    pub(in crate::ui) fn from_environment(ctx: &Context) -> Option<Self> {
        let path = std::env::var_os(VARIABLE)?;
        match OpenOptions::new().create(true).append(true).open(&path) {
            Ok(file) => {
                let file = Arc::new(file);
                ctx.enable_accesskit();
                ctx.add_plugin(Widgets { file: file.clone(), written: BTreeMap::new() });
                Some(Self { file, run: None, n_markers: 0, status: "", plots: None })
            }
            Err(error) => {
                tracing::warn!(
                    "cannot write {}, which {VARIABLE} names: {error}",
                    short_path(path.as_ref())
                );
                None
            }
        }
    }

    /// Writes changes since the last frame.
    pub(in crate::ui) fn watch(&mut self, run: &Run, pending: Option<Pending>, plots: Rect) {
        let plots = rect("Plots", "plots", plots);
        if self.plots.as_ref() != Some(&plots) {
            write_line(&self.file, &plots);
            self.plots = Some(plots);
        }
        if self.run != Some(run.id().0) && run.last().is_some() {
            self.run = Some(run.id().0);
            self.n_markers = 0;
            write_line(&self.file, &Line::Ready { ready: run.id().0 });
        }
        let status = status_word(run, pending).unwrap_or("running");
        if self.status != status {
            self.status = status;
            write_line(&self.file, &Line::Status { status });
        }
        for marker in run.markers().iter().skip(self.n_markers) {
            write_line(&self.file, &Line::Marker { marker: marker.sentence() });
        }
        self.n_markers = run.markers().len();
    }
}

impl Plugin for Widgets {
    fn debug_name(&self) -> &'static str {
        "eoscope trace"
    }

    fn output_hook(&mut self, _ctx: &Context, output: &mut FullOutput) {
        let Some(update) = &output.platform_output.accesskit_update else { return };
        for (key, line) in widgets(update) {
            if self.written.get(&key) != Some(&line) {
                write_line(&self.file, &line);
                self.written.insert(key, line);
            }
        }
    }
}

/// All interactive controls that have a name.
fn widgets(update: &TreeUpdate) -> BTreeMap<(String, String), Line> {
    let nodes: BTreeMap<NodeId, &Node> =
        update.nodes.iter().map(|(id, node)| (*id, node)).collect();
    let controls = nodes.values().filter(|node| is_control(node.role()));
    controls
        .filter_map(|node| {
            let bounds = node.bounds()?;
            #[expect(clippy::cast_possible_truncation, reason = "points on a screen")]
            let [x0, y0, x1, y1] = [bounds.x0, bounds.y0, bounds.x1, bounds.y1].map(|x| x as f32);
            let at = Rect::from_x_y_ranges(x0..=x1, y0..=y1);
            let (role, name) = (format!("{:?}", node.role()), name(node, &nodes)?);
            let line = rect(&role, &name, at);
            Some(((role, name), line))
        })
        .collect()
}

fn is_control(role: Role) -> bool {
    [
        Role::Button,
        Role::CheckBox,
        Role::ComboBox,
        Role::RadioButton,
        Role::Slider,
        Role::SpinButton,
        Role::Splitter,
        Role::TextInput,
    ]
    .contains(&role)
}

/// The name of a node, or of its label.
fn name(node: &Node, nodes: &BTreeMap<NodeId, &Node>) -> Option<String> {
    let beside = || {
        let label = nodes.get(node.labelled_by().first()?)?;
        label.label().or(label.value())
    };
    node.label().or_else(beside).map(str::to_owned)
}

fn rect(role: &str, name: &str, at: Rect) -> Line {
    #[expect(clippy::cast_possible_truncation, reason = "points on a screen")]
    let [x, y, w, h] =
        [at.left(), at.top(), at.width(), at.height()].map(|length| length.round() as i64);
    Line::Rect { role: role.to_owned(), rect: name.to_owned(), x, y, w, h }
}

/// Appends a line; errors are only logged, as a full disk must not disturb the window.
fn write_line(mut file: &File, line: &Line) {
    let Ok(mut text) = serde_json::to_vec(line) else { return };
    text.push(b'\n');
    if let Err(error) = file.write_all(&text) {
        tracing::debug!("the trace could not be written: {error}");
    }
}
