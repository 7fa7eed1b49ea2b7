internal import MutualTLS

/// Bytes of a peer on a connection.
enum TLSInputs {
    /// The certificates of the material are good at this time: 2025-06-15T12:00:00Z.
    private static let clock: @Sendable () -> Timestamp = { Timestamp(secondsSinceEpoch: 1_749_988_800) }

    private static let identity: Identity = {
        do {
            return try Identity(chain: [Certificate(pem: Material.pem)], privateKey: PrivateKey(pem: Material.pem))
        } catch {
            fatalError("the material doesn't read: \(error)")
        }
    }()

    private static let pool = CertificatePool([identity.certificate])

    private static let servers: [MutualTLSServer] = ClientAuth.allCases.map { mode in
        var settings = MutualTLSConfiguration.Server(identity: identity, currentTime: clock)
        settings.clientAuth = mode
        settings.clientCAs = pool
        settings.sessions = .scoped()
        return resolved { try settings.resolve() }
    }

    /// A server that has a policy for `server.test` and another one for the other names.
    static let hosts: MutualTLSServer = {
        var settings = MutualTLSConfiguration.Server(identity: identity, currentTime: clock)
        settings.defaultPolicyMayBeWeaker = true
        settings.identitiesByName = ["named.test": identity]
        settings.hosts = [
            "server.test": .init(identity: identity, clientAuth: .requireAndVerifyClientCert, clientCAs: pool),
            "*.server.test": .init(identity: identity, clientAuth: .requestClientCert),
        ]
        return resolved { try settings.resolve() }
    }()

    private static let clients: [MutualTLSClient] = [TLSVersion.tls12, .tls13].map { version in
        var settings = MutualTLSConfiguration.Client(identity: identity, currentTime: clock)
        settings.rootCAs = pool
        settings.serverName = resolved { try ServerName("server.test") }
        settings.maximumVersion = version
        settings.sessions = .scoped()
        return resolved { try settings.resolve() }
    }

    /// The first byte chooses the mode and how the rest is cut.
    static func server(_ bytes: [UInt8]) {
        guard let choice = bytes.first else { return }
        feed(resolved { try servers[Int(choice) % servers.count].makeConnection() }, bytes.dropFirst(), choice)
    }

    /// The first byte chooses the version and how the rest is cut.
    static func client(_ bytes: [UInt8]) {
        guard let choice = bytes.first else { return }
        let connection = resolved { try clients[Int(choice) % clients.count].makeConnection(offeringSession: false) }
        connection.start()
        feed(connection, bytes.dropFirst(), choice)
    }

    /// Certificates in DER, each behind its length in three bytes, as a TLS 1.2 server sends them: libssl verifies them
    /// before it asks for any proof.
    static func certificates(_ bytes: [UInt8]) {
        if let certificate = try? Certificate(der: bytes) {
            // Everything that is told of a certificate.
            _ = "\(certificate) \(certificate.dnsNames) \(certificate.uris) \(certificate.ipAddresses)"
            _ = (
                certificate.spiffeID, certificate.commonNames, certificate.organizations, certificate.extendedKeyUsages
            )
            _ = CertificatePool([certificate])
        }
        let list = bytes.count >= 3 && looksLikeList(bytes) ? bytes : length(bytes.count) + bytes
        let body = length(list.count) + list
        let message = [0x0B] + length(body.count) + body
        guard message.count <= 16_000 else { return }
        let connection = resolved { try clients[0].makeConnection(offeringSession: false) }
        connection.start()
        connection.receive(Material.serverHello12)
        connection.receive([0x16, 0x03, 0x03, UInt8(message.count >> 8), UInt8(message.count & 0xFF)] + message)
        _ = connection.failure.map { "\($0)" }
        precondition(connection.state != .established, "a server was taken for verified that proved nothing")
    }

    private static func feed(_ connection: Connection, _ bytes: ArraySlice<UInt8>, _ choice: UInt8) {
        let pieces = choice & 0x80 == 0 ? max(1, bytes.count) : 1 + Int(choice >> 4 & 7)
        var rest = bytes
        while !rest.isEmpty {
            connection.receive(Array(rest.prefix(pieces)))
            rest = rest.dropFirst(pieces)
            _ = connection.takeOutput()
        }
        if connection.state == .established { try? connection.send([1]) }
        _ = (connection.takeOutput(), connection.takeApplicationData(), connection.information.peerIdentity)
        _ = connection.failure.map { "\($0)" }
        connection.close()
        precondition(connection.information.peerIdentity == nil, "nobody proved an identity")
    }

    private static func looksLikeList(_ bytes: [UInt8]) -> Bool {
        let first = Int(bytes[0]) << 16 | Int(bytes[1]) << 8 | Int(bytes[2])
        return first + 3 <= bytes.count && bytes.count > 3 && bytes[0] == 0
    }

    private static func length(_ count: Int) -> [UInt8] {
        [UInt8(count >> 16 & 0xFF), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)]
    }

    private static func resolved<Value>(_ body: () throws -> sending Value) -> sending Value {
        do {
            return try body()
        } catch {
            fatalError("the settings of a fuzz target are wrong: \(error)")
        }
    }
}
