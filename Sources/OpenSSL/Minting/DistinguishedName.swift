internal import COpenSSL

/// A name of a subject or an issuer (RFC 5280 section 4.1.2.4) with the attributes that the minted names have.
///
/// Equal values always have equal encodings, so an issuer's name matches the subject that it was taken from.
package struct DistinguishedName: Sendable, Hashable {
    package var organization: String?
    package var commonName: String?

    package init(organization: String? = nil, commonName: String? = nil) {
        self.organization = organization
        self.commonName = commonName
    }

    /// Lends the name as an X509_NAME.
    func withPointer(_ body: (OpaquePointer) throws(OpenSSLError) -> Void) throws(OpenSSLError) {
        let name = try checkPointer("X509_NAME_new") { X509_NAME_new() }
        defer { X509_NAME_free(name) }
        for (attribute, value) in [(NID_organizationName, organization), (NID_commonName, commonName)] {
            guard let value else { continue }
            let bytes = Array(value.utf8)
            try check("X509_NAME_add_entry_by_NID") {
                X509_NAME_add_entry_by_NID(name, attribute, MBSTRING_UTF8, bytes, CInt(bytes.count), -1, 0)
            }
        }
        try body(name)
    }
}
