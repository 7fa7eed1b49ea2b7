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
    package var serial: String

    package init(name: String?, serial: String) {
        self.name = name
        self.serial = serial
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
