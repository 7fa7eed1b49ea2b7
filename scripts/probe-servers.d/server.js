// A TLS server of Node: server.js CERT KEY CA REQUEST REJECT, the last two being requestCert and rejectUnauthorized.
const fs = require('fs');
const tls = require('tls');
const [, , cert, key, ca, request, reject] = process.argv;
const options = {
  cert: fs.readFileSync(cert),
  key: fs.readFileSync(key),
  ca: fs.readFileSync(ca),
  requestCert: request === 'true',
  rejectUnauthorized: reject === 'true',
};
const server = tls.createServer(options, (socket) => {
  socket.on('error', () => {});
  socket.on('end', () => socket.end());
  socket.write('hello\n');
});
server.on('tlsClientError', () => {});
server.listen(0, '127.0.0.1', () => console.log('listening', server.address().port));
