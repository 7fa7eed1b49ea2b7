internal import ConformanceCatalogue
internal import ConformanceModel
internal import Foundation

/// The form of a file, told before anybody judges what it holds, and the PEM text that can be read of it.
struct FileForm {
    struct Remark {
        var id: String
        var severity = Finding.Severity.error
        /// Says what the file is, who takes it, and how to convert it.
        var message: String
    }

    var remarks: [Remark] = []
    /// The text that can be read as PEM; nil for DER and for what can't be read here.
    var pem: [UInt8]?
    var isDER = false

    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - word: its path as a word of a shell, for the commands that convert it.
    init(_ bytes: [UInt8], word: String) {
        guard bytes.contains(where: { !Self.isBlank($0) }) else {
            say("path-empty-pool", bytes.isEmpty ? "the file is empty" : "the file holds nothing but white space")
            return
        }
        if let kind = Self.magic(bytes, word) {
            remarks.append(kind)
            return
        }
        if bytes[0] == 0x30, bytes.count > 2, bytes[1] >= 0x80 || Int(bytes[1]) == bytes.count - 2 {
            readDER(bytes, word)
            return
        }
        var text = bytes
        if let plain = Self.fromUTF16(bytes) {
            say(
                "cfg-der-instead-of-pem",
                "it is UTF-16 text, which no TLS library reads; convert it: iconv -f UTF-16 -t "
                    + "UTF-8 \(word) > FILE"
            )
            text = plain
        } else if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            say(
                "cfg-truncated-pem",
                "it begins with a byte order mark: Go doesn't see its first block, OpenSSL and GnuTLS do; "
                    + "remove it: sed -i '1s/^\\xEF\\xBB\\xBF//' \(word)"
            )
            text = Array(bytes.dropFirst(3))
        }
        readText(text, word)
    }

    private mutating func say(_ id: String, _ message: String, _ severity: Finding.Severity = .error) {
        remarks.append(Remark(id: id, severity: severity, message: message))
    }

    // MARK: binary forms

    private static func magic(_ bytes: [UInt8], _ word: String) -> Remark? {
        let known: [([UInt8], String, String)] = [
            (
                [0xFE, 0xED, 0xFE, 0xED], "cfg-key-unsupported-form",
                "it is a Java keystore (JKS), which Java alone reads; convert it: keytool -importkeystore -srckeystore \(word) "
                    + "-destkeystore NEW.p12 -deststoretype PKCS12"
            ),
            (
                [0xCE, 0xCE, 0xCE, 0xCE], "cfg-key-unsupported-form",
                "it is a Java keystore (JCEKS), which Java alone reads; convert it: keytool -importkeystore -srckeystore "
                    + "\(word) -srcstoretype JCEKS -destkeystore NEW.p12 -deststoretype PKCS12"
            ),
            ([0x1F, 0x8B], "cfg-der-instead-of-pem", "it is compressed with gzip; unpack it: gunzip < \(word) > FILE"),
            ([0x50, 0x4B, 0x03, 0x04], "cfg-der-instead-of-pem", "it is a ZIP archive; unpack it: unzip \(word)"),
            ([0x7F, 0x45, 0x4C, 0x46], "cfg-der-instead-of-pem", "it is a program, and no certificate or key"),
            (
                Array("PuTTY-User-Key-File".utf8), "cfg-key-unsupported-form",
                "it is a private key of PuTTY; convert it: puttygen \(word) -O private-openssh -o KEY, then ssh-keygen -p -m "
                    + "PKCS8 -f KEY"
            ),
            (Array("ssh-".utf8), "cfg-key-unsupported-form", "it is a public key of SSH, which TLS doesn't use"),
            (Array("ecdsa-sha2-".utf8), "cfg-key-unsupported-form", "it is a public key of SSH, which TLS doesn't use"),
            (Array("-----BEGIN PGP".utf8), "cfg-key-unsupported-form", "it is OpenPGP, which TLS doesn't use"),
            (
                Array("---- BEGIN SSH2".utf8), "cfg-key-unsupported-form",
                "it is a public key of SSH, which TLS doesn't use"
            ),
        ]
        if let found = known.first(where: { bytes.starts(with: $0.0) }) { return Remark(id: found.1, message: found.2) }
        let head = String(decoding: bytes.prefix(64), as: UTF8.self).lowercased().drop(while: \.isWhitespace)
        if head.hasPrefix("<!doctype") || head.hasPrefix("<html") {
            return Remark(
                id: "cfg-der-instead-of-pem",
                message: "it is an HTML page: what was downloaded is no certificate"
            )
        }
        return nil
    }

    private mutating func readDER(_ bytes: [UInt8], _ word: String) {
        if Self.declaredLength(bytes) > bytes.count {
            say(
                "cfg-truncated-pem",
                "it is DER that is cut off: it says \(Self.declaredLength(bytes)) bytes and has "
                    + "\(bytes.count)"
            )
            return
        }
        let head = Array(bytes.prefix(64))
        if Self.holds(head, Self.signedData) {
            say(
                "cfg-der-instead-of-pem",
                "it is PKCS#7 in DER, which TLS programs don't read; convert it: openssl pkcs7 "
                    + "-inform DER -print_certs -in \(word) -out FILE.pem"
            )
        } else if head.count > 8, Self.isPersonalExchange(head) {
            say(
                "cfg-der-instead-of-pem",
                "it is PKCS#12, which Java, .NET and Node (pfx) read, and OpenSSL's, Go's and "
                    + "nginx' settings for PEM don't; convert it: openssl pkcs12 -in \(word) -nodes -out FILE.pem"
            )
        } else {
            isDER = true
        }
    }

    /// SEQUENCE, INTEGER 3, and a SEQUENCE that begins with id-data or id-signedData (RFC 7292 section 4).
    private static func isPersonalExchange(_ head: [UInt8]) -> Bool {
        let skipped = head[1] < 0x80 ? 2 : 2 + Int(head[1] & 0x7F)
        guard skipped + 3 < head.count, Array(head[skipped..<(skipped + 3)]) == [0x02, 0x01, 0x03] else { return false }
        return holds(head, [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07])
    }

    /// The object identifier 1.2.840.113549.1.7.2.
    private static let signedData: [UInt8] = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02]

    private static func declaredLength(_ bytes: [UInt8]) -> Int {
        guard bytes[1] >= 0x80 else { return 2 + Int(bytes[1]) }
        let count = Int(bytes[1] & 0x7F)
        guard (1...4).contains(count), bytes.count >= 2 + count else { return bytes.count }
        return 2 + count + bytes[2..<(2 + count)].reduce(0) { $0 << 8 | Int($1) }
    }

    static func holds(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        guard !part.isEmpty, bytes.count >= part.count else { return false }
        return (0...(bytes.count - part.count)).contains { bytes[$0..<($0 + part.count)].elementsEqual(part) }
    }

    private static func fromUTF16(_ bytes: [UInt8]) -> [UInt8]? {
        let isLittle = bytes.starts(with: [0xFF, 0xFE]) || bytes.count > 3 && bytes[0] == 0x2D && bytes[1] == 0
        let isBig = bytes.starts(with: [0xFE, 0xFF]) || bytes.count > 3 && bytes[0] == 0 && bytes[1] == 0x2D
        guard isLittle || isBig else { return nil }
        return bytes.enumerated().filter { $0.offset % 2 == (isLittle ? 0 : 1) }.map(\.element).filter { $0 < 0x80 }
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
