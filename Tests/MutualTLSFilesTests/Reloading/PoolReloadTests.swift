import MutualTLS
import MutualTLSFiles
import Testing
import ThrowawayPKI

@Suite("Pool files that change")
struct PoolReloadTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
        try folder.makeFolder("cas")
        try folder.write(MintedPair.certificate("root"), to: "cas/root.pem")
    }

    private func names(_ pool: CertificatePool?) -> [String] {
        (pool?.certificates ?? []).compactMap(\.commonName).sorted()
    }

    private func manager() throws -> CertAuthManager {
        let entity = try MintedPair.entity("old")
        let identity = try Identity(
            chain: [Certificate(der: entity.certificateDER)],
            privateKey: PrivateKey(der: entity.privateKeyPKCS8)
        )
        return CertAuthManager(identity)
    }

    @Test("An authority that is added to the folder, or taken out of it, reaches the manager")
    func addedAndRemoved() throws {
        let reloader = try PoolReloader(CertificatePoolFiles(folder.path("cas")), at: noon)
        let manager = try manager()
        reloader.keepUpdated(clientCAsOf: manager)
        #expect(names(manager.clientCAs) == ["root"])
        try folder.write(MintedPair.certificate("other-root"), to: "cas/other.pem")
        reloader.check(at: noon)
        #expect(names(manager.clientCAs) == ["other-root", "root"])
        try folder.remove("cas/root.pem")
        reloader.check(at: noon)
        #expect(names(manager.clientCAs) == ["other-root"])
    }

    @Test("A half-written authority keeps the whole last good pool")
    func halfWritten() throws {
        let reloader = try PoolReloader(CertificatePoolFiles(folder.path("cas")), at: noon)
        try folder.write(String(MintedPair.certificate("other-root").prefix(100)), to: "cas/other.pem")
        reloader.check(at: noon)
        #expect(names(reloader.value) == ["root"])
        #expect(reloader.status.reason?.code == .truncatedPEM)
        try folder.write(MintedPair.certificate("other-root"), to: "cas/other.pem")
        reloader.check(at: noon)
        #expect(names(reloader.value) == ["other-root", "root"])
    }

    @Test("A folder that was emptied, or is gone, never means an empty pool", arguments: [false, true])
    func emptied(folderToo: Bool) throws {
        let reloader = try PoolReloader(CertificatePoolFiles(folder.path("cas")), at: noon)
        try folder.remove(folderToo ? "cas" : "cas/root.pem")
        reloader.check(at: noon)
        #expect(names(reloader.value) == ["root"])
        #expect(reloader.status.reason?.code == (folderToo ? .missing : .emptyFolder))
    }

    @Test("A link to a folder that is pointed elsewhere in one step brings the new pool")
    func swappedLink() throws {
        try folder.makeFolder("next")
        try folder.write(MintedPair.certificate("other-root"), to: "next/other.pem")
        try folder.link("..data", to: "cas")
        let reloader = try PoolReloader(CertificatePoolFiles(folder.path("..data")), at: noon)
        try folder.link("..data", to: "next")
        reloader.check(at: noon)
        #expect(names(reloader.value) == ["other-root"])
    }
}
