"""Puts an HTTP client of Python behind the protocol of docs/peer-drivers.md: fetch.py requests|httpx.

Each library is set up as its documentation says, with the version of TLS besides.
"""
import importlib.metadata, json, re, socket, ssl, sys, warnings

library = sys.argv[1]
settings = {}
warnings.simplefilter("ignore")

# The name of a case has no address; everything else about it stays as it is.
original = socket.getaddrinfo
socket.getaddrinfo = lambda host, port, *rest, **more: original("127.0.0.1", port, *rest, **more)


def version_of(made):
    made.minimum_version = made.maximum_version = getattr(ssl.TLSVersion, "TLSv" + settings["tls"].replace(".", "_"))
    return made


def context():
    """Python's context for what the client trusts and presents."""
    made = version_of(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    if settings.get("skipVerify"):
        made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    if settings.get("rootCAs"):
        made.load_verify_locations(settings["rootCAs"])
    if settings.get("identity"):
        made.load_cert_chain(settings["identity"]["chain"], settings["identity"]["key"])
    return made


def with_requests(url):
    import requests
    from requests.adapters import HTTPAdapter

    class Adapter(HTTPAdapter):
        def init_poolmanager(self, *words, **more):
            made = version_of(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
            made.check_hostname = False  # urllib3 compares the names itself, and sets what verify says.
            super().init_poolmanager(*words, ssl_context=made, **more)

    identity = settings.get("identity")
    with requests.Session() as session:
        session.trust_env = False
        session.mount("https://", Adapter())
        session.verify = False if settings.get("skipVerify") else settings.get("rootCAs") or True
        session.cert = (identity["chain"], identity["key"]) if identity else None
        answer = session.get(url, timeout=4)
        answer.raise_for_status()


def with_httpx(url):
    import httpx

    with httpx.Client(verify=context(), trust_env=False, timeout=4) as client:
        client.get(url).raise_for_status()


def told(words):
    """What a failure says of itself, and nothing that it doesn't."""
    seen = {"accepted": False, "detail": words[:400], "alertReceived": None}
    alert = re.search(r"(?:TLSV1|SSLV3|TLSV13)_ALERT_([A-Z_]+)", words)
    if alert:
        name = alert.group(1).lower()
        seen["alertReceived"] = name
        # In TLS 1.3 a server looks at the client's certificate when the client's handshake is over.
        early = settings["tls"] == "1.2" or name in ("handshake_failure", "protocol_version", "unrecognized_name")
        seen["noticed"] = "handshake" if early else "first-read"
    elif re.search(r"CERTIFICATE_VERIFY_FAILED|doesn't match|Hostname mismatch|DECRYPT_ERROR|BAD_SIGNATURE", words):
        seen["noticed"] = "handshake"
    elif "KEY_VALUES_MISMATCH" in words or "EE_KEY_TOO_SMALL" in words:
        seen["noticed"] = "configuration"
    else:
        del seen["alertReceived"]
    return seen


def connect(order):
    name = settings.get("serverName") or "127.0.0.1"
    host = f"[{name}]" if ":" in name and not name.startswith("[") else name
    try:
        play = {"requests": with_requests, "httpx": with_httpx}[library]
        play(f"https://{host}:{order['port']}/")
    except Exception as error:
        words, cause = [], error
        while cause is not None and len(words) < 8:
            words.append(f"{type(cause).__name__} {cause}")
            cause = cause.__cause__ or cause.__context__
        return told(" / ".join(words).replace("\n", " "))
    return {"accepted": True, "alertReceived": None}


for line in sys.stdin:
    order = json.loads(line)
    answer = {"event": "stopped"}
    if order["do"] == "hello":
        found = importlib.metadata.version(library)
        answer = {"event": "hello", "protocol": 1, "name": library, "version": found, "roles": ["client"]}
    elif order["do"] == "configure":
        settings = order.get("client") or {}
        answer = {"event": "configured"} if order["role"] == "client" else {"event": "unsupported", "reason": "a client"}
    elif order["do"] == "connect":
        answer = {"event": "connection", **connect(order)}
    elif order["do"] == "rotate":
        settings["identity"] = order["identity"]
        answer = {"event": "rotated"}
    elif order["do"] in ("listen", "observe"):
        answer = {"event": "unsupported", "reason": f"{library} is a client"}
    print(json.dumps({**answer, "id": order["id"]}), flush=True)
