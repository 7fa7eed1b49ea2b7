#!/bin/sh
# Plays this shard of a Bazel test: TEST_SHARD_INDEX, TEST_TOTAL_SHARDS and XML_OUTPUT_FILE are read by the program.
set -eu
exec "$1" run 'client-auth/*'
