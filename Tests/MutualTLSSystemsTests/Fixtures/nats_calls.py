"""Plays the calls of nats-py, and raw lines of the protocol, against one server. Prints one line for each: its name, a
tab, its result, which is the same for every server that does the same.

Usage: nats_calls.py PORT FOLDER CA [mapped | CALL...]
FOLDER has client-a and so on, each with .crt and .key; CA is the file of the server's authority in it. With `mapped` the
server maps certificates to the users of users.conf."""
import asyncio, re, socket, ssl, sys, warnings

import nats
from nats.errors import NoRespondersError

port, folder, authority = int(sys.argv[1]), sys.argv[2], sys.argv[3]
warnings.simplefilter("ignore")


def context(name):
    tls = ssl.create_default_context(cafile=f"{folder}/{authority}")
    if name:
        tls.load_cert_chain(f"{folder}/{name}.crt", f"{folder}/{name}.key")
    return tls


async def connect(name="client-a", **options):
    errors = []

    async def noted(error):
        errors.append(str(error))

    options = {"allow_reconnect": False, "connect_timeout": 20, "error_cb": noted, **options}
    client = await nats.connect(f"tls://127.0.0.1:{port}", tls=context(name), **options)
    client.noted = errors
    return client


async def settle(*clients):
    """Returns when the server has handled everything sent so far: nats-py's PING may overtake what it still holds."""
    for client in clients:
        for _ in range(3):
            await client.flush()


def describe(message):
    return f"{message.subject} {message.reply or '-'} {message.headers or '-'} {message.data.decode()}"


async def next_messages(subscription, count):
    return [describe(await subscription.next_msg(timeout=20)) for _ in range(count)]


calls = {}


def call(function):
    calls[function.__name__.replace("_", " ")] = function
    return function


@call
async def publish_and_subscribe():
    a, b = await connect("client-a"), await connect("client-b")
    heard = await b.subscribe("talk")
    await settle(b)
    await a.publish("talk", b"hello")
    await a.publish("talk", b"answer me", reply="there")
    await a.publish("talk", b"")
    result = await next_messages(heard, 3)
    await a.close(), await b.close()
    return result


async def wildcard(pattern):
    a = await connect()
    heard = await a.subscribe(pattern)
    for subject in ["foo", "foo.bar", "foo.bar.baz", "bar.bar", "foobar", "Foo.bar", "foo.é"]:
        await a.publish(subject, subject.encode())
    await settle(a)
    result = [m.subject for m in [await heard.next_msg(timeout=20) for _ in range(heard.pending_msgs)]]
    await a.close()
    return result


for pattern in ["foo", "foo.*", "foo.>", "*.bar", ">", "*", "foo.*.baz", "*.*"]:
    calls[f"wildcard {pattern}"] = lambda pattern=pattern: wildcard(pattern)


async def requests(**options):
    a, b = await connect("client-a"), await connect("client-b")

    async def answer(message):
        await message.respond(b"you said " + message.data)

    await b.subscribe("help", cb=answer)
    await settle(b)
    result = [(await a.request("help", str(n).encode(), timeout=20, **options)).data.decode() for n in range(3)]
    await a.close(), await b.close()
    return result


calls["request"] = lambda: requests()
calls["request, old style"] = lambda: requests(old_style=True)


@call
async def request_with_headers():
    a, b = await connect("client-a"), await connect("client-b")

    async def answer(message):
        await message.respond(str(sorted((message.headers or {}).items())).encode())

    await b.subscribe("help", cb=answer)
    await settle(b)
    reply = await a.request("help", b"", timeout=20, headers={"Trace": "7", "Key": "a b"})
    await a.close(), await b.close()
    return reply.data.decode()


async def no_responders(**options):
    a = await connect()
    try:
        await a.request("nobody", b"", timeout=5, **options)
        return "answered"
    except Exception as error:
        return type(error).__name__
    finally:
        await a.close()


calls["no responders"] = lambda: no_responders()
calls["no responders, old style"] = lambda: no_responders(old_style=True)


async def queue(with_listener):
    members = [await connect("client-b") for _ in range(3)]
    subscriptions = [await member.subscribe("work", queue="workers") for member in members]
    if with_listener:
        listener = await members[0].subscribe("work")
    for member in members:
        await settle(member)
    a = await connect("client-a")
    for number in range(300):
        await a.publish("work", str(number).encode())
    await settle(a)
    for member in members:
        await settle(member)
    counts = [subscription.pending_msgs for subscription in subscriptions]
    fair = all(60 <= count <= 150 for count in counts)
    result = f"sum {sum(counts)}, each from 60 to 150: {fair}" + (f", listener {listener.pending_msgs}" if with_listener else "")
    if not fair:
        result += f" {counts}"
    for client in members + [a]:
        await client.close()
    return result


