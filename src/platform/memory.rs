//! The memory available to the program: the machine's, or less under a limit.

use std::fmt;
use std::sync::OnceLock;

use sysinfo::{MemoryRefreshKind, System};

/// An upper bound on the program's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// The bound in bytes.
    pub bytes: u64,
    /// The source of the bound.
    pub bound: Bound,
}

/// The source of a bound on memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The physical memory of the machine.
    Machine,
    /// The limit of the control group of a container or job.
    Group,
    /// The shell's limit on address space.
    Addresses,
}

impl fmt::Display for Bound {
    /// The start of a sentence, to be followed by a size.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Machine => "this machine has",
            Self::Group => "the control group of this container or job allows",
            Self::Addresses => "`ulimit -v` allows",
        })
    }
}

/// The smallest bound, determined once; `None` if the system reports none.
#[must_use]
pub fn memory() -> Option<Memory> {
    static MEMORY: OnceLock<Option<Memory>> = OnceLock::new();
    *MEMORY.get_or_init(|| {
        let bounds = [
            (Bound::Machine, built_in()),
            (Bound::Group, system::group()),
            (Bound::Addresses, system::addresses()),
        ];
        let known = bounds.into_iter().filter_map(|(bound, bytes)| Some((bytes?, bound)));
        known.min_by_key(|(bytes, _)| *bytes).map(|(bytes, bound)| Memory { bytes, bound })
    })
}

fn built_in() -> Option<u64> {
    let mut system = System::new().ok()?;
    system.refresh_memory_specifics(MemoryRefreshKind::nothing().with_ram());
    Some(system.total_memory()).filter(|bytes| *bytes > 0)
}

#[cfg(unix)]
mod system {
    use std::path::{Path, PathBuf};
    use std::{fs, mem};

    /// Where control groups are mounted.
    const GROUPS: &str = "/sys/fs/cgroup";

    /// The smallest limit of the process's control group and the groups that contain it; only Linux
    /// has any.
    pub(super) fn group() -> Option<u64> {
        let own = fs::read_to_string("/proc/self/cgroup").ok()?;
        least(&own, Path::new(GROUPS))
    }

    /// As [`group`], from the contents of `/proc/self/cgroup` and the mount point.
    pub(super) fn least(own: &str, mounted: &Path) -> Option<u64> {
        let limits = own.lines().filter_map(|line| {
            let mut parts = line.splitn(3, ':').skip(1);
            let (controllers, path) = (parts.next()?, parts.next()?);
            let (root, file) = if controllers.is_empty() {
                (mounted.to_owned(), "memory.max")
            } else if controllers.split(',').any(|controller| controller == "memory") {
                (mounted.join("memory"), "memory.limit_in_bytes")
            } else {
                return None;
            };
            let inner = root.join(path.trim_start_matches('/'));
            let groups = inner.ancestors().take_while(|group| group.starts_with(&root));
            groups.filter_map(|group| limit(group.join(file))).min()
        });
        // Version 1 of control groups reports a huge number for no limit.
        limits.filter(|bytes| *bytes < 1 << 60).min()
    }

    fn limit(file: PathBuf) -> Option<u64> {
        fs::read_to_string(file).ok()?.trim().parse().ok()
    }

    #[expect(unsafe_code, reason = "std has no safe way to read limits")]
    pub(super) fn addresses() -> Option<u64> {
        // SAFETY: the call fills a plain struct, for which zeros are valid.
        let (status, limit) = unsafe {
            let mut limit: libc::rlimit = mem::zeroed();
            (libc::getrlimit(libc::RLIMIT_AS, &raw mut limit), limit)
        };
        (status == 0 && limit.rlim_cur != libc::RLIM_INFINITY).then_some(limit.rlim_cur)
    }
}

#[cfg(not(unix))]
mod system {
    pub(super) fn group() -> Option<u64> {
        None
    }

    pub(super) fn addresses() -> Option<u64> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_memory() {
        let memory = memory().unwrap();
        assert!(memory.bytes > 1 << 26 && memory.bytes < 1 << 50, "{memory:?}");
    }

    #[cfg(unix)]
    #[test]
    fn the_least_limit_of_the_groups_around_a_process_counts() {
        let mounted = tempfile::tempdir().unwrap();
        let set = |path: &str, limit: &str| {
            let file = mounted.path().join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, limit).unwrap();
        };
        set("job/memory.max", "4000000000\n");
        set("job/step/memory.max", "max\n");
        set("other/memory.max", "1000\n");
        let least = |own: &str| system::least(own, mounted.path());
        assert_eq!(least("0::/job/step\n"), Some(4_000_000_000));
        assert_eq!(least("0::/\n"), None);
        assert_eq!(least("0::/gone\n"), None);
        // Version 1, with a hierarchy for each controller.
        set("memory/job/memory.limit_in_bytes", "3000000000\n");
        set("memory/memory.limit_in_bytes", "9223372036854771712\n");
        assert_eq!(least("3:cpu,cpuacct:/job\n2:memory:/job\n"), Some(3_000_000_000));
        assert_eq!(least("2:memory:/else\n"), None);
    }
}
