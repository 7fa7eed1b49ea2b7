import MutualTLS

/// A server and a client of the library, back to back in memory.
struct Pairing {
    let server: Connection
    let client: Connection
    /// How many bytes are handed over at a time; nil hands over all of them.
    var pieceSize: Int?

    init(_ server: MutualTLSServer, _ client: MutualTLSClient, pieceSize: Int? = nil) throws {
        self.server = try server.makeConnection()
        self.client = try client.makeConnection()
        self.pieceSize = pieceSize
    }

    init(
        server: MutualTLSConfiguration.Server,
        client: MutualTLSConfiguration.Client,
        pieceSize: Int? = nil
    ) throws {
        try self.init(server.resolve(), client.resolve(), pieceSize: pieceSize)
    }

    /// Moves bytes until neither side has any left.
    func run() {
        client.start()
        server.start()
        while client.hasOutput || server.hasOutput {
            Pairing.move(from: client, to: server, pieceSize)
            Pairing.move(from: server, to: client, pieceSize)
        }
    }

    /// Runs the handshake, and sends a byte each way if both sides say that they are established.
    func exchange() throws {
        run()
        if server.state == .established, client.state == .established {
            try server.send([1])
            try client.send([2])
            run()
        }
    }

    /// Whether both sides agree that the handshake held, and data went both ways.
    var isAccepted: Bool {
        server.failure == nil && client.failure == nil
            && server.takeApplicationData() == [2] && client.takeApplicationData() == [1]
    }

    static func move(from: Connection, to: Connection, _ pieceSize: Int? = nil) {
        let bytes = from.takeOutput()
        guard let pieceSize else {
            to.receive(bytes)
            return
        }
        var rest = bytes[...]
        while !rest.isEmpty {
            to.receive(Array(rest.prefix(pieceSize)))
            rest = rest.dropFirst(pieceSize)
        }
    }
}

/// A server that presents `server` and verifies against `root`, if the mode verifies.
func serverSettings(
    _ mode: ClientAuth = .requireAndVerifyClientCert,
    version: TLSVersion? = nil,
    pool: CertificatePool? = nil,
    identity: (any IdentityProvider)? = nil
) throws -> MutualTLSConfiguration.Server {
    var settings = MutualTLSConfiguration.Server(
        identity: try identity ?? shared.identity("server"),
        currentTime: clock
    )
    settings.clientAuth = mode
    settings.clientCAs = try pool ?? shared.pool("root")
    if let version {
        settings.minimumVersion = version
        settings.maximumVersion = version
    }
    return settings
}

/// A client that expects `server.test` of `root`, and presents the identity if asked.
func clientSettings(_ identity: (any IdentityProvider)? = nil) throws -> MutualTLSConfiguration.Client {
    var settings = MutualTLSConfiguration.Client(identity: identity, currentTime: clock)
    settings.rootCAs = try shared.pool("root")
    settings.serverName = try ServerName("server.test")
    // Weak keys are presented on purpose in some tests.
    settings.securityLevel = 0
    return settings
}
