"""Puts Python's ssl behind the protocol of docs/peer-drivers.md."""

import hashlib
import json
import platform
import queue
import socket
import ssl
import sys
import threading

MODES = {
    "NoClientCert": ssl.CERT_NONE,
    "VerifyClientCertIfGiven": ssl.CERT_OPTIONAL,
    "RequireAndVerifyClientCert": ssl.CERT_REQUIRED,
}
VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
PATIENCE = 10


class Driver:
    """What serves and connects now; replaced by configure, forgotten by stop."""

    def __init__(self):
        self.context = None
        self.settings = None
        self.listener = None
        self.seen = queue.Queue()

    def obey(self, order):
        return getattr(self, order["do"])(order)

    def hello(self, order):
        return {
            "event": "hello", "protocol": 1, "name": "python", "version": platform.python_version(),
            "roles": ["server", "client"],
        }

    def configure(self, order):
        try:
            self.settings = order[order["role"]]
            self.context = (make_server if order["role"] == "server" else make_client)(self.settings)
        except (ssl.SSLError, OSError, ValueError) as error:
            reason = "mismatched-key" if "MISMATCH" in str(error) else "other"
            return {"event": "refused", "reason": reason, "detail": str(error)}
        return {"event": "configured"}

    def listen(self, order):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.seen = queue.Queue()
        threading.Thread(target=accept, args=(self.listener, self.context, self.seen), daemon=True).start()
        return {"event": "listening", "port": self.listener.getsockname()[1]}

    def observe(self, order):
        return self.seen.get()

    def connect(self, order):
        raw = socket.create_connection(("127.0.0.1", order["port"]), timeout=PATIENCE)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            connection = self.context.wrap_socket(
                raw, server_hostname=self.settings.get("serverName"), do_handshake_on_connect=False)
        except ValueError as error:
            raw.close()
            return {"event": "connection", "accepted": False, "noticed": "configuration", "detail": str(error)}
        return converse(connection, is_server=False)

    def stop(self, order):
        if self.listener:
            self.listener.close()
        self.listener = self.context = self.settings = None
        return {"event": "stopped"}


def make_server(settings):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = context.maximum_version = VERSIONS[settings["tls"]]
    context.load_cert_chain(settings["identity"]["chain"], settings["identity"]["key"])
    if settings.get("clientCAs"):
        context.load_verify_locations(settings["clientCAs"])
    context.verify_mode = MODES[settings["mode"]]
    context.options |= ssl.OP_NO_TICKET
    return context


def make_client(settings):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = context.maximum_version = VERSIONS[settings["tls"]]
    if settings["skipVerify"]:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if settings.get("rootCAs"):
        context.load_verify_locations(settings["rootCAs"])
    if settings.get("identity"):
        context.load_cert_chain(settings["identity"]["chain"], settings["identity"]["key"])
    return context


def accept(listener, context, seen):
    while True:
        try:
            raw, _ = listener.accept()
        except OSError:
            return
        raw.settimeout(PATIENCE)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        names = []
        context.sni_callback = lambda connection, name, _: names.append(name)
        answer = converse(context.wrap_socket(raw, server_side=True, do_handshake_on_connect=False), is_server=True)
        answer["sni"] = names[0] if names else None
        seen.put(answer)


def converse(connection, is_server):
    answer = {"event": "connection", "accepted": False, "noticed": "handshake"}
    try:
        connection.do_handshake()
        answer["noticed"] = "first-read"
        if is_server:
            connection.sendall(b"hello\n")
            greeting = read_line(connection)
        else:
            greeting = read_line(connection)
            connection.sendall(b"hello yourself\n")
        if not greeting:
            raise ConnectionError("the peer hung up before it had said anything")
        answer.update(accepted=True, alertSent=None, alertReceived=None, **facts(connection))
    except (ssl.SSLError, OSError) as error:
        answer["detail"] = str(error)
        answer["alertReceived"] = alert(error)
    finish(connection, answer["accepted"])
    return answer


def facts(connection):
    der = connection.getpeercert(binary_form=True)
    return {
        "received": {"sha256": hashlib.sha256(der).hexdigest()} if der else None,
        "verified": bool(der) and connection.context.verify_mode != ssl.CERT_NONE,
        "version": connection.version().removeprefix("TLSv"),
        "cipherSuite": connection.cipher()[0],
        "resumed": connection.session_reused,
    }


def read_line(connection):
    line = b""
    while not line.endswith(b"\n"):
        more = connection.recv(256)
        if not more:
            return b""
        line += more
    return line


def alert(error):
    """The IANA name of the peer's alert; OpenSSL's reason ends with it, for example TLSV1_ALERT_UNKNOWN_CA.

    The alerts of extensions lack the word in the middle: TLSV1_UNRECOGNIZED_NAME.
    """
    reason = getattr(error, "reason", None) or ""
    _, found, name = reason.partition("_ALERT_")
    if found:
        return name.lower()
    return "unrecognized_name" if reason == "TLSV1_UNRECOGNIZED_NAME" else None


def finish(connection, is_good):
    """Hangs up in order, so that no reset overtakes an alert."""
    connection.settimeout(1)
    try:
        if is_good:
            connection = connection.unwrap()
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(4096):
            pass
    except (ssl.SSLError, OSError, ValueError):
        pass
    connection.close()


def main():
    driver = Driver()
    for line in sys.stdin:
        order = json.loads(line)
        try:
            answer = driver.obey(order)
        except Exception as error:
            answer = {"event": "error", "detail": repr(error)}
        print(json.dumps(answer | {"id": order["id"]}), flush=True)


main()
