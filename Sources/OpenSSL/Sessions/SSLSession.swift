internal import COpenSSL

/// A session that a client may offer later, or that a server keeps until it is named.
///
/// It holds the secret that resumes the session: whoever reads it can take the client's place until it expires.
package final class SSLSession: @unchecked Sendable {
    // Safety: no connection ever has this one, but a copy of its own, so it is read only after init.
    let pointer: OpaquePointer

    /// How many seconds the server will remember it, as its ticket says; 0 says nothing before TLS 1.3, and
    /// "not at all" in TLS 1.3 (RFC 5077 section 3.3, RFC 8446 section 4.6.1).
    package let lifetimeHint: Int64
    package let isTLS13: Bool

    /// Takes over one reference, which nobody else may have.
    private init(takingOwnershipOf pointer: OpaquePointer) {
        self.pointer = pointer
        lifetimeHint = Int64(clamping: SSL_SESSION_get_ticket_lifetime_hint(pointer))
        isTLS13 = SSL_SESSION_get_protocol_version(pointer) == TLS1_3_VERSION
    }

    /// Copies a session that can be resumed, or is nil for one that can't.
    convenience init?(copying session: OpaquePointer?) {
        guard let session, SSL_SESSION_is_resumable(session) == 1, let copy = SSL_SESSION_dup(session) else {
            return nil
        }
        self.init(takingOwnershipOf: copy)
    }

    /// Takes bytes that were kept somewhere, or is nil if they don't decode as a session that can be resumed.
    package convenience init?(decoding bytes: [UInt8]) {
        defer { ErrorQueue.clear() }
        let decoded = bytes.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var cursor = buffer.baseAddress
            guard let session = d2i_SSL_SESSION(nil, &cursor, buffer.count) else { return nil }
            guard cursor == buffer.baseAddress.map({ $0 + buffer.count }), SSL_SESSION_is_resumable(session) == 1
            else {
                SSL_SESSION_free(session)
                return nil
            }
            return session
        }
        guard let decoded else { return nil }
        self.init(takingOwnershipOf: decoded)
    }

    deinit {
        SSL_SESSION_free(pointer)
    }

    /// libssl's own encoding; empty if it has none.
    package var bytes: [UInt8] {
        var buffer: UnsafeMutablePointer<UInt8>?
        let length = i2d_SSL_SESSION(pointer, &buffer)
        guard length > 0, let buffer else { return [] }
        defer { CRYPTO_clear_free(buffer, Int(length), nil, 0) }
        return [UInt8](UnsafeBufferPointer(start: buffer, count: Int(length)))
    }

    /// The data that a server has put beside it, or nothing.
    package var ticketData: [UInt8] { OpenSSL.ticketData(of: pointer) }

    /// A copy that a server's connection owns from now on, or nil without memory.
    func copyForServer() -> OpaquePointer? {
        guard let copy = SSL_SESSION_dup(pointer) else { return nil }
        makeYoung(copy)
        return copy
    }

    /// Lends a copy that a connection may change, made `age` seconds ago.
    func withCopy(
        ofAge age: Int64,
        _ body: (OpaquePointer) throws(OpenSSLError) -> Void
    ) throws(OpenSSLError) {
        let copy = try checkPointer("SSL_SESSION_dup") { SSL_SESSION_dup(pointer) }
        defer { SSL_SESSION_free(copy) }
        SSL_SESSION_set_time(copy, time(nil) - Int(max(0, age)))
        try body(copy)
    }
}

extension SSLSession: Hashable {
    /// Whether both are the same object: two tickets are never the same session.
    package static func == (left: SSLSession, right: SSLSession) -> Bool {
        left === right
    }

    /// Hashes the object.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(self))
    }
}

/// The key that protects a server's session tickets for a while, in the form that RFC 5077 section 4 recommends: a
/// name that travels with the ticket, a key for AES-256-CBC, and one for HMAC-SHA-256.
///
/// The bytes are wiped when the last owner lets go, and are never described.
package final class SessionTicketKey: @unchecked Sendable {
    // Safety: written in init and wiped in deinit, read only in between.
    private let bytes: UnsafeMutableRawBufferPointer

    /// The length of the name, which libssl fixes.
    package static let nameLength = 16
    /// How many bytes a key is made from: name, cipher key, MAC key.
    package static let materialLength = nameLength + 32 + 32

    /// Takes the three parts from `material`; it must have ``materialLength`` bytes.
    package init(material: [UInt8]) {
        precondition(material.count == Self.materialLength, "a ticket key is made from \(Self.materialLength) bytes")
        bytes = .allocate(byteCount: Self.materialLength, alignment: 16)
        bytes.copyBytes(from: material)
    }

    deinit {
        OPENSSL_cleanse(bytes.baseAddress, bytes.count)
        bytes.deallocate()
    }

    /// The name, which tells nothing of the keys.
    package var name: [UInt8] { [UInt8](bytes.prefix(Self.nameLength)) }

    /// Starts the protection of a new ticket, or fails with false.
    func seal(iv: UnsafePointer<UInt8>, _ cipher: OpaquePointer?, _ mac: OpaquePointer?) -> Bool {
        EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), nil, cipherKey, iv) == 1 && start(mac)
    }

    /// Starts the opening of a ticket that came back, or fails with false.
    func open(iv: UnsafePointer<UInt8>, _ cipher: OpaquePointer?, _ mac: OpaquePointer?) -> Bool {
        EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), nil, cipherKey, iv) == 1 && start(mac)
    }

    private func start(_ mac: OpaquePointer?) -> Bool {
        var digest = Array("SHA256".utf8CString)
        // A parameter points at its name and its value, and a Swift string that is passed lives for that call alone.
        return OSSL_MAC_PARAM_DIGEST.withCString { name in
            digest.withUnsafeMutableBufferPointer { digest in
                let parameters = [
                    OSSL_PARAM_construct_utf8_string(name, digest.baseAddress, 0), OSSL_PARAM_construct_end(),
                ]
                return EVP_MAC_init(mac, macKey, 32, parameters) == 1
            }
        }
    }

    private var cipherKey: UnsafePointer<UInt8>? { part(at: Self.nameLength) }
    private var macKey: UnsafePointer<UInt8>? { part(at: Self.nameLength + 32) }

    private func part(at offset: Int) -> UnsafePointer<UInt8>? {
        bytes.baseAddress.map { UnsafePointer(($0 + offset).assumingMemoryBound(to: UInt8.self)) }
    }
}
