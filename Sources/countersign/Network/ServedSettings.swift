internal import Campaign
internal import ConformanceCatalogue
internal import MutualTLS
internal import MutualTLSFiles
internal import MutualTLSNIO
internal import NIOCore
internal import NIOPosix

/// The library's settings and acceptor, as the options of `serve` ask for them.
extension ServeCommand {
    /// Serves until a signal comes.
    func serve(_ server: MutualTLSServer, _ identities: ServedIdentities, _ host: String, _ port: Int) async throws {
        let output = LineOutput(asJSON: json)
        let (signals, signal) = AsyncStream.makeStream(of: Int32.self)
        try Interruption.catchSignals { signal.yield($0) }
        let acceptor = try await accept(server, host, port, output)
        output.write(ListeningLine(host: host, port: acceptor.port))
        let watching = Task { await identities.watch(output) }
        for await _ in signals { break }
        watching.cancel()
        await acceptor.shutdown(deadline: .seconds(2))
    }

    private func accept(
        _ server: MutualTLSServer,
        _ host: String,
        _ port: Int,
        _ output: LineOutput
    ) async throws -> MutualTLSAcceptor {
        var options = MutualTLSAcceptorOptions()
        options.quietPeriod = .zero
        do {
            return try await MutualTLSAcceptor.bind(
                server,
                host: host,
                port: port,
                group: MultiThreadedEventLoopGroup.singleton,
                options: options
            ) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ServedConnection(output))
                }
            }
        } catch let error as MutualTLSError {
            throw CommandError.usage(error.message)
        }
    }

    func settings(_ identities: ServedIdentities) throws -> MutualTLSConfiguration.Server {
        var settings = MutualTLSConfiguration.Server(
            identity: identities.defaultIdentity,
            currentTime: CredentialLoading.clock
        )
        settings.identitiesByName = identities.byName
        settings.hosts = identities.hosts
        settings.defaultPolicyMayBeWeaker = weakerDefault
        settings.clientAuth = try mode()
        if !clientCA.isEmpty { settings.clientCAs = try CertificatePoolFiles(clientCA).load() }
        if !crl.isEmpty { settings.revocation = .leaf(try RevocationListFiles(crl).load()) }
        settings.minimumVersion = versions.minimum
        settings.maximumVersion = versions.maximum
        if let sessionLifetime { settings.sessions = .scoped(lifetime: .seconds(sessionLifetime)) }
        settings.logger = CredentialLoading.logger()
        if settings.clientAuth.verifiesCertificate, settings.clientCAs == nil {
            throw CommandError.usage(
                "--client-auth \(clientAuth) verifies clients and needs authorities; give them with --client-ca FILE"
            )
        }
        return settings
    }

    private func mode() throws -> ClientAuth {
        if let mode = ClientAuth(rawValue: clientAuth) { return mode }
        let names = ClientAuth.allCases.map(\.rawValue)
        let nearest = Spelling.nearest(to: clientAuth, in: names).map { "; did you mean \($0)?" } ?? ""
        throw CommandError.usage(
            "--client-auth: expected one of \(names.joined(separator: ", ")), found “\(clientAuth)”\(nearest)"
        )
    }
}
