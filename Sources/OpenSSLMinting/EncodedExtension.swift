internal import COpenSSL
internal import OpenSSL

/// An X509_EXTENSION with its single owner.
struct EncodedExtension: ~Copyable {
    let pointer: OpaquePointer

    init(_ source: CertificateExtension) throws(OpenSSLError) {
        let isCritical = source.isCritical
        switch source {
        case .basicConstraints(let isCA, let pathLength):
            pointer = try Self.basicConstraints(isCA: isCA, pathLength: pathLength, isCritical: isCritical)
        case .keyUsage(let usages):
            pointer = try Self.keyUsage(usages, isCritical: isCritical)
        case .extendedKeyUsage(let purposes):
            pointer = try Self.extendedKeyUsage(purposes, isCritical: isCritical)
        case .subjectAlternativeName(let names, _):
            pointer = try Self.alternativeName(names, isCritical: isCritical)
        case .nameConstraints(let permitted, let excluded):
            pointer = try Self.nameConstraints(permitted: permitted, excluded: excluded, isCritical: isCritical)
        case .subjectKeyIdentifier(let identifier):
            pointer = try Self.subjectKeyIdentifier(identifier, isCritical: isCritical)
        case .authorityKeyIdentifier(let identifier):
            pointer = try Self.authorityKeyIdentifier(identifier, isCritical: isCritical)
        case .crlNumber(let number):
            pointer = try Self.crlNumber(number, isCritical: isCritical)
        case .other(let identifier, _, let value):
            pointer = try Self.other(identifier, value: value, isCritical: isCritical)
        }
    }

    deinit {
        X509_EXTENSION_free(pointer)
    }
}

extension EncodedExtension {
    private static func encode(
        _ nid: CInt,
        _ value: UnsafeMutableRawPointer,
        isCritical: Bool
    ) throws(OpenSSLError) -> OpaquePointer {
        try checkPointer("X509V3_EXT_i2d") { X509V3_EXT_i2d(nid, isCritical ? 1 : 0, value) }
    }

    private static func basicConstraints(
        isCA: Bool,
        pathLength: Int?,
        isCritical: Bool
    ) throws(OpenSSLError) -> OpaquePointer {
        let constraints = try checkPointer("BASIC_CONSTRAINTS_new") { BASIC_CONSTRAINTS_new() }
        defer { BASIC_CONSTRAINTS_free(constraints) }
        // FALSE is the default and therefore not encoded; OpenSSL writes any other value as it stands in DER.
        constraints.pointee.ca = isCA ? 0xFF : 0
        if let pathLength {
            let number = try checkPointer("ASN1_INTEGER_new") { ASN1_INTEGER_new() }
            constraints.pointee.pathlen = number
            try check("ASN1_INTEGER_set") { ASN1_INTEGER_set(number, pathLength) }
        }
        return try encode(NID_basic_constraints, constraints, isCritical: isCritical)
    }

    private static func keyUsage(
        _ usages: [CertificateExtension.KeyUsage],
        isCritical: Bool
    ) throws(OpenSSLError) -> OpaquePointer {
        let bits = try checkPointer("ASN1_BIT_STRING_new") { ASN1_BIT_STRING_new() }
        defer { ASN1_BIT_STRING_free(bits) }
        for usage in usages {
            try check("ASN1_BIT_STRING_set_bit") { ASN1_BIT_STRING_set_bit(bits, CInt(usage.rawValue), 1) }
        }
        return try encode(NID_key_usage, bits, isCritical: isCritical)
    }

    private static func extendedKeyUsage(
        _ purposes: [String],
        isCritical: Bool
    ) throws(OpenSSLError) -> OpaquePointer {
        let usages = try checkPointer("EXTENDED_KEY_USAGE_new") { EXTENDED_KEY_USAGE_new() }
        defer { EXTENDED_KEY_USAGE_free(usages) }
        for purpose in purposes {
            let object = try checkPointer("OBJ_txt2obj") { OBJ_txt2obj(purpose, 1) }
            do throws(OpenSSLError) {
                _ = try checkPositive("sk_ASN1_OBJECT_push") { COpenSSL_sk_ASN1_OBJECT_push(usages, object) }
            } catch {
                ASN1_OBJECT_free(object)
                throw error
            }
        }
        return try encode(NID_ext_key_usage, UnsafeMutableRawPointer(usages), isCritical: isCritical)
    }

