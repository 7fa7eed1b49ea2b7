import Testing

@testable import OpenSSL

@Suite("Unique session contexts")
struct UniqueSessionContextTests {
    @Test("fill what libssl takes, and no two are the same, on several threads too")
    func unique() async throws {
        let contexts = try await withThrowingTaskGroup(of: [[UInt8]].self) { group in
            for _ in 0..<4 {
                group.addTask { try (0..<1_000).map { _ in try UniqueSessionContext.next() } }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(contexts).count == 4_000)
        #expect(contexts.allSatisfy { $0.count == 32 })
    }
}
