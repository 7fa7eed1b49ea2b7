/// A well-formed name of a certificate.
enum ParsedName {
    case dns(DomainName)
    case mailbox(local: [UInt8], host: DomainName)
    /// RFC 5280 section 4.2.1.10: a URI without a host name is refused where URIs are constrained.
    case uri(host: DomainName)
    case address([UInt8])

    init?(_ name: ConstrainedName) {
        switch name.kind {
        case .dns:
            guard let domain = DomainName(name.bytes, allowsWildcard: true) else { return nil }
            self = .dns(domain)
        case .mailbox:
            guard let mailbox = ParsedName.mailbox(name.bytes) else { return nil }
            self = .mailbox(local: mailbox.local, host: mailbox.host)
        case .uri:
            guard let host = ParsedName.host(ofURI: name.bytes) else { return nil }
            self = .uri(host: host)
        case .address:
            guard name.bytes.count == 4 || name.bytes.count == 16 else { return nil }
            self = .address(name.bytes)
        }
    }

    static func mailbox(_ bytes: [UInt8]) -> (local: [UInt8], host: DomainName)? {
        guard let at = bytes.lastIndex(of: UInt8(ascii: "@")), at > 0,
            let host = DomainName(bytes[(at + 1)...], allowsWildcard: false)
        else {
            return nil
        }
        let local = Array(bytes[..<at])
        let isQuoted = local.count > 2 && local.first == UInt8(ascii: "\"") && local.last == UInt8(ascii: "\"")
        let isVisible = local.allSatisfy { (0x21...0x7E).contains($0) || (isQuoted && $0 == 0x20) }
        let isPlain = !local.contains { "()<>[]:;@\\,\"".utf8.contains($0) }
        return isVisible && (isQuoted || isPlain) ? (local, host) : nil
    }

    /// RFC 3986 section 3.2: the host stands behind `//`, between user information and port.
    private static func host(ofURI bytes: [UInt8]) -> DomainName? {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 0,
            bytes[(colon + 1)...].starts(with: "//".utf8)
        else {
            return nil
        }
        var authority = bytes[(colon + 3)...].prefix { !"/?#".utf8.contains($0) }
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) { authority = authority[(at + 1)...] }
        if let port = authority.lastIndex(of: UInt8(ascii: ":")) {
            guard authority[(port + 1)...].allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            authority = authority[..<port]
        }
        // An address is no host name.
        guard let host = DomainName(authority, allowsWildcard: false), !host.isAddressLike else { return nil }
        return host
    }
}

/// A DNS name by its labels, letter case folded.
struct DomainName: Equatable {
    /// From the top-level domain downwards, without the wildcard.
    let labels: [[UInt8]]
    /// Whether a complete label `*` stands before the others (RFC 9525 section 6.3).
    let isWildcard: Bool

    /// Nil for empty labels, a trailing dot, characters that no host name has, and wildcards in other places.
    init?(_ bytes: some Collection<UInt8>, allowsWildcard: Bool) {
        var labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map { Array($0) }
        isWildcard = allowsWildcard && labels.first == [UInt8(ascii: "*")]
        if isWildcard { labels.removeFirst() }
        guard bytes.count <= 253, isWildcard || !labels.isEmpty else { return nil }
        for label in labels where label.isEmpty || label.count > 63 || !label.allSatisfy(Self.isAllowed) { return nil }
        self.labels = labels.reversed().map { $0.map(Self.folded) }
    }

    var isAddressLike: Bool { labels.first?.allSatisfy { (0x30...0x39).contains($0) } ?? false }

    private static func folded(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    /// Letters, digits, hyphen, and the underscore that cluster names use.
    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
        default: false
        }
    }
}

/// A subtree of names: the base of a constraint.
struct NameSubtree {
    private enum Base {
        case everything
        /// A domain and all below it, or only all below it.
        case domain(DomainName, isBelow: Bool)
        case host(DomainName)
        case mailbox(local: [UInt8], host: DomainName)
        case network(address: [UInt8], mask: [UInt8])
    }

    let kind: ConstrainedName.Kind
    private let base: Base

    /// Nil for a base that isn't well-formed.
    init?(base name: ConstrainedName) {
        kind = name.kind
        let bytes = name.bytes
        switch name.kind {
        case .address:
            guard bytes.count == 8 || bytes.count == 32 else { return nil }
            let mask = Array(bytes.suffix(bytes.count / 2))
            guard Self.isPrefix(mask) else { return nil }
            base = .network(address: Array(bytes.prefix(bytes.count / 2)), mask: mask)
        case _ where bytes.isEmpty:
            base = .everything
        case .mailbox where bytes.contains(UInt8(ascii: "@")):
            guard let mailbox = ParsedName.mailbox(bytes) else { return nil }
            base = .mailbox(local: mailbox.local, host: mailbox.host)
        case .dns, .mailbox, .uri:
            let isBelow = bytes.first == UInt8(ascii: ".")
            guard let domain = DomainName(bytes.dropFirst(isBelow ? 1 : 0), allowsWildcard: false) else { return nil }
            // In a URI or mailbox a name without a leading dot is one host, in a DNS name a whole domain.
            base = isBelow || name.kind == .dns ? .domain(domain, isBelow: isBelow) : .host(domain)
        }
    }

    /// Whether each name that this one stands for is in the subtree.
    func holds(_ name: ParsedName) -> Bool { relates(name) { $0.holdsAll(of: $1, isBelow: $2) } }

    /// Whether any name that this one stands for is in the subtree.
    func mayHold(_ name: ParsedName) -> Bool { relates(name) { $0.holdsAny(of: $1, isBelow: $2) } }

    private func relates(_ name: ParsedName, _ holds: (DomainName, DomainName, Bool) -> Bool) -> Bool {
        switch (base, name) {
        case (.everything, _): true
        case (.domain(let domain, let isBelow), .dns(let name)): holds(domain, name, isBelow)
        case (.domain(let domain, let isBelow), .mailbox(_, let host)): holds(domain, host, isBelow)
        case (.domain(let domain, let isBelow), .uri(let host)): holds(domain, host, isBelow)
        case (.host(let host), .mailbox(_, let other)), (.host(let host), .uri(let other)): host == other
        case (.mailbox(let local, let host), .mailbox(let otherLocal, let other)): local == otherLocal && host == other
        case (.network(let network, let mask), .address(let address)):
            network.count == address.count
                && address.indices.allSatisfy { address[$0] & mask[$0] == network[$0] & mask[$0] }
        case (.domain, .address), (.host, .dns), (.host, .address), (.mailbox, _), (.network, _): false
        }
    }

    private static func isPrefix(_ mask: [UInt8]) -> Bool {
        let ones = mask.prefix { $0 == 0xFF }.count
        guard ones < mask.count else { return true }
        // Each bit that is set has one above it.
        return mask[ones] & (mask[ones] >> 1 | 0x80) == mask[ones] && mask[(ones + 1)...].allSatisfy { $0 == 0 }
    }
}

extension DomainName {
    fileprivate func holdsAll(of name: DomainName, isBelow: Bool) -> Bool {
        guard name.labels.starts(with: labels) else { return false }
        return !isBelow || name.isWildcard || name.labels.count > labels.count
    }

    /// A wildcard also stands for a name that is one label longer than its own, and that may be this very domain.
    fileprivate func holdsAny(of name: DomainName, isBelow: Bool) -> Bool {
        if holdsAll(of: name, isBelow: isBelow) { return true }
        return name.isWildcard && !isBelow && labels.count == name.labels.count + 1 && labels.starts(with: name.labels)
    }
}
