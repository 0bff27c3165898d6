//! eoscope, the edge-of-stability scope: watch the curvature of the loss decide whether training
//! is stable, live.
//!
//! It implements the system of *A Loss Curvature Perspective on Training Instability in Deep
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
//!   cli ─▶ study ─▶ runner, a run a task and a thread ─▶ history, store ─▶ one table
//!    └───▶ report ─▶ figure, paint ─▶ figures, tables and one page of it
//! ```
//!
//! # Rooms, in reading order
//!
//! | room | duty |
//! |---|---|
//! | [`random`] | draws as functions of (seed, purpose, index) |
//! | [`data`] | tasks: embedded sets and generators, each with its scaling |
//! | [`config`] | what a run is: settings, their TOML and ranges, presets |
//! | [`sample`] | what is measured at one iterate |
//! | [`quantity`] | the numbers of a record: names, words, reading and writing |
//! | [`net`] | ops with four passes, networks as programs over ops, losses, Hessian-vector products
//! |
//! | [`init`] | initial weights, and what adjusts them before step 0 |
//! | [`optim`] | update rules with their stability limits, schedules, clipping |
//! | [`curvature`] | eigensolvers on operators, and the probe that follows a run's Hessian |
//! | [`cost`] | what a run takes of memory and time, from shapes alone |
//! | [`train`] | the trainer: measure, then move; snapshot and restore |
//! | [`protocol`] | everything that crosses a thread |
//! | [`runner`] | a run as a sequence of events, headless |
//! | [`workers`] | the threads: one for each run, and jobs side by side |
//! | [`history`] | a run as known so far, built from events alone |
//! | [`export`] | a run as CSV |
//! | [`store`] | run folders, studies' folders and a person's presets on disk |
//! | [`study`] | a configuration varied along axes, split over machines, and its table |
//! | [`figure`] | what a picture shows, of runs and, in [`figure::chart`], of studies; free of egui
//! |
//! | [`paint`] | how figures and charts are drawn: on screen, to PNG and SVG |
//! | [`report`] | a study's table as figures, tables, a claim in words and one page |
//! | [`ui`] | the window: reads history, returns commands, never computes |
//! | [`cli`] | the command line |
//! | [`platform`] | what differs between systems: clock, threads, files, dialogs, the window, signals, memory |
//! | [`text`] | forms of numbers and names shared by all |
//!
//! Dependencies point one way: `tests/layering.rs` holds the rule for rooms, `tests/circles.rs` for
//! files. Solvers never see a network,
//! the trainer never sees a thread, channel, clock or file, the window never sees the trainer, and
//! only [`history::Run::apply`] changes a history.
//!
//! # Tasks and update rules
//!
//! A task is one file in `data/builtin`: what is to be known of it, and its examples. It asks nothing
//! of a run but sizes and a seed, so [`data`] stands below [`config`], which checks a run against its
//! task; only the trainer and studies load examples.
//!
//! An update rule is one file in `optim/rules`: update, state and stability limit. It reads the live
//! settings, so it stands above [`config`], which needs its word and its traits all the same: these
//! are its row in `config/choices/rules.rs`. The module list of `optim/rules`, the type of rules and
//! their dispatch follow from the rows.
//!
//! # Tables and sentences
//!
//! A quantity is one declaration in [`quantity`], and where it is drawn one row in `figure`; a
//! setting is one row of [`config::settings`], a column of a study one of [`study::COLUMNS`]: each
//! with the sentence that explains it. All other
//! sentences, too, stand beside what they speak of: what was wrong in the room's error type, what a
//! button does at the button. A file of all sentences would part each from the row, error or button
//! that changes with it. Every sentence stands once; `tests/layering.rs` refuses a second copy.
//!
//! # Conventions
//!
//! - `mse` is ½·Σ over outputs of (f − y)², mean over examples, with targets 0/1 (arXiv
//!   2103.00065); `cross-entropy` is the mean over examples. Another convention of `mse` (mean over
//!   all elements) divides every eigenvalue by the number of outputs.
//! - Sharpness is λ₁, the largest *algebraic* eigenvalue of the Hessian of the training loss.
//! - Loss, gradient and curvature of a sample are all taken at `w_t`, before the update; its
//!   learning rate is that of the update that follows.
//! - Not measured is absent, never 0, −1 or NaN.
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
