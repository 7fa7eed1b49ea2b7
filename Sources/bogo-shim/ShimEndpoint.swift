internal import MutualTLS
internal import MutualTLSFiles

/// The library's server or client, as the flags of a connection ask for it.
///
/// BoringSSL's shim answers for a certificate in a callback that accepts whatever comes. What goes with it here are the
/// two modes that don't verify, and `insecureSkipVerify`; `-trust-cert` asks for a verification, and `-verify-fail`
/// for one that trusts nobody.
enum ShimEndpoint {
    case server(MutualTLSServer)
    case client(MutualTLSClient)

    /// - Parameters:
    ///   - ticketKeys: what the tickets of all connections of this run are protected with.
    ///   - earlier: the endpoint of the connection before, whose sessions a client takes over.
    init(
        _ flags: ShimFlags,
        ticketKeys: TicketKeys,
        after earlier: ShimEndpoint?,
        clock: @escaping @Sendable () -> Timestamp
    ) throws {
        guard !flags.isServer else {
            self = .server(try ShimEndpoint.serverSettings(flags, ticketKeys: ticketKeys, clock: clock).resolve())
            return
        }
        let client = try ShimEndpoint.clientSettings(flags, clock: clock).resolve()
        if case .client(let earlier) = earlier {
            try client.importSessions(earlier.exportSessions())
        }
        self = .client(client)
    }

    /// Makes the next connection.
    func makeConnection() throws(MutualTLSError) -> Connection {
        switch self {
        case .server(let server): try server.makeConnection()
        case .client(let client): try client.makeConnection()
        }
    }

    static func serverSettings(
        _ flags: ShimFlags,
        ticketKeys: TicketKeys,
        clock: @escaping @Sendable () -> Timestamp
    ) throws -> MutualTLSConfiguration.Server {
        var settings = MutualTLSConfiguration.Server(identity: try identity(flags), currentTime: clock)
        settings.clientAuth = clientAuth(flags)
        if settings.clientAuth.verifiesCertificate {
            settings.clientCAs = try pool(flags)
        }
        switch flags.clientCANames {
        case .names(let names)?: settings.acceptableCANames = .names(names)
        case ClientCANames.none?, nil: settings.acceptableCANames = .none
        }
        settings.sessions = flags.hasNoTicket ? .off : .scoped(ticketKeys: ticketKeys)
        settings.minimumVersion = flags.minimumVersion
        settings.maximumVersion = flags.maximumVersion
        return settings
    }

    static func clientSettings(
        _ flags: ShimFlags,
        clock: @escaping @Sendable () -> Timestamp
    ) throws -> MutualTLSConfiguration.Client {
        var settings = MutualTLSConfiguration.Client(identity: try identity(flags), currentTime: clock)
        settings.serverName = try flags.hostName.map { try ServerName($0) }
        if flags.verifiesPeer, flags.verifyFails || flags.trustCert != nil {
            settings.rootCAs = try pool(flags)
            // A pool that trusts nobody refuses before the name matters; an address is sent to no server.
            settings.serverName = try settings.serverName ?? ServerName("127.0.0.1")
        } else {
            settings.insecureSkipVerify = true
        }
        settings.sessions = flags.hasNoTicket ? .off : .scoped()
        settings.minimumVersion = flags.minimumVersion
        settings.maximumVersion = flags.maximumVersion
        return settings
    }

    private static func clientAuth(_ flags: ShimFlags) -> ClientAuth {
        let isRequired = flags.requiresAnyClientCertificate
        guard isRequired || flags.verifiesPeer else { return .noClientCert }
        if flags.verifyFails || flags.trustCert != nil {
            return isRequired ? .requireAndVerifyClientCert : .verifyClientCertIfGiven
        }
        return isRequired ? .requireAnyClientCert : .requestClientCert
    }

    private static func identity(_ flags: ShimFlags) throws -> Identity? {
        guard let certFile = flags.certFile, let keyFile = flags.keyFile else { return nil }
        return try IdentityFiles(certificate: certFile, privateKey: keyFile).load()
    }

    private static func pool(_ flags: ShimFlags) throws -> CertificatePool {
        guard !flags.verifyFails, let file = flags.trustCert else { return CertificatePool([]) }
        return try CertificatePoolFiles(file).load()
    }
}
