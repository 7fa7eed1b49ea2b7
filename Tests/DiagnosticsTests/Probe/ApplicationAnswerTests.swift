import Testing

@testable import Diagnostics

@Suite("An application's first answer behind TLS")
struct ApplicationAnswerTests {
    private func answer(_ text: String, after startTLS: StartTLS? = nil) -> ApplicationAnswer? {
        ApplicationAnswer(Array(text.utf8), after: startTLS)
    }

    private func accepted(_ text: String, after startTLS: StartTLS? = nil) -> Attempt {
        Attempt(ending: .accepted(.answered), answer: answer(text, after: startTLS))
    }

    @Test("welcomes with a status of success alone", arguments: ["403 Forbidden", "401 Unauthorized", "302 Found"])
    func statuses(status: String) {
        #expect(answer("HTTP/1.1 200 OK\r\n\r\nhello")?.verdict == .granted)
        #expect(answer("HTTP/1.1 404 Not Found\r\n\r\n")?.verdict == .granted)
        #expect(answer("HTTP/1.1 \(status)\r\n\r\n")?.verdict == (status.hasPrefix("4") ? .denied : .unclear))
        #expect(answer("HTTP/1.1 \(status)\r\n\r\n")?.summary == "HTTP/1.1 \(status)")
    }

    @Test("keeps the page, to tell whether two clients get the same")
    func page() {
        #expect(answer("HTTP/1.1 200 OK\r\nDate: now\r\n\r\nsecret")?.body == Array("secret".utf8))
    }

    @Test("is a refusal where a welcome client gets another one", arguments: ["403 Forbidden", "302 Found"])
    func compared(status: String) {
        let welcome = accepted("HTTP/1.1 200 OK\r\n\r\nhello")
        let judged = accepted("HTTP/1.1 \(status)\r\n\r\n").judged(beside: welcome)
        #expect(judged.isRefused)
        #expect(judged.description.contains("HTTP/1.1 \(status), where your identity gets HTTP/1.1 200 OK"))
    }

    @Test("proves nothing where nobody gets another one")
    func alike() {
        let denied = accepted("HTTP/1.1 403 Forbidden\r\n\r\n")
        #expect(denied.judged(beside: denied).isAccepted)
        #expect(denied.judged(beside: nil).isAccepted)
    }

    @Test("is PostgreSQL's refusal of the certificate where its FATAL says so, and no acceptance otherwise")
    func postgres() {
        func fatal(_ message: String) -> [UInt8] {
            [0x45, 0, 0, 0, 99] + Array("SFATAL\0C28000\0M\(message)\0\0".utf8)
        }
        let required = ApplicationAnswer(fatal("connection requires a valid client certificate"), after: .postgres)
        #expect(required?.verdict == .refusedCertificate)
        #expect(required?.summary == "PostgreSQL FATAL: connection requires a valid client certificate")
        let other = ApplicationAnswer(fatal("no pg_hba.conf entry for host"), after: .postgres)
        #expect(other?.verdict == .unclear)
        let request = ApplicationAnswer([0x52, 0, 0, 0, 8, 0, 0, 0, 10], after: .postgres)
        #expect(request?.verdict == .granted)
        let attempt = Attempt(ending: .accepted(.answered), answer: required)
        #expect(attempt.judged(beside: nil).isRefused)
    }

    @Test("is read in the words of MySQL, MQTT, Redis, NATS, SMTP, IMAP, LDAP and HTTP/2")
    func protocols() {
        let denied: [UInt8] = [20, 0, 0, 3, 0xFF, 0x15, 0x04] + Array("#28000Access denied".utf8)
        #expect(ApplicationAnswer(denied, after: .mysql)?.summary == "MySQL error 1045: #28000Access denied")
        #expect(ApplicationAnswer([0x20, 2, 0, 5], after: nil)?.summary == "MQTT CONNACK 5")
        #expect(ApplicationAnswer([0x20, 2, 0, 5], after: nil)?.verdict == .unclear)
        #expect(answer("-NOAUTH Authentication required.\r\n")?.verdict == .unclear)
        #expect(answer("-ERR 'Authorization Violation'\r\n", after: .nats)?.verdict == .unclear)
        #expect(answer("PONG\r\n", after: .nats)?.verdict == .granted)
        #expect(answer("250-mail.test\r\n", after: .smtp)?.verdict == .granted)
        #expect(answer("530 client certificate required\r\n", after: .smtp)?.verdict == .refusedCertificate)
        #expect(answer("* CAPABILITY IMAP4rev1\r\n", after: .imap)?.verdict == .granted)
        let bound: [UInt8] = [0x30, 0x0C, 2, 1, 2, 0x61, 7, 0x0A, 1, 0, 4, 0, 4, 0]
        #expect(ApplicationAnswer(bound, after: .ldap)?.verdict == .granted)
        #expect(ApplicationAnswer([0, 0, 18, 4, 0, 0, 0, 0, 0], after: nil)?.summary == "HTTP/2")
    }

    @Test("holds no control character, whatever a server sends")
    func safe() {
        let summary = answer("HTTP/1.1 403 \u{1B}[2J\u{7}Forbidden\r\n\r\n")?.summary ?? ""
        #expect(!summary.unicodeScalars.contains { $0.value < 0x20 })
        #expect(ApplicationAnswer([], after: .mysql) == nil)
        #expect(ApplicationAnswer([0xFF, 0xFE], after: .ldap) == nil)
    }

    @Test("A ClientHello cut into records is the same handshake message", arguments: [1, 64, 10_000])
    func fragments(size: Int) {
        let hello = (0..<300).map { UInt8(truncatingIfNeeded: $0) }
        let cut = RawClient.cut([22, 3, 1, 1, 44] + hello, into: size)
        var content: [UInt8] = []
        var rest = cut[...]
        var records = 0
        while rest.count >= 5 {
            let length = Int(rest[rest.startIndex + 3]) << 8 | Int(rest[rest.startIndex + 4])
            #expect(Array(rest.prefix(3)) == [22, 3, 1])
            #expect(length <= size)
            content += rest.dropFirst(5).prefix(length)
            rest = rest.dropFirst(5 + length)
            records += 1
        }
        #expect(content == hello)
        #expect(records == (300 + size - 1) / size)
    }
}
