import Glibc
import PeerPrograms
import Testing

/// A server of another stack that `countersign connect` is pointed at.
enum ForeignServer: String, Sendable {
    case openssl, gnutls, go

    var program: String {
        switch self {
        case .openssl: "openssl"
        case .gnutls: "gnutls-serv"
        case .go: "go"
        }
    }

    var isInstalled: Bool { PeerProgram.isInstalled(program) }

    /// Starts it, and says where it listens.
    func start(_ row: PeerRow) async throws -> (program: RunningProgram, port: Int) {
        let folder = try await PeerPKI.shared.value.folder
        switch self {
        case .openssl:
            let server = try #require(PeerProgram(program)).start(openssl(row), in: folder, input: "hello there\n")
            return (server, try await port(of: server, after: "ACCEPT 127.0.0.1:"))
        case .go:
            let authority = row.mode == "NoClientCert" ? [] : ["root.crt"]
            let server = try await PeerPKI.goProgram("server")
                .start(["server.crt", "server.key", row.mode, row.version] + authority, in: folder)
            return (server, try await port(of: server, after: "listening "))
        case .gnutls:
            // It can't be told to take any free port and say which: one that was free a moment ago is tried.
            for _ in 0..<10 {
                let port = try Self.freePort()
                let server = try #require(PeerProgram(program)).start(gnutls(row, port), in: folder)
                if await server.hasWritten("listening on IPv4 0.0.0.0 port \(port)...done") { return (server, port) }
            }
            throw NoPort()
        }
    }

    struct NoPort: Error {}

    private func openssl(_ row: PeerRow) -> [String] {
        let modes = [
            "NoClientCert": [], "RequestClientCert": ["-verify", "2"], "RequireAnyClientCert": ["-Verify", "2"],
            "VerifyClientCertIfGiven": ["-verify", "2", "-verify_return_error"],
            "RequireAndVerifyClientCert": ["-Verify", "2", "-verify_return_error"],
        ]
        return ["s_server", "-accept", "127.0.0.1:0", "-cert", "server.crt", "-key", "server.key", "-naccept", "1"]
            + [row.version == "1.2" ? "-tls1_2" : "-tls1_3", "-CAfile", "root.crt"] + (modes[row.mode] ?? [])
    }

    private func gnutls(_ row: PeerRow, _ port: Int) -> [String] {
        let modes = [
            "NoClientCert": ["--disable-client-cert"], "RequestClientCert": [],
            "RequireAnyClientCert": ["--require-client-cert"], "VerifyClientCertIfGiven": ["--verify-client-cert"],
            "RequireAndVerifyClientCert": ["--require-client-cert", "--verify-client-cert"],
        ]
        return ["--echo", "--port", "\(port)", "--priority", "NORMAL:-VERS-ALL:+VERS-TLS\(row.version)"]
            + ["--x509certfile", "server.crt", "--x509keyfile", "server.key", "--x509cafile", "root.crt"]
            + (modes[row.mode] ?? [])
    }

    private func port(of server: RunningProgram, after words: String) async throws -> Int {
        // The number may still be on its way when the words are there, and the end of its line may not.
        try #require(await server.hasWritten(words), "\(server.errors)")
        while true {
            let rest = server.output.split(separator: words, maxSplits: 1, omittingEmptySubsequences: false).last ?? ""
            let digits = rest.prefix { $0.isNumber }
            if !digits.isEmpty, rest.count > digits.count { return try #require(Int(digits)) }
            await Task.yield()
        }
    }

    /// A port of 127.0.0.1 that nobody listens on now.
    private static func freePort() throws -> Int {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(socket, pointer, length) == 0 ? getsockname(socket, pointer, &length) : -1
            }
        }
        try #require(code == 0)
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// The alert with which the server refuses, by its name in reports.
    func refusal(_ row: PeerRow) -> Set<String> {
        guard row.presents() else {
            // Go until 1.26 and GnuTLS have alerts of their own for this in TLS 1.2, and Go until 1.19 in TLS 1.3.
            return row.version == "1.3"
                ? (self == .go ? ["certificate_required", "bad_certificate"] : ["certificate_required"])
                : ["handshake_failure", "bad_certificate", "decode_error"]
        }
        return switch self {
        case .openssl: ["unknown_ca"]
        // gnutls-serv sends this one for every certificate that it doesn't verify (src/serv.c).
        case .gnutls: ["access_denied"]
        case .go: ["unknown_ca", "bad_certificate"]
        }
    }
}
