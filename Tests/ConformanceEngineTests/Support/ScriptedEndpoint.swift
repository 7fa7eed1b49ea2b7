import ConformanceModel

@testable import ConformanceEngine

/// An endpoint that follows a script: a list of what it says in answer to each input.
///
/// Real TLS is tested with real stacks; this shows what the wire does, byte by byte.
final class ScriptedEndpoint: Endpoint {
    /// The act of an endpoint when a flight has arrived.
    struct Turn {
        var says: [UInt8]
        var becomes: EndpointState

        init(_ says: [UInt8], _ becomes: EndpointState = .handshaking) {
            self.says = says
            self.becomes = becomes
        }
    }

    private(set) var state = EndpointState.handshaking
    /// Everything that arrived, flight by flight.
    private(set) var heard: [[UInt8]] = []
    private(set) var sawEndOfInput = false
    private let opening: [UInt8]
    private var turns: [Turn]
    private var output: [UInt8] = []
    private var applicationData: [UInt8] = []

    init(opening: [UInt8] = [], turns: [Turn]) {
        self.opening = opening
        self.turns = turns
    }

    func start() { output += opening }

    func receive(_ bytes: [UInt8]) {
        heard.append(bytes)
        guard !turns.isEmpty else {
            applicationData += bytes
            return
        }
        let turn = turns.removeFirst()
        output += turn.says
        state = turn.becomes
    }

    func receiveEndOfInput() {
        sawEndOfInput = true
        if state != .closed { state = .failed }
    }

    func takeOutput() -> [UInt8] {
        defer { output = [] }
        return output
    }

    func send(_ bytes: [UInt8]) { output += bytes }

    func takeApplicationData() -> [UInt8] {
        defer { applicationData = [] }
        return applicationData
    }

    func close() {
        if state != .closed { output += Record.closeNotify }
        state = .closed
    }

    func observation() -> SideObservation { SideObservation(accepted: false, reachedHandshake: false) }
}

/// Records that are told apart by their one byte of content.
enum Record {
    static func handshake(_ content: UInt8) -> [UInt8] { [22, 3, 3, 0, 1, content] }
    static let alert: [UInt8] = [21, 3, 3, 0, 2, 2, 48]
    static let closeNotify: [UInt8] = [21, 3, 3, 0, 2, 1, 0]
}

/// A client and a server that shake hands as TLS does, with the same number of flights.
struct ScriptedPair {
    let server: ScriptedEndpoint
    let client: ScriptedEndpoint
    let wire: MemoryWire

    init(server: [ScriptedEndpoint.Turn], client: [ScriptedEndpoint.Turn], limits: WireLimits = WireLimits()) {
        self.server = ScriptedEndpoint(turns: server)
        self.client = ScriptedEndpoint(opening: Record.handshake(1), turns: client)
        wire = MemoryWire(server: self.server, client: self.client, limits: limits)
    }

    /// RFC 5246 section 7.3: four flights, the server's Finished last.
    static func tls12() -> ScriptedPair {
        ScriptedPair(
            server: [.init(Record.handshake(2)), .init(Record.handshake(4), .established)],
            client: [.init(Record.handshake(3)), .init([], .established)]
        )
    }

    /// RFC 8446 section 2: three flights, and the client is done before its last one is read.
    static func tls13() -> ScriptedPair {
        ScriptedPair(
            server: [.init(Record.handshake(2)), .init([], .established)],
            client: [.init(Record.handshake(3), .established)]
        )
    }
}
