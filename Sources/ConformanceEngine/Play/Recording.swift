package import ConformanceModel
internal import Synchronization

/// One playing of a case with everything that another person needs to look into it.
package struct Recording: Sendable {
    package var observations: [ConnectionObservation]
    package var connections: [RecordedConnection]
    /// In the format of NSS; they decrypt the connections.
    package var keyLog: [String]
    /// The certificates and keys that it was played with.
    package var material: CaseMaterial

    /// Plays the case once, without its control.
    ///
    /// - Parameters:
    ///   - seed: what serial numbers are drawn from.
    ///   - now: seconds since 1970; validity is relative to it.
    /// - Throws: ``RecordingFailed`` when the case can't be played to its end.
    package static func play(_ testCase: ConformanceCase, seed: UInt64, now: Int64) throws(RecordingFailed) -> Recording
    {
        let recorder = WireRecorder()
        let stacks = StackRegistry([
            CountersignAdapter(keyLog: { recorder.add(keyLog: $0) }).recorded(by: recorder),
            GnuTLSAdapter().recorded(by: recorder),
        ])
        do throws(PlayFailure) {
            let player = CasePlayer(stacks: stacks)
            let (observations, material) = try player.playOnce(testCase, seed: seed, now: now)
            return Recording(
                observations: observations,
                connections: recorder.connections,
                keyLog: recorder.keyLog,
                material: material
            )
        } catch {
            throw RecordingFailed(outcome: error.outcome)
        }
    }
}

/// Why a case left no recording.
package struct RecordingFailed: Error, CustomStringConvertible {
    package var outcome: PlayOutcome

    package var description: String {
        switch outcome {
        case .played: "the case was played"
        case .unsupported(let reason), .skipped(let reason), .timedOut(let reason), .crashed(let reason),
            .errored(let reason):
            reason
        }
    }
}

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

extension StackAdapter {
    /// The stack, whose endpoints are listened to.
    func recorded(by recorder: WireRecorder) -> some StackAdapter {
        WrappingAdapter(adapter: self) { endpoint, side in
            RecordedEndpoint(endpoint, side, recorder, connection: recorder.begin(side))
        }
    }
}

private final class RecordedEndpoint: ForwardingEndpoint {
    let endpoint: any Endpoint
    private let side: Side
    private let recorder: WireRecorder
    private let connection: Int

    init(_ endpoint: any Endpoint, _ side: Side, _ recorder: WireRecorder, connection: Int) {
        self.endpoint = endpoint
        self.side = side
        self.recorder = recorder
        self.connection = connection
    }

    func takeOutput() -> [UInt8] {
        let bytes = endpoint.takeOutput()
        recorder.add(bytes, from: side, to: connection)
        return bytes
    }

    func observation() -> SideObservation {
        endpoint.keyLogLines.forEach { recorder.add(keyLog: $0) }
        return endpoint.observation()
    }
}
