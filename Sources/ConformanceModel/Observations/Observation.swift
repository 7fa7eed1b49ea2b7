/// One side's observation of one connection.
package struct SideObservation: Hashable, Codable, Sendable {
    /// Whether its handshake succeeded and application data moved both ways when the case exchanged any.
    package var accepted: Bool
    /// Where it noticed the failure; nil when accepted.
    package var noticed: NoticePoint?
    /// The class of the failure in the stack's own reading, for example `unknown-ca`; nil when accepted.
    package var reason: String?
    /// The stack's own message, for people.
    package var detail: String?
    package var alertSent: AlertDescription?
    package var alertReceived: AlertDescription?
    /// The leaf that this side presented on this connection.
    package var presented: CertificateSighting?
    /// The leaf that this side received from its peer.
    package var received: CertificateSighting?
    /// How many certificates the peer sent.
    package var receivedChainLength = 0
    /// Whether this side verified the peer's certificate and found it good.
    package var verified = false
    /// The certificates in the verified chain, leaf and anchor included; 0 without verification.
    package var verifiedChainLength = 0
    /// server_name as sent or received.
    package var sni: String?
    /// Client: whether the server asked for a certificate.
    package var certificateRequested: Bool?
    /// Client: the CA names that the server sent, as names of the scenario's entries, sorted.
    package var acceptableCAs: [String]?
    package var version: ProtocolVersion?
    package var cipherSuite: String?
    package var resumed = false
    /// Whether the side had processed bytes of its peer: a failure without that says nothing about the handshake.
    package var reachedHandshake: Bool
    /// Server: whether its client spoke without TLS; nil when it did not.
    package var heardPlaintext: Bool?
    /// The fields that a stack in a process of its own could not tell, sorted; nil when it told everything.
    package var untold: [ObservedField]?

    package init(accepted: Bool, reachedHandshake: Bool) {
        self.accepted = accepted
        self.reachedHandshake = reachedHandshake
    }
}

/// A side stands in results without what every side has that nothing happened to: it is left out and read back.
extension SideObservation {
    private enum CodingKeys: String, CodingKey {
        case accepted, noticed, reason, detail, alertSent, alertReceived, presented, received, receivedChainLength
        case verified, verifiedChainLength, sni, certificateRequested, acceptableCAs, version, cipherSuite, resumed
        case reachedHandshake, heardPlaintext, untold
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(accepted, forKey: .accepted)
        try values.encodeIfPresent(noticed, forKey: .noticed)
        try values.encodeIfPresent(reason, forKey: .reason)
        try values.encodeIfPresent(detail, forKey: .detail)
        try values.encodeIfPresent(alertSent, forKey: .alertSent)
        try values.encodeIfPresent(alertReceived, forKey: .alertReceived)
        try values.encodeIfPresent(presented, forKey: .presented)
        try values.encodeIfPresent(received, forKey: .received)
        if receivedChainLength != 0 { try values.encode(receivedChainLength, forKey: .receivedChainLength) }
        if verified { try values.encode(verified, forKey: .verified) }
        if verifiedChainLength != 0 { try values.encode(verifiedChainLength, forKey: .verifiedChainLength) }
        try values.encodeIfPresent(sni, forKey: .sni)
        try values.encodeIfPresent(certificateRequested, forKey: .certificateRequested)
        try values.encodeIfPresent(acceptableCAs, forKey: .acceptableCAs)
        try values.encodeIfPresent(version, forKey: .version)
        try values.encodeIfPresent(cipherSuite, forKey: .cipherSuite)
        if resumed { try values.encode(resumed, forKey: .resumed) }
        if !reachedHandshake { try values.encode(reachedHandshake, forKey: .reachedHandshake) }
        try values.encodeIfPresent(heardPlaintext, forKey: .heardPlaintext)
        try values.encodeIfPresent(untold, forKey: .untold)
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            accepted: try values.decode(Bool.self, forKey: .accepted),
            reachedHandshake: try values.decodeIfPresent(Bool.self, forKey: .reachedHandshake) ?? true
        )
        noticed = try values.decodeIfPresent(NoticePoint.self, forKey: .noticed)
        reason = try values.decodeIfPresent(String.self, forKey: .reason)
        detail = try values.decodeIfPresent(String.self, forKey: .detail)
        alertSent = try values.decodeIfPresent(AlertDescription.self, forKey: .alertSent)
        alertReceived = try values.decodeIfPresent(AlertDescription.self, forKey: .alertReceived)
        presented = try values.decodeIfPresent(CertificateSighting.self, forKey: .presented)
        received = try values.decodeIfPresent(CertificateSighting.self, forKey: .received)
        receivedChainLength = try values.decodeIfPresent(Int.self, forKey: .receivedChainLength) ?? 0
        verified = try values.decodeIfPresent(Bool.self, forKey: .verified) ?? false
        verifiedChainLength = try values.decodeIfPresent(Int.self, forKey: .verifiedChainLength) ?? 0
        sni = try values.decodeIfPresent(String.self, forKey: .sni)
        certificateRequested = try values.decodeIfPresent(Bool.self, forKey: .certificateRequested)
        acceptableCAs = try values.decodeIfPresent([String].self, forKey: .acceptableCAs)
        version = try values.decodeIfPresent(ProtocolVersion.self, forKey: .version)
        cipherSuite = try values.decodeIfPresent(String.self, forKey: .cipherSuite)
        resumed = try values.decodeIfPresent(Bool.self, forKey: .resumed) ?? false
        heardPlaintext = try values.decodeIfPresent(Bool.self, forKey: .heardPlaintext)
        untold = try values.decodeIfPresent([ObservedField].self, forKey: .untold)
    }
}

