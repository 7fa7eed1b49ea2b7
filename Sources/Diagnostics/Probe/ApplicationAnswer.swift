internal import ConformanceModel

/// The first answer of the application behind TLS, as far as it tells whether the client is welcome.
struct ApplicationAnswer: Equatable {
    enum Verdict: Equatable {
        /// The application goes on with the client.
        case granted
        /// It refuses, and says that the certificate is the reason.
        case refusedCertificate
        /// It refuses, for whatever reason.
        case denied
        /// It sends elsewhere, or complains of something else: only another client's answer tells.
        case unclear
    }

    var verdict: Verdict
    /// The answer in a few words, safe to print.
    var summary: String
    /// The page of an HTTP answer, to tell whether two clients get the same.
    var body: [UInt8] = []

    /// Nil when the bytes are of no protocol that is known here, or too few.
    init?(_ bytes: [UInt8], after startTLS: StartTLS?) {
        let answer =
            switch startTLS {
            case .postgres: Self.postgres(bytes)
            case .mysql: Self.mysql(bytes)
            case .smtp: Self.line(bytes, "SMTP", granted: ["250"])
            case .imap: Self.line(bytes, "IMAP", granted: ["* CAPABILITY", "b OK"])
            case .ldap: Self.ldap(bytes)
            case .nats: Self.line(bytes, "NATS", granted: ["PONG", "+OK"])
            case nil: Self.http(bytes) ?? Self.other(bytes)
            }
        guard let answer else { return nil }
        self = answer
    }

    private init(_ verdict: Verdict, _ summary: String) {
        self.verdict = verdict
        self.summary = SingleLine.of(summary, limit: 160)
    }

    /// A request that a server of the protocol answers, whoever asks.
    static func request(host: String, after startTLS: StartTLS?) -> [UInt8] {
        switch startTLS {
        case nil: return Array("GET / HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n".utf8)
        case .smtp: return Array("EHLO probe.invalid\r\n".utf8)
        case .imap: return Array("b CAPABILITY\r\n".utf8)
        case .nats: return Array("CONNECT {\"verbose\":false,\"pedantic\":false,\"lang\":\"probe\"}\r\nPING\r\n".utf8)
        // An anonymous bind of version 3 (RFC 4511 section 4.2).
        case .ldap: return [0x30, 0x0C, 0x02, 0x01, 0x02, 0x60, 0x07, 0x02, 0x01, 0x03, 0x04, 0x00, 0x80, 0x00]
        case .postgres:
            // StartupMessage of protocol 3.0.
            let body = [0, 3, 0, 0] + Array("user\0probe\0database\0postgres\0\0".utf8)
            let length = UInt32(body.count + 4)
            return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + body
        case .mysql:
            // HandshakeResponse41 of a user without a password, the third packet of the dialogue.
            let body: [UInt8] =
                [0x00, 0x8A, 0x00, 0x00, 0, 0, 0, 1, 45] + [UInt8](repeating: 0, count: 23) + Array("probe\0".utf8) + [
                    0
                ]
            return [UInt8(body.count), 0, 0, 2] + body
        }
    }

    private static func http(_ bytes: [UInt8]) -> ApplicationAnswer? {
        guard bytes.starts(with: Array("HTTP/1.".utf8)) else { return nil }
        let text = String(decoding: bytes.prefix(16_384), as: UTF8.self)
        guard let line = text.split(whereSeparator: \.isNewline).first,
            let status = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        var answer = ApplicationAnswer(verdict(of: status), String(line))
        let end = Array("\r\n\r\n".utf8)
        if let head = (0..<max(0, bytes.count - 3)).first(where: { Array(bytes[$0..<($0 + 4)]) == end }) {
            answer.body = Array(bytes[(head + 4)...].prefix(16_384))
        }
        return answer
    }

    /// A page that isn't there is no refusal of the client.
    private static func verdict(of status: Int) -> Verdict {
        switch status {
        case 401, 403, 407, 421, 495, 496: .denied
        case 300..<400, 400: .unclear
        default: .granted
        }
    }

