package import ConformanceModel

/// Carries the bytes of one connection between two endpoints in memory, one whole flight at a time.
///
/// Because a flight moves only when it is told to, a connection can be held exactly at a ``Phase``, inside the
/// ClientHello too. A side that failed is heard out: what it still had to say, its alert, is delivered, and then its
/// peer sees the end of input.
package final class MemoryWire {
    private let server: any Endpoint
    private let client: any Endpoint
    private let limits: WireLimits
    private var fates = [Side.server: SideFate(), .client: SideFate()]
    private var isStarted = false
    private var turn = Side.client
    private var movedBytes = 0
    /// How much of a ClientHello was delivered by itself, and what is left of it.
    private var partOfClientHello = (delivered: 0, rest: [UInt8]())
    /// The last flight that was delivered.
    package private(set) var lastFlight: Flight?

    package init(server: any Endpoint, client: any Endpoint, limits: WireLimits = WireLimits()) {
        self.server = server
        self.client = client
        self.limits = limits
    }

    /// The last phase that the connection has passed; a failed connection stays where it failed.
    package private(set) var phase = Phase.beforeClientHello

    /// The state of one side on the wire.
    package func fate(of side: Side) -> SideFate { fates[side] ?? SideFate() }

    /// Moves flights until the connection stands at `target`, and not one flight more.
    ///
    /// - Returns: whether the phase was reached; false when the connection failed before.
    package func advance(to target: Phase) throws(WireStalled) -> Bool {
        while phase.order < target.order {
            if phase == .clientFlightProcessed, isEstablished {
                phase = .established
            } else if target.deliveredBytes(ofClientHello: 0) != nil {
                guard try movePartOfClientHello(to: target) else { return false }
            } else {
                guard try moveFlight() else { return false }
            }
        }
        return true
    }

    /// Moves flights until neither side has anything to say.
    ///
    /// - Throws: ``WireStalled`` when that leaves a handshake that neither ended nor failed.
    package func settle() throws(WireStalled) {
        while try moveFlight() {}
        if phase == .clientFlightProcessed, isEstablished { phase = .established }
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

    package static let greeting = Array("hello\n".utf8)
    package static let answer = Array("hello yourself\n".utf8)

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
            let output = takeOutput(of: sender)
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

    /// Delivers a ClientHello as far as a phase inside it; false when there is none to deliver.
    private func movePartOfClientHello(to target: Phase) throws(WireStalled) -> Bool {
        startIfNeeded()
        let output = takeOutput(of: .client)
        let delivered = partOfClientHello.delivered
        let count = delivered + output.count
        guard fates[.client]?.failed == false, let end = target.deliveredBytes(ofClientHello: count), end < count else {
            return false
        }
        partOfClientHello = (end, Array(output.dropFirst(end - delivered)))
        try deliver(Array(output.prefix(end - delivered)), from: .client, isWhole: false)
        turn = .client
        phase = target
        return true
    }

    private func takeOutput(of sender: Side) -> [UInt8] {
        let output = endpoint(sender).takeOutput()
        guard sender == .client, !partOfClientHello.rest.isEmpty else { return output }
        defer { partOfClientHello.rest = [] }
        return partOfClientHello.rest + output
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

    private func deliver(_ bytes: [UInt8], from sender: Side, isWhole: Bool = true) throws(WireStalled) {
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
        if isWhole { notePhase(after: sender, isRetry: HelloRetryRequest.opens(bytes)) }
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
        case (.beforeClientHello, .client), (.clientHelloFirstByte, .client), (.clientHelloAllButLastByte, .client):
            phase = .clientHelloProcessed
        case (.clientHelloProcessed, .server):
            // After a HelloRetryRequest the client's next flight is its second ClientHello (RFC 8446 section 4.1.4).
            phase = isRetry ? .beforeClientHello : .clientFlightSent
        case (.clientFlightSent, .client):
            phase = .clientFlightProcessed
        case (.clientFlightProcessed, .server) where isEstablished:
            phase = .established
        default:
            break
        }
    }
}
