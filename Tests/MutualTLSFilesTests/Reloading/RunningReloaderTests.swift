import Foundation
import LogCapture
import MutualTLS
import MutualTLSFiles
import Testing

@Suite("A reloader that runs by itself")
struct RunningReloaderTests {
    private let folder: ScratchFolder
    private let files: IdentityFiles

    init() throws {
        folder = try ScratchFolder()
        files = IdentityFiles(certificate: folder.path("tls.crt"), privateKey: folder.path("tls.key"))
        try folder.write(MintedPair.certificate("old"), to: "tls.crt")
        try folder.write(MintedPair.key("old"), to: "tls.key")
    }

    private func statuses(
        of reloader: IdentityReloader,
        every interval: Duration,
        _ body: (inout AsyncStream<ReloadStatus<Identity>>.Iterator) async throws -> Void
    ) async throws {
        var iterator = reloader.statuses().makeAsyncIterator()
        let running = Task { await reloader.run(every: interval, currentTime: { noon }) }
        try await body(&iterator)
        running.cancel()
        await running.value
    }

    @Test("takes over renewed files when they change, long before its interval")
    func changes() async throws {
        let reloader = try IdentityReloader(files, at: noon)
        let manager = CertManager(reloader.value)
        reloader.keepUpdated(manager)
        try await statuses(of: reloader, every: .seconds(86_400)) { statuses in
            try folder.write(MintedPair.key("new"), to: "tls.key")
            try folder.write(MintedPair.certificate("new"), to: "tls.crt")
            // Half of the pair may be seen first, and changes nothing.
            while let status = await statuses.next(), !status.isCurrent {
                #expect(status.reason?.code == .mismatchedKey)
                #expect(status.value.certificate.commonName == "old")
            }
            #expect(manager.identity.certificate.commonName == "new")
        }
    }

    @Test("takes over a file that was renamed into its place")
    func renamed() async throws {
        let single = IdentityFiles(certificate: folder.path("both.pem"), privateKey: folder.path("both.pem"))
        try folder.write(MintedPair.certificate("old") + MintedPair.key("old"), to: "both.pem")
        let reloader = try IdentityReloader(single, at: noon)
        try await statuses(of: reloader, every: .seconds(86_400)) { statuses in
            try folder.write(MintedPair.certificate("new") + MintedPair.key("new"), to: "both.new")
            try folder.move("both.new", to: "both.pem")
            let status = await statuses.next()
            #expect(status?.value.certificate.commonName == "new")
        }
    }

    @Test("takes over what no sign tells of, behind a link, by time")
    func behindALink() async throws {
        let elsewhere = try ScratchFolder()
        try elsewhere.write(MintedPair.certificate("old") + MintedPair.key("old"), to: "both.pem")
        try folder.link("linked.pem", to: elsewhere.path("both.pem"))
        let linked = IdentityFiles(certificate: folder.path("linked.pem"), privateKey: folder.path("linked.pem"))
        let reloader = try IdentityReloader(linked, at: noon)
        try await statuses(of: reloader, every: .milliseconds(5)) { statuses in
            try elsewhere.write(MintedPair.certificate("new") + MintedPair.key("new"), to: "both.pem")
            while let status = await statuses.next(), status.value.certificate.commonName != "new" {}
            #expect(reloader.value.certificate.commonName == "new")
        }
    }

    @Test("keeps the last good identity, and says why in the log once")
    func kept() async throws {
        let log = LogLines()
        let reloader = try IdentityReloader(files, at: noon, logger: log.logger)
        try await statuses(of: reloader, every: .milliseconds(5)) { statuses in
            try folder.write("nonsense", to: "tls.crt")
            let status = await statuses.next()
            #expect(status?.reason != nil)
            #expect(status?.value.certificate.commonName == "old")
        }
        #expect(log.all.count { $0.hasPrefix("warning: keeping the last good identity") } == 1)
    }

    @Test("says in the log how many days are left, from 30 on, once for each number of days")
    func expiry() async throws {
        let log = LogLines()
        let reloader = try IdentityReloader(files, at: noon, logger: log.logger)
        let end = reloader.value.certificate.notAfter.secondsSinceEpoch
        let day: Int64 = 86_400
        let moments: [(left: Int64, days: Int)] = [
            (31 * day, 31), (30 * day, 30), (30 * day, 30), (day, 1), (0, 0), (-1, -1), (-day, -1), (-day - 1, -2),
        ]
        for (left, days) in moments {
            let now = Timestamp(secondsSinceEpoch: end - left)
            #expect(reloader.value.daysToExpiry(at: now) == days)
            // One look, and then its task ends.
            let running = Task { await reloader.run(every: .seconds(86_400), currentTime: { now }) }
            running.cancel()
            await running.value
        }
        let told = log.all.filter { $0.contains("expire") }.map { $0.components(separatedBy: ") ").last ?? "" }
        #expect(
            told == ["expires in 30 days", "expires in 1 day", "expires in 0 days", "has expired", "has expired"],
            "\(log.all)"
        )
    }
}
