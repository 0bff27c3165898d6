//! Runs independent pieces of work on a fixed number of threads, a wave at a time.
//! Does not know what the work is.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use candle_core::Error;
use rayon::ThreadPool;

use crate::net::halt::Halt;

/// Multiply-adds of a pass below which other threads cost more than they save. Measured with two on
/// two cores, 8,000 steps: 520 examples on 240 weights took .7 to 1.2 s with one thread and 1.1 to
/// 1.5 with two, 1,000 on 240 the same 1.8; 4,000 steps of 1,000 on 1,984 took 2.4 to 2.5 and 1.9.
const SHARED_WORK: usize = 1 << 18;

/// Whether to give up, asked within a piece of work: by the thread that was asked for it of whoever
/// wants to know, by the others of what that one heard.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    is_interrupted: Option<&'a dyn Fn() -> bool>,
    is_given_up: &'a AtomicBool,
}

impl Asked<'_> {
    /// Goes on unless the work is to be given up now.
    pub(super) fn go_on(self) -> Result<(), Halt> {
        if self.is_interrupted() { Err(Halt::Interrupted) } else { Ok(()) }
    }

    fn is_interrupted(self) -> bool {
        if self.is_interrupted.is_some_and(|is_interrupted| is_interrupted()) {
            self.is_given_up.store(true, Ordering::Relaxed);
        }
        self.is_given_up.load(Ordering::Relaxed)
    }
}

/// The threads that compute; none but the caller's when one is enough.
#[derive(Clone, Debug)]
pub(super) struct Threads {
    pool: Option<Arc<ThreadPool>>,
}

impl Threads {
    /// `n` threads.
    ///
    /// # Errors
    /// When they cannot be started.
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

    /// These, or none but the caller's for so few multiply-adds that others are not worth their while.
    pub(super) fn for_work(&self, n_products: usize) -> Self {
        if n_products < SHARED_WORK { Self { pool: None } } else { self.clone() }
    }

    /// Computes `f` of every item, one a thread at a time, the first of a wave on the calling thread,
    /// and gives the results to `take` in order. Asks before every wave whether to give up, and lets
    /// every item ask too.
    pub(super) fn in_waves<I: Copy + Send + Sync, R: Send>(
        &self,
        items: &[I],
        is_interrupted: &dyn Fn() -> bool,
        f: impl Fn(I, Asked<'_>) -> Result<R, Halt> + Send + Sync,
        mut take: impl FnMut(R) -> candle_core::Result<()>,
    ) -> Result<(), Halt> {
        let n_threads = self.pool.as_ref().map_or(1, |pool| pool.current_num_threads());
        let is_given_up = &AtomicBool::new(false);
        let here = Asked { is_interrupted: Some(is_interrupted), is_given_up };
        for wave in items.chunks(n_threads) {
            here.go_on()?;
            let mut found: Vec<Result<R, Halt>> =
                wave.iter().map(|_| Err(Halt::Interrupted)).collect();
            match (&self.pool, found.as_mut_slice()) {
                (Some(pool), [first, others @ ..]) if !others.is_empty() => {
                    let f = &f;
                    pool.in_place_scope(|scope| {
                        for (place, item) in others.iter_mut().zip(&wave[1..]) {
                            scope.spawn(move |_| {
                                *place = f(*item, Asked { is_interrupted: None, is_given_up });
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

    /// How many of two pieces other threads computed.
    fn n_elsewhere(threads: &Threads) -> usize {
        let here = thread::current().id();
        let mut others = 0;
        let work = |(), _: Asked<'_>| Ok(thread::current().id());
        let count = |id| {
            others += usize::from(id != here);
            Ok(())
        };
        threads.in_waves(&[(), ()], &never, work, count).unwrap();
        others
    }

    #[test]
    fn what_the_calling_thread_hears_ends_the_work_of_the_others() {
        let threads = Threads::new(2).unwrap();
        let until_told = |(): (), asked: Asked<'_>| -> Result<(), Halt> {
            loop {
                asked.go_on()?;
                thread::yield_now();
            }
        };
        let n_asked = std::cell::Cell::new(0);
        let later = || n_asked.replace(n_asked.get() + 1) > 100;
        let ended = threads.in_waves(&[(), ()], &later, until_told, |()| Ok(()));
        assert!(matches!(ended, Err(Halt::Interrupted)));
    }

    #[test]
    fn little_work_stays_on_the_thread_that_asks_for_it() {
        let threads = Threads::new(2).unwrap();
        assert_eq!(n_elsewhere(&threads.for_work(SHARED_WORK - 1)), 0);
        assert_eq!(n_elsewhere(&threads.for_work(SHARED_WORK)), 1);
        assert_eq!(n_elsewhere(&Threads::new(1).unwrap().for_work(SHARED_WORK)), 0);
    }
}
