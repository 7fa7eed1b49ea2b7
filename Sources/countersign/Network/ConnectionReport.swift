internal import ConformanceModel
internal import MutualTLS

/// How one connection ended or began, from one side: the `connection` line of `serve` and `connect`.
struct ConnectionReport: Encodable {
    struct Peer: Encodable {
        var commonName: String?
        var dnsNames: [String]
        /// The SPIFFE ID of an X509-SVID; nil for a certificate that is none.
        var spiffeID: String?
        /// Why the certificate names nobody where it seems to.
        var remarks: [String]
        var sha256: String
        var verified: Bool
        var chainLength: Int

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(commonName, forKey: .commonName)
            try container.encode(dnsNames, forKey: .dnsNames)
            try container.encode(spiffeID, forKey: .spiffeID)
            try container.encode(remarks, forKey: .remarks)
            try container.encode(sha256, forKey: .sha256)
            try container.encode(verified, forKey: .verified)
            try container.encode(chainLength, forKey: .chainLength)
        }

        private enum CodingKeys: String, CodingKey {
            case commonName, dnsNames, spiffeID, remarks, sha256, verified, chainLength
        }
    }

    struct Served: Encodable {
        var sha256: String
    }

    var accepted: Bool
    /// `established` when accepted; otherwise where the failure showed: `connect`, `handshake` or `read`.
    var phase: String
    var alertSent: String?
    var alertReceived: String?
    /// The code of the failure and a sentence for people, or nil when accepted.
    var reason: String?
    var sni: String?
    var version: String?
    var resumed = false
    /// The peer's certificate, verified or not; nil when it sent none.
    var peer: Peer?
    /// The certificate that this side sent; nil when it sent none.
    var served: Served?

    /// An accepted connection.
    init(_ information: ConnectionInformation) {
        self.init(accepted: true, phase: "established", information)
    }

    /// A connection that failed.
    init(_ failure: ConnectionFailure, _ information: ConnectionInformation?) {
        self.init(accepted: false, phase: failure.phase.rawValue, information)
        alertSent = failure.alertSent?.name
        alertReceived = failure.alertReceived?.name
        reason = "\(failure.reason.rawValue): \(failure.message)"
    }

    /// No connection at all.
    init(unreachable message: String) {
        self.init(accepted: false, phase: "connect", nil)
        reason = message
    }

    /// A peer decides how many names its certificate has.
    private static let mostNames = 100

    private init(accepted: Bool, phase: String, _ information: ConnectionInformation?) {
        self.accepted = accepted
        self.phase = phase
        guard let information else { return }
        alertSent = information.alertSent?.name
        alertReceived = information.alertReceived?.name
        sni = information.sni.map { EscapedText($0, limit: 253).description }
        version = information.version?.rawValue
        resumed = information.didResume
        served = information.localCertificate.map { Served(sha256: $0.sha256Hexadecimal) }
        peer = information.peerCertificates.first.map {
            Peer(
                commonName: $0.commonName.map { EscapedText($0).description },
                dnsNames: $0.dnsNames.prefix(Self.mostNames).map { EscapedText($0, limit: 253).description },
                spiffeID: $0.spiffeID.map { EscapedText($0, limit: 2_048).description },
                remarks: Self.remarks(on: $0),
                sha256: $0.sha256Hexadecimal,
                verified: information.isPeerVerified,
                chainLength: information.verifiedChain.count
            )
        }
    }

    private static func remarks(on certificate: Certificate) -> [String] {
        var remarks: [String] = []
        let names = certificate.commonNames
        if names.count > 1 {
            remarks.append("it has \(names.count) common names, which count as none: \(EscapedText.list(names))")
        }
        if let defect = certificate.spiffeDefect { remarks.append("it has no SPIFFE ID: it \(defect)") }
        return remarks
    }

    /// Every member is there, null where it has no value.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode("connection", forKey: .event)
        try container.encode(accepted, forKey: .accepted)
        try container.encode(phase, forKey: .phase)
        try container.encode(alertSent, forKey: .alertSent)
        try container.encode(alertReceived, forKey: .alertReceived)
        try container.encode(reason, forKey: .reason)
        try container.encode(sni, forKey: .sni)
        try container.encode(version, forKey: .version)
        try container.encode(resumed, forKey: .resumed)
        try container.encode(peer, forKey: .peer)
        try container.encode(served, forKey: .served)
    }

    private enum CodingKeys: String, CodingKey {
        case event, accepted, phase, alertSent, alertReceived, reason, sni, version, resumed, peer, served
    }
}

extension ConnectionReport: CustomStringConvertible {
    /// One line for people.
    var description: String {
        guard accepted else {
            let alerts = [alertSent.map { "sent alert \($0)" }, alertReceived.map { "received alert \($0)" }]
            let told = alerts.compactMap { $0 }.joined(separator: ", ")
            return "rejected (\(phase)): \(SingleLine.of(reason ?? "unknown"))" + (told.isEmpty ? "" : " [\(told)]")
        }
        var parts = ["accepted: \(peerDescription)"]
        if let version { parts.append("TLS \(version)") }
        if let sni { parts.append("SNI \(SingleLine.of(sni))") }
        return parts.joined(separator: ", ")
    }

    private var peerDescription: String {
        guard let peer else { return "anonymous" }
        let name = peer.commonName ?? peer.spiffeID ?? peer.dnsNames.first ?? "a certificate without a name"
        let remarks = peer.remarks.map { "; \($0)" }.joined()
        return "\(SingleLine.of(name)) (\(peer.verified ? "verified" : "not verified")\(remarks))"
    }
}
