internal import OpenSSL

/// One TLS connection: bytes of the peer in, bytes for the peer out.
///
/// It owns no socket and no thread, and belongs to one thread at a time. Whoever drives it repeats: hand over what
/// the network brought (``receive(_:)``), send what waits (``takeOutput()``), and look at ``takeEvents()``. After a
/// failure the output still holds the alert: send it before closing the transport, and close by halves, or the peer
/// may see a reset instead of the reason.
public final class Connection {
    /// Which end this is.
    public let role: ConnectionRole
    /// Where it stands.
    public private(set) var state = ConnectionState.handshaking
    /// Why it failed, once it is ``ConnectionState/failed``. The first failure stays.
    public private(set) var failure: ConnectionFailure?
    /// Whether the peer has sent close_notify.
    public private(set) var isPeerClosed = false
    /// Whether this side has sent close_notify.
    public private(set) var isClosed = false

    /// Whether the handshake was finished, and kept what the settings promise.
    private(set) var hasFinishedHandshake = false
    private(set) var hasReceivedApplicationData = false
    let engine: SSLConnection
    let handshake: any Handshake
    private var hasStarted = false
    private var hasInputEnded = false
    private var applicationData: [UInt8] = []
    /// Data that was accepted and can't be encrypted yet, in its order.
    private var pendingData: [UInt8] = []
    private var isCloseNotifyPending = false
    /// Data that was sent before a broken promise was found is never handed out.
    private var isOutputWithheld = false

    init(context: SSLContext, handshake: any Handshake, role: ConnectionRole) throws(MutualTLSError) {
        self.role = role
        self.handshake = handshake
        do {
            engine = try SSLConnection(context: context, delegate: handshake)
        } catch {
            throw MutualTLSError(.openSSL, "OpenSSL could not make a connection.", cause: error)
        }
    }

    // MARK: Bytes

    /// Begins: a client takes its snapshot of identity and expectations, and puts a ClientHello into the output.
    ///
    /// A server has nothing to begin with. Calling it again has no effect; ``receive(_:)`` calls it if need be.
    public func start() {
        guard !hasStarted else { return }
        hasStarted = true
        do {
            try handshake.prepare(engine)
        } catch {
            handshake.record.localFault = .configuration(error.message)
            fail(OpenSSLError(call: "prepare", entries: []))
            return
        }
        advance()
    }

    /// Takes bytes that the peer sent, in pieces of any size.
    ///
    /// It never throws: whatever they are, they end in application data, in a ``ConnectionFailure``, or in a wait
    /// for more. After a failure, after the peer's close_notify, and after a ``close()`` in the handshake they are
    /// dropped.
    public func receive(_ bytes: [UInt8]) {
        start()
        guard failure == nil, !isPeerClosed, !bytes.isEmpty, hasFinishedHandshake || !isClosed else { return }
        if hasFinishedHandshake, handshake.decisions.endsEstablished(presenting: handshake.record.localIdentity) {
            fail(OpenSSLError(call: "rotation", entries: []))
            return
        }
        engine.receive(bytes)
        advance()
    }

    /// Says that the peer will send nothing more: the transport reached its end.
    ///
    /// Without a close_notify before it this is a failure, ``ConnectionFailure/Reason/truncated``, unless this side
    /// has closed already.
    public func receiveEndOfInput() {
        start()
        guard failure == nil, !isPeerClosed, !hasInputEnded else { return }
        hasInputEnded = true
        guard !isClosed || isSendPending else { return }
        engine.receiveEndOfInput()
        advance()
    }

    /// Takes the bytes that wait to be sent to the peer.
    public func takeOutput() -> [UInt8] {
        let output = engine.takeOutput()
        return isOutputWithheld ? [] : output
    }

    /// Whether bytes wait to be sent to the peer.
    public var hasOutput: Bool { !isOutputWithheld && engine.outputCount > 0 }

    // MARK: Application data

    /// Whether application data or close_notify waits for the peer to finish a handshake message that it has begun, for
    /// example a KeyUpdate.
    ///
    /// Data that ``send(_:)`` has accepted goes out in its order with the bytes that complete the message, or the
    /// connection fails.
    public var isSendPending: Bool { failure == nil && (!pendingData.isEmpty || isCloseNotifyPending) }

