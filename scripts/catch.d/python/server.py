"""A server on Python's ssl with one hole, named by --hole. The handshake is OpenSSL's; what is wrong is around it."""
import argparse, socket, ssl, subprocess, sys, tempfile, threading

p = argparse.ArgumentParser()
for name in ("hole", "cert", "key", "ca", "crl"):
    p.add_argument("--" + name, default="")
a = p.parse_args()


def context(mode, crl=False):
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    c.load_cert_chain(a.cert, a.key)
    c.load_verify_locations(a.ca)
    c.verify_mode = mode
    c.num_tickets = 0
    c.options |= ssl.OP_NO_TICKET
    if crl:
        c.load_verify_locations(a.crl)
        c.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    return c


modes = {"cert-none": ssl.CERT_NONE, "cert-optional": ssl.CERT_OPTIONAL, "mode-does-not-follow": ssl.CERT_NONE}
c = context(modes.get(a.hole, ssl.CERT_REQUIRED), crl=bool(a.crl) and a.hole != "revocation-ignored")
strict = context(ssl.CERT_REQUIRED)
if a.hole == "mode-does-not-follow":
    # The context of the name demands a certificate; CPython takes over its certificate and not its mode.
    c.sni_callback = lambda sock, name, _: setattr(sock, "context", strict)
if a.hole == "tls13-optional":
    c.verify_mode = ssl.CERT_OPTIONAL
if a.hole == "time-unchecked":
    c.verify_flags |= 0x200000  # X509_V_FLAG_NO_CHECK_TIME
if a.hole == "any-identity-of-own-authorities":
    # The server's own authority issues servers, and counts as one of clients.
    c.load_verify_locations(a.cert)
if a.hole == "weak-digests":
    c.set_ciphers("ALL:@SECLEVEL=0")
if a.hole == "old-versions-open":
    old = context(ssl.CERT_NONE)
    old.minimum_version = ssl.TLSVersion.TLSv1
    old.set_ciphers("ALL:@SECLEVEL=0")
known = set()


def serve(raw):
    try:
        use = c
        if a.hole in ("old-versions-open", "hello-peeked"):
            first = raw.recv(600, socket.MSG_PEEK)
            if a.hole == "old-versions-open" and b"\x00\x2b" not in first[40:]:
                use = old
            if a.hole == "hello-peeked" and b"localhost" not in first:
                # A proxy that routes by what it can read of the name, and sends the rest to an open default.
                use = context(ssl.CERT_NONE)
        s = use.wrap_socket(raw, server_side=True)
        der = s.getpeercert(True)
        peer = s.getpeercert() or {}
        status = "200 OK"
        if a.hole == "tls13-optional" and s.version() == "TLSv1.2" and not der:
            status = "403 Forbidden"
        if a.hole == "forbidden-without-certificate-by-name":
            status = "200 OK"
        data = b""
        while b"\r\n\r\n" not in data:
            more = s.recv(4096)
            if not more:
                return
            data += more
        host = next((l[5:].strip() for l in data.decode("latin1").split("\r\n") if l.lower().startswith("host:")), "")
        if a.hole == "redirects-strangers" and not der:
            status = "302 Found"
        body = f"hello {peer.get('subject', '')}\n"
        s.sendall(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode())
        s.unwrap()
    except (OSError, ValueError):
        pass
    finally:
        raw.close()


listener = socket.create_server(("127.0.0.1", 0))
print("listening", listener.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