calls["queue group of three"] = lambda: queue(False)
calls["queue group and a listener"] = lambda: queue(True)


@call
async def two_queue_groups():
    a = await connect()
    first = [await a.subscribe("work", queue="one") for _ in range(2)]
    first.append(await a.subscribe("*", queue="one"))
    second = [await a.subscribe("work.>", queue="one")]
    third = [await a.subscribe("work", queue="two") for _ in range(2)]
    await settle(a)
    for _ in range(100):
        await a.publish("work", b"")
    await settle(a)
    result = [sum(s.pending_msgs for s in group) for group in (first, second, third)]
    await a.close()
    return result


@call
async def a_member_leaves():
    a, b = await connect("client-a"), await connect("client-b")
    stays = await a.subscribe("work", queue="workers")
    leaves = await b.subscribe("work", queue="workers")
    await settle(a, b)
    await leaves.unsubscribe()
    await settle(b)
    for _ in range(50):
        await a.publish("work", b"")
    await settle(a)
    result = stays.pending_msgs
    await b.close()
    for _ in range(50):
        await a.publish("work", b"")
    await settle(a)
    result = [result, stays.pending_msgs]
    await a.close()
    return result


@call
async def unsubscribe_after_three():
    a = await connect()
    heard = await a.subscribe("talk")
    await heard.unsubscribe(limit=3)
    for number in range(10):
        await a.publish("talk", str(number).encode())
    await settle(a)
    result = heard.pending_msgs
    await a.close()
    return result


@call
async def unsubscribe_after_fewer_than_heard():
    a = await connect()
    seen = []

    async def noted(message):
        seen.append(message.data.decode())

    heard = await a.subscribe("talk", cb=noted)
    for number in range(5):
        await a.publish("talk", str(number).encode())
    await settle(a)
    await heard.unsubscribe(limit=3)
    for number in range(5):
        await a.publish("talk", str(number).encode())
    await settle(a)
    await asyncio.sleep(0.1)
    await a.close()
    return seen


@call
async def unsubscribe():
    a = await connect()
    heard = await a.subscribe("talk")
    await a.publish("talk", b"1")
    await settle(a)
    result = [heard.pending_msgs]
    await heard.unsubscribe()
    await a.publish("talk", b"2")
    await settle(a)
    result.append(heard.pending_msgs)
    await a.close()
    return result


@call
async def headers():
    a, b = await connect("client-a"), await connect("client-b")
    heard = await b.subscribe("talk")
    await settle(b)
    await a.publish("talk", b"payload", headers={"Nats-Msg-Id": "1", "Odd": " spaced "})
    await a.publish("talk", b"", headers={"Alone": ""})
    await a.publish("talk", b"none")
    result = await next_messages(heard, 3)
    await a.close(), await b.close()
    return result


@call
async def no_echo():
    a, b = await connect("client-a", no_echo=True), await connect("client-b")
    own, other = await a.subscribe("talk"), await b.subscribe("talk")
    await settle(a, b)
    await a.publish("talk", b"")
    await settle(a, b)
    await b.publish("talk", b"")
    await settle(b, a)
    result = [own.pending_msgs, other.pending_msgs]
    await a.close(), await b.close()
    return result


@call
async def verbose():
    a = await connect(verbose=True, pedantic=True)
    heard = await a.subscribe("talk")
    await a.publish("talk", b"hello")
    await settle(a)
    result = await next_messages(heard, 1)
    await a.close()
    return result + a.noted


@call
async def largest_payload():
    a = await connect()
    heard = await a.subscribe("talk")
    await a.publish("talk", b"x" * a.max_payload)
    await settle(a)
    result = [a.max_payload, len((await heard.next_msg(timeout=20)).data)]
    try:
        await a.publish("talk", b"x" * (a.max_payload + 1))
    except Exception as error:
        result.append(type(error).__name__)
    await a.close()
    return result


@call
async def drain_of_a_subscription():
    a = await connect()
    seen = []

    async def noted(message):
        await asyncio.sleep(0.001)
        seen.append(message.data)

    heard = await a.subscribe("talk", cb=noted)
    for _ in range(100):
        await a.publish("talk", b"")
    await heard.drain()
    await a.publish("talk", b"")
    await settle(a)
    result = [len(seen), a.is_connected]
    await a.close()
    return result


