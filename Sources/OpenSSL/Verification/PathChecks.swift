internal import COpenSSL

/// Checks of a path that OpenSSL takes less strictly, or in which other paths are weeded out before a signature of
/// theirs costs anything.
struct PathChecks {
    /// Nil to leave times alone.
    let time: Int64?

    /// The first defect of a path, leaf first and anchor last, and the depth of its certificate.
    func defect(of path: [X509Certificate]) -> (error: VerificationError, depth: Int)? {
        for (depth, certificate) in path.enumerated() {
            if let time, let error = certificate.validityDefect(at: time) { return (error, depth) }
            if certificate.hasUnknownCriticalExtension { return (.criticalExtension, depth) }
            guard depth > 0 else { continue }
            if let error = certificate.issuingDefect { return (error, depth) }
            // RFC 5280 section 6.1.4 (l): self-issued certificates don't count.
            let below = path[1..<depth].count { !$0.isSelfIssued }
            if let limit = certificate.pathLength, below > limit { return (.pathLengthExceeded, depth) }
        }
        return constraintDefect(of: path)
    }

    /// What a path that OpenSSL accepts breaks all the same.
    func strictDefect(of path: [X509Certificate]) -> (error: VerificationError, depth: Int)? {
        for (depth, certificate) in path.enumerated().dropFirst() {
            if let error = certificate.issuingDefect { return (error, depth) }
        }
        return constraintDefect(of: path)
    }

    private func constraintDefect(of path: [X509Certificate]) -> (error: VerificationError, depth: Int)? {
        var names: [Int: [ConstrainedName]] = [:]
        var comparisons = 0
        for depth in path.indices.dropFirst() where path[depth].hasNameConstraints {
            guard let constraints = NameConstraints(of: path[depth]) else { return (.constraintSyntax, depth) }
            for lower in 0..<depth where lower == 0 || !path[lower].isSelfIssued {
                let all = names[lower] ?? ConstrainedName.all(of: path[lower])
                names[lower] = all
                comparisons += all.count * constraints.count
                guard comparisons <= Self.mostComparisons else { return (.unspecified, lower) }
                if let error = constraints.violation(by: all) { return (error, lower) }
            }
        }
        return nil
    }

    /// As in Go: a certificate must not buy more than this with its names.
    private static let mostComparisons = 250_000
}

extension X509Certificate {
    /// Why it issues nothing, or nil: RFC 5280 section 6.1.4 (k) and (n).
    ///
    /// Version 1 has no extension to say it with, so such a certificate counts as an authority if it is self-signed,
    /// which in a path only an anchor is. OpenSSL takes keyCertSign for the word of an authority too, and so lets
    /// certificates of version 3 issue that have no basicConstraints.
    var issuingDefect: VerificationError? {
        let flags = X509_get_extension_flags(pointer)
        if flags & UInt32(EXFLAG_INVALID) != 0 { return .invalidAuthority }
        if version == 1 { return isSelfSigned ? nil : .invalidAuthority }
        guard flags & UInt32(EXFLAG_CA) != 0 else { return .invalidAuthority }
        let usage = X509_get_key_usage(pointer)
        return usage & UInt32(KU_KEY_CERT_SIGN) != 0 ? nil : .keyUsageWithoutCertSign
    }

    var hasUnknownCriticalExtension: Bool { X509_get_extension_flags(pointer) & UInt32(EXFLAG_CRITICAL) != 0 }

    /// Both ends of the validity are part of it (RFC 5280 section 4.1.2.5).
    func validityDefect(at time: Int64) -> VerificationError? {
        guard let notBefore, let notAfter else { return .unspecified }
        return time < notBefore ? .notYetValid : time > notAfter ? .hasExpired : nil
    }
}
