internal import ArgumentParser
internal import Campaign
internal import ConformanceModel
internal import MutualTLS
internal import MutualTLSFiles

/// `countersign connect`
struct ConnectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect",
        abstract: "Connects with the library's client, and reports whether the server accepted it.",
        discussion: """
            The result is printed after the server's first line, because a TLS 1.3 server refuses a client's \
            certificate only after the client's handshake is over. A server that stays silent for --patience counts as \
            accepting.

            Ends with 0 when accepted, 1 when rejected or when there is no connection, 2 for wrong usage.

            Example: countersign connect localhost:8443 --ca root.crt --cert client.crt --key client.key
            """
    )

    @Argument(help: ArgumentHelp("The server; brackets around an IPv6 address.", valueName: "host:port"))
    var address: String

    @Option(help: ArgumentHelp("Authorities for the server, in PEM; may be repeated.", valueName: "file"))
    var ca: [String] = []

    @Option(
        help: ArgumentHelp(
            "The client's certificate in PEM; its intermediates may follow it in the file.",
            valueName: "file"
        )
    )
    var cert: String?

    @Option(help: ArgumentHelp("The private key of the certificate in PEM.", valueName: "file"))
    var key: String?

    @Option(help: ArgumentHelp("The name to verify and to send as SNI; the host by default.", valueName: "name"))
    var serverName: String?

    @Flag(help: "Verifies neither chain nor name of the server: anybody on the path can impersonate it.")
    var insecureSkipVerify = false

    @OptionGroup var versions: VersionOptions

    @Option(
        help: ArgumentHelp(
            "Offers the session kept in this file, and keeps new ones there; sessions are secrets.",
            valueName: "file"
        )
    )
    var sessions: String?

    @Option(help: ArgumentHelp("How long to wait for the server's first line.", valueName: "seconds"))
    var patience: Int = 2

    @Flag(help: "Writes JSON lines.")
    var json = false

    func validate() throws {
        guard (cert == nil) == (key == nil) else {
            throw ValidationError(
                cert == nil
                    ? "--key without --cert; give both or neither" : "--cert without --key; give both or neither"
            )
        }
        guard (0...86_400).contains(patience) else {
            throw ValidationError("--patience is \(patience); expected 0 to 86400 seconds")
        }
    }

    func run() async throws {
        let target = try HostAndPort(parsing: address, option: "HOST:PORT", ports: 1...65_535)
        let client = try CredentialLoading.checked { try settings(target.host).resolve() }
        let file = sessions.map(SessionFile.init)
        if let kept = try file?.read() {
            try CredentialLoading.checked { try client.importSessions(kept) }
        }
        let output = LineOutput(asJSON: json)
        let (report, greeting) = await connect(client, target)
        try file?.write(client.exportSessions())
        output.write(report)
        if let greeting, !greeting.isEmpty, !json { print("the server says: \(SingleLine.of(greeting))") }
        if !report.accepted { throw ExitCode(ProcessStatus.unexpectedResults.rawValue) }
    }

    private func settings(_ host: String) throws -> MutualTLSConfiguration.Client {
        let identity = try cert.flatMap { cert in
            try key.map { key in
                try IdentityFiles(certificate: cert, privateKey: key).load(logger: CredentialLoading.logger())
            }
        }
        var settings = MutualTLSConfiguration.Client(identity: identity, currentTime: CredentialLoading.clock)
        if !ca.isEmpty { settings.rootCAs = try CertificatePoolFiles(ca).load() }
        guard insecureSkipVerify || !ca.isEmpty else {
            throw CommandError.usage(
                "expected authorities to verify the server against; give them with --ca FILE, or skip verification "
                    + "with --insecure-skip-verify"
            )
        }
        settings.serverName = try ServerName(serverName ?? host)
        settings.insecureSkipVerify = insecureSkipVerify
        settings.minimumVersion = versions.minimum
        settings.maximumVersion = versions.maximum
        if sessions != nil { settings.sessions = .scoped() }
        settings.logger = CredentialLoading.logger()
        return settings
    }
}
