#!/bin/bash
# Splits a study over machines that you reach by ssh, or over the cores of one, with GNU parallel.
#
# What to do:
#   1. Put `eoscope` and the study where every machine sees them, and set the lines below.
#   2. bash parallel.sh
# A machine that failed: the same command again; runs that are done are not run again.

EOSCOPE=eoscope          # the program
STUDY=$PWD/study.toml    # the study
OUT=$PWD/out             # one folder for all parts, on a shared file system
SHARDS=4                 # how many parts
JOBS=2                   # runs side by side in each part, each on one thread
MACHINES=:               # machines by ssh, separated by commas; `:` is this one

set -euo pipefail

seq "$SHARDS" | parallel --sshlogin "$MACHINES" --jobs 1 --line-buffer --tag --quote \
    "$EOSCOPE" sweep "$STUDY" --out "$OUT" --shard "{}/$SHARDS" --jobs "$JOBS"

"$EOSCOPE" merge "$OUT" --out "$OUT"
