internal import ArgumentParser
internal import Foundation
internal import MutualTLS
internal import OpenSSL

/// `countersign doctor`
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Says what will go wrong with certificates, keys, authorities and lists, before any connection.",
        discussion: """
            Files and folders given without an option are sorted by what they hold: authorities judge the certificates \
            that are given beside them. Of a NATS configuration (.conf) the tls block is read, with the files that it \
            names. Each finding names a failure mode, which countersign explain knows, and the \
            command that shows it, of openssl where it is about a certificate, a key or a list. Where there are a certificate, its key and authorities and nothing else is \
            wrong, a handshake in memory is tried with them.

            Ends with 0 without errors (warnings and notes may remain), with 1 otherwise.

            Example: countersign doctor client.crt client.key ca.crt

            Example: countersign doctor nats.conf
            """
    )

    @Argument(help: ArgumentHelp("Files, or folders with them.", valueName: "path"))
    var paths: [String] = []

    @Option(help: ArgumentHelp("The certificate in PEM, its intermediates may follow it.", valueName: "file"))
    var cert: String?

    @Option(help: ArgumentHelp("The private key of the certificate.", valueName: "file"))
    var key: String?

    @Option(help: ArgumentHelp("Authorities that the other side judges the certificate by.", valueName: "file"))
    var ca: [String] = []

    @Option(help: ArgumentHelp("Authorities that this side judges the other side by.", valueName: "file"))
    var peerCA: [String] = []

    @Option(help: ArgumentHelp("Revocation lists.", valueName: "file"))
    var crl: [String] = []

    @Option(help: "What the certificate is for: client or server; guessed from it by default.")
    var role: CertificateChecks.Role?

    @Option(help: ArgumentHelp("The name that clients dial.", valueName: "name"))
    var name: String?

    @Option(help: ArgumentHelp("Warns of certificates that end within these days.", valueName: "days"))
    var expiresWithin: Int = 30

    @Flag(help: "Writes one JSON object a finding.")
    var json = false

    func validate() throws {
        guard !paths.isEmpty || cert != nil || !ca.isEmpty || !crl.isEmpty || key != nil else {
            throw ValidationError("nothing to look at; give files, or a folder")
        }
        guard (0...36_500).contains(expiresWithin) else {
            throw ValidationError("--expires-within is \(expiresWithin); expected 0 to 36500 days")
        }
    }

    func run() throws {
        let findings = try CredentialLoading.checked { try examination().findings() }
        let output = LineOutput(asJSON: json)
        for finding in findings { output.write(finding) }
        let errors = findings.count { $0.severity == .error }
        if !json { print(errors == 0 ? "no errors" : "\(errors) error\(errors == 1 ? "" : "s")") }
        if errors > 0 { throw ExitCode(ProcessStatus.unexpectedResults.rawValue) }
    }

    private func examination() throws -> Examination {
        var examination = Examination(
            role: role,
            name: try name.map(ServerName.init),
            checks: CertificateChecks(now: CredentialLoading.clock(), margin: Int64(expiresWithin) * 86_400)
        )
        var keys: [(file: String, key: PrivateKey)] = []
        func take(_ path: String, _ use: (PatientFile) -> Void) throws {
            let file = try PatientFile(path)
            examination.early += file.findings
            use(file)
        }
        func identity(_ file: PatientFile) {
            if let key = file.key { keys.append((file.path, key)) }
            if !file.certificates.isEmpty { examination.identities.append(.init(chain: file.certificates)) }
            examination.lists += file.lists.map { (file.path, $0) }
        }
        for path in ca { try take(path) { examination.authorities += $0.certificates } }
        for path in peerCA { try take(path) { examination.peerAuthorities += $0.certificates } }
        for path in crl { try take(path) { file in examination.lists += file.lists.map { (file.path, $0) } } }
        for path in [cert, key].compactMap({ $0 }) { try take(path, identity) }
        for path in try paths.flatMap(Self.files) {
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
        return examination
    }

    private static let natsSuffix = ".conf"

    /// The files of a folder, sorted, or the path itself.
    private static func files(_ path: String) throws -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            return [path]
        }
        let suffixes = [".pem", ".crt", ".cer", ".key", ".crl", ".der", natsSuffix]
        let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        let files = names.filter { name in suffixes.contains { name.hasSuffix($0) } }.map { "\(path)/\($0)" }
        guard !files.isEmpty else {
            throw CommandError.usage("\(path): expected files \(suffixes.joined(separator: ", ")), found none")
        }
        return files
    }
}

extension CertificateChecks.Role: ExpressibleByArgument {}

extension Examination {
    /// Gives each chain the key of its first certificate, or of another one; a single key goes to a single chain
    /// whatever it is, since that is what was meant.
    mutating func pair(_ keys: [(file: String, key: PrivateKey)]) {
        for index in identities.indices {
            let chain = identities[index].chain
            let fitting =
                keys.first { key in chain.first?.x509.matches(privateKey: key.key.key) == true }
                ?? keys.first { key in chain.contains { $0.x509.matches(privateKey: key.key.key) } }
            identities[index].key = fitting ?? (keys.count == 1 && identities.count == 1 ? keys[0] : nil)
        }
    }
}
