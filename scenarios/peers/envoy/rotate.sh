# Has Envoy look at its secrets, as a rename in the watched folder does, and returns when it serves the certificate that is in
# the file now: rotate.sh ADMIN-SOCKET CERTIFICATE FOLDER. Fails when Envoy says that it keeps the old pair.
set -eu
admin=$1 folder=$3
serial=$(openssl x509 -in "$2" -noout -serial | tr A-F a-f | sed 's/^serial=0*//')
ask() { curl --silent --noproxy '*' --unix-socket "$admin" "http://admin/$1"; }
failures() { ask 'stats?filter=key_rotation_failed' | sed 's/.*: //'; }
before=$(failures)
: > "$folder/told"
mv "$folder/told" "$folder/told.done"
while :; do
    case $(ask certs) in *"$serial"*) exit 0 ;; esac
    [ "$(failures)" = "$before" ] || exit 1
done
