# Gives a running HAProxy the certificate and key that stand in a file now, by the commands of its own socket.
set -eu
socket=$1 file=$2
ask() { socat -t 5 - "UNIX-CONNECT:$socket"; }
printf 'set ssl cert %s <<\n%s\n\n' "$file" "$(cat "$file")" | ask | grep -qi 'transaction'
printf 'commit ssl cert %s\n' "$file" | ask | grep -qi 'success'
