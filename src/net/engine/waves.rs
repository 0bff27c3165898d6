//! Runs independent pieces of work on a fixed number of threads, a wave at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use candle_core::Error;
use rayon::ThreadPool;

use crate::net::halt::Halt;

/// Multiply-adds of a pass below which more threads cost more than they save. Measured with one and
/// two threads on two cores: 8,000 steps of 520 examples on 240 weights took 0.7 to 1.2 s and 1.1
/// to 1.5 s, of 1,000 examples on 240 weights 1.8 s either way; 4,000 steps of 1,000 examples on
/// 1,984 weights took 2.4 to 2.5 s and 1.9 s.
const SHARED_WORK: usize = 1 << 18;

/// Polls for interruption within a piece of work. The calling thread polls the caller's
/// `is_interrupted` and shares a positive answer with the other threads.
#[derive(Clone, Copy)]
pub(super) struct Interrupt<'a> {
    is_interrupted: Option<&'a dyn Fn() -> bool>,
    is_cancelled: &'a AtomicBool,
}

impl Interrupt<'_> {
    /// Fails with [`Halt::Interrupted`] if the work is interrupted.
    pub(super) fn check(self) -> Result<(), Halt> {
        if self.is_interrupted() { Err(Halt::Interrupted) } else { Ok(()) }
    }

    fn is_interrupted(self) -> bool {
        if self.is_interrupted.is_some_and(|is_interrupted| is_interrupted()) {
            self.is_cancelled.store(true, Ordering::Relaxed);
        }
        self.is_cancelled.load(Ordering::Relaxed)
    }
}

/// A pool of compute threads; `None` computes on the calling thread.
#[derive(Clone, Debug)]
pub(super) struct Threads {
    pool: Option<Arc<ThreadPool>>,
}

impl Threads {
    /// Starts `n` threads; none if `n` is 1.
    ///
    /// # Errors
    /// The threads cannot be started.
    pub(super) fn new(n: usize) -> candle_core::Result<Self> {
        let start = || {
            rayon::ThreadPoolBuilder::new()
                .num_threads(n)
                .thread_name(|i| format!("eoscope-compute-{i}"))
                .build()
                .map(Arc::new)
        };
        Ok(Self { pool: (n > 1).then(start).transpose().map_err(Error::wrap)? })
    }

    /// The threads for a pass of `n_products` multiply-adds: the calling thread only if they are
    /// few.
    pub(super) fn for_work(&self, n_products: usize) -> Self {
        if n_products < SHARED_WORK { Self { pool: None } } else { self.clone() }
    }

    /// Computes `f` for every item and passes the results to `take` in order. A wave of items runs
    /// in parallel, one per thread, the first on the calling thread. Polls for interruption before
    /// every wave; `f` may poll too.
    pub(super) fn in_waves<I: Copy + Send + Sync, R: Send>(
        &self,
        items: &[I],
        is_interrupted: &dyn Fn() -> bool,
        f: impl Fn(I, Interrupt<'_>) -> Result<R, Halt> + Send + Sync,
        mut take: impl FnMut(R) -> candle_core::Result<()>,
    ) -> Result<(), Halt> {
        let n_threads = self.pool.as_ref().map_or(1, |pool| pool.current_num_threads());
        let is_cancelled = &AtomicBool::new(false);
        let here = Interrupt { is_interrupted: Some(is_interrupted), is_cancelled };
        for wave in items.chunks(n_threads) {
            here.check()?;
            let mut found: Vec<Result<R, Halt>> =
                wave.iter().map(|_| Err(Halt::Interrupted)).collect();
            match (&self.pool, found.as_mut_slice()) {
                (Some(pool), [first, others @ ..]) if !others.is_empty() => {
                    let f = &f;
                    pool.in_place_scope(|scope| {
                        for (place, item) in others.iter_mut().zip(&wave[1..]) {
                            scope.spawn(move |_| {
                                *place = f(*item, Interrupt { is_interrupted: None, is_cancelled });
                            });
                        }
                        *first = f(wave[0], here);
                    });
                }
                (_, found) => {
                    for (place, item) in found.iter_mut().zip(wave) {
                        *place = f(*item, here);
                    }
                }
            }
            for result in found {
                take(result?)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;
    use crate::net::halt::never;

    /// How many of two items ran on other threads.
    fn n_elsewhere(threads: &Threads) -> usize {
        let here = thread::current().id();
        let mut others = 0;
        let work = |(), _: Interrupt<'_>| Ok(thread::current().id());
        let count = |id| {
            others += usize::from(id != here);
            Ok(())
        };
        threads.in_waves(&[(), ()], &never, work, count).unwrap();
        others
    }

    #[test]
    fn an_interruption_of_the_calling_thread_ends_the_work_of_the_others() {
        let threads = Threads::new(2).unwrap();
        let until_interrupted = |(): (), interrupt: Interrupt<'_>| -> Result<(), Halt> {
            loop {
                interrupt.check()?;
                thread::yield_now();
            }
        };
        let n_asked = std::cell::Cell::new(0);
        let later = || n_asked.replace(n_asked.get() + 1) > 100;
        let ended = threads.in_waves(&[(), ()], &later, until_interrupted, |()| Ok(()));
        assert!(matches!(ended, Err(Halt::Interrupted)));
    }

    #[test]
    fn little_work_stays_on_the_calling_thread() {
        let threads = Threads::new(2).unwrap();
        assert_eq!(n_elsewhere(&threads.for_work(SHARED_WORK - 1)), 0);
        assert_eq!(n_elsewhere(&threads.for_work(SHARED_WORK)), 1);
        assert_eq!(n_elsewhere(&Threads::new(1).unwrap().for_work(SHARED_WORK)), 0);
    }
}
