import Foundation
import MutualTLS

/// A root, and a server and a client of it, made by the `openssl` program with keys of one kind.
struct Credentials {
    let server: Identity
    let client: Identity
    let roots: CertificatePool

    /// - Parameter key: the arguments of `openssl genpkey`.
    init(key: [String]) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "countersign-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["root", "server", "client"] {
            try Self.openssl(["genpkey", "-quiet", "-out", "\(name).key"] + key, in: folder)
        }
        try Self.openssl(
            ["req", "-x509", "-new", "-key", "root.key", "-subj", "/CN=root", "-days", "2", "-out", "root.crt"],
            in: folder
        )
        for (name, usage) in [("server", "serverAuth"), ("client", "clientAuth")] {
            try Self.openssl(
                [
                    "req", "-x509", "-new", "-key", "\(name).key", "-CA", "root.crt", "-CAkey", "root.key", "-days",
                    "1",
                    "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name).test", "-addext",
                    "extendedKeyUsage=\(usage)", "-addext", "basicConstraints=critical,CA:FALSE", "-out", "\(name).crt",
                ],
                in: folder
            )
        }
        func bytes(_ file: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: folder.appending(path: file))) }
        func identity(_ name: String) throws -> Identity {
            try Identity(
                chain: Certificate.certificates(inPEM: bytes("\(name).crt")),
                privateKey: PrivateKey(pem: bytes("\(name).key"))
            )
        }
        server = try identity("server")
        client = try identity("client")
        roots = try CertificatePool(pem: bytes("root.crt"))
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
}
