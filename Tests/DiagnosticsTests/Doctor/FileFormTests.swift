import Foundation
import MutualTLS
import Testing

@testable import Diagnostics

@Suite("The form of a file")
struct FileFormTests {
    /// A file, and the beginning of the first sentence about it; nil where there is nothing to say.
    struct Kind: CustomTestStringConvertible, Sendable {
        var name: String
        var bytes: [UInt8]
        var sentence: String?

        var testDescription: String { name }

        init(_ name: String, _ text: String, _ sentence: String?) {
            self.init(name, Array(text.utf8), sentence)
        }

        init(_ name: String, _ bytes: [UInt8], _ sentence: String?) {
            self.name = name
            self.bytes = bytes
            self.sentence = sentence
        }
    }

    /// A certificate of nobody's.
    static let content = """
        MIIBnTCCAUKgAwIBAgIUIUxN5rDTlanC60usoQ2lbpUFKncwCgYIKoZIzj0EAwIw
        IzEOMAwGA1UECgwFRmllbGQxETAPBgNVBAMMCEZpZWxkIENBMB4XDTI2MTEyODEw
        MzY0N1oXDTI3MDkyNTEwMzY0N1owEDEOMAwGA1UEAwwFYWxpY2UwWTATBgcqhkjO
        PQIBBggqhkjOPQMBBwNCAARS3sH8BaVeMcQOj0J/u1Vrz9QXZtLGOAePr1xj5kPt
        EmdlnhnzC5XGXjYKLnbq6kX7mxfgb+NAdo5VsxEiPgRmo2cwZTAfBgNVHSMEGDAW
        gBTVdfOoIzSgLr+F8zdgo/5eAUeDxDAdBgNVHQ4EFgQUl94kM+X2bTZKaGa63AAu
        656kerMwDgYDVR0PAQH/BAQDAgeAMBMGA1UdJQQMMAoGCCsGAQUFBwMCMAoGCCqG
        SM49BAMCA0kAMEYCIQDx2cAja2ZJHEkEjjOB3XF29Md16x6OEcW3TcNtGkhBJAIh
        AILDSyh8FnezFCvoWfIkEREBDZZwt3U4nHH3+vZOJSQd
        """.split(separator: "\n").joined()
    static let der = [UInt8](Data(base64Encoded: content) ?? Data())
    static let folded = stride(from: 0, to: content.count, by: 64).map {
        String(content.dropFirst($0).prefix(64))
    }.joined(separator: "\n")

    static func pem(_ label: String, _ body: String = folded) -> String {
        "-----BEGIN \(label)-----\n\(body)\n-----END \(label)-----\n"
    }

    static let certificate = pem("CERTIFICATE")
    private static let oneLine = certificate.split(separator: "\n").joined(separator: " ")
    private static let hexadecimal = der.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    private static let signedData: [UInt8] = [
        0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02, 0x05, 0x00,
    ]
    private static let personalExchange: [UInt8] = [
        0x30, 0x12, 0x02, 0x01, 0x03, 0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01,
        0x05,
        0x00,
    ]
    private static func utf16(_ text: String, isLittle: Bool, mark: Bool) -> [UInt8] {
        let mark: [UInt8] = mark ? (isLittle ? [0xFF, 0xFE] : [0xFE, 0xFF]) : []
        return mark + text.utf8.flatMap { isLittle ? [$0, 0] : [0, $0] }
    }

