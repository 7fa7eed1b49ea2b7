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
    /// The purpose of the certificate; guessed from it when nil.
    package var role: CertificateChecks.Role?
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
            role: request.role,
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
        for path in try request.paths.flatMap(Self.files) {
            if path.hasSuffix(Self.natsSuffix) {
                let nats = try NATSBlock(path)
                examination.early += nats.findings
                if examination.role == nil { examination.role = nats.isClient ? .client : .server }
                for file in nats.identityFiles { try take(file, identity) }
                if let file = nats.authorityFile { try take(file) { examination.peerAuthorities += $0.certificates } }
                continue
            }
            try take(path) { file in
                // An authority's own key beside it makes it no identity.
                let isPool =
                    !file.certificates.isEmpty && file.certificates.allSatisfy(\.certificate.isCertificateAuthority)
                if isPool { examination.authorities += file.certificates } else { identity(file) }
            }
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
