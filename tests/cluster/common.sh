# shellcheck shell=bash
# The study that the scripts here split, and what they hold of its runs and tables; they source this.
# Does not know how a study is split over machines.

set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
templates=$root/assets/cluster
readonly patience=600 # seconds anything may take; a loaded machine is slow, not broken
readonly n_tasks=24

say() { printf '%s: %s\n' "$(basename "$0")" "$1"; }

fail() {
    printf '%s FAILED: %s\n' "$(basename "$0")" "$1" >&2
    exit 1
}

# need COMMAND PACKAGE...: installs Debian's packages unless the command is there. A run level of 1
# keeps them from starting services of their own.
need() {
    local command=$1
    shift
    command -v "$command" >/dev/null && return
    say "installing $*"
    local as_root=()
    ((EUID == 0)) || as_root=(sudo)
    "${as_root[@]}" apt-get update -q >/dev/null
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
        apt-get install -q -y --no-install-recommends "$@" >/dev/null
}

# Makes the folder $work with the study and one plain sweep of it, and puts `eoscope` on the PATH.
prepare() {
    local program=${EOSCOPE:-$root/target/release/eoscope}
    [[ -x $program ]] || fail "there is no $program; cargo build --release, or set EOSCOPE to the program"
    work=$(mktemp -d)
    chmod 755 "$work"
    mkdir "$work/bin"
    ln -s "$(realpath "$program")" "$work/bin/eoscope"
    export PATH=$work/bin:$PATH
    unset EOSCOPE
    cp "$here/study.toml" "$work"
    (cd "$work" && eoscope sweep study.toml --out plain) >/dev/null 2>"$work/plain.err" ||
        fail "the plain sweep: $(cat "$work/plain.err")"
    (($(n_ended "$work/plain") == n_tasks)) || fail "the plain sweep ended without all its runs"
}

# until_true WHAT COMMAND...: waits until the command succeeds.
until_true() {
    local what=$1 begun=$SECONDS
    shift
    until "$@"; do
        ((SECONDS - begun < patience)) || fail "waited $patience s in vain until $what"
        sleep 0.1
    done
    say "$what"
}

# Summaries of the runs of a study's folder that ended, whatever came of them.
ended() { grep -lE '"status": "(finished|diverged|failed)"' "$1"/runs/*/summary.json 2>/dev/null || true; }

n_ended() { ended "$1" | wc -l; }

has_ended() { (($(n_ended "$1") >= $2)); }

# What shows that an ended run was left alone: its files, with their sizes and times.
traces() {
    local summary
    ended "$1" | while read -r summary; do
        find "$(dirname "$summary")" -type f -printf '%p %i %s %T@\n'
    done | sort
}

# interrupted DIR: an interruption came in time, and no run was left as if it were going on.
interrupted() {
    local n
    n=$(n_ended "$1")
    ((n > 0 && n < n_tasks)) || fail "the interruption came when $n of $n_tasks runs had ended"
    say "interrupted with $n of $n_tasks runs done"
}

# none_running DIR: no run says that it goes on.
none_running() {
    ! grep -l '"status": "running"' "$1"/runs/*/summary.json || fail "these runs say that they go on"
}

# missing_told DIR COMMAND...: merging too early says how many tasks are missing, and ends with 3.
missing_told() {
    local dir=$1 told n_missing
    shift
    n_missing=$((n_tasks - $(n_ended "$dir")))
    local status=0
    told=$("$@" 2>&1) || status=$?
    ((status == 3)) || fail "merged with status $status and $n_missing tasks missing: $told"
    [[ $told == *"$n_missing of $n_tasks tasks are missing"* ]] || fail "$n_missing tasks are missing; told: $told"
    say "merging too early: $told"
}

# kept_runs BEFORE DIR: every run whose traces were taken is as it was.
kept_runs() {
    local lost
    lost=$(comm -23 <(echo "$1") <(traces "$2"))
    [[ -z $lost ]] || fail "runs that were done were run again: $lost"
    say "runs that were done were left alone"
}

# same_table TABLE: the table of the plain sweep, but for the wall times, which are its last column.
same_table() {
    [[ $(head -n 1 "$1") == *,wall_secs ]] || fail "the last column of $1 is not wall_secs"
    diff <(sed 's/,[^,]*$//' "$work/plain/results.csv") <(sed 's/,[^,]*$//' "$1") ||
        fail "$1 differs from the table of one plain sweep"
    say "all $n_tasks rows as in the table of one plain sweep"
}
