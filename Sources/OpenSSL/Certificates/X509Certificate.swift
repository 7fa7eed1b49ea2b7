internal import COpenSSL
internal import Glibc

/// An X.509 certificate, counted by OpenSSL.
///
/// It is never changed after its creation, which is what makes sharing it between threads sound: the lazily
/// decoded parts of an `X509` are guarded by a lock of OpenSSL's own.
package final class X509Certificate: @unchecked Sendable {
    package let pointer: OpaquePointer

    /// Takes over one reference, which the caller then no longer owns.
    package init(takingOwnershipOf pointer: OpaquePointer) {
        self.pointer = pointer
    }

    /// Adds a reference of its own to one that somebody else goes on owning.
    init(retaining pointer: OpaquePointer) {
        X509_up_ref(pointer)
        self.pointer = pointer
    }

    /// Decodes one DER certificate (RFC 5280 section 4.1) that fills `der` to its end.
    package convenience init(der: [UInt8]) throws(OpenSSLError) {
        var consumed = 0
        let pointer = try checkPointer("d2i_X509") {
            der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
                var cursor = buffer.baseAddress
                guard let start = cursor, let certificate = d2i_X509(nil, &cursor, buffer.count) else { return nil }
                consumed = cursor.map { $0 - start } ?? 0
                return certificate
            }
        }
        self.init(takingOwnershipOf: pointer)
        guard consumed == der.count else {
            throw OpenSSLError(call: "d2i_X509: \(der.count - consumed) bytes follow the certificate", entries: [])
        }
    }

    deinit {
        X509_free(pointer)
    }

    /// The same for every value that shares one `X509`, and for no other one that is alive.
    package var sharedObject: Int { Int(bitPattern: pointer) }

    /// The DER encoding, as it was received or made.
    package var der: [UInt8] {
        var buffer: UnsafeMutablePointer<UInt8>?
        let length = i2d_X509(pointer, &buffer)
        guard length > 0, let buffer else { return [] }
        defer { CRYPTO_free(buffer, nil, 0) }
        return [UInt8](UnsafeBufferPointer(start: buffer, count: Int(length)))
    }
}

/// A `STACK_OF(X509)` that owns one reference to each of its certificates and is never changed once made.
final class CertificateStack: @unchecked Sendable {
    // Safety: read only after init.
    let pointer: OpaquePointer

    init(_ certificates: [X509Certificate]) throws(OpenSSLError) {
        pointer = try checkPointer("sk_X509_new_null") { COpenSSL_sk_X509_new_null() }
        for certificate in certificates {
            _ = try checkPositive("sk_X509_push") { COpenSSL_sk_X509_push(pointer, certificate.pointer) }
            X509_up_ref(certificate.pointer)
        }
    }

    deinit {
        COpenSSL_sk_X509_pop_free(pointer)
    }

    /// The certificates of a stack that somebody else owns, each with a reference of its own.
    static func certificates(in stack: OpaquePointer?) -> [X509Certificate] {
        guard let stack else { return [] }
        let count = COpenSSL_sk_X509_num(stack)
        var certificates: [X509Certificate] = []
        certificates.reserveCapacity(Int(count))
        for index in 0..<count {
            guard let certificate = COpenSSL_sk_X509_value(stack, index) else { continue }
            certificates.append(X509Certificate(retaining: certificate))
        }
        return certificates
    }
}

extension X509Certificate {
    /// The serial number's magnitude, big-endian, without leading zeros (RFC 5280 section 4.1.2.2).
    package var serialNumber: [UInt8] {
        guard let serial = X509_get0_serialNumber(pointer) else { return [] }
        return bytes(of: serial)
    }

    package var subject: X509Name { X509Name(copying: X509_get_subject_name(pointer)) }
    package var issuer: X509Name { X509Name(copying: X509_get_issuer_name(pointer)) }

    /// The X.509 version: 1, 2 or 3.
    package var version: Int { X509_get_version(pointer) + 1 }

    /// The first second of validity, in seconds since 1970-01-01 UTC.
    package var notBefore: Int64? { secondsSinceEpoch(X509_get0_notBefore(pointer)) }
    /// The last second of validity, in seconds since 1970-01-01 UTC.
    package var notAfter: Int64? { secondsSinceEpoch(X509_get0_notAfter(pointer)) }

    /// The values of one attribute of the subject, by its object, in their order.
    package func subjectAttributes(_ attribute: SubjectAttribute) -> [String] {
        guard let name = X509_get_subject_name(pointer) else { return [] }
        var values: [String] = []
        var index: CInt = -1
        while true {
            index = X509_NAME_get_index_by_NID(name, attribute.nid, index)
            guard index >= 0, let entry = X509_NAME_get_entry(name, index) else { return values }
            guard let data = X509_NAME_ENTRY_get_data(entry) else { continue }
            var buffer: UnsafeMutablePointer<UInt8>?
            let length = ASN1_STRING_to_UTF8(&buffer, data)
            guard length >= 0, let buffer else { continue }
            defer { CRYPTO_free(buffer, nil, 0) }
            values.append(String(decoding: UnsafeBufferPointer(start: buffer, count: Int(length)), as: UTF8.self))
        }
    }

