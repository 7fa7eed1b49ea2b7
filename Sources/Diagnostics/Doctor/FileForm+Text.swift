internal import Foundation

extension FileForm {
    /// Texts: PEM as it should be, PEM that was mangled on its way, and base64 or hexadecimal without PEM around it.
    mutating func readText(_ bytes: [UInt8], _ word: String) {
        // A pair of carriage return and line feed is one Character, in which no search finds the line feed.
        var text = String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "\r\n", with: "\n")
        guard text.contains("-----BEGIN ") else {
            readBare(text, word)
            return
        }
        let convert = "; write line ends as line ends, as openssl x509 or pkey -in FILE -out FILE do"
        if text.contains("\\n"), !text.contains("-----\n") {
            remark(
                "cfg-pem-line-ends",
                "its line ends are written as \\n, two characters, as in an environment variable or "
                    + "JSON; no library reads that, programs that unescape it do: printf '%b' \"$(cat \(word))\" > FILE"
            )
            text = text.replacingOccurrences(of: "\\r", with: "").replacingOccurrences(of: "\\n", with: "\n")
            text = text.replacingOccurrences(of: "\"", with: "\n").replacingOccurrences(of: "'", with: "\n")
        } else if !text.contains("\n"), text.contains("\r") {
            remark(
                "cfg-pem-line-ends",
                "its lines end with carriage returns alone, which OpenSSL and Go don't take; convert "
                    + "it: tr '\\r' '\\n' < \(word) > FILE"
            )
            text = text.replacingOccurrences(of: "\r", with: "\n")
        } else if Self.isOnOneLine(text) {
            remark(
                "cfg-pem-line-ends",
                "the line ends of its PEM are gone: it stands on one line, as YAML's > and shells "
                    + "without quotes do it; OpenSSL, Go, Java and Node refuse it" + convert
            )
            text = Self.unfolded(text)
        }
        if text.contains("-----" + "-----BEGIN ") {
            remark(
                "cfg-combined-pem",
                "two blocks are glued together: a line end is missing before a BEGIN, and OpenSSL and "
                    + "Go lose the second one; put one there: sed 's/-----\\(-----BEGIN\\)/-----\\n\\1/' \(word)"
            )
            text = text.replacingOccurrences(of: "----------BEGIN ", with: "-----\n-----BEGIN ")
        }
        if text.split(separator: "\n").contains(where: { $0.first?.isWhitespace == true && $0.contains("-----BEGIN ") })
        {
            remark(
                "cfg-truncated-pem",
                "its PEM is indented, so that OpenSSL and Go don't see it, and GnuTLS does; "
                    + "remove the blanks: sed 's/^[ \\t]*//' \(word) > FILE"
            )
        }
        text = text.split(separator: "\n", omittingEmptySubsequences: false).map {
            String($0).trimmingCharacters(in: .whitespaces)
        }.joined(separator: "\n")
        pem = Array(text.utf8)
        readLabels(text, word)
    }

    /// A form that can't serve as certificate, key, authority or list, where nothing else stands beside it.
    private mutating func readLabels(_ text: String, _ word: String) {
        let labels = PEMBlock.labels(in: text)
        let isUseful = labels.contains {
            PEMBlock.certificates.contains($0) || $0.hasSuffix("PRIVATE KEY") || $0 == "X509 CRL"
        }
        for label in labels {
            switch label {
            case "OPENSSH PRIVATE KEY":
                remark(
                    "cfg-key-unsupported-form",
                    "it is a private key in OpenSSH's own form, which OpenSSL, Java and Node "
                        + "don't read; convert a copy: ssh-keygen -p -m PKCS8 -f \(word)"
                )
                pem = nil
            case "TRUSTED CERTIFICATE":
                remark(
                    "cfg-der-instead-of-pem",
                    "it holds a TRUSTED CERTIFICATE, a form of OpenSSL's own that Go, Java and "
                        + "GnuTLS pass over; convert it: openssl x509 -in \(word) -out FILE.pem"
                )
            case "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST":
                guard !isUseful else { continue }
                remark(
                    "cfg-der-instead-of-pem",
                    "it is a certificate signing request, and no certificate: an authority "
                        + "has to issue one for it; look at it: openssl req -noout -text -in \(word)"
                )
            case "PUBLIC KEY", "RSA PUBLIC KEY":
                guard !isUseful else { continue }
                remark("cfg-key-unsupported-form", "it is a public key: neither a certificate nor the private key")
            case "PKCS7", "CMS", "PKCS #7 SIGNED DATA":
                remark(
                    "cfg-der-instead-of-pem",
                    "it is PKCS#7 in PEM, which TLS programs don't read; convert it: openssl pkcs7 "
                        + "-print_certs -in \(word) -out FILE.pem"
                )
            case "EC PARAMETERS", "DH PARAMETERS", "X9.42 DH PARAMETERS":
                guard !isUseful else { continue }
                remark("cfg-truncated-pem", "it holds parameters alone, and no key or certificate")
            case "ATTRIBUTE CERTIFICATE":
                remark("cfg-der-instead-of-pem", "it is an attribute certificate, which TLS doesn't use")
            default: continue
            }
        }
    }

    private mutating func readBare(_ text: String, _ word: String) {
        let packed = text.filter { !$0.isWhitespace }
        if packed.hasPrefix("-----"), packed.contains("BEGIN") {
            remark(
                "cfg-truncated-pem",
                "its BEGIN line is damaged: expected -----BEGIN LABEL----- in a line of its own"
            )
            return
        }
        let isHexadecimal = packed.count >= 64 && packed.allSatisfy { $0.isHexDigit || $0 == ":" }
        if isHexadecimal, packed.lowercased().hasPrefix("30") {
            remark(
                "cfg-der-instead-of-pem",
                "it is DER written in hexadecimal; convert it: xxd -r -p \(word) > FILE.der"
            )
            return
        }
        if packed.count >= 32, let decoded = Data(base64Encoded: packed) {
            let inner = [UInt8](decoded)
            if inner.starts(with: Array("-----BEGIN ".utf8)) {
                remark(
                    "cfg-der-instead-of-pem",
                    "it is PEM in base64 once more, as in a Kubernetes secret; decode it: base64 "
                        + "-d < \(word) > FILE"
                )
                pem = inner
            } else if inner.first == 0x30 {
                remark(
                    "cfg-der-instead-of-pem",
                    "it is base64 without BEGIN and END lines, which OpenSSL and Go don't read and "
                        + "Java's decoders of DER do; convert it: base64 -d < \(word) | openssl x509 -inform DER"
                )
            } else {
                remark("cfg-der-instead-of-pem", "it is base64 of something that is neither a certificate nor a key")
            }
            return
        }
        if text.contains("kind: Secret") || text.contains("\"kind\": \"Secret\"") { return }
        remark(
            "cfg-der-instead-of-pem",
            "it holds neither a certificate, nor a private key, nor a revocation list in PEM or "
                + "DER"
        )
    }

    private mutating func remark(_ id: String, _ message: String) {
        remarks.append(Remark(id: id, message: message))
    }

    private static func isOnOneLine(_ text: String) -> Bool {
        text.split(separator: "\n").contains { line in
            guard let begin = line.range(of: "-----BEGIN "), let end = line.range(of: "-----END ") else { return false }
            return begin.lowerBound < end.lowerBound
        }
    }

    /// One block a line end after its label, and one before its END; what lies between is base64.
    private static func unfolded(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let begin = rest.range(of: "-----BEGIN ") {
            let body = rest[begin.upperBound...]
            guard let close = body.range(of: "-----"), let end = body.range(of: "-----END "),
                close.upperBound <= end.lowerBound,
                let last = body[end.upperBound...].range(of: "-----")
            else { break }
            let label = body[..<close.lowerBound]
            let content = body[close.upperBound..<end.lowerBound].filter { !$0.isWhitespace }
            result += "-----BEGIN \(label)-----\n"
            var start = content.startIndex
            while start < content.endIndex {
                let stop = content.index(start, offsetBy: 64, limitedBy: content.endIndex) ?? content.endIndex
                result += content[start..<stop] + "\n"
                start = stop
            }
            result += "-----END \(label)-----\n"
            rest = body[last.upperBound...]
        }
        return result
    }
}

