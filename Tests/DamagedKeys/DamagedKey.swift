internal import Foundation

/// A private key in a shape in which people really pass one on: whole, or damaged on its way.
package struct DamagedKey: Sendable, CustomStringConvertible {
    package let name: String
    package let bytes: [UInt8]

    package var description: String { name }

    private init(_ name: String, _ text: String) {
        self.init(name, Array(text.utf8))
    }

    private init(_ name: String, _ bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// Each kind of damage, to the plain, the encrypted and the OpenSSH key where it makes a difference.
    package static let all: [DamagedKey] =
        [
            DamagedKey("whole", plainKeyPEM), DamagedKey("encrypted", encryptedKeyPEM),
            DamagedKey("OpenSSH", openSSHKeyPEM), DamagedKey("PKCS #12", pkcs12),
            DamagedKey("PKCS #12 in base64 alone", Data(pkcs12).base64EncodedString()),
            DamagedKey("DER", derOfPlainKey), DamagedKey("DER, truncated", Array(derOfPlainKey.dropLast(9))),
            DamagedKey("base64 without boundaries", base64OfPlainKey),
            DamagedKey("hexadecimal", derOfPlainKey.map { String(format: "%02x", $0) }.joined()),
            DamagedKey("the base64 as a label", "-----BEGIN \(base64OfPlainKey)-----\n"),
            DamagedKey(
                "the base64 as both labels",
                "-----BEGIN \(base64OfPlainKey)-----\nAAAA\n-----END \(base64OfPlainKey)-----\n"
            ),
            DamagedKey(
                "the base64 as the last label",
                plainKeyPEM.replacing("END PRIVATE KEY", with: "END \(base64OfPlainKey)")
            ),
            DamagedKey(
                "header lines of base64",
                plainKeyPEM.replacing("\nM", with: "\n\(base64OfPlainKey): ENCRYPTED\nM")
            ),
            DamagedKey("in YAML", "key: |\n  " + plainKeyPEM.replacing("\n", with: "\n  ")),
            DamagedKey("in JSON", "{\"key\": \"" + plainKeyPEM.replacing("\n", with: "\\n") + "\"}\n"),
            DamagedKey("in an assignment", "TLS_KEY=" + plainKeyPEM.replacing("\n", with: " ")),
            DamagedKey("UTF-16", [0xFF, 0xFE] + plainKeyPEM.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }),
        ] + [("plain", plainKeyPEM), ("encrypted", encryptedKeyPEM), ("OpenSSH", openSSHKeyPEM)].flatMap(damaged)

    private static func damaged(_ kind: String, _ pem: String) -> [DamagedKey] {
        let lines = pem.split(separator: "\n")
        let body = lines.dropFirst().dropLast()
        func joined(_ separator: String) -> String { lines.joined(separator: separator) }
        func framed(_ begin: String, _ end: String, _ body: [Substring]) -> String {
            "-----BEGIN \(begin)-----\n" + body.joined(separator: "\n") + "\n-----END \(end)-----\n"
        }
        return [
            DamagedKey("\(kind), newlines lost", joined("")),
            DamagedKey("\(kind), newlines became blanks", joined(" ") + "\n"),
            DamagedKey("\(kind), newlines became tabs", joined("\t") + "\n"),
            DamagedKey("\(kind), newlines written as \\n", joined("\\n") + "\\n\n"),
            DamagedKey("\(kind), bare carriage returns", joined("\r") + "\r"),
            DamagedKey("\(kind), newlines of Unicode", joined("\u{2028}")),
            DamagedKey("\(kind), quoted on one line", "\"" + joined(" ") + "\"\n"),
            DamagedKey("\(kind), cut in the middle", String(pem.prefix(pem.count / 2))),
            DamagedKey("\(kind), without its last line", lines.dropLast().joined(separator: "\n") + "\n"),
            DamagedKey("\(kind), without its first line", lines.dropFirst().joined(separator: "\n") + "\n"),
            DamagedKey("\(kind), the first line's end lost", pem.replacing("KEY-----\nM", with: "KEY-----M")),
            DamagedKey("\(kind), the last line's beginning lost", pem.replacing("\n-----END", with: "-----END")),
            DamagedKey("\(kind), a line missing", framed("PRIVATE KEY", "PRIVATE KEY", Array(body.dropLast(1)))),
            DamagedKey("\(kind), four dashes", pem.replacing("-----", with: "----")),
            DamagedKey("\(kind), dashes of a typesetter", pem.replacing("-----", with: "\u{2014}\u{2014}\u{2013}")),
            DamagedKey("\(kind), twice", pem + pem),
            DamagedKey("\(kind), twice without a newline between", pem.dropLast() + pem),
            DamagedKey("\(kind), as a certificate", framed("CERTIFICATE", "CERTIFICATE", Array(body))),
            DamagedKey("\(kind), as a list", framed("X509 CRL", "X509 CRL", Array(body))),
            DamagedKey("\(kind), as an RSA key", framed("RSA PRIVATE KEY", "RSA PRIVATE KEY", Array(body))),
            DamagedKey("\(kind), as a session", framed("SSL SESSION", "SSL SESSION", Array(body))),
            DamagedKey("\(kind), ends otherwise", framed("PRIVATE KEY", "CERTIFICATE", Array(body))),
            DamagedKey("\(kind), no base64", framed("PRIVATE KEY", "PRIVATE KEY", body.map { "*" + $0.dropFirst() })),
            DamagedKey("\(kind), a comment between", pem.replacing("\nM", with: "\n# my key\nM")),
            DamagedKey("\(kind), indented", pem.replacing("\n", with: "\n    ")),
            DamagedKey("\(kind), quoted as mail", lines.map { "> " + $0 }.joined(separator: "\n")),
        ]
    }

    fileprivate static let base64OfPlainKey = plainKeyPEM.split(separator: "\n").dropFirst().dropLast().joined()
    fileprivate static let derOfPlainKey = [UInt8](Data(base64Encoded: base64OfPlainKey) ?? Data())
}

