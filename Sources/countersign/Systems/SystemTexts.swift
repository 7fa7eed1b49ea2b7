/// The configuration files of the documented systems, and the small programs that talk to them.
extension DocumentedSystem {
    /// Files by their names. Paths in them are relative to the folder, where the system's syntax has such.
    func texts(folder: String, port: Int) -> [(name: String, text: String)] {
        switch self {
        case .ergo: [(configurationFile, Self.nodes(port))]
        case .nats:
            [
                (configurationFile, Self.server(folder, port)),
                ("client-a.conf", Self.client("client-a", folder, port)),
                ("client-b.conf", Self.client("client-b", folder, port)), ("talk.py", Self.talk),
            ]
        case .http: [(configurationFile, Self.http(port))]
        case .gateway: [(configurationFile, Self.gateway(port)), ("health.js", Self.health)]
        }
    }

    private static func nodes(_ port: Int) -> String {
        """
        {
          "clusterCA": "cluster-ca.pem",
          "clientAuth": "RequireAndVerifyClientCert",
          "host": "localhost",
          "port": \(port),
          "nodes": [
            {"name": "node-a@localhost", "certificate": "node-a.pem", "privateKey": "node-a-key.pem"},
            {"name": "node-b@localhost", "certificate": "node-b.pem", "privateKey": "node-b-key.pem"}
          ]
        }

        """
    }

    private static func http(_ port: Int) -> String {
        """
        {
          "host": "localhost",
          "port": \(port),
          "certFile": "server.crt",
          "keyFile": "server.key",
          "clientCAs": "ca.crt",
          "clientAuth": "RequireAndVerifyClientCert"
        }

        """
    }

    private static func gateway(_ port: Int) -> String {
        """
        {
          "server": {
            "auth_location": {"serverOrDNS": "localhost"},
            "hmac": {"enableHmac": true, "clientId": "nuxt-gateway", "sharedSecret": "\(secret())"},
            "ssl": {
              "enableSSL": true,
              "mainDirPath": "certs",
              "rootCertsPath": "ca.crt",
              "clientCertsPath": "client.crt",
              "clientKeyPath": "client.key"
            }
          },
          "iam": {
            "host": "localhost",
            "port": \(port),
            "certificate": "iam.crt",
            "privateKey": "iam.key",
            "clientCAs": "certs/ca.crt"
          }
        }

        """
    }

    private static func secret() -> String {
        String((0..<32).map { _ in "0123456789abcdef".randomElement() ?? "0" })
    }

    private static func server(_ folder: String, _ port: Int) -> String {
        """
        listen: "127.0.0.1:\(port == 0 ? -1 : port)"
        tls {
          cert_file: "\(folder)/server.pem"
          key_file: "\(folder)/server.key"
          # The documented client_auth is no key of NATS: nats-server doesn't start with it.
          verify: true
          ca_file: "\(folder)/clients.pem"
        }

        """
    }

    private static func client(_ name: String, _ folder: String, _ port: Int) -> String {
        """
        servers: ["tls://localhost:\(port == 0 ? 4222 : port)"]
        tls {
          cert_file: "\(folder)/\(name).pem"
          key_file: "\(folder)/\(name).key"
          ca_file: "\(folder)/server-ca.pem"
        }

        """
    }

    /// client-a and client-b with nats-py; the port is the first argument.
    private static let talk = """
        import asyncio
        import ssl
        import sys

        import nats  # pip install nats-py


        async def connect(name):
            tls = ssl.create_default_context(cafile="server-ca.pem")
            tls.load_cert_chain(f"{name}.pem", f"{name}.key")
            return await nats.connect(f"tls://localhost:{sys.argv[1]}", tls=tls, allow_reconnect=False)


        async def main():
            a, b = await connect("client-a"), await connect("client-b")
            heard = await b.subscribe("greetings.*")
            await b.flush()
            await a.publish("greetings.b", b"hello")
            message = await heard.next_msg(timeout=10)
            print(f"client-b heard {message.data.decode()} on {message.subject}")
            await a.close()
            await b.close()


        asyncio.run(main())

        """

    /// The documented call with an agent of Node's; the port is the first argument.
    private static let health = """
        const fs = require('node:fs')
        const https = require('node:https')

        const agent = new https.Agent({
          keepAlive: true,
          ca: fs.readFileSync('certs/ca.crt'),
          cert: fs.readFileSync('certs/client.crt'),
          key: fs.readFileSync('certs/client.key')
        })
        https.get({ agent, host: 'localhost', port: Number(process.argv[2]), path: '/health' }, (response) => {
          response.setEncoding('utf8')
          response.on('data', (text) => process.stdout.write(`${response.statusCode} ${text}`))
          response.on('end', () => agent.destroy())
        }).on('error', (error) => {
          console.error(`${error.code}: ${error.message}`)
          process.exitCode = 1
        })

        """
}