    /// Encrypts application data into the output.
    ///
    /// It throws before the handshake is finished, after ``close()``, and after a failure.
    public func send(_ bytes: [UInt8]) throws(MutualTLSError) {
        switch state {
        case .handshaking:
            throw MutualTLSError(.notEstablished, "Application data can be sent once the connection is established.")
        case .failed:
            throw MutualTLSError(.connectionClosed, "The connection has failed.", cause: failure)
        case .established, .closed:
            break
        }
        guard !isClosed else {
            throw MutualTLSError(.connectionClosed, "This side has closed the connection.")
        }
        if !pendingData.isEmpty {
            pendingData += bytes
        } else if !isSent(engine.write(bytes)) {
            pendingData = bytes
        }
        if let failure { throw MutualTLSError(.connectionClosed, "The connection has failed.", cause: failure) }
    }

    /// Takes the application data that came in since the last time.
    public func takeApplicationData() -> [UInt8] {
        defer { applicationData = [] }
        return applicationData
    }

    /// Sends close_notify (RFC 8446 section 6.1), after all data that was sent before; application data of the peer may
    /// still come in. See ``isSendPending`` for when it has to wait.
    ///
    /// Before the handshake is finished it only ends this side, without a word. close_notify vouches that the data before
    /// it is whole, and there is none: to the peer, whose handshake never finishes, the end of the transport says as much.
    public func close() {
        guard failure == nil, !isClosed else { return }
        isClosed = true
        isCloseNotifyPending = hasFinishedHandshake
        state = .closed
        sendPending()
    }

    /// Takes what happened since the last time, in its order.
    public func takeEvents() -> [ConnectionEvent] {
        defer { handshake.record.events = [] }
        return handshake.record.events
    }

    // MARK: Private

    private func advance() {
        if !hasFinishedHandshake {
            switch engine.handshake() {
            case .completed: finishHandshake()
            case .needsInput: return
            case .peerClosed: fail(OpenSSLError(call: "close_notify during the handshake", entries: []))
            case .failed(let error): fail(error)
            }
        }
        readAll()
        sendPending()
    }

    /// Hands data and then close_notify to OpenSSL, as far as it takes them.
    private func sendPending() {
        guard hasFinishedHandshake, failure == nil else { return }
        if !pendingData.isEmpty {
            guard isSent(engine.write(pendingData)) else { return }
            pendingData = []
        }
        if isCloseNotifyPending, isSent(engine.shutdown()) { isCloseNotifyPending = false }
    }

    private func isSent(_ outcome: SSLOutcome) -> Bool {
        switch outcome {
        case .completed: return true
        case .needsInput: break
        case .peerClosed: fail(OpenSSLError(call: "close_notify in the middle of a message", entries: []))
        case .failed(let error): fail(error)
        }
        return false
    }

    private func finishHandshake() {
        if let promise = handshake.brokenPromise(of: engine) {
            isOutputWithheld = true
            end(
                ConnectionFailure(
                    blame: .openSSL,
                    phase: .handshake,
                    reason: .internalFault,
                    message: "The handshake was finished against its settings, and is refused: \(promise).",
                    certificate: handshake.record.presented.first,
                    alertSent: nil,
                    alertReceived: nil
                )
            )
            return
        }
        handshake.finish(engine)
        hasFinishedHandshake = true
        state = .established
        handshake.record.events.append(.established)
    }

    private func readAll() {
        let before = applicationData.count
        reading: while failure == nil, !isPeerClosed, hasFinishedHandshake {
            switch engine.read(into: &applicationData) {
            case .completed: continue
            case .needsInput: break reading
            case .peerClosed:
                isPeerClosed = true
                state = .closed
                notice(dataSince: before)
                handshake.record.events.append(.peerClosed)
                return
            case .failed(let error):
                notice(dataSince: before)
                fail(error)
                return
            }
        }
        notice(dataSince: before)
    }

    private func notice(dataSince before: Int) {
        guard applicationData.count > before else { return }
        hasReceivedApplicationData = true
        handshake.record.events.append(.applicationData)
    }

    private func fail(_ error: OpenSSLError) {
        end(
            ConnectionFailure(
                error,
                record: handshake.record,
                role: role,
                phase: hasFinishedHandshake ? .read : .handshake,
                expectedName: (handshake as? ClientHandshake)?.serverName
            )
        )
    }

    private func end(_ failure: ConnectionFailure) {
        guard self.failure == nil else { return }
        self.failure = failure
        state = .failed
        if !handshake.decisions.sendsAlerts { isOutputWithheld = true }
        handshake.giveUp()
        handshake.record.events.append(.failed)
    }
}
