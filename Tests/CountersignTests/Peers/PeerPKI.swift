import Foundation
import PeerPrograms
import Testing

/// One PKI for all tests with programs: `server`, `client` (alice) and `root`, and `stranger` (mallory) of another CA.
struct PeerPKI: Sendable {
    static let shared = Task { try await PeerPKI() }
    static let countersign = PeerProgram(executable: Program.executable)

    /// Where tests find what stands beside their sources.
    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures").path(percentEncoded: false)

    /// The folder of the PKI, in which programs run.
    let folder: String

    private init() async throws {
        let made = FileManager.default.temporaryDirectory.appending(path: "countersign-peers-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: made, withIntermediateDirectories: true)
        folder = made.path(percentEncoded: false)
        let recipe = """
            pki:
              root: {ca: true}
              other-root: {ca: true}
              server: {issuer: root, ip: [127.0.0.1], dns: [localhost], eku: [serverAuth]}
              client: {issuer: root, cn: alice, eku: [clientAuth]}
              stranger: {issuer: other-root, cn: mallory, eku: [clientAuth]}
            """
        try Data(recipe.utf8).write(to: made.appending(path: "recipe.yaml"))
        let minted = try await Self.countersign.run(["pki", "recipe.yaml", "--out", ".", "--force"], in: folder)
        try #require(minted.status == 0, "\(minted.errors)")
    }

    /// Compiles a Go program of the fixtures once.
    static func goProgram(_ name: String) async throws -> PeerProgram {
        switch name {
        case "client": try await goClient.value
        default: try await goServer.value
        }
    }

    private static let goClient = Task { try await compiled("client") }
    private static let goServer = Task { try await compiled("server") }

    private static func compiled(_ name: String) async throws -> PeerProgram {
        let folder = try await shared.value.folder
        let go = try #require(PeerProgram("go"))
        let built = try await go.run(["build", "-o", "go-\(name)", "\(fixtures)/\(name).go"], in: folder)
        try #require(built.status == 0, "\(built.errors)")
        return PeerProgram(executable: URL(filePath: "\(folder)/go-\(name)"))
    }
}

/// A mode, and what a client holds, where it meets another stack.
struct PeerRow: Sendable, CustomTestStringConvertible {
    enum Credential: String, CaseIterable {
        /// Of the CA that the server trusts.
        case client
        case none
        /// Of another CA.
        case stranger
    }

    let mode: String
    let credential: Credential
    let version: String

    var testDescription: String { "\(mode), \(credential.rawValue), TLS \(version)" }

    static let modes = [
        "NoClientCert", "RequestClientCert", "RequireAnyClientCert", "VerifyClientCertIfGiven",
        "RequireAndVerifyClientCert",
    ]

    /// All modes in TLS 1.3, and the strictest in TLS 1.2 too.
    static let all = modes.flatMap { mode in
        Credential.allCases.flatMap { credential in
            (mode == modes.last ? ["1.2", "1.3"] : ["1.3"])
                .map { PeerRow(mode: mode, credential: credential, version: $0) }
        }
    }

    var verifies: Bool { mode == "VerifyClientCertIfGiven" || mode == "RequireAndVerifyClientCert" }
    var requires: Bool { mode == "RequireAnyClientCert" || mode == "RequireAndVerifyClientCert" }

    /// Whether the server sees a certificate.
    ///
    /// - Parameter heedsCANames: Whether the client sends none that no CA of the server's list has signed.
    func presents(heedsCANames: Bool = false) -> Bool {
        mode != "NoClientCert" && credential != .none && !(heedsCANames && credential == .stranger)
    }

    func isAccepted(heedsCANames: Bool = false) -> Bool {
        presents(heedsCANames: heedsCANames) ? !verifies || credential == .client : !requires
    }

    /// The common name that the server learns, or nil.
    func name(heedsCANames: Bool = false) -> String? {
        guard presents(heedsCANames: heedsCANames) else { return nil }
        return credential == .client ? "alice" : "mallory"
    }

    /// The options that give a program its certificate and key.
    func credentialOptions(_ certificate: String, _ key: String) -> [String] {
        credential == .none ? [] : [certificate, "\(credential.rawValue).crt", key, "\(credential.rawValue).key"]
    }
}
