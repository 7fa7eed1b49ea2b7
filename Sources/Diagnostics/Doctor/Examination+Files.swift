internal import ConformanceModel
internal import Foundation
package import MutualTLS
internal import OpenSSL

/// The files and settings that a user asks about.
package struct ExaminationRequest {
    /// Files and folders without a role: they are sorted by what they hold.
    package var paths: [String] = []
    package var certificate: String?
    package var key: String?
    /// Authorities that judge the certificate.
    package var authorities: [String] = []
    /// Authorities that this side judges the other one by.
    package var peerAuthorities: [String] = []
    package var lists: [String] = []
    /// The purposes of the certificate, both for a member of a cluster; guessed from it when empty.
    package var roles: [CertificateChecks.Role] = []
    /// The name that clients dial.
    package var name: ServerName?
    package var now: Timestamp
    /// How near an end of validity is worth a warning, in seconds.
    package var margin: Int64

    package init(now: Timestamp, margin: Int64) {
        self.now = now
        self.margin = margin
    }
}

extension Examination {
    /// Reads everything that was named, and sorts it.
    package init(_ request: ExaminationRequest) throws {
        var examination = Examination(
            roles: request.roles,
            name: request.name,
            checks: CertificateChecks(now: request.now, margin: request.margin)
        )
        var keys: [(file: String, key: PrivateKey)] = []
        func take(_ path: String, as role: PatientFile.Use? = nil, _ use: (PatientFile) -> Void) throws {
            let file = try PatientFile(path, as: role)
            examination.early += file.findings
            use(file)
        }
        func identity(_ file: PatientFile) {
            if let key = file.key { keys.append((file.path, key)) }
            if !file.certificates.isEmpty { examination.identities.append(.init(chain: file.certificates)) }
            examination.lists += file.lists.map { (file.path, $0) }
        }
        for path in request.authorities {
            try take(path, as: .authorities) { examination.authorities += $0.certificates }
        }
        for path in request.peerAuthorities {
            try take(path, as: .authorities) { examination.peerAuthorities += $0.certificates }
        }
        for path in request.lists {
            try take(path, as: .lists) { file in examination.lists += file.lists.map { (file.path, $0) } }
        }
        if let path = request.certificate { try take(path, as: .certificate, identity) }
        if let path = request.key {
            try take(path, as: .key) { if let key = $0.key { keys.append(($0.path, key)) } }
        }
        func sort(_ file: PatientFile) {
            // An authority's own key beside it makes it no identity.
            let isPool =
                !file.certificates.isEmpty && file.certificates.allSatisfy(\.certificate.isCertificateAuthority)
            if isPool { examination.authorities += file.certificates } else { identity(file) }
        }
        /// A file that a configuration names: where it can't be read, the program can't read it either.
        func named(_ file: String, in settings: String, as role: PatientFile.Use, _ use: (PatientFile) -> Void) throws {
            let path = ServerSettings.resolved(file, beside: settings)
            var isFolder: ObjCBool = false
            let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            guard !isFolder.boolValue else { return }
            guard isThere || PatientFile.isToken(path), FileManager.default.isReadableFile(atPath: path) || !isThere
            else {
                let message = "it names \(file), which \(isThere ? "can't be read" : "doesn't exist")"
                examination.early.append(
                    Finding(
                        id: "cfg-fail-open-missing-ca-file",
                        severity: .error,
                        subject: settings,
                        message: message,
                        command: "ls -l \(ShellWord.of(path))"
                    )
                )
                return
            }
            try take(path, as: role, use)
        }
        for path in try request.paths.flatMap(Self.files) {
            let content = FileManager.default.contents(atPath: path).map { [UInt8]($0) } ?? []
            if let secret = SecretManifest(content) {
                for entry in secret.entries {
                    let file = PatientFile("\(path)#\(entry.name)", entry.bytes)
                    examination.early += file.findings
                    if entry.name == "ca.crt" { examination.authorities += file.certificates } else { sort(file) }
                }
                continue
            }
            if let settings = ServerSettings(path, content) {
                examination.early += settings.findings
                if examination.roles.isEmpty { examination.roles = [.server] }
                for file in settings.certificates { try named(file, in: path, as: .certificate, identity) }
                for file in settings.keys {
                    try named(file, in: path, as: .key) { if let key = $0.key { keys.append(($0.path, key)) } }
                }
                for file in settings.authorities {
                    try named(file, in: path, as: .authorities) { examination.peerAuthorities += $0.certificates }
                }
                for file in settings.lists {
                    try named(file, in: path, as: .lists) { file in
                        examination.lists += file.lists.map { (file.path, $0) }
                    }
                }
                continue
            }
            if path.hasSuffix(Self.natsSuffix) {
                let nats = try NATSBlock(path)
                examination.early += nats.findings
                if examination.roles.isEmpty { examination.roles = [nats.isClient ? .client : .server] }
                if let file = nats.certificateFile { try named(file, in: path, as: .certificate, identity) }
                if let file = nats.keyFile { try named(file, in: path, as: .key, identity) }
                if let file = nats.authorityFile {
                    try named(file, in: path, as: .authorities) { examination.peerAuthorities += $0.certificates }
                }
                continue
            }
            try take(path, sort)
        }
        examination.pair(keys)
        self = examination
    }

    private static let natsSuffix = ".conf"

    /// The files of a folder, sorted, or the path itself.
    private static func files(_ path: String) throws -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            return [path]
        }
        let suffixes = [
            ".pem", ".crt", ".cer", ".key", ".crl", ".der", ".p12", ".pfx", ".p7b", ".p7c", ".jks", ".csr", natsSuffix,
            ".cfg", ".yaml",
            ".yml",
        ]
        let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        let files = names.filter { name in suffixes.contains { name.hasSuffix($0) } }.map { "\(path)/\($0)" }
        guard !files.isEmpty else {
            throw DiagnosticsError.usage("\(path): expected files \(suffixes.joined(separator: ", ")), found none")
        }
        return files
    }

    /// Gives each chain the key of its first certificate, or of another one; a single key goes to a single chain
    /// whatever it is, since that is what was meant.
    private mutating func pair(_ keys: [(file: String, key: PrivateKey)]) {
        for index in identities.indices {
            let chain = identities[index].chain
            let fitting =
                keys.first { key in chain.first?.x509.matches(privateKey: key.key.key) == true }
                ?? keys.first { key in chain.contains { $0.x509.matches(privateKey: key.key.key) } }
            identities[index].key = fitting ?? (keys.count == 1 && identities.count == 1 ? keys[0] : nil)
        }
    }
}