/// Finds parts of the keys in text that people see.
package enum KeyLeak {
    /// How much in a row is a leak, in bytes of the key or characters of its base64.
    private static let length = 12

    /// The first part of any of the keys in the text, or nil.
    ///
    /// White space, line ends and their escapes may stand in between, as where a message shows lines one after another.
    package static func find(in text: String) -> String? {
        let squeezed = text.replacing("\\n", with: "").replacing("\\r", with: "").replacing("\\u", with: "")
        let shown = Array(squeezed.utf8.filter { $0 > 0x20 && $0 != 0x22 && $0 != 0x5C })
        return window(of: shown, length, in: base64) ?? window(of: Array(text.utf8), length, in: raw)
            ?? window(
                of: Array(text.lowercased().utf8.filter { !separators.contains($0) }),
                2 * length,
                in: hexadecimal
            )
    }

    private static let separators = Set(" :,".utf8)

    private static func window(of shown: [UInt8], _ length: Int, in secrets: Set<[UInt8]>) -> String? {
        guard shown.count >= length else { return nil }
        for start in 0...(shown.count - length) {
            let part = Array(shown[start..<(start + length)])
            if secrets.contains(part) { return String(decoding: part, as: UTF8.self) }
        }
        return nil
    }

    private static let texts: [String] =
        [plainKeyPEM, encryptedKeyPEM, openSSHKeyPEM].map {
            $0.split(separator: "\n").dropFirst().dropLast().joined()
        } + [Data(pkcs12).base64EncodedString()]

    private static let base64 = Set(texts.flatMap { windows(of: Array($0.utf8), length) })
    private static let bytes = texts.map { [UInt8](Data(base64Encoded: $0) ?? Data()) }
    private static let raw = Set(bytes.flatMap { windows(of: $0, length) })
    private static let hexadecimal = Set(
        bytes.flatMap { windows(of: Array($0.map { String(format: "%02x", $0) }.joined().utf8), 2 * length) }
    )

    private static func windows(of secret: [UInt8], _ length: Int) -> [[UInt8]] {
        (0...(secret.count - length)).map { Array(secret[$0..<($0 + length)]) }
    }
}
