internal import COpenSSL

/// An `SSL_CTX` that is set up once and then only makes connections.
///
/// Settings that differ between connections (identity, trust, mode) are set on the connection, in its ClientHello
/// callback: changing a context while handshakes run is not safe, and would be too late for them anyway. A connection
/// may also change over to a context that has its credential: see ``CredentialContexts``.
package final class SSLContext: @unchecked Sendable {
    // Safety: read only after init; SSL_new locks what it counts.
    let pointer: OpaquePointer
    package let settings: SSLContextSettings
    /// On a client without key log: the same with it, for connections that refuse their server. libssl takes a tenth
    /// of a resumed handshake to write the lines.
    private let logging: SSLContext?

    var role: SSLRole { settings.role }
    var keepsSessions: Bool { settings.keepsSessions }

    /// Makes a context with renegotiation and compression switched off, and session resumption unless it keeps sessions.
    package convenience init(_ settings: SSLContextSettings) throws(OpenSSLError) {
        let needsLogging = settings.role == .client && !settings.exportsKeys
        try self.init(settings, logging: needsLogging ? SSLContext(settings.exportingKeys, logging: nil) : nil)
    }

    /// Makes a context of the same settings whose connections have the credential from the beginning, and on a server
    /// the names of their CertificateRequest.
    convenience init(
        like other: SSLContext,
        with credential: Credential,
        announcing names: NameStack?
    ) throws(OpenSSLError) {
        try self.init(other.settings, logging: nil)
        try credential.use(onContext: pointer)
        guard let names else { return }
        // It takes the list over.
        SSL_CTX_set_client_CA_list(
            pointer,
            try checkPointer("SSL_dup_CA_list") { SSL_dup_CA_list(names.pointer) }
        )
    }

    private init(_ settings: SSLContextSettings, logging: SSLContext?) throws(OpenSSLError) {
        self.settings = settings
        self.logging = logging
        let method = settings.role == .server ? TLS_server_method() : TLS_client_method()
        pointer = try checkPointer("SSL_CTX_new") { SSL_CTX_new(method) }
        try setVersions(from: settings.minimumVersion, to: settings.maximumVersion)
        if let securityLevel = settings.securityLevel {
            SSL_CTX_set_security_level(pointer, securityLevel)
        }
        setProtocolOptions()
        try setCipherSuites()
        if keepsSessions {
            keepSessions()
        } else {
            refuseResumption()
        }
        try setVerificationDefaults()
        setCallbacks(exportsKeys: settings.exportsKeys)
    }

    deinit {
        SSL_CTX_free(pointer)
    }

    /// Throws if a connection of this context would refuse the credential, on a connection that is then dropped.
    package func probe(_ credential: Credential) throws(OpenSSLError) {
        let connection = try checkPointer("SSL_new") { SSL_new(pointer) }
        defer { SSL_free(connection) }
        try credential.use(onConnection: connection)
    }

    /// Has libssl log the keys of a connection of this context from now on.
    func logKeys(of connection: OpaquePointer) {
        if let logging { SSL_set_SSL_CTX(connection, logging.pointer) }
    }

    private func setVersions(
        from minimum: SSLProtocolVersion,
        to maximum: SSLProtocolVersion
    ) throws(OpenSSLError) {
        try check("SSL_CTX_set_min_proto_version") {
            CInt(COpenSSL_SSL_CTX_set_min_proto_version(pointer, minimum.rawValue))
        }
        try check("SSL_CTX_set_max_proto_version") {
            CInt(COpenSSL_SSL_CTX_set_max_proto_version(pointer, maximum.rawValue))
        }
    }

    /// A resumed session would skip the certificate checks of its connection, in every version of TLS.
    private func refuseResumption() {
        _ = COpenSSL_SSL_CTX_set_options(pointer, COpenSSL_SSL_OP_NO_TICKET())
        _ = COpenSSL_SSL_CTX_set_session_cache_mode(pointer, Int(SSL_SESS_CACHE_OFF))
        _ = SSL_CTX_set_num_tickets(pointer, 0)
    }

    /// The checks that a resumed session would skip are the delegate's to ask for: see ``SSLSessionDelegate``.
    private func keepSessions() {
        switch role {
        case .server:
            // No session id is given out in TLS 1.2, and what is looked up by one is the delegate's to keep.
            let mode = SSL_SESS_CACHE_OFF | SSL_SESS_CACHE_NO_INTERNAL
            _ = COpenSSL_SSL_CTX_set_session_cache_mode(pointer, Int(mode))
            _ = SSL_CTX_set_tlsext_ticket_key_evp_cb(pointer, protectTicket)
            _ = SSL_CTX_set_session_ticket_cb(pointer, grantTicket, judgeTicket, nil)
            SSL_CTX_sess_set_get_cb(pointer, findSession)
            // libssl would send two after a full handshake, and each costs as much as it saves for most clients.
            _ = SSL_CTX_set_num_tickets(pointer, 1)
        case .client:
            let mode = SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL | SSL_SESS_CACHE_NO_AUTO_CLEAR
            _ = COpenSSL_SSL_CTX_set_session_cache_mode(pointer, Int(mode))
            SSL_CTX_sess_set_new_cb(pointer, noticeSession)
        }
    }

    /// RFC 9325 section 4.2: of the suites of TLS 1.2 those with forward secrecy and authenticated encryption.
    private func setCipherSuites() throws(OpenSSLError) {
        try check("SSL_CTX_set_cipher_list") { SSL_CTX_set_cipher_list(pointer, "ECDHE+AESGCM:ECDHE+CHACHA20") }
    }

    private func setProtocolOptions() {
        // OpenSSL 3.2 and later compress certificates by default (RFC 8879), in a message of their own that nothing here
        // reads, and that is a peer's to unpack before it is known.
        let options =
            COpenSSL_SSL_OP_NO_RENEGOTIATION() | COpenSSL_SSL_OP_NO_COMPRESSION()
            | COpenSSL_NO_CERTIFICATE_COMPRESSION()
        _ = COpenSSL_SSL_CTX_set_options(pointer, options)
        // An identity is sent as it was configured, never completed from a trust store.
        // A write that is repeated comes from another buffer (SSL_write(3)).
        let mode = SSL_MODE_NO_AUTO_CHAIN | SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
        _ = COpenSSL_SSL_CTX_set_mode(pointer, Int(mode))
    }

    private func setVerificationDefaults() throws(OpenSSLError) {
        let parameters = SSL_CTX_get0_param(pointer)
        // Without it a leaf that was pinned itself, and is not self-signed, is refused.
        try check("X509_VERIFY_PARAM_set_flags") {
            X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        }
        // OpenSSL's TLS purposes refuse anyExtendedKeyUsage (RFC 5280 section 4.2.1.12); the caller checks instead.
        try check("X509_VERIFY_PARAM_set_purpose") {
            X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_ANY)
        }
        // RFC 9525 section 2: the common name is no identity, and a wildcard is a whole label. An application may take
        // a client's common name for a host all the same, so there it must keep to the constraints on DNS names.
        let neverCheckSubject = role == .client ? UInt32(X509_CHECK_FLAG_NEVER_CHECK_SUBJECT) : 0
        X509_VERIFY_PARAM_set_hostflags(parameters, neverCheckSubject | UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
    }

    private func setCallbacks(exportsKeys: Bool) {
        SSL_CTX_set_cert_verify_callback(pointer, verifyPeer, nil)
        SSL_CTX_set_info_callback(pointer, noticeAlert)
        SSL_CTX_set_msg_callback(pointer, noticeMessage)
        switch role {
        case .server:
            SSL_CTX_set_client_hello_cb(pointer, processClientHello, nil)
            _ = COpenSSL_SSL_CTX_set_tlsext_servername_callback(pointer, acknowledgeServerName)
            SSL_CTX_set_alpn_select_cb(pointer, chooseProtocol, nil)
        case .client: break
        }
        SSL_CTX_set_cert_cb(pointer, provideCertificate, nil)
        if exportsKeys {
            SSL_CTX_set_keylog_callback(pointer, noticeKeyLogLine)
        }
    }
}