@call
async def drain_of_a_connection():
    a, b = await connect("client-a"), await connect("client-b")
    heard = await b.subscribe("done")
    await settle(b)

    async def noted(message):
        await a.publish("done", message.data)

    await a.subscribe("talk", cb=noted)
    await settle(a)
    for _ in range(50):
        await b.publish("talk", b"")
    await settle(b)
    await a.drain()
    await settle(b)
    result = [heard.pending_msgs, a.is_closed]
    await b.close()
    return result


@call
async def round_trip():
    a = await connect()
    for _ in range(5):
        await a.flush()
    result = [a.is_connected, a.stats["errors_received"]]
    await a.close()
    return result


@call
async def many_messages_in_order():
    a, b = await connect("client-a"), await connect("client-b")
    heard = await b.subscribe("talk", pending_msgs_limit=-1, pending_bytes_limit=-1)
    await settle(b)
    for number in range(5000):
        await a.publish("talk", str(number).encode())
    await settle(a)
    numbers = [int((await heard.next_msg(timeout=20)).data) for _ in range(5000)]
    await a.close(), await b.close()
    return numbers == list(range(5000))


async def refused(name):
    try:
        client = await connect(name)
        await client.close()
        return "connected"
    except Exception as error:
        return "refused"


calls["without a certificate"] = lambda: refused(None)
calls["a certificate of another authority"] = lambda: refused("foreign")
calls["an expired certificate"] = lambda: refused("expired")


def conversation(lines, name="client-a", connect_options='{"verbose":false,"headers":true,"no_responders":true}'):
    """What a server answers to raw lines; its own PINGs are passed over."""
    plain = socket.create_connection(("127.0.0.1", port), timeout=20)
    greeting = b""
    while not greeting.endswith(b"\r\n"):
        greeting += plain.recv(1)
    stream = context(name).wrap_socket(plain, server_hostname="127.0.0.1")
    if connect_options:
        stream.sendall(b"CONNECT " + connect_options.encode() + b"\r\n")
    text, closed = b"", False
    try:
        stream.sendall(lines.encode() + b"PING\r\n")
        while not text.endswith(b"PONG\r\n"):
            part = stream.recv(65536)
            if not part:
                closed = True
                break
            text += part.replace(b"PING\r\n", b"")
    except (ConnectionError, ssl.SSLError, socket.timeout) as error:
        closed = type(error) is not socket.timeout or "nothing"
    stream.close()
    text = text.replace(b"PONG\r\n", b"", 1) if not closed else text
    # Newer servers add the subject as a header.
    text = re.sub(rb"(\d+) \1\r\nNATS/1.0 503\r\n(Nats-Subject: .*\r\n)?\r\n\r\n", rb"NATS/1.0 503\r\n", text)
    return f"{text.decode()!r}{' closed' if closed else ''}"


