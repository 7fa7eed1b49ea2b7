import MutualTLS
import OpenSSL
import OpenSSLMinting
import Testing
import ThrowawayPKI

/// A client credential, and what a verifying server says to it: nothing, or an alert and a reason.
struct Credential: Sendable, CustomTestStringConvertible {
    let name: String
    var others: [String] = []
    var alert: Alert?
    var reason: ConnectionFailure.Reason?
    /// How many certificates the verified chain has.
    var chainLength = 2

    var testDescription: String { ([name] + others).joined(separator: "+") }

    static let all: [Credential] = [
        Credential(name: "client"),
        Credential(name: "untrusted", alert: .unknownCA, reason: .unknownAuthority),
        Credential(name: "expired", alert: .certificateExpired, reason: .expired),
        Credential(name: "not-yet-valid", alert: .certificateExpired, reason: .notYetValid),
        Credential(name: "self-signed", alert: .unknownCA, reason: .unknownAuthority),
        Credential(name: "pinned-self-signed", chainLength: 1),
        Credential(name: "pinned-ca", chainLength: 1),
        Credential(name: "minted-by-pinned-ca"),
        Credential(name: "pinned-expired", alert: .certificateExpired, reason: .expired),
        Credential(name: "pinned-server-auth", alert: .badCertificate, reason: .purpose),
        Credential(name: "pinned-issued", chainLength: 1),
        Credential(name: "server-auth", alert: .badCertificate, reason: .purpose),
        Credential(name: "no-eku"),
        Credential(name: "any-eku"),
        Credential(name: "key-encipherment", alert: .badCertificate, reason: .keyUsage),
        Credential(name: "key-agreement", alert: .badCertificate, reason: .keyUsage),
        Credential(name: "by-intermediate", alert: .unknownCA, reason: .unknownAuthority),
        Credential(name: "by-intermediate", others: ["intermediate"], chainLength: 3),
        Credential(name: "by-intermediate", others: ["intermediate", "root"], chainLength: 3),
        Credential(
            name: "too-deep",
            others: ["sub-intermediate", "intermediate"],
            alert: .badCertificate,
            reason: .pathLength
        ),
        Credential(
            name: "under-server-intermediate",
            others: ["server-intermediate"],
            alert: .badCertificate,
            reason: .purpose
        ),
        Credential(name: "by-expired-root", alert: .certificateExpired, reason: .expired),
        Credential(name: "by-client", others: ["client"], alert: .unknownCA, reason: .invalidAuthority),
        Credential(name: "rsa-1024", alert: .badCertificate, reason: .keyTooSmall),
        Credential(name: "rsa-2048"),
        Credential(name: "ed25519"),
        Credential(name: "critical-extension", alert: .badCertificate, reason: .criticalExtension),
        Credential(name: "version-1"),
        Credential(name: "constraint-kept", others: ["constrained"], chainLength: 3),
        Credential(
            name: "constraint-violated",
            others: ["constrained"],
            alert: .badCertificate,
            reason: .nameConstraint
        ),
    ]
}

@Suite("ClientAuth modes meet client credentials")
struct ClientAuthTests {
    private func settings(_ mode: ClientAuth, _ version: TLSVersion) throws -> MutualTLSConfiguration.Server {
        try serverSettings(
            mode,
            version: version,
            pool: shared.pool(
                "root",
                "expired-root",
                "pinned-self-signed",
                "pinned-ca",
                "pinned-expired",
                "pinned-server-auth",
                "pinned-issued"
            )
        )
    }

    @Test("without a certificate, only the modes that require one refuse", arguments: ClientAuth.allCases, versions)
    func noCertificate(mode: ClientAuth, version: TLSVersion) throws {
        let pair = try Pairing(server: settings(mode, version), client: clientSettings())
        try pair.exchange()
        #expect(pair.client.information.certificateRequested == mode.requestsCertificate)
        #expect(pair.server.information.peerCertificates.isEmpty)
        #expect(!pair.server.information.isPeerVerified)
        guard mode.requiresCertificate else {
            #expect(pair.isAccepted)
            return
        }
        let alert: Alert = version == .tls12 ? .handshakeFailure : .certificateRequired
        expectRefusal(pair, alert, .noCertificate, version)
    }

    @Test("modes that don't verify accept every certificate, unverified", arguments: Credential.all, versions)
    func unverified(credential: Credential, version: TLSVersion) throws {
        for mode in ClientAuth.allCases where !mode.verifiesCertificate {
            let identity = try shared.identity(credential.name, with: credential.others)
            let pair = try Pairing(server: settings(mode, version), client: clientSettings(identity))
            try pair.exchange()
            #expect(pair.isAccepted, "\(mode)")
            let information = pair.server.information
            #expect(information.peerCertificates == (mode.requestsCertificate ? identity.chain : []))
            #expect(information.verifiedChain.isEmpty)
            #expect(!information.isPeerVerified)
            #expect(pair.client.information.localCertificate == (mode.requestsCertificate ? identity.certificate : nil))
        }
    }