    /// Servers that answer a request of HTTP in their own protocol.
    private static func other(_ bytes: [UInt8]) -> ApplicationAnswer? {
        // The SETTINGS frame with which HTTP/2 begins (RFC 9113 section 3.4), and the GOAWAY that refuses HTTP/1.
        if bytes.count >= 9, bytes[0] == 0, bytes[3] == 4 || bytes[3] == 7, bytes[5...8].allSatisfy({ $0 == 0 }) {
            return ApplicationAnswer(.granted, "HTTP/2")
        }
        if bytes.starts(with: Array("AMQP".utf8)) { return ApplicationAnswer(.granted, "AMQP") }
        // CONNACK with its return code (MQTT 3.1.1 section 3.2).
        if bytes.count >= 4, bytes[0] == 0x20, bytes[1] >= 2 {
            return ApplicationAnswer(bytes[3] == 0 ? .granted : .unclear, "MQTT CONNACK \(bytes[3])")
        }
        guard bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+") else { return nil }
        return line(bytes, "Redis", granted: ["+", "-ERR wrong number", "-ERR unknown command"])
    }

    /// The FATAL of an ErrorResponse, or anything else for a client that may go on.
    private static func postgres(_ bytes: [UInt8]) -> ApplicationAnswer? {
        guard let kind = bytes.first, bytes.count >= 5 else { return nil }
        guard kind == UInt8(ascii: "E") else { return ApplicationAnswer(.granted, "PostgreSQL asks to authenticate") }
        let fields = bytes.dropFirst(5).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        let message = fields.first { $0.hasPrefix("M") }.map { String($0.dropFirst()) } ?? "an error"
        let isCertificate = message.contains("client certificate")
        return ApplicationAnswer(isCertificate ? .refusedCertificate : .unclear, "PostgreSQL FATAL: \(message)")
    }

    private static func mysql(_ bytes: [UInt8]) -> ApplicationAnswer? {
        guard bytes.count >= 5 else { return nil }
        guard bytes[4] == 0xFF, bytes.count >= 7 else {
            return ApplicationAnswer(.granted, "MySQL asks to authenticate")
        }
        let code = Int(bytes[5]) | Int(bytes[6]) << 8
        let text = String(decoding: bytes.dropFirst(7), as: UTF8.self)
        return ApplicationAnswer(.unclear, "MySQL error \(code): \(text)")
    }

    private static func ldap(_ bytes: [UInt8]) -> ApplicationAnswer? {
        guard let place = (0..<max(0, bytes.count - 2)).first(where: { bytes[$0] == 0x0A && bytes[$0 + 1] == 1 }) else {
            return nil
        }
        let code = bytes[place + 2]
        return ApplicationAnswer(code == 0 ? .granted : .unclear, "LDAP result \(code)")
    }

    private static func line(_ bytes: [UInt8], _ name: String, granted: [String]) -> ApplicationAnswer? {
        let text = String(decoding: bytes.prefix(1_024), as: UTF8.self)
        guard let line = text.split(whereSeparator: \.isNewline).first else { return nil }
        let isGranted = granted.contains { line.hasPrefix($0) }
        let isCertificate = !isGranted && line.lowercased().contains("certificate")
        return ApplicationAnswer(
            isGranted ? .granted : isCertificate ? .refusedCertificate : .unclear,
            "\(name): \(line)"
        )
    }
}

extension Attempt {
    /// The attempt, seen beside that of an identity that the application welcomes: a client that gets another answer
    /// was refused, though TLS let it pass.
    func judged(beside reference: Attempt?) -> Attempt {
        guard isAccepted, let answer else { return self }
        var judged = self
        if answer.verdict == .refusedCertificate {
            judged.ending = .refused(.application(answer.summary), isHandshakeOver: true)
        } else if answer.verdict != .granted, let welcome = reference?.answer, welcome.verdict == .granted {
            let words = "\(answer.summary), where your identity gets \(welcome.summary)"
            judged.ending = .refused(.application(words), isHandshakeOver: true)
        }
        return judged
    }
}
