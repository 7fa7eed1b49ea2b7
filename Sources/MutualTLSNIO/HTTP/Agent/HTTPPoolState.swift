internal import MutualTLS
internal import NIOCore
internal import Synchronization

/// Which connections an agent has, who waits for one, and what is to be done: a value without effects.
///
/// A connection occupies one of its origin's slots from the permit to open it until it is retired. A slot that
/// becomes free while somebody waits goes to the first in line and to nobody who came later.
struct HTTPPoolState<Credential: Hashable & Sendable, Connection: AnyObject & Sendable>: Sendable {
    typealias Origin = HTTPAgent.Origin

    /// The properties that make connections interchangeable.
    struct Key: Hashable, Sendable {
        let origin: Origin
        let credential: Credential
    }

    enum Grant: Sendable {
        case connection(Connection)
        /// Open one: the slot is taken.
        case permit
    }

    enum Acquisition: Sendable {
        case granted(Grant)
        /// Wait, under this number.
        case waits(Int)
        case closed
    }

    /// The request that gets a slot which became free.
    struct Handover: Sendable {
        let waiter: Int
        let grant: Grant
    }

    private struct Waiter {
        let number: Int
        let credential: Credential
    }

    private let slotsPerOrigin: Int
    private var idle: [Key: [Connection]] = [:]
    private var keys: [ObjectIdentifier: Key] = [:]
    private var slots: [Origin: Int] = [:]
    private var waiters: [Origin: [Waiter]] = [:]
    private var nextWaiter = 0
    private(set) var isClosed = false

    init(slotsPerOrigin: Int) {
        self.slotsPerOrigin = max(1, slotsPerOrigin)
    }

    var connectionCount: Int { keys.count }
    var idleCount: Int { idle.values.reduce(0) { $0 + $1.count } }

    /// Asks for a connection.
    mutating func acquire(_ key: Key) -> Acquisition {
        guard !isClosed else { return .closed }
        if let connection = idle[key]?.popLast() {
            if idle[key]?.isEmpty == true { idle[key] = nil }
            return .granted(.connection(connection))
        }
        if slots[key.origin, default: 0] < slotsPerOrigin {
            slots[key.origin, default: 0] += 1
            return .granted(.permit)
        }
        nextWaiter += 1
        waiters[key.origin, default: []].append(Waiter(number: nextWaiter, credential: key.credential))
        return .waits(nextWaiter)
    }

    /// The origins that idle connections lead to.
    var idleOrigins: Set<Origin> { Set(idle.keys.map(\.origin)) }

    /// Takes the idle connections of another credential than their origin's, which the caller retires and closes.
    mutating func takeStale(but current: [Origin: Credential]) -> [Connection] {
        let keys = idle.keys.filter { $0.credential != current[$0.origin] }
        return keys.flatMap { idle.removeValue(forKey: $0) ?? [] }
    }

    /// Takes a connection that nobody uses, so that the caller may retire it; false when somebody does.
    mutating func takeIdle(_ connection: Connection) -> Bool {
        guard let key = keys[ObjectIdentifier(connection)],
            let index = idle[key]?.firstIndex(where: { $0 === connection })
        else { return false }
        idle[key]?.remove(at: index)
        if idle[key]?.isEmpty == true { idle[key] = nil }
        return true
    }

    /// A permit has become a connection, which is in use.
    mutating func opened(_ connection: Connection, _ key: Key) {
        keys[ObjectIdentifier(connection)] = key
    }

    /// A permit isn't used.
    mutating func abandonPermit(_ origin: Origin) -> Handover? {
        releaseSlot(origin)
    }

    /// A connection in use has become free. It goes to the first in line who could have made it, or becomes idle.
    ///
    /// False when it must be retired instead: somebody waits for a slot and can't use it, or the agent is closed.
    mutating func release(_ connection: Connection) -> (isKept: Bool, handover: Handover?) {
        guard !isClosed, let key = keys[ObjectIdentifier(connection)] else { return (false, nil) }
        guard let first = waiters[key.origin]?.first else {
            idle[key, default: []].append(connection)
            return (true, nil)
        }
        guard first.credential == key.credential else { return (false, nil) }
        removeFirstWaiter(key.origin)
        return (true, Handover(waiter: first.number, grant: .connection(connection)))
    }

    /// A connection ends, or is to end. Doing so twice changes nothing.
    mutating func retire(_ connection: Connection) -> Handover? {
        _ = takeIdle(connection)
        guard let key = keys.removeValue(forKey: ObjectIdentifier(connection)) else { return nil }
        return releaseSlot(key.origin)
    }

    /// Somebody waits no longer; false when they have got their turn already.
    mutating func cancel(waiter number: Int) -> Bool {
        for (origin, line) in waiters where line.contains(where: { $0.number == number }) {
            waiters[origin] = line.filter { $0.number != number }
            return true
        }
        return false
    }

    /// Lends nothing any more; the caller closes the idle connections, and fails whoever waits.
    mutating func close() -> (idle: [Connection], waiters: [Int]) {
        isClosed = true
        let waiting = waiters.values.flatMap { $0.map(\.number) }
        waiters = [:]
        defer { idle = [:] }
        return (idle.values.flatMap { $0 }, waiting)
    }

    private mutating func releaseSlot(_ origin: Origin) -> Handover? {
        if let first = waiters[origin]?.first {
            removeFirstWaiter(origin)
            return Handover(waiter: first.number, grant: .permit)
        }
        let count = slots[origin, default: 0] - 1
        slots[origin] = count > 0 ? count : nil
        return nil
    }

    private mutating func removeFirstWaiter(_ origin: Origin) {
        waiters[origin]?.removeFirst()
        if waiters[origin]?.isEmpty == true { waiters[origin] = nil }
    }
}

/// A connection of an agent.
final class PooledConnection: Sendable {
    let channel: any Channel
    let origin: HTTPAgent.Origin
    /// Of the settings that it was made under.
    let scope: [UInt8]
    private let exchange: NIOLoopBound<HTTPClientExchange>

    init(
        _ channel: any Channel,
        _ origin: HTTPAgent.Origin,
        _ scope: [UInt8],
        _ exchange: NIOLoopBound<HTTPClientExchange>
    ) {
        self.channel = channel
        self.origin = origin
        self.scope = scope
        self.exchange = exchange
    }

    func send(_ request: HTTPAgent.Request, timeout: TimeAmount) async throws -> HTTPClientExchange.Outcome {
        let promise = channel.eventLoop.makePromise(of: HTTPClientExchange.Outcome.self)
        channel.eventLoop.execute { self.exchange.value.send(request, timeout: timeout, promise) }
        return try await withTaskCancellationHandler {
            try await promise.futureResult.get()
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    func whenIdle(for timeout: TimeAmount, _ work: @escaping @Sendable () -> Void) {
        channel.eventLoop.execute { self.exchange.value.whenIdle(for: timeout, work) }
    }
}

/// The handlers of the channels of one dial, of which one channel wins.
final class DialedExchanges: Sendable {
    private let exchanges = Mutex<[ObjectIdentifier: NIOLoopBound<HTTPClientExchange>]>([:])

    subscript(channel: any Channel) -> NIOLoopBound<HTTPClientExchange>? {
        get { exchanges.withLock { $0[ObjectIdentifier(channel)] } }
        set { exchanges.withLock { $0[ObjectIdentifier(channel)] = newValue } }
    }
}