/// Which end of a connection this is.
package enum SSLRole: Sendable {
    case server
    case client
}

/// A version of TLS, as the wire numbers it.
package enum SSLProtocolVersion: Int32, Sendable {
    case tls12 = 0x0303
    case tls13 = 0x0304
}

/// The key of one kind of context. It says nothing of identity, trust or policy.
package struct SSLContextSettings: Sendable, Hashable {
    let role: SSLRole
    let minimumVersion: SSLProtocolVersion
    let maximumVersion: SSLProtocolVersion
    let securityLevel: Int32?
    private(set) var exportsKeys: Bool
    let keepsSessions: Bool

    /// With `keepsSessions` a server issues tickets and takes them back, and a client is handed its sessions, all
    /// through the connection's delegate: the context itself keeps no session and no key. A server sends one ticket a
    /// handshake.
    /// `securityLevel` replaces the platform's; `exportsKeys` asks for key log lines.
    package init(
        role: SSLRole,
        minimumVersion: SSLProtocolVersion,
        maximumVersion: SSLProtocolVersion,
        securityLevel: Int32? = nil,
        exportsKeys: Bool = false,
        keepsSessions: Bool = false
    ) {
        self.role = role
        self.minimumVersion = minimumVersion
        self.maximumVersion = maximumVersion
        self.securityLevel = securityLevel
        self.exportsKeys = exportsKeys
        self.keepsSessions = keepsSessions
    }

    var exportingKeys: SSLContextSettings {
        var copy = self
        copy.exportsKeys = true
        return copy
    }
}
