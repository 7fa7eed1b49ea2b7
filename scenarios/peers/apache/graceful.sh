# Has a running Apache read its files again, and returns when the processes of the old ones have ended.
set -eu
parent=$(cat "$1")
old=$(ps -o pid= --ppid "$parent")
kill -USR1 "$parent"
for child in $old; do tail --pid="$child" -s 0.01 -f /dev/null; done
kill -0 "$parent"
