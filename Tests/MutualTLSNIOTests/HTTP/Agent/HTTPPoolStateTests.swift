import Testing

@testable import MutualTLSNIO

@Suite("The state of a pool of connections")
struct HTTPPoolStateTests {
    private final class Connection: Sendable {}
    private typealias State = HTTPPoolState<String, Connection>

    private static let origin = HTTPAgent.Origin(host: "a.test")
    private static let key = State.Key(origin: origin, credential: "alice")
    private static let otherKey = State.Key(origin: origin, credential: "bob")

    private static func opened(_ state: inout State, _ key: State.Key = key) throws -> Connection {
        guard case .granted(.permit) = state.acquire(key) else { throw Unexpected() }
        let connection = Connection()
        state.opened(connection, key)
        return connection
    }

    private struct Unexpected: Error {}

    @Test("lends a free connection to its own credential alone")
    func credentials() throws {
        var state = State(slotsPerOrigin: 2)
        let connection = try Self.opened(&state)
        let outcome1 = state.release(connection)
        #expect(outcome1.isKept)
        guard case .granted(.permit) = state.acquire(Self.otherKey) else { throw Unexpected() }
        guard case .granted(.connection(let lent)) = state.acquire(Self.key) else { throw Unexpected() }
        #expect(lent === connection)
        #expect(state.idleCount == 0)
    }

    @Test("takes a free connection of a credential that has changed out of reach")
    func stale() throws {
        var state = State(slotsPerOrigin: 2)
        let connection = try Self.opened(&state)
        _ = state.release(connection)
        let outcome2 = state.takeStale(but: [Self.key.origin: "alice"])
        #expect(outcome2.isEmpty)
        let outcome3 = state.takeStale(but: [Self.key.origin: "bob"])
        #expect(outcome3.map { $0 === connection } == [true])
        guard case .granted(.permit) = state.acquire(Self.key) else { throw Unexpected() }
        let outcome4 = state.retire(connection)
        #expect(outcome4 == nil)
        #expect(state.connectionCount == 0)
    }

    @Test("gives a freed slot to the first in line, as the connection itself where it fits")
    func line() throws {
        var state = State(slotsPerOrigin: 1)
        let connection = try Self.opened(&state)
        guard case .waits(let first) = state.acquire(Self.key), case .waits(let second) = state.acquire(Self.otherKey)
        else { throw Unexpected() }
        let (isKept, handover) = state.release(connection)
        #expect(isKept)
        #expect(handover?.waiter == first)
        // The second can't use it, and gets the slot once it is retired.
        let outcome5 = state.release(connection)
        #expect(!outcome5.isKept)
        let next = state.retire(connection)
        #expect(next?.waiter == second)
        guard case .permit? = next?.grant else { throw Unexpected() }
        guard case .waits = state.acquire(Self.key) else { throw Unexpected() }
    }

    @Test("forgets who waits no longer, and passes an unused permit on")
    func cancelled() throws {
        var state = State(slotsPerOrigin: 1)
        guard case .granted(.permit) = state.acquire(Self.key), case .waits(let first) = state.acquire(Self.key),
            case .waits(let second) = state.acquire(Self.key)
        else { throw Unexpected() }
        let outcome6 = state.cancel(waiter: first)
        #expect(outcome6)
        let outcome7 = state.cancel(waiter: first)
        #expect(!outcome7)
        let outcome8 = state.abandonPermit(Self.origin)
        #expect(outcome8?.waiter == second)
        let outcome9 = state.abandonPermit(Self.origin)
        #expect(outcome9 == nil)
        guard case .granted(.permit) = state.acquire(Self.key) else { throw Unexpected() }
    }

    @Test("frees a slot once, however often a connection is retired")
    func retiredTwice() throws {
        var state = State(slotsPerOrigin: 2)
        let connection = try Self.opened(&state)
        _ = try Self.opened(&state)
        let outcome10 = state.retire(connection)
        #expect(outcome10 == nil)
        let outcome11 = state.retire(connection)
        #expect(outcome11 == nil)
        guard case .granted(.permit) = state.acquire(Self.key), case .waits = state.acquire(Self.key) else {
            throw Unexpected()
        }
    }

    @Test("lends nothing once it is closed")
    func closed() throws {
        var state = State(slotsPerOrigin: 2)
        let idle = try Self.opened(&state)
        let used = try Self.opened(&state)
        _ = state.release(idle)
        guard case .granted(.connection) = state.acquire(Self.key), case .waits(let waiter) = state.acquire(Self.key)
        else { throw Unexpected() }
        let handover = state.release(idle).handover
        #expect(handover?.waiter == waiter)
        let ended = state.close()
        #expect(ended.idle.isEmpty && ended.waiters.isEmpty)
        let outcome12 = state.release(used)
        #expect(!outcome12.isKept)
        guard case .closed = state.acquire(Self.key) else { throw Unexpected() }
    }
}
