internal import CGnuTLS
internal import GnuTLSPeer
internal import Testing

@Suite("Verification of chains")
struct VerificationTests {
    private static let client = "1.3.6.1.5.5.7.3.2"

    /// The server's report on a client with this credential, with these anchors and CRLs.
    private func judge(
        _ identity: GnuTLSCredential,
        anchors: [TestCA],
        crls: [[UInt8]] = [],
        revocation: GnuTLSRevocation = .chain
    ) throws -> GnuTLSReport {
        var settings = try GnuTLSServerSettings.shared(.tls13, .requireAndVerifyClientCert)
        settings.clientCAs = anchors.map(\.der)
        settings.crls = crls
        settings.revocation = revocation
        return try Wire(settings, .shared(identity)).run().server.report
    }

    @Test("The chain length counts from the leaf to the trust anchor")
    func chainLength() throws {
        let root = try TestCA.root("Root")
        let middle = try root.issue(TestRecipe(subject: "CN=Middle", isCA: true))
        let leaf = try middle.issue(TestRecipe(subject: "CN=leaf"))
        let pinned = try TestCA(TestRecipe(subject: "CN=pinned"))
        #expect(try judge(leaf.credential([middle]), anchors: [root]).verifiedChainLength == 3)
        #expect(try judge(leaf.credential([middle, root]), anchors: [root]).verifiedChainLength == 3)
        #expect(try judge(leaf.credential([root, middle]), anchors: [root]).verifiedChainLength == 3)
        #expect(try judge(leaf.credential(), anchors: [middle]).verifiedChainLength == 2)
        #expect(try judge(leaf.credential(), anchors: [leaf]).verifiedChainLength == 1)
        #expect(try judge(pinned.credential(), anchors: [pinned]).verifiedChainLength == 1)
        let incomplete = try judge(leaf.credential(), anchors: [root])
        #expect(incomplete.verifiedChainLength == 0)
        #expect(incomplete.failure?.verificationReasons == ["unknown-ca"])
    }

    @Test("Each refusal has its words")
    func reasons() throws {
        let root = try TestCA.root("Root")
        func reasons(_ recipe: TestRecipe, issuer: TestCA? = nil, chain: [TestCA] = []) throws -> [String]? {
            try judge((issuer ?? root).issue(recipe).credential(chain), anchors: [root]).failure?.verificationReasons
        }
        let future = TestRecipe.far - 1
        #expect(try reasons(TestRecipe(subject: "CN=future", notBefore: future)) == ["not-yet-valid"])
        #expect(try reasons(TestRecipe(subject: "CN=c", unknownCriticalExtension: true)) == ["critical-extension"])
        let leaf = try root.issue(TestRecipe(subject: "CN=not a CA", keyUsage: GNUTLS_KEY_DIGITAL_SIGNATURE))
        #expect(
            try reasons(TestRecipe(subject: "CN=x"), issuer: leaf, chain: [leaf]) == [
                "signer-not-ca", "name-constraints",
            ]
        )
        let constrained = try root.issue(TestRecipe(subject: "CN=Constrained", isCA: true, permittedDNS: ["in.test"]))
        #expect(
            try reasons(TestRecipe(subject: "CN=x", dns: ["out.test"]), issuer: constrained, chain: [constrained])
                == ["name-constraints"]
        )
        #expect(
            try reasons(TestRecipe(subject: "CN=x", dns: ["a.in.test"]), issuer: constrained, chain: [constrained])
                == nil
        )
    }

    @Test("A CRL refuses what it lists, for each certificate of the chain whose issuer has one")
    func revocation() throws {
        let root = try TestCA.root("Root")
        let middle = try root.issue(TestRecipe(subject: "CN=Middle", serial: [7], isCA: true))
        let leaf = try middle.issue(TestRecipe(subject: "CN=leaf", serial: [8], purposes: [Self.client]))
        let identity = leaf.credential([middle])
        let listsLeaf = try middle.crl(revoking: [[8]])
        let listsMiddle = try root.crl(revoking: [[7]])
        let listsOther = try root.crl(revoking: [[9]])
        for crl in [listsLeaf, listsMiddle] {
            let report = try judge(identity, anchors: [root], crls: [crl])
            #expect(report.alertSent == 42)
            #expect(report.failure?.verificationReasons == ["revoked"])
            #expect(try judge(identity, anchors: [root], crls: [crl], revocation: .leaf).alertSent == 42)
            #expect(try judge(identity, anchors: [root], crls: [crl], revocation: .off).accepted)
        }
        #expect(try judge(identity, anchors: [root], crls: [listsOther]).accepted)
    }

    @Test("GnuTLS looks at neither the dates nor the signature of a CRL")
    func unverifiedCRL() throws {
        let root = try TestCA.root("Root")
        let namesake = try TestCA.root("Root")
        let leaf = try root.issue(TestRecipe(subject: "CN=leaf", serial: [8]))
        let stale = try root.crl(revoking: [], nextUpdate: TestRecipe.expired)
        #expect(try judge(leaf.credential(), anchors: [root], crls: [stale]).accepted)
        let foreign = try namesake.crl(revoking: [[8]])
        #expect(
            try judge(leaf.credential(), anchors: [root], crls: [foreign]).failure?.verificationReasons == ["revoked"]
        )
    }

    @Test("A key usage without digitalSignature stops at the side that would sign", arguments: GnuTLSVersion.allCases)
    func keyUsage(_ version: GnuTLSVersion) throws {
        let root = try TestCA.root("Root")
        let leaf = try root.issue(TestRecipe(subject: "CN=x", keyUsage: GNUTLS_KEY_KEY_ENCIPHERMENT))
        let wire = try Wire(.shared(version, .requestClientCert), .shared(leaf.credential())).run()
        #expect(!wire.client.report.accepted)
        #expect(wire.client.report.failure?.during == .handshake)
        #expect(wire.client.report.localCertificate == nil)
        #expect(wire.server.report.alertReceived == wire.client.report.alertSent)
    }
}
