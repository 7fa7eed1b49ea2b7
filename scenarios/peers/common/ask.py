#!/usr/bin/env python3
"""Asks a TLS server on 127.0.0.1 one question, and prints the outcome on one line.

    python3 ask.py PORT --identity pki/alice --sni a.test --host b.test --records 64

Outcomes: an HTTP status ("200"), with the text that --see found ("200 alice"); "alert NAME", for an alert of the server;
"closed", where it hung up without one; "refused the server: REASON", where this client refused; "no server"; "silent".
Needs Python's standard library alone.
"""
import argparse, os, re, socket, ssl, struct, sys, tempfile, time

PATIENCE = 10.0
ALERTS = {
    10: "unexpected_message", 20: "bad_record_mac", 40: "handshake_failure", 42: "bad_certificate",
    43: "unsupported_certificate", 44: "certificate_revoked", 45: "certificate_expired", 46: "certificate_unknown",
    47: "illegal_parameter", 48: "unknown_ca", 49: "access_denied", 50: "decode_error", 51: "decrypt_error",
    70: "protocol_version", 80: "internal_error", 109: "missing_extension", 112: "unrecognized_name",
    116: "certificate_required", 120: "no_application_protocol",
}
# OpenSSL gives the alert by name in the reason of the error.
NAMES = {name.upper(): name for name in ALERTS.values()}


class Capture:
    """A pcapng file of one connection, with the secrets of its TLS session, for Wireshark."""

    def __init__(self, path):
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        self.path, self.packets, self.sequence = path, [], [1, 1]
        handle, self.keylog = tempfile.mkstemp()
        os.close(handle)

    def add(self, data, is_server, ports):
        # The bytes of the socket, in packets of TCP as if nothing were lost: headers are made here, the content is not.
        for place in range(0, len(data), 1400):
            piece, (own, other) = data[place:place + 1400], (ports[::-1] if is_server else ports)
            tcp = struct.pack(">HHIIBBHHH", own, other, self.sequence[is_server], self.sequence[not is_server], 0x50, 0x18, 65535, 0, 0)
            loopback = bytes([127, 0, 0, 1])
            ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 40 + len(piece), 0, 0x4000, 64, 6, 0, loopback, loopback)
            self.packets.append((time.time_ns() // 1000, ip + tcp + piece))
            self.sequence[is_server] = (self.sequence[is_server] + len(piece)) & 0xFFFFFFFF

    def write(self):
        def block(kind, body):
            body += bytes(-len(body) % 4)
            return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)

        with open(self.keylog, "rb") as file:
            secrets = file.read()
        os.unlink(self.keylog)
        blocks = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)) + block(1, struct.pack("<HHI", 101, 0, 0))
        if secrets:
            blocks += block(0x0A, struct.pack("<II", 0x544C534B, len(secrets)) + secrets)
        for moment, packet in self.packets:
            blocks += block(6, struct.pack("<IIIII", 0, moment >> 32, moment & 0xFFFFFFFF, len(packet), len(packet)) + packet)
        with open(self.path, "wb") as file:
            file.write(blocks)


def cut(flight, size):
    """The handshake message of the first record, in records of at most SIZE bytes."""
    length = int.from_bytes(flight[3:5], "big")
    body, rest = flight[5:5 + length], flight[5 + length:]
    pieces = [body[place:place + size] for place in range(0, len(body), size)]
    return b"".join(flight[:3] + len(piece).to_bytes(2, "big") + piece for piece in pieces) + rest


def context(options):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    if options.roots:
        made.load_verify_locations(options.roots)
        made.verify_mode = ssl.CERT_REQUIRED
    if options.ciphers:
        made.set_ciphers(options.ciphers)
    if options.identity:
        chain = options.identity + ".chain.crt"
        made.load_cert_chain(chain if os.path.exists(chain) else options.identity + ".crt", options.identity + ".key")
    version = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}.get(options.tls)
    if version:
        made.minimum_version = made.maximum_version = version
    if options.alpn:
        made.set_alpn_protocols(options.alpn.split(","))
    if options.capture:
        made.keylog_filename = options.capture.keylog
    return made


