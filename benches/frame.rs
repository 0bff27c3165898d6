//! What one frame of the plots costs: composing, laying out and tessellating the whole stack; and what
//! the narrator adds to it.
//! CPU time of one thread, so that other programs do not count; painting is not part of it.

#![allow(missing_docs, reason = "criterion writes the entry")]
#![allow(clippy::unwrap_used, reason = "a bench that cannot run says so at once")]

#[path = "common/cpu.rs"]
mod cpu;
#[path = "../tests/common/synthetic.rs"]
#[allow(dead_code, reason = "shared with the pictures' tests")]
mod synthetic;

use std::hint::black_box;
use std::time::Duration;

use cpu::ThreadCpu;
use criterion::{Criterion, criterion_group, criterion_main};
use eframe::egui::{CentralPanel, Context, Pos2, RawInput, Rect, vec2};
use eoscope::figure::{Options, PlottedRun, compose, narrator_sentence};
use eoscope::history::{Run, narrate};
use eoscope::paint::{PlotView, screen, theme};
use mimalloc::MiMalloc;

/// The program's own.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// One frame of a window of 1440 × 900 points; gives the number of vertices.
fn frame(ctx: &Context, run: &Run, view: &mut PlotView) -> usize {
    let shown = [PlottedRun { run, is_ghost: false, name: "now".to_owned() }];
    let options = Options { visible: view.visible(), ..Options::default() };
    let input = RawInput {
        screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(1440.0, 900.0))),
        ..RawInput::default()
    };
    let output = ctx.run_ui(input, |ui| {
        let figure = compose(&shown, &options);
        CentralPanel::default().show(ui, |ui| screen::show(ui, &figure, view));
    });
    let primitives = ctx.tessellate(output.shapes, output.pixels_per_point);
    primitives
        .iter()
        .map(|part| match &part.primitive {
            eframe::egui::epaint::Primitive::Mesh(mesh) => mesh.vertices.len(),
            eframe::egui::epaint::Primitive::Callback(_) => 0,
        })
        .sum()
}

fn frames(criterion: &mut Criterion<ThreadCpu>) {
    let mut group = criterion.benchmark_group("frame");
    group.sample_size(40).measurement_time(Duration::from_secs(4));
    // Stretches halve, so the cost steps by up to two: 800,000 steps are near the dearest length.
    for n_steps in [10_000, 800_000, 1_000_000] {
        for (name, sample) in
            [("edge", synthetic::edge as fn(u64) -> _), ("clipped", synthetic::clipped)]
        {
            let run = synthetic::run(n_steps, sample);
            let views = [("whole", None), ("tenth", Some([0.4, 0.5]))];
            for (part, range) in views {
                let steps = range.map(|ends| ends.map(|end| end * n_steps as f64));
                let mut view = PlotView::of(steps);
                let ctx = Context::default();
                theme::install(&ctx);
                for _ in 0..4 {
                    frame(&ctx, &run, &mut view);
                }
                group.bench_function(format!("{name}, {part}, {n_steps} steps"), |bencher| {
                    bencher.iter(|| black_box(frame(&ctx, &run, &mut view)));
                });
            }
        }
    }
    group.finish();
}

/// All sentences about a run, which the tooltip of the narrator's line shows.
fn narrator(criterion: &mut Criterion<ThreadCpu>) {
    let mut group = criterion.benchmark_group("narrator");
    group.sample_size(40).measurement_time(Duration::from_secs(2));
    for n_steps in [1_000, 800_000] {
        for (name, sample) in
            [("edge", synthetic::edge as fn(u64) -> _), ("clipped", synthetic::clipped)]
        {
            let run = synthetic::run(n_steps, sample);
            group.bench_function(format!("{name}, {n_steps} steps"), |bencher| {
                bencher.iter(|| {
                    let facts = narrate(black_box(&run), None);
                    facts.iter().map(|fact| narrator_sentence(&run, fact).len()).sum::<usize>()
                });
            });
        }
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(ThreadCpu);
    targets = frames, narrator
}
criterion_main!(benches);
