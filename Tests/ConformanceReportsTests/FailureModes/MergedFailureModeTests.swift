import Conformance
import Testing

@Suite("Failure modes of shards")
struct MergedFailureModeTests {
    @Test("name the same case whichever shard had it, and no other than a whole run would")
    func order() {
        let ids = ["a/1", "a/2", "b/1", "b/2", "c/1"]
        let first = ids.sorted(by: FailureModeOutcome.isNamedBefore)[0]
        #expect(ids.reversed().min(by: FailureModeOutcome.isNamedBefore) == first)
        for id in ids where id != first {
            #expect(FailureModeOutcome.isNamedBefore(first, id))
            #expect(!FailureModeOutcome.isNamedBefore(id, first))
        }
        #expect(!FailureModeOutcome.isNamedBefore(first, first))
    }
}
