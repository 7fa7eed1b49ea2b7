import ConformanceModel
import Testing

@testable import Campaign

@Suite("Shards")
struct ShardTests {
    private let ids = (0..<2000).map { "client-auth/credentials/case-\($0)" }

    @Test("Every id is in exactly one of N shards, and no shard is far from its part", arguments: [1, 2, 3, 8])
    func partition(count: Int) throws {
        var seen: [String] = []
        for index in 1...count {
            let shard = try #require(ShardPosition("\(index)/\(count)"))
            let mine = ids.filter(shard.contains)
            #expect(abs(mine.count - ids.count / count) < ids.count / 10)
            seen += mine
        }
        #expect(seen.sorted() == ids.sorted())
    }

    @Test("The hash is FNV-1a, the same in every process and release")
    func vectors() {
        #expect(hash("") == 0xCBF2_9CE4_8422_2325)
        #expect(hash("a") == 0xAF63_DC4C_8601_EC8C)
        #expect(hash("foobar") == 0x8594_4171_F739_67E8)
    }

    private func hash(_ text: String) -> UInt64 { StableHash(text).value }

    @Test(
        "Anything but I/N with 1 <= I <= N is refused",
        arguments: ["", "0/2", "3/2", "1", "1/0", "-1/2", "a/b", "1/2/3", "1/"]
    )
    func refused(argument: String) {
        #expect(ShardPosition(argument) == nil)
    }
}
