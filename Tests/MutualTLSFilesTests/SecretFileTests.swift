import DamagedKeys
import Foundation
import LogCapture
import MutualTLS
import MutualTLSFiles
import Testing

@Suite("Secrets in files")
struct SecretFileTests {
    @Test("No error, warning or state of a file shows 12 bytes of a key, however damaged", arguments: DamagedKey.all)
    func damagedKeys(key: DamagedKey) throws {
        let folder = try ScratchFolder()
        let log = LogLines()
        var shown = ""
        func tell(_ body: () throws -> Any) {
            do {
                dump(try body(), to: &shown)
            } catch {
                shown += "\(error) \(String(reflecting: error)) \(error.localizedDescription)"
                dump(error, to: &shown)
            }
        }
        try folder.write(MintedPair.certificate("old"), to: "tls.crt")
        try folder.write(MintedPair.key("old"), to: "tls.key")
        try folder.write(MintedPair.revocationList("nobody"), to: "list.crl")
        try folder.write(key.bytes, to: "damaged")
        let good = IdentityFiles(certificate: folder.path("tls.crt"), privateKey: folder.path("tls.key"))
        for passphrase in [nil, "wrong", "throwaway"] {
            var files = good
            files.privateKey = folder.path("damaged")
            files.passphrase = passphrase
            tell { try files.load(logger: log.logger) }
        }
        var files = good
        files.certificate = folder.path("damaged")
        tell { try files.load(logger: log.logger) }
        files = good
        files.chain = folder.path("damaged")
        tell { try files.load(logger: log.logger) }
        tell { try CertificatePoolFiles(folder.path("damaged")).load() }
        tell { try RevocationListFiles(folder.path("damaged")).load() }

        let identity = try IdentityReloader(good, at: noon, logger: log.logger)
        let pool = try PoolReloader(CertificatePoolFiles(folder.path("tls.crt")), at: noon, logger: log.logger)
        let lists = try RevocationListReloader(
            RevocationListFiles(folder.path("list.crl")),
            at: noon,
            logger: log.logger
        )
        for name in ["tls.key", "tls.crt", "list.crl"] {
            try folder.write(key.bytes, to: name)
            tell { (identity.check(at: noon), pool.check(at: noon), lists.check(at: noon)) }
            tell { (identity.status, pool.status, lists.status) }
        }
        #expect(KeyLeak.find(in: shown) == nil)
        #expect(KeyLeak.find(in: log.all.joined(separator: "\n")) == nil)
    }
}
