package import ConformanceModel
internal import Synchronization

/// Writes down what the sides of a case say to each other, and the secrets that decrypt it.
final class WireRecorder: Sendable {
    private struct State {
        var connections: [RecordedConnection] = []
        var keyLog: [String] = []
    }

    private let state = Mutex(State())

    var connections: [RecordedConnection] { state.withLock { $0.connections } }

    /// Each line once: both sides of a connection know its secrets.
    var keyLog: [String] { state.withLock { $0.keyLog } }

    /// The client of a connection is made after its server.
    func begin(_ side: Side) -> Int {
        state.withLock { state in
            if side == .server { state.connections.append(RecordedConnection()) }
            return max(0, state.connections.count - 1)
        }
    }

    func add(_ bytes: [UInt8], from side: Side, to connection: Int) {
        guard !bytes.isEmpty else { return }
        state.withLock { state in
            guard state.connections.indices.contains(connection) else { return }
            state.connections[connection].flights.append(.init(sender: side, bytes: bytes))
        }
    }

    func add(keyLog line: String) {
        state.withLock { state in
            if !state.keyLog.contains(line) { state.keyLog.append(line) }
        }
    }
}

/// The bytes of one connection as they moved.
package struct RecordedConnection: Hashable, Sendable {
    package struct Flight: Hashable, Sendable {
        package var sender: Side
        package var bytes: [UInt8]

        package init(sender: Side, bytes: [UInt8]) {
            self.sender = sender
            self.bytes = bytes
        }
    }

    package var flights: [Flight]

    package init(flights: [Flight] = []) {
        self.flights = flights
    }
}
