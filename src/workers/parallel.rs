//! Runs independent jobs in parallel on a fixed number of threads.

use std::io;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};

use crossbeam_channel::bounded;

use crate::platform::threads;

/// Calls `work` on every item, on `n_threads` threads and in order of the items as threads become
/// free. Each result goes to `take` on the calling thread; after a `Break` no further item is
/// started, and results of running ones still arrive.
///
/// # Errors
/// A thread cannot be started.
pub fn run_parallel<I: Sync, R: Send>(
    n_threads: usize,
    items: &[I],
    work: impl Fn(&I) -> R + Sync,
    mut take: impl FnMut(R) -> ControlFlow<()>,
) -> io::Result<()> {
    let next = AtomicUsize::new(0);
    let (sender, receiver) = bounded(1);
    threads::scope(|scope| {
        for i in 0..n_threads.min(items.len()) {
            let (sender, next, work) = (sender.clone(), &next, &work);
            let work_on = move || {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if sender.send(work(item)).is_err() {
                        return;
                    }
                }
            };
            let name = format!("eoscope-job-{i}");
            if let Err(error) = threads::spawn_scoped(scope, name, work_on) {
                next.store(items.len(), Ordering::Relaxed);
                drop(receiver);
                return Err(error);
            }
        }
        drop(sender);
        for result in receiver {
            if take(result).is_break() {
                next.store(items.len(), Ordering::Relaxed);
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_processed_once_for_any_number_of_threads() {
        let items: Vec<u64> = (0..50).collect();
        for n_threads in [1, 3, 80] {
            let mut found = Vec::new();
            run_parallel(
                n_threads,
                &items,
                |x| x * x,
                |y| {
                    found.push(y);
                    ControlFlow::Continue(())
                },
            )
            .unwrap();
            found.sort_unstable();
            assert!(found.iter().copied().eq(items.iter().map(|x| x * x)));
        }
    }

    #[test]
    fn after_a_break_no_further_item_is_started() {
        let items: Vec<u64> = (0..1000).collect();
        let mut n = 0;
        run_parallel(
            2,
            &items,
            |x| *x,
            |_| {
                n += 1;
                ControlFlow::Break(())
            },
        )
        .unwrap();
        assert!(n < 1000, "{n}");
    }
}
