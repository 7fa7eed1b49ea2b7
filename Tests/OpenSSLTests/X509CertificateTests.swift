import OpenSSL
import OpenSSLMinting
import Testing

@Suite("Certificates and keys")
struct X509CertificateTests {
    @Test("are decoded to their last byte")
    func trailingBytes() throws {
        let der = try Minted.root("ca").certificate.der
        #expect(try X509Certificate(der: der).der == der)
        let error = try #require(throws: OpenSSLError.self) { try X509Certificate(der: der + [0, 0]) }
        #expect(error.call == "d2i_X509: 2 bytes follow the certificate")
        let short = try #require(throws: OpenSSLError.self) { try X509Certificate(der: Array(der.dropLast())) }
        #expect(short.call == "d2i_X509")
        #expect(!short.entries.isEmpty)
    }

    @Test("match their own key alone, and leave no error behind")
    func matching() throws {
        let one = try Minted.root("one")
        let other = try Minted.root("other")
        #expect(one.certificate.matches(privateKey: one.key.key))
        #expect(!one.certificate.matches(privateKey: other.key.key))
        #expect(ErrorQueue.drain(call: "").entries.isEmpty)
    }

    @Test("a key usage is read with its bits, and is nil without the extension")
    func keyUsage() throws {
        #expect(try Minted.root("ca", extensions: []).certificate.keyUsage == nil)
        let usage = CertificateExtension.keyUsage([.digitalSignature, .keyAgreement])
        #expect(try Minted.root("ca", extensions: [usage]).certificate.keyUsage == [.digitalSignature, .keyAgreement])
    }

    @Test("an extended key usage that doesn't decode is told from none")
    func undecodablePurpose() throws {
        let broken = CertificateExtension.other(identifier: "2.5.29.37", isCritical: false, value: [0x04, 0x00])
        let certificate = try Minted.root("ca", extensions: [broken]).certificate
        #expect(certificate.hasExtendedKeyUsageExtension)
        #expect(certificate.extendedKeyUsages == nil)
    }

    @Test("addresses are read and written in their usual forms")
    func addresses() {
        #expect(addressBytes("127.0.0.1") == [127, 0, 0, 1])
        #expect(addressBytes("::1")?.count == 16)
        #expect(addressBytes("127.1") == nil)
        #expect(addressBytes("") == nil)
        #expect(addressText([10, 0, 0, 1]) == "10.0.0.1")
        #expect(addressText(addressBytes("2001:db8::1") ?? []) == "2001:db8::1")
        #expect(addressText([1, 2, 3]) == nil)
    }

    @Test("digests are those of FIPS 180-4")
    func digest() {
        #expect(sha256(Array("abc".utf8)).prefix(4) == [0xBA, 0x78, 0x16, 0xBF])
        #expect(sha256([]).count == 32)
    }
}
