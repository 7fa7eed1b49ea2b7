import GnuTLSPeer
import MutualTLS
import Testing
import ThrowawayPKI

/// A server with a host for administrators, one behind a wildcard, and a default for everybody.
@Suite("Names that clients send to a server with hosts")
struct HostNameTests {
    private static let pki = TestPKI([
        CertificateRecipe(name: "root", isCA: true),
        CertificateRecipe(name: "admins", isCA: true),
        CertificateRecipe(name: "default", issuer: "root", dnsNames: ["default.test"]),
        CertificateRecipe(name: "admin", issuer: "root", dnsNames: ["admin.test"]),
        CertificateRecipe(name: "admin-renewed", issuer: "root", dnsNames: ["admin.test"]),
        CertificateRecipe(name: "wild", issuer: "root", dnsNames: ["*.wild.test"]),
        client("user"),
        client("boss", issuer: "admins"),
    ])

    private let admin: CertAuthManager

    init() throws {
        admin = CertAuthManager(
            try Self.pki.identity("admin"),
            clientAuth: .requireAndVerifyClientCert,
            clientCAs: try Self.pki.pool("admins")
        )
    }

    private func server(_ version: TLSVersion) throws -> MutualTLSServer {
        var settings = MutualTLSConfiguration.Server(identity: try Self.pki.identity("default"), currentTime: clock)
        settings.minimumVersion = version
        settings.maximumVersion = version
        settings.defaultPolicyMayBeWeaker = true
        settings.sessions = .scoped()
        settings.hosts = [
            "admin.test": .init(manager: admin),
            "*.wild.test": .init(
                identity: try Self.pki.identity("wild"),
                clientAuth: .verifyClientCertIfGiven,
                clientCAs: try Self.pki.pool("admins")
            ),
        ]
        return try settings.resolve()
    }

    /// A client of GnuTLS that sends any name, and takes its session from one name to another.
    private func roamingClient(_ credential: String?, _ version: TLSVersion) throws -> GnuTLSClient {
        let allowed: GnuTLSVersion = version == .tls12 ? .tls12 : .tls13
        let identity = credential.map { name in
            GnuTLSCredential(
                chain: [Self.pki.entity(name).certificateDER],
                privateKey: Self.pki.entity(name).privateKeyPKCS8
            )
        }
        return try GnuTLSClient(
            GnuTLSClientSettings(
                identity: identity,
                presents: .always,
                insecureSkipVerify: true,
                minimumVersion: allowed,
                maximumVersion: allowed,
                keepsSessions: true
            )
        )
    }

    /// Connects with a byte each way; with `recordLength` the ClientHello comes in records of so many bytes.
    private func connect(
        _ server: MutualTLSServer,
        _ client: GnuTLSClient,
        recordLength: Int? = nil
    ) throws -> Connection {
        let connection = try server.makeConnection()
        let session = try client.makeSession()
        session.start()
        let hello = session.takeOutput()
        if let recordLength {
            var message = hello.dropFirst(5)
            while !message.isEmpty {
                let part = message.prefix(recordLength)
                connection.receive(Array(hello.prefix(3)) + [0, UInt8(part.count)] + part)
                message = message.dropFirst(recordLength)
            }
        } else {
            connection.receive(hello)
        }
        var hasSent = false
        while true {
            let toClient = connection.takeOutput()
            if !toClient.isEmpty { session.receive(toClient) }
            let toServer = session.takeOutput()
            if !toServer.isEmpty { connection.receive(toServer) }
            guard toClient.isEmpty, toServer.isEmpty else { continue }
            guard !hasSent, connection.state == .established else { return connection }
            hasSent = true
            try connection.send([1])
        }
    }

    /// A spelling of a name, and the host whose policy it gets.
    private static let spellings: [(sent: String?, host: String)] = [
        ("admin.test", "admin"), ("ADMIN.test", "admin"), ("admin.test.", "admin"), ("Admin.Test.", "admin"),
        ("a.wild.test", "wild"), ("A.WILD.test.", "wild"), ("a.b.wild.test", "default"), ("wild.test", "default"),
        ("xadmin.test", "default"), ("default.test", "default"), (nil, "default"),
    ]

    @Test(
        "choose the host in every spelling, however the ClientHello is cut",
        arguments: spellings,
        [nil, 1, 7, 64]
    )
    func spelling(input: (sent: String?, host: String), recordLength: Int?) throws {
        for version in TLSVersion.allCases {
            let server = try server(version)
            for credential in ["user", "boss", nil] {
                let client = try roamingClient(credential, version)
                try client.update(serverName: input.sent)
                let connection = try connect(server, client, recordLength: recordLength)
                let expected: ConnectionFailure.Reason? =
                    switch (input.host, credential) {
                    case ("admin", nil): .noCertificate
                    case ("admin", "user"), ("wild", "user"): .unknownAuthority
                    default: nil
                    }
                #expect(connection.failure?.reason == expected, "\(credential ?? "none"), TLS \(version.rawValue)")
                #expect(connection.information.certificateRequested == (input.host != "default"))
                let isVerified = expected == nil && credential == "boss" && input.host != "default"
                #expect((connection.information.peerIdentity != nil) == isVerified)
                if expected == nil {
                    #expect(connection.information.localCertificate?.commonName == input.host)
                }
            }
        }
    }

    private static let names: [String?] = ["admin.test", "a.wild.test", "b.wild.test", "other.test", nil]

    @Test("take no session from one name to another, in any direction", arguments: names, names)
    func sessions(first: String?, second: String?) throws {
        for version in TLSVersion.allCases {
            let server = try server(version)
            let client = try roamingClient("boss", version)
            try client.update(serverName: first)
            #expect(try !connect(server, client).information.didResume)
            try #require(client.hasSession)
            try client.update(serverName: second)
            let connection = try connect(server, client)
            #expect(connection.failure == nil, "TLS \(version.rawValue)")
            #expect(connection.information.didResume == (first == second), "TLS \(version.rawValue)")
            let isAsked = second == "admin.test" || second?.hasSuffix(".wild.test") == true
            #expect((connection.information.peerIdentity?.certificate.commonName == "boss") == isAsked)
        }
    }

    @Test("leave other hosts alone when one rotates, whose sessions end", arguments: TLSVersion.allCases)
    func rotation(version: TLSVersion) throws {
        let server = try server(version)
        let ofAdmin = try roamingClient("boss", version)
        try ofAdmin.update(serverName: "admin.test")
        let ofWild = try roamingClient("boss", version)
        try ofWild.update(serverName: "a.wild.test")
        for client in [ofAdmin, ofWild] {
            #expect(try !connect(server, client).information.didResume)
            #expect(try connect(server, client).information.didResume)
        }
        admin.update(try Self.pki.identity("admin-renewed"))
        let renewed = try connect(server, ofAdmin)
        #expect(!renewed.information.didResume)
        #expect(renewed.information.localCertificate?.commonName == "admin-renewed")
        #expect(try connect(server, ofWild).information.didResume)
        // The pool changes: the session that this pool never vouched for is over.
        admin.setClientAuth(.requireAndVerifyClientCert, clientCAs: try Self.pki.pool("root"))
        let refused = try connect(server, ofAdmin)
        #expect(!refused.information.didResume && refused.failure?.reason == .unknownAuthority)
        #expect(try connect(server, ofWild).information.didResume)
    }
}
