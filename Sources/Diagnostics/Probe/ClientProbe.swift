internal import ConformanceModel
internal import Glibc
package import MutualTLS
internal import ThrowawayPKI

/// The same questions asked of clients that connect here.
///
/// Connections take turns: the first names no authorities, the second one that issued nobody's certificate, and so on,
/// so that a client that looks at the names is told from one that always presents its certificate.
package struct ClientProbe {
    package struct Line: Encodable, CustomStringConvertible {
        let event = "client"
        /// The authorities in the server's CertificateRequest: `none` or `foreign`.
        var announced: String
        var version: String?
        var sni: String?
        /// Whether the client took this server's certificate, which nobody has issued; nil when that isn't known.
        var trustedServer: Bool?
        var presented: String?
        var issuer: String?
        var chainLength: Int
        var outcome: String
        var findings: [Finding]

        private enum CodingKeys: CodingKey {
            case event, announced, version, sni, trustedServer, presented, issuer, chainLength, outcome, findings
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(event, forKey: .event)
            try container.encode(announced, forKey: .announced)
            try container.encode(version, forKey: .version)
            try container.encode(sni, forKey: .sni)
            try container.encode(trustedServer, forKey: .trustedServer)
            try container.encode(presented, forKey: .presented)
            try container.encode(issuer, forKey: .issuer)
            try container.encode(chainLength, forKey: .chainLength)
            try container.encode(outcome, forKey: .outcome)
            try container.encode(findings, forKey: .findings)
        }

        package var description: String {
            var parts = ["\(announced == "none" ? "no authority named" : "a foreign authority named"): \(outcome)"]
            if let version { parts.append("TLS \(version)") }
            if let sni { parts.append("SNI \(SingleLine.of(sni))") }
            if let presented {
                let issuer = issuer.map { " issued by \(SingleLine.of($0))" } ?? ""
                parts.append("presented \(SingleLine.of(presented))\(issuer), \(chainLength) certificates")
            } else {
                parts.append("presented no certificate")
            }
            return ([parts.joined(separator: ", ")] + findings.map { "  \($0)" }).joined(separator: "\n")
        }
    }

    var identity: Identity
    /// Whether the identity is the user's, which clients may rightly trust.
    var isOwnIdentity: Bool
    var patience: Duration
    var clock: @Sendable () -> Timestamp
    /// Where each line goes as soon as it is known.
    var write: (Line) -> Void

    package init(
        identity: Identity,
        isOwnIdentity: Bool,
        patience: Duration,
        clock: @escaping @Sendable () -> Timestamp,
        write: @escaping (Line) -> Void
    ) {
        self.identity = identity
        self.isOwnIdentity = isOwnIdentity
        self.patience = patience
        self.clock = clock
        self.write = write
    }

    /// Asks one client; the turn says what is announced.
    package func ask(_ socket: ProbeSocket, turn: Int) throws {
        var settings = MutualTLSConfiguration.Server(identity: identity, currentTime: clock)
        settings.clientAuth = .requestClientCert
        let announces = turn % 2 == 1
        settings.clientCAs = announces ? try Self.foreignAuthority(now: clock()) : CertificatePool([])
        settings.acceptableCANames = announces ? .derived : .none
        let connection = try settings.resolve().makeConnection()
        let deadline = ContinuousClock.now + patience
        var end: String?
        while end == nil, connection.failure == nil, !connection.isPeerClosed {
            if connection.state == .established, connection.takeEvents().contains(.established) {
                try? connection.send(Array("countersign probe\n".utf8))
                connection.close()
            }
            guard socket.send(connection.takeOutput()) else {
                end = "the client hung up"
                break
            }
            switch socket.receive(until: deadline) {
            case .bytes(let bytes): connection.receive(bytes)
            case .closed:
                connection.receiveEndOfInput()
                end = "the client hung up"
            case .reset: end = "the client reset the connection"
            case .nothing: end = connection.state == .handshaking ? "the client stopped in the handshake" : "silent"
            }
        }
        _ = socket.send(connection.takeOutput())
        socket.shutdownSending()
        report(connection, announces: announces, end: end)
    }

    private func report(_ connection: Connection, announces: Bool, end: String?) {
        let information = connection.information
        let finished = information.peerCertificates.first != nil || connection.failure == nil
        let isHandshakeOver = finished && connection.state != .handshaking && connection.failure?.phase != .handshake
        var outcome = isHandshakeOver ? "the handshake was finished" : end ?? "the handshake failed"
        if let alert = information.alertReceived { outcome = "the client refused this server with alert \(alert)" }
        let line = Line(
            announced: announces ? "foreign" : "none",
            version: information.version?.rawValue,
            sni: information.sni,
            trustedServer: information.alertReceived != nil ? false : isHandshakeOver ? true : nil,
            presented: information.peerCertificates.first.map { "\($0.subject)" },
            issuer: information.peerCertificates.first.map { "\($0.issuer)" },
            chainLength: information.peerCertificates.count,
            outcome: outcome,
            findings: findings(information, isHandshakeOver: isHandshakeOver)
        )
        write(line)
    }

    private func findings(_ information: ConnectionInformation, isHandshakeOver: Bool) -> [Finding] {
        var findings: [Finding] = []
        if isHandshakeOver, information.alertReceived == nil, !isOwnIdentity {
            let message = "it took a self-signed certificate of nobody: it doesn't verify its server"
            findings.append(
                Finding(
                    id: "cfg-insecure-skip-verify-left-on",
                    severity: .error,
                    subject: "the client",
                    message: message,
                    command: "countersign explain cfg-insecure-skip-verify-left-on"
                )
            )
        }
        let chain = information.peerCertificates.enumerated().map {
            PlacedCertificate(certificate: $0.element, file: "the client", place: $0.offset + 1)
        }
        let checks = CertificateChecks(now: clock(), margin: 14 * 86_400)
        let found = IdentityChecks(chain: chain, key: nil, authorities: [], checks: checks, role: .client).findings()
        return findings
            + found.filter { $0.severity != .note }.map { finding in
                var finding = finding
                finding.command = "countersign explain \(finding.id)"
                return finding
            }
    }

    private static func foreignAuthority(now: Timestamp) throws -> CertificatePool {
        let recipe = Recipe(certificates: [CertificateRecipe(name: "countersign probe authority", isCA: true)])
        let pki = try PKI.mint(recipe, now: now.secondsSinceEpoch, seed: 3, keys: KeyPool())
        return CertificatePool(try pki.names.compactMap { pki[$0] }.map { try Certificate(der: $0.certificateDER) })
    }
}
