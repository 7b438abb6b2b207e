#!/bin/sh
# A command of hustings as an array of Slurm: each of the 16 tasks runs its part of it, which it
# finds by itself from the variables that Slurm sets. Submit it in a folder that all nodes see:
#
#     sbatch slurm.sh sweep mine.yaml --set nodes=3..18/16 --into results/mine
#
# When all tasks have ended: hustings merge results/mine
# Some were killed? Submit the same again: what is finished is not run a second time.
#
#SBATCH --job-name=hustings
#SBATCH --array=0-15
#SBATCH --cpus-per-task=1
#SBATCH --output=hustings-%A-%a.log
set -eu
exec "${HUSTINGS:-hustings}" "$@" --jobs "${SLURM_CPUS_PER_TASK:-1}"
