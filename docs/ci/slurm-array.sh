#!/bin/sh
# An array of 8 and a job that merges: run this on a host that can submit, in a folder that every node sees.
#
#     COUNTERSIGN=/path/to/countersign SCENARIOS=/path/to/scenarios docs/ci/slurm-array.sh
#
# ARGS are more arguments of `countersign run`. The last line that is printed is the number of the job that merges.
set -eu
: "${COUNTERSIGN:?names the program}" "${SCENARIOS:?names the folder of scenarios}"

# The task's number and the size of the array say which part each task plays.
array=$(sbatch --parsable --array=1-8 --cpus-per-task=1 --output=shard-%a.log \
    --wrap "$COUNTERSIGN run --scenarios $SCENARIOS --jobs 1 --json shard-\$SLURM_ARRAY_TASK_ID.json ${ARGS-}")

# afterany: a task that ends with 1 has found something, and belongs into the report.
sbatch --parsable --dependency="afterany:$array" --output=merge.log \
    --wrap "$COUNTERSIGN merge --scenarios $SCENARIOS shard-?.json --json results.json --markdown report.md"
