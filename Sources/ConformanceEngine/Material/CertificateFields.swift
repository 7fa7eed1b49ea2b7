internal import MutualTLS

/// The fields of an X.509 certificate that name it, read from its DER (RFC 5280 section 4.1).
///
/// A certificate that a peer presents may come from anywhere, so each length is checked.
struct CertificateFields: Hashable {
    /// The serial number in lowercase hexadecimal without leading zero octets.
    var serial: String
    /// The subject's Name, whole.
    var subject: [UInt8]

    init?(der: [UInt8]) {
        var outer = DERReader(der[...])
        guard let certificate = outer.read(DERTag.sequence) else { return nil }
        var inner = DERReader(certificate.contents)
        guard let toBeSigned = inner.read(DERTag.sequence) else { return nil }
        var fields = DERReader(toBeSigned.contents)
        _ = fields.read(DERTag.explicitVersion)
        guard
            let serial = fields.read(DERTag.integer),
            fields.read(DERTag.sequence) != nil,  // signature
            fields.read(DERTag.sequence) != nil,  // issuer
            fields.read(DERTag.sequence) != nil,  // validity
            let subject = fields.read(DERTag.sequence)
        else { return nil }
        self.serial = Hexadecimal.string(serial.contents.drop { $0 == 0 })
        self.subject = Array(subject.whole)
    }
}

/// Bytes as lowercase hexadecimal digits.
enum Hexadecimal {
    static func string(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 0x0F)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static let digits = Array("0123456789abcdef".utf8)
}

private enum DERTag {
    static let integer: UInt8 = 0x02
    static let sequence: UInt8 = 0x30
    static let explicitVersion: UInt8 = 0xA0
}

/// Reads one DER element after another (X.690 sections 8.1 and 10.1).
private struct DERReader {
    struct Element {
        let whole: ArraySlice<UInt8>
        let contents: ArraySlice<UInt8>
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    /// The next element if it has this tag; otherwise nil, and nothing is consumed.
    mutating func read(_ tag: UInt8) -> Element? {
        guard rest.first == tag, let header = lengthHeader() else { return nil }
        let end = header.start + header.length
        guard end <= rest.endIndex else { return nil }
        let element = Element(whole: rest[rest.startIndex..<end], contents: rest[header.start..<end])
        rest = rest[end...]
        return element
    }

    private func lengthHeader() -> (start: Int, length: Int)? {
        let bytes = rest.dropFirst()
        guard let first = bytes.first else { return nil }
        guard first & 0x80 != 0 else { return (bytes.startIndex + 1, Int(first)) }
        let count = Int(first & 0x7F)
        let octets = bytes.dropFirst().prefix(count)
        // Three octets hold any certificate that TLS can carry.
        guard (1...3).contains(count), octets.count == count else { return nil }
        return (octets.endIndex, octets.reduce(0) { $0 << 8 | Int($1) })
    }
}

/// The identification of a certificate outside of this process.
enum Fingerprint {
    /// SHA-256 of a certificate in DER; empty when it can't be read.
    static func sha256(of der: [UInt8]) -> [UInt8] {
        (try? Certificate(der: der))?.sha256 ?? []
    }
}
