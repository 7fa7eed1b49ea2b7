// Connects as Node's tls does: client.js HOST PORT CA VERSION [CERT KEY]. Prints the server's first line.
// Ends with 0 when the server has greeted, and with 1 and the error when TLS has failed.
'use strict';
const fs = require('fs');
const tls = require('tls');

const [host, port, authority, version, certificate, key] = process.argv.slice(2);
let text = '';
const connection = tls.connect({
  host,
  port: Number(port),
  ca: fs.readFileSync(authority),
  minVersion: `TLSv${version}`,
  maxVersion: `TLSv${version}`,
  ...(certificate && { cert: fs.readFileSync(certificate), key: fs.readFileSync(key) }),
});
connection.on('data', (data) => {
  text += data;
  const end = text.indexOf('\n');
  if (end < 0) return;
  process.stdout.write(text.slice(0, end + 1));
  connection.end();
});
connection.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
connection.on('close', () => {
  if (!text.includes('\n')) process.exitCode = 1;
});
