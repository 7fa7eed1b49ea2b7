import DamagedKeys
import Foundation
import MutualTLS
import Testing

@Suite("Secrets")
struct SecretTests {
    /// Every entry of the library that takes bytes of a file.
    static let entries: [(name: String, read: @Sendable ([UInt8]) throws -> Any)] = [
        ("PrivateKey(pem:)", { try PrivateKey(pem: $0) }),
        ("PrivateKey(pem:passphrase:)", { try PrivateKey(pem: $0, passphrase: "wrong") }),
        ("PrivateKey(pem:passphrase:), right", { try PrivateKey(pem: $0, passphrase: "throwaway") }),
        ("PrivateKey(der:)", { try PrivateKey(der: $0) }),
        ("Certificate(pem:)", { try Certificate(pem: $0) }),
        ("Certificate(der:)", { try Certificate(der: $0) }),
        ("Certificate.certificates(inPEM:)", { try Certificate.certificates(inPEM: $0) }),
        ("CertificatePool(pem:)", { try CertificatePool(pem: $0) }),
        ("CertificateRevocationList(pem:)", { try CertificateRevocationList(pem: $0) }),
        ("CertificateRevocationList(der:)", { try CertificateRevocationList(der: $0) }),
        ("CertificateRevocationList.lists(inPEM:)", { try CertificateRevocationList.lists(inPEM: $0) }),
        ("DistinguishedName(der:)", { try DistinguishedName(der: $0) }),
        ("ServerName", { try ServerName(String(decoding: $0, as: UTF8.self)) }),
        (
            "MutualTLSClient.importSessions",
            { bytes in
                var settings = MutualTLSConfiguration.Client(currentTime: clock)
                settings.rootCAs = try shared.pool("root")
                settings.serverName = try ServerName("server.test")
                settings.sessions = .scoped()
                try settings.resolve().importSessions(bytes)
                return ()
            }
        ),
    ]

    @Test("No entry of the library shows 12 bytes of a key, however damaged", arguments: DamagedKey.all)
    func damagedKeys(key: DamagedKey) {
        for entry in Self.entries {
            var shown = ""
            do {
                let value = try entry.read(key.bytes)
                shown += "\(value) \(String(reflecting: value))"
                dump(value, to: &shown)
            } catch {
                shown += "\(error) \(String(reflecting: error)) \(error.localizedDescription)"
                dump(error, to: &shown)
            }
            #expect(KeyLeak.find(in: shown) == nil, "\(entry.name)")
        }
    }

    @Test("The search finds a key in the shapes in which a message may show it")
    func search() {
        let text = "-----BEGIN \(plainKeyPEM.split(separator: "\n")[1])"
        #expect(KeyLeak.find(in: "The block ends as \(text.dropFirst(20).prefix(12))…") != nil)
        #expect(KeyLeak.find(in: plainKeyPEM.replacing("\n", with: "\\n").suffix(60).description) != nil)
        #expect(KeyLeak.find(in: "Expected a private key in PEM, found 241 bytes.") == nil)
    }
}
