internal import CGnuTLS
internal import GnuTLSPeer
internal import Testing

@Suite("Credentials that are broken on purpose")
struct FaultTests {
    @Test(
        "A client with a wrong key or a corrupt signature gets decrypt_error",
        arguments: GnuTLSVersion.allCases,
        [GNUTLS_PK_ECDSA.rawValue, GNUTLS_PK_RSA.rawValue, GNUTLS_PK_EDDSA_ED25519.rawValue]
    )
    func client(_ version: GnuTLSVersion, _ algorithm: UInt32) throws {
        let root = try TestCA.root("Root")
        let recipe = TestRecipe(subject: "CN=x", algorithm: gnutls_pk_algorithm_t(rawValue: algorithm))
        let leaf = try root.issue(recipe)
        var mismatched = leaf.credential(fault: .mismatchedKey)
        mismatched.privateKey = try root.issue(recipe).keyDER
        for credential in [mismatched, leaf.credential(fault: .corruptSignature)] {
            for mode in GnuTLSClientAuth.allCases where mode != .noClientCert {
                var settings = try GnuTLSServerSettings.shared(version, mode)
                settings.clientCAs = [root.der]
                let wire = try Wire(settings, .shared(credential)).run()
                #expect(wire.server.report.failure?.name == "GNUTLS_E_PK_SIG_VERIFY_FAILED")
                #expect(wire.server.report.alertSent == 51)
                #expect(wire.client.report.alertReceived == 51)
                #expect(wire.client.report.localCertificate == leaf.der)
            }
        }
    }

    @Test("A server with a wrong key or a corrupt signature gets decrypt_error", arguments: GnuTLSVersion.allCases)
    func server(_ version: GnuTLSVersion) throws {
        let pki = try TestPKI.shared.get()
        var mismatched = pki.server
        mismatched.privateKey = pki.server2.privateKey
        mismatched.fault = .mismatchedKey
        var corrupt = pki.server
        corrupt.fault = .corruptSignature
        for identity in [mismatched, corrupt] {
            var settings = try GnuTLSServerSettings.shared(version)
            settings.identity = identity
            let wire = try Wire(settings, .shared()).run()
            #expect(wire.client.report.failure?.name == "GNUTLS_E_PK_SIG_VERIFY_FAILED")
            #expect(wire.client.report.alertSent == 51)
            #expect(wire.server.report.alertReceived == 51)
        }
    }

    @Test("Without a fault a wrong key is refused, and an update keeps the last good identity")
    func mismatch() throws {
        let pki = try TestPKI.shared.get()
        var wrong = pki.server
        wrong.privateKey = pki.server2.privateKey
        let server = try GnuTLSServer(.shared())
        let error = #expect(throws: GnuTLSError.self) { try server.update(identity: wrong) }
        #expect(error?.name == "GNUTLS_E_CERTIFICATE_KEY_MISMATCH")
        let wire = Wire(try server.makeSession(), try GnuTLSClient(.shared()).makeSession()).run()
        #expect(wire.client.report.peerChain == pki.server.chain)
    }

    @Test("Unreadable settings are errors that name the object")
    func unreadable() throws {
        let pki = try TestPKI.shared.get()
        var settings = try GnuTLSServerSettings.shared()
        settings.clientCAs.append([0x30, 0x01])
        let anchor = #expect(throws: GnuTLSError.self) { try GnuTLSServer(settings) }
        #expect(anchor?.operation.contains("trust anchor 2 of 2") == true)
        var identity = pki.valid
        identity.privateKey = [1, 2, 3]
        let key = #expect(throws: GnuTLSError.self) { try GnuTLSClient(GnuTLSClientSettings(identity: identity)) }
        #expect(key?.operation.contains("private key of 3 bytes") == true)
        identity.chain = []
        identity.privateKey = pki.valid.privateKey
        let empty = #expect(throws: GnuTLSError.self) { try GnuTLSClient(GnuTLSClientSettings(identity: identity)) }
        #expect(empty?.name == "GNUTLS_E_INSUFFICIENT_CREDENTIALS")
        identity.chain = [pki.valid.chain[0], [0x30]]
        let chain = #expect(throws: GnuTLSError.self) { try GnuTLSClient(GnuTLSClientSettings(identity: identity)) }
        #expect(chain?.operation.contains("certificate 2 of an identity's 2") == true)
        let crl = #expect(throws: GnuTLSError.self) { try GnuTLSClient(GnuTLSClientSettings(crls: [[1]])) }
        #expect(crl?.operation.contains("CRL 1 of 1") == true)
    }
}
