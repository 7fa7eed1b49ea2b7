import Foundation
import LogCapture
import MutualTLS
import MutualTLSFiles
import Testing

@Suite("Identity files that change")
struct IdentityReloadTests {
    private let folder: ScratchFolder
    private let files: IdentityFiles

    init() throws {
        folder = try ScratchFolder()
        files = IdentityFiles(certificate: folder.path("tls.crt"), privateKey: folder.path("tls.key"))
        try folder.write(MintedPair.certificate("old"), to: "tls.crt")
        try folder.write(MintedPair.key("old"), to: "tls.key")
    }

    private func name(_ reloader: IdentityReloader) -> String? { reloader.value.certificate.commonName }

    @Test("A certificate and its key, replaced one after the other, never meet the wrong half")
    func oneAfterTheOther() throws {
        let reloader = try IdentityReloader(files, at: noon)
        let manager = CertManager(reloader.value)
        reloader.keepUpdated(manager)
        try folder.write(MintedPair.certificate("new"), to: "tls.crt")
        guard case .kept(let reason) = reloader.check(at: noon) else {
            Issue.record("a mismatched pair was taken over")
            return
        }
        #expect(reason.code == .mismatchedKey)
        #expect(manager.identity.certificate.commonName == "old")
        #expect(!reloader.status.isCurrent)
        try folder.write(MintedPair.key("new"), to: "tls.key")
        reloader.check(at: noon)
        #expect(manager.identity.certificate.commonName == "new")
        #expect(reloader.status.isCurrent)
    }

    @Test("A half-written file keeps the last good identity")
    func halfWritten() throws {
        let reloader = try IdentityReloader(files, at: noon)
        try folder.write(String(MintedPair.certificate("new").prefix(100)), to: "tls.crt")
        reloader.check(at: noon)
        #expect(name(reloader) == "old")
        #expect(reloader.status.reason?.code == .truncatedPEM)
    }

    @Test("A file that was removed and comes back is good again")
    func restored() throws {
        let reloader = try IdentityReloader(files, at: noon)
        try folder.remove("tls.key")
        reloader.check(at: noon)
        #expect(reloader.status.reason?.code == .missing)
        try folder.write(MintedPair.key("old"), to: "tls.key")
        guard case .restored = reloader.check(at: noon) else {
            Issue.record("the old files were not recognised")
            return
        }
        #expect(name(reloader) == "old")
    }

    @Test("New content under an old modification time is seen")
    func sameTime() throws {
        let long = Date(timeIntervalSince1970: 1_000_000_000)
        for name in ["tls.crt", "tls.key"] { try folder.setModificationDate(of: name, to: long) }
        let reloader = try IdentityReloader(files, at: noon)
        try folder.write(MintedPair.certificate("new"), to: "tls.crt")
        try folder.write(MintedPair.key("new"), to: "tls.key")
        for name in ["tls.crt", "tls.key"] { try folder.setModificationDate(of: name, to: long) }
        reloader.check(at: noon)
        #expect(name(reloader) == "new")
    }

    @Test("A link that is pointed elsewhere in one step brings both files at once")
    func swappedLink() throws {
        for generation in ["old", "new"] {
            try folder.makeFolder(generation)
            try folder.write(MintedPair.certificate(generation), to: "\(generation)/tls.crt")
            try folder.write(MintedPair.key(generation), to: "\(generation)/tls.key")
        }
        try folder.link("data", to: "old")
        let linked = IdentityFiles(
            certificate: folder.path("data/tls.crt"),
            privateKey: folder.path("data/tls.key")
        )
        let reloader = try IdentityReloader(linked, at: noon)
        try folder.link("data", to: "new")
        reloader.check(at: noon)
        #expect(name(reloader) == "new")
    }

    @Test("A file that can't be read keeps the last good identity, and the log tells it once")
    func unreadable() throws {
        let log = LogLines()
        let reloader = try IdentityReloader(files, at: noon, logger: log.logger)
        // Permissions stop nobody who runs as root; a link to itself stops everybody.
        try folder.link("tls.key", to: "tls.key")
        for _ in 0..<3 { reloader.check(at: noon) }
        #expect(name(reloader) == "old")
        #expect(reloader.status.reason?.code == .system)
        #expect(log.all.filter { $0.contains("keeping the last good") }.count == 1)
    }

    @Test("A folder in the place of a file keeps the last good identity")
    func folderInsteadOfFile() throws {
        let reloader = try IdentityReloader(files, at: noon)
        try folder.remove("tls.crt")
        try folder.makeFolder("tls.crt")
        reloader.check(at: noon)
        #expect(name(reloader) == "old")
        #expect(reloader.status.reason?.code == .notAFile)
    }

    @Test("A status tells each reason, and what is good again")
    func statuses() async throws {
        let reloader = try IdentityReloader(files, at: noon)
        var statuses = reloader.statuses().makeAsyncIterator()
        try folder.write("", to: "tls.crt")
        reloader.check(at: noon)
        #expect(await statuses.next()?.reason?.code == .empty)
        // The same reason again is no news; the next status is the one after it.
        reloader.check(at: noon)
        try folder.write(MintedPair.certificate("old"), to: "tls.crt")
        reloader.check(at: noon)
        #expect(await statuses.next()?.isCurrent == true)
    }

    @Test("Whoever swaps the pair while it is read, no mixed identity is seen and the last pair wins")
    func race() async throws {
        let reloader = try IdentityReloader(files, at: noon)
        let folder = folder
        try await withThrowingTaskGroup(of: Void.self) { group in
            let (certificate, key) = (folder.path("tls.crt"), folder.path("tls.key"))
            group.addTask {
                for round in 0..<200 {
                    let generation = round.isMultiple(of: 2) ? "new" : "old"
                    try Data(MintedPair.certificate(generation).utf8).write(to: URL(fileURLWithPath: certificate))
                    try Data(MintedPair.key(generation).utf8).write(to: URL(fileURLWithPath: key))
                }
            }
            group.addTask {
                for _ in 0..<200 { reloader.check(at: noon) }
            }
            try await group.waitForAll()
        }
        reloader.check(at: noon)
        #expect(name(reloader) == "old")
        #expect(reloader.status.isCurrent)
    }
}
