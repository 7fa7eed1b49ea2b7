import OpenSSLMinting
import Testing

@testable import OpenSSL

/// Verifies with a trust store and keeps what it was told.
private final class Recorder: SSLConnectionDelegate {
    let store: TrustStore?
    let credential: Credential?
    var hello: ClientHello?
    var result: VerificationResult?
    var alerts: [SSLAlert] = []
    var messages: [UInt8] = []
    var refusal: UInt8?
    var serverRefusal: UInt8?

    init(store: TrustStore? = nil, credential: Credential? = nil) {
        self.store = store
        self.credential = credential
    }

    func connection(_ connection: SSLConnection, process clientHello: ClientHello) -> UInt8? {
        hello = clientHello
        if let refusal { return refusal }
        do {
            if let credential { try connection.use(credential) }
            if store != nil {
                connection.demand(.required)
            }
            return nil
        } catch {
            return 80
        }
    }

    func connection(_ connection: SSLConnection, verify context: borrowing VerificationContext) -> Bool {
        guard let store else { return false }
        let result = context.verify(at: Minted.noon, revocation: .none, against: store)
        self.result = result
        if let serverRefusal {
            connection.chooseAlert(serverRefusal)
            return false
        }
        guard case .verified = result else { return false }
        return true
    }

    func connectionWantsCertificate(_ connection: SSLConnection) -> Bool {
        guard let credential else { return true }
        return (try? connection.use(credential)) != nil
    }

    func connection(_ connection: SSLConnection, noticed alert: SSLAlert) {
        alerts.append(alert)
    }

    func connection(_ connection: SSLConnection, noticed message: SSLHandshakeMessage) {
        if message.isOutgoing { messages.append(message.type) }
    }

    func connection(_ connection: SSLConnection, logged line: String) {}
}

@Suite("SSL connections")
struct SSLConnectionTests {
    private struct Ends {
        let server: SSLConnection
        let client: SSLConnection
        let atServer: Recorder
        let atClient: Recorder
    }

    /// A server and a client that trust these; in TLS 1.2 both learn all in the handshake.
    private func ends(
        server: Minted,
        client: Minted?,
        trusting anchors: [Minted],
        version: SSLProtocolVersion = .tls12
    ) throws -> Ends {
        let store = try TrustStore(anchors.map(\.certificate))
        let atServer = Recorder(store: store, credential: try server.credential())
        let atClient = Recorder(store: store, credential: try client?.credential())
        let ends = Ends(
            server: try SSLConnection(context: context(.server, version), delegate: atServer),
            client: try SSLConnection(context: context(.client, version), delegate: atClient),
            atServer: atServer,
            atClient: atClient
        )
        ends.client.demand(.required)
        try ends.client.send(serverName: "Server.Test")
        return ends
    }

    private func context(_ role: SSLRole, _ version: SSLProtocolVersion) throws -> SSLContext {
        try SSLContext(SSLContextSettings(role: role, minimumVersion: version, maximumVersion: version))
    }

    private func run(_ ends: Ends) throws -> (server: SSLOutcome, client: SSLOutcome) {
        var outcomes = (server: SSLOutcome.needsInput, client: SSLOutcome.needsInput)
        for _ in 0..<4 {
            if outcomes.client == .needsInput { outcomes.client = ends.client.handshake() }
            ends.server.receive(ends.client.takeOutput())
            if outcomes.server == .needsInput { outcomes.server = ends.server.handshake() }
            ends.client.receive(ends.server.takeOutput())
        }
        return outcomes
    }

    @Test("wait for input, finish, carry data and close")
    func lifetime() throws {
        let root = try Minted.root("root")
        let ends = try ends(server: root.issue("server"), client: root.issue("client"), trusting: [root])
        #expect(ends.server.handshake() == .needsInput)
        let outcomes = try run(ends)
        #expect(outcomes.server == .completed && outcomes.client == .completed)
        #expect(ends.atServer.hello?.serverName == "Server.Test")
        #expect(ends.server.cipherSuite == ends.client.cipherSuite)
        #expect(ends.atServer.messages.contains(SSLHandshakeMessage.certificateRequest))

        #expect(ends.client.write([1, 2, 3]) == .completed)
        ends.server.receive(ends.client.takeOutput())
        var bytes: [UInt8] = []
        #expect(ends.server.read(into: &bytes) == .completed)
        #expect(ends.server.read(into: &bytes) == .needsInput)
        #expect(bytes == [1, 2, 3])

        #expect(ends.client.shutdown() == .completed)
        ends.server.receive(ends.client.takeOutput())
        #expect(ends.server.read(into: &bytes) == .peerClosed)
    }

