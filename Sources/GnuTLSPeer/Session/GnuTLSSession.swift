internal import CGnuTLS

/// One GnuTLS connection without a socket: bytes in, bytes out.
///
/// Nothing is thrown and nothing traps, whatever the bytes are: look at ``state`` and ``report``. Used from one thread
/// at a time.
package final class GnuTLSSession {
    /// Where the connection stands.
    package enum State: String, Sendable {
        /// Before this side's handshake completed.
        case handshaking
        /// Application data may be sent and received.
        case established
        /// A close_notify was sent or received. Input is still read after an own close_notify, as it may be an alert.
        case closed
        /// Something failed; `report.failure` tells what.
        case failed
    }

    /// The maker of the session; kept, because it owns objects that the session uses.
    enum Origin {
        case server(GnuTLSServer)
        case client(GnuTLSClient)
    }

    /// Where the connection stands.
    package private(set) var state = State.handshaking

    let origin: Origin
    let pointer: gnutls_session_t
    private let transport: MemoryTransport
    private let currentTime: (@Sendable () -> Int64)?
    private let offersSession: Bool
    private var hasStarted: Bool
    private var completed = false
    private var sentClose = false
    private var applicationData: [UInt8] = []
    private var failure: GnuTLSFailure?
    private var alertSent: UInt8?
    private var alertReceived: UInt8?

    /// The settings that this session took; kept, because GnuTLS points at them.
    private(set) var snapshot: Snapshot?
    /// Client: the generation that the snapshot is from.
    private(set) var clientGeneration: ClientGeneration?

    // Set by the callbacks, which run inside a call into GnuTLS made by this object.
    var hasChosen = false
    var verification = Verification()
    var observed = Observed()

    /// NSS key log lines up to now, without line ends: for a packet capture of this connection.
    package internal(set) var keyLogLines: [String] = []

    convenience init(server: GnuTLSServer) throws(GnuTLSError) {
        let settings = server.settings
        try self.init(
            .server(server),
            flags: server.tickets == nil ? [GNUTLS_SERVER, GNUTLS_NO_TICKETS] : [GNUTLS_SERVER],
            versions: GnuTLSVersion.priority(from: settings.minimumVersion, to: settings.maximumVersion),
            currentTime: settings.currentTime
        )
        try server.tickets?.enable(on: pointer)
        if case .none = settings.caNames { gnutls_certificate_send_x509_rdn_sequence(pointer, 1) }
        gnutls_handshake_set_post_client_hello_function(pointer, chooseSnapshot)
        // GnuTLS gives TLS 1.3 up already here if the certificate's key usage forbids signatures; the choice that counts
        // is made when the ClientHello is there.
        try take(server.generation.standard)
    }

    convenience init(client: GnuTLSClient, offersSession: Bool) throws(GnuTLSError) {
        let settings = client.settings
        let presenting: [gnutls_init_flags_t] = settings.presents == .always ? [GNUTLS_FORCE_CLIENT_CERT] : []
        try self.init(
            .client(client),
            flags: [GNUTLS_CLIENT] + presenting + (settings.keepsSessions ? [] : [GNUTLS_NO_TICKETS]),
            versions: GnuTLSVersion.priority(from: settings.minimumVersion, to: settings.maximumVersion),
            currentTime: settings.currentTime,
            offersSession: offersSession
        )
        if !settings.insecureSkipVerify { gnutls_session_set_verify_function(pointer, verifyPeer) }
    }

    private init(
        _ origin: Origin,
        flags: [gnutls_init_flags_t],
        versions: String,
        currentTime: (@Sendable () -> Int64)?,
        offersSession: Bool = false
    ) throws(GnuTLSError) {
        let all = flags + [GNUTLS_NONBLOCK, GNUTLS_NO_SIGNAL]
        var session: gnutls_session_t?
        let result = gnutls_init(&session, all.reduce(0) { $0 | $1.rawValue })
        guard result >= 0, let session else { throw GnuTLSError(result, "making a session") }
        pointer = session
        self.origin = origin
        self.currentTime = currentTime
        self.offersSession = offersSession
        transport = MemoryTransport()
        if case .server = origin { hasStarted = true } else { hasStarted = false }
        // The session pointer is this object, which owns the session: it is there whenever a callback runs.
        gnutls_session_set_ptr(session, Unmanaged.passUnretained(self).toOpaque())
        transport.attach(to: session)
        CGnuTLS_handshake_set_hook_for_any(session, GNUTLS_HOOK_PRE, observeMessage)
        gnutls_session_set_keylog_function(session, logKey)
        try GnuTLSError.check(
            gnutls_priority_set_direct(session, versions, nil),
            "setting the versions \"\(versions)\""
        )
    }

    deinit {
        // Before the credentials and the transport, which it points at.
        gnutls_deinit(pointer)
    }

    /// Client: takes the client's current identity, trust, name and session, and makes the ClientHello. Server: nothing.
    package func start() {
        guard case .client(let client) = origin, !hasStarted else { return }
        hasStarted = true
        atOwnTime {
            do throws(GnuTLSError) {
                try take(client.generation)
                if offersSession { try offerSession(of: client) }
                advance()
            } catch {
                fail(error.code)
            }
        }
    }

    /// Takes bytes from the wire, in pieces of any size, and goes as far as they reach.
    package func receive(_ bytes: [UInt8]) {
        guard state != .failed, !bytes.isEmpty else { return }
        transport.append(bytes)
        atOwnTime { advance() }
    }

    /// The wire ended. Without a close_notify from either side before, that is `GNUTLS_E_PREMATURE_TERMINATION`.
    package func receiveEndOfInput() {
        guard state == .handshaking || state == .established else { return }
        transport.endInput()
        atOwnTime {
            advance()
            // GnuTLS waits for more after the end of input inside a record, and a client that was not started reads
            // nothing.
            if state == .handshaking || state == .established { fail(GNUTLS_E_PREMATURE_TERMINATION) }
        }
    }

    /// The bytes for the wire since the last call.
    package func takeOutput() -> [UInt8] {
        transport.takeOutput()
    }

    /// Encrypts application data; does nothing unless the state is established.
    package func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        atOwnTime {
            while state == .established, !rest.isEmpty {
                let sent = rest.withUnsafeBytes { gnutls_record_send(pointer, $0.baseAddress, $0.count) }
                if sent > 0 { rest = rest.dropFirst(sent) } else { fail(Int32(truncatingIfNeeded: sent)) }
            }
        }
    }

    /// The application data received since the last call.
    package func takeApplicationData() -> [UInt8] {
        defer { applicationData = [] }
        return applicationData
    }

    /// Sends close_notify, once, if the handshake has completed; before that, only the state changes.
    package func close() {
        guard state != .failed, !sentClose else { return }
        sentClose = true
        if completed { atOwnTime { _ = gnutls_bye(pointer, GNUTLS_SHUT_WR) } }
        state = .closed
    }

    /// The observation of this side up to now.
    package var report: GnuTLSReport {
        GnuTLSReport(
            accepted: completed && failure == nil,
            failure: failure,
            alertSent: alertSent,
            alertReceived: alertReceived,
            localCertificate: gnutls_certificate_get_ours(pointer).map { $0.pointee.bytes },
            peerChain: peerChain,
            peerVerified: verification.accepted,
            verifiedChainLength: verification.chainLength,
            sni: observed.serverName,
            caNames: observed.caNames,
            caNameStrings: observed.caNames.map(DistinguishedName.string),
            certificateRequested: observed.certificateRequested,
            version: observed.serverHello ? protocolVersion : nil,
            cipherSuite: completed ? CGnuTLS_ciphersuite_get(pointer).map { String(cString: $0) } : nil,
            resumed: gnutls_session_is_resumed(pointer) != 0
        )
    }

    /// Makes the session use a snapshot and keep it; the one before may go, as nothing points at it any more.
    func take(_ snapshot: Snapshot) throws(GnuTLSError) {
        try use(snapshot.credentials)
        self.snapshot = snapshot
    }

    /// Points GnuTLS at credentials, which the caller keeps.
    func use(_ credentials: CertificateCredentials) throws(GnuTLSError) {
        let result = gnutls_credentials_set(
            pointer,
            GNUTLS_CRD_CERTIFICATE,
            credentials.pointer.map { UnsafeMutableRawPointer($0) }
        )
        try GnuTLSError.check(result, "setting credentials")
    }

    private func take(_ generation: ClientGeneration) throws(GnuTLSError) {
        try take(generation.snapshot)
        clientGeneration = generation
        if let name = generation.sni { try Self.setServerName(name, on: pointer) }
    }

    /// Runs a call into GnuTLS, which may ask for the time at any depth, with the time of the settings.
    private func atOwnTime(_ body: () -> Void) {
        ThreadClock.withTime(currentTime?(), body)
    }

    private func advance() {
        guard hasStarted, !(state == .closed && !completed) else { return }
        // Each turn without a result consumes a record, so the loops end with the input.
        var unreadBefore = Int.max
        while !completed, state != .failed {
            let result = gnutls_handshake(pointer)
            if result == GNUTLS_E_SUCCESS {
                completed = true
                state = .established
            } else if result == GNUTLS_E_AGAIN || result == GNUTLS_E_INTERRUPTED {
                // The answer after each record of a message in several, too, while there is more to read.
                guard 0..<unreadBefore ~= transport.unreadCount, transport.unreadCount > 0 else { return }
                unreadBefore = transport.unreadCount
            } else if result != GNUTLS_E_WARNING_ALERT_RECEIVED {
                fail(result)
            }
        }
        guard completed else { return }
        keepSession()
        var buffer = [UInt8](repeating: 0, count: 16_384)
        var unread = transport.unreadCount
        while state != .failed {
            let count = buffer.withUnsafeMutableBytes { gnutls_record_recv(pointer, $0.baseAddress, $0.count) }
            keepSession()
            if count > 0 {
                applicationData += buffer[..<count]
            } else if count == 0 {
                state = .closed
                return
            } else {
                let result = Int32(truncatingIfNeeded: count)
                if result == GNUTLS_E_AGAIN || result == GNUTLS_E_INTERRUPTED {
                    // The answer after a message such as a ticket, too, while there is more to read.
                    guard 0..<unread ~= transport.unreadCount, transport.unreadCount > 0 else { return }
                    unread = transport.unreadCount
                } else if result != GNUTLS_E_WARNING_ALERT_RECEIVED {
                    fail(result)
                }
            }
        }
    }

    private func fail(_ result: Int32) {
        state = .failed
        var result = result
        // gnutls_alert_get tells the last alert received, and 0 (close_notify) if there was none.
        let alert = UInt8(truncatingIfNeeded: gnutls_alert_get(pointer).rawValue)
        if result == GNUTLS_E_NO_CERTIFICATE_FOUND, alert != 0 { result = GNUTLS_E_FATAL_ALERT_RECEIVED }
        if result == GNUTLS_E_FATAL_ALERT_RECEIVED {
            // RFC 8446 section 6.2: after a fatal alert nothing more is sent, so it gets no answer.
            alertReceived = alert
        } else if result != GNUTLS_E_PREMATURE_TERMINATION {
            let answer = gnutls_error_to_alert(result, nil)
            // gnutls_handshake never sends one by itself.
            if answer > 0, gnutls_alert_send_appropriate(pointer, result) == 0 {
                alertSent = UInt8(truncatingIfNeeded: answer)
            }
        }
        failure = GnuTLSFailure(
            code: result,
            during: completed ? .read : .handshake,
            verificationStatus: verification.status
        )
    }

    private var peerChain: [[UInt8]] {
        var count: UInt32 = 0
        guard let list = gnutls_certificate_get_peers(pointer, &count) else { return [] }
        return (0..<Int(count)).map { list[$0].bytes }
    }

    private var protocolVersion: String? {
        switch gnutls_protocol_get_version(pointer) {
        case GNUTLS_TLS1_2: "1.2"
        case GNUTLS_TLS1_3: "1.3"
        default: nil
        }
    }
}
