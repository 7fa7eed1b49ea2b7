"""Connects as Python's ssl does: client.py HOST PORT CA VERSION [CERT KEY]. Prints the server's first line.

Ends with 0 when the server has greeted, and with 1 and the error when TLS has failed.
"""
import socket
import ssl
import sys

host, port, authority, version = sys.argv[1:5]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.load_verify_locations(authority)
context.minimum_version = context.maximum_version = {
    "1.2": ssl.TLSVersion.TLSv1_2,
    "1.3": ssl.TLSVersion.TLSv1_3,
}[version]
if len(sys.argv) > 5:
    context.load_cert_chain(sys.argv[5], sys.argv[6])
try:
    with socket.create_connection((host, int(port))) as plain:
        with context.wrap_socket(plain, server_hostname=host) as connection:
            line = connection.makefile("rb").readline()
            if not line:
                raise EOFError("the server closed without a greeting")
            print(line.decode(), end="")
except (OSError, EOFError) as error:
    print(error, file=sys.stderr)
    sys.exit(1)
