internal import GnuTLSPeer
internal import Testing

/// A client credential of the matrix.
enum TestCredential: String, CaseIterable, Sendable {
    case none
    case valid
    case untrusted
    case expired
    case wrongEKU

    func credential(_ pki: TestPKI) -> GnuTLSCredential? {
        switch self {
        case .none: nil
        case .valid: pki.valid
        case .untrusted: pki.untrusted
        case .expired: pki.expired
        case .wrongEKU: pki.wrongEKU
        }
    }

    /// The alert of a server that requires a certificate or verifies it, or nil where it is accepted.
    func alert(_ mode: GnuTLSClientAuth, _ version: GnuTLSVersion) -> UInt8? {
        let isRequired = mode == .requireAnyClientCert || mode == .requireAndVerifyClientCert
        let verifies = mode == .verifyClientCertIfGiven || mode == .requireAndVerifyClientCert
        return switch self {
        case .none: isRequired ? (version == .tls12 ? 50 : 116) : nil
        case .valid: nil
        case .untrusted, .expired, .wrongEKU: verifies ? 42 : nil
        }
    }

    var reasons: [String] {
        switch self {
        case .none, .valid: []
        case .untrusted: ["unknown-ca"]
        case .expired: ["expired"]
        case .wrongEKU: ["purpose"]
        }
    }
}

@Suite("Client authentication")
struct ClientAuthTests {
    @Test(
        "Each mode answers each credential with the alert that GnuTLS has for it",
        arguments: GnuTLSClientAuth.allCases.flatMap { mode in
            TestCredential.allCases.flatMap { credential in GnuTLSVersion.allCases.map { (mode, credential, $0) } }
        }
    )
    func matrix(_ mode: GnuTLSClientAuth, _ credential: TestCredential, _ version: GnuTLSVersion) throws {
        let pki = try TestPKI.shared.get()
        let identity = credential.credential(pki)
        let wire = try Wire(.shared(version, mode), .shared(identity)).run()
        let server = wire.server.report
        let client = wire.client.report
        let alert = credential.alert(mode, version)

        #expect(server.accepted == (alert == nil))
        #expect(server.alertSent == alert)
        #expect(server.alertReceived == nil)
        #expect(client.accepted == (alert == nil))
        #expect(client.alertReceived == alert)
        #expect(client.alertSent == nil)
        #expect(client.failure?.name == (alert == nil ? nil : "GNUTLS_E_FATAL_ALERT_RECEIVED"))
        #expect(client.failure?.during == (alert == nil ? nil : version == .tls12 ? .handshake : .read))
        #expect(server.failure?.during == (alert == nil ? nil : .handshake))
        #expect(server.failure?.verificationReasons == (alert == nil ? nil : credential.reasons))

        let isAsked = mode != .noClientCert
        #expect(client.certificateRequested == isAsked)
        #expect(client.caNameStrings == (isAsked ? ["CN=Root"] : []))
        #expect(client.localCertificate == (isAsked ? identity?.chain.first : nil))
        #expect(server.peerChain == (isAsked ? identity?.chain ?? [] : []))
        let verifies = mode == .verifyClientCertIfGiven || mode == .requireAndVerifyClientCert
        #expect(server.peerVerified == (verifies && credential == .valid))
        #expect(server.verifiedChainLength == (verifies && credential == .valid ? 2 : 0))

        #expect(server.localCertificate == pki.server.chain[0])
        #expect(client.peerChain == pki.server.chain)
        #expect(client.peerVerified)
        #expect(client.verifiedChainLength == 2)
        for report in [server, client] {
            #expect(report.sni == "server.test")
            #expect(report.version == (version == .tls12 ? "1.2" : "1.3"))
            let suite = version == .tls12 ? "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" : "TLS_AES_256_GCM_SHA384"
            #expect(report.cipherSuite == (report.failure?.during == .handshake ? nil : suite))
            #expect(!report.resumed)
        }
    }
}
