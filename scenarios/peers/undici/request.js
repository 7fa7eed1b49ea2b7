// One request with undici, and what it saw in lines: URL ADDRESS TLS SKIP-VERIFY [ca=FILE] [cert=FILE key=FILE]
"use strict";
const fs = require("node:fs");
const { Client, buildConnector } = require("undici");

const [url, address, version, skipVerify, ...rest] = process.argv.slice(2);
const files = Object.fromEntries(rest.map((word) => word.split(/=(.*)/s).slice(0, 2)));
const certificates = (path) => fs.readFileSync(path, "utf8").match(/-----BEGIN[^]+?END CERTIFICATE-----/g) || [];
const line = (error) => error.message.replace(/\s+/g, " ");

const connector = buildConnector({
  ca: files.ca && certificates(files.ca),
  cert: files.cert && fs.readFileSync(files.cert),
  key: files.key && fs.readFileSync(files.key),
  rejectUnauthorized: skipVerify !== "true",
  minVersion: `TLSv${version}`,
  maxVersion: `TLSv${version}`,
  timeout: 4000,
  lookup: (name, options, answer) =>
    options.all ? answer(null, [{ address, family: 4 }]) : answer(null, address, 4),
});

function connect(options, answer) {
  try {
    connector(options, (error, socket) => {
      if (error) return answer(error);
      const peer = socket.getPeerCertificate();
      console.log(`connected ${socket.getProtocol()} serial=${peer.serialNumber} verified=${skipVerify !== "true"}`);
      answer(null, socket);
    });
  } catch (error) {
    console.log(`settings: ${line(error)}`);
    answer(error);
  }
}

async function main() {
  const client = new Client(url, { connect, headersTimeout: 4000, bodyTimeout: 4000 });
  const { statusCode, body } = await client.request({ path: "/", method: "GET" });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`status ${statusCode}`);
  console.log(`accepted ${text}`);
  await client.close();
}

main().catch((error) => {
  console.log(`failed: ${line(error)}`);
  process.exit(1);
});
