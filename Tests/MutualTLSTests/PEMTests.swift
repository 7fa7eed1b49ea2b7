import Foundation
import MutualTLS
import Testing
import ThrowawayPKI

@Suite("PEM")
struct PEMTests {
    private let pem = shared.entity("client").certificatePEM
    private let keyPEM = shared.entity("client").privateKeyPEM

    private func code(
        sourceLocation: SourceLocation = #_sourceLocation,
        _ body: () throws -> Void
    ) throws -> MutualTLSError {
        try #require(throws: MutualTLSError.self, sourceLocation: sourceLocation) { try body() }
    }

    @Test("holds certificates in their order, between text and other blocks")
    func certificates() throws {
        let text =
            "\u{FEFF}comment\r\n" + pem.replacing("\n", with: "\r\n") + keyPEM + shared.entity("root").certificatePEM
        let found = try Certificate.certificates(inPEM: text)
        #expect(found == [try shared.certificate("client"), try shared.certificate("root")])
        #expect(try Certificate(pem: pem) == found[0])
        #expect(try CertificatePool(pem: text).certificates == found)
        #expect(try "\(PrivateKey(pem: text))" == "EC private key of 256 bits")
        #expect(try CertificateRevocationList(pem: shared.pki.crlPEM("root-crl") ?? "").issuer.text == "CN=root")
    }

    @Test("without anything in it is told as empty", arguments: ["", " \r\n\t"])
    func empty(text: String) throws {
        #expect(try code { _ = try Certificate.certificates(inPEM: text) }.code == .emptyInput)
        #expect(try code { _ = try CertificatePool(pem: text) }.code == .emptyInput)
        #expect(try code { _ = try PrivateKey(pem: text) }.code == .emptyInput)
        #expect(try code { _ = try CertificateRevocationList(pem: text) }.code == .emptyInput)
    }