    private static func alternativeName(
        _ names: [GeneralName],
        isCritical: Bool
    ) throws(OpenSSLError) -> OpaquePointer {
        let stack = try checkPointer("GENERAL_NAMES_new") { GENERAL_NAMES_new() }
        defer { GENERAL_NAMES_free(stack) }
        for name in names {
            let pointer = try name.makePointer()
            do throws(OpenSSLError) {
                _ = try checkPositive("sk_GENERAL_NAME_push") { COpenSSL_sk_GENERAL_NAME_push(stack, pointer) }
            } catch {
                GENERAL_NAME_free(pointer)
                throw error
            }
        }
        return try encode(NID_subject_alt_name, UnsafeMutableRawPointer(stack), isCritical: isCritical)
    }

    private static func nameConstraints(
        permitted: [GeneralName],
        excluded: [GeneralName],
        isCritical: Bool
    ) throws(OpenSSLError) -> OpaquePointer {
        let constraints = try checkPointer("NAME_CONSTRAINTS_new") { NAME_CONSTRAINTS_new() }
        defer { NAME_CONSTRAINTS_free(constraints) }
        // RFC 5280 section 4.2.1.10 gives each list at least one element: an empty one is left out.
        if !permitted.isEmpty {
            constraints.pointee.permittedSubtrees = try subtreeStack()
            try push(permitted, onto: constraints.pointee.permittedSubtrees)
        }
        if !excluded.isEmpty {
            constraints.pointee.excludedSubtrees = try subtreeStack()
            try push(excluded, onto: constraints.pointee.excludedSubtrees)
        }
        return try encode(NID_name_constraints, constraints, isCritical: isCritical)
    }

    private static func subtreeStack() throws(OpenSSLError) -> OpaquePointer {
        try checkPointer("sk_GENERAL_SUBTREE_new_null") { COpenSSL_sk_GENERAL_SUBTREE_new_null() }
    }

    private static func push(_ bases: [GeneralName], onto stack: OpaquePointer) throws(OpenSSLError) {
        for base in bases {
            let subtree = try checkPointer("GENERAL_SUBTREE_new") { GENERAL_SUBTREE_new() }
            do throws(OpenSSLError) {
                let name = try base.makePointer()
                GENERAL_NAME_free(subtree.pointee.base)
                subtree.pointee.base = name
                _ = try checkPositive("sk_GENERAL_SUBTREE_push") { COpenSSL_sk_GENERAL_SUBTREE_push(stack, subtree) }
            } catch {
                GENERAL_SUBTREE_free(subtree)
                throw error
            }
        }
    }

    private static func subjectKeyIdentifier(
        _ identifier: [UInt8],
        isCritical: Bool
    ) throws(OpenSSLError) -> OpaquePointer {
        let octets = try octetString(identifier)
        defer { ASN1_OCTET_STRING_free(octets) }
        return try encode(NID_subject_key_identifier, octets, isCritical: isCritical)
    }

    private static func authorityKeyIdentifier(
        _ identifier: [UInt8],
        isCritical: Bool
    ) throws(OpenSSLError) -> OpaquePointer {
        let authority = try checkPointer("AUTHORITY_KEYID_new") { AUTHORITY_KEYID_new() }
        defer { AUTHORITY_KEYID_free(authority) }
        authority.pointee.keyid = try octetString(identifier)
        return try encode(NID_authority_key_identifier, authority, isCritical: isCritical)
    }

    private static func crlNumber(_ number: Int, isCritical: Bool) throws(OpenSSLError) -> OpaquePointer {
        let integer = try checkPointer("ASN1_INTEGER_new") { ASN1_INTEGER_new() }
        defer { ASN1_INTEGER_free(integer) }
        try check("ASN1_INTEGER_set") { ASN1_INTEGER_set(integer, number) }
        return try encode(NID_crl_number, integer, isCritical: isCritical)
    }

    private static func other(
        _ identifier: String,
        value: [UInt8],
        isCritical: Bool
    ) throws(OpenSSLError) -> OpaquePointer {
        let object = try checkPointer("OBJ_txt2obj") { OBJ_txt2obj(identifier, 1) }
        defer { ASN1_OBJECT_free(object) }
        let octets = try octetString(value)
        defer { ASN1_OCTET_STRING_free(octets) }
        return try checkPointer("X509_EXTENSION_create_by_OBJ") {
            X509_EXTENSION_create_by_OBJ(nil, object, isCritical ? 1 : 0, octets)
        }
    }

    private static func octetString(_ bytes: [UInt8]) throws(OpenSSLError) -> UnsafeMutablePointer<ASN1_OCTET_STRING> {
        let octets = try checkPointer("ASN1_OCTET_STRING_new") { ASN1_OCTET_STRING_new() }
        do throws(OpenSSLError) {
            try check("ASN1_OCTET_STRING_set") { ASN1_OCTET_STRING_set(octets, bytes, CInt(bytes.count)) }
            return octets
        } catch {
            ASN1_OCTET_STRING_free(octets)
            throw error
        }
    }
}
