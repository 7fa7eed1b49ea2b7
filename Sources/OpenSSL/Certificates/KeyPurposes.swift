internal import COpenSSL

/// What the extended key usage of a certificate names, of what TLS asks for (RFC 5280 section 4.2.1.12).
package struct KeyPurposes: OptionSet, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    package static let serverAuthentication = KeyPurposes(rawValue: UInt32(XKU_SSL_SERVER))
    package static let clientAuthentication = KeyPurposes(rawValue: UInt32(XKU_SSL_CLIENT))
    /// anyExtendedKeyUsage itself: it is not expanded to the others.
    package static let any = KeyPurposes(rawValue: UInt32(XKU_ANYEKU))
}

extension X509Certificate {
    /// Empty without the extension, with an unreadable one, and with others that OpenSSL calls invalid.
    ///
    /// OpenSSL has read them while it verified, so that this costs no decoding.
    package var keyPurposes: KeyPurposes {
        let usage = X509_get_extended_key_usage(pointer)
        return usage == UInt32.max ? [] : KeyPurposes(rawValue: usage)
    }
}
