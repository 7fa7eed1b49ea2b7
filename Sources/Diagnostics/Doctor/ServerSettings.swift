internal import ConformanceModel
internal import Foundation

/// The settings of nginx, HAProxy, Apache httpd, Envoy, PostgreSQL, Redis, mosquitto and etcd that are about TLS: the
/// files that they name, and what the settings lead to. Everything else of a configuration is passed over.
struct ServerSettings {
    enum Program: String {
        case nginx, haproxy = "HAProxy", apache = "Apache httpd", envoy = "Envoy", postgres = "PostgreSQL"
        case redis = "Redis", mosquitto, etcd
    }

    /// The demand of a server on its clients.
    enum Demand { case nothing, certificate, verifiedIfGiven, verified, anyAtAll }

    let path: String
    let program: Program
    private(set) var certificates: [String] = []
    private(set) var keys: [String] = []
    private(set) var authorities: [String] = []
    private(set) var lists: [String] = []
    private(set) var findings: [Finding] = []
    private var demand = Demand.nothing
    private var demandWords = ""

    /// Nil when the text is no configuration of one of these programs.
    init?(_ path: String, _ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard !text.contains("-----BEGIN "), let program = Self.program(of: text) else { return nil }
        self.path = path
        self.program = program
        for line in text.split(whereSeparator: \.isNewline) { read(Self.words(of: String(line), program)) }
        check()
    }

