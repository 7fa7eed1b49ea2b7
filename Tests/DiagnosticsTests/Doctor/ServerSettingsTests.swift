import Foundation
import Testing

@testable import Diagnostics

@Suite("The TLS settings of a server's configuration")
struct ServerSettingsTests {
    struct Example: CustomTestStringConvertible {
        var program: ServerSettings.Program
        var text: String
        var finding: String?
        var testDescription: String { "\(program.rawValue): \(finding ?? "in order")" }
    }

    static let examples = [
        Example(
            program: .nginx,
            text: "server { listen 443 ssl;\n ssl_certificate a.crt;\n ssl_certificate_key a.key; # ours\n"
                + " ssl_client_certificate ca.crt;\n ssl_verify_client on;\n}"
        ),
        Example(
            program: .nginx,
            text: "ssl_certificate a.crt;\nssl_certificate_key a.key;\nssl_client_certificate ca.crt;\n",
            finding: "cfg-ca-file-without-verify"
        ),
        Example(
            program: .nginx,
            text: "ssl_certificate a.crt;\nssl_certificate_key a.key;\nssl_client_certificate ca.crt;\n"
                + "ssl_verify_client optional_no_ca;\n",
            finding: "cfg-require-any-does-not-verify"
        ),
        Example(
            program: .haproxy,
            text: "frontend f\n bind *:443 ssl crt a.crt ca-file ca.crt\n",
            finding: "cfg-ca-file-without-verify"
        ),
        Example(
            program: .haproxy,
            text: "frontend f\n bind *:443 ssl crt a.crt ca-file ca.crt verify required crt-ignore-err all\n",
            finding: "cfg-ignore-err-hides-failures"
        ),
        Example(
            program: .apache,
            text: "SSLEngine on\nSSLCertificateFile a.crt\nSSLCertificateKeyFile a.key\nSSLCACertificateFile ca.crt\n"
                + "SSLVerifyClient none\n",
            finding: "cfg-ca-file-without-verify"
        ),
        Example(
            program: .envoy,
            text: "\"@type\": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext\n"
                + "require_client_certificate: true\ncommon_tls_context:\n  tls_certificates:\n"
                + "  - certificate_chain: {filename: a.crt}\n    private_key:\n      filename: a.key\n",
            finding: "cfg-require-any-does-not-verify"
        ),
        Example(
            program: .postgres,
            text: "ssl = on\nssl_cert_file = 'a.crt'\nssl_key_file = 'a.key'\nssl_ca_file = 'ca.crt'\n",
            finding: "cfg-ca-file-without-verify"
        ),
        Example(
            program: .redis,
            text: "tls-port 6379\ntls-cert-file a.crt\ntls-key-file a.key\ntls-ca-cert-file ca.crt\n"
        ),
        Example(
            program: .redis,
            text: "tls-port 6379\ntls-cert-file a.crt\ntls-key-file a.key\ntls-ca-cert-file ca.crt\n"
                + "tls-auth-clients no\n",
            finding: "cfg-ca-file-without-verify"
        ),
        Example(
            program: .mosquitto,
            text: "listener 8883\ncertfile a.crt\nkeyfile a.key\ncafile ca.crt\n",
            finding: "cfg-ca-file-without-verify"
        ),
        Example(
            program: .etcd,
            text: "client-transport-security:\n  cert-file: a.crt\n  key-file: a.key\n  client-cert-auth: true\n",
            finding: "path-nil-pool-means-system-roots"
        ),
        Example(
            program: .etcd,
            text: "etcd --cert-file=a.crt --key-file=a.key --trusted-ca-file=ca.crt --client-cert-auth\n"
        ),
    ]

    @Test("are read as the program reads them, and the first fault is named", arguments: examples)
    func read(example: Example) throws {
        let settings = try #require(ServerSettings("server.conf", Array(example.text.utf8)))
        #expect(settings.program == example.program)
        #expect(settings.certificates == ["a.crt"])
        if example.program != .haproxy { #expect(settings.keys == ["a.key"]) }
        #expect(settings.findings.map(\.id) == (example.finding.map { [$0] } ?? []))
    }

    @Test("are no settings where a text is anything else")
    func others() {
        for text in ["hello", "-----BEGIN CERTIFICATE-----\nssl_certificate a;\n", "tls { cert_file: \"a\" }"] {
            #expect(ServerSettings("a.conf", Array(text.utf8)) == nil)
        }
    }

    @Test("A Kubernetes secret gives its entries, encoded and as text")
    func secret() throws {
        let certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
        let encoded = Data(certificate.utf8).base64EncodedString()
        let yaml =
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\ntype: kubernetes.io/tls\ndata:\n"
            + "  tls.crt: \(encoded)\n  ca.crt: \"\(encoded)\"\n  note: aGVsbG8=\nstringData:\n  tls.key: |\n"
            + "    -----BEGIN PRIVATE KEY-----\n    AAAA\n    -----END PRIVATE KEY-----\n"
        let secret = try #require(SecretManifest(Array(yaml.utf8)))
        #expect(secret.entries.map(\.name) == ["tls.crt", "ca.crt", "tls.key"])
        #expect(secret.entries[0].bytes == Array(certificate.utf8))
        #expect(
            String(decoding: secret.entries[2].bytes, as: UTF8.self).hasPrefix("-----BEGIN PRIVATE KEY-----\nAAAA\n")
        )
        let json = "{\"kind\": \"Secret\",\n \"data\": {\n  \"tls.crt\": \"\(encoded)\"\n }}"
        #expect(SecretManifest(Array(json.utf8))?.entries.map(\.name) == ["tls.crt"])
        #expect(SecretManifest(Array("kind: ConfigMap\ndata:\n  tls.crt: AAAA\n".utf8)) == nil)
    }
}
