import ConformanceModel
import Foundation
import Testing

@testable import ConformanceReports

@Suite("The report of a self-test")
struct SelftestReportTests {
    private func report(_ kills: [(String, [String])], unexpected: [String] = []) -> SelftestReport {
        SelftestReport(
            tool: Tool(name: "countersign", version: "1"),
            environment: ["gnutls": "3.7.9"],
            seed: 7,
            strength: "2",
            cases: 1234,
            mutants: kills.map { .init(name: $0.0, killedBy: $0.1, isCounted: $0.0 != "ignoreSNI") },
            rulesWithoutKill: ["sni/strict"],
            unexpectedWithoutMutant: unexpected
        )
    }

    @Test("It says by which cases and how many each mutant is killed, and ends with the counts")
    func text() {
        let report = report([("ignoreSNI", ["b", "a"]), ("acceptAnyCertificate", ["c"])])
        #expect(report.isAsExpected)
        #expect(
            report.text == """
                killed    ignoreSNI             by 2 cases or more, such as a
                killed    acceptAnyCertificate  by 1 case, such as c
                no kill   rule sni/strict decided no case that killed a mutant
                2 of 2 mutants killed, with 1,234 cases of strength 2 and the seed 7.

                """
        )
    }

    @Test("A survivor, a case that fails without a mutant, and no mutant at all are not as expected")
    func unexpected() {
        let survivor = report([("ignoreSNI", []), ("acceptAnyCertificate", ["c"])])
        #expect(!survivor.isAsExpected)
        #expect(survivor.text.hasPrefix("SURVIVES  ignoreSNI             ignore SNI\n"))
        #expect(!report([("ignoreSNI", ["a"])], unexpected: ["x"]).isAsExpected)
        #expect(!report([]).isAsExpected)
    }

    @Test("JSON names each mutant, its change and the cases that kill it")
    func json() throws {
        let report = report([("ignoreSNI", ["b", "a"])])
        let object = try #require(JSONSerialization.jsonObject(with: report.json()) as? [String: Any])
        let mutants = try #require(object["mutants"] as? [[String: Any]])
        #expect(mutants[0]["name"] as? String == "ignoreSNI")
        #expect(mutants[0]["change"] as? String == "ignore SNI")
        #expect(mutants[0]["killedBy"] as? [String] == ["a", "b"])
        #expect(try JSONDecoder().decode(SelftestReport.self, from: report.json()) == report)
    }

    @Test(
        "A name is told in words",
        arguments: [
            ("ignoreExpiry", "ignore expiry"), ("ignoreRootCAs", "ignore root CAs"), ("omitCANames", "omit CA names"),
            ("sendSNIForAddresses", "send SNI for addresses"), ("ignoreStrictSNI", "ignore strict SNI"),
            ("treatNoClientCertAsRequireAny", "the mode NoClientCert is run as RequireAny"),
            ("acceptAddressInDNSName", "accept address in DNS name"),
            ("ignoreIssuerThatIsNoCA", "ignore issuer that is no CA"),
        ]
    )
    func words(name: String, words: String) {
        #expect(SelftestReport.Mutant.words(name) == words)
    }
}