V = '{"verbose":true,"headers":true,"no_responders":true}'
P = '{"verbose":false,"pedantic":true,"headers":true,"no_responders":true}'
raw = {
    "publish to foo.*": ("SUB foo.* 1\r\nPUB foo.* 2\r\nhi\r\n",),
    "publish to foo.*, pedantic": ("SUB foo.* 1\r\nPUB foo.* 2\r\nhi\r\n", P),
    "publish to foo.>, pedantic": ("PUB foo.> 2\r\nhi\r\n", P),
    "publish to an empty token": ("SUB > 1\r\nPUB foo..bar 2\r\nhi\r\n",),
    "publish to an empty token, pedantic": ("SUB > 1\r\nPUB foo..bar 2\r\nhi\r\n", P),
    "publish with a star in a token": ("SUB foo.* 1\r\nPUB foo.a*b 2\r\nhi\r\n", P),
    "subscribe to an empty token": ("SUB foo..bar 1\r\n",),
    "subscribe to a leading dot": ("SUB .foo 1\r\n",),
    "subscribe to a trailing dot": ("SUB foo. 1\r\n",),
    "subscribe with > inside": ("SUB foo.>.bar 1\r\n",),
    "subscribe with a star in a token": ("SUB foo*.bar 1\r\nPUB foo*.bar 2\r\nhi\r\n",),
    "subscribe with > in a token": ("SUB foo> 1\r\nPUB foo> 2\r\nhi\r\n",),
    "subscribe with an invalid queue": ("SUB foo a..b 1\r\nPUB foo 2\r\nhi\r\n",),
    "subscribe without a number": ("SUB foo\r\n",),
    "subscribe with five words": ("SUB foo q 1 2\r\n",),
    "subscribe twice with one number": ("SUB foo 1\r\nSUB bar 1\r\nPUB foo 1\r\na\r\nPUB bar 1\r\nb\r\n",),
    "two subscriptions of one subject": ("SUB foo 2\r\nSUB foo 1\r\nUNSUB 2\r\nPUB foo 1\r\na\r\n",),
    "verbose": ("SUB foo 1\r\nPUB foo 2\r\nhi\r\nUNSUB 1\r\n", V),
    "verbose by default": ("SUB foo 1\r\n", "{}"),
    "unsubscribe an unknown number": ("UNSUB 9\r\n", V),
    "unsubscribe without a number": ("UNSUB \r\n",),
    "unsubscribe with 0": ("SUB foo 1\r\nUNSUB 1 0\r\nPUB foo 1\r\na\r\n",),
    "unsubscribe after two": ("SUB foo 1\r\nUNSUB 1 2\r\nPUB foo 1\r\na\r\nPUB foo 1\r\nb\r\nPUB foo 1\r\nc\r\n",),
    "unsubscribe after what came": ("SUB foo 1\r\nPUB foo 1\r\na\r\nPUB foo 1\r\nb\r\nUNSUB 1 2\r\nPUB foo 1\r\nc\r\n",),
    "unsubscribe with a word": ("SUB foo 1\r\nUNSUB 1 x\r\nPUB foo 1\r\na\r\n",),
    "lower case and tabs": ("sub\tfoo\t1\r\npub foo   2\r\nhi\r\n",),
    "a line feed alone": ("SUB foo 1\nPUB foo 2\r\nhi\r\n",),
    "a payload without its end": ("SUB foo 1\r\nPUB foo 2\r\nhello\r\n",),
    "an unknown operation": ("NONSENSE\r\n",),
    "an operation of servers": ("MSG foo 1 2\r\nhi\r\n",),
    "+OK of a client": ("+OK\r\n",),
    "INFO of a client": ("INFO {}\r\n",),
    "PONG of a client": ("PONG\r\n",),
    "a payload too large": ("PUB foo 1048577\r\n",),
    "a negative size": ("PUB foo -1\r\n",),
    "a size that is no number": ("PUB foo x\r\n",),
    "a size without a subject": ("PUB 2\r\nhi\r\n",),
    "a control line too long": ("SUB " + "a" * 5000 + " 1\r\n",),
    "a control line of 4,000 bytes": ("SUB " + "a" * 4000 + " 1\r\n",),
    "a header": ("SUB foo 1\r\nHPUB foo 22 24\r\nNATS/1.0\r\nA: 1\r\n\r\nhi\r\n".replace("22 24", "18 20"),),
    "a header and a reply": ("SUB foo 1\r\nHPUB foo back 18 20\r\nNATS/1.0\r\nA: 1\r\n\r\nhi\r\n",),
    "a header longer than the message": ("HPUB foo 21 20\r\nNATS/1.0\r\nA: 1\r\n\r\nhi\r\n",),
    "a header without support": ("HPUB foo 18 20\r\nNATS/1.0\r\nA: 1\r\n\r\nhi\r\n", '{"verbose":false}'),
    "a header with a missing size": ("HPUB foo 20\r\n",),
    "no responders without headers": ("", '{"verbose":false,"no_responders":true}'),
    "nobody answers": ("SUB back 1\r\nPUB foo back 2\r\nhi\r\n",),
    "nobody answers, by wildcard": ("SUB back.* 1\r\nPUB foo back.7 2\r\nhi\r\n",),
    "nobody answers, with a header": ("SUB back 1\r\nHPUB foo back 18 20\r\nNATS/1.0\r\nA: 1\r\n\r\nhi\r\n",),
    "nobody answers, old client": ("SUB back 1\r\nPUB foo back 2\r\nhi\r\n", '{"verbose":false,"headers":true}'),
    "no echo": ("SUB foo 1\r\nPUB foo 2\r\nhi\r\n", '{"verbose":false,"echo":false}'),
    "CONNECT that is no JSON": ("", "{nonsense"),
    "CONNECT twice": ('CONNECT {"verbose":true}\r\nSUB foo 1\r\n',),
    "no CONNECT": ("SUB foo 1\r\n", None),
    "subscribe to the server's own": ("SUB $SYS.> 1\r\n",),
    "an empty line": ("\r\n",),
    "a reply with a wildcard": ("SUB foo 1\r\nPUB foo a.* 2\r\nhi\r\n", P),
    "a binary operation": ("\x00\x01\x02\r\n",),
}
for title, (lines, *options) in raw.items():
    calls[f"raw: {title}"] = lambda lines=lines, options=options: asyncio.to_thread(
        conversation, lines, "client-a", *options
    )


