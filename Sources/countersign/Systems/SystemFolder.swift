internal import Campaign
internal import ConformanceModel
internal import Foundation
internal import Glibc
internal import ThrowawayPKI

/// A system of the documentation that `system` starts.
enum DocumentedSystem: String, CaseIterable {
    case ergo, nats, http, gateway

    /// The file that its configuration is read from.
    var configurationFile: String {
        switch self {
        case .ergo: "nodes.json"
        case .nats: "server.conf"
        case .http: "server.json"
        case .gateway: "gateway.json"
        }
    }
}

/// The folder of a system: certificates and keys that were made on the spot, and its configuration.
struct SystemFolder {
    let path: String
    /// Whether it goes with the process.
    let isTemporary: Bool

    /// Takes the folder of an earlier start as it is, or makes a new one.
    ///
    /// - Parameter name: A folder that is new, empty, or holds the system's configuration; nil is a new one among
    ///   temporary files, for its owner alone.
    init(_ system: DocumentedSystem, named name: String?, port: Int) throws {
        if let name {
            let files = (try? FileManager.default.contentsOfDirectory(atPath: name)) ?? []
            path = URL(filePath: name).standardizedFileURL.path()
            isTemporary = false
            if files.contains(system.configurationFile) { return }
            guard files.isEmpty else {
                throw CommandError.usage(
                    "\(name): expected a new or empty folder, or one with \(system.configurationFile), found other files; "
                        + "choose another with --folder"
                )
            }
        } else {
            let base = FileManager.default.temporaryDirectory.path().trimmingSuffix("/")
            var template = Array("\(base)/countersign-\(system.rawValue)-XXXXXX".utf8CString)
            guard let made = mkdtemp(&template) else {
                throw CommandError.usage("\(base): can't make a folder there: \(String(cString: strerror(errno)))")
            }
            path = String(cString: made)
            isTemporary = true
        }
        try fill(system, port: port)
    }

    func remove() {
        if isTemporary { try? FileManager.default.removeItem(atPath: path) }
    }

    private func fill(_ system: DocumentedSystem, port: Int) throws {
        let pki: PKI
        do {
            pki = try PKI.mint(
                system.recipe,
                now: Int64(time(nil)),
                seed: UInt64.random(in: .min ... .max),
                keys: KeyPool()
            )
        } catch {
            throw CommandError(message: "\(error)", status: .harnessFault)
        }
        for (name, certificate, key) in system.files {
            guard let entity = pki[name] else { continue }
            try write(entity.certificatePEM, to: certificate, mode: 0o644)
            if let key { try write(entity.privateKeyPEM, to: key, mode: 0o600) }
        }
        for (name, text) in system.texts(folder: path, port: port) { try write(text, to: name, mode: 0o600) }
    }

    /// Files have their mode from the first moment.
    private func write(_ text: String, to name: String, mode: mode_t) throws {
        let file = "\(path)/\(name)"
        try? FileManager.default.createDirectory(
            atPath: URL(filePath: file).deletingLastPathComponent().path(),
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else {
            throw CommandError.usage("\(file): can't be written: \(String(cString: strerror(errno)))")
        }
        do {
            let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            try handle.write(contentsOf: Data(text.utf8))
            try handle.close()
        } catch {
            throw CommandError.usage("\(file): can't be written: \(FileReason.of(error))")
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}

extension DocumentedSystem {
    private static func authority(_ name: String, _ commonName: String) -> CertificateRecipe {
        CertificateRecipe(name: name, isCA: true, subject: Subject(commonName: commonName), validTo: 30 * 86_400)
    }

    private static func server(_ name: String, _ issuer: String, _ names: [String]) -> CertificateRecipe {
        CertificateRecipe(
            name: name,
            issuer: issuer,
            subject: Subject(commonName: names[0]),
            validTo: 30 * 86_400,
            dnsNames: names,
            ipAddresses: ["127.0.0.1", "::1"],
            // A node is a server and a client with one certificate.
            extendedKeyUsages: ["serverAuth", "clientAuth"]
        )
    }

    private static func client(_ name: String, _ issuer: String, _ commonName: String) -> CertificateRecipe {
        CertificateRecipe(
            name: name,
            issuer: issuer,
            subject: Subject(commonName: commonName),
            validTo: 30 * 86_400,
            extendedKeyUsages: ["clientAuth"]
        )
    }

    /// The certificates that the documentation has, and one of another authority to be refused.
    fileprivate var recipe: Recipe {
        let stranger = [Self.authority("other-ca", "Other CA"), Self.client("stranger", "other-ca", "stranger")]
        let own: [CertificateRecipe] =
            switch self {
            case .ergo:
                [
                    Self.authority("ca", "Cluster CA"), Self.server("node-a", "ca", ["node-a", "localhost"]),
                    Self.server("node-b", "ca", ["node-b", "localhost"]),
                    Self.server("new", "ca", ["node-a-renewed", "localhost"]),
                ]
            case .nats:
                [
                    Self.authority("server-ca", "NATS server CA"), Self.authority("client-ca", "NATS client CA"),
                    Self.server("server", "server-ca", ["server-main", "localhost"]),
                    Self.client("client-a", "client-ca", "client-a"), Self.client("client-b", "client-ca", "client-b"),
                ]
            case .http:
                [
                    Self.authority("ca", "Example CA"), Self.server("server", "ca", ["localhost"]),
                    Self.server("new", "ca", ["localhost", "renewed.localhost"]), Self.client("client", "ca", "alice"),
                ]
            case .gateway:
                [
                    Self.authority("ca", "Internal CA"), Self.server("iam", "ca", ["iam.internal", "localhost"]),
                    Self.client("client", "ca", "nuxt-gateway"),
                ]
            }
        return Recipe(certificates: own + stranger)
    }

    /// Which entry becomes which files, by the names of the documentation. Nobody needs the key of an authority.
    fileprivate var files: [(entry: String, certificate: String, key: String?)] {
        let own: [(String, String, String?)] =
            switch self {
            case .ergo:
                [
                    ("ca", "cluster-ca.pem", nil), ("node-a", "node-a.pem", "node-a-key.pem"),
                    ("node-b", "node-b.pem", "node-b-key.pem"), ("new", "new.pem", "new-key.pem"),
                ]
            case .nats:
                [
                    ("server-ca", "server-ca.pem", nil), ("client-ca", "clients.pem", nil),
                    ("server", "server.pem", "server.key"), ("client-a", "client-a.pem", "client-a.key"),
                    ("client-b", "client-b.pem", "client-b.key"),
                ]
            case .http:
                [
                    ("ca", "ca.crt", nil), ("server", "server.crt", "server.key"), ("new", "new.crt", "new.key"),
                    ("client", "client.crt", "client.key"),
                ]
            case .gateway:
                [
                    ("ca", "certs/ca.crt", nil), ("client", "certs/client.crt", "certs/client.key"),
                    ("iam", "iam.crt", "iam.key"),
                ]
            }
        return own + [("stranger", "stranger.crt", "stranger.key")]
    }
}
