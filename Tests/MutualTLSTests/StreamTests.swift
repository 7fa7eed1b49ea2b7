import Testing
import ThrowawayPKI

@testable import MutualTLS
@testable import OpenSSL
@testable import OpenSSLMinting

/// Messages of a peer that come in pieces, with data and ends between them.
@Suite("A handshake message of which a part has come")
struct StreamTests {
    private static let keyUpdate: [UInt8] = [24, 0, 0, 1, 0]
    /// RFC 8446 section 4.6.1: lifetime, age_add, nonce, ticket and extensions.
    private static let ticket: [UInt8] = [4, 0, 0, 15, 0, 0, 14, 16, 1, 2, 3, 4, 1, 7, 0, 1, 9, 0, 0]

    /// The side that sends, and records of the other one that it takes for the peer's.
    private func established(_ sender: ConnectionRole) throws -> (pair: Pairing, peer: HandshakeRecords) {
        let secrets = Secrets()
        var client = try clientSettings(shared.identity("client"))
        client.keyLog = secrets.log
        let pair = try Pairing(server: serverSettings(version: .tls13), client: client)
        pair.run()
        return (pair, try secrets.records(sender == .server ? "CLIENT_TRAFFIC_SECRET_0" : "SERVER_TRAFFIC_SECRET_0"))
    }

    private static let cases: [(ConnectionRole, [UInt8])] = [
        (.server, keyUpdate), (.client, keyUpdate), (.client, ticket),
    ]

    @Test("delays data, which then arrives in its order", arguments: cases)
    func send(sender: ConnectionRole, message: [UInt8]) throws {
        var (pair, peer) = try established(sender)
        let (this, other) = sender == .server ? (pair.server, pair.client) : (pair.client, pair.server)
        for piece in 0..<(message.count - 1) { this.receive(try peer.seal([message[piece]], type: 22)) }
        try this.send([1, 2])
        try this.send([3])
        #expect(this.isSendPending && this.takeOutput() == [])
        this.receive(try peer.seal(Array(message.suffix(1)), type: 22))
        #expect(!this.isSendPending && this.failure == nil)
        other.receive(this.takeOutput())
        #expect(other.takeApplicationData() == [1, 2, 3])
    }

    @Test("delays close_notify, which then comes after the data", arguments: cases)
    func close(sender: ConnectionRole, message: [UInt8]) throws {
        var (pair, peer) = try established(sender)
        let (this, other) = sender == .server ? (pair.server, pair.client) : (pair.client, pair.server)
        this.receive(try peer.seal(message.dropLast(), type: 22))
        try this.send([1])
        this.close()
        #expect(this.isSendPending && this.isClosed)
        #expect(throws: MutualTLSError.self) { try this.send([2]) }
        this.receive(try peer.seal(Array(message.suffix(1)), type: 22))
        #expect(!this.isSendPending)
        other.receive(this.takeOutput())
        #expect(other.takeApplicationData() == [1] && other.isPeerClosed)
    }

    @Test("delays nothing before its header has come", arguments: cases)
    func header(sender: ConnectionRole, message: [UInt8]) throws {
        var (pair, peer) = try established(sender)
        let (this, other) = sender == .server ? (pair.server, pair.client) : (pair.client, pair.server)
        this.receive(try peer.seal(Array(message.prefix(3)), type: 22))
        try this.send([1])
        this.close()
        #expect(!this.isSendPending)
        other.receive(this.takeOutput())
        #expect(other.takeApplicationData() == [1] && other.isPeerClosed)
    }

    @Test("that never becomes whole fails the connection that has something to send", arguments: cases, [false, true])
    func truncated(input: (sender: ConnectionRole, message: [UInt8]), closes: Bool) throws {
        var (pair, peer) = try established(input.sender)
        let this = input.sender == .server ? pair.server : pair.client
        this.receive(try peer.seal(input.message.dropLast(), type: 22))
        if closes { this.close() } else { try this.send([1]) }
        this.receiveEndOfInput()
        #expect(this.failure?.reason == .truncated)
        #expect(!this.isSendPending)
    }

    @Test(
        "is as good as one that comes whole: handshakes in records of one byte",
        arguments: [TLSVersion.tls12, .tls13]
    )
    func oneByteRecords(version: TLSVersion) throws {
        let secrets = Secrets()
        var client = try clientSettings(shared.identity("client"))
        client.keyLog = secrets.log
        let pair = try Pairing(server: serverSettings(version: version), client: client)
        pair.client.start()
        var openers: [ConnectionRole: (open: HandshakeRecords, seal: HandshakeRecords)] = [:]
        for flight in 0..<4 {
            let role = flight.isMultiple(of: 2) ? ConnectionRole.client : .server
            let (from, to) = role == .client ? (pair.client, pair.server) : (pair.server, pair.client)
            for record in records(of: from.takeOutput()) {
                switch record[0] {
                case 22 where version == .tls13 || flight < 2 || !record.starts(with: [22, 3, 3, 0, 40]):
                    for byte in record.dropFirst(5) { to.receive([22, 3, 3, 0, 1, byte]) }
                case 23 where version == .tls13:
                    let label = "\(role.rawValue.uppercased())_HANDSHAKE_TRAFFIC_SECRET"
                    if openers[role] == nil { openers[role] = try (secrets.records(label), secrets.records(label)) }
                    let opened = try #require(try openers[role]?.open.open(record))
                    for byte in opened.content {
                        to.receive(try #require(try openers[role]?.seal.seal([byte], type: opened.type)))
                    }
                default: to.receive(record)
                }
            }
        }
        #expect(pair.server.state == .established && pair.client.state == .established)
        try pair.exchange()
        #expect(pair.isAccepted)
    }
}
