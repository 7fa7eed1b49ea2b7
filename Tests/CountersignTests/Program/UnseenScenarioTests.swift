import ConformanceModel
import Foundation
import PeerPrograms
import Testing

/// A scenario that no profile has been written for: another authority, names and axes of its own.
@Suite("A scenario that nobody has seen", .serialized)
struct UnseenScenarioTests {
    private static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "scenarios")

    private static let scenario = """
        scenario: harbour/crews
        title: Crews of a harbour whose authority nobody has met
        source: [{rfc: 5280, section: "6.1"}]
        pki:
          harbour: {ca: true, cn: Harbour Master, org: Port}
          pilots: {issuer: harbour, ca: true, eku: [any]}
          quay: {issuer: harbour, dns: [quay.port.test], eku: [serverAuth]}
          lighthouse: {issuer: harbour, cn: quay.port.test, eku: [serverAuth]}
          captain: {issuer: harbour, eku: [clientAuth]}
          cook: {issuer: harbour, eku: [any]}
          pilot: {issuer: pilots, eku: [clientAuth]}
          retired: {issuer: harbour, eku: [clientAuth], valid: {from: -72h, to: -2h}}
          stowaway: {eku: [clientAuth]}
        axes:
          berth:
            named: {server: {identity: quay}}
            unnamed: {server: {identity: lighthouse}}
          credential: [none, captain, cook, pilot, retired, stowaway]
          gate: {open: {server: {clientAuth: VerifyClientCertIfGiven}}, shut: {server: {clientAuth: RequireAndVerifyClientCert}}}
          tls: all
          pairing: all
        server: {clientCAs: [harbour]}
        client: {rootCAs: [harbour], serverName: quay.port.test, presents: always}
        control: {berth: named, credential: captain, gate: open}
        expect:
          - {when: {berth: named, credential: captain}, outcome: accepted}
          - {when: {berth: unnamed}, outcome: rejected}
        """

    private func folder() throws -> Program {
        let program = try Program()
        let scenarios = program.folder.appending(path: "scenarios")
        try FileManager.default.removeItem(at: scenarios)
        try FileManager.default.createDirectory(
            at: scenarios.appending(path: "harbour"),
            withIntermediateDirectories: true
        )
        for name in ["profiles", "peers"] {
            try FileManager.default.copyItem(
                at: Self.repository.appending(path: name),
                to: scenarios.appending(path: name)
            )
        }
        // An exception speaks of cases that this folder lacks; what it says is no answer to what is asked here.
        let gnutls = scenarios.appending(path: "profiles/gnutls.yaml")
        let text = try String(contentsOf: gnutls, encoding: .utf8)
        try text.prefix(upTo: text.range(of: "exceptions:")?.lowerBound ?? text.endIndex).write(
            to: gnutls,
            atomically: true,
            encoding: .utf8
        )
        try Self.scenario.write(
            to: scenarios.appending(path: "harbour/crews.yaml"),
            atomically: true,
            encoding: .utf8
        )
        return program
    }

    @Test("needs no new entry for the stacks in process")
    func inProcess() throws {
        let program = try folder()
        defer { program.remove() }
        let run = try program.run("run", "harbour", "--json", "results.json", "--jobs", "1")
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        let report = try program.report("results.json")
        #expect(report.cases.count == 192)
        let entries = Set(report.cases.compactMap(\.deviation).flatMap { $0.split(separator: ", ").map(String.init) })
        #expect(entries.isSuperset(of: ["gnutls: name/no-common-name", "gnutls: purpose/any-issuer"]), "\(entries)")
    }

    @Test("needs no new entry for openssl s_server, whose profile tells each difference")
    func openssl() throws {
        let program = try folder()
        defer { program.remove() }
        guard PeerProgram.isInstalled("openssl") else { return }
        let run = try program.run(
            "run",
            "harbour/crews/named",
            "--peer",
            "openssl",
            "--json",
            "results.json",
            "--jobs",
            "1"
        )
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        let report = try program.report("results.json")
        let mine = report.cases.filter { $0.server.rawValue == "openssl" }
        #expect(mine.contains { $0.verdict == .passed && $0.expected[0].outcome.isRejection })
        let entries = Set(mine.compactMap(\.deviation).flatMap { $0.split(separator: ", ").map(String.init) })
        #expect(
            entries == ["openssl: purpose/any", "openssl: purpose/any-issuer", "openssl: alert/wrong-purpose"],
            "\(entries)"
        )
        let rules = try #require(report.profiles?["openssl"]?.rules)
        #expect(rules.mapValues(\.class) == ["purpose/any": .stricter, "purpose/any-issuer": .stricter])
    }
}
