internal import MutualTLS
public import NIOCore

extension MutualTLSHandler {
    /// Encrypts application data, or keeps it for the end of the handshake.
    public func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let buffer = unwrapOutboundIn(data)
        switch stage {
        case .idle, .handshaking:
            guard !pendingHalfClose.isRequested else {
                promise?.fail(ChannelError.outputClosed)
                return
            }
            guard pendingWrites.append(buffer, promise) else {
                promise?.fail(
                    MutualTLSError(
                        .tooManyPendingWrites,
                        "Expected at most \(limits.pendingWriteBytes) bytes before the end of the handshake, found more. "
                            + "Wait for the handshake, or raise pendingWriteBytes."
                    )
                )
                return
            }
        case .established:
            encrypt(buffer, promise, context)
        case .lingering, .closed:
            promise?.fail(failure ?? ChannelError.ioOnClosedChannel)
        }
    }

    /// Sends what was written.
    public func flush(context: ChannelHandlerContext) {
        if stage == .idle || stage == .handshaking { hasPendingFlush = true }
        context.flush()
    }

    /// Asks for data, unless the peer is to take some first.
    public func read(context: ChannelHandlerContext) {
        hasReadDemand = true
        read(context)
    }

    /// Asks for what a held read has waited for.
    public func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, isReadHeld {
            isReadHeld = false
            context.read()
        }
        context.fireChannelWritabilityChanged()
    }

    func read(_ context: ChannelHandlerContext) {
        let mayHold = stage == .handshaking || (stage == .established && limits.pausesReadsWhileUnwritable)
        if mayHold, !context.channel.isWritable {
            isReadHeld = true
        } else {
            context.read()
        }
    }

    /// Sends what the connection itself has to say: handshake messages, alerts, answers to key updates.
    func flushConnection(_ context: ChannelHandlerContext) {
        let output = connection.takeOutput()
        let promise = connection.isSendPending || failure != nil ? nil : takeHeldPromise(context)
        guard !output.isEmpty || promise != nil else { return }
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: output)), promise: promise)
    }

    /// The promise that keeps those of all writes that waited for a message of the peer; nil where none has waited.
    private func takeHeldPromise(_ context: ChannelHandlerContext) -> EventLoopPromise<Void>? {
        guard !heldPromises.isEmpty else { return nil }
        let all = heldPromises
        (heldPromises, heldBytes) = ([], 0)
        let sent = context.eventLoop.makePromise(of: Void.self)
        for promise in all { sent.futureResult.cascade(to: promise) }
        return sent
    }

    func sendPendingWrites(_ context: ChannelHandlerContext) {
        for write in pendingWrites.takeAll() {
            guard stage == .established else {
                write.promise?.fail(failure ?? ChannelError.ioOnClosedChannel)
                continue
            }
            encrypt(write.data, write.promise, context)
        }
        if hasPendingFlush {
            hasPendingFlush = false
            context.flush()
        }
        if pendingHalfClose.isRequested, stage == .established {
            let promise = pendingHalfClose.promise
            pendingHalfClose = (false, nil)
            closeOutput(promise, context)
        }
    }

    func failPendingWrites() {
        let error: any Error = failure ?? ChannelError.ioOnClosedChannel
        for write in pendingWrites.takeAll() {
            write.promise?.fail(error)
        }
        let promises = heldPromises + [pendingHalfClose.promise].compactMap { $0 }
        heldPromises = []
        pendingHalfClose.promise = nil
        for promise in promises { promise.fail(error) }
    }

    private func encrypt(_ data: ByteBuffer, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) {
        guard !connection.isClosed else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        lastActivity = context.eventLoop.now
        do {
            try connection.send(Array(data.readableBytesView))
        } catch {
            promise?.fail(error)
            advance(context)
            return
        }
        guard !connection.isSendPending else {
            hold(data.readableBytes, promise, context)
            return
        }
        let output = connection.takeOutput()
        context.write(wrapOutboundOut(context.channel.allocator.buffer(bytes: output)), promise: promise)
    }

    /// Keeps the promise of a write that goes out once the peer has finished a message that it has begun.
    private func hold(_ byteCount: Int, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) {
        if let promise { heldPromises.append(promise) }
        heldBytes += byteCount
        guard heldBytes > limits.pendingWriteBytes else { return }
        fail(.unfinishedMessage("\(heldBytes) bytes wait for the rest of it", information, peer: peer), context)
    }
}

/// Application data that waits for the end of the handshake, up to a number of bytes.
struct PendingWrites {
    private var writes: [(data: ByteBuffer, promise: EventLoopPromise<Void>?)] = []
    private(set) var byteCount = 0
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// Keeps the write, or says that it would be too much.
    ///
    /// A write without bytes counts as one byte, so that endless empty ones are refused too.
    mutating func append(_ data: ByteBuffer, _ promise: EventLoopPromise<Void>?) -> Bool {
        let cost = max(1, data.readableBytes)
        guard byteCount + cost <= limit else { return false }
        byteCount += cost
        writes.append((data, promise))
        return true
    }

    mutating func takeAll() -> [(data: ByteBuffer, promise: EventLoopPromise<Void>?)] {
        defer {
            writes = []
            byteCount = 0
        }
        return writes
    }
}
