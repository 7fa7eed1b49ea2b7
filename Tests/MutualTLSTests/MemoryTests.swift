import Glibc
import MutualTLS
import Testing

@Suite("Memory")
struct MemoryTests {
    @Test("stays flat over 5,000 handshakes, accepted and refused")
    func flat() throws {
        let server = try serverSettings().resolve()
        let clients = try ["client", "untrusted"].map { try clientSettings(shared.identity($0)).resolve() }
        func handshakes(_ count: Int) throws {
            for index in 0..<count {
                let pair = try Pairing(server, clients[index % 10 == 0 ? 1 : 0])
                try pair.exchange()
                _ = pair.server.information
                _ = pair.client.information
            }
        }
        try handshakes(200)
        var growth: [Int] = []
        for _ in 0..<5 {
            let before = try residentPages()
            try handshakes(1_000)
            growth.append(try residentPages() - before)
        }
        // Other tests run beside this one and grow too, but a leak shows in every window: one of 1 KiB a handshake,
        // half a certificate, is 250 pages.
        let least = try #require(growth.min())
        #expect(least < 250, "the pages grew by \(growth) in windows of 1,000 handshakes")
    }

    /// The second number of /proc/self/statm: pages of 4 KiB in memory.
    private func residentPages() throws -> Int {
        let file = try #require(fopen("/proc/self/statm", "r"))
        defer { fclose(file) }
        var text = [CChar](repeating: 0, count: 128)
        _ = fgets(&text, CInt(text.count), file)
        let fields = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            .split(separator: " ")
        return try #require(fields.count > 1 ? Int(fields[1]) : nil)
    }
}