class Connection:
    def __init__(self, options):
        self.options = options
        # An identity that can't be read is a mistake of whoever asks, and no answer of the server.
        made = context(options)
        self.socket = socket.create_connection(("127.0.0.1", options.port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.ports = (self.socket.getsockname()[1], options.port)
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = made.wrap_bio(self.incoming, self.outgoing, server_hostname=options.sni or None)
        self.is_first = True

    def note(self, data, is_server):
        if self.options.capture:
            self.options.capture.add(data, is_server, self.ports)

    def receive(self, count):
        data = self.socket.recv(count)
        self.note(data, True)
        return data

    def flush(self):
        data = self.outgoing.read()
        if not data:
            return
        if self.is_first and self.options.records:
            data = cut(data, self.options.records)
        self.note(data, False)
        try:
            if self.is_first and self.options.segments:
                for place in range(0, len(data), self.options.segments):
                    self.socket.sendall(data[place:place + self.options.segments])
            else:
                self.socket.sendall(data)
        except OSError:
            pass  # What the server said before it hung up is still read.
        self.is_first = False

    def step(self, call):
        while True:
            try:
                result = call()
                self.flush()
                return result
            except ssl.SSLWantReadError:
                self.flush()
                data = self.receive(65536)
                if data:
                    self.incoming.write(data)
                else:
                    self.incoming.write_eof()
            except ssl.SSLError:
                self.flush()
                raise

    def read(self):
        try:
            return self.step(lambda: self.tls.read(65536))
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""


def request_text(options):
    header = f"{options.header}\r\n" if options.header else ""
    return (
        f"{options.method} {options.path} HTTP/1.1\r\nHost: {options.host or options.sni or 'localhost'}\r\n"
        f"{header}Connection: close\r\n\r\n"
    )


def plain(connection, options):
    """The same request without TLS, and the first bytes of the answer."""
    data = request_text(options).encode()
    connection.note(data, False)
    connection.socket.sendall(data)
    answer = connection.receive(65536)
    if not answer:
        return "closed"
    status = re.match(rb"HTTP/1\.\d (\d{3})", answer)
    if status:
        return saw(status[1].decode(), answer, options)
    if answer[:2] == b"\x15\x03" and len(answer) >= 7:
        return "alert " + ALERTS.get(answer[6], str(answer[6]))
    return saw("no HTTP", answer, options)


def http(connection, options):
    request = request_text(options)
    connection.step(lambda: connection.tls.write(request.encode()))
    answer = b""
    while True:
        piece = connection.read()
        if not piece:
            break
        answer += piece
        head, found, body = answer.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        if found and length and len(body) >= int(length[1]):
            break
    if not answer:
        return "closed"
    status = re.match(rb"HTTP/1\.\d (\d{3})", answer)
    return saw(status[1].decode() if status else "no HTTP", answer, options)


def saw(word, answer, options):
    if not options.see:
        return word
    found = re.search(options.see, answer.decode("utf-8", "replace"))
    return f"{word} {found[1] if found and found.groups() else found[0]}" if found else f"{word} –"


def ask(options):
    try:
        connection = Connection(options)
    except (ConnectionError, socket.timeout):
        return "no server"
    try:
        if options.preface == "line":
            line = b""
            while not line.endswith(b"\n"):
                piece = connection.receive(1)
                if not piece:
                    return "closed"
                line += piece
        if options.preface == "proxy":
            line = f"PROXY TCP4 127.0.0.1 127.0.0.1 {connection.ports[0]} {options.port}\r\n".encode()
            connection.note(line, False)
            connection.socket.sendall(line)
        if options.plain:
            return plain(connection, options)
        connection.step(connection.tls.do_handshake)
        if options.sends:
            connection.step(lambda: connection.tls.write(options.sends.encode().decode("unicode_escape").encode()))
            answer = b""
            while not (options.see and re.search(options.see.encode(), answer)):
                piece = connection.read()
                if not piece:
                    break
                answer += piece
            return saw("answered", answer, options) if answer else "closed"
        return http(connection, options)
    except ssl.SSLCertVerificationError as error:
        return f"refused the server: {error.verify_message}"
    except ssl.SSLZeroReturnError:
        return "closed"
    except ssl.SSLError as error:
        reason = error.reason or ""
        # SSLV3_ALERT_BAD_CERTIFICATE, TLSV13_ALERT_CERTIFICATE_REQUIRED, TLSV1_UNRECOGNIZED_NAME
        match = re.match(r"(?:SSLV3|TLSV1|TLSV13)_(ALERT_)?(.+)$", reason)
        if match and (match[1] or match[2] in NAMES):
            return "alert " + NAMES.get(match[2], match[2].lower())
        # Python knows no reason for the alerts that came after its version.
        match = re.search(r"alert ([a-z0-9 ]+?)(?: \(|$)", str(error))
        if match:
            return "alert " + match[1].replace(" ", "_")
        return "closed" if "EOF" in reason else f"broken: {reason or error}"
    except socket.timeout:
        return "silent"
    except ConnectionError:
        return "closed"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("port", type=int)
    parser.add_argument("--identity", help="PATH of PATH.crt (or PATH.chain.crt) and PATH.key")
    parser.add_argument("--roots", help="a file of CAs to verify the server with; without it nothing is verified")
    parser.add_argument("--sni", help="server_name, in the spelling that is sent; none without it")
    parser.add_argument("--host", help="the Host of the request; otherwise the server_name")
    parser.add_argument("--method", default="GET")
    parser.add_argument("--path", default="/")
    parser.add_argument("--tls", choices=["1.2", "1.3"])
    parser.add_argument("--records", type=int, help="cuts the ClientHello into records of N bytes")
    parser.add_argument("--segments", type=int, help="cuts the ClientHello into TCP segments of N bytes")
    parser.add_argument("--alpn")
    parser.add_argument("--ciphers")
    parser.add_argument("--header", help="a header of the request, such as X-User: admin")
    parser.add_argument(
        "--preface", choices=["line", "proxy"], help="reads a line before TLS, as NATS sends one; or sends a PROXY header"
    )
    parser.add_argument("--plain", action="store_true", help="speaks HTTP without TLS")
    parser.add_argument("--sends", help="text in place of an HTTP request, with \\r\\n")
    parser.add_argument("--see", help="a pattern; its first group, in the answer, is added to the outcome")
    parser.add_argument("--capture", help="writes a pcapng file with the secrets of the session, for Wireshark")
    options = parser.parse_args()
    options.capture = Capture(options.capture) if options.capture else None
    print(ask(options))
    if options.capture:
        options.capture.write()


main()
