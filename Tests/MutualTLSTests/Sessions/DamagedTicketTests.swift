import OpenSSL
import Testing

@testable import MutualTLS

@Suite("Damaged tickets")
struct DamagedTicketTests {
    /// A session whose ticket can be written over.
    private struct Template {
        let session: ClientSession
        /// Where the ticket stands in the encoded session.
        let ticket: Range<Int>

        init(_ version: TLSVersion) throws {
            let settings = try SessionPair(version)
            let client = try settings.client.resolve()
            _ = try SessionPair.connect(settings.server.resolve(), client)
            session = try #require(client.plan.sessions?.all.first)
            let keyring = TicketKeyring(.shared(secret: SessionPair.secret), period: 86_400, lifetime: 3_600)
            let name = try #require(keyring.current(at: clock())).name
            let bytes = session.session.bytes
            let start = try #require((0..<bytes.count).first { bytes[$0...].starts(with: name) })
            // The length of a DER string of 256 to 65,535 bytes stands in two bytes before it.
            try #require(bytes[start - 3] == 0x82)
            ticket = start..<(start + Int(bytes[start - 2]) << 8 + Int(bytes[start - 1]))
        }

        func damaged(_ random: inout MutatedFlightTests.SplitMix64) -> ClientSession? {
            var bytes = session.session.bytes
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                bytes[Int.random(in: ticket, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
            case 1:
                // The name stays, so that the rest is looked at.
                for index in ticket.dropFirst(16) { bytes[index] = UInt8.random(in: 0...255, using: &random) }
            case 2:
                for index in ticket { bytes[index] = UInt8.random(in: 0...255, using: &random) }
            default:
                let end = Int.random(in: ticket, using: &random)
                for index in end..<ticket.upperBound { bytes[index] = 0 }
                bytes[ticket.upperBound - 1] ^= 1
            }
            guard bytes != session.session.bytes, let encoded = SSLSession(decoding: bytes) else { return nil }
            return ClientSession(
                scope: session.scope,
                session: encoded,
                grant: session.grant,
                receivedAt: session.receivedAt,
                peerCertificates: session.peerCertificates,
                verifiedChain: session.verifiedChain,
                hasSentCertificate: session.hasSentCertificate
            )
        }
    }

    @Test("10,000 of them resume nothing, and a full handshake follows", arguments: versions)
    func damaged(version: TLSVersion) async throws {
        let settings = try SessionPair(version)
        let (server, client) = (try settings.server.resolve(), try settings.client.resolve())
        let template = try Template(version)
        var random = MutatedFlightTests.SplitMix64(state: 0x71C4E7)
        var count = 0
        while count < 5_000 {
            guard let damaged = template.damaged(&random) else { continue }
            client.plan.sessions?.enter(damaged.scope)
            client.plan.sessions?.store(damaged)
            let pair = try Pairing(server, client)
            pair.client.start()
            pair.server.receive(pair.client.takeOutput())
            #expect(!pair.server.engine.didResume && pair.server.failure == nil, "ticket \(count)")
            if count.isMultiple(of: 100) {
                try pair.exchange()
                #expect(pair.outcome == "full")
                await Task.yield()
            }
            client.plan.sessions?.remove(damaged)
            count += 1
        }
    }

    @Test("A ticket whose own data is missing, short, long or of another format is passed over")
    func data() throws {
        let grant = SessionGrant(
            issuedAt: clock(),
            validUntil: Timestamp(secondsSinceEpoch: .max),
            isVerified: true,
            links: [[1], Array(repeating: 2, count: 32)]
        )
        #expect(SessionGrant(bytes: grant.bytes) == grant)
        for length in 0..<grant.bytes.count {
            #expect(SessionGrant(bytes: Array(grant.bytes.prefix(length))) == nil)
        }
        #expect(SessionGrant(bytes: grant.bytes + [0]) == nil)
        #expect(SessionGrant(bytes: [1] + grant.bytes.dropFirst()) == nil)
        for (issued, end) in [(Int64.min, Int64.max), (.max, .min), (noon, noon), (noon, .min)] {
            let strange = SessionGrant(
                issuedAt: Timestamp(secondsSinceEpoch: issued),
                validUntil: Timestamp(secondsSinceEpoch: end),
                isVerified: false
            )
            #expect(!strange.isGood(at: clock(), lifetime: 3_600))
            #expect(strange.remaining(at: clock(), lifetime: 3_600) == 0)
        }
    }
}
