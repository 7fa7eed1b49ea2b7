import MutualTLS
import MutualTLSNIO
import NIOCore
import NIOEmbedded
import OpenSSL
import OpenSSLMinting
import Synchronization
import Testing

/// A client that sends a part of a KeyUpdate, and what its server writes and closes meanwhile.
@Suite("A handler whose peer has begun a message")
struct UnfinishedMessageTests {
    private let pair: BackToBack
    private var records: HandshakeRecords

    private final class Log: Sendable {
        let secret = Mutex<[UInt8]>([])
    }

    init() throws {
        let log = Log()
        var settings = MutualTLSConfiguration.Client(
            identity: try TestPKI.identity("valid"),
            currentTime: TestPKI.clock
        )
        settings.rootCAs = try TestPKI.pool("root")
        settings.serverName = try ServerName("server.test")
        settings.keyLog = { line in
            let fields = line.split(separator: " ")
            guard fields.first == "CLIENT_TRAFFIC_SECRET_0", let bytes = [UInt8](hexadecimal: fields[2]) else { return }
            log.secret.withLock { $0 = bytes }
        }
        var limits = MutualTLSLimits.server
        limits.pendingWriteBytes = 10
        pair = try BackToBack(server: TestPKI.server(), client: settings.resolve(), serverLimits: limits)
        try pair.connect()
        try pair.pump()
        records = try #require(try HandshakeRecords(secret: log.secret.withLock { $0 }, suite: 0x1302))
    }

    private mutating func give(_ bytes: [UInt8]) throws {
        pair.server.give(try records.seal(bytes, type: 22))
    }

    @Test("keeps a write and its promise until the message is whole")
    mutating func write() throws {
        try give([24, 0, 0, 1])
        var completed = 0
        for text in ["first", "later"] {
            pair.server.write(text).assumeIsolated().whenSuccess { completed += 1 }
        }
        #expect(completed == 0)
        #expect(try pair.server.takeOutput() == [])
        try give([0])
        #expect(completed == 2)
        pair.client.give(try pair.server.takeOutput())
        #expect(pair.client.events.received == Array("firstlater".utf8))
    }

    @Test("closes with close_notify once the message is whole", arguments: [CloseMode.all, .output])
    mutating func close(mode: CloseMode) throws {
        try give([24, 0, 0, 1])
        _ = pair.server.write("last")
        pair.server.channel.close(mode: mode, promise: nil)
        #expect(try pair.server.takeOutput() == [])
        try give([0])
        pair.client.give(try pair.server.takeOutput())
        #expect(pair.client.events.received == Array("last".utf8))
        #expect(pair.client.events.events.contains("peerClosed"))
    }

    @Test("says why nothing was sent where the message never becomes whole")
    mutating func neverWhole() throws {
        try give([24, 0, 0, 1])
        var error: (any Error)?
        pair.server.write("lost").assumeIsolated().whenFailure { error = $0 }
        pair.server.channel.close(promise: nil)
        pair.server.channel.embeddedEventLoop.advanceTime(by: .seconds(60))
        #expect(pair.server.events.failures.map(\.reason) == [.protocolError])
        #expect((error as? ConnectionFailure)?.reason == .protocolError)
    }

    @Test("fails the connection when more is written than may wait, rather than leaving a part out")
    mutating func tooMuch() throws {
        try give([24, 0, 0, 1])
        var errors = 0
        for text in ["123456", "789012"] {
            pair.server.write(text).assumeIsolated().whenFailure { _ in errors += 1 }
        }
        #expect(errors == 2)
        #expect(pair.server.events.failures.map(\.reason) == [.protocolError])
    }
}
