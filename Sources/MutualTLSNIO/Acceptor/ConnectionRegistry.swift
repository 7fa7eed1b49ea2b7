internal import NIOCore
internal import Synchronization

/// The connections of one acceptor, and which of them are still in their handshake.
///
/// The listening channel adds them on its event loop; they leave from theirs.
final class ConnectionRegistry: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var handshaking: Set<ObjectIdentifier> = []
        var isDraining = false
        /// Called once, when there is room for another handshake.
        var onRoom: (@Sendable () -> Void)?
    }

    private let maximumHandshakes: Int
    private let state = Mutex(State())

    init(maximumHandshakes: Int) {
        self.maximumHandshakes = max(1, maximumHandshakes)
    }

    var channels: [any Channel] { state.withLock { Array($0.channels.values) } }

    /// Whether another handshake may begin; otherwise the closure is kept for the moment when one may.
    func hasRoom(otherwise onRoom: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            guard state.handshaking.count >= maximumHandshakes else { return true }
            state.onRoom = onRoom
            return false
        }
    }

    /// Takes a connection whose handshake begins; false when the acceptor shuts down.
    func add(_ channel: any Channel) -> Bool {
        let id = ObjectIdentifier(channel)
        let isAdded = state.withLock { state in
            guard !state.isDraining else { return false }
            state.channels[id] = channel
            state.handshaking.insert(id)
            return true
        }
        if isAdded {
            channel.closeFuture.whenComplete { _ in self.leave(id, isClosed: true) }
        }
        return isAdded
    }

    func endHandshake(of channel: any Channel) {
        leave(ObjectIdentifier(channel), isClosed: false)
    }

    /// Refuses connections from now on, and returns those that there are.
    func startDraining() -> [any Channel] {
        state.withLock { state in
            state.isDraining = true
            return Array(state.channels.values)
        }
    }

    private func leave(_ id: ObjectIdentifier, isClosed: Bool) {
        let onRoom = state.withLock { state -> (@Sendable () -> Void)? in
            if isClosed { state.channels[id] = nil }
            guard state.handshaking.remove(id) != nil else { return nil }
            defer { state.onRoom = nil }
            return state.onRoom
        }
        onRoom?()
    }
}

/// Stops a listening channel from accepting while too many handshakes are under way.
///
/// The listening channel accepts one connection a read, so the limit holds exactly.
final class HandshakeGate: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = Never

    private let registry: ConnectionRegistry

    init(_ registry: ConnectionRegistry) {
        self.registry = registry
    }

    func read(context: ChannelHandlerContext) {
        let channel = context.channel
        // The whole pipeline is asked again, this gate with it: more may have come in meanwhile.
        let hasRoom = registry.hasRoom { channel.eventLoop.execute { channel.read() } }
        if hasRoom { context.read() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let child = unwrapInboundIn(data)
        guard registry.add(child) else {
            child.close(promise: nil)
            return
        }
        context.fireChannelRead(data)
    }
}
