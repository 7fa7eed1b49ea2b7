import DamagedKeys
import MutualTLSSystems
import Testing

@Suite("Secrets in NATS configurations")
struct NATSSecretTests {
    @Test("No error about a configuration shows 12 bytes of a key, however damaged", arguments: DamagedKey.all)
    func damagedKeys(key: DamagedKey) {
        let text = String(decoding: key.bytes, as: UTF8.self)
        let word = text.split(whereSeparator: \.isWhitespace).max { $0.count < $1.count } ?? ""
        let configurations = [
            text, "tls {\n\(text)\n}", "tls { \(word): 1 }", "tls { verify: \(word) }", "tls { timeout: \"\(word)\" }",
            "tls { pinned_certs: [\"\(word)\"] }", "tls { key_file: $\(word) }", "listen: \(word)", "port: \(word)",
            "\(word)\n", "include \(word)", "servers: [\(text)]",
        ]
        for configuration in configurations {
            var shown = ""
            do {
                // What was read is the caller's; only messages are looked at.
                _ = try NATSConfiguration(parsing: configuration)
            } catch {
                shown = "\(error) \(String(reflecting: error))"
                dump(error, to: &shown)
            }
            #expect(KeyLeak.find(in: shown) == nil, "\(configuration)")
        }
    }

    @Test("A misspelled key is still named")
    func misspelled() throws {
        let error = try #require(throws: MutualTLSSystemsError.self) {
            _ = try NATSConfiguration(parsing: "tls { curve_preferencesOfClients: 1 }")
        }
        #expect(error.message.contains("found curve_preferencesOfClients"))
    }
}
