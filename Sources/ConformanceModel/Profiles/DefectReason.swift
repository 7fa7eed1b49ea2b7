/// The class of a defect, in the words that observations use.
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
