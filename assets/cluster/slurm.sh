#!/bin/bash
# Splits a study over the nodes of a Slurm cluster, as an array of independent jobs.
#
# What to do:
#   1. Put `eoscope` and the study where every node sees them, and set the lines below.
#   2. sbatch slurm.sh
#   3. When all are done:  bash slurm.sh merge
# A job that was killed or ran out of time: submit it again; runs that are done are not run again.
#
#SBATCH --job-name=eoscope
#SBATCH --array=1-4
#SBATCH --cpus-per-task=2
#SBATCH --mem=4G
#SBATCH --time=04:00:00

EOSCOPE=eoscope          # the program
STUDY=study.toml         # the study
OUT=out                  # one folder for all parts, on a shared file system
SHARDS=4                 # the last number of --array above

set -euo pipefail

if [ "${1:-}" = merge ]; then
    "$EOSCOPE" merge "$OUT" --out "$OUT"
    exit
fi

"$EOSCOPE" sweep "$STUDY" --out "$OUT" --shard "$SLURM_ARRAY_TASK_ID/$SHARDS" --jobs "$SLURM_CPUS_PER_TASK"
