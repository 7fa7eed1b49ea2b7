import COpenSSL
import OpenSSLMinting
import Testing

@testable import OpenSSL

/// Trusts a root, serves a credential, and keeps alerts and sessions.
private final class Side: SSLConnectionDelegate {
    private let credential: Credential?
    private let key: SessionTicketKey
    private let anchors: TrustStore
    /// Whether every certificate is refused, as one that has expired.
    var refuses = false
    var alerts: [SSLAlert] = []
    var session: SSLSession?

    init(_ credential: Credential?, _ key: SessionTicketKey, _ anchors: TrustStore) {
        self.anchors = anchors
        self.credential = credential
        self.key = key
    }

    func connection(_ connection: SSLConnection, process clientHello: ClientHello) -> UInt8? {
        guard let credential, (try? connection.use(credential)) != nil,
            (try? connection.setSessionContext([1])) != nil
        else {
            return 80
        }
        return nil
    }

    func connection(_ connection: SSLConnection, verify context: borrowing VerificationContext) -> Bool {
        guard case .verified = context.verify(at: Minted.noon, revocation: .none, against: anchors) else {
            return false
        }
        if refuses { context.setResult(.hasExpired) }
        return !refuses
    }

    func connectionWantsCertificate(_ connection: SSLConnection) -> Bool { true }
    func connection(_ connection: SSLConnection, noticed alert: SSLAlert) { alerts.append(alert) }
    func connection(_ connection: SSLConnection, noticed message: SSLHandshakeMessage) {}
    func connection(_ connection: SSLConnection, logged line: String) {}
    func ticketKey(for connection: SSLConnection) -> SessionTicketKey? { key }
    func connection(_ connection: SSLConnection, ticketKeyNamed name: [UInt8]) -> SessionTicketKey? { key }
    func connection(_ connection: SSLConnection, grantForTicketOf session: TicketSession) -> TicketGrant? {
        TicketGrant(data: [], lifetimeHint: 7200, keepsSession: false)
    }
    func connection(_ connection: SSLConnection, acceptsTicketWith data: [UInt8]) -> Bool { true }
    func connection(_ connection: SSLConnection, received session: SSLSession) { self.session = session }
}

@Suite("The alert of a client that fails by itself")
struct FailedClientAlertTests {
    private let root: Minted
    private let credential: Credential
    private let key = SessionTicketKey(material: [UInt8](repeating: 7, count: SessionTicketKey.materialLength))

    init() throws {
        root = try Minted.root("root")
        credential = try root.issue("server").credential()
    }

    private struct Ends {
        let client: SSLConnection
        let server: SSLConnection
        let atClient: Side
        let atServer: Side
    }

    private func ends(
        _ version: SSLProtocolVersion,
        groups: String? = nil,
        offering session: SSLSession? = nil
    ) throws -> Ends {
        let context = { (role: SSLRole) in
            try SSLContext(
                SSLContextSettings(role: role, minimumVersion: version, maximumVersion: version, keepsSessions: true)
            )
        }
        let anchors = try TrustStore([root.certificate])
        let (atClient, atServer) = (Side(nil, key, anchors), Side(credential, key, anchors))
        let client = try SSLConnection(context: context(.client), delegate: atClient)
        let server = try SSLConnection(context: context(.server), delegate: atServer)
        client.demand(.required)
        try client.setSessionContext([1])
        if let session { try client.offer(session, age: 0) }
        if let groups {
            let result = groups.withCString {
                SSL_ctrl(server.pointer, SSL_CTRL_SET_GROUPS_LIST, 0, UnsafeMutableRawPointer(mutating: $0))
            }
            #expect(result == 1)
        }
        return Ends(client: client, server: server, atClient: atClient, atServer: atServer)
    }

