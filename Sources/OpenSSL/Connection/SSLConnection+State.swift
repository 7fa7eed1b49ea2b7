internal import COpenSSL

extension SSLConnection {
    /// The negotiated version's number on the wire, for example 0x0304; before a ServerHello it means nothing.
    package var versionNumber: Int32 { SSL_version(pointer) }

    /// The negotiated suite as IANA names it, or nil before there is one.
    package var cipherSuite: String? {
        guard let cipher = SSL_get_current_cipher(pointer), let name = SSL_CIPHER_standard_name(cipher) else {
            return nil
        }
        return String(cString: name)
    }

    /// Whether the session came from an earlier connection.
    package var didResume: Bool { SSL_session_reused(pointer) == 1 }

    /// Whether the handshake is over.
    package var isHandshakeFinished: Bool { SSL_is_init_finished(pointer) == 1 }

    /// The peer's leaf as the finished handshake holds it.
    package var peerCertificate: X509Certificate? {
        SSL_get0_peer_certificate(pointer).map { X509Certificate(retaining: $0) }
    }

    /// The names of the server's CertificateRequest, on a client.
    package var peerAuthorityNames: [X509Name] {
        guard let names = SSL_get0_peer_CA_list(pointer) else { return [] }
        return (0..<COpenSSL_sk_X509_NAME_num(names)).map { index in
            X509Name(copying: COpenSSL_sk_X509_NAME_value(names, index))
        }
    }
}
