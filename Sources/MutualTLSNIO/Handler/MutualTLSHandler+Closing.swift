internal import MutualTLS
public import NIOCore

extension MutualTLSHandler {
    /// Closes as TLS does: with close_notify, after what was written before.
    public func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        switch (mode, stage) {
        case (.input, _):
            context.close(mode: .input, promise: promise)
        case (.output, .idle), (.output, .handshaking):
            pendingHalfClose.isRequested = true
            if let promise {
                if let first = pendingHalfClose.promise {
                    first.futureResult.cascade(to: promise)
                } else {
                    pendingHalfClose.promise = promise
                }
            }
        case (.output, .established):
            closeOutput(promise, context)
        case (.output, .lingering), (.output, .closed):
            promise?.fail(ChannelError.outputClosed)
        case (.all, .established):
            closed(context, tells: promise)
            closeGracefully(context)
        case (.all, .lingering):
            closed(context, tells: promise)
        case (.all, .idle), (.all, .handshaking), (.all, .closed):
            // There is no session yet that could be closed, or none any more.
            connection.close()
            context.close(mode: .all, promise: promise)
        }
    }

    /// Follows the acceptor's orders; other events pass.
    public func triggerUserOutboundEvent(
        context: ChannelHandlerContext,
        event: Any,
        promise: EventLoopPromise<Void>?
    ) {
        switch event as? Command {
        case nil:
            context.triggerUserOutboundEvent(event, promise: promise)
        case .abort?:
            stage = .lingering
            context.close(mode: .all, promise: nil)
            promise?.succeed()
        case .drain(let quietPeriod)?:
            context.fireUserInboundEventTriggered(MutualTLSEvent.shutdownRequested)
            drain(quietPeriod, context)
            promise?.succeed()
        }
    }

    /// Tells a failure, and gives the alert time to arrive.
    func fail(_ failure: ConnectionFailure, _ context: ChannelHandlerContext) {
        guard self.failure == nil, stage != .closed else { return }
        let failure = failure.explained(byFirstBytes: firstBytes, peer: peer)
        let information = self.information
        self.failure = failure
        let wasLingering = stage == .lingering
        stage = .lingering
        failPendingWrites()
        // Whoever closed before has been told the end already.
        if !wasLingering {
            context.fireUserInboundEventTriggered(MutualTLSEvent.failed(failure, information))
            context.fireErrorCaught(failure)
        }
        guard stage == .lingering else { return }
        switch failure.reason {
        // There is nothing to deliver, or nobody to deliver it to.
        case .timedOut, .truncated, .transport, .peerAlert:
            context.close(mode: .all, promise: nil)
        default:
            if !wasLingering { linger(context) }
        }
    }

    /// Sends close_notify, and closes once the peer has had time to read all.
    func closeGracefully(_ context: ChannelHandlerContext) {
        guard stage == .established else { return }
        connection.close()
        guard !connection.isSendPending else {
            closesWhenSent = true
            schedule(in: limits.lingerTimeout, context) { handler, context in
                guard handler.connection.isSendPending else { return }
                let failure = ConnectionFailure.unfinishedMessage(
                    "close_notify has waited \(handler.limits.lingerTimeout) for the rest of it",
                    handler.information,
                    peer: handler.peer
                )
                handler.fail(failure, context)
            }
            read(context)
            return
        }
        linger(context)
    }

    /// Goes on with a close that had to wait for the rest of a message of the peer.
    func closeWhatIsSent(_ context: ChannelHandlerContext) {
        guard stage == .established, connection.failure == nil, connection.isClosed, !connection.isSendPending else {
            return
        }
        if closesWhenSent {
            closesWhenSent = false
            linger(context)
        } else if pendingHalfClose.isRequested {
            let promise = pendingHalfClose.promise
            pendingHalfClose = (false, nil)
            endOutput(promise, context)
        }
    }

    /// Sends close_notify and ends this half of the transport; data of the peer goes on coming in.
    func closeOutput(_ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) {
        guard !connection.isClosed else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        connection.close()
        flushConnection(context)
        context.flush()
        if connection.isSendPending {
            pendingHalfClose = (true, promise)
        } else {
            endOutput(promise, context)
        }
    }

    private func endOutput(_ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) {
        if hasToldInputEnd {
            linger(context)
            closed(context, tells: promise)
        } else {
            context.close(mode: .output, promise: promise)
        }
    }

    func drain(_ quietPeriod: TimeAmount, _ context: ChannelHandlerContext) {
        self.quietPeriod = quietPeriod
        guard stage == .established else { return }
        let quiet = context.eventLoop.now - lastActivity
        if quiet >= quietPeriod {
            closeGracefully(context)
        } else {
            schedule(in: quietPeriod - quiet, context) { handler, context in handler.drain(quietPeriod, context) }
        }
    }

    /// Drops what the peer sent too late, up to the limit.
    func drop(_ count: Int, _ context: ChannelHandlerContext) {
        droppedBytes += count
        if droppedBytes > limits.lingerBytes { context.close(mode: .all, promise: nil) }
    }

    private func linger(_ context: ChannelHandlerContext) {
        stage = .lingering
        timer?.cancel()
        timer = nil
        let hasFailed = failure != nil
        if hasFailed { scheduleCut(context) }
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { [weak self] _ in
            guard let self, self.stage == .lingering else { return }
            if !hasFailed { self.scheduleCut(context) }
            // The peer sees the end of the stream, which makes it close, and close_notify or the alert before that.
            context.close(mode: .output, promise: nil)
            // It may have closed already.
            if self.hasToldInputEnd { context.close(mode: .all, promise: nil) }
        }
        // Even without bytes this write comes after all others.
        let output = context.channel.allocator.buffer(bytes: connection.takeOutput())
        context.writeAndFlush(wrapOutboundOut(output), promise: sent)
        if stage == .lingering { context.read() }
    }

    private func scheduleCut(_ context: ChannelHandlerContext) {
        schedule(in: limits.lingerTimeout, context) { _, context in context.close(mode: .all, promise: nil) }
    }

    private func closed(_ context: ChannelHandlerContext, tells promise: EventLoopPromise<Void>?) {
        guard let promise else { return }
        context.channel.closeFuture.cascade(to: promise)
    }
}
