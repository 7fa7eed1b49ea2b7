internal import MutualTLS
public import NIOCore
internal import NIOTLS

extension MutualTLSHandler {
    /// Takes ciphertext.
    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        switch stage {
        case .idle, .closed: return
        case .handshaking, .established: break
        case .lingering:
            drop(buffer.readableBytes, context)
            guard stage == .lingering, failure == nil else { return }
        }
        if firstBytes.count < PlaintextProtocol.prefixLength {
            firstBytes += buffer.readableBytesView.prefix(PlaintextProtocol.prefixLength - firstBytes.count)
        }
        connection.receive(Array(buffer.readableBytesView))
        advance(context)
    }

    /// Passes on the end of a batch, and asks for more where nobody else would.
    public func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        if closesAfterRead, stage == .established { closeGracefully(context) }
        // Half a record gives the application nothing, and it won't ask again before it has got something.
        if stage == .handshaking || stage == .lingering || hasReadDemand { read(context) }
    }

    /// Takes the end of the peer's stream; other events pass.
    public func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed? = event as? ChannelEvent else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        switch stage {
        case .idle, .closed: break
        case .lingering: context.close(mode: .all, promise: nil)
        case .handshaking, .established:
            connection.receiveEndOfInput()
            advance(context)
            guard failure == nil, stage == .established else { return }
            tellInputEnd(context)
            if closesAfterRead { closeGracefully(context) }
        }
    }

    /// Takes an error of the socket, which becomes the connection's failure unless it has one.
    public func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch stage {
        case .handshaking, .established:
            let phase: ConnectionFailure.Phase = stage == .handshaking ? .handshake : .read
            fail(.transport(error, phase: phase, information, peer: peer), context)
        case .idle: context.fireErrorCaught(error)
        // The end of the connection has been told, and how the socket goes down is no news.
        case .lingering, .closed: break
        }
    }

    /// Sends what the connection has to say, and tells what happened on it.
    ///
    /// Handlers may write and close from within what is fired here, so each step looks at the state anew.
    func advance(_ context: ChannelHandlerContext) {
        flushConnection(context)
        if connection.takeEvents().contains(.established), stage == .handshaking { becomeEstablished(context) }
        confirm(context)
        deliver(context)
        closeWhatIsSent(context)
        if let failure = connection.failure {
            fail(failure, context)
        } else if connection.isPeerClosed {
            if stage == .lingering {
                context.close(mode: .all, promise: nil)
            } else if stage == .established, !hasToldInputEnd {
                context.fireUserInboundEventTriggered(MutualTLSEvent.peerClosed)
                context.fireUserInboundEventTriggered(TLSUserEvent.shutdownCompleted)
                tellInputEnd(context)
            }
        }
    }

    private func becomeEstablished(_ context: ChannelHandlerContext) {
        stage = .established
        timer?.cancel()
        timer = nil
        lastActivity = context.eventLoop.now
        context.fireUserInboundEventTriggered(MutualTLSEvent.handshakeCompleted(information))
        guard stage == .established else { return }
        // NIO's own word for it, which its protocol negotiation waits for.
        let negotiated = TLSUserEvent.handshakeCompleted(negotiatedProtocol: information.applicationProtocol)
        context.fireUserInboundEventTriggered(negotiated)
        guard stage == .established else { return }
        sendPendingWrites(context)
        if let quietPeriod { drain(quietPeriod, context) }
    }

    private func confirm(_ context: ChannelHandlerContext) {
        guard stage == .established, !hasToldConfirmation, connection.isConfirmedByServer else { return }
        hasToldConfirmation = true
        context.fireUserInboundEventTriggered(MutualTLSEvent.confirmed(information))
    }

    private func deliver(_ context: ChannelHandlerContext) {
        let data = connection.takeApplicationData()
        guard stage == .established, !data.isEmpty else { return }
        lastActivity = context.eventLoop.now
        hasReadDemand = false
        context.fireChannelRead(wrapInboundOut(context.channel.allocator.buffer(bytes: data)))
    }

    private func tellInputEnd(_ context: ChannelHandlerContext) {
        guard !hasToldInputEnd else { return }
        hasToldInputEnd = true
        if limits.allowsHalfClosure {
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
            // Both halves are done.
            if connection.isClosed, stage == .established { closeGracefully(context) }
        } else {
            closesAfterRead = true
        }
    }
}
