import MutualTLS
import MutualTLSFiles
import Testing
import ThrowawayPKI

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
        let before = reloader.value.lists.map(\.derBytes)
        try folder.write(MintedPair.revocationList("old-revoked"), to: "root.crl")
        guard case .updated(let set) = reloader.check(at: noon) else {
            Issue.record("the new list was not taken over")
            return
        }
        #expect(set.lists.map(\.derBytes) != before)
        #expect(reloader.value.lists.map(\.derBytes) == set.lists.map(\.derBytes))
    }

    @Test("A list that is half written, or gone, keeps the last good one", arguments: [false, true])
    func broken(isGone: Bool) throws {
        let reloader = try RevocationListReloader(RevocationListFiles(folder.path("root.crl")), at: noon)
        let before = reloader.value.lists.map(\.derBytes)
        if isGone {
            try folder.remove("root.crl")
        } else {
            try folder.write(String(MintedPair.revocationList("old-revoked").prefix(80)), to: "root.crl")
        }
        reloader.check(at: noon)
        #expect(reloader.value.lists.map(\.derBytes) == before)
        #expect(reloader.status.reason?.code == (isGone ? .missing : .truncatedPEM))
    }

    @Test("New lists reach the policies and managers that follow the files")
    func followed() throws {
        let reloader = try RevocationListReloader(RevocationListFiles(folder.path("root.crl")), at: noon)
        let manager = RevocationListManager([])
        reloader.keepUpdated(manager)
        let policies = [RevocationPolicy.leaf(from: reloader), RevocationPolicy.chain(from: manager)]
        try folder.write(MintedPair.revocationList("old-revoked"), to: "root.crl")
        reloader.check(at: noon)
        let fresh = try #require(MintedPair.pki.get().crl("old-revoked"))
        for policy in policies {
            #expect(policy.lists.map(\.derBytes) == [fresh])
        }
    }
}
