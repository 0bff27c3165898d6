#!/usr/bin/env bash
# Holds assets/cluster/parallel.sh to what its first lines say, with a real GNU parallel: as shipped,
# with one part killed and the whole interrupted on the way, and with two machines reached by ssh.
#
#   cargo build --release && tests/cluster/parallel.sh
#
# Debian's parallel and openssh-server are installed where they are missing. Both machines are this
# one, under an sshd on a port of its own, which is gone at the end. EOSCOPE names another program,
# EOSCOPE_PORT a free port.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

readonly port=${EOSCOPE_PORT:-27822}
sshd=
finish() {
    local status=$?
    if ((status)) && [[ -d ${work:-} ]]; then tail -n 5 "$work"/*.log >&2 || true; fi
    [[ -z $sshd ]] || kill "$sshd" || true
    [[ -z ${work:-} ]] || rm -rf "$work"
}
trap finish EXIT

# start: the template, in a group of its own and with all signals as a terminal leaves them.
start() {
    set -m
    bash parallel.sh >"$work/parallel.log" 2>&1 &
    started=$!
    set +m
}

# fresh FOLDER: a folder with the template as shipped and the study, to work in.
fresh() {
    mkdir "$work/$1"
    cd "$work/$1"
    cp "$templates/parallel.sh" "$work/study.toml" .
}

# The programs that sweep into this folder, without the shells around them.
sweeping() { pgrep -f -- "^eoscope sweep .* --out $PWD/out" || true; }

none_sweeping() { [[ -z $(sweeping) ]]; }

again() {
    local before
    before=$(traces out)
    bash parallel.sh >"$work/parallel.log" 2>&1
    kept_runs "$before" out
    same_table out/results.csv
}

need parallel parallel
need /usr/sbin/sshd openssh-server
prepare

say '-- one part is killed, in a folder whose name has a space'
fresh 'a study'
start
until_true 'a few are done' has_ended out 3
sweeping | xargs kill -KILL
if wait "$started"; then fail 'a part was killed, and the template ended well'; fi
[[ ! -e out/results.csv ]] || fail 'a part is missing, and the table of all was written'
interrupted out
missing_told out eoscope merge out --out out
again

say '-- Ctrl-C, which a terminal sends to all'
fresh interrupted
start
until_true 'a few are done' has_ended out 3
kill -INT -- "-$started"
if wait "$started"; then fail 'it was interrupted, and ended well'; fi
until_true 'nothing sweeps' none_sweeping
interrupted out
none_running out
again

say '-- two machines by ssh'
fresh machines
for key in host user; do ssh-keygen -q -t ed25519 -N '' -f "$work/$key"; done
cat >"$work/sshd_config" <<CONF
ListenAddress 127.0.0.1:$port
HostKey $work/host
AuthorizedKeysFile $work/user.pub
StrictModes no
UsePAM no
PidFile none
SetEnv PATH=$PATH
CONF
cat >"$work/ssh_config" <<CONF
Host one two
    HostName 127.0.0.1
    Port $port
    IdentityFile $work/user
    StrictHostKeyChecking no
    UserKnownHostsFile $work/known
    LogLevel ERROR
CONF
((EUID)) || mkdir -p /run/sshd
/usr/sbin/sshd -D -f "$work/sshd_config" -E "$work/sshd.log" &
sshd=$!
sed -i "s|^MACHINES=:  |MACHINES='ssh -F $work/ssh_config one,ssh -F $work/ssh_config two'  |" parallel.sh
start
until_true 'two parts are under way' eval '(($(sweeping | wc -l) == 2))'
until_true 'a few are done' has_ended out 3
kill -INT -- "-$started"
if wait "$started"; then fail 'it was interrupted, and ended well'; fi
until_true 'nothing sweeps on either machine' none_sweeping
interrupted out
again
say 'all is well'
