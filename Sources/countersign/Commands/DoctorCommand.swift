internal import ArgumentParser
internal import Campaign
internal import Diagnostics
internal import MutualTLS

/// `countersign doctor`
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks certificates, keys, authorities and revocation lists before any connection.",
        discussion: """
            Files and folders without an option are sorted by their content; given authorities are used to verify the \
            given certificates. In a configuration of NATS, nginx, HAProxy, Apache httpd, Envoy, PostgreSQL, Redis, \
            mosquitto or etcd the settings for TLS are read, with the files that they name; in a Kubernetes secret its \
            entries. Each finding names a failure mode, which countersign explain describes, and a command that shows \
            it without this program. A certificate with its key and authorities is also tried in a handshake in memory.

            Ends with 0 without errors (warnings and notes may remain), with 1 otherwise.

            Example: countersign doctor client.crt client.key ca.crt

            Example: countersign doctor nats.conf
            """
    )

    @Argument(help: ArgumentHelp("Files, or folders with them.", valueName: "path"))
    var paths: [String] = []

    @Option(
        help: ArgumentHelp("The certificate in PEM; its intermediates may follow it in the file.", valueName: "file")
    )
    var cert: String?

    @Option(help: ArgumentHelp("The private key of the certificate.", valueName: "file"))
    var key: String?

    @Option(help: ArgumentHelp("Authorities by which the other side verifies the certificate.", valueName: "file"))
    var ca: [String] = []

    @Option(help: ArgumentHelp("Authorities by which this side verifies the other side.", valueName: "file"))
    var peerCA: [String] = []

    @Option(help: ArgumentHelp("Revocation lists.", valueName: "file"))
    var crl: [String] = []

    @Option(help: "The certificate's use: client, server, or peer for both; guessed by default.")
    var role: DoctorRole?

    @Option(help: ArgumentHelp("The name that clients dial.", valueName: "name"))
    var name: String?

    @Option(help: ArgumentHelp("Warns about certificates that expire within this many days.", valueName: "days"))
    var expiresWithin: Int = 30

    @Flag(help: "Writes a JSON object for each finding.")
    var json = false

    func validate() throws {
        guard !paths.isEmpty || cert != nil || !ca.isEmpty || !crl.isEmpty || key != nil else {
            throw ValidationError("nothing to look at; give files, or a folder")
        }
        guard (0...36_500).contains(expiresWithin) else {
            throw ValidationError("--expires-within is \(expiresWithin); expected 0 to 36500 days")
        }
    }

    func run() throws {
        let findings = try CredentialLoading.checked { try Examination(request()).findings() }
        let output = LineOutput(asJSON: json)
        for finding in findings { output.write(finding) }
        let errors = findings.count { $0.severity == .error }
        if !json { print(errors == 0 ? "no errors" : "\(errors) error\(errors == 1 ? "" : "s")") }
        if errors > 0 { throw ExitCode(ProcessStatus.unexpectedResults.rawValue) }
    }

    private func request() throws -> ExaminationRequest {
        var request = ExaminationRequest(now: CredentialLoading.clock(), margin: Int64(expiresWithin) * 86_400)
        request.paths = paths
        request.certificate = cert
        request.key = key
        request.authorities = ca
        request.peerAuthorities = peerCA
        request.lists = crl
        request.roles = role?.roles ?? []
        request.name = try name.map(ServerName.init)
        return request
    }
}

/// The purposes that a certificate is judged for.
enum DoctorRole: String, ExpressibleByArgument, CaseIterable {
    case client, server, peer

    var roles: [CertificateChecks.Role] {
        switch self {
        case .client: [.client]
        case .server: [.server]
        case .peer: [.client, .server]
        }
    }
}