    @Test("modes that verify accept and refuse by the certificate", arguments: Credential.all, versions)
    func verified(credential: Credential, version: TLSVersion) throws {
        for mode in ClientAuth.allCases where mode.verifiesCertificate {
            let identity = try shared.identity(credential.name, with: credential.others)
            let pair = try Pairing(server: settings(mode, version), client: clientSettings(identity))
            try pair.exchange()
            let information = pair.server.information
            #expect(information.peerCertificates == identity.chain)
            if let alert = credential.alert {
                expectRefusal(pair, alert, try #require(credential.reason), version)
                #expect(information.verifiedChain.isEmpty)
                #expect(!information.isPeerVerified)
            } else {
                #expect(pair.isAccepted, "\(mode): \(String(describing: pair.server.failure))")
                #expect(information.isPeerVerified)
                #expect(information.verifiedChain.count == credential.chainLength)
                #expect(information.verifiedChain.first == identity.certificate)
            }
        }
    }

    @Test("an empty pool refuses every certificate", arguments: versions)
    func emptyPool(version: TLSVersion) throws {
        let settings = try serverSettings(version: version, pool: CertificatePool([]))
        let pair = try Pairing(server: settings, client: clientSettings(shared.identity("client")))
        try pair.exchange()
        expectRefusal(pair, .unknownCA, .unknownAuthority, version)
    }
}

@Suite("A key that isn't the certificate's")
struct FaultyIdentityTests {
    /// The fault of the signatures of an identity whose key signs elsewhere.
    enum SignatureFault: Sendable {
        case otherKey
        case flippedBit
    }

    @Test(
        "a client whose signature doesn't verify is refused with decrypt_error, in every requesting mode",
        arguments: [SignatureFault.otherKey, .flippedBit],
        versions
    )
    func faultyClient(fault: SignatureFault, version: TLSVersion) throws {
        for mode in ClientAuth.allCases where mode.requestsCertificate {
            let identity = try faulty("client", fault)
            let pair = try Pairing(server: serverSettings(mode, version: version), client: clientSettings(identity))
            try pair.exchange()
            expectRefusal(pair, .decryptError, .badSignature, version)
            #expect(!pair.server.information.isPeerVerified)
            #expect(pair.server.information.verifiedChain.isEmpty)
        }
    }

    @Test(
        "a server whose signature doesn't verify is refused with decrypt_error",
        arguments: [SignatureFault.otherKey, .flippedBit],
        versions
    )
    func faultyServer(fault: SignatureFault, version: TLSVersion) throws {
        let settings = try serverSettings(.noClientCert, version: version, identity: faulty("server", fault))
        let pair = try Pairing(server: settings, client: clientSettings())
        try pair.exchange()
        #expect(pair.client.failure?.reason == .badSignature)
        #expect(pair.client.failure?.alertSent == .decryptError)
        #expect(pair.server.failure?.reason == .peerAlert)
        #expect(pair.server.failure?.alertReceived == .decryptError)
        #expect(!pair.client.information.isPeerVerified)
    }

    private func faulty(_ name: String, _ fault: SignatureFault) throws -> Identity {
        let key = try shared.key(fault == .otherKey ? "client-2" : name).key
        let leaf = try shared.certificate(name)
        let signer = try PrivateKey(for: leaf) { digest in
            switch fault {
            case .otherKey: try key.signature(ofDigest: digest)
            case .flippedBit: try key.corruptSignature(ofDigest: digest)
            }
        }
        return try Identity(chain: [leaf], privateKey: signer)
    }
}

let versions = TLSVersion.allCases

/// A server that refuses with an alert: in the handshake, which a TLS 1.3 client has finished before it learns of it.
func expectRefusal(
    _ pair: Pairing,
    _ alert: Alert,
    _ reason: ConnectionFailure.Reason,
    _ version: TLSVersion,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(pair.server.state == .failed, sourceLocation: sourceLocation)
    #expect(pair.server.failure?.reason == reason, sourceLocation: sourceLocation)
    #expect(pair.server.failure?.phase == .handshake, sourceLocation: sourceLocation)
    #expect(pair.server.failure?.blame == .peer, sourceLocation: sourceLocation)
    #expect(pair.server.information.alertSent == alert, sourceLocation: sourceLocation)
    #expect(pair.server.information.alertReceived == nil, sourceLocation: sourceLocation)
    #expect(pair.client.failure?.reason == .peerAlert, sourceLocation: sourceLocation)
    #expect(pair.client.failure?.phase == (version == .tls12 ? .handshake : .read), sourceLocation: sourceLocation)
    #expect(pair.client.information.alertReceived == alert, sourceLocation: sourceLocation)
    #expect(pair.client.information.alertSent == nil, sourceLocation: sourceLocation)
}
