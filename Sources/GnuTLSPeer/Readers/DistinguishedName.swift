internal import CGnuTLS

/// Renders distinguished names.
enum DistinguishedName {
    /// The RFC 4514 string of a Name in DER; `#` and hexadecimal DER (RFC 4514 section 2.4) if GnuTLS cannot read it.
    static func string(_ der: [UInt8]) -> String {
        var text = AllocatedDatum()
        let result = der.withDatum { gnutls_x509_rdn_get2(&$0, &text.datum, 0) }
        return result >= 0 ? text.string : "#" + der.hexadecimal
    }
}
