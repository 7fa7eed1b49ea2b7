/// Why a side failed, in one vocabulary for all stacks; it stands in `SideObservation.reason`.
package struct ReasonClass: RawRepresentable, Hashable, Sendable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The reason of a defect that a rule names.
    package init(_ defect: DefectReason) {
        rawValue = defect.rawValue
    }

    // The peer's certificate chain.
    package static let unknownCA = ReasonClass(.unknownAuthority)
    package static let pathLength = ReasonClass(.pathLength)
    package static let expired = ReasonClass(.expired)
    package static let notYetValid = ReasonClass(.notYetValid)
    package static let revoked = ReasonClass(.revoked)
    /// Revocation was asked for, and no current list answers.
    package static let revocationUnknown = ReasonClass(.revocationUnknown)
    package static let wrongPurpose = ReasonClass(.wrongPurpose)
    package static let nameMismatch = ReasonClass(.nameMismatch)
    package static let unknownCriticalExtension = ReasonClass(.unknownCriticalExtension)
    package static let nameConstraint = ReasonClass(.nameConstraint)
    package static let keyUsage = ReasonClass(.keyUsage)
    package static let weakKey = ReasonClass(.weakKey)
    package static let noCertificate = ReasonClass(.noCertificate)
    package static let badSignature = ReasonClass(.badSignature)
    package static let undecodable = ReasonClass(rawValue: "undecodable")

    // The connection.
    package static let unrecognizedName = ReasonClass(.unrecognizedName)
    /// The peer sent a fatal alert; which one stands in `alertReceived`.
    package static let peerAlert = ReasonClass(rawValue: "peer-alert")
    /// The peer hung up without close_notify.
    package static let prematureEnd = ReasonClass(rawValue: "premature-end")
    package static let `protocol` = ReasonClass(.protocol)

    // The side's own settings.
    package static let noClientCAs = ReasonClass(rawValue: "no-client-cas")
    package static let noRootCAs = ReasonClass(rawValue: "no-root-cas")
    package static let noServerName = ReasonClass(rawValue: "no-server-name")
    package static let invalidServerName = ReasonClass(rawValue: "invalid-server-name")
    package static let mismatchedKey = ReasonClass(rawValue: "mismatched-key")
    package static let noIdentity = ReasonClass(rawValue: "no-identity")

    package static let other = ReasonClass(rawValue: "other")
}

/// The reasons for which a rule refuses, a closed part of ``ReasonClass``: an alert can be stated for each of them.
package enum DefectReason: String, Hashable, CaseIterable, Sendable {
    case unknownAuthority = "unknown-ca"
    case expired
    case notYetValid = "not-yet-valid"
    case pathLength = "path-length"
    case nameConstraint = "name-constraint"
    case unknownCriticalExtension = "unknown-critical-extension"
    case wrongPurpose = "wrong-purpose"
    case keyUsage = "key-usage"
    case weakKey = "weak-key"
    case revoked
    case revocationUnknown = "revocation-unknown"
    case nameMismatch = "name-mismatch"
    case badSignature = "bad-signature"
    case noCertificate = "no-certificate"
    case unrecognizedName = "unrecognized-name"
    /// Something that the handshake itself can't go on with.
    case `protocol`
}
