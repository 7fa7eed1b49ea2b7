internal import OpenSSL

/// Why a peer's certificates were refused, by which of them.
package struct PeerRefusal: Sendable {
    package enum Reason: Sendable {
        case unknownAuthority
        case invalidAuthority
        case pathLength
        case expired
        case notYetValid
        case revoked
        case noRevocationInformation
        case purpose
        case keyUsage
        case nameMismatch
        case criticalExtension
        case nameConstraint
        case keyTooSmall
        case badCertificate
        case internalFault
    }

    package let reason: Reason
    /// The expectation and the finding, or OpenSSL's sentence.
    package let detail: String
    package let certificate: Certificate?
    /// Where the certificate stands in the chain; 0 is the leaf.
    package let depth: Int
    /// The time that was compared with, if it mattered.
    package let time: Timestamp?

    package init(reason: Reason, detail: String, certificate: Certificate?, depth: Int, time: Timestamp?) {
        self.reason = reason
        self.detail = detail
        self.certificate = certificate
        self.depth = depth
        self.time = time
    }
}

extension PeerRefusal.Reason {
    /// Reads a code of OpenSSL; codes that are not listed are a certificate that is bad in some other way.
    init(_ error: VerificationError) {
        self =
            switch error {
            case .unableToGetIssuer, .unableToGetLocalIssuer, .unableToVerifyLeafSignature, .selfSignedLeaf,
                .selfSignedInChain, .signatureFailure, .untrusted:
                .unknownAuthority
            case .invalidAuthority, .chainTooLong, .keyUsageWithoutCertSign: .invalidAuthority
            case .pathLengthExceeded: .pathLength
            case .hasExpired: .expired
            case .notYetValid: .notYetValid
            case .revoked: .revoked
            case .noRevocationList, .noRevocationListIssuer, .revocationListSignature, .revocationListNotYetValid,
                .revocationListExpired, .revocationListKeyUsage, .revocationListScope, .revocationListExtension:
                .noRevocationInformation
            case .invalidPurpose: .purpose
            case .hostMismatch, .addressMismatch: .nameMismatch
            case .criticalExtension: .criticalExtension
            case .permittedViolation, .excludedViolation, .subtreeMinMax, .constraintType, .constraintSyntax,
                .nameSyntax:
                .nameConstraint
            case .leafKeyTooSmall, .authorityKeyTooSmall, .digestTooWeak: .keyTooSmall
            case .outOfMemory: .internalFault
            default: .badCertificate
            }
    }

    /// The code that makes libssl send the alert that Go's crypto/tls sends for this reason.
    ///
    /// libssl derives alerts from codes: 45 from "has expired", 42 from "rejected", 48 from "no issuer", 44 from
    /// "revoked", and 46 from any code that its table doesn't list.
    var alertSource: VerificationError {
        switch self {
        case .unknownAuthority, .invalidAuthority: .unableToGetLocalIssuer
        case .expired, .notYetValid: .hasExpired
        case .revoked: .revoked
        case .noRevocationInformation: .revocationListExtension
        case .pathLength, .purpose, .keyUsage, .nameMismatch, .criticalExtension, .nameConstraint, .keyTooSmall,
            .badCertificate:
            .rejected
        // libssl says internal_error (80) for it.
        case .internalFault: .outOfMemory
        }
    }
}

extension PeerRefusal {
    /// The sentence for people: which certificate, expected, found, next step.
    func message(peer: String, expectedName: ServerName?) -> String {
        let place = depth == 0 ? "certificate" : "chain, at depth \(depth),"
        let subject = "The \(peer)'s \(place) \(certificate.map(\.description) ?? "without a readable certificate")"
        switch reason {
        case .unknownAuthority:
            return "\(subject) has no trusted issuer: expected \(certificate.map { "\($0.issuer)" } ?? "its issuer") "
                + "in the pool, or intermediates that lead there (\(detail)). Add the authority to the pool, or let "
                + "the \(peer) send its intermediates."
        case .invalidAuthority, .pathLength:
            return "\(subject) breaks the rules of certificate authorities: \(detail)."
        case .expired:
            return "\(subject) was valid until \(bound(\.notAfter)), and it is \(now). Renew it, or set the clock."
        case .notYetValid:
            return "\(subject) is valid from \(bound(\.notBefore)), and it is \(now). Wait, or set the clock."
        case .revoked:
            return "\(subject) is revoked by its issuer. Issue another one."
        case .noRevocationInformation:
            return "\(subject) could not be looked up: \(detail). Expected a current revocation list of "
                + "\(certificate.map { "\($0.issuer)" } ?? "its issuer"). Load a fresh one."
        case .nameMismatch:
            return "\(subject) is for \(names), expected \(expectedName.map(\.description) ?? "another name"). "
                + "Connect by one of its names, set serverName, or issue it with that subject alternative name."
                + commonNameHint(expectedName)
        case .purpose, .keyUsage:
            return "\(subject) is for another purpose: \(detail). Issue it for this one."
        case .criticalExtension, .nameConstraint, .keyTooSmall, .badCertificate:
            return "\(subject) is unacceptable: \(detail)."
        case .internalFault:
            return "\(subject) could not be verified: \(detail)."
        }
    }

    private var now: String { time.map(\.description) ?? "another time" }

    private func bound(_ path: KeyPath<Certificate, Timestamp>) -> String {
        certificate.map { $0[keyPath: path].description } ?? "an unknown time"
    }

    private var names: String {
        let all = (certificate?.dnsNames ?? []) + (certificate?.ipAddresses ?? [])
        return all.isEmpty ? "no DNS name or address" : EscapedText.list(all)
    }

    /// Old certificates name their host in the common name alone, which nobody looks at any more.
    private func commonNameHint(_ expectedName: ServerName?) -> String {
        guard let commonName = certificate?.commonName, let expectedName,
            DNSNameKey(commonName) == DNSNameKey(expectedName.description)
        else {
            return ""
        }
        return " Its common name is \(EscapedText(commonName)), which is no host name (RFC 9525 section 2)."
    }
}
