internal import COpenSSL

/// The client's handshake traffic secret of TLS 1.3 (RFC 8446 section 7.1).
///
/// libssl derives it with the client's second flight. A client that fails before then needs it for its alert.
struct ClientHandshakeSecret {
    private(set) var bytes: [UInt8]

    /// From the key exchange and the transcript of a connection that has read its ServerHello.
    ///
    /// It is nil where one of them is missing.
    init?(of ssl: OpaquePointer, transcript: HelloTranscript, digest: OpaquePointer) throws(OpenSSLError) {
        var own: OpaquePointer?
        var peer: OpaquePointer?
        defer {
            EVP_PKEY_free(own)
            EVP_PKEY_free(peer)
        }
        guard COpenSSL_SSL_get_tmp_key(ssl, &own) == 1,
            COpenSSL_SSL_get_peer_tmp_key(ssl, &peer) == 1, let own, let peer,
            let hash = try transcript.digest(digest)
        else {
            return nil
        }
        var shared = try Self.exchange(own, peer)
        var preShared = SSL_session_reused(ssl) == 1 ? Self.preSharedKey(of: ssl) : []
        defer {
            Self.cleanse(&shared)
            Self.cleanse(&preShared)
        }
        try self.init(shared: shared, preShared: preShared, transcriptHash: hash, digest: digest)
    }

    /// - Parameters:
    ///   - shared: what (EC)DHE gives.
    ///   - preShared: the key of a session that is resumed; empty in a full handshake.
    ///   - transcriptHash: of ClientHello to ServerHello.
    init(shared: [UInt8], preShared: [UInt8] = [], transcriptHash: [UInt8], digest: OpaquePointer) throws(OpenSSLError)
    {
        let length = Int(EVP_MD_get_size(digest))
        let zeros = [UInt8](repeating: 0, count: length)
        var early = try HKDF.extract(preShared.isEmpty ? zeros : preShared, salt: zeros, digest: digest)
        let nothing = try OpenSSL.digest(of: [], by: digest)
        var salt = try TrafficKeys.expand(early, label: "derived", context: nothing, length: length, digest: digest)
        var handshake = try HKDF.extract(shared, salt: salt, digest: digest)
        defer {
            Self.cleanse(&early)
            Self.cleanse(&salt)
            Self.cleanse(&handshake)
        }
        bytes = try TrafficKeys.expand(
            handshake,
            label: "c hs traffic",
            context: transcriptHash,
            length: length,
            digest: digest
        )
    }

    mutating func cleanse() {
        Self.cleanse(&bytes)
    }

    /// libssl keeps the key that belongs to a ticket where sessions before TLS 1.3 have their master secret.
    private static func preSharedKey(of ssl: OpaquePointer) -> [UInt8] {
        guard let session = SSL_get_session(ssl) else { return [] }
        var key = [UInt8](repeating: 0, count: Int(SSL_MAX_MASTER_KEY_LENGTH))
        let length = SSL_SESSION_get_master_key(session, &key, key.count)
        return Array(key.prefix(length))
    }

    private static func cleanse(_ bytes: inout [UInt8]) {
        bytes.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
    }

    /// The shared secret of a key of one's own and the peer's public key.
    private static func exchange(_ own: OpaquePointer, _ peer: OpaquePointer) throws(OpenSSLError) -> [UInt8] {
        let context = try checkPointer("EVP_PKEY_CTX_new") { EVP_PKEY_CTX_new(own, nil) }
        defer { EVP_PKEY_CTX_free(context) }
        try check("EVP_PKEY_derive_init") { EVP_PKEY_derive_init(context) }
        try check("EVP_PKEY_derive_set_peer") { EVP_PKEY_derive_set_peer(context, peer) }
        // A finite field's secret keeps its leading zeros (RFC 8446 section 7.4.1).
        if EVP_PKEY_get_base_id(own) == EVP_PKEY_DH {
            try check("EVP_PKEY_CTX_set_dh_pad") { EVP_PKEY_CTX_set_dh_pad(context, 1) }
        }
        var length = 0
        try check("EVP_PKEY_derive") { EVP_PKEY_derive(context, nil, &length) }
        var secret = [UInt8](repeating: 0, count: length)
        try check("EVP_PKEY_derive") { EVP_PKEY_derive(context, &secret, &length) }
        return Array(secret.prefix(length))
    }
}
