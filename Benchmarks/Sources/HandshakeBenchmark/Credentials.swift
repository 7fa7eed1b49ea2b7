import Foundation
import MutualTLS

/// A root, an intermediate of it, and a server and a client of that, made by the `openssl` program with keys of one
/// kind. The files stay until ``remove()``.
struct Credentials {
    let server: Identity
    let client: Identity
    let roots: CertificatePool
    let folder: URL

    /// Takes `root.crt`, and `server` and `client`, each as `.pem` (the chain) and `.key`, from a folder.
    init(filesOf folder: URL) throws {
        func bytes(_ file: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: folder.appending(path: file))) }
        func identity(_ name: String) throws -> Identity {
            try Identity(
                chain: Certificate.certificates(inPEM: bytes("\(name).pem")),
                privateKey: PrivateKey(pem: bytes("\(name).key"))
            )
        }
        self.folder = folder
        server = try identity("server")
        client = try identity("client")
        roots = try CertificatePool(pem: bytes("root.crt"))
    }

    /// - Parameter key: the arguments of `openssl genpkey`.
    init(key: [String]) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "countersign-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        do {
            try Self.mint(key, in: folder)
            try self.init(filesOf: folder)
        } catch {
            try? FileManager.default.removeItem(at: folder)
            throw error
        }
    }

    func remove() {
        try? FileManager.default.removeItem(at: folder)
    }

    private static func mint(_ key: [String], in folder: URL) throws {
        for name in ["root", "intermediate", "server", "client"] {
            try openssl(["genpkey", "-quiet", "-out", "\(name).key"] + key, in: folder)
        }
        try openssl(
            ["req", "-x509", "-key", "root.key", "-subj", "/CN=root", "-days", "2", "-out", "root.crt"],
            in: folder
        )
        let authority = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign"]
        try issue("intermediate", by: "root", with: authority, in: folder)
        for (name, usage) in [("server", "serverAuth"), ("client", "clientAuth")] {
            let extensions = [
                "subjectAltName=DNS:\(name).test", "extendedKeyUsage=\(usage)", "basicConstraints=critical,CA:FALSE",
            ]
            try issue(name, by: "intermediate", with: extensions, in: folder)
            let chain = try ["\(name).crt", "intermediate.crt"].map {
                try Data(contentsOf: folder.appending(path: $0))
            }
            try chain.reduce(Data(), +).write(to: folder.appending(path: "\(name).pem"))
        }
    }

    private static func issue(_ name: String, by issuer: String, with extensions: [String], in folder: URL) throws {
        try openssl(
            [
                "req", "-x509", "-key", "\(name).key", "-CA", "\(issuer).crt", "-CAkey", "\(issuer).key", "-days", "1",
                "-subj", "/CN=\(name)", "-out", "\(name).crt",
            ] + extensions.flatMap { ["-addext", $0] },
            in: folder
        )
    }

    private static func openssl(_ arguments: [String], in folder: URL) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = folder
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw BenchmarkError.openssl(arguments.joined(separator: " ")) }
    }
}

/// Why there is no measurement.
enum BenchmarkError: Error {
    /// The program failed with these arguments, or is not installed.
    case openssl(String)
    /// A handshake failed, or was full where it should have been resumed.
    case handshake(String)
    /// An argument of this program that it doesn't know.
    case argument(String)
}
