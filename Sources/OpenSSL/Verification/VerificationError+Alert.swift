extension VerificationError {
    /// The alert that libssl derives from the code (RFC 8446 section 6.2), or nil for codes that nobody sets here.
    var alert: UInt8? {
        switch self {
        case .rejected: 42
        case .invalidPurpose: 43
        case .revoked: 44
        case .hasExpired: 45
        case .revocationListExtension: 46
        case .unableToGetLocalIssuer: 48
        default: nil
        }
    }
}
