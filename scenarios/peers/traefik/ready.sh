# Whether Traefik has its own settings of TLS yet: before that it serves a certificate that it made itself. The connection
# ends with an alert from here, and its line is waited for, so that it isn't taken for that of a later connection.
address=$1 log=$2
count() { grep -c 'TLS handshake error' "$log" 2> /dev/null; }
before=$(count)
said=$(openssl s_client -connect "$address" -servername ready.invalid -verify_return_error -no-CAfile -no-CApath \
    < /dev/null 2>&1)
case $said in
    *"verify error"* | *"unrecognized name"*) ;;
    *) exit 1 ;;
esac
looks=0
while [ "$(count)" = "$before" ]; do
    looks=$((looks + 1))
    [ "$looks" -lt 500 ] || exit 1
done
case $said in
    *"TRAEFIK DEFAULT CERT"*) exit 1 ;;
esac
