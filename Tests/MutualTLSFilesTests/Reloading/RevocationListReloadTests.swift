import MutualTLS
import MutualTLSFiles
import Testing

@Suite("Revocation list files that change")
struct RevocationListReloadTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
        try folder.write(MintedPair.revocationList("nobody"), to: "root.crl")
    }

    @Test("A new list takes the place of the old one")
    func replaced() throws {
        let reloader = try RevocationListReloader(RevocationListFiles(folder.path("root.crl")), at: noon)
        let before = reloader.value.map(\.derBytes)
        try folder.write(MintedPair.revocationList("old-revoked"), to: "root.crl")
        guard case .updated(let lists) = reloader.check(at: noon) else {
            Issue.record("the new list was not taken over")
            return
        }
        #expect(lists.map(\.derBytes) != before)
        #expect(reloader.value.map(\.derBytes) == lists.map(\.derBytes))
    }

    @Test("A list that is half written, or gone, keeps the last good one", arguments: [false, true])
    func broken(isGone: Bool) throws {
        let reloader = try RevocationListReloader(RevocationListFiles(folder.path("root.crl")), at: noon)
        let before = reloader.value.map(\.derBytes)
        if isGone {
            try folder.remove("root.crl")
        } else {
            try folder.write(String(MintedPair.revocationList("old-revoked").prefix(80)), to: "root.crl")
        }
        reloader.check(at: noon)
        #expect(reloader.value.map(\.derBytes) == before)
        #expect(reloader.status.reason?.code == (isGone ? .missing : .truncatedPEM))
    }
}
