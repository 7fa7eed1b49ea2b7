import PeerPrograms

/// A client of another stack that is pointed at `countersign serve`.
enum ForeignClient: String, Sendable {
    case curl, openssl, gnutls, python, go, node

    /// The program that is looked for in PATH.
    var program: String {
        switch self {
        case .curl: "curl"
        case .openssl: "openssl"
        case .gnutls: "gnutls-cli"
        case .python: "python3"
        case .go: "go"
        case .node: "node"
        }
    }

    var isInstalled: Bool { PeerProgram.isInstalled(program) }

    /// Go's client sends no certificate that the server's CA names have not signed; the others send what they hold.
    var heedsCANames: Bool { self == .go }

    func start(_ row: PeerRow, port: Int) async throws -> RunningProgram {
        let pki = try await PeerPKI.shared.value
        let started =
            self == .go ? try await PeerPKI.goProgram("client") : PeerProgram(program)
        guard let started else { throw Missing(program: program) }
        // An input that stays open: s_client and gnutls-cli end with theirs.
        return try started.start(arguments(row, port), in: pki.folder, input: "")
    }

    struct Missing: Error {
        let program: String
    }

    private func arguments(_ row: PeerRow, _ port: Int) -> [String] {
        let own =
            ["127.0.0.1", "\(port)", "root.crt", row.version] + row.credentialOptions("", "").filter { !$0.isEmpty }
        return switch self {
        case .curl:
            ["--silent", "--show-error", "--no-buffer", "--http0.9", "--noproxy", "*", "--cacert", "root.crt"]
                + ["--tlsv\(row.version)", "--tls-max", row.version, "https://127.0.0.1:\(port)/"]
                + row.credentialOptions("--cert", "--key")
        case .openssl:
            ["s_client", "-connect", "127.0.0.1:\(port)", "-CAfile", "root.crt", "-verify_return_error"]
                + [row.version == "1.2" ? "-tls1_2" : "-tls1_3"] + row.credentialOptions("-cert", "-key")
        case .gnutls:
            ["127.0.0.1", "--port", "\(port)", "--x509cafile", "root.crt"]
                + ["--priority", "NORMAL:-VERS-ALL:+VERS-TLS\(row.version)"]
                + row.credentialOptions("--x509certfile", "--x509keyfile")
        case .python: ["\(PeerPKI.fixtures)/client.py"] + own
        case .node: ["\(PeerPKI.fixtures)/client.js"] + own
        case .go: own
        }
    }

    /// The exit code of the client when it was refused: curl tells a failed handshake from a failed read.
    func refusedStatus(version: String) -> Int32 {
        guard self == .curl else { return 1 }
        return version == "1.2" ? 35 : 56
    }

    /// The alert in the client's words.
    func words(_ alert: String) -> String {
        let underscored = alert.split(separator: "_").joined(separator: " ")
        return switch (self, alert) {
        case (.go, "unknown_ca"): "tls: unknown certificate authority"
        case (.gnutls, "unknown_ca"): "alert [48]"
        case (.gnutls, "certificate_required"): "alert [116]"
        case (.gnutls, "handshake_failure"): "alert [40]"
        default: underscored
        }
    }
}