/// One block of a PEM text, as it stands.
struct PEMBlock {
    var label: String
    var text: [UInt8]
    /// The line of its BEGIN, from 1.
    var line: Int
    var isComplete: Bool

    static let certificates: Set<String> = ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"]

    static func labels(in text: String) -> [String] { blocks(in: Array(text.utf8)).map(\.label) }

    static func blocks(in pem: [UInt8]) -> [PEMBlock] {
        var blocks: [PEMBlock] = []
        var open: PEMBlock?
        for (index, line) in pem.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let text = String(decoding: line, as: UTF8.self)
            if let label = label(of: text, after: "-----BEGIN ") {
                if let open { blocks.append(open) }
                open = PEMBlock(label: label, text: Array(line) + [0x0A], line: index + 1, isComplete: false)
                continue
            }
            guard open != nil else { continue }
            open?.text += Array(line) + [0x0A]
            if label(of: text, after: "-----END ") != nil {
                open?.isComplete = true
                if let open { blocks.append(open) }
                open = nil
            }
        }
        if let open { blocks.append(open) }
        return blocks
    }

    /// RFC 7468 section 3: a label has no two hyphens in a row.
    private static func label(of line: String, after prefix: String) -> String? {
        guard line.hasPrefix(prefix), let end = line.dropFirst(prefix.count).range(of: "-----") else { return nil }
        let label = line.dropFirst(prefix.count)[..<end.lowerBound]
        return label.count < 64 ? String(label) : nil
    }
}
