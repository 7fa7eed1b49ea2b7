internal import NIOCore
internal import Synchronization

/// The plaintext of the servers of one dial before TLS. A name with several addresses makes several connections.
final class ReceivedGreetings: Sendable {
    private struct State {
        var greetings: [ObjectIdentifier: NATSServerInfo] = [:]
        var failure: MutualTLSSystemsError?
    }

    private let state = Mutex(State())

    /// Why a connection was given up before TLS.
    var failure: MutualTLSSystemsError? { state.withLock { $0.failure } }

    subscript(channel: any Channel) -> NATSServerInfo? {
        get { state.withLock { $0.greetings[ObjectIdentifier(channel)] } }
        set { state.withLock { $0.greetings[ObjectIdentifier(channel)] = newValue } }
    }

    func fail(_ error: MutualTLSSystemsError) {
        state.withLock { $0.failure = error }
    }
}

/// In front of TLS on a client: holds TLS back until the server has greeted with an INFO that requires TLS.
final class GreetingGate: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private enum State {
        case waiting(ByteBuffer)
        case open
        case refused
    }

    private let timeout: TimeAmount
    private let greetings: ReceivedGreetings
    private var state = State.waiting(ByteBuffer())
    private var timer: Scheduled<Void>?

    init(timeout: TimeAmount, _ greetings: ReceivedGreetings) {
        self.timeout = timeout
        self.greetings = greetings
    }

    func channelActive(context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) {
            self.refuse(.protocolError, "the INFO of a NATS server in time, found none", context)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .waiting(var buffer) = state else {
            if case .open = state { context.fireChannelRead(data) }
            return
        }
        var part = unwrapInboundIn(data)
        buffer.writeBuffer(&part)
        do {
            if let line = try NATSDecoder.line(&buffer, longest: NATSWireLimits.client.controlLine) {
                try take(String(decoding: line, as: UTF8.self), rest: buffer, context)
            } else {
                state = .waiting(buffer)
                context.read()
            }
        } catch {
            refuse(.protocolError, "the INFO of a NATS server, found other bytes", context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .waiting = state, case ChannelEvent.inputClosed? = event as? ChannelEvent {
            refuse(.protocolError, "the INFO of a NATS server, found the end of the stream", context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if case .waiting = state {
            refuse(.protocolError, "the INFO of a NATS server, found the end of the connection", context)
        }
        timer?.cancel()
        context.fireChannelInactive()
    }

    private func take(_ line: String, rest: ByteBuffer, _ context: ChannelHandlerContext) throws {
        guard line.hasPrefix("INFO ") else { throw MutualTLSSystemsError(.protocolError, "Expected INFO.") }
        let info = try NATSServerInfo(json: String(line.dropFirst("INFO ".count)))
        guard info.tlsRequired else {
            refuse(.noTLS, "tls_required in the server's INFO, found a server without TLS", context)
            return
        }
        state = .open
        timer?.cancel()
        greetings[context.channel] = info
        context.fireChannelActive()
        if rest.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(rest)) }
    }

    private func refuse(_ code: MutualTLSSystemsError.Code, _ sentence: String, _ context: ChannelHandlerContext) {
        guard case .waiting = state else { return }
        state = .refused
        timer?.cancel()
        greetings.fail(MutualTLSSystemsError(code, "Expected \(sentence). Nothing was sent. Check host and port."))
        context.close(promise: nil)
    }
}