    /// Plays until the client has failed at the server's last record, in which one bit is wrong.
    ///
    /// - Returns: what the client says then.
    private func broken(_ ends: Ends) throws -> [UInt8] {
        for _ in 0..<4 {
            guard ends.client.handshake() == .needsInput else { break }
            ends.server.receive(ends.client.takeOutput())
            _ = ends.server.handshake()
            var flight = ends.server.takeOutput()
            // A HelloRetryRequest is all that a server says in the clear alone.
            if flight.count > 300 || ends.server.didResume { flight[flight.count - 1] ^= 1 }
            ends.client.receive(flight)
        }
        return ends.client.takeOutput()
    }

    private let readable = [SSLAlert(code: 20, isFatal: true, isOutgoing: false)]

    @Test("is protected in TLS 1.3, whatever the group", arguments: ["X25519", "P-256", "P-384", "ffdhe2048"])
    func group(name: String) throws {
        // Where the client has guessed another group, a HelloRetryRequest comes before.
        let ends = try ends(.tls13, groups: name)
        let output = try broken(ends)
        #expect(output.suffix(24).starts(with: [23, 3, 3, 0, 19]))
        ends.server.receive(output)
        _ = ends.server.handshake()
        #expect(ends.atServer.alerts == readable)
        #expect(ends.atClient.alerts == [SSLAlert(code: 20, isFatal: true, isOutgoing: true)])
    }

    @Test("is protected when a session is resumed")
    func resumed() throws {
        let first = try ends(.tls13)
        for _ in 0..<3 {
            _ = first.client.handshake()
            first.server.receive(first.client.takeOutput())
            _ = first.server.handshake()
            first.client.receive(first.server.takeOutput())
        }
        var nothing: [UInt8] = []
        _ = first.client.read(into: &nothing)
        let session = try #require(first.atClient.session)
        let second = try ends(.tls13, offering: session)
        let output = try broken(second)
        #expect(second.client.didResume)
        #expect(output.suffix(24).starts(with: [23, 3, 3, 0, 19]))
        second.server.receive(output)
        _ = second.server.handshake()
        #expect(second.atServer.alerts == readable)
    }

