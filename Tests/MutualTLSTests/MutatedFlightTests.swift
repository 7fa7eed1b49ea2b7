import MutualTLS
import Testing

@Suite("Mutated handshake flights")
struct MutatedFlightTests {
    /// Steele and Vigna's SplitMix64: the same sequence for the same seed, everywhere.
    struct SplitMix64: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    @Test("end in an alert or a wait, never in a crash, a hang or an unverified peer", arguments: versions)
    func mutatedFlights(version: TLSVersion) throws {
        let seed: UInt64 = 0xC0DE_5160 + (version == .tls12 ? 12 : 13)
        print("mutated flights of TLS \(version.rawValue): seed \(seed)")
        var random = SplitMix64(state: seed)
        let server = try serverSettings(version: version).resolve()
        let client = try clientSettings(shared.identity("client")).resolve()
        for round in 0..<5_000 {
            try play(Pairing(server, client), &random, "seed \(seed), round \(round)")
        }
    }

    /// Plays a handshake in which one flight, chosen at random, arrives damaged.
    private func play(_ pair: Pairing, _ random: inout SplitMix64, _ place: String) throws {
        let damaged = Int.random(in: 0..<4, using: &random)
        pair.client.start()
        for flight in 0..<6 {
            let (from, to) = flight % 2 == 0 ? (pair.client, pair.server) : (pair.server, pair.client)
            var bytes = from.takeOutput()
            if flight == damaged { mutate(&bytes, &random) }
            to.receive(bytes)
        }
        for connection in [pair.client, pair.server] {
            if connection.state == .established {
                #expect(connection.information.isPeerVerified, "\(place)")
            } else if connection.state == .handshaking || connection.failure?.phase == .handshake {
                #expect(connection.information.verifiedChain.isEmpty, "\(place)")
            }
            connection.receiveEndOfInput()
            #expect(connection.state == .failed, "\(place)")
            #expect(connection.failure?.reason != .internalFault, "\(place): \(connection.failure?.message ?? "")")
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            guard !bytes.isEmpty else {
                bytes = [UInt8.random(in: 0...255, using: &random)]
                continue
            }
            let index = Int.random(in: 0..<bytes.count, using: &random)
            let length = Int.random(in: 1...64, using: &random)
            switch Int.random(in: 0..<7, using: &random) {
            case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes[index] = UInt8.random(in: 0...255, using: &random)
            case 2: bytes.removeLast(bytes.count - index)
            case 3: bytes.removeSubrange(index..<min(bytes.count, index + length))
            case 4:
                bytes.insert(
                    contentsOf: (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) },
                    at: index
                )
            case 5: bytes.append(contentsOf: bytes[index..<min(bytes.count, index + length)])
            // The first bytes hold types and lengths, where damage goes deepest.
            default: bytes[min(index, index % 48)] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
            }
        }
    }
}
