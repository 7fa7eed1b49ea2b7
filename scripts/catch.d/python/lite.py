"""A server on tlslite-ng, which verifies what clients present with the openssl program, and has one hole.

The proof of possession is the library's own check, and is left out by answering for it."""
import argparse, os, socket, subprocess, sys, tempfile, threading

from tlslite.api import HandshakeSettings, TLSConnection, X509, X509CertChain, parsePEMKey
from tlslite import keyexchange, tlsconnection
from tlslite.constants import AlertDescription

p = argparse.ArgumentParser()
for name in ("hole", "cert", "key", "ca", "crl"):
    p.add_argument("--" + name, default="")
a = p.parse_args()
chain = X509CertChain()
chain.parsePemList(open(a.cert).read())
key = parsePEMKey(open(a.key).read(), private=True)


def trusted(certificates):
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for number, certificate in enumerate(certificates.x509List):
            names.append(f"{folder}/{number}.der")
            open(names[-1], "wb").write(bytes(certificate.bytes))
        pem = subprocess.run
        for name in names:
            pem(["openssl", "x509", "-inform", "DER", "-in", name, "-out", name + ".pem"], check=True)
        rest = folder + "/rest.pem"
        open(rest, "w").write("".join(open(n + ".pem").read() for n in names[1:]))
        command = ["openssl", "verify", "-purpose", "sslclient", "-CAfile", a.ca, "-no-CApath", "-auth_level", "2"]
        if len(names) > 1:
            command += ["-untrusted", rest]
        return pem(command + [names[0] + ".pem"], capture_output=True).returncode == 0


def forgive(which):
    """Answers yes wherever a signature of a client is checked, in TLS 1.2 or in TLS 1.3."""
    from tlslite.utils import ecdsakey, rsakey, python_ecdsakey
    import inspect

    def wrapped(original):
        def verify(self, *rest, **named):
            frames = inspect.stack()
            depth = " ".join(f.function for f in frames[:8])
            is13 = "_serverTLS13Handshake" in depth
            is12 = "_serverCertKeyExchange" in depth or "verify_signature" in depth or "_server_" in depth
            if (which in ("both", "1.3") and is13) or (which in ("both", "1.2") and not is13):
                return True
            return original(self, *rest, **named)

        return verify

    for module, name in ((ecdsakey, "ECDSAKey"), (rsakey, "RSAKey"), (python_ecdsakey, "Python_ECDSAKey")):
        kind = getattr(module, name, None)
        if kind is not None and "verify" in kind.__dict__:
            kind.verify = wrapped(kind.__dict__["verify"])


if a.hole.startswith("proof-unchecked"):
    forgive({"proof-unchecked": "both", "proof-unchecked-1.2": "1.2", "proof-unchecked-1.3": "1.3"}[a.hole])


def serve(raw):
    try:
        connection = TLSConnection(raw)
        settings = HandshakeSettings()
        settings.minVersion = (3, 3)
        settings.ticket_count = 0
        connection.handshakeServer(certChain=chain, privateKey=key, reqCert=True, settings=settings)
        peer = connection.session.clientCertChain
        status = "200 OK"
        if a.hole != "certificate-unlooked-at" and (peer is None or not trusted(peer)):
            status = "403 Forbidden"
        if a.hole == "presence-enough" and peer is not None:
            status = "200 OK"
        data = b""
        while b"\r\n\r\n" not in data:
            more = connection.recv(4096)
            if not more:
                return
            data += more
        connection.send(f"HTTP/1.1 {status}\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello\n".encode())
        connection.close()
    except Exception as error:
        if os.environ.get("CATCH_DEBUG"):
            print(repr(error), file=sys.stderr)
    finally:
        raw.close()


listener = socket.create_server(("127.0.0.1", 0))
print("listening", listener.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
