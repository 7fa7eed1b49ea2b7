/// What a file is expected to hold.
enum FileKind {
    case certificateChain
    case privateKey
    case intermediates
    case authorities
    case revocationLists

    /// The words for it in messages.
    var expectation: String {
        switch self {
        case .certificateChain: "a certificate"
        case .privateKey: "a private key"
        case .intermediates: "intermediate certificates"
        case .authorities: "certificates"
        case .revocationLists: "revocation lists"
        }
    }

    /// Which names in a folder are read: those that PEM files have by custom, and those of `openssl rehash`.
    func includes(fileNamed name: String) -> Bool {
        guard !name.hasPrefix("."), let dot = name.lastIndex(of: ".") else { return false }
        let stem = name[..<dot]
        let suffix = name[name.index(after: dot)...].lowercased()
        let isHash = stem.utf8.count == 8 && stem.allSatisfy { $0.isHexDigit && $0.isASCII }
        switch self {
        case .revocationLists:
            return suffix == "pem" || suffix == "crl"
                || (isHash && suffix.hasPrefix("r") && isNumber(suffix.dropFirst()))
        case .certificateChain, .privateKey, .intermediates, .authorities:
            return ["pem", "crt", "cer"].contains(suffix) || (isHash && isNumber(suffix[...]))
        }
    }

    /// The names of `includes(fileNamed:)` for messages.
    var fileNames: String {
        switch self {
        case .revocationLists: "*.pem, *.crl or HASH.rN"
        case .certificateChain, .privateKey, .intermediates, .authorities: "*.pem, *.crt, *.cer or HASH.N"
        }
    }

    private func isNumber(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