    @Test("that is cut off names the block and its line")
    func truncated() throws {
        let text = "text\n" + pem.dropLast(40)
        let error = try code { _ = try Certificate.certificates(inPEM: text) }
        #expect(error.code == .truncatedPEM)
        #expect(
            error.message
                == "The CERTIFICATE block of line 2 has no '-----END CERTIFICATE-----' line: it is truncated. "
                + "Copy the whole block."
        )
        let joined = try code { _ = try Certificate.certificates(inPEM: pem.dropLast(40) + "\n" + pem) }
        #expect(joined.code == .truncatedPEM)
        #expect(try code { _ = try PrivateKey(pem: String(keyPEM.dropLast(40))) }.code == .truncatedPEM)
    }

    @Test("that loses base64 lines is told as damaged, never as shorter")
    func damaged() throws {
        var lines = pem.split(separator: "\n").map(String.init)
        lines.remove(at: 2)
        #expect(
            try code { _ = try Certificate(pem: lines.joined(separator: "\n")) }.code == .undecodableCertificate
        )
        lines[2] = "*" + lines[2].dropFirst()
        #expect(try code { _ = try Certificate(pem: lines.joined(separator: "\n")) }.code == .malformedPEM)
        let other = pem.replacing("END CERTIFICATE", with: "END PRIVATE KEY")
        #expect(try code { _ = try Certificate(pem: other) }.code == .malformedPEM)
        let empty = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"
        #expect(try code { _ = try Certificate(pem: empty) }.code == .malformedPEM)
    }

    @Test(
        "that lost its newlines says so, by how they were lost",
        arguments: [
            (" ", "goes on behind the hyphens of its BEGIN: its newlines were lost"),
            ("", "goes on behind the hyphens of its BEGIN: its newlines were lost"),
            ("\t", "goes on behind the hyphens of its BEGIN: its newlines were lost"),
            ("\\n", "has its newlines written as \\n, as in JSON"),
        ]
    )
    func joined(separator: String, words: String) throws {
        for (label, text) in [("CERTIFICATE", pem), ("PRIVATE KEY", keyPEM)] {
            let joined = "first\n" + text.split(separator: "\n").joined(separator: separator)
            let error = try code { _ = try PrivateKey(pem: joined) }
            #expect(error.code == .malformedPEM)
            #expect(error.message.hasPrefix("The \(label) block of line 2 \(words)"), "\(error.message)")
        }
        let carriageReturns = keyPEM.replacing("\n", with: "\r")
        #expect(try "\(PrivateKey(pem: carriageReturns))" == "EC private key of 256 bits")
    }

    @Test(
        "begins with a label, which has no two hyphens in a row and ends at the first five",
        arguments: ["PRIVATE--KEY", "-PRIVATE KEY", "PRIVATE KEY ", "PRIVATE  KEY", "", "PRIVATE\u{7F}KEY", "CL\u{C9}"]
    )
    func label(label: String) throws {
        let text = keyPEM.replacing("BEGIN PRIVATE KEY", with: "BEGIN \(label)")
        let error = try code { _ = try PrivateKey(pem: text) }
        #expect(error.code == .malformedPEM)
        #expect(
            error.message.contains("found a line 1 that starts like a BEGIN line and isn't one"),
            "\(error.message)"
        )
    }

    @Test("is told from DER and from anything else")
    func notPEM() throws {
        let der = shared.entity("client").certificateDER
        let error = try code { _ = try Certificate.certificates(inPEM: der) }
        #expect(error.code == .derInsteadOfPEM)
        #expect(error.message.contains("found \(der.count) bytes of DER"))
        #expect(try code { _ = try PrivateKey(pem: shared.entity("client").privateKeyPKCS8) }.code == .derInsteadOfPEM)
        #expect(
            try code { _ = try CertificateRevocationList(pem: shared.pki.crl("root-crl") ?? []) }.code
                == .derInsteadOfPEM
        )
        #expect(try code { _ = try Certificate.certificates(inPEM: "hello") }.code == .malformedPEM)
        #expect(try code { _ = try Certificate.certificates(inPEM: [0xFF, 0x00, 0x80]) }.code == .malformedPEM)
    }

    @Test("of another kind names what was found")
    func otherKind() throws {
        let certificate = try code { _ = try Certificate.certificates(inPEM: keyPEM) }
        #expect(certificate.code == .noCertificateFound)
        #expect(certificate.message.contains("found PRIVATE KEY"))
        let key = try code { _ = try PrivateKey(pem: pem) }
        #expect(key.code == .noPrivateKeyFound)
        #expect(key.message.contains("found CERTIFICATE"))
        #expect(try code { _ = try CertificateRevocationList(pem: pem) }.code == .noRevocationListFound)
        #expect(try code { _ = try Certificate(pem: pem + pem) }.code == .severalFound)
        #expect(try code { _ = try PrivateKey(pem: keyPEM + keyPEM) }.code == .severalFound)
    }

    @Test("DER with bytes behind it doesn't decode")
    func trailingBytes() throws {
        let der = shared.entity("client").certificateDER
        #expect(try code { _ = try Certificate(der: der + [0]) }.code == .undecodableCertificate)
        #expect(try code { _ = try Certificate(der: Array(der.dropLast())) }.code == .undecodableCertificate)
        #expect(try code { _ = try Certificate(der: []) }.code == .emptyInput)
        #expect(try code { _ = try PrivateKey(der: [0x30, 0x00]) }.code == .undecodableKey)
        #expect(try code { _ = try CertificateRevocationList(der: [1]) }.code == .undecodableRevocationList)
    }

    @Test("an encrypted key in DER is refused: there is no passphrase for it, and nobody is asked")
    func encryptedDER() throws {
        let base64 = encryptedPKCS8.split(separator: "\n").dropFirst().dropLast().joined()
        let der = [UInt8](try #require(Data(base64Encoded: base64)))
        #expect(try code { _ = try PrivateKey(der: der) }.code == .undecodableKey)
    }

    @Test("keys that are encrypted need their passphrase", arguments: [encryptedPKCS8, encryptedTraditional])
    func encrypted(pem: String) throws {
        let missing = try code { _ = try PrivateKey(pem: pem) }
        #expect(missing.code == .encryptedKey)
        #expect(missing.message.contains("is encrypted and there is no passphrase"))
        #expect(try code { _ = try PrivateKey(pem: pem, passphrase: "wrong") }.code == .wrongPassphrase)
        #expect(try code { _ = try PrivateKey(pem: pem, passphrase: "") }.code == .wrongPassphrase)
        let long = String(repeating: "x", count: 100_000)
        #expect(try code { _ = try PrivateKey(pem: pem, passphrase: long) }.code == .wrongPassphrase)
        #expect(try "\(PrivateKey(pem: pem, passphrase: "secret"))" == "EC private key of 256 bits")
    }
}

/// One throwaway key that nothing trusts, encrypted with "secret" as PKCS #8 (RFC 5958).
let encryptedPKCS8 = """
    -----BEGIN ENCRYPTED PRIVATE KEY-----
    MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjTTEWeQJahuAICCAAw
    DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEItRetTDbq/Zx0KYPF2/6GwEgZA6
    HBPLJ2VqgC8gHTAGimqvB4hnqavfL2pN9ma0cVfgIfHYWs9nGjiyGE7OTIPf6R6G
    VN/yhpMIKmOchFfulLb5ALDWH1lPbBnh1Td+hP8jJQx4s+nPCDpM8ftE5e2jGQQP
    r8bmPJ6NB2EXjJqorp4Vhr7P3M55nv1FimFjfTgexE4MVzenYEGfc+ehT2W2Mh4=
    -----END ENCRYPTED PRIVATE KEY-----
    """

/// The same with the headers of RFC 1421.
let encryptedTraditional = """
    -----BEGIN EC PRIVATE KEY-----
    Proc-Type: 4,ENCRYPTED
    DEK-Info: AES-128-CBC,F268B9F186E600C425668C199088BF0C

    +oYMhryBwkBeSTCEK5Q9d2LcSAihBJlYbhsLmSDG8Ltxl64EbzFxHl5mEvZK+EQj
    Atr2654Hq1xcEN9g9qfPOkS6JUnO3FR3G+kT3Ep6HiXRZYR8xgYPOSFVy6S+fxJZ
    k9UyPT+51qeKgHjepRgNJU1J2Z7XZ8qnDB6mtGbaS3Q=
    -----END EC PRIVATE KEY-----
    """
