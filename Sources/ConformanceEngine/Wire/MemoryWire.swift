package import Conformance

/// Carries the bytes of one connection between two endpoints in memory, one whole flight at a time.
///
/// Because a flight moves only when it is told to, a connection can be held exactly at a ``Phase``. A side that failed
/// is heard out: what it still had to say, its alert, is delivered, and then its peer sees the end of input.
package final class MemoryWire {
    private let server: any Endpoint
    private let client: any Endpoint
    private let limits: WireLimits
    private var fates = [Side.server: SideFate(), .client: SideFate()]
    private var isStarted = false
    private var turn = Side.client
    private var movedBytes = 0
    /// The last flight that was delivered.
    package private(set) var lastFlight: Flight?

    package init(server: any Endpoint, client: any Endpoint, limits: WireLimits = WireLimits()) {
        self.server = server
        self.client = client
        self.limits = limits
    }

    /// The last phase that the connection has passed; a failed connection stays where it failed.
    package private(set) var phase = Phase.beforeClientHello

    /// What the wire knows of one side.
    package func fate(of side: Side) -> SideFate { fates[side] ?? SideFate() }

    /// Moves flights until the connection stands at `target`, and not one flight more.
    ///
    /// - Returns: whether the phase was reached; false when the connection failed before.
    package func advance(to target: Phase) throws(WireStalled) -> Bool {
        while phase.order < target.order {
            guard try moveFlight() else { return false }
        }
        return true
    }

    /// Moves flights until neither side has anything to say.
    ///
    /// - Throws: ``WireStalled`` when that leaves a handshake that neither ended nor failed.
    package func settle() throws(WireStalled) {
        while try moveFlight() {}
        for side in Side.allCases where endpoint(side).state == .handshaking {
            throw WireStalled(
                description: "both sides wait, and the \(side.rawValue) still shakes hands\(whereItStands)"
            )
        }
    }

    /// Lets the server greet and the client answer.
    ///
    /// - Returns: whether both arrived whole.
    package func exchange() throws(WireStalled) -> Bool {
        guard isEstablished else { return false }
        guard try carry(Self.greeting, from: .server) else { return false }
        return try carry(Self.answer, from: .client)
    }

    /// Closes the connection from both sides with close_notify, then ends the transport.
    package func close() throws(WireStalled) {
        for side in [Side.client, .server] where endpoint(side).state != .failed {
            endpoint(side).close()
            while try moveFlight() {}
        }
        guard isEndedInOrder else { return }
        client.receiveEndOfInput()
        server.receiveEndOfInput()
        phase = .closed
    }

    static let greeting = Array("hello\n".utf8)
    static let answer = Array("hello yourself\n".utf8)

    // MARK: - Moving

    private func endpoint(_ side: Side) -> any Endpoint { side == .server ? server : client }

    private var isEstablished: Bool { server.state == .established && client.state == .established }

    private var isEndedInOrder: Bool {
        Side.allCases.allSatisfy { fate(of: $0).completedHandshake && endpoint($0).state != .failed }
    }

    private var whereItStands: String { lastFlight.map { " after \($0)" } ?? " before any flight" }

    private func carry(_ data: [UInt8], from sender: Side) throws(WireStalled) -> Bool {
        endpoint(sender).send(data)
        while try moveFlight() {}
        return endpoint(sender.opposite).takeApplicationData() == data
    }

    /// Moves one flight or the end of input of a side that failed; false when there is nothing to move.
    private func moveFlight() throws(WireStalled) -> Bool {
        startIfNeeded()
        for sender in [turn, turn.opposite] {
            let output = endpoint(sender).takeOutput()
            if !output.isEmpty {
                guard endpoint(sender.opposite).state != .failed else { continue }
                try deliver(output, from: sender)
                return true
            }
            if endpoint(sender).state == .failed, fates[sender]?.hungUp == false {
                hangUp(sender)
                return true
            }
        }
        return false
    }

    private func startIfNeeded() {
        guard !isStarted else { return }
        isStarted = true
        server.start()
        client.start()
        noteStates()
        if fates[.client]?.failed == true {
            // Without a ClientHello there is no handshake that an alert could be about.
            _ = client.takeOutput()
            fates[.client]?.failedAtStart = true
        }
    }

    private func deliver(_ bytes: [UInt8], from sender: Side) throws(WireStalled) {
        let flight = Flight(number: (lastFlight?.number ?? 0) + 1, sender: sender, bytes: bytes)
        movedBytes += bytes.count
        guard flight.number <= limits.flights, movedBytes <= limits.bytes else {
            throw WireStalled(
                description: "more than \(limits.flights) flights or \(limits.bytes) bytes\(whereItStands)"
            )
        }
        lastFlight = flight
        turn = sender.opposite
        fates[sender.opposite]?.receivedBytes += bytes.count
        endpoint(sender.opposite).receive(bytes)
        noteStates()
        notePhase(after: sender, isRetry: HelloRetryRequest.opens(bytes))
    }

    private func hangUp(_ side: Side) {
        fates[side]?.hungUp = true
        guard endpoint(side.opposite).state != .failed else { return }
        endpoint(side.opposite).receiveEndOfInput()
        noteStates()
    }

    private func noteStates() {
        for side in Side.allCases {
            switch endpoint(side).state {
            case .handshaking: break
            case .established, .closed: fates[side]?.completedHandshake = true
            case .failed: fates[side]?.failed = true
            }
        }
    }

    private func notePhase(after sender: Side, isRetry: Bool) {
        switch (phase, sender) {
        case (.beforeClientHello, .client):
            phase = .clientHelloProcessed
        case (.clientHelloProcessed, .server):
            // After a HelloRetryRequest the client's next flight is its second ClientHello (RFC 8446 section 4.1.4).
            phase = isRetry ? .beforeClientHello : .clientFlightSent
        case (.clientFlightSent, _) where isEstablished:
            phase = .established
        default:
            break
        }
    }
}

/// What a wire knows of one side of its connection.
package struct SideFate: Hashable, Sendable {
    /// Whether the side's own handshake succeeded at some time.
    package var completedHandshake = false
    /// Whether the side ended in a failure.
    package var failed = false
    package var receivedBytes = 0
    /// Whether the side gave up before it had anything to send: it refused its own settings.
    package var failedAtStart = false
    var hungUp = false

    /// Where the side noticed that it failed.
    package var noticed: NoticePoint {
        failedAtStart ? .configuration : completedHandshake ? .firstRead : .handshake
    }
}

/// A ServerHello that asks for another ClientHello.
private enum HelloRetryRequest {
    /// SHA-256 of "HelloRetryRequest" as the ServerHello's random (RFC 8446 section 4.1.3).
    private static let random: [UInt8] = [
        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
        0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
    ]
    /// Record header, handshake header and legacy_version.
    private static let randomOffset = 5 + 4 + 2

    static func opens(_ flight: [UInt8]) -> Bool {
        flight.dropFirst(randomOffset).prefix(random.count).elementsEqual(random)
    }
}

extension Phase {
    /// The place of the phase in the order in which a connection passes them.
    var order: Int {
        switch self {
        case .beforeClientHello: 0
        case .clientHelloProcessed: 1
        case .clientFlightSent: 2
        case .established: 3
        case .closed: 4
        }
    }
}
