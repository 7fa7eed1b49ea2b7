internal import MutualTLS
internal import MutualTLSSystems

@testable internal import Conformance

/// Files and texts.
enum TextInputs {
    static func pem(_ bytes: [UInt8]) {
        for read in [
            { _ = try Certificate.certificates(inPEM: bytes) },
            { _ = try PrivateKey(pem: bytes) },
            { _ = try PrivateKey(pem: bytes, passphrase: "x") },
            { _ = try CertificateRevocationList.lists(inPEM: bytes) },
            { _ = try PrivateKey(der: bytes) },
            { _ = try DistinguishedName(der: bytes) },
        ] as [() throws -> Void] {
            do { try read() } catch { _ = "\(error)" }
        }
    }

    static func natsConfiguration(_ bytes: [UInt8]) {
        do {
            _ = try NATSConfiguration(parsing: String(decoding: bytes, as: UTF8.self))
        } catch {
            _ = "\(error)"
        }
    }

    static func scenario(_ bytes: [UInt8]) {
        let log = IssueLog(file: "fuzz.yaml")
        guard let tree = YAMLTree.parse(String(decoding: bytes, as: UTF8.self), log: log) else { return }
        let block = BlockReader(tree, "recipe", log: log)
        _ = RecipeBook(block)
        block.finish()
    }
}
