internal import GnuTLSPeer
internal import Testing

/// SplitMix64: small, and the same everywhere.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

@Suite("Bytes that went wrong")
struct MutationTests {
    @Test("1,000 mutated flights of each version end in an error or an alert", arguments: GnuTLSVersion.allCases)
    func mutated(_ version: GnuTLSVersion) throws {
        let pki = try TestPKI.shared.get()
        let server = try GnuTLSServer(.shared(version, .requireAndVerifyClientCert))
        let client = try GnuTLSClient(.shared(pki.valid))
        for seed in 0..<1_000 {
            var random = SeededGenerator(state: UInt64(seed))
            let wire = Wire(try server.makeSession(), try client.makeSession())
            let broken = Int.random(in: 0..<4, using: &random)
            wire.client.start()
            for flight in 0..<8 {
                let (from, to) = flight.isMultiple(of: 2) ? (wire.client, wire.server) : (wire.server, wire.client)
                var bytes = from.takeOutput()
                if flight == broken { Self.mutate(&bytes, &random) }
                to.receive(bytes)
            }
            for session in [wire.client, wire.server] {
                session.send([1])
                session.receiveEndOfInput()
                _ = session.takeApplicationData()
                let report = session.report
                #expect(session.state == .failed || report.accepted, "seed \(seed)")
                #expect(report.failure != nil || report.accepted, "seed \(seed)")
            }
        }
    }

    static func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes[place] = .random(in: .min ... .max, using: &random)
            case 2: bytes.remove(at: place)
            case 3: bytes.insert(.random(in: .min ... .max, using: &random), at: place)
            default: bytes.removeSubrange(place...)
            }
        }
    }
}
