/// The blocks of a PEM text (RFC 7468), found and decoded, whatever they hold.
///
/// Text outside the blocks is skipped, as section 2 of the RFC allows.
struct PEMDocument {
    struct Block {
        /// The text between BEGIN and the dashes, for example `CERTIFICATE`. It is text of the file, which no message
        /// may show: see ``name``.
        let label: String
        /// The line of its BEGIN, counted from 1.
        let line: Int
        /// Whether it has header lines that declare it encrypted (RFC 1421 section 4.6.1.1).
        let isEncrypted: Bool
        /// The content.
        let bytes: [UInt8]
        /// The block as it stood, for parsers that decrypt.
        let text: [UInt8]

        /// The name of the block in messages.
        var name: String { PEMLabel.name(label) }
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
        if let line = scanner.brokenBoundary {
            throw MutualTLSError(
                .malformedPEM,
                "Expected \(expected) in PEM, found a line \(line) that starts like a BEGIN line and isn't one. Copy the "
                    + "whole block again, with five hyphens at both ends of its first and its last line."
            )
        }
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

    /// The names of the blocks in errors.
    var labels: String {
        let names = blocks.map(\.name)
        let rest = names.count - 4
        return names.prefix(4).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }

    /// A SEQUENCE (X.690 section 8.9) whose length could be that of the input.
    private static func looksLikeDER(_ input: [UInt8]) -> Bool {
        input.count >= 2 && input[0] == 0x30 && (input[1] >= 0x80 || Int(input[1]) == input.count - 2)
    }

    static func isWhiteSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}

/// The base64 alphabet of RFC 4648 section 4, decoded strictly.
enum Base64 {
    /// The bytes, or nil for a character outside the alphabet, a wrong length or wrong padding.
    static func decode(_ text: [UInt8]) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        let padding = text.reversed().prefix { $0 == 0x3D }.count
        guard padding <= 2 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var group: UInt32 = 0
        for (index, character) in text.dropLast(padding).enumerated() {
            guard let value = value(of: character) else { return nil }
            group = group << 6 | value
            if index % 4 == 3 {
                bytes.append(contentsOf: [
                    UInt8(group >> 16 & 0xFF), UInt8(group >> 8 & 0xFF), UInt8(group & 0xFF),
                ])
                group = 0
            }
        }
        switch padding {
        case 1: bytes.append(contentsOf: [UInt8(group >> 10 & 0xFF), UInt8(group >> 2 & 0xFF)])
        case 2: bytes.append(UInt8(group >> 4 & 0xFF))
        default: break
        }
        return bytes
    }

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case 0x41...0x5A: UInt32(character - 0x41)
        case 0x61...0x7A: UInt32(character - 0x61) + 26
        case 0x30...0x39: UInt32(character - 0x30) + 52
        case 0x2B: 62
        case 0x2F: 63
        default: nil
        }
    }
}
