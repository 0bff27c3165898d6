//! eoscope, the edge-of-stability scope: shows live how the curvature of the loss decides whether
//! training is stable.
//!
//! It demonstrates the thesis of *A Loss Curvature Perspective on Training Instability in Deep
//! Learning* (Gilmer et al., arXiv 2110.04369): successful choices of learning rate, warmup,
//! clipping and initialization either avoid high curvature early on or navigate out of it.
//!
//! # How data flows
//!
//! ```text
//!            Command { run, .. } (bounded)
//!   ui ───────────────────────────────▶ workers ─▶ runner ─▶ train ─▶ net, optim, curvature
//!   ▲                                      │
//!   │ &Run, read only                      │ Event { run, .. } (bounded, batched) + wake
//!   └────── history::Run ◀── apply ◀───────┘
//!                ├─▶ figure ─▶ paint ─▶ screen, PNG, SVG
//!                └─▶ export (CSV), store (run folders)
//!
//!   cli ─▶ study ─▶ runner, one run and thread per task ─▶ history, store ─▶ one table
//!    └───▶ report ─▶ figure, paint ─▶ figures, tables and one page
//! ```
//!
//! # Rooms, in reading order
//!
//! | room | duty |
//! |---|---|
//! | [`random`] | random draws as functions of (seed, purpose, index) |
//! | [`data`] | tasks: embedded data sets, generators and files of the user, with their scaling |
//! | [`config`] | a run's configuration: settings, their ranges and TOML form, presets |
//! | [`sample`] | what is measured at one iterate |
//! | [`quantity`] | the quantities of a record: names, labels, reading and writing |
//! | [`net`] | ops with four passes, networks as programs over ops, losses, Hessian-vector products |
//! | [`init`] | initial weights, and their tuning before step 0 |
//! | [`optim`] | update rules with their stability limits, schedules, clipping |
//! | [`curvature`] | eigensolvers on operators, and the probe that tracks a run's Hessian |
//! | [`cost`] | estimates of a run's memory and time, from shapes alone |
//! | [`train`] | the trainer: measure, then move; snapshot and restore |
//! | [`protocol`] | the messages between threads |
//! | [`runner`] | a run as a sequence of events, headless |
//! | [`workers`] | the threads: one per run, and parallel jobs |
//! | [`history`] | a run as known so far, built from events alone |
//! | [`export`] | a run as CSV, and what exported files carry to repeat their runs |
//! | [`store`] | run folders, study folders, the user's presets, and other files that a run starts from |
//! | [`study`] | a configuration varied along axes, split over machines, and its table of results |
//! | [`figure`] | the content of pictures of runs and, in [`figure::chart`], of studies; free of egui |
//! | [`paint`] | drawing of figures and charts: on screen, to PNG and SVG |
//! | [`report`] | the report of a study: figures, tables, a claim in words and one page |
//! | [`ui`] | the window: reads history, returns commands, never computes |
//! | [`cli`] | the command line |
//! | [`platform`] | everything that differs between systems: clock, threads, files, dialogs, window, signals, memory |
//! | [`text`] | formatting of numbers and names |
//!
//! Dependencies point one way: `tests/layering` enforces it between rooms, `tests/circles.rs`
//! between files. Solvers know no network; the trainer knows no thread, channel, clock or file; the
//! window does not know the trainer; and only [`history::Run::apply`] changes a history.
//!
//! # Tasks and update rules
//!
//! A task is one file in `data/builtin`, with its description and its examples, and one row in the
//! table of tasks there. It needs only sizes and a seed of a run, so [`data`] is below [`config`],
//! which checks a run against the description of its task; only the trainer and studies load examples.
//! A file of the user is a task as well; each format is one file in `data/loaders`.
//!
//! An update rule is one file in `optim/rules`, with its update, state and stability limit, and one row
//! in `config/choices/rules.rs`, with its word and traits. The file reads the live settings, so it is
//! above [`config`]; the row is in [`config`], which needs it too. The module list of `optim/rules`, the
//! type of rules and their dispatch follow from the rows.
//!
//! # Tables and sentences
//!
//! A quantity is a field of [`sample::Sample`], its measurement in [`train`], and one declaration in
//! [`quantity`], which is enough for a plot of it. If it is drawn among others, it also has a row in
//! `figure/compose/plotted.rs`, with the whole of how it is drawn; [`paint`] knows no quantity. A setting is one declaration in
//! [`config::settings`], besides the code that reads it, and a column of a study is one row of
//! [`study::COLUMNS`]. `CONTRIBUTING.md` lists the files to touch for each addition.
//!
//! Each declaration includes the sentence that explains it. Other sentences are also next to what they
//! describe: an error message in the room's error type, a tooltip at its button. In a file of all
//! sentences, each would be apart from the code that changes with it. Every sentence occurs once;
//! `tests/layering` refuses a second copy.
//!
//! # Conventions
//!
//! - `mse` is ½·Σ over outputs of (f − y)², mean over examples, with targets 0/1 (arXiv
//!   2103.00065); `cross-entropy` is the mean over examples. The other common `mse`, a mean over
//!   all elements, divides every eigenvalue by the number of outputs.
//! - Sharpness is λ₁, the largest *algebraic* eigenvalue of the Hessian of the training loss.
//! - Loss, gradient and curvature of a sample are measured at `w_t`, before the update; its learning
//!   rate is that of the update that follows.
//! - A value that was not measured is absent, never 0, −1 or NaN.
//! - A run has diverged when its loss or its gradient is not finite, or its loss above 1e3 × L(w₀):
//!   a result, not an error.

pub mod cli;
pub mod config;
pub mod cost;
pub mod curvature;
pub mod data;
pub mod export;
pub mod figure;
pub mod history;
pub mod init;
pub mod net;
pub mod optim;
pub mod paint;
pub mod platform;
pub mod protocol;
pub mod quantity;
pub mod random;
pub mod report;
pub mod runner;
pub mod sample;
pub mod store;
pub mod study;
pub mod text;
pub mod train;
pub mod ui;
pub mod workers;
