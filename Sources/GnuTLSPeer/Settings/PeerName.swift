internal import Glibc

/// The name that a client verifies, as GnuTLS wants it: a DNS name, or the 4 or 16 bytes of an address.
enum PeerName: Equatable {
    case dns(String)
    case address([UInt8])

    /// Nil for an empty name, which verifies nothing.
    init?(_ name: String) {
        guard !name.isEmpty else { return nil }
        self = PeerName.address(in: name).map { .address($0) } ?? .dns(name)
    }

    /// The SNI for a name: RFC 6066 section 3 permits DNS names alone, so none for an address, with brackets or without.
    static func sni(for name: String) -> String? {
        let isBracketed = name.hasPrefix("[") && name.hasSuffix("]")
        let bare = isBracketed ? String(name.dropFirst().dropLast()) : name
        return name.isEmpty || address(in: bare) != nil ? nil : name
    }

    /// The bytes of an IPv4 or IPv6 literal; nil for anything else.
    private static func address(in text: String) -> [UInt8]? {
        for (family, size) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: size)
            if inet_pton(family, text, &bytes) == 1 { return bytes }
        }
        return nil
    }
}
