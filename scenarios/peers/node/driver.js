// Puts Node's tls behind the protocol of docs/peer-drivers.md.
"use strict";
const crypto = require("node:crypto");
const fs = require("node:fs");
const net = require("node:net");
const readline = require("node:readline");
const tls = require("node:tls");

const PATIENCE = 10000;
const modes = {
  NoClientCert: { requestCert: false, rejectUnauthorized: false },
  RequestClientCert: { requestCert: true, rejectUnauthorized: false },
  RequireAndVerifyClientCert: { requestCert: true, rejectUnauthorized: true },
};

// What serves and connects now; replaced by configure, forgotten by stop.
let options = null;
let server = null;
let seen = [];
let waiting = null;

const verbs = {
  hello: (_, answer) =>
    answer({ event: "hello", protocol: 1, name: "node", version: process.versions.node, roles: ["server", "client"] }),
  configure(order, answer) {
    try {
      options = order.role === "server" ? serverOptions(order.server) : clientOptions(order.client);
      tls.createSecureContext(options);
      answer({ event: "configured" });
    } catch (error) {
      const reason = /mismatch/.test(error.message) ? "mismatched-key" : "other";
      answer({ event: "refused", reason, detail: error.message });
    }
  },
  listen(_, answer) {
    seen = [];
    server = tls.createServer(options, (socket) => greet(socket, report));
    server.on("tlsClientError", (error, socket) => {
      report({ ...failure(error, "handshake"), sni: socket.servername || null });
    });
    server.listen(0, "127.0.0.1", () => answer({ event: "listening", port: server.address().port }));
  },
  observe(_, answer) {
    if (seen.length > 0) answer(seen.shift());
    else waiting = answer;
  },
  connect(order, answer) {
    const raw = net.connect({ port: order.port, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
    let phase = "handshake";
    let isTold = false;
    const tell = (told) => {
      if (isTold) return;
      isTold = true;
      answer(told);
    };
    raw.on("error", () => {});
    const socket = tls.connect({ ...options, socket: raw }, () => (phase = "first-read"));
    socket.setTimeout(PATIENCE, () => socket.destroy(new Error("the server is silent")));
    let heard = "";
    socket.on("data", (data) => {
      heard += data;
      if (!heard.includes("\n") || isTold) return;
      socket.end("hello yourself\n");
      tell(success(socket, options.rejectUnauthorized));
    });
    socket.on("error", (error) => tell(failure(error, phase)));
    // A server that hangs up without an alert leaves this half of the connection open.
    socket.on("end", () => socket.destroy());
    socket.on("close", () => tell(failure(new Error("the server hung up"), phase)));
  },
  stop(_, answer) {
    if (server) server.close();
    server = options = waiting = null;
    answer({ event: "stopped" });
  },
};

function report(told) {
  if (waiting) {
    const answer = waiting;
    waiting = null;
    answer(told);
  } else {
    seen.push(told);
  }
}

function identity(files) {
  return files ? { cert: fs.readFileSync(files.chain), key: fs.readFileSync(files.key) } : {};
}

function serverOptions(settings) {
  return {
    ...identity(settings.identity),
    ...modes[settings.mode],
    ca: settings.clientCAs ? split(settings.clientCAs) : undefined,
    minVersion: `TLSv${settings.tls}`,
    maxVersion: `TLSv${settings.tls}`,
    handshakeTimeout: PATIENCE,
    noDelay: true,
  };
}

function clientOptions(settings) {
  return {
    ...identity(settings.identity),
    ca: settings.rootCAs ? split(settings.rootCAs) : undefined,
    servername: settings.serverName,
    rejectUnauthorized: !settings.skipVerify,
    minVersion: `TLSv${settings.tls}`,
    maxVersion: `TLSv${settings.tls}`,
  };
}

// Of a file with several certificates `ca` would take the first alone in old versions.
function split(path) {
  return fs.readFileSync(path, "utf8").match(/-----BEGIN[^]+?END CERTIFICATE-----/g) || [];
}

function greet(socket, tell) {
  let heard = "";
  let isTold = false;
  const once = (told) => {
    if (isTold) return;
    isTold = true;
    tell({ ...told, sni: socket.servername || null });
  };
  socket.setTimeout(PATIENCE, () => socket.destroy(new Error("the client is silent")));
  socket.on("data", (data) => {
    heard += data;
    if (!heard.includes("\n") || isTold) return;
    once(success(socket, socket.authorized));
    socket.end();
  });
  socket.on("error", (error) => once(failure(error, "first-read")));
  socket.on("close", () => once(failure(new Error("the client hung up"), "first-read")));
  socket.write("hello\n");
}

function success(socket, isVerified) {
  const peer = socket.getPeerCertificate();
  const isPresent = Boolean(peer && peer.raw);
  return {
    event: "connection",
    accepted: true,
    alertSent: null,
    alertReceived: null,
    received: isPresent ? { sha256: crypto.createHash("sha256").update(peer.raw).digest("hex") } : null,
    verified: isPresent && isVerified,
    version: socket.getProtocol().replace("TLSv", ""),
    cipherSuite: socket.getCipher().standardName,
    resumed: socket.isSessionReused(),
  };
}

function failure(error, noticed) {
  const match = /SSL alert number (\d+)/.exec(error.message);
  return {
    event: "connection",
    accepted: false,
    noticed,
    // Bun tells of no alert: whether one came stays open there.
    alertReceived: match ? Number(match[1]) : process.versions.bun ? undefined : null,
    detail: error.message,
  };
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const order = JSON.parse(line);
  const answer = (told) => process.stdout.write(JSON.stringify({ ...told, id: order.id }) + "\n");
  try {
    verbs[order.do](order, answer);
  } catch (error) {
    answer({ event: "error", detail: error.stack });
  }
}).on("close", () => process.exit(0));
