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
