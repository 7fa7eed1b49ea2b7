"""A TLS server on 127.0.0.1 for Python programs that show a documented failure of a client. Standard library alone."""
import re, socket, ssl, threading


def name(certificate):
    """The common name of a peer's certificate, or nobody."""
    fields = dict(item[0] for item in (certificate or {}).get("subject", ()))
    return fields.get("commonName", "nobody")


class Peer:
    """Answers each request of a kept connection with the client's name; with REPLY it answers everything with that."""

    def __init__(self, identity="pki/server", roots=None, requires=False, reply=None):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(identity + ".chain.crt", identity + ".key")
        if roots:
            self.context.load_verify_locations(roots)
            self.context.verify_mode = ssl.CERT_REQUIRED if requires else ssl.CERT_OPTIONAL
        self.reply = reply
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=[connection], daemon=True).start()

    def serve(self, connection):
        try:
            with self.context.wrap_socket(connection, server_side=True) as secured:
                who = name(secured.getpeercert()) if self.context.verify_mode else "nobody"
                data = b""
                while True:
                    piece = secured.recv(65536)
                    if not piece:
                        return
                    if self.reply:
                        secured.sendall(self.reply)
                        continue
                    data += piece
                    while b"\r\n\r\n" in data:
                        data = data.split(b"\r\n\r\n", 1)[1]
                        body = who.encode()
                        secured.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        except OSError:
            pass  # A client that refuses the server hangs up.


def say(question, run):
    """Prints what RUN returns, or that the connection was refused."""
    try:
        print(f"{question}: {run()}", flush=True)
    except Exception as error:
        words = f"{error!r} {error}"
        isTLS = re.search(r"(?i)certificate|hostname|ssl|tls", words)
        print(f"{question}: {'refused' if isTLS else 'failed: ' + words[:120]}", flush=True)
