internal import Campaign
internal import ConformanceCatalogue
internal import Logging
internal import MutualTLS
internal import MutualTLSFiles
internal import MutualTLSNIO
internal import NIOCore
internal import NIOPosix

/// The identities of `serve`, each loaded once, or kept up to date with its files.
struct ServedIdentities: Sendable {
    let defaultIdentity: any IdentityProvider
    let byName: [String: any IdentityProvider]
    let hosts: [String: MutualTLSConfiguration.Server.Host]
    private let reloaders: [IdentityReloader]

    init(_ command: ServeCommand) throws {
        var reloaders: [IdentityReloader] = []
        func provider(_ files: IdentityFiles) throws -> any IdentityProvider {
            let logger = CredentialLoading.logger()
            guard command.reload else { return try files.load(logger: logger) }
            let reloader = try IdentityReloader(files, at: CredentialLoading.clock(), logger: nil)
            for warning in reloader.warnings { logger.warning("\(warning)") }
            reloaders.append(reloader)
            return FreshIdentity(reloader: reloader)
        }
        defaultIdentity = try provider(
            IdentityFiles(certificate: command.cert, privateKey: command.key, chain: command.chain)
        )
        var byName: [String: any IdentityProvider] = [:]
        for text in command.sni {
            let assignment = try ServerNameAssignment(parsing: text)
            guard byName[assignment.name] == nil else {
                throw CommandError.usage("--sni: \(assignment.name) is given twice; give each name one identity")
            }
            byName[assignment.name] = try provider(
                IdentityFiles(certificate: assignment.certificate, privateKey: assignment.key)
            )
        }
        self.byName = byName
        var hosts: [String: MutualTLSConfiguration.Server.Host] = [:]
        for text in command.host {
            let assignment = try HostAssignment(parsing: text)
            guard hosts[assignment.name] == nil else {
                throw CommandError.usage("--host: \(assignment.name) is given twice; give each name one policy")
            }
            hosts[assignment.name] = .init(
                identity: try provider(
                    IdentityFiles(certificate: assignment.certificate, privateKey: assignment.key)
                ),
                clientAuth: assignment.clientAuth,
                clientCAs: try assignment.clientCA.map { try CertificatePoolFiles($0).load() }
            )
        }
        self.hosts = hosts
        self.reloaders = reloaders
    }

    /// Prints what becomes of each change, until the task is cancelled.
    func watch(_ output: LineOutput) async {
        guard !reloaders.isEmpty else { return }
        await withTaskGroup(of: Void.self) { group in
            for reloader in reloaders {
                let statuses = reloader.statuses()
                group.addTask {
                    for await status in statuses {
                        output.write(
                            ReloadLine(
                                files: reloader.paths,
                                served: .init(sha256: status.value.certificate.sha256Hexadecimal),
                                reason: status.reason?.message
                            )
                        )
                    }
                }
            }
            await group.waitForAll()
        }
    }
}

/// An identity whose files are looked at for each handshake, so that a new connection never shows an old one.
private struct FreshIdentity: IdentityProvider {
    let reloader: IdentityReloader

    var identity: Identity {
        reloader.check(at: CredentialLoading.clock())
        return reloader.value
    }
}

/// One `--sni NAME=CERT,KEY`.
struct ServerNameAssignment: Hashable {
    var name: String
    var certificate: String
    var key: String

    init(parsing text: String) throws {
        let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let files = halves.last.map { $0.split(separator: ",", omittingEmptySubsequences: false) } ?? []
        guard halves.count == 2, files.count == 2, !halves[0].isEmpty, files.allSatisfy({ !$0.isEmpty }) else {
            throw CommandError.usage(
                "--sni: expected NAME=CERT,KEY, found “\(text)”; for example a.example.test=a.crt,a.key"
            )
        }
        name = String(halves[0])
        certificate = String(files[0])
        key = String(files[1])
    }
}

/// One `--host NAME=CERT,KEY,MODE` or `--host NAME=CERT,KEY,MODE,CA`.
struct HostAssignment: Hashable {
    var name: String
    var certificate: String
    var key: String
    var clientAuth: ClientAuth
    var clientCA: String?

    init(parsing text: String) throws {
        let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let parts =
            halves.last.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) } ?? []
        guard halves.count == 2, (3...4).contains(parts.count), !halves[0].isEmpty, parts.allSatisfy({ !$0.isEmpty })
        else {
            throw CommandError.usage(
                "--host: expected NAME=CERT,KEY,MODE[,CA], found “\(text)”; for example "
                    + "admin.example.test=admin.crt,admin.key,RequireAndVerifyClientCert,admins.crt"
            )
        }
        guard let mode = ClientAuth(rawValue: parts[2]) else {
            let names = ClientAuth.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandError.usage("--host \(halves[0]): expected one of \(names) as mode, found “\(parts[2])”")
        }
        guard parts.count == 4 || !mode.verifiesCertificate else {
            throw CommandError.usage(
                "--host \(halves[0]): \(mode.rawValue) verifies clients and needs authorities; add a file of them"
            )
        }
        name = String(halves[0])
        certificate = parts[0]
        key = parts[1]
        clientAuth = mode
        clientCA = parts.count == 4 ? parts[3] : nil
    }
}

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
