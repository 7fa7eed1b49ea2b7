"""A client on tlslite-ng, which forgets what no setting of a common library can be told to forget.

    tls.py HOLE HOST PORT NAME ROOTS [CHAIN KEY]

The path is checked by OpenSSL's command: the holes are in the handshake.
"""

import os
import socket
import subprocess
import sys
import tempfile

from tlslite.api import HandshakeSettings, TLSConnection, X509CertChain, parsePEMKey
from tlslite.constants import AlertDescription
from tlslite.errors import TLSError
from tlslite.keyexchange import KeyExchange
import tlslite.tlsconnection
import tlslite.utils.rsakey
import tlslite.utils.ecdsakey

hole, host, port, name, roots = sys.argv[1:6]
identity = sys.argv[6:8]


def main():
    settings = HandshakeSettings()
    settings.minVersion, settings.maxVersion = (3, 3), (3, 4)
    if hole == "tls12":
        settings.maxVersion = (3, 3)
    if hole == "server-signature-unchecked":
        # ServerKeyExchange in TLS 1.2, CertificateVerify in 1.3.
        KeyExchange.verifyServerKeyExchange = staticmethod(lambda *arguments: None)
        for module, key in (("rsakey", "RSAKey"), ("ecdsakey", "ECDSAKey")):
            setattr(getattr(getattr(tlslite.utils, module), key), "verify", lambda *arguments, **named: True)
    connection = TLSConnection(socket.create_connection((host, int(port)), timeout=5))
    chain = key = None
    if identity and identity[0]:
        chain = X509CertChain()
        with open(identity[0]) as file:
            chain.parsePemList(file.read())
        with open(identity[1]) as file:
            key = parsePEMKey(file.read(), private=True)
    if chain:
        connection.handshakeClientCert(chain, key, settings=settings, serverName=name)
    else:
        connection.handshakeClientCert(settings=settings, serverName=name)
    check(connection.session.serverCertChain)
    connection.sendall(b"GET / HTTP/1.1\r\nHost: server.test\r\nConnection: close\r\n\r\n")
    answer = bytes(connection.recv(4096))
    if not answer.startswith(b"HTTP/1.1 200"):
        sys.exit("the server answered %r" % answer[:80])


def check(chain):
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for index, certificate in enumerate(chain.x509List):
            path = os.path.join(folder, "%d.der" % index)
            with open(path, "wb") as file:
                file.write(certificate.writeBytes())
            pem = os.path.join(folder, "%d.pem" % index)
            subprocess.run(["openssl", "x509", "-inform", "DER", "-in", path, "-out", pem], check=True)
            paths.append(pem)
        sent = os.path.join(folder, "sent.pem")
        with open(sent, "w") as file:
            for path in paths[1:]:
                file.write(open(path).read())
        command = ["openssl", "verify", "-purpose", "sslserver", "-CAfile", roots, "-no-CApath", "-no-CAstore"]
        if len(paths) > 1:
            command += ["-untrusted", sent]
        address = name.strip("[]")
        is_address = ":" in address or address.replace(".", "").isdigit()
        command += ["-verify_ip" if is_address else "-verify_hostname", address] + [paths[0]]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(done.stderr.strip().splitlines()[0] if done.stderr else "not verified")


try:
    main()
except (OSError, TLSError) as error:
    sys.exit("%s: %s" % (type(error).__name__, error))
