internal import COpenSSL

/// One TLS connection over two queues of bytes; it belongs to one thread at a time.
package final class SSLConnection {
    let pointer: OpaquePointer
    let delegate: any SSLConnectionDelegate
    private let input: ByteQueue
    let output: ByteQueue
    /// Set once a client has refused its server.
    var refusal: ServerRefusal?
    /// The alert that a delegate sends to the server that it refuses.
    var chosenAlert: UInt8?
    var hasSentChangeCipherSpec = false
    /// Kept until the handshake is over, on clients alone.
    var messages = ClientMessages()
    // The credential is counted by the SSL as well; the stack of intermediates is copied by it.
    let context: SSLContext

    /// Makes a connection that hasn't sent anything yet, and keeps the delegate alive as long as it lives.
    package init(context: SSLContext, delegate: any SSLConnectionDelegate) throws(OpenSSLError) {
        self.context = context
        self.delegate = delegate
        input = try ByteQueue()
        output = try ByteQueue()
        pointer = try checkPointer("SSL_new") { SSL_new(context.pointer) }
        // SSL_set_bio takes over one reference of each queue, and the owners above keep theirs.
        BIO_up_ref(input.pointer)
        BIO_up_ref(output.pointer)
        SSL_set_bio(pointer, input.pointer, output.pointer)
        try check("SSL_set_ex_data") {
            SSL_set_ex_data(pointer, connectionIndex, Unmanaged.passUnretained(self).toOpaque())
        }
        try setUniqueSessionContext()
        switch context.role {
        case .server: SSL_set_accept_state(pointer)
        case .client: SSL_set_connect_state(pointer)
        }
    }

    deinit {
        SSL_free(pointer)
    }

    // MARK: Bytes

    /// Queues bytes from the peer.
    package func receive(_ bytes: [UInt8]) {
        input.write(bytes)
    }

    /// From now on an empty input is the end of the stream and no longer a wait for more.
    package func receiveEndOfInput() {
        input.endsWhenEmpty = true
    }

    /// Takes the bytes that wait to be sent to the peer.
    package func takeOutput() -> [UInt8] {
        guard refusal != nil else { return output.readAll() }
        // What libssl writes after a refusal never leaves.
        return refusal?.takeOutput() ?? []
    }

    /// The number of bytes that wait to be sent to the peer.
    package var outputCount: Int { refusal?.output.count ?? output.count }

    // MARK: Protocol

    /// Goes on with the handshake as far as the input allows.
    package func handshake() -> SSLOutcome {
        guard refusal?.isOver != true else { return .failed(ServerRefusal.error) }
        ErrorQueue.clear()
        let result = SSL_do_handshake(pointer)
        let outcome = result == 1 ? .completed : outcome(of: "SSL_do_handshake", result)
        guard refusal == nil else { return refuse(after: outcome) }
        switch outcome {
        case .failed: mendAlert()
        case .completed: messages = ClientMessages()
        case .needsInput, .peerClosed: break
        }
        return outcome
    }

    /// Takes decrypted bytes out of the input: one record's worth at most, at most 16 KiB.
    package func read(into bytes: inout [UInt8]) -> SSLOutcome {
        guard refusal == nil else { return .failed(ServerRefusal.error) }
        ErrorQueue.clear()
        var result: CInt = 0
        var count = 0
        // Whoever reads until nothing is left asks once more than there are records: no room is made for that.
        let room = input.count > 0 || SSL_has_pending(pointer) == 1 ? maximumPlaintext : 1
        let chunk = [UInt8](unsafeUninitializedCapacity: room) { buffer, initializedCount in
            result = SSL_read_ex(pointer, buffer.baseAddress, buffer.count, &count)
            initializedCount = result == 1 ? count : 0
        }
        guard result == 1 else { return outcome(of: "SSL_read", result) }
        // A record that fills its room is handed on as it is; a small one would hold on to all of it.
        if bytes.isEmpty, count * 2 > room {
            bytes = chunk
        } else {
            bytes.append(contentsOf: chunk)
        }
        return .completed
    }

    /// Encrypts bytes into the output; a memory queue takes all of them.
    ///
    /// It needs input while the peer has sent a part of a handshake message, for example of a KeyUpdate: then nothing of
    /// the bytes is taken, and the call is to be repeated (SSL_write(3)).
    package func write(_ bytes: [UInt8]) -> SSLOutcome {
        guard refusal == nil else { return .failed(ServerRefusal.error) }
        guard !bytes.isEmpty else { return .completed }
        ErrorQueue.clear()
        var written = 0
        let result = SSL_write_ex(pointer, bytes, bytes.count, &written)
        guard result == 1 else { return outcome(of: "SSL_write", result) }
        precondition(written == bytes.count, "SSL_write took \(written) of \(bytes.count) bytes without partial writes")
        return .completed
    }

    /// Sends close_notify; more bytes of the peer may still be read.
    ///
    /// It needs input while the peer has sent a part of a handshake message, and is to be repeated then.
    package func shutdown() -> SSLOutcome {
        guard refusal == nil else { return .failed(ServerRefusal.error) }
        ErrorQueue.clear()
        // SSL_shutdown(3) fails in a handshake, which a message after it is as well.
        if SSL_in_init(pointer) == 1 { return .needsInput }
        let result = SSL_shutdown(pointer)
        // 0 says "sent, the peer's is still to come", which is all that is asked for here.
        return result >= 0 ? .completed : outcome(of: "SSL_shutdown", result)
    }

    private func outcome(of call: String, _ result: CInt) -> SSLOutcome {
        switch SSL_get_error(pointer, result) {
        case SSL_ERROR_NONE: .completed
        case SSL_ERROR_WANT_READ: .needsInput
        case SSL_ERROR_ZERO_RETURN: .peerClosed
        default: .failed(ErrorQueue.drain(call: call))
        }
    }

    /// Gives every connection a session context of its own, so that not even a session that got past the switched
    /// off cache could match another connection's policy.
    private func setUniqueSessionContext() throws(OpenSSLError) {
        let context = try UniqueSessionContext.next()
        try check("SSL_set_session_id_context") {
            SSL_set_session_id_context(pointer, context, UInt32(context.count))
        }
    }
}

