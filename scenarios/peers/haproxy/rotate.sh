# Gives a running HAProxy the certificate and key, and the authorities, that stand in files now, by the commands of its own
# socket: rotate.sh SOCKET BUNDLE [AUTHORITIES]
set -eu
socket=$1 file=$2 pool=${3:-}
ask() { socat -t 5 - "UNIX-CONNECT:$socket"; }
if [ -n "$pool" ]; then
    printf 'set ssl ca-file %s <<\n%s\n\n' "$pool" "$(cat "$pool")" | ask | grep -qi 'transaction'
    printf 'commit ssl ca-file %s\n' "$pool" | ask | grep -qi 'success'
fi
printf 'set ssl cert %s <<\n%s\n\n' "$file" "$(cat "$file")" | ask | grep -qi 'transaction'
printf 'commit ssl cert %s\n' "$file" | ask | grep -qi 'success'
