/// Goes through a PEM text line by line.
///
/// Nothing of the text ever gets into a message but a label that is known: where newlines are lost, or a key was pasted
/// into a wrong place, a line that looks like a boundary holds a private key.
struct PEMScanner {
    private let lines: [ArraySlice<UInt8>]
    private var index = 0
    /// The first line that starts like a BEGIN line and isn't one, counted from 1.
    private(set) var brokenBoundary: Int?

    init(_ input: [UInt8]) {
        lines = PEMScanner.lines(of: input).map(PEMScanner.trimmed)
    }

    mutating func blocks() throws(MutualTLSError) -> [PEMDocument.Block] {
        var blocks: [PEMDocument.Block] = []
        while index < lines.count {
            switch PEMBoundary(lines[index], "-----BEGIN ") {
            case .line(let label):
                blocks.append(try block(label))
            case .withMore(let label, let rest):
                throw PEMScanner.joined(PEMLabel.name(label), rest, line: index + 1)
            case .broken, nil:
                if PEMScanner.starts(lines[index], with: "-----BEGIN"), brokenBoundary == nil {
                    brokenBoundary = index + 1
                }
                index += 1
            }
        }
        return blocks
    }

    private mutating func block(_ label: String) throws(MutualTLSError) -> PEMDocument.Block {
        let first = index
        let name = PEMLabel.name(label)
        var content: [UInt8] = []
        var isEncrypted = false
        index += 1
        while index < lines.count {
            let line = lines[index]
            switch PEMBoundary(line, "-----END ") {
            case .line(let end):
                guard end == label else {
                    throw MutualTLSError(
                        .malformedPEM,
                        "The \(name) block of line \(first + 1) ends as \(PEMLabel.name(end)) in line \(index + 1)."
                    )
                }
                index += 1
                let text = lines[first..<index].flatMap { (line) -> [UInt8] in Array(line) + [0x0A] }
                guard let bytes = Base64.decode(content), !bytes.isEmpty || isEncrypted else {
                    throw MutualTLSError(
                        .malformedPEM,
                        "The \(name) block of line \(first + 1) doesn't hold base64. Copy it again, unaltered."
                    )
                }
                return PEMDocument.Block(
                    label: label,
                    line: first + 1,
                    isEncrypted: isEncrypted,
                    bytes: bytes,
                    text: text
                )
            case .withMore, .broken:
                throw MutualTLSError(
                    .malformedPEM,
                    "The \(name) block of line \(first + 1) has an END line \(index + 1) with more on it than a label "
                        + "between hyphens. Copy the whole block again."
                )
            case nil:
                break
            }
            if PEMScanner.starts(line, with: "-----BEGIN") { break }
            if line.contains(0x3A) {
                isEncrypted = isEncrypted || String(decoding: line, as: UTF8.self).contains("ENCRYPTED")
            } else {
                content.append(contentsOf: line)
            }
            index += 1
        }
        throw MutualTLSError(
            .truncatedPEM,
            "The \(name) block of line \(first + 1) has no '-----END \(name)-----' line: it is truncated. "
                + "Copy the whole block."
        )
    }

    /// A block whose lines were joined, by how they were.
    private static func joined(_ name: String, _ rest: ArraySlice<UInt8>, line: Int) -> MutualTLSError {
        let isEscaped = rest.starts(with: [0x5C, 0x6E]) || rest.starts(with: [0x5C, 0x72])
        return MutualTLSError(
            .malformedPEM,
            isEscaped
                ? "The \(name) block of line \(line) has its newlines written as \\n, as in JSON. Turn them into newlines "
                    + "where the text is unpacked."
                : "The \(name) block of line \(line) goes on behind the hyphens of its BEGIN: its newlines were lost, as "
                    + "YAML's > and some environment variables lose them. Pass it on with its newlines (in YAML with |)."
        )
    }

    /// The lines, which end with LF, CR LF or CR (RFC 7468 section 3).
    private static func lines(of input: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = input.startIndex
        for (index, byte) in input.enumerated() where byte == 0x0A || byte == 0x0D {
            let isRestOfEnd = byte == 0x0A && index > 0 && input[index - 1] == 0x0D
            if !isRestOfEnd { lines.append(input[start..<index]) }
            start = index + 1
        }
        return lines + [input[start...]]
    }

    fileprivate static func starts(_ line: ArraySlice<UInt8>, with prefix: String) -> Bool {
        line.starts(with: prefix.utf8)
    }

    /// Drops white space at both ends, and the byte order mark that some editors put in front.
    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line
        if line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
        line = line.drop(while: PEMDocument.isWhiteSpace)
        while let last = line.last, PEMDocument.isWhiteSpace(last) { line = line.dropLast() }
        return line
    }
}

/// A line that begins or ends a block (RFC 7468 section 3).
private enum PEMBoundary {
    case line(label: String)
    /// The line goes on behind its hyphens.
    case withMore(label: String, ArraySlice<UInt8>)
    /// It starts as a boundary, and no label with hyphens follows.
    case broken

    /// Nil for a line that doesn't start with the prefix.
    init?(_ line: ArraySlice<UInt8>, _ prefix: String) {
        guard PEMScanner.starts(line, with: prefix) else { return nil }
        let rest = line.dropFirst(prefix.utf8.count)
        guard let end = PEMBoundary.hyphens(in: rest), PEMLabel.isWellFormed(rest[..<end]) else {
            self = .broken
            return
        }
        let label = String(decoding: rest[..<end], as: UTF8.self)
        let more = rest[(end + 5)...]
        self = more.isEmpty ? .line(label: label) : .withMore(label: label, more)
    }

    /// Where the first five hyphens in a row begin.
    private static func hyphens(in bytes: ArraySlice<UInt8>) -> Int? {
        var run = 0
        for (index, byte) in zip(bytes.indices, bytes) {
            run = byte == 0x2D ? run + 1 : 0
            if run == 5 { return index - 4 }
        }
        return nil
    }
}

/// The names of blocks.
enum PEMLabel {
    /// The labels of RFC 7468 and of OpenSSL's and OpenSSH's tools.
    private static let known: Set<String> = [
        "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE", "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST",
        "X509 CRL", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY",
        "OPENSSH PRIVATE KEY", "PUBLIC KEY", "RSA PUBLIC KEY", "EC PARAMETERS", "DH PARAMETERS", "X9.42 DH PARAMETERS",
        "PKCS7", "PKCS #7 SIGNED DATA", "CMS", "ATTRIBUTE CERTIFICATE", "SSL SESSION PARAMETERS",
    ]

    /// A label that is known, and otherwise words in its place: a damaged block's label may be part of its key.
    static func name(_ label: String) -> String { known.contains(label) ? label : "unknown" }

    /// Printable characters, with single hyphens and blanks between them (RFC 7468 section 3).
    static func isWellFormed(_ label: ArraySlice<UInt8>) -> Bool {
        var isSeparated = true
        for byte in label {
            let isSeparator = byte == 0x2D || byte == 0x20
            guard (0x20...0x7E).contains(byte), !isSeparator || !isSeparated else { return false }
            isSeparated = isSeparator
        }
        return !isSeparated
    }
}
