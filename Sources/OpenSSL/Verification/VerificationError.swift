internal import COpenSSL

/// A result code of certificate verification (`X509_V_…`); codes of newer OpenSSL releases survive.
package struct VerificationError: RawRepresentable, Sendable, Hashable {
    package let rawValue: Int32

    package init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// OpenSSL's sentence for the code.
    package var text: String {
        X509_verify_cert_error_string(Int(rawValue)).map { String(cString: $0) } ?? "error \(rawValue)"
    }

    package static let ok = VerificationError(rawValue: X509_V_OK)
    package static let unableToGetIssuer = VerificationError(rawValue: X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT)
    package static let unableToGetLocalIssuer = VerificationError(
        rawValue: X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY
    )
    package static let unableToVerifyLeafSignature = VerificationError(
        rawValue: X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE
    )
    package static let selfSignedLeaf = VerificationError(rawValue: X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT)
    package static let selfSignedInChain = VerificationError(rawValue: X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN)
    package static let signatureFailure = VerificationError(rawValue: X509_V_ERR_CERT_SIGNATURE_FAILURE)
    package static let notYetValid = VerificationError(rawValue: X509_V_ERR_CERT_NOT_YET_VALID)
    package static let hasExpired = VerificationError(rawValue: X509_V_ERR_CERT_HAS_EXPIRED)
    package static let invalidAuthority = VerificationError(rawValue: X509_V_ERR_INVALID_CA)
    package static let pathLengthExceeded = VerificationError(rawValue: X509_V_ERR_PATH_LENGTH_EXCEEDED)
    package static let chainTooLong = VerificationError(rawValue: X509_V_ERR_CERT_CHAIN_TOO_LONG)
    package static let keyUsageWithoutCertSign = VerificationError(rawValue: X509_V_ERR_KEYUSAGE_NO_CERTSIGN)
    package static let untrusted = VerificationError(rawValue: X509_V_ERR_CERT_UNTRUSTED)
    package static let rejected = VerificationError(rawValue: X509_V_ERR_CERT_REJECTED)
    package static let invalidPurpose = VerificationError(rawValue: X509_V_ERR_INVALID_PURPOSE)
    package static let criticalExtension = VerificationError(rawValue: X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION)
    package static let permittedViolation = VerificationError(rawValue: X509_V_ERR_PERMITTED_VIOLATION)
    package static let excludedViolation = VerificationError(rawValue: X509_V_ERR_EXCLUDED_VIOLATION)
    package static let subtreeMinMax = VerificationError(rawValue: X509_V_ERR_SUBTREE_MINMAX)
    package static let constraintType = VerificationError(rawValue: X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE)
    package static let constraintSyntax = VerificationError(rawValue: X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX)
    package static let nameSyntax = VerificationError(rawValue: X509_V_ERR_UNSUPPORTED_NAME_SYNTAX)
    package static let leafKeyTooSmall = VerificationError(rawValue: X509_V_ERR_EE_KEY_TOO_SMALL)
    package static let authorityKeyTooSmall = VerificationError(rawValue: X509_V_ERR_CA_KEY_TOO_SMALL)
    package static let digestTooWeak = VerificationError(rawValue: X509_V_ERR_CA_MD_TOO_WEAK)
    package static let hostMismatch = VerificationError(rawValue: X509_V_ERR_HOSTNAME_MISMATCH)
    package static let addressMismatch = VerificationError(rawValue: X509_V_ERR_IP_ADDRESS_MISMATCH)
    package static let revoked = VerificationError(rawValue: X509_V_ERR_CERT_REVOKED)
    package static let noRevocationList = VerificationError(rawValue: X509_V_ERR_UNABLE_TO_GET_CRL)
    package static let noRevocationListIssuer = VerificationError(rawValue: X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER)
    package static let revocationListSignature = VerificationError(rawValue: X509_V_ERR_CRL_SIGNATURE_FAILURE)
    package static let revocationListNotYetValid = VerificationError(rawValue: X509_V_ERR_CRL_NOT_YET_VALID)
    package static let revocationListExpired = VerificationError(rawValue: X509_V_ERR_CRL_HAS_EXPIRED)
    package static let revocationListKeyUsage = VerificationError(rawValue: X509_V_ERR_KEYUSAGE_NO_CRL_SIGN)
    package static let revocationListScope = VerificationError(rawValue: X509_V_ERR_DIFFERENT_CRL_SCOPE)
    package static let revocationListExtension = VerificationError(
        rawValue: X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION
    )
    /// OpenSSL could not look at the certificate at all, as when a key or an extension of it doesn't decode.
    package static let unspecified = VerificationError(rawValue: X509_V_ERR_UNSPECIFIED)
    package static let outOfMemory = VerificationError(rawValue: X509_V_ERR_OUT_OF_MEM)
}

extension VerificationError {
    /// Whether no other path of the same leaf would do either.
    var isAboutTheLeafAlone: Bool {
        switch self {
        case .hostMismatch, .addressMismatch, .leafKeyTooSmall: true
        default: false
        }
    }
}

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
