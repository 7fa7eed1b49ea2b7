import LogCapture
import MutualTLS
import Synchronization
import Testing

@Suite("Connections")
struct ConnectionTests {
    private func established(_ version: TLSVersion = .tls13, pieceSize: Int? = nil) throws -> Pairing {
        let pair = try Pairing(
            server: serverSettings(version: version),
            client: clientSettings(shared.identity("client")),
            pieceSize: pieceSize
        )
        pair.run()
        try #require(pair.server.state == .established && pair.client.state == .established)
        return pair
    }

    @Test("take their input in pieces of any size", arguments: [1, 7, nil] as [Int?], versions)
    func pieces(size: Int?, version: TLSVersion) throws {
        let pair = try established(version, pieceSize: size)
        let data = (0..<40_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try pair.client.send(data)
        try pair.server.send(data.reversed())
        pair.run()
        #expect(pair.server.takeApplicationData() == data)
        #expect(pair.client.takeApplicationData() == data.reversed())
        #expect(pair.server.failure == nil && pair.client.failure == nil)
        #expect(pair.server.information.isPeerVerified && pair.client.information.isPeerVerified)
    }

    @Test("say what was negotiated", arguments: versions)
    func information(version: TLSVersion) throws {
        let pair = try established(version)
        for information in [pair.server.information, pair.client.information] {
            #expect(information.version == version)
            #expect(information.sni == "server.test")
            #expect(!information.didResume)
            #expect(information.certificateRequested)
            #expect(information.alertSent == nil && information.alertReceived == nil)
        }
        #expect(pair.server.information.cipherSuite == pair.client.information.cipherSuite)
        #expect(pair.server.information.cipherSuite?.hasPrefix("TLS_") == true)
        #expect(pair.server.takeEvents() == [.clientHelloProcessed, .established])
        #expect(pair.client.takeEvents() == [.established])
        #expect(pair.client.takeEvents().isEmpty)
    }

    @Test("carry a mebibyte in one go", arguments: versions)
    func large(version: TLSVersion) throws {
        let pair = try established(version)
        let data = [UInt8](repeating: 7, count: 1 << 20)
        try pair.client.send(data)
        pair.run()
        #expect(pair.server.takeApplicationData() == data)
    }

    @Test("close by halves", arguments: versions)
    func close(version: TLSVersion) throws {
        let pair = try established(version)
        pair.client.close()
        #expect(pair.client.state == .closed)
        pair.run()
        #expect(pair.server.isPeerClosed)
        #expect(pair.server.state == .closed)
        #expect(pair.server.takeEvents().last == .peerClosed)
        try pair.server.send([9])
        pair.server.close()
        pair.run()
        #expect(pair.client.takeApplicationData() == [9])
        #expect(pair.client.isPeerClosed)
        #expect(pair.client.failure == nil && pair.server.failure == nil)
        #expect(pair.client.information.alertReceived == nil)
        pair.client.receiveEndOfInput()
        #expect(pair.client.failure == nil)
        #expect(code(of: { try pair.client.send([1]) }) == .connectionClosed)
    }

    @Test("that end without close_notify are truncated", arguments: versions)
    func truncated(version: TLSVersion) throws {
        let pair = try established(version)
        pair.server.receiveEndOfInput()
        #expect(pair.server.failure?.reason == .truncated)
        #expect(pair.server.failure?.phase == .read)
        #expect(pair.server.state == .failed)
        pair.client.close()
        pair.client.receiveEndOfInput()
        #expect(pair.client.failure == nil)

        let early = try Pairing(server: serverSettings(version: version), client: clientSettings())
        early.client.start()
        let hello = early.client.takeOutput()
        early.server.receive(Array(hello.prefix(hello.count / 2)))
        early.server.receiveEndOfInput()
        #expect(early.server.failure?.reason == .truncated)
        #expect(early.server.failure?.phase == .handshake)
        early.client.receiveEndOfInput()
        #expect(early.client.failure?.reason == .truncated)
    }

    /// Flights that have gone before one side closes: the ClientHello, the server's answer, and in TLS 1.2 the client's.
    @Test("that are closed in the handshake say no more, and the peer is told by the end alone", arguments: versions)
    func closedInHandshake(version: TLSVersion) throws {
        for flights in 1...(version == .tls12 ? 3 : 2) {
            for closer in [ConnectionRole.client, .server] {
                let pair = try Pairing(server: serverSettings(version: version), client: clientSettings())
                pair.client.start()
                for flight in 1..<flights {
                    let isClient = !flight.isMultiple(of: 2)
                    Pairing.move(from: isClient ? pair.client : pair.server, to: isClient ? pair.server : pair.client)
                }
                let (this, other) = closer == .client ? (pair.client, pair.server) : (pair.server, pair.client)
                guard this.state == .handshaking, other.state == .handshaking else { continue }
                _ = this.takeOutput()
                this.close()
                #expect(this.state == .closed && this.isClosed && this.failure == nil)
                #expect(!this.hasOutput && !this.isSendPending, "\(closer) after \(flights) flights")
                this.receive(other.takeOutput())
                this.receiveEndOfInput()
                #expect(this.failure == nil && !this.hasOutput && this.information.peerIdentity == nil)
                other.receiveEndOfInput()
                #expect(other.failure?.reason == .truncated && other.failure?.phase == .handshake)
            }
        }
    }

    @Test("refuse application data out of turn")
    func outOfTurn() throws {
        let pair = try Pairing(server: serverSettings(), client: clientSettings())
        #expect(code(of: { try pair.client.send([1]) }) == .notEstablished)
        pair.client.start()
        pair.client.close()
        #expect(pair.client.state == .closed)
        pair.client.receive([1, 2, 3])
        #expect(pair.client.failure == nil)
    }

    @Test(
        "end in an alert when what comes isn't TLS",
        arguments: [
            "GET / HTTP/1.1\r\n\r\n", "\u{16}\u{3}\u{1}\u{0}\u{5}\u{1}\u{0}\u{0}\u{1}\u{0}", "PROXY TCP4 1.1.1.1\r\n",
        ]
    )
    func garbage(text: String) throws {
        let server = try serverSettings().resolve().makeConnection()
        server.receive(Array(text.utf8))
        #expect(server.failure?.reason == .protocolError)
        #expect(server.failure?.phase == .handshake)
        server.receive(Array(text.utf8))
        #expect(server.state == .failed)
    }

    @Test("with no version in common end in protocol_version")
    func disjointVersions() throws {
        var client = try clientSettings()
        client.minimumVersion = .tls13
        let pair = try Pairing(server: serverSettings(version: .tls12), client: client)
        pair.run()
        #expect(pair.server.failure?.reason == .noCommonParameters)
        #expect(pair.server.information.alertSent == .protocolVersion)
        #expect(pair.client.failure?.reason == .peerAlert)
        #expect(pair.client.information.alertReceived == .protocolVersion)
    }

    @Test(
        "hand out the key log on demand",
        arguments: [(TLSVersion.tls12, "CLIENT_RANDOM "), (.tls13, "CLIENT_HANDSHAKE_TRAFFIC_SECRET ")]
    )
    func keyLog(version: TLSVersion, label: String) throws {
        let lines = Lines()
        var server = try serverSettings(version: version)
        server.keyLog = { lines.append($0) }
        let pair = try Pairing(server: server, client: clientSettings(shared.identity("client")))
        try pair.exchange()
        #expect(pair.isAccepted)
        #expect(lines.all.contains { $0.hasPrefix(label) })
        #expect(lines.all.allSatisfy { !$0.hasSuffix("\n") })
    }

    @Test("never resume, whatever the versions", arguments: TLSVersion.allCases)
    func resumption(version: TLSVersion) throws {
        let server = try serverSettings(version: version).resolve()
        let client = try clientSettings(shared.identity("client")).resolve()
        for _ in 0..<3 {
            let pair = try Pairing(server, client)
            try pair.exchange()
            #expect(pair.isAccepted)
            #expect(!pair.server.information.didResume && !pair.client.information.didResume)
        }
    }
}

private final class Lines: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func append(_ line: String) { lines.withLock { $0.append(line) } }
}

private func code(of body: () throws -> Void) -> MutualTLSError.Code? {
    do {
        try body()
        return nil
    } catch {
        return (error as? MutualTLSError)?.code
    }
}
