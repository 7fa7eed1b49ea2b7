"""Clients on Python's ssl, http.client, requests and httpx, each with a switch.

    client.py HOLE URL HOST PORT ROOTS [CHAIN KEY]

The name of the URL is reached at HOST, as with curl's --connect-to.
"""

import http.client
import socket
import ssl
import sys
from urllib.parse import urlsplit

hole, url, host, port, roots = sys.argv[1:6]
identity = tuple(sys.argv[6:8]) if len(sys.argv) > 7 and sys.argv[6] else None
library, _, hole = hole.partition(":")

genuine = socket.getaddrinfo
socket.getaddrinfo = lambda name, *rest, **named: genuine(host, *rest, **named)


def context():
    made = ssl.create_default_context(cafile=roots)
    if hole == "no-verification":
        made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    if hole == "no-name":
        made.check_hostname = False
    if hole == "common-name":
        made.hostname_checks_common_name = True
    if hole == "partial-chain":
        made.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    if hole == "old-versions":
        made.minimum_version = ssl.TLSVersion.TLSv1
        made.set_ciphers("ALL:@SECLEVEL=0")
    if hole == "level-0":
        made.set_ciphers("DEFAULT:@SECLEVEL=0")
    if hole == "purpose":
        # A context made for servers: it asks for certificates of clients.
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        made.load_verify_locations(roots)
        made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=roots)
        made.verify_mode = ssl.CERT_REQUIRED
    if identity and hole != "no-certificate":
        made.load_cert_chain(*identity)
    return made


def with_ssl():
    name = urlsplit(url).hostname
    with socket.create_connection((host, int(port)), timeout=8) as tcp:
        made = context()
        if hole == "plaintext":
            tls = tcp
        elif hole == "purpose":
            made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            made.load_verify_locations(roots)
            tls = made.wrap_socket(tcp, server_hostname=name)
        else:
            tls = made.wrap_socket(tcp, server_hostname=name)
        tls.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        if hole == "handshake-is-enough":
            return
        answer = b""
        try:
            while chunk := tls.recv(4096):
                answer += chunk
        except OSError as error:
            if hole != "read-error-is-the-end":
                raise
        if hole == "read-error-is-the-end":
            return
        if not answer.startswith(b"HTTP/1.1 200"):
            sys.exit("the server answered %r" % answer[:60])


def with_http_client():
    parts = urlsplit(url)
    connection = http.client.HTTPSConnection(parts.hostname, parts.port, context=context(), timeout=8)
    connection.request("GET", "/")
    answer = connection.getresponse()
    if answer.status != 200:
        sys.exit("the server answered %d" % answer.status)


def with_requests():
    import requests
    import urllib3
    from requests.adapters import HTTPAdapter

    urllib3.disable_warnings()
    session = requests.Session()
    session.trust_env = False
    if hole == "no-name":
        class Careless(HTTPAdapter):
            def init_poolmanager(self, *arguments, **named):
                super().init_poolmanager(*arguments, assert_hostname=False, **named)
        session.mount("https://", Careless())
    answer = session.get(
        url, verify=False if hole == "no-verification" else roots, cert=None if hole == "no-certificate" else identity,
        timeout=8)
    answer.raise_for_status()


def with_httpx():
    import httpx

    with httpx.Client(verify=context(), trust_env=False, timeout=8) as client:
        client.get(url).raise_for_status()


try:
    {"ssl": with_ssl, "http.client": with_http_client, "requests": with_requests, "httpx": with_httpx}[library]()
except Exception as error:
    sys.exit("%s: %s" % (type(error).__name__, str(error)[:300]))