    /// Whether the basic constraints say that this is a certificate authority (RFC 5280 section 4.2.1.9).
    ///
    /// A version 1 certificate has no extensions and so is none.
    package var isCertificateAuthority: Bool { X509_get_extension_flags(pointer) & UInt32(EXFLAG_CA) != 0 }

    /// Whether subject and issuer are one name.
    package var isSelfIssued: Bool { X509_get_extension_flags(pointer) & UInt32(EXFLAG_SI) != 0 }

    /// The purposes of the extended key usage extension as dotted object identifiers, or nil without one.
    package var extendedKeyUsages: [String]? {
        guard let extensionValue = X509_get_ext_d2i(pointer, NID_ext_key_usage, nil, nil) else { return nil }
        let usages = OpaquePointer(extensionValue)
        defer { EXTENDED_KEY_USAGE_free(usages) }
        return (0..<COpenSSL_sk_ASN1_OBJECT_num(usages)).map { index in
            dottedText(of: COpenSSL_sk_ASN1_OBJECT_value(usages, index))
        }
    }

    /// Whether the certificate has the extension, even one that doesn't decode.
    package var hasExtendedKeyUsageExtension: Bool { X509_get_ext_by_NID(pointer, NID_ext_key_usage, -1) >= 0 }

    /// The bits of the key usage extension (RFC 5280 section 4.2.1.3), or nil without one.
    package var keyUsage: KeyUsage? {
        let bits = X509_get_key_usage(pointer)
        return bits == UInt32.max ? nil : KeyUsage(rawValue: bits)
    }

    /// The public key.
    package func publicKey() throws(OpenSSLError) -> EVPKey {
        EVPKey(takingOwnershipOf: try checkPointer("X509_get_pubkey") { X509_get_pubkey(pointer) })
    }

    /// The DER encoding of the SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7); empty if it doesn't encode.
    package var publicKeyInfo: [UInt8] {
        var buffer: UnsafeMutablePointer<UInt8>?
        let length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(pointer), &buffer)
        guard length > 0, let buffer else { return [] }
        defer { CRYPTO_free(buffer, nil, 0) }
        return [UInt8](UnsafeBufferPointer(start: buffer, count: Int(length)))
    }

    private func dottedText(of object: OpaquePointer?) -> String {
        guard let object else { return "" }
        let needed = OBJ_obj2txt(nil, 0, object, 1)
        guard needed > 0 else { return "" }
        return String(unsafeUninitializedCapacity: Int(needed) + 1) { buffer in
            buffer.withMemoryRebound(to: CChar.self) { text in
                max(0, Int(OBJ_obj2txt(text.baseAddress, needed + 1, object, 1)))
            }
        }
    }
}

/// An attribute of a distinguished name that the library reads.
package enum SubjectAttribute: Sendable {
    case commonName
    case organization

    var nid: CInt {
        switch self {
        case .commonName: NID_commonName
        case .organization: NID_organizationName
        }
    }
}

/// The bits of a key usage extension (RFC 5280 section 4.2.1.3), as OpenSSL numbers them.
package struct KeyUsage: OptionSet, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    package static let digitalSignature = KeyUsage(rawValue: UInt32(KU_DIGITAL_SIGNATURE))
    package static let keyEncipherment = KeyUsage(rawValue: UInt32(KU_KEY_ENCIPHERMENT))
    package static let keyAgreement = KeyUsage(rawValue: UInt32(KU_KEY_AGREEMENT))
    package static let keyCertSign = KeyUsage(rawValue: UInt32(KU_KEY_CERT_SIGN))
    package static let cRLSign = KeyUsage(rawValue: UInt32(KU_CRL_SIGN))
}

/// The content of an ASN.1 string, copied.
func bytes(of string: UnsafePointer<ASN1_STRING>) -> [UInt8] {
    let length = Int(ASN1_STRING_length(string))
    guard length > 0, let data = ASN1_STRING_get0_data(string) else { return [] }
    return [UInt8](UnsafeBufferPointer(start: data, count: length))
}

/// An ASN.1 time as seconds since 1970-01-01 UTC, or nil if it doesn't parse.
func secondsSinceEpoch(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
    var fields = tm()
    guard let time, ASN1_TIME_to_tm(time, &fields) == 1 else { return nil }
    return Int64(timegm(&fields))
}
