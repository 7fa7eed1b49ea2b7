internal import ConformanceCatalogue
internal import ConformanceModel

/// The alert that a line names, however its stack spells it, and whether it was received or sent.
struct LogAlert: Equatable {
    var code: UInt8
    /// `peer` when the other side sent it.
    var finder: LogFinder

    /// - Parameters:
    ///   - text: the line, normalized.
    ///   - named: the alert whose name stands in it, when it stands there as one.
    init?(in text: LogText, named: UInt8?) {
        guard let code = Self.numbered(text) ?? Self.reason(text) ?? Self.apple(text) ?? named, code != 0, code != 90
        else {
            return nil
        }
        self.code = code
        finder = Self.isOwn(text) ? .logger : .peer
    }

    init(code: UInt8, finder: LogFinder) {
        self.code = code
        self.finder = finder
    }

    /// `SSL alert number 42`, `alert [42]`, `alert(42)`, `alert code is 46`, `alert: 42`.
    private static func numbered(_ text: LogText) -> UInt8? {
        // Schannel's event 36888 says "alert" in one sentence and the number in the next.
        for end in text.ends(of: "fatal error code is ") {
            let digits = text.bytes[end...].prefix { $0.isDigit }
            if let code = UInt8(String(decoding: digits, as: UTF8.self)), isKnown(code) { return code }
        }
        for end in text.ends(of: "alert") {
            var place = end
            var words = 0
            while place < text.bytes.count, words < 5 {
                let byte = text.bytes[place]
                if byte.isDigit {
                    let digits = text.bytes[place...].prefix { $0.isDigit }
                    let before = text.bytes[place - 1]
                    let after = place + digits.count < text.bytes.count ? text.bytes[place + digits.count] : 0x20
                    let isFraction =
                        after == UInt8(ascii: ".")
                        && text.bytes[(place + digits.count)...].dropFirst().first?.isDigit == true
                    guard digits.count <= 3, !before.isLetter, !after.isLetter, !isFraction else { break }
                    // A file and its line, as BoringSSL names them, are no alert.
                    guard before != UInt8(ascii: ":") || text.holds("alert:") else { break }
                    if let code = UInt8(String(decoding: digits, as: UTF8.self)), isKnown(code) { return code }
                    break
                }
                if byte.isLetter {
                    let word = text.bytes[place...].prefix { $0.isLetter }
                    guard fillers.contains(String(decoding: word, as: UTF8.self)) else { break }
                    words += 1
                    place += word.count
                    continue
                }
                guard " [(:=\"'#".utf8.contains(byte) else { break }
                place += 1
            }
        }
        return nil
    }

    private static let fillers: Set<String> = [
        "number", "code", "is", "error", "description", "received", "fatal", "with", "value", "s", "tls", "desc",
    ]

    /// OpenSSL and BoringSSL number the reasons of alerts from 1000.
    private static func reason(_ text: LogText) -> UInt8? {
        guard let error = LogErrorNumber(in: text), error.library == .ssl, (1001...1120).contains(error.reason) else {
            return nil
        }
        return UInt8(error.reason - 1000)
    }

    /// SecureTransport gives the alerts that it receives numbers of its own (Security/SecureTransport.h).
    private static func apple(_ text: LogText) -> UInt8? {
        guard text.holds("-982") || text.holds("-983") else { return nil }
        for (number, code) in appleNumbers where text.holds(number: Array(number.utf8)) { return code }
        return nil
    }

    private static let appleNumbers: [(String, UInt8)] = [
        ("-9820", 22), ("-9822", 10), ("-9824", 40), ("-9825", 42), ("-9826", 43), ("-9827", 44), ("-9828", 45),
        ("-9829", 46), ("-9830", 47), ("-9831", 48), ("-9832", 49), ("-9833", 50), ("-9834", 51), ("-9836", 70),
        ("-9837", 71), ("-9838", 80),
    ]

    /// Whether the side that logs sent it.
    private static func isOwn(_ text: LogText) -> Bool {
        if text.holds("generated") || text.holds("sending fatal alert") || text.holds("sent alert") { return true }
        if text.holds("local error: tls") || text.holds("send tls") || text.holds("was generated") { return true }
        if text.holds("alert (level") { return text.holds("sent") || text.holds(">>>") }
        return text.holds("fatal error:") && !text.holds("received") && !text.holds("ssl alert.erl")
    }

    static func isKnown(_ code: UInt8) -> Bool { AlertDescription.names[code] != nil || code == 41 || code == 111 }

    /// The IANA names, in prose and run together, and the names that Go, GnuTLS and Erlang use instead.
    static let spellings: [(String, UInt8)] = {
        var names: [(String, UInt8)] = []
        for (code, name) in AlertDescription.names where code != 0 {
            let words = name.split(separator: "_")
            names.append((words.joined(separator: " "), code))
            names.append((words.joined(), code))
        }
        return names + [
            ("unknown certificate authority", 48), ("unknown certificate", 46), ("expired certificate", 45),
            ("revoked certificate", 44), ("protocol version not supported", 70), ("insufficient security level", 71),
            ("error decrypting message", 51), ("error decoding message", 50), ("bad record mac", 20),
            ("user canceled", 90), ("no application protocol", 120), ("certificate is bad", 42),
            ("certificate is required", 116), ("unknownca", 48), ("unknown issuer", 48), ("ca is unknown", 48),
            ("certificate has expired", 45), ("certificate was revoked", 44),
            ("certificate is not supported", 43), ("no renegotiation", 100), ("no certificate", 41),
            ("unsupported protocol version", 70), ("inappropriate fallback", 86), ("expiredcert", 45),
        ]
    }()
}

extension UInt8 {
    var isDigit: Bool { (0x30...0x39).contains(self) }
    var isLetter: Bool { (0x61...0x7A).contains(self) || (0x41...0x5A).contains(self) }
    var isHexadecimal: Bool { isDigit || (0x61...0x66).contains(self) || (0x41...0x46).contains(self) }
}
