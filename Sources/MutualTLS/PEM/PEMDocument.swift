/// The blocks of a PEM text (RFC 7468), found and decoded, whatever they hold.
///
/// Text outside the blocks is skipped, as section 2 of the RFC allows.
struct PEMDocument {
    struct Block {
        /// The text between BEGIN and the dashes, for example `CERTIFICATE`.
        let label: String
        /// The line of its BEGIN, counted from 1.
        let line: Int
        /// Whether it has header lines that declare it encrypted (RFC 1421 section 4.6.1.1).
        let isEncrypted: Bool
        /// The content.
        let bytes: [UInt8]
        /// The block as it stood, for parsers that decrypt.
        let text: [UInt8]
    }

    let blocks: [Block]

    /// Finds the blocks; `expected` names in errors what the caller looks for.
    init(_ input: [UInt8], expected: String) throws(MutualTLSError) {
        guard input.contains(where: { !PEMDocument.isWhiteSpace($0) }) else {
            throw MutualTLSError(
                .emptyInput,
                input.isEmpty
                    ? "Expected \(expected) in PEM, found no bytes."
                    : "Expected \(expected) in PEM, found white space alone."
            )
        }
        var scanner = PEMScanner(input)
        blocks = try scanner.blocks()
        guard blocks.isEmpty else { return }
        if PEMDocument.looksLikeDER(input) {
            throw MutualTLSError(
                .derInsteadOfPEM,
                "Expected \(expected) in PEM, found \(input.count) bytes of DER. "
                    + "Convert it (openssl x509, pkey or crl -inform DER -outform PEM), or load it as DER."
            )
        }
        throw MutualTLSError(
            .malformedPEM,
            "Expected \(expected) in PEM, found \(input.count) bytes without a line that starts with "
                + "'-----BEGIN'. Check that this is the right input."
        )
    }

    /// What the blocks are called, for errors.
    var labels: String { blocks.map(\.label).joined(separator: ", ") }

    /// A SEQUENCE (X.690 section 8.9) whose length could be that of the input.
    private static func looksLikeDER(_ input: [UInt8]) -> Bool {
        input.count >= 2 && input[0] == 0x30 && (input[1] >= 0x80 || Int(input[1]) == input.count - 2)
    }

    static func isWhiteSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}

/// Goes through a PEM text line by line.
struct PEMScanner {
    private let lines: [ArraySlice<UInt8>]
    private var index = 0

    init(_ input: [UInt8]) {
        lines = input.split(omittingEmptySubsequences: false) { $0 == 0x0A }.map(PEMScanner.trimmed)
    }

    mutating func blocks() throws(MutualTLSError) -> [PEMDocument.Block] {
        var blocks: [PEMDocument.Block] = []
        while index < lines.count {
            if let label = PEMScanner.label(of: lines[index], after: "-----BEGIN ") {
                blocks.append(try block(label))
            } else {
                index += 1
            }
        }
        return blocks
    }

    private mutating func block(_ label: String) throws(MutualTLSError) -> PEMDocument.Block {
        let first = index
        var content: [UInt8] = []
        var isEncrypted = false
        index += 1
        while index < lines.count {
            let line = lines[index]
            if let end = PEMScanner.label(of: line, after: "-----END ") {
                guard end == label else {
                    throw MutualTLSError(
                        .malformedPEM,
                        "The \(label) block of line \(first + 1) ends as \(end) in line \(index + 1)."
                    )
                }
                index += 1
                let text = lines[first..<index].flatMap { (line) -> [UInt8] in Array(line) + [0x0A] }
                guard let bytes = Base64.decode(content), !bytes.isEmpty || isEncrypted else {
                    throw MutualTLSError(
                        .malformedPEM,
                        "The \(label) block of line \(first + 1) doesn't hold base64. Copy it again, unaltered."
                    )
                }
                return PEMDocument.Block(
                    label: label,
                    line: first + 1,
                    isEncrypted: isEncrypted,
                    bytes: bytes,
                    text: text
                )
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
            "The \(label) block of line \(first + 1) has no '-----END \(label)-----' line: it is truncated. "
                + "Copy the whole block."
        )
    }

    private static func label(of line: ArraySlice<UInt8>, after prefix: String) -> String? {
        let suffix = "-----"
        guard starts(line, with: prefix), line.count >= prefix.utf8.count + suffix.utf8.count,
            line.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
        else {
            return nil
        }
        return String(decoding: line.dropFirst(prefix.utf8.count).dropLast(suffix.utf8.count), as: UTF8.self)
    }

    private static func starts(_ line: ArraySlice<UInt8>, with prefix: String) -> Bool {
        line.prefix(prefix.utf8.count).elementsEqual(prefix.utf8)
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
