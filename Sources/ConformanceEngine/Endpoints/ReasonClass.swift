/// Why a side failed, in one vocabulary for all stacks; it stands in `SideObservation.reason`.
package struct ReasonClass: RawRepresentable, Hashable, Sendable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    // The peer's certificate chain.
    package static let unknownCA = ReasonClass(rawValue: "unknown-ca")
    package static let pathLength = ReasonClass(rawValue: "path-length")
    package static let expired = ReasonClass(rawValue: "expired")
    package static let notYetValid = ReasonClass(rawValue: "not-yet-valid")
    package static let revoked = ReasonClass(rawValue: "revoked")
    /// Revocation was asked for, and no current list answers.
    package static let revocationUnknown = ReasonClass(rawValue: "revocation-unknown")
    package static let wrongPurpose = ReasonClass(rawValue: "wrong-purpose")
    package static let nameMismatch = ReasonClass(rawValue: "name-mismatch")
    package static let unknownCriticalExtension = ReasonClass(rawValue: "unknown-critical-extension")
    package static let nameConstraint = ReasonClass(rawValue: "name-constraint")
    package static let keyUsage = ReasonClass(rawValue: "key-usage")
    package static let weakKey = ReasonClass(rawValue: "weak-key")
    package static let noCertificate = ReasonClass(rawValue: "no-certificate")
    package static let badSignature = ReasonClass(rawValue: "bad-signature")
    package static let undecodable = ReasonClass(rawValue: "undecodable")

    // The connection.
    package static let unrecognizedName = ReasonClass(rawValue: "unrecognized-name")
    /// The peer sent a fatal alert; which one stands in `alertReceived`.
    package static let peerAlert = ReasonClass(rawValue: "peer-alert")
    /// The peer hung up without close_notify.
    package static let prematureEnd = ReasonClass(rawValue: "premature-end")
    package static let `protocol` = ReasonClass(rawValue: "protocol")

    // The side's own settings.
    package static let noClientCAs = ReasonClass(rawValue: "no-client-cas")
    package static let noRootCAs = ReasonClass(rawValue: "no-root-cas")
    package static let noServerName = ReasonClass(rawValue: "no-server-name")
    package static let invalidServerName = ReasonClass(rawValue: "invalid-server-name")
    package static let mismatchedKey = ReasonClass(rawValue: "mismatched-key")
    package static let noIdentity = ReasonClass(rawValue: "no-identity")

    package static let other = ReasonClass(rawValue: "other")
}
