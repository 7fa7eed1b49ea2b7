internal import COpenSSL

/// The name constraints of an authority (RFC 5280 section 4.2.1.10) on DNS names, mailboxes, hosts of URIs and
/// addresses; those on directory names are OpenSSL's to check.
///
/// OpenSSL 3.0 compares a wildcard as it stands, and so lets `*.corp.test` pass where admin.corp.test is excluded.
struct NameConstraints {
    private var permitted: [NameSubtree] = []
    private var excluded: [NameSubtree] = []

    /// Nil for constraints that don't decode, or of which a subtree isn't one.
    init?(of certificate: X509Certificate) {
        guard let value = X509_get_ext_d2i(certificate.pointer, NID_name_constraints, nil, nil) else { return nil }
        let constraints = value.assumingMemoryBound(to: NAME_CONSTRAINTS.self)
        defer { NAME_CONSTRAINTS_free(constraints) }
        guard let permitted = Self.subtrees(constraints.pointee.permittedSubtrees),
            let excluded = Self.subtrees(constraints.pointee.excludedSubtrees)
        else {
            return nil
        }
        self.permitted = permitted
        self.excluded = excluded
    }

    var count: Int { permitted.count + excluded.count }

    /// The first constraint that one of the names breaks.
    func violation(by names: [ConstrainedName]) -> VerificationError? {
        for name in names {
            let allowed = permitted.filter { $0.kind == name.kind }
            let forbidden = excluded.filter { $0.kind == name.kind }
            if allowed.isEmpty, forbidden.isEmpty { continue }
            // A name that isn't well-formed can't be told to be within or without anything.
            guard let parsed = ParsedName(name) else { return .nameSyntax }
            if forbidden.contains(where: { $0.mayHold(parsed) }) { return .excludedViolation }
            if !allowed.isEmpty, !allowed.contains(where: { $0.holds(parsed) }) { return .permittedViolation }
        }
        return nil
    }

    private static func subtrees(_ stack: OpaquePointer?) -> [NameSubtree]? {
        guard let stack else { return [] }
        var subtrees: [NameSubtree] = []
        for index in 0..<COpenSSL_sk_GENERAL_SUBTREE_num(stack) {
            guard let base = COpenSSL_sk_GENERAL_SUBTREE_value(stack, index)?.pointee.base else { return nil }
            guard let name = ConstrainedName(base) else { continue }
            guard let subtree = NameSubtree(base: name) else { return nil }
            subtrees.append(subtree)
        }
        return subtrees
    }
}

/// A subject alternative name of a kind that is checked here, or the base of a subtree of names, as it is encoded.
struct ConstrainedName {
    enum Kind {
        case dns
        case mailbox
        case uri
        case address
    }

    let kind: Kind
    let bytes: [UInt8]

    /// Nil for other kinds.
    init?(_ name: UnsafeMutablePointer<GENERAL_NAME>) {
        var type: CInt = 0
        guard let value = GENERAL_NAME_get0_value(name, &type) else { return nil }
        switch type {
        case GEN_DNS: kind = .dns
        case GEN_EMAIL: kind = .mailbox
        case GEN_URI: kind = .uri
        case GEN_IPADD: kind = .address
        default: return nil
        }
        bytes = OpenSSL.bytes(of: value.assumingMemoryBound(to: ASN1_STRING.self))
    }

    /// The names of a certificate, in their order.
    static func all(of certificate: X509Certificate) -> [ConstrainedName] {
        guard let value = X509_get_ext_d2i(certificate.pointer, NID_subject_alt_name, nil, nil) else { return [] }
        let names = OpaquePointer(value)
        defer { GENERAL_NAMES_free(names) }
        return (0..<COpenSSL_sk_GENERAL_NAME_num(names)).compactMap { index in
            COpenSSL_sk_GENERAL_NAME_value(names, index).flatMap(ConstrainedName.init)
        }
    }
}