extension SideObservation {
    /// Whether the side told this field, so that it may be compared.
    package func tells(_ field: ObservedField) -> Bool { untold?.contains(field) != true }
}

/// A field of an observation that a stack may be unable to tell.
package enum ObservedField: String, Hashable, CaseIterable, Comparable, Codable, Sendable {
    case accepted, noticed, reason, alertSent, alertReceived, presented, received, verified, verifiedChainLength, sni
    case certificateRequested, acceptableCAs, version, resumed, reachedHandshake

    package static func < (lhs: ObservedField, rhs: ObservedField) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// A certificate that was seen on a connection, named by the entry that it was minted from.
///
/// A fingerprint would differ in each run, since keys are fresh; the serial number follows from the seed.
package struct CertificateSighting: Hashable, Codable, Sendable {
    /// The scenario's entry, or nil for a certificate that this case did not mint.
    package var name: String?
    /// The serial number of a certificate without an entry; the name says all of the others, which differ in each run.
    package var serial: String?

    package init(name: String?, serial: String) {
        self.name = name
        self.serial = name == nil ? serial : nil
    }
}

/// The observations of both sides of one connection.
package struct ConnectionObservation: Hashable, Codable, Sendable {
    package var server: SideObservation
    package var client: SideObservation
    /// Rotations that a side refused, which kept its last good identity.
    package var refusedRotations: [Side]

    package init(server: SideObservation, client: SideObservation, refusedRotations: [Side] = []) {
        self.server = server
        self.client = client
        self.refusedRotations = refusedRotations
    }

    package subscript(side: Side) -> SideObservation {
        side == .server ? server : client
    }
}

/// How the playing of one case ended, before anybody judges it.
package enum PlayOutcome: Hashable, Codable, Sendable {
    /// Every connection of the case, in order, and that of the positive control when there was one.
    case played(connections: [ConnectionObservation], control: ConnectionObservation?)
    /// A stack cannot do what the case asks, by its own manifest.
    case unsupported(reason: String)
    /// The case was not played, since a stack of it had failed too often before.
    case skipped(reason: String)
    /// The case did not end before its deadline; the reason names the last flight.
    case timedOut(reason: String)
    /// The process that played it died.
    case crashed(reason: String)
    /// The harness failed.
    case errored(reason: String)
}
