/// The number that OpenSSL and its relatives give an error: a library and a reason.
struct LogErrorNumber: Equatable {
    enum Library: Equatable { case ssl, x509, pem, evp, pkcs12, decoder, other }

    var library: Library
    var reason: Int

    init?(in text: LogText) {
        guard let packed = Self.hexadecimal(text) ?? Self.decimal(text) else { return nil }
        // OpenSSL 1.1 and BoringSSL pack library, function and reason into 8, 12 and 12 bits, OpenSSL 3 library and
        // reason into 8 and 23 (ERR_GET_LIB).
        if packed >> 24 == 0x10 {
            library = .ssl
            reason = Int(packed & 0xFFF)
        } else if packed >> 23 & 0xFF == 20, packed >> 24 == 0x0A {
            library = .ssl
            reason = Int(packed & 0x7FFFFF)
        } else if packed >> 24 == 0x14 {
            library = .ssl
            reason = Int(packed & 0xFFF)
        } else {
            let isOld = [0x0B, 0x09, 0x06, 0x23].contains(Int(packed >> 24))
            let number = isOld ? Int(packed >> 24) : Int(packed >> 23 & 0xFF)
            reason = Int(isOld ? packed & 0xFFF : packed & 0x7FFFFF)
            library = [11: .x509, 9: .pem, 6: .evp, 35: .pkcs12, 60: .decoder][number] ?? .other
        }
    }

    /// `error:0A000086:`, with eight digits.
    private static func hexadecimal(_ text: LogText) -> UInt32? {
        for end in text.ends(of: "error:") {
            let digits = text.bytes[end...].prefix(9).prefix { $0.isHexadecimal }
            if digits.count == 8 { return UInt32(String(decoding: digits, as: UTF8.self), radix: 16) }
        }
        return nil
    }

    /// Envoy writes BoringSSL's number in decimal.
    private static func decimal(_ text: LogText) -> UInt32? {
        for end in text.ends(of: "error: ") {
            let digits = text.bytes[end...].prefix(10).prefix { $0.isDigit }
            if digits.count == 9 { return UInt32(String(decoding: digits, as: UTF8.self)) }
        }
        return nil
    }

    /// The meaning of the reason where no words say so.
    var condition: LogCondition? {
        switch (library, reason) {
        case (.ssl, 134), (.ssl, 125): .verifyFailed
        case (.ssl, 199), (.ssl, 192): .noClientCertificate
        case (.ssl, 267), (.ssl, 156), (.ssl, 247), (.ssl, 252): .plaintextToTLS
        case (.ssl, 193): .noSharedCipher
        case (.ssl, 258), (.ssl, 240): .versionDisjoint
        case (.ssl, 244): .unexpectedMessage
        case (.ssl, 294): .unexpectedEnd
        case (.ssl, 333): .weakAlgorithm
        case (.ssl, 398): .weakAlgorithm
        case (.ssl, 397), (.ssl, 399): .weakKey
        case (.ssl, 118): .noSharedSignature
        case (.ssl, 277): .sessionScope
        case (.x509, 116): .keyMismatch
        case (.pem, 108): .noPEM
        case (.evp, 100): .wrongPassword
        case (.pkcs12, 113): .wrongPassword
        case (.decoder, 268): .unsupportedKey
        default: nil
        }
    }
}
