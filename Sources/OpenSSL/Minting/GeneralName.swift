internal import COpenSSL

/// A subject alternative name or the base of a name constraint (RFC 5280 sections 4.2.1.6 and 4.2.1.10).
package enum GeneralName: Sendable, Hashable {
    case dns(String)
    case email(String)
    case uri(String)
    /// 4 or 16 octets; twice as many (address, then mask) in a name constraint.
    case ip([UInt8])

    /// Makes a GENERAL_NAME that the caller frees or hands on.
    func makePointer() throws(OpenSSLError) -> UnsafeMutablePointer<GENERAL_NAME> {
        let (type, stringType, bytes): (CInt, CInt, [UInt8]) =
            switch self {
            case .dns(let name): (GEN_DNS, V_ASN1_IA5STRING, Array(name.utf8))
            case .email(let address): (GEN_EMAIL, V_ASN1_IA5STRING, Array(address.utf8))
            case .uri(let uri): (GEN_URI, V_ASN1_IA5STRING, Array(uri.utf8))
            case .ip(let octets): (GEN_IPADD, V_ASN1_OCTET_STRING, octets)
            }
        let string = try checkPointer("ASN1_STRING_type_new") { ASN1_STRING_type_new(stringType) }
        do throws(OpenSSLError) {
            try check("ASN1_STRING_set") { ASN1_STRING_set(string, bytes, CInt(bytes.count)) }
            let name = try checkPointer("GENERAL_NAME_new") { GENERAL_NAME_new() }
            // The name owns the string from here on.
            GENERAL_NAME_set0_value(name, type, string)
            return name
        } catch {
            ASN1_STRING_free(string)
            throw error
        }
    }
}