/// RFC 8446 section 5.1: a record holds at most 2^14 bytes of plaintext.
private let maximumPlaintext = 16_384

/// The slot of an SSL in which the callbacks find its owner.
let connectionIndex = COpenSSL_SSL_get_ex_new_index()

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

    /// The protocol that was agreed on by ALPN.
    package var applicationProtocol: [UInt8]? {
        var bytes: UnsafePointer<UInt8>?
        var length: CUnsignedInt = 0
        SSL_get0_alpn_selected(pointer, &bytes, &length)
        guard length > 0, let bytes else { return nil }
        return [UInt8](UnsafeBufferPointer(start: bytes, count: Int(length)))
    }

    /// Whether the session came from an earlier connection.
    package var didResume: Bool { SSL_session_reused(pointer) == 1 }

    /// Whether the handshake is over.
    package var isHandshakeFinished: Bool { SSL_is_init_finished(pointer) == 1 }

    /// The peer's leaf as the finished handshake holds it.
    package var peerCertificate: X509Certificate? {
        SSL_get0_peer_certificate(pointer).map { X509Certificate(retaining: $0) }
    }

    /// Whether the certificate types of a TLS 1.2 server's CertificateRequest name that of the certificate's key
    /// (RFC 5246 section 7.4.4, RFC 8422 section 5.5). TLS 1.3 has none, and leaves it to the signature algorithms.
    package func isAsked(forTypeOf certificate: X509Certificate) -> Bool {
        var types: UnsafePointer<UInt8>?
        let count = COpenSSL_SSL_get0_certificate_types(pointer, &types)
        guard versionNumber == SSLProtocolVersion.tls12.rawValue, count > 0, let types else { return true }
        let type: CInt =
            switch EVP_PKEY_get_base_id(X509_get0_pubkey(certificate.pointer)) {
            case EVP_PKEY_RSA, EVP_PKEY_RSA_PSS: TLS_CT_RSA_SIGN
            default: TLS_CT_ECDSA_SIGN
            }
        return UnsafeBufferPointer(start: types, count: count).contains(UInt8(type))
    }

    /// The names of the server's CertificateRequest, on a client.
    package var peerAuthorityNames: [X509Name] {
        guard let names = SSL_get0_peer_CA_list(pointer) else { return [] }
        return (0..<COpenSSL_sk_X509_NAME_num(names)).map { index in
            X509Name(copying: COpenSSL_sk_X509_NAME_value(names, index))
        }
    }
}

/// The outcome of a call on a connection; waiting and closing are outcomes and not errors.
package enum SSLOutcome: Sendable, Equatable {
    /// The call did what it was asked.
    case completed
    /// It needs more bytes from the peer.
    case needsInput
    /// The peer has sent close_notify (RFC 8446 section 6.1).
    case peerClosed
    /// It failed for good; the error holds what OpenSSL left in its queue.
    case failed(OpenSSLError)
}
