#!/usr/bin/env bash
# Holds assets/cluster/kubernetes.yaml against the schema of Kubernetes, and runs its container as the
# pods of the Job do: all indices at once, one evicted on the way and begun again, to the table of one
# plain sweep. There is no cluster in it.
#
#   cargo build --release && tests/cluster/kubernetes.sh
#
# The schemas come from kubernetes-validate of PyPI, into a temporary folder. EOSCOPE names another
# program.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

declare -A pods=()
finish() {
    local status=$? pod
    if ((status)) && [[ -d ${work:-} ]]; then tail -n 5 "$work"/pod-*.log >&2 || true; fi
    for pod in "${pods[@]}"; do kill -TERM -- "-$pod" 2>/dev/null || true; done
    [[ -z ${work:-} ]] || rm -rf "$work"
}
trap finish EXIT

# start INDEX: the container of a pod, in a group of its own.
start() {
    set -m
    "$work/venv/bin/python" "$here/kubernetes.py" "$templates/kubernetes.yaml" pod "$1" "$work/volume" \
        >"$work/pod-$1.log" 2>&1 &
    pods[$1]=$!
    set +m
}

# ended_well INDEX: waits for a pod.
ended_well() {
    wait "${pods[$1]}" || fail "pod $1 ended with $?"
    unset "pods[$1]"
}

is_gone() { ! pgrep -g "$1" >/dev/null; }

prepare
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check kubernetes-validate==1.37.0
"$work/venv/bin/python" "$here/kubernetes.py" "$templates/kubernetes.yaml" check ||
    fail 'the template is not what Kubernetes takes'
say 'the schemas take the template'

mkdir "$work/volume"
cp "$work/study.toml" "$work/volume"
out=$work/volume/out
for index in 0 1 2 3; do start "$index"; done
until_true 'a quarter is done' has_ended "$out" 6

# An eviction: the process that the pod began with, and no other, is told to end.
evicted=${pods[1]}
kill -TERM "$evicted"
until_true 'the evicted pod is gone' is_gone "$evicted"
if wait "$evicted"; then fail 'the evicted pod ended well: its index would count as done'; fi
interrupted "$out"
# Its node lost: no word before the end.
kill -KILL -- "-${pods[2]}"
wait "${pods[2]}" 2>/dev/null || true
before=$(traces "$out")

start 1
ended_well 0
ended_well 3
ended_well 1
grep -q 'tasks are missing' "$work"/pod-[013].log || fail 'nobody said that tasks are missing'
start 2
ended_well 2
kept_runs "$before" "$out"
# The last pod merged.
same_table "$out/results.csv"
say 'all is well'
