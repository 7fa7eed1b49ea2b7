internal import COpenSSL

/// The demand of a server on its clients' certificates.
package enum PeerCertificateDemand: Sendable {
    /// No certificate is asked for.
    case none
    /// One is asked for, and the peer may send none.
    case optional
    /// One is asked for, and without it the handshake fails.
    case required
}

extension SSLConnection {
    /// Sets leaf, chain and key in one step, so that no half of an older credential stays behind, and on a server the
    /// names of its CertificateRequest.
    package func use(_ credential: Credential, announcing names: NameStack? = nil) throws(OpenSSLError) {
        if let prepared = try credential.contexts.context(like: context, with: credential, announcing: names) {
            _ = try checkPointer("SSL_set_SSL_CTX") { SSL_set_SSL_CTX(pointer, prepared.pointer) }
            return
        }
        try credential.use(onConnection: pointer)
        guard let names else { return }
        let copy = try checkPointer("SSL_dup_CA_list") { SSL_dup_CA_list(names.pointer) }
        // It takes the list over.
        SSL_set_client_CA_list(pointer, copy)
    }

    /// Sets whether the peer is asked for a certificate; the delegate judges whatever it sends.
    package func demand(_ demand: PeerCertificateDemand) {
        let mode =
            switch demand {
            case .none: SSL_VERIFY_NONE
            case .optional: SSL_VERIFY_PEER
            // FAIL_IF_NO_PEER_CERT alone does nothing: it needs VERIFY_PEER beside it.
            case .required: SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT
            }
        SSL_set_verify(pointer, mode, nil)
    }

    /// Sets the DNS name that the server's certificate must be valid for.
    package func expect(dnsName: String) throws(OpenSSLError) {
        let parameters = SSL_get0_param(pointer)
        // RFC 9525 section 2: the common name is no identity, and a wildcard is a whole label.
        X509_VERIFY_PARAM_set_hostflags(
            parameters,
            UInt32(X509_CHECK_FLAG_NEVER_CHECK_SUBJECT) | UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS)
        )
        try check("X509_VERIFY_PARAM_set1_host") {
            X509_VERIFY_PARAM_set1_host(parameters, dnsName, dnsName.utf8.count)
        }
    }

    /// Sets the address, 4 or 16 bytes, that the server's certificate must be valid for.
    package func expect(address: [UInt8]) throws(OpenSSLError) {
        try check("X509_VERIFY_PARAM_set1_ip") {
            X509_VERIFY_PARAM_set1_ip(SSL_get0_param(pointer), address, address.count)
        }
    }

    /// Sets the protocols that a client offers by ALPN, the one that it likes best first.
    package func offer(protocols: [[UInt8]]) throws(OpenSSLError) {
        let list = protocols.flatMap { [UInt8($0.count)] + $0 }
        // Unlike most calls it returns 0 for success.
        try check("SSL_set_alpn_protos") { COpenSSL_SSL_set_alpn_protos(pointer, list, list.count) == 0 ? 1 : 0 }
    }

    /// Sets the host name of the server_name extension (RFC 6066 section 3).
    package func send(serverName: String) throws(OpenSSLError) {
        try check("SSL_set_tlsext_host_name") { CInt(COpenSSL_SSL_set_tlsext_host_name(pointer, serverName)) }
    }
}
