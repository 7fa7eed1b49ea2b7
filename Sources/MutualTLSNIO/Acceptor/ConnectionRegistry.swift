internal import NIOCore
internal import Synchronization

/// The connections of one acceptor, and which of them are still in their handshake.
///
/// The listening channel adds them on its event loop; they leave from theirs.
final class ConnectionRegistry: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var handshakes = HandshakeTable<ObjectIdentifier>()
        var isDraining = false
        /// Called once, when there is room for another handshake.
        var onRoom: (@Sendable () -> Void)?
    }

    private let maximumHandshakes: Int
    private let firstByteGrace: TimeAmount
    private let state = Mutex(State())

    init(maximumHandshakes: Int, firstByteGrace: TimeAmount) {
        self.maximumHandshakes = max(1, maximumHandshakes)
        self.firstByteGrace = firstByteGrace
    }

    convenience init(_ options: MutualTLSAcceptorOptions) {
        self.init(maximumHandshakes: options.maximumHandshakes, firstByteGrace: options.firstByteGrace)
    }

    /// The next step of the listening channel.
    enum Room: Equatable {
        /// Another handshake may begin.
        case now
        /// The closure was kept for the moment when one may; look again at the time, if there is one.
        case later(lookAgain: NIODeadline?)
    }

    var channels: [any Channel] { state.withLock { Array($0.channels.values) } }

    /// Whether another handshake may begin, if need be in place of one that doesn't go on.
    func room(at now: NIODeadline, otherwise onRoom: @escaping @Sendable () -> Void) -> Room {
        let (room, evicted) = state.withLock { state -> (Room, (any Channel)?) in
            guard state.handshakes.count >= maximumHandshakes else { return (.now, nil) }
            switch state.handshakes.takeEvictable(at: now, grace: firstByteGrace) {
            case .taken(let id):
                return (.now, state.channels[id])
            case .none(let next):
                state.onRoom = onRoom
                return (.later(lookAgain: next), nil)
            }
        }
        evicted?.triggerUserOutboundEvent(MutualTLSHandler.Command.abort, promise: nil)
        return room
    }

    /// Takes a connection whose handshake begins; false when the acceptor shuts down.
    func add(_ channel: any Channel, at now: NIODeadline) -> Bool {
        let id = ObjectIdentifier(channel)
        let address = channel.remoteAddress.flatMap(PeerAddress.init)
        let isAdded = state.withLock { state in
            guard !state.isDraining else { return false }
            state.channels[id] = channel
            state.handshakes.add(id, from: address, at: now)
            return true
        }
        if isAdded {
            channel.closeFuture.whenComplete { _ in self.leave(id, isClosed: true) }
        }
        return isAdded
    }

    /// The client of a handshake has sent its first byte.
    func noticeFirstByte(of channel: any Channel) {
        state.withLock { $0.handshakes.noticeFirstByte(of: ObjectIdentifier(channel)) }
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
            guard state.handshakes.remove(id) else { return nil }
            defer { state.onRoom = nil }
            return state.onRoom
        }
        onRoom?()
    }
}

/// Where a client connects from, without its port.
struct PeerAddress: Hashable {
    private let bytes: [UInt8]

    /// Nil for a socket that has no address of the network.
    init?(_ address: SocketAddress) {
        let isIPv6: Bool
        switch address {
        case .v4: isIPv6 = false
        case .v6: isIPv6 = true
        case .unixDomainSocket: return nil
        }
        // sockaddr_in has its address behind family and port, sockaddr_in6 behind the flow label too. A host of IPv6
        // usually has a whole network of 64 bits to itself (RFC 6177).
        bytes = address.withSockAddr { pointer, length in
            Array(
                UnsafeRawBufferPointer(start: UnsafeRawPointer(pointer), count: length).dropFirst(isIPv6 ? 8 : 4)
                    .prefix(isIPv6 ? 8 : 4)
            )
        }
    }

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }
}

/// The handshakes that are under way, and which of them makes room for another one when there are too many: a value
/// without effects.
///
/// First the oldest connection that hasn't sent a byte: a client's first flight follows its connection at once, and
/// one that is silent for longer than a grace costs its place only when all are taken. Then the oldest handshake of an
/// address that holds more than half of all, once it has taken a second: so a crowd of one address keeps no other one out,
/// not even by single bytes. Handshakes that go on are never given up for others.
struct HandshakeTable<ID: Hashable & Sendable>: Sendable {
    private struct Handshake {
        let address: PeerAddress?
        let since: NIODeadline
        var isSilent = true
    }

    enum Eviction: Equatable {
        case taken(ID)
        /// None now; the next one perhaps at that time.
        case none(next: NIODeadline?)
    }

    private static var crowdGrace: TimeAmount { .seconds(1) }
    private var handshakes: [ID: Handshake] = [:]

    var count: Int { handshakes.count }

    mutating func add(_ id: ID, from address: PeerAddress?, at now: NIODeadline) {
        handshakes[id] = Handshake(address: address, since: now)
    }

    mutating func noticeFirstByte(of id: ID) {
        handshakes[id]?.isSilent = false
    }

    /// False for one that isn't there.
    mutating func remove(_ id: ID) -> Bool {
        handshakes.removeValue(forKey: id) != nil
    }

    mutating func takeEvictable(at now: NIODeadline, grace: TimeAmount) -> Eviction {
        let silent = oldest { $0.isSilent }
        if let silent, silent.since + grace <= now {
            handshakes[silent.id] = nil
            return .taken(silent.id)
        }
        let crowded = crowd.flatMap { address in oldest { $0.address == address } }
        if let crowded, crowded.since + Self.crowdGrace <= now {
            handshakes[crowded.id] = nil
            return .taken(crowded.id)
        }
        let times = [silent.map { $0.since + grace }, crowded.map { $0.since + Self.crowdGrace }]
        return .none(next: times.compactMap { $0 }.min())
    }

    /// The address that holds more than half of all handshakes.
    private var crowd: PeerAddress? {
        var counts: [PeerAddress: Int] = [:]
        for handshake in handshakes.values {
            if let address = handshake.address { counts[address, default: 0] += 1 }
        }
        return counts.first { $0.value * 2 > handshakes.count }?.key
    }

    private func oldest(where isMeant: (Handshake) -> Bool) -> (id: ID, since: NIODeadline)? {
        handshakes.filter { isMeant($0.value) }.min { $0.value.since < $1.value.since }.map { ($0.key, $0.value.since) }
    }
}

/// Stops a listening channel from accepting while too many handshakes are under way and none gives way.
///
/// The listening channel accepts one connection a read, so the limit holds exactly.
final class HandshakeGate: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = Never

    private let registry: ConnectionRegistry
    private var lookAgain: Scheduled<Void>?

    init(_ registry: ConnectionRegistry) {
        self.registry = registry
    }

    func read(context: ChannelHandlerContext) {
        let channel = context.channel
        lookAgain?.cancel()
        lookAgain = nil
        // The whole pipeline is asked again, this gate with it: more may have come in meanwhile.
        switch registry.room(at: context.eventLoop.now, otherwise: { channel.eventLoop.execute { channel.read() } }) {
        case .now:
            context.read()
        case .later(let time?):
            lookAgain = context.eventLoop.scheduleTask(deadline: time) { channel.read() }
        case .later(nil):
            break
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let child = unwrapInboundIn(data)
        guard registry.add(child, at: context.eventLoop.now) else {
            child.close(promise: nil)
            return
        }
        context.fireChannelRead(data)
    }
}