    /// The flight as its records.
    private func records(_ flight: [UInt8]) -> [[UInt8]] {
        var records: [[UInt8]] = []
        var rest = flight[...]
        while rest.count >= 5 {
            let length = 5 + Int(rest[rest.startIndex + 3]) << 8 + Int(rest[rest.startIndex + 4])
            records.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return records
    }

    @Test(
        "is said as soon as the server's Certificate has come, and protected, when it is refused",
        arguments: ["X25519", "P-256", "P-384", "P-521", "X448", "ffdhe2048"],
        ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"]
    )
    func refusal(group: String, suite: String) throws {
        let ends = try ends(.tls13, groups: group)
        #expect(SSL_set_ciphersuites(ends.server.pointer, suite) == 1)
        ends.atClient.refuses = true
        for _ in 0..<4 where ends.atClient.alerts.isEmpty {
            guard ends.client.handshake() == .needsInput else { break }
            ends.server.receive(ends.client.takeOutput())
            _ = ends.server.handshake()
            // CertificateVerify and Finished never come.
            let flight = records(ends.server.takeOutput())
            ends.client.receive(flight.dropLast(flight.count > 3 ? 2 : 0).flatMap { $0 })
        }
        let output = ends.client.takeOutput()
        #expect(output.suffix(24).starts(with: [23, 3, 3, 0, 19]))
        ends.server.receive(output)
        _ = ends.server.handshake()
        #expect(ends.atServer.alerts == [SSLAlert(code: 45, isFatal: true, isOutgoing: false)])
        #expect(ends.atClient.alerts == [SSLAlert(code: 45, isFatal: true, isOutgoing: true)])
    }

    @Test("isn't changed by what a refused server gets wrong besides")
    func refusalAndBadSignature() throws {
        let ends = try ends(.tls13)
        ends.atClient.refuses = true
        _ = ends.client.handshake()
        ends.server.receive(ends.client.takeOutput())
        _ = ends.server.handshake()
        var flight = records(ends.server.takeOutput())
        // The record of CertificateVerify, which then isn't authentic either.
        flight[flight.count - 2][20] ^= 1
        ends.client.receive(flight.flatMap { $0 })
        guard case .failed = ends.client.handshake() else {
            Issue.record("the refused server was accepted")
            return
        }
        #expect(ends.atClient.alerts == [SSLAlert(code: 45, isFatal: true, isOutgoing: true)])
    }

    @Test("a TLS 1.2 ticket that is offered as PSK is followed by a full handshake")
    func foreignTicket() throws {
        let first = try ends(.tls12)
        for _ in 0..<3 {
            _ = first.client.handshake()
            first.server.receive(first.client.takeOutput())
            _ = first.server.handshake()
            first.client.receive(first.server.takeOutput())
        }
        let session = try #require(first.client.resumableSession)
        let second = try ends(.tls13)
        // The client takes the ticket for one of TLS 1.3, with another hash than that of its session.
        #expect(SSL_SESSION_set_protocol_version(session.pointer, TLS1_3_VERSION) == 1)
        #expect(SSL_SESSION_set_cipher(session.pointer, SSL_CIPHER_find(second.client.pointer, [0x13, 0x01])) == 1)
        try second.client.offer(session, age: 0)
        for _ in 0..<3 {
            _ = second.client.handshake()
            second.server.receive(second.client.takeOutput())
            _ = second.server.handshake()
            second.client.receive(second.server.takeOutput())
        }
        #expect(second.server.isHandshakeFinished && !second.server.didResume)
        #expect(second.atServer.alerts == [])
    }

    @Test("goes in the clear before there are keys, and in TLS 1.2", arguments: [SSLProtocolVersion.tls12, .tls13])
    func plaintext(version: SSLProtocolVersion) throws {
        let ends = try ends(version)
        #expect(ends.client.handshake() == .needsInput)
        _ = ends.client.takeOutput()
        // A ServerHello that ends behind its version.
        ends.client.receive([22, 3, 3, 0, 6, 2, 0, 0, 2, 3, 3])
        guard case .failed = ends.client.handshake() else {
            Issue.record("a ServerHello of two bytes was taken")
            return
        }
        #expect(ends.client.takeOutput() == [21, 3, 3, 0, 2, 2, 50])
    }

    @Test("is decode_error where a server of TLS 1.2 names no signature algorithm")
    func noSignatureAlgorithms() {
        let none: [UInt8] = [13, 0, 0, 7, 2, 1, 64, 0, 0, 0, 0]
        let one: [UInt8] = [13, 0, 0, 9, 2, 1, 64, 0, 2, 4, 3, 0, 0]
        #expect(none.withUnsafeBytes(CertificateRequestFault.lacksSignatureAlgorithms))
        #expect(!one.withUnsafeBytes(CertificateRequestFault.lacksSignatureAlgorithms))
        for length in 0..<9 {
            let cut = Array(none.prefix(length))
            #expect(!cut.withUnsafeBytes(CertificateRequestFault.lacksSignatureAlgorithms), "\(length) bytes")
        }
        let alert = FailedClientAlert([1, 21, 3, 3, 0, 2, 2, 80], hasSentChangeCipherSpec: false)
        #expect(alert?.saying(50).inTheClear == [1, 21, 3, 3, 0, 2, 2, 50])
        #expect(FailedClientAlert([21, 3, 3, 0, 2, 1, 80], hasSentChangeCipherSpec: false) == nil)
    }

    @Test("uses the secret of RFC 8448 section 3 for that handshake")
    func vector() throws {
        let bytes = { (text: String) in try #require([UInt8](hexadecimal: Substring(text))) }
        let secret = try ClientHandshakeSecret(
            shared: bytes("8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d"),
            transcriptHash: bytes("860c06edc07858ee8e78f0e7428c58edd6b43f2ca3e6e95f02ed063cf0e1cad8"),
            digest: #require(EVP_sha256())
        )
        #expect(secret.bytes == (try bytes("b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21")))
    }
}