    private static func program(of text: String) -> Program? {
        func has(_ pattern: String) -> Bool { text.range(of: pattern, options: .regularExpression) != nil }
        if has(#"(?m)^\s*ssl_certificate(_key)?\s+[^=;]+;"#) { return .nginx }
        if has(#"(?m)^\s*SSLCertificateFile\s"#) { return .apache }
        if has(#"(?m)^\s*bind\s.*\sssl\s.*\bcrt\s"#) { return .haproxy }
        if has(#"DownstreamTlsContext|UpstreamTlsContext"#) { return .envoy }
        if has(#"(?m)^\s*(client|peer)-transport-security:|--(trusted-ca|cert)-file="#) { return .etcd }
        if has(#"(?m)^\s*tls-(cert-file|port)\s"#) { return .redis }
        if has(#"(?m)^\s*ssl_(cert|key|ca)_file\s*=|^\s*ssl\s*=\s*(on|true|yes|1)\b"#) { return .postgres }
        if has(#"(?m)^\s*(certfile|cafile|require_certificate)\s+\S"#) { return .mosquitto }
        return nil
    }

    /// A line's words without comments, quotes and the marks of its format.
    private static func words(of line: String, _ program: Program) -> [String] {
        var text = line.trimmingCharacters(in: .whitespaces)
        guard !text.hasPrefix("#"), !text.hasPrefix("//") else { return [] }
        if let comment = text.range(of: " #") { text = String(text[..<comment.lowerBound]) }
        let marks = CharacterSet(charactersIn: ";{}[],\"'")
        return text.replacingOccurrences(of: "=", with: " ").replacingOccurrences(of: ": ", with: " ")
            .components(separatedBy: .whitespaces).map { $0.trimmingCharacters(in: marks) }
            .map { $0.hasSuffix(":") ? String($0.dropLast()) : $0 }.filter { !$0.isEmpty && $0 != "-" }
    }

    private var lastKey: String? = nil

    private mutating func read(_ words: [String]) {
        guard let key = words.first else { return }
        switch program {
        case .nginx, .apache, .redis, .mosquitto, .postgres:
            if let value = words.dropFirst().first { set(key, value) }
        case .haproxy:
            guard key == "bind" else { return }
            for (index, word) in words.enumerated() {
                let value = index + 1 < words.count ? words[index + 1] : ""
                set(word, value)
            }
        case .etcd:
            for (index, word) in words.enumerated() {
                let isFlag = word.hasPrefix("--")
                guard index == 0 || isFlag else { continue }
                let value = index + 1 < words.count && !words[index + 1].hasPrefix("--") ? words[index + 1] : "true"
                set(isFlag ? String(word.dropFirst(2)) : word, value)
            }
        case .envoy:
            // `private_key: {filename: KEY}`, on one line or on two.
            if ["certificate_chain", "private_key", "trusted_ca", "crl"].contains(key) { lastKey = key }
            if let place = words.firstIndex(of: "filename"), place + 1 < words.count, let lastKey {
                set(lastKey, words[place + 1])
            } else if key == "require_client_certificate", words.count > 1 {
                set(key, words[1])
            }
        }
    }

    private mutating func set(_ key: String, _ value: String) {
        let isOn = ["on", "true", "yes", "1"].contains(value.lowercased())
        switch (program, key) {
        case (.nginx, "ssl_certificate"), (.apache, "SSLCertificateFile"), (.haproxy, "crt"),
            (.envoy, "certificate_chain"), (.postgres, "ssl_cert_file"), (.redis, "tls-cert-file"),
            (.mosquitto, "certfile"), (.etcd, "cert-file"):
            certificates.append(value)
        case (.nginx, "ssl_certificate_key"), (.apache, "SSLCertificateKeyFile"), (.envoy, "private_key"),
            (.postgres, "ssl_key_file"), (.redis, "tls-key-file"), (.mosquitto, "keyfile"), (.etcd, "key-file"):
            keys.append(value)
        case (.nginx, "ssl_client_certificate"), (.nginx, "ssl_trusted_certificate"),
            (.apache, "SSLCACertificateFile"), (.haproxy, "ca-file"), (.envoy, "trusted_ca"),
            (.postgres, "ssl_ca_file"), (.redis, "tls-ca-cert-file"), (.mosquitto, "cafile"),
            (.etcd, "trusted-ca-file"):
            authorities.append(value)
        case (.nginx, "ssl_crl"), (.apache, "SSLCARevocationFile"), (.haproxy, "crl-file"), (.envoy, "crl"),
            (.postgres, "ssl_crl_file"), (.mosquitto, "crlfile"), (.etcd, "client-crl-file"):
            lists.append(value)
        case (.nginx, "ssl_verify_client"), (.apache, "SSLVerifyClient"), (.haproxy, "verify"):
            ask("\(key) \(value)", Self.demands[value.lowercased()] ?? .nothing)
        case (.envoy, "require_client_certificate"), (.mosquitto, "require_certificate"), (.etcd, "client-cert-auth"):
            ask("\(key) \(value)", isOn ? .verified : .nothing)
        case (.redis, "tls-auth-clients"):
            ask("\(key) \(value)", value == "optional" ? .verifiedIfGiven : value == "no" ? .nothing : .verified)
        case (.haproxy, "ca-ignore-err"), (.haproxy, "crt-ignore-err"):
            report(
                "cfg-ignore-err-hides-failures",
                .error,
                "\(key) \(value) lets certificates in that fail verification",
                key
            )
        default: break
        }
    }

    private static let demands: [String: Demand] = [
        "on": .verified, "require": .verified, "required": .verified, "optional": .verifiedIfGiven,
        "optional_no_ca": .anyAtAll, "none": .nothing, "off": .nothing,
    ]

    private mutating func ask(_ words: String, _ demand: Demand) {
        demandWords = words
        self.demand = demand
    }

    private mutating func check() {
        // Redis asks for certificates unless it is told not to; PostgreSQL's rules stand in pg_hba.conf.
        if program == .redis, demandWords.isEmpty { demand = .verified }
        switch (demand, authorities.isEmpty) {
        case (.nothing, false) where program == .postgres:
            report(
                "cfg-ca-file-without-verify",
                .note,
                "ssl_ca_file has certificates verified that clients send; whether one is required, pg_hba.conf says with "
                    + "clientcert=verify-full or the method cert",
                "ssl_ca_file"
            )
        case (.nothing, false):
            let words =
                demandWords.isEmpty ? "its authorities alone turn nothing on" : "\(demandWords) asks for nothing"
            report(
                "cfg-ca-file-without-verify",
                .error,
                "\(words): clients get in without a certificate; add \(Self.remedy[program] ?? "")",
                "verify|auth|require"
            )
        case (.anyAtAll, _):
            report(
                "cfg-require-any-does-not-verify",
                .warning,
                "\(demandWords) takes certificates of anybody: what reads them has to verify them",
                "verify"
            )
        case (.verified, true), (.verifiedIfGiven, true):
            let result =
                program == .envoy
                ? "accepts certificates of anybody"
                : program == .etcd ? "trusts every public authority" : "doesn't start"
            report(
                program == .envoy ? "cfg-require-any-does-not-verify" : "path-nil-pool-means-system-roots",
                .error,
                "clients are to be verified, and no file of authorities is named: \(program.rawValue) \(result)",
                "verify|auth|require"
            )
        case (.nothing, true), (.certificate, _), (.verified, false), (.verifiedIfGiven, false): break
        }
        if certificates.isEmpty, program != .envoy {
            report("cfg-empty-chain-starts", .warning, "it names no certificate of the server", "cert")
        }
    }

    private static let remedy: [Program: String] = [
        .nginx: "ssl_verify_client on", .apache: "SSLVerifyClient require", .haproxy: "verify required",
        .envoy: "require_client_certificate: true", .redis: "tls-auth-clients yes",
        .mosquitto: "require_certificate true", .etcd: "client-cert-auth: true",
    ]

    private mutating func report(_ id: String, _ severity: Finding.Severity, _ message: String, _ words: String) {
        let command = "grep -nE \(ShellWord.of(words)) \(ShellWord.of(path))"
        findings.append(
            Finding(
                id: id,
                severity: severity,
                subject: path,
                message: "\(program.rawValue): \(message)",
                command: command
            )
        )
    }

    /// A path of the configuration: as it stands, or beside the configuration.
    static func resolved(_ file: String, beside path: String) -> String {
        guard !file.hasPrefix("/"), !FileManager.default.fileExists(atPath: file) else { return file }
        return URL(filePath: path).deletingLastPathComponent().appending(path: file).relativePath
    }
}

/// A Kubernetes secret in YAML or JSON: its entries, decoded.
struct SecretManifest {
    private(set) var entries: [(name: String, bytes: [UInt8])] = []

    /// Nil when the text is no secret.
    init?(_ bytes: [UInt8]) {
        if let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] {
            guard object["kind"] as? String == "Secret" else { return nil }
            for (key, isPlain) in [("data", false), ("stringData", true)] {
                let values = object[key] as? [String: String] ?? [:]
                for (name, value) in values.sorted(by: { $0.key < $1.key }) { add(name, value, isPlain) }
            }
            return
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.range(of: #"(?m)^\s*"?kind"?:\s*"?Secret\b"#, options: .regularExpression) != nil else { return nil }
        var isPlain = false
        var block: (name: String, indent: Int, lines: [String])?
        func indent(_ line: String) -> Int { line.prefix { $0 == " " }.count }
        for line in text.components(separatedBy: "\n") + [""] {
            if let open = block {
                if line.allSatisfy(\.isWhitespace) || indent(line) > open.indent {
                    block?.lines.append(line.trimmingCharacters(in: .whitespaces))
                    continue
                }
                add(open.name, open.lines.joined(separator: "\n"), isPlain)
                block = nil
            }
            let parts = line.trimmingCharacters(in: CharacterSet(charactersIn: " \t\r,{}")).split(
                separator: ":",
                maxSplits: 1
            )
            guard let first = parts.first else { continue }
            let quotes = CharacterSet(charactersIn: "\"' ")
            let name = first.trimmingCharacters(in: quotes)
            let value = parts.count > 1 ? parts[1].trimmingCharacters(in: quotes) : ""
            if name == "data" || name == "stringData" {
                isPlain = name == "stringData"
            } else if name.contains("."), value.hasPrefix("|") || value.hasPrefix(">") {
                block = (name, indent(line), [])
            } else if name.contains("."), !value.isEmpty {
                add(name, value, isPlain)
            }
        }
        if let open = block { add(open.name, open.lines.joined(separator: "\n"), isPlain) }
    }

    private mutating func add(_ name: String, _ value: String, _ isPlain: Bool) {
        let suffixes = [".crt", ".key", ".pem", ".crl", ".cer"]
        guard suffixes.contains(where: { name.hasSuffix($0) }) else { return }
        if isPlain {
            entries.append((name, Array((value + "\n").utf8)))
        } else if let data = Data(base64Encoded: value.filter { !$0.isWhitespace }) {
            entries.append((name, [UInt8](data)))
        }
    }
}
