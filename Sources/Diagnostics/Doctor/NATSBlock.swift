internal import ConformanceModel
internal import Foundation
internal import MutualTLSSystems

/// The `tls` block of a NATS configuration: the files that it names, and what its settings lead to.
struct NATSBlock {
    /// The file of the configuration.
    let path: String
    private let block: NATSTLSBlock?
    /// Whether the configuration is a client's: it names servers.
    let isClient: Bool
    private(set) var findings: [Finding] = []

    init(_ path: String) throws {
        self.path = path
        guard let data = FileManager.default.contents(atPath: path) else {
            throw DiagnosticsError.usage("can't read \(path)")
        }
        do {
            let configuration = try NATSConfiguration(parsing: String(decoding: data, as: UTF8.self))
            block = configuration.tls
            isClient = !configuration.servers.isEmpty
        } catch  where error.code == .unknownKey || error.code == .invalidValue {
            block = nil
            isClient = false
            let message = "nats-server refuses this configuration. \(error.message)"
            findings = [finding("cfg-unknown-mtls-option", .error, message, "nats-server -t -c \(ShellWord.of(path))")]
            return
        } catch {
            block = nil
            isClient = false
            let message = "nats-server doesn't parse this configuration. \(error.message)"
            findings = [finding("cfg-unknown-mtls-option", .error, message, "nats-server -t -c \(ShellWord.of(path))")]
            return
        }
        guard let block else {
            let message = "it has no tls block at its top level: clients connect without TLS"
            findings = [finding("cfg-setting-in-wrong-block", .error, message, Self.grep("tls", path))]
            return
        }
        check(block)
    }

    /// Certificate and key of this side.
    var certificateFile: String? { block?.certFile }
    var keyFile: String? { block?.keyFile }

    /// The authorities by which this side judges the other.
    var authorityFile: String? { block?.caFile }

    private mutating func check(_ block: NATSTLSBlock) {
        let settings = Self.grep("ca_file|verify|insecure", path)
        if isClient {
            if block.insecure {
                let message = "insecure is set: the client takes any server for its own"
                findings.append(finding("cfg-insecure-skip-verify-left-on", .error, message, settings))
            } else if block.caFile == nil {
                let message = "there is no ca_file: the client trusts every public authority of its machine"
                findings.append(finding("path-nil-pool-means-system-roots", .warning, message, settings))
            }
            return
        }
        if block.caFile != nil, !block.requiresClientCertificate {
            let message = "ca_file alone turns nothing on: clients get in without a certificate; add verify: true"
            findings.append(finding("cfg-ca-file-without-verify", .error, message, settings))
        }
        if block.caFile == nil, block.requiresClientCertificate {
            let message = "verify is set without ca_file: whoever has a certificate of any public authority gets in"
            findings.append(finding("path-nil-pool-means-system-roots", .error, message, settings))
        }
    }

    private func finding(_ id: String, _ severity: Finding.Severity, _ message: String, _ command: String) -> Finding {
        Finding(id: id, severity: severity, subject: path, message: message, command: command)
    }

    /// Settings are no business of openssl's.
    private static func grep(_ words: String, _ path: String) -> String {
        "grep -nE \(ShellWord.of(words)) \(ShellWord.of(path))"
    }
}