    @Test("end of input in the middle is an error of its own")
    func truncated() throws {
        let root = try Minted.root("root")
        let ends = try ends(server: root.issue("server"), client: nil, trusting: [root])
        #expect(ends.client.handshake() == .needsInput)
        ends.server.receive(Array(ends.client.takeOutput().prefix(20)))
        ends.server.receiveEndOfInput()
        guard case .failed(let error) = ends.server.handshake() else {
            Issue.record("a truncated handshake went on")
            return
        }
        #expect(error.cause == .endOfInput)
    }

    @Test("a missing client certificate, and a delegate that refuses the ClientHello, end in their alerts")
    func refusals() throws {
        let root = try Minted.root("root")
        let anonymous = try ends(server: root.issue("server"), client: nil, trusting: [root])
        guard case .failed(let error) = try run(anonymous).server else {
            Issue.record("a client without certificate was let in")
            return
        }
        #expect(error.cause == .missingPeerCertificate)
        #expect(anonymous.atServer.alerts == [SSLAlert(code: 40, isFatal: true, isOutgoing: true)])
        #expect(anonymous.atClient.alerts == [SSLAlert(code: 40, isFatal: true, isOutgoing: false)])

        let refused = try ends(server: root.issue("server"), client: nil, trusting: [root])
        refused.atServer.refusal = 112
        _ = try run(refused)
        #expect(refused.atClient.alerts == [SSLAlert(code: 112, isFatal: true, isOutgoing: false)])
    }

    @Test(
        "a delegate that refuses a server chooses the alert, which the server can read",
        arguments: [SSLProtocolVersion.tls12, .tls13]
    )
    func refusedServer(version: SSLProtocolVersion) throws {
        let root = try Minted.root("root")
        let ends = try ends(server: root.issue("server"), client: nil, trusting: [root], version: version)
        ends.atClient.serverRefusal = 47
        _ = try run(ends)
        #expect(!ends.client.isHandshakeFinished)
        #expect(ends.atClient.alerts == [SSLAlert(code: 47, isFatal: true, isOutgoing: true)])
        #expect(ends.atServer.alerts == [SSLAlert(code: 47, isFatal: true, isOutgoing: false)])
        #expect(!ends.server.isHandshakeFinished)
    }

    @Test("authorities of one name without key identifiers are all tried", arguments: [false, true])
    func authoritiesOfOneName(isReversed: Bool) throws {
        let old = try Minted.root("ca")
        let new = try Minted.root("ca", validTo: 7_200)
        let anchors = isReversed ? [new, old] : [old, new]
        for issuer in anchors {
            let ends = try ends(server: issuer.issue("server"), client: issuer.issue("client"), trusting: anchors)
            let outcomes = try run(ends)
            #expect(outcomes.server == .completed && outcomes.client == .completed)
            guard case .verified(let chain)? = ends.atServer.result else {
                Issue.record("the client of one of the two authorities was refused")
                return
            }
            #expect(chain.last?.der == issuer.certificate.der)
        }
        let forger = try Minted.root("ca", validTo: 10_800)
        let ends = try ends(server: old.issue("server"), client: forger.issue("client"), trusting: anchors)
        _ = try run(ends)
        guard case .failed(let error, _, 0)? = ends.atServer.result else {
            Issue.record("a third authority of that name was trusted")
            return
        }
        #expect(error == .signatureFailure)
    }

    @Test("an expired authority doesn't hide a valid one of the same name and key")
    func renewedAuthority() throws {
        let expired = try Minted.root("ca", validTo: -3_600)
        let renewed = try expired.renewed(validTo: 3_600)
        for anchors in [[expired, renewed], [renewed, expired]] {
            let ends = try ends(server: renewed.issue("server"), client: nil, trusting: anchors)
            _ = try run(ends)
            guard case .verified(let chain)? = ends.atClient.result else {
                Issue.record("the expired authority was preferred")
                return
            }
            #expect(chain.last?.der == renewed.certificate.der)
        }
    }
}
