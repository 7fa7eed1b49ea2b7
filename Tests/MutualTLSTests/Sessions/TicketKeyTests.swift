import OpenSSL
import Testing

@testable import MutualTLS

@Suite("Ticket keys")
struct TicketKeyTests {
    /// The worth of a session that one server has given and another is offered.
    private func outcome(_ version: TLSVersion, _ first: TicketKeys, _ second: TicketKeys) throws -> String {
        var settings = try SessionPair(version)
        let client = try settings.client.resolve()
        settings.server.sessions = .scoped(ticketKeys: first)
        _ = try SessionPair.connect(settings.server.resolve(), client)
        settings.server.sessions = .scoped(ticketKeys: second)
        return try SessionPair.connect(settings.server.resolve(), client).outcome
    }

    @Test("of one secret are shared; of others, and random ones, are not", arguments: versions)
    func sharing(version: TLSVersion) throws {
        let (secret, other) = ([UInt8](repeating: 1, count: 32), [UInt8](repeating: 2, count: 32))
        #expect(try outcome(version, .shared(secret: secret), .shared(secret: secret)) == "resumed")
        #expect(try outcome(version, .shared(secret: secret), .shared(secret: other)) == "full")
        #expect(try outcome(version, .random(), .random()) == "full", "as after a restart")
        #expect(try outcome(version, .random(), .shared(secret: secret)) == "full")
        #expect(try outcome(version, .shared(secret: secret), .random()) == "full")
        let shorter = TicketKeys.shared(secret: secret, period: .seconds(43_200))
        #expect(try outcome(version, .shared(secret: secret), shorter) == "full")
    }

    @Test("rotate on a schedule, and the old ones open tickets while these are young", arguments: versions)
    func rotation(version: TLSVersion) throws {
        for keys in [
            TicketKeys.random(period: .seconds(600)), .shared(secret: SessionPair.secret, period: .seconds(600)),
        ] {
            var settings = try SessionPair(version)
            settings.server.sessions = .scoped(lifetime: .seconds(3_600), ticketKeys: keys)
            let (server, client) = (try settings.server.resolve(), try settings.client.resolve())
            _ = try SessionPair.connect(server, client)
            for _ in 0..<6 {
                settings.clock.move(by: 600)
                let pair = try SessionPair.connect(server, client)
                #expect(pair.outcome == "resumed")
                #expect(pair.client.handshake.record.hasReceivedSessionTicket, "a ticket under the current key")
            }
            settings.clock.move(by: 1)
            #expect(try SessionPair.connect(server, client).outcome == "full")
        }
    }

    @Test("of a period are the same everywhere and others than those of the next; the old ones are forgotten")
    func schedule() throws {
        for source in [TicketKeys.shared(secret: SessionPair.secret), .random()] {
            let keyring = TicketKeyring(source, period: 600, lifetime: 1_200)
            let start: Int64 = 600 * 1_000
            func name(at second: Int64) throws -> [UInt8] {
                try #require(keyring.current(at: Timestamp(secondsSinceEpoch: start + second))).name
            }
            func isKnown(_ name: [UInt8], at second: Int64) -> Bool {
                keyring.key(named: name, at: Timestamp(secondsSinceEpoch: start + second)) != nil
            }
            let first = try name(at: 0)
            #expect(try name(at: 599) == first)
            let second = try name(at: 600)
            #expect(second != first && first.count == SessionTicketKey.nameLength)
            #expect(isKnown(first, at: 1_799), "a ticket of the period's last second is 1,200 s old")
            #expect(!isKnown(first, at: 1_800))
            #expect(!isKnown(second, at: 599), "the clock was set back, and the period is still to come")
            #expect(!isKnown([UInt8](repeating: 0, count: 16), at: 0))
            _ = try name(at: 100_000)
            #expect(isKnown(first, at: 0) == source.isShared, "a random key that is past is gone for good")
        }
        for extreme in [Int64.min, .max] {
            let keyring = TicketKeyring(.shared(secret: SessionPair.secret), period: 600, lifetime: 1_200)
            #expect(keyring.current(at: Timestamp(secondsSinceEpoch: extreme)) != nil)
            #expect(keyring.key(named: [], at: Timestamp(secondsSinceEpoch: extreme)) == nil)
        }
    }

    @Test("never show their secret")
    func description() {
        let keys = TicketKeys.shared(secret: [UInt8](repeating: 123, count: 32))
        var dumped = ""
        dump(ServerSessionPolicy.scoped(ticketKeys: keys), to: &dumped)
        #expect(!"\(keys) \(String(reflecting: keys)) \(dumped)".contains("123"))
    }
}

extension TicketKeys {
    fileprivate var isShared: Bool {
        if case .shared = source { true } else { false }
    }
}