    static let kinds: [Kind] = [
        Kind("certificate", certificate, nil),
        Kind("chain", certificate + certificate, nil),
        Kind("CRLF", certificate.split(separator: "\n").joined(separator: "\r\n") + "\r\n", nil),
        Kind("text before the block", "subject=CN = a\n" + certificate, nil),
        Kind("old label", pem("X509 CERTIFICATE"), nil),
        Kind("PKCS#8 key", pem("PRIVATE KEY"), nil),
        Kind("RSA key", pem("RSA PRIVATE KEY"), nil),
        Kind("EC key with parameters", pem("EC PARAMETERS", "BggqhkjOPQMBBw==") + pem("EC PRIVATE KEY"), nil),
        Kind("encrypted key", pem("ENCRYPTED PRIVATE KEY"), nil),
        Kind("list", pem("X509 CRL"), nil),
        Kind("two lists", pem("X509 CRL") + pem("X509 CRL"), nil),
        Kind("certificate and key", certificate + pem("PRIVATE KEY"), nil),
        Kind("certificate beside its request", certificate + pem("CERTIFICATE REQUEST"), nil),
        Kind("empty", "", "the file is empty"),
        Kind("blanks", " \n\t\r\n", "the file holds nothing but white space"),
        Kind("JKS", [0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2], "it is a Java keystore (JKS)"),
        Kind("JCEKS", [0xCE, 0xCE, 0xCE, 0xCE, 0, 0, 0, 2], "it is a Java keystore (JCEKS)"),
        Kind("gzip", [0x1F, 0x8B, 8, 0], "it is compressed with gzip"),
        Kind("ZIP", [0x50, 0x4B, 3, 4], "it is a ZIP archive"),
        Kind("program", [0x7F, 0x45, 0x4C, 0x46, 2], "it is a program"),
        Kind("PuTTY", "PuTTY-User-Key-File-3: ssh-ed25519\n", "it is a private key of PuTTY"),
        Kind("SSH key, RSA", "ssh-rsa AAAAB3NzaC1yc2E= a@b\n", "it is a public key of SSH"),
        Kind("SSH key, Ed25519", "ssh-ed25519 AAAAC3Nz a@b\n", "it is a public key of SSH"),
        Kind("SSH key, ECDSA", "ecdsa-sha2-nistp256 AAAAE2Vj a@b\n", "it is a public key of SSH"),
        Kind("SSH2 key", "---- BEGIN SSH2 PUBLIC KEY ----\n", "it is a public key of SSH"),
        Kind("OpenPGP", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n", "it is OpenPGP"),
        Kind("HTML", "<!DOCTYPE html><html><title>404</title>", "it is an HTML page"),
        Kind("HTML without its type", "\n<html><body>login</body></html>", "it is an HTML page"),
        Kind("DER", der, nil),
        Kind("DER, cut", Array(der.prefix(200)), "it is DER that is cut off"),
        Kind("PKCS#7 in DER", signedData, "it is PKCS#7 in DER"),
        Kind("PKCS#12", personalExchange, "it is PKCS#12"),
        Kind("PKCS#7 in PEM", pem("PKCS7"), "it is PKCS#7 in PEM"),
        Kind("CMS", pem("CMS"), "it is PKCS#7 in PEM"),
        Kind("OpenSSH key", pem("OPENSSH PRIVATE KEY"), "it is a private key in OpenSSH's own form"),
        Kind("TRUSTED CERTIFICATE", pem("TRUSTED CERTIFICATE"), "it holds a TRUSTED CERTIFICATE"),
        Kind("request", pem("CERTIFICATE REQUEST"), "it is a certificate signing request"),
        Kind("request, old label", pem("NEW CERTIFICATE REQUEST"), "it is a certificate signing request"),
        Kind("public key", pem("PUBLIC KEY"), "it is a public key: neither"),
        Kind("public key, PKCS#1", pem("RSA PUBLIC KEY"), "it is a public key: neither"),
        Kind("curve alone", pem("EC PARAMETERS", "BggqhkjOPQMBBw=="), "it holds parameters alone"),
        Kind("DH parameters", pem("DH PARAMETERS"), "it holds parameters alone"),
        Kind("attribute certificate", pem("ATTRIBUTE CERTIFICATE"), "it is an attribute certificate"),
        Kind("one line with blanks", oneLine, "the line ends of its PEM are gone"),
        Kind("one line without blanks", certificate.filter { $0 != "\n" }, "the line ends of its PEM are gone"),
        Kind("a key on one line", pem("PRIVATE KEY").replacing("\n", with: " "), "the line ends of its PEM are gone"),
        Kind("carriage returns alone", certificate.replacing("\n", with: "\r"), "its lines end with carriage returns"),
        Kind("line ends in two characters", certificate.replacing("\n", with: "\\n"), "its line ends are written as"),
        Kind(
            "quoted, as in a variable",
            "\"" + certificate.replacing("\n", with: "\\n") + "\"",
            "its line ends are written as"
        ),
        Kind(
            "JSON",
            "{\"cert\": \"" + certificate.replacing("\n", with: "\\n") + "\"}",
            "its line ends are written as"
        ),
        Kind("byte order mark", [0xEF, 0xBB, 0xBF] + Array(certificate.utf8), "it begins with a byte order mark"),
        Kind("UTF-16, little", utf16(certificate, isLittle: true, mark: true), "it is UTF-16 text"),
        Kind("UTF-16, big", utf16(certificate, isLittle: false, mark: true), "it is UTF-16 text"),
        Kind("UTF-16 without mark", utf16(certificate, isLittle: true, mark: false), "it is UTF-16 text"),
        Kind("UTF-16, big, without mark", utf16(certificate, isLittle: false, mark: false), "it is UTF-16 text"),
        Kind(
            "indented",
            certificate.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n"),
            "its PEM is indented"
        ),
        Kind(
            "indented by tabs",
            certificate.split(separator: "\n").map { "\t" + $0 }.joined(separator: "\n"),
            "its PEM is indented"
        ),
        Kind("glued", String(certificate.dropLast()) + certificate, "two blocks are glued together"),
        Kind("base64 of PEM", Data(certificate.utf8).base64EncodedString(), "it is PEM in base64 once more"),
        Kind(
            "base64 of PEM, folded",
            Data(certificate.utf8).base64EncodedString(options: .lineLength64Characters),
            "it is PEM in base64 once more"
        ),
        Kind("base64 without BEGIN", folded, "it is base64 without BEGIN and END lines"),
        Kind("base64 of something", Data(repeating: 7, count: 90).base64EncodedString(), "it is base64 of something"),
        Kind("hexadecimal", hexadecimal, "it is DER written in hexadecimal"),
        Kind(
            "hexadecimal with colons",
            hexadecimal.prefix(120).enumerated().map { $0.offset % 2 == 1 ? "\($0.element):" : "\($0.element)" }
                .joined(),
            "it is DER written in hexadecimal"
        ),
        Kind("BEGIN damaged", "----- BEGIN CERTIFICATE-----\nAAAA\n", "its BEGIN line is damaged"),
        Kind("prose", "see the wiki for the certificate", "it holds neither a certificate"),
        Kind("other bytes", [0x00, 0x01, 0x02, 0xFF], "it holds neither a certificate"),
    ]

    @Test("is told for at least sixty kinds")
    func breadth() {
        #expect(Self.kinds.count >= 60)
        #expect(Set(Self.kinds.map(\.name)).count == Self.kinds.count)
    }

    @Test("is told in the first sentence", arguments: kinds)
    func sentence(kind: Kind) {
        let first = FileForm(kind.bytes, word: "FILE").remarks.first?.message
        guard let sentence = kind.sentence else {
            #expect(first == nil)
            return
        }
        #expect(first?.hasPrefix(sentence) == true, "\(first ?? "nothing")")
    }

    @Test(
        "lets mangled PEM be read",
        arguments: kinds.filter {
            ["one line", "carriage", "written as", "byte order", "UTF-16", "indented", "glued", "once more"].contains(
                where: ($0.sentence ?? "").contains
            )
        }
    )
    func mended(kind: Kind) {
        let pem = FileForm(kind.bytes, word: "FILE").pem ?? []
        let blocks = PEMBlock.blocks(in: pem)
        #expect(blocks.map(\.isComplete) == blocks.map { _ in true })
        #expect(!blocks.isEmpty)
        guard !kind.name.contains("key") else { return }
        #expect(PatientFile("FILE", kind.bytes).certificates.first?.certificate.derBytes == Self.der)
    }

    @Test("puts not a byte of a file into a message", arguments: kinds)
    func discreet(kind: Kind) {
        for finding in PatientFile("FILE", kind.bytes).findings {
            #expect(!finding.message.contains(Self.content.prefix(12)), "\(finding)")
        }
    }

    @Test("A key's setting that names a certificate is an error, and so the other way")
    func switched() {
        let asKey = PatientFile("FILE", Array(Self.certificate.utf8), as: .key)
        #expect(asKey.findings.map(\.id) == ["cfg-key-setting-is-a-certificate"])
        #expect(asKey.findings.first?.severity == .error)
        let asPool = PatientFile("FILE", Array(Self.pem("X509 CRL").utf8), as: .authorities)
        #expect(asPool.findings.contains { $0.severity == .error })
        #expect(PatientFile("FILE", Array(Self.certificate.utf8), as: .certificate).findings.isEmpty)
    }
}
