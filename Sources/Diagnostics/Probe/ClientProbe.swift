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

/// A TCP port of `probe --listen`, one client after the other.
package final class ProbeListener: Sendable {
    private let descriptor: Int32
    package let host: String
    package let port: Int

    /// Listens on an IPv4 or IPv6 address.
    package init(host: String, port: Int) throws(DiagnosticsError) {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, "\(port)", &hints, &found) == 0, let info = found else {
            throw DiagnosticsError.usage("--listen: expected an IP address, found “\(host)”")
        }
        defer { freeaddrinfo(info) }
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(info.pointee.ai_family, kind, 0)
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        guard descriptor >= 0, bind(descriptor, info.pointee.ai_addr, info.pointee.ai_addrlen) == 0,
            listen(descriptor, 16) == 0
        else {
            let reason = String(cString: strerror(errno))
            if descriptor >= 0 { close(descriptor) }
            throw DiagnosticsError.usage("can't listen on \(host):\(port): \(reason)")
        }
        self.descriptor = descriptor
        self.host = host
        self.port = Self.port(of: descriptor)
    }

    deinit {
        close(descriptor)
    }

    /// The next client, or nil when the socket is no longer good.
    package func accept() -> ProbeSocket? {
        while true {
            let accepted = Glibc.accept(descriptor, nil, nil)
            if accepted >= 0 {
                let flags = fcntl(accepted, F_GETFL)
                _ = fcntl(accepted, F_SETFL, flags | O_NONBLOCK)
                return ProbeSocket(takingOwnershipOf: accepted)
            }
            guard errno == EINTR || errno == ECONNABORTED else { return nil }
        }
    }

    private static func port(of descriptor: Int32) -> Int {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &length) }
            // The port stands at the same place for both families.
            return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                Int(UInt16(bigEndian: $0.pointee.sin_port))
            }
        }
    }
}
