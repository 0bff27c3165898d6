//! The HTML page of a report: verdict, figures, summary tables, outcomes and the study's TOML.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::Report;
use crate::figure::chart::{CellKind, Table as SummaryTable};
use crate::protocol::EndKind;
use crate::study::{COLUMNS, Row, RowStatus, Study, Table};
use crate::text::plural;

const STYLE: &str = "\
body { font: 16px/1.5 system-ui, sans-serif; color: #101418; background: #fff; margin: 2rem auto; \
  max-width: 76rem; padding: 0 1rem }
h1 { margin-bottom: 0 } h2 { margin-top: 2.5rem }
.sees { font-size: 1.15rem; color: #3a4450 }
.claim { border-left: .3rem solid #0072b2; padding: .2rem 1rem; background: #f3f7fa }
figure { margin: 1.5rem 0 } figure img { width: 100%; height: auto }
.wide { overflow-x: auto }
table { border-collapse: collapse; margin: 1rem 0 }
caption { text-align: left; font-weight: 600; padding-bottom: .4rem }
th, td { border-bottom: 1px solid #d5dae0; padding: .25rem .8rem .25rem 0; text-align: left; \
  vertical-align: top }
th { border-bottom-color: #565f6b } td.number { text-align: right; font-variant-numeric: tabular-nums }
pre { background: #f5f6f8; padding: 1rem; overflow-x: auto; font-size: .85rem }
";

/// Renders the page; `drawn` are the figures as SVG, in order.
pub(super) fn page(report: &Report, study: &Study, table: &Table, drawn: &[String]) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (study.name) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (study.name) }
                p.sees { (study.sees) }
                @if !report.claim.is_empty() {
                    div.claim { @for sentence in &report.claim { p { (sentence) } } }
                }
                @for ((name, sheet), svg) in report.figures.iter().zip(drawn) {
                    figure { img alt=(sheet.title.as_deref().unwrap_or(name)) src=(inline(svg)); }
                }
                @for (spec, lines) in &report.tables { (small_table(&spec.title, lines)) }
                (runs(table))
                (configuration(study))
            }
        }
    };
    page.into_string()
}

/// An SVG as a data URL; a separate image, so ids of several figures cannot clash.
fn inline(svg: &str) -> String {
    format!("data:image/svg+xml;base64,{}", BASE64_STANDARD.encode(svg))
}

fn small_table(title: &str, lines: &SummaryTable) -> Markup {
    html! {
        div.wide {
            table {
                @if !title.is_empty() { caption { (title) } }
                thead { tr { @for header in lines.headers() { th { (header) } } } }
                tbody {
                    @for row in lines.displayed() {
                        tr {
                            @for cell in row {
                                @match cell.kind {
                                    CellKind::Words => td { (cell.text) },
                                    CellKind::Number => td.number { (cell.text) },
                                    CellKind::Best => td.number { strong { (cell.text) } },
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Outcomes of the runs, and the reasons of those that failed or were refused.
fn runs(table: &Table) -> Markup {
    let counts: Vec<_> = RowStatus::ALL
        .into_iter()
        .map(|status| (table.n_with_status(status), status.word()))
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| format!("{n} {word}"))
        .collect();
    let n_trained = table.rows.iter().filter(|row| row.is_trained()).count();
    let minutes = table.rows.iter().filter_map(|row| row.wall_secs).sum::<f64>() / 60.0;
    let is_odd =
        |row: &&Row| matches!(row.status, RowStatus::Ended(EndKind::FAILED) | RowStatus::Refused);
    let odd: Vec<&Row> = table.rows.iter().filter(is_odd).collect();
    html! {
        h2 { "The runs" }
        p {
            (plural(table.rows.len() as u64, "run")) ": " (counts.join(", ")) "; " (n_trained)
            " trained: they took all steps and ended below half of the loss of all-zero outputs. All \
                         runs took " (format!("{minutes:.1}")) " minutes of one thread. All are in "
            code { "results.csv" } "."
        }
        @if !odd.is_empty() {
            ul {
                @for row in odd {
                    li { "Run " (row.task) " (" (row.point.join(", ")) ") " (row.status.word()) ": " (row.reason) }
                }
            }
        }
        details {
            summary { "Columns of the table" }
            dl { @for column in COLUMNS { dt { code { (column.name) } } dd { (column.tooltip) } } }
        }
    }
}

fn configuration(study: &Study) -> Markup {
    html! {
        h2 { "What was run" }
        p {
            "eoscope " (env!("CARGO_PKG_VERSION")) ". Saved as " code { "study.toml" } ", this runs it \
             again: " code { "eoscope study study.toml" } ". "
            code { "mse" } " is ½·Σ over outputs of (f − y)², mean over examples. λ₁ is the largest \
             eigenvalue of the Hessian of the training loss."
        }
        pre { (study.to_toml()) }
    }
}
