import Foundation
import MutualTLS

/// This library.
final class LibrarySubject: Subject {
    private let server: MutualTLSServer
    private let client: MutualTLSClient
    private let version: TLSVersion

    init(_ version: Version, resumes: Bool, folder: String) throws {
        func bytes(_ name: String) throws -> [UInt8] {
            [UInt8](try Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
        }
        func identity(_ name: String) throws -> Identity {
            try Identity(
                chain: Certificate.certificates(inPEM: bytes("\(name).pem")),
                privateKey: PrivateKey(pem: bytes("\(name).key"))
            )
        }
        let now: @Sendable () -> Timestamp = { Timestamp(secondsSinceEpoch: Int64(Date().timeIntervalSince1970)) }
        let roots = try CertificatePool(pem: bytes("root.crt"))
        self.version = version == .tls12 ? .tls12 : .tls13
        var server = MutualTLSConfiguration.Server(identity: try identity("server"), currentTime: now)
        server.clientAuth = .requireAndVerifyClientCert
        server.clientCAs = roots
        server.minimumVersion = self.version
        server.maximumVersion = self.version
        var client = MutualTLSConfiguration.Client(identity: try identity("client"), currentTime: now)
        client.rootCAs = roots
        client.serverName = try ServerName("server.test")
        client.minimumVersion = self.version
        client.maximumVersion = self.version
        if resumes {
            server.sessions = .scoped()
            client.sessions = .scoped()
        }
        self.server = try server.resolve()
        self.client = try client.resolve()
    }

    func open(resuming: Bool) throws -> any Link {
        let server = try server.makeConnection()
        let client = try client.makeConnection(offeringSession: resuming)
        client.start()
        while client.hasOutput || server.hasOutput {
            server.receive(client.takeOutput())
            client.receive(server.takeOutput())
        }
        guard server.state == .established, client.state == .established else {
            throw BenchmarkError.handshake("\(server.failure?.message ?? "") \(client.failure?.message ?? "")")
        }
        return LibraryLink(server, client, version)
    }
}

private final class LibraryLink: Link {
    private let server: Connection
    private let client: Connection
    private let version: TLSVersion

    init(_ server: Connection, _ client: Connection, _ version: TLSVersion) {
        self.server = server
        self.client = client
        self.version = version
    }

    var isResumed: Bool { server.information.didResume }

    var isMutual: Bool {
        [server.information, client.information].allSatisfy {
            $0.isPeerVerified && !$0.peerCertificates.isEmpty && $0.version == version
        }
    }

    func transfer(_ block: [UInt8]) throws -> Int {
        try server.send(block)
        client.receive(server.takeOutput())
        return client.takeApplicationData().count
    }
}
