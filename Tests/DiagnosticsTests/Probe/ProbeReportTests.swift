import ConformanceModel
import Testing

@testable import Diagnostics

@Suite("Report of a probe")
struct ProbeReportTests {
    private func report(_ tls12: ClientAuthMode?, _ tls13: ClientAuthMode?, undecided: [ProtocolVersion]) -> ProbeReport
    {
        var report = ProbeReport(target: "server.test:443")
        report.modes = .init(tls12: tls12, tls13: tls13)
        report.undecided = undecided
        return report
    }

    @Test("shows a mode when each version that the server speaks runs it")
    func shown() {
        #expect(
            report(.requireAndVerifyClientCert, .requireAndVerifyClientCert, undecided: [])
                .answer(to: .requireAndVerifyClientCert) == .asExpected
        )
        #expect(
            report(nil, .requireAndVerifyClientCert, undecided: []).answer(to: .requireAndVerifyClientCert)
                == .asExpected
        )
        #expect(report(nil, .noClientCert, undecided: [.tls12]).answer(to: nil) == .asExpected)
    }

    @Test("doesn't show a mode that one version doesn't run, or may not run")
    func notShown() {
        #expect(
            report(.requestClientCert, .requireAndVerifyClientCert, undecided: [])
                .answer(to: .requireAndVerifyClientCert) == .otherwise
        )
        #expect(
            report(nil, .requireAndVerifyClientCert, undecided: [.tls12]).answer(to: .requireAndVerifyClientCert)
                == .undecided
        )
        #expect(report(nil, nil, undecided: []).answer(to: .noClientCert) == .undecided)
        #expect(report(nil, nil, undecided: [.tls12, .tls13]).answer(to: nil) == .otherwise)
    }

    @Test("shows no mode where a client gets round it", arguments: ["sni-absent-skips-client-auth", "res-cross-vhost"])
    func hole(id: String) {
        var report = report(.requireAndVerifyClientCert, .requireAndVerifyClientCert, undecided: [])
        report.findings = [Finding(id: id, severity: .error, subject: "s", message: "m", command: "c")]
        #expect(report.answer(to: .requireAndVerifyClientCert) == .otherwise)
        #expect(report.answer(to: nil) == .otherwise)
    }

    @Test("tells a version that can't be told from one that isn't spoken")
    func versions() {
        let text = report(nil, nil, undecided: [.tls12]).description
        #expect(text.contains("TLS 1.2: no mode can be told"))
        #expect(text.contains("TLS 1.3: the server doesn't speak it"))
    }
}