# With verify_and_map, and the users of the configuration.
mapped = {}
for title, name, lines in [
    ("publish what is allowed", "client-a", "PUB orders.new 2\r\nhi\r\n"),
    ("publish what is denied", "client-a", "PUB orders.secret 2\r\nhi\r\n"),
    ("publish what isn't allowed", "client-a", "PUB other 2\r\nhi\r\n"),
    ("publish a reply that isn't allowed", "client-a", "PUB orders.new other 2\r\nhi\r\n"),
    ("publish to a wildcard", "client-a", "PUB other.* 2\r\nhi\r\n"),
    ("publish to the server's own", "client-a", "PUB $SYS.REQ.USER.INFO 2\r\nhi\r\n"),
    ("subscribe to what is allowed", "client-a", "SUB orders.new 1\r\nPUB orders.new 2\r\nhi\r\n"),
    ("subscribe to what is denied", "client-a", "SUB orders.secret 1\r\n"),
    ("subscribe to what isn't allowed", "client-a", "SUB other 1\r\n"),
    ("subscribe to more than is allowed", "client-a", "SUB orders.> 1\r\nSUB > 2\r\n"),
    ("hear more than is allowed", "client-a", "SUB orders.> 1\r\nPUB orders.a.b 2\r\nhi\r\n"),
    ("subscribe to a wildcard with a denied subject", "client-a", "SUB orders.* 1\r\nPUB orders.closed 2\r\nhi\r\nPUB orders.open 2\r\nhi\r\n"),
    ("a queue group that is allowed", "client-b", "SUB jobs workers 1\r\nPUB jobs 2\r\nhi\r\n"),
    ("a queue group that isn't", "client-b", "SUB jobs others 1\r\n"),
    ("no queue group where one is asked for", "client-b", "SUB jobs 1\r\n"),
    ("no permissions of one's own", "client-f", "SUB sandbox.a 1\r\nPUB sandbox.a 2\r\nhi\r\nPUB jobs 2\r\nhi\r\nSUB jobs 2\r\n"),
    ("no user of the name", "client-d", "PUB jobs 2\r\nhi\r\n"),
]:
    mapped[f"mapped: {title}"] = lambda lines=lines, name=name: asyncio.to_thread(conversation, lines, name)
mapped["mapped: verbose, and denied"] = lambda: asyncio.to_thread(conversation, "PUB other 2\r\nhi\r\nSUB other 1\r\n", "client-a", V)
mapped["mapped: no CONNECT"] = lambda: asyncio.to_thread(conversation, "SUB orders.new 1\r\n", "client-a", None)
mapped["mapped: another user in CONNECT"] = lambda: asyncio.to_thread(
    conversation, "PUB other 2\r\nhi\r\n", "client-a", '{"verbose":false,"user":"CN=client-b","pass":"x"}'
)


async def responses():
    """client-e may publish nothing but answers."""
    a, e = await connect("client-a"), await connect("client-e")

    async def answer(message):
        await message.respond(b"first")
        await message.respond(b"second")

    await e.subscribe("help", cb=answer)
    await settle(e)
    reply = await a.request("help", b"", timeout=20)
    await settle(a, e)
    await e.publish("orders.new", b"")
    await settle(e)
    result = [reply.data.decode(), [re.sub(r'"_inbox[^"]*"', '"_inbox"', text) for text in e.noted]]
    await a.close(), await e.close()
    return result


async def listing(name, subject):
    client = await connect(name)
    await client.subscribe(subject)
    await settle(client)
    result = [client.is_connected, client.noted]
    await client.close()
    return result


mapped["mapped: responses alone"] = responses
mapped["mapped: subscribe, in nats-py"] = lambda: listing("client-a", "other")
mapped["mapped: nats-py without a user"] = lambda: listing("client-d", "other")


async def main():
    if sys.argv[4:] == ["mapped"]:
        calls.clear()
        calls.update(mapped)
        del sys.argv[4:]
    chosen = sys.argv[4:] or calls
    for name in chosen:
        try:
            result = await asyncio.wait_for(calls[name](), 60)
        except BaseException as error:
            result = f"{type(error).__name__}: {error}"
        print(f"{name}\t{result}", flush=True)


asyncio.run(main())
