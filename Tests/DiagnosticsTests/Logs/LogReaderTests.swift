import ConformanceCatalogue
import ConformanceModel
import Foundation
import Testing

@testable import Diagnostics

@Suite("A log reader")
struct LogReaderTests {
    /// A public line, where it was found, and the failure modes that are right to name first.
    struct Known: Decodable, CustomTestStringConvertible {
        var failureMode: String
        var stack: String
        var source: String
        var line: String

        var testDescription: String { "\(stack): \(line.prefix(60))" }

        static let all = try! Repository.lines(of: "log-lines.jsonl").map {
            try JSONDecoder().decode(Known.self, from: Data($0.utf8))
        }
    }

    @Test("The corpus has lines of all stacks, each with its source")
    func breadth() {
        #expect(Known.all.count >= 200)
        #expect(Set(Known.all.map(\.stack)).count >= 40)
        #expect(Known.all.allSatisfy { !$0.source.isEmpty })
    }

    @Test("names the cause of a known line first", arguments: Known.all)
    func known(line: Known) {
        let findings = LogReader.findings(in: line.line)
        let first = findings.first?.causes.first?.id ?? "nothing"
        #expect(line.failureMode.split(separator: "|").map(String.init).contains(first), "\(first)")
    }

    @Test("tells of nothing in ordinary lines of servers, databases, kernels and Kubernetes")
    func ordinary() throws {
        let lines = try Repository.lines(of: "ordinary-lines.txt")
        #expect(lines.count >= 500)
        for line in lines {
            #expect(LogReader.findings(in: line).map(\.condition) == [], "\(line)")
        }
        #expect(LogReader.findings(in: lines.joined(separator: "\n")).isEmpty)
    }

    @Test("groups failures, counts them and keeps the first line of each")
    func groups() {
        let log = """
            10:00 INFO started
            http: TLS handshake error from 10.0.0.1:1: tls: client didn't provide a certificate
            10:01 INFO served
            http: TLS handshake error from 10.0.0.2:2: tls: client didn't provide a certificate
            http: TLS handshake error from 10.0.0.3:3: tls: first record does not look like a TLS handshake
            """
        let findings = LogReader.findings(in: log)
        #expect(findings.map(\.condition) == [.noClientCertificate, .plaintextToTLS])
        #expect(findings.map(\.count) == [2, 1])
        #expect(findings.map(\.lineNumber) == [2, 5])
        #expect(findings[0].line.contains("10.0.0.1:1"))
    }

    @Test("takes an exception, its trace and its cause for one failure, and the side from the trace")
    func trace() {
        let log = """
            javax.net.ssl.SSLHandshakeException: General SSLEngine problem
            \tat java.base/sun.security.ssl.Alert.createSSLException(Alert.java:131)
            \tat java.base/sun.security.ssl.X509TrustManagerImpl.checkClientTrusted(X509TrustManagerImpl.java:128)
            Caused by: sun.security.validator.ValidatorException: PKIX path building failed
            """
        let findings = LogReader.findings(in: log)
        #expect(findings.count == 1)
        #expect(findings[0].condition == .unknownAuthority)
        #expect(findings[0].subject == .client)
        #expect(findings[0].logger == .server)
    }

    @Test(
        "reads an alert in every spelling",
        arguments: [
            "sslv3 alert handshake failure", "tls alert handshake failure", "ssl/tls alert handshake failure",
            "SSL alert number 40", "Received fatal alert: handshake_failure",
            "*** Received alert [40]: Handshake failed",
            "remote error: tls: handshake failure", "AlertReceived(HandshakeFailure)",
            "{tls_alert,\"handshake failure\"}",
            "TLS client: In state hello received SERVER ALERT: Fatal - Handshake Failure",
            "The TLS protocol defined fatal alert code is 40.", "CFNetwork SSLHandshake failed (-9824)",
            "error:0A000410:SSL routines::", "TLS error: 268436496:SSL routines:OPENSSL_internal",
        ]
    )
    func alerts(text: String) {
        #expect(LogReader.findings(in: text).first?.alert == 40)
    }

    @Test(
        "tells the side that was refused from the side that logs",
        arguments: [
            ("http: TLS handshake error from 10.0.0.1:1: remote error: tls: bad certificate", LogSide.server),
            ("Get \"https://a\": remote error: tls: bad certificate", .client),
            ("could not accept SSL connection: tlsv1 alert unknown ca", .server),
            ("psql: error: connection to server failed: SSL error: tlsv1 alert unknown ca", .client),
        ]
    )
    func sides(line: String, subject: LogSide) {
        #expect(LogReader.findings(in: line).first?.subject == subject)
    }

    @Test("reads the same from pieces of 1, 7 and all bytes", arguments: [1, 7, 100_000])
    func pieces(size: Int) throws {
        let text = Array(try Repository.lines(of: "log-lines.jsonl").prefix(60).joined(separator: "\n").utf8)
        var whole = LogReader()
        text.withUnsafeBytes { whole.read($0) }
        whole.finish()
        var pieced = LogReader()
        for start in stride(from: 0, to: text.count, by: size) {
            Array(text[start..<min(start + size, text.count)]).withUnsafeBytes { pieced.read($0) }
        }
        pieced.finish()
        #expect(pieced.findings.map(\.line) == whole.findings.map(\.line))
        #expect(pieced.findings.map(\.count) == whole.findings.map(\.count))
        #expect(pieced.lineCount == whole.lineCount)
    }

    @Test("quotes no control character and no key")
    func safe() {
        let key = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgEVcrAbCdEf12345678901234"
        let line = "\u{1B}[2Jtls: bad record\u{7} remote error: tls: bad certificate \(key)\u{202E}"
        let quoted = LogReader.findings(in: line).first?.line ?? ""
        #expect(quoted.contains("remote error: tls: bad certificate"))
        #expect(!quoted.contains("MIGHAgEA"))
        #expect(!quoted.unicodeScalars.contains { $0.value < 0x20 || $0 == "\u{202E}" })
        let pem = "tls: failed to parse private key -----BEGIN PRIVATE KEY-----AAAA"
        #expect(LogReader.findings(in: pem).first?.line == "(a line that holds a private key)")
    }

    @Test("keeps as much of a line without end as it needs")
    func endless() {
        var reader = LogReader()
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 16)
        for _ in 0..<64 { piece.withUnsafeBytes { reader.read($0) } }
        reader.finish()
        #expect(reader.lineCount == 1)
        #expect(reader.findings.isEmpty)
    }

    @Test("names only failure modes that the catalogue has, whatever the condition")
    func linked() throws {
        let catalogue = try Repository.failureModes.get()
        for condition in LogCondition.allCases {
            for subject in [LogSide.client, .server] {
                for logger in [LogSide.client, .server, nil] as [LogSide?] {
                    let finding = LogFinding(
                        condition: condition,
                        subject: subject,
                        logger: logger,
                        finder: .peer,
                        lineNumber: 1,
                        line: "",
                        causes: []
                    )
                    let causes = LogCauses.causes(of: finding)
                    #expect(!causes.isEmpty, "\(condition)")
                    for cause in causes { #expect(catalogue[cause.id] != nil, "\(cause.id)") }
                    #expect(causes.allSatisfy { !$0.tell.isEmpty && $0.sentence.hasSuffix(".") }, "\(condition)")
                }
            }
        }
    }
}

extension Repository {
    static func lines(of fixture: String) throws -> [String] {
        try String(contentsOfFile: root + "/Tests/DiagnosticsTests/Fixtures/\(fixture)", encoding: .utf8)
            .split(separator: "\n").map(String.init)
    }
}
