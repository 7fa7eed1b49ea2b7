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
        return all.isEmpty ? "no DNS name or address" : all.map(\.escapedForMessages).joined(separator: ", ")
    }

    /// Old certificates name their host in the common name alone, which nobody looks at any more.
    private func commonNameHint(_ expectedName: ServerName?) -> String {
        guard let commonName = certificate?.commonName, let expectedName,
            commonName.lowercased() == expectedName.description
        else {
            return ""
        }
        return " Its common name is \(commonName.escapedForMessages), which is no host name (RFC 9525 section 2)."
    }
}
