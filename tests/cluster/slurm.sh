#!/usr/bin/env bash
# Holds assets/cluster/slurm.sh to what its first lines say, under a real Slurm of one node: submitted
# as shipped, cancelled half-way twice, submitted again and merged, it gives the table of one plain sweep.
#
#   cargo build --release && tests/cluster/slurm.sh
#
# Debian's slurm-wlm and munge are installed where they are missing. Their daemons run in a temporary
# folder, as whoever calls this, on ports of their own, and are gone at the end. EOSCOPE names another
# program, EOSCOPE_PORT the first of two free ports.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
PATH=$PATH:/usr/sbin

readonly port=${EOSCOPE_PORT:-27817}
daemons=()
finish() {
    local status=$?
    if ((status)) && [[ -d ${work:-} ]]; then tail -n 5 "$work"/*.log "$work"/slurm-*.out >&2 || true; fi
    # The last to start ends first; the node needs its key until then.
    for ((i = ${#daemons[@]} - 1; i >= 0; i--)); do
        kill "${daemons[i]}" 2>/dev/null && wait "${daemons[i]}" || true
    done
    [[ -z ${work:-} ]] || rm -rf "$work"
}
trap finish EXIT

# daemon COMMAND...: starts it beside the script, with a log of its own.
daemon() {
    "$@" >"$work/$1.log" 2>&1 &
    daemons+=($!)
}

# Three parts of two processors fit on the node, so that one of the four waits.
configure() {
    cat <<CONF
ClusterName=eoscope
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$work/munge.socket
CredType=cred/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
MinJobAge=86400
SlurmdParameters=config_overrides
NodeName=$(hostname -s) NodeAddr=127.0.0.1 CPUs=6 RealMemory=16384 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
}

is_up() { [[ $(sinfo --noheader --format=%t 2>/dev/null) == idle ]]; }

# state JOB WORD: how many parts of the array are in this state.
state() { scontrol --oneliner show job "$1" | grep -c "JobState=$2 " || true; }

is_over() { ! squeue --noheader --jobs "$1" 2>/dev/null | grep -q .; }

need munged munge
need slurmctld slurm-wlm
prepare
mkdir "$work/state" "$work/spool"
dd if=/dev/urandom of="$work/munge.key" bs=1024 count=1 2>/dev/null
chmod 600 "$work/munge.key"
daemon munged --foreground --force --key-file="$work/munge.key" --socket="$work/munge.socket" \
    --pid-file="$work/munged.pid" --log-file="$work/munge.log" --seed-file="$work/munge.seed"
until_true 'munge answers' test -S "$work/munge.socket"
configure >"$work/slurm.conf"
export SLURM_CONF=$work/slurm.conf
daemon slurmctld -D
daemon slurmd -D -N "$(hostname -s)"
until_true 'the node is idle' is_up

# Steps 1 to 3 of the template, unchanged: `eoscope` is on the PATH and the study in this folder.
cp "$templates/slurm.sh" "$work"
cd "$work"
first=$(sbatch --parsable slurm.sh)
until_true 'a quarter is done' has_ended out 6
(($(state "$first" RUNNING) == 3)) || fail "three parts were to run: $(squeue)"
scancel "$first"
until_true 'cancelled' is_over "$first"
(($(state "$first" CANCELLED) == 4)) || fail "not all parts were cancelled: $(scontrol -o show job "$first")"
interrupted out
none_running out
missing_told out bash slurm.sh merge
before=$(traces out)

# Cancelled again, and this time submitted at once.
second=$(sbatch --parsable slurm.sh)
until_true 'half is done' has_ended out 12
scancel "$second"
third=$(sbatch --parsable slurm.sh)
until_true 'the parts that were submitted last are over' is_over "$third"
(($(state "$third" COMPLETED) == 4)) || fail "not all parts completed: $(scontrol -o show job "$third")"
for part in 1 2 3 4; do
    [[ -s out/results-$part-of-4.csv ]] || fail "part $part left no table"
done
kept_runs "$before" out
bash slurm.sh merge
same_table out/results.csv
say 'all is well'
