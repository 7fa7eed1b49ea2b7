/// The plaintext dialogue before TLS begins.
package enum StartTLS: String, CaseIterable, Sendable {
    /// A server of NATS sends INFO first, and both go over to TLS without another word.
    case nats
    /// SSLRequest, answered by S (PostgreSQL, section "SSL Session Encryption" of the protocol).
    case postgres
    /// An SSLRequest packet in answer to the server's greeting (MySQL's client/server protocol).
    case mysql
    /// EHLO and STARTTLS (RFC 3207).
    case smtp
    /// STARTTLS (RFC 9051 section 6.2.1).
    case imap
    /// The extended operation 1.3.6.1.4.1.1466.20037 (RFC 4511 section 4.14).
    case ldap

    /// Nil when TLS can begin; otherwise what the server said instead.
    func begin(on socket: ProbeSocket, patience: Duration) -> [UInt8]? {
        var reader = LineReader(socket: socket, deadline: .now + patience)
        switch self {
        case .nats:
            let line = reader.line()
            return line.starts(with: Array("INFO ".utf8)) ? nil : line
        case .postgres:
            guard socket.send([0, 0, 0, 8, 0x04, 0xD2, 0x16, 0x2F]) else { return [] }
            let answer = reader.bytes(1)
            return answer == [UInt8(ascii: "S")] ? nil : answer
        case .mysql:
            let greeting = reader.bytes(5)
            guard greeting.count >= 5, greeting[4] == 10 else { return greeting }
            // Protocol 4.1, SSL and secure connections; 16 MB packets; utf8mb4; 23 reserved bytes.
            let request: [UInt8] =
                [32, 0, 0, 1, 0x00, 0x8A, 0x00, 0x00, 0, 0, 0, 1, 45] + [UInt8](repeating: 0, count: 23)
            return socket.send(request) ? nil : []
        case .imap:
            let greeting = reader.line()
            guard greeting.starts(with: Array("* OK".utf8)) else { return greeting }
            guard socket.send(Array("a STARTTLS\r\n".utf8)) else { return [] }
            var line = reader.line()
            while line.starts(with: Array("* ".utf8)) { line = reader.line() }
            return line.starts(with: Array("a OK".utf8)) ? nil : line
        case .ldap:
            let name = Array("1.3.6.1.4.1.1466.20037".utf8)
            guard socket.send([0x30, 0x1D, 0x02, 0x01, 0x01, 0x77, 0x18, 0x80, UInt8(name.count)] + name) else {
                return []
            }
            let answer = reader.bytes(10)
            // An ExtendedResponse whose result code, an ENUMERATED, is success.
            let isGranted = answer.contains(0x78) && FileForm.holds(answer, [0x0A, 0x01, 0x00])
            return isGranted ? nil : answer
        case .smtp:
            for (command, code) in [("", "220"), ("EHLO probe.invalid\r\n", "250"), ("STARTTLS\r\n", "220")] {
                guard command.isEmpty || socket.send(Array(command.utf8)) else { return [] }
                var line = reader.line()
                // All lines of an answer but the last have a hyphen behind the code (RFC 5321 section 4.2.1).
                while line.count > 3, line[3] == UInt8(ascii: "-") { line = reader.line() }
                guard line.starts(with: Array(code.utf8)) else { return line }
            }
            return nil
        }
    }

    /// Reads no further than asked, since what follows may be TLS.
    private struct LineReader {
        let socket: ProbeSocket
        let deadline: ContinuousClock.Instant
        private var buffer: [UInt8] = []

        init(socket: ProbeSocket, deadline: ContinuousClock.Instant) {
            self.socket = socket
            self.deadline = deadline
        }

        mutating func line() -> [UInt8] {
            while true {
                if let end = buffer.firstIndex(of: 0x0A) {
                    let line = Array(buffer[...end])
                    buffer.removeSubrange(...end)
                    return line
                }
                guard buffer.count < 65_536, case .bytes(let more) = socket.receive(until: deadline) else {
                    defer { buffer = [] }
                    return buffer
                }
                buffer += more
            }
        }

        mutating func bytes(_ count: Int) -> [UInt8] {
            while buffer.count < count, case .bytes(let more) = socket.receive(until: deadline) { buffer += more }
            defer { buffer = [] }
            return buffer
        }
    }
}
