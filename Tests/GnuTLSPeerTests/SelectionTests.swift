internal import GnuTLSPeer
internal import Testing

@Suite("The client's choice by CA names, and the names it gets")
struct SelectionTests {
    @Test(
        "A matching client withholds what no CA name issued, an always client sends it",
        arguments: GnuTLSVersion.allCases
    )
    func withholding(_ version: GnuTLSVersion) throws {
        let pki = try TestPKI.shared.get()
        let missing: UInt8 = version == .tls12 ? 50 : 116
        let cases: [(GnuTLSClientSettings.Presents, GnuTLSCredential, UInt8?)] = [
            (.matching, pki.valid, nil), (.matching, pki.untrusted, missing), (.matching, pki.expired, 42),
            (.always, pki.untrusted, 42),
        ]
        for (presents, identity, alert) in cases {
            let wire = try Wire(.shared(version, .requireAndVerifyClientCert), .shared(identity, presents)).run()
            #expect(wire.server.report.alertSent == alert)
            #expect(wire.client.report.localCertificate == (alert == missing ? nil : identity.chain[0]))
            #expect(wire.client.report.certificateRequested)
        }
    }

    @Test(
        "Without CA names on the wire a matching client sends its only certificate",
        arguments: GnuTLSVersion.allCases
    )
    func noNames(_ version: GnuTLSVersion) throws {
        let pki = try TestPKI.shared.get()
        var settings = try GnuTLSServerSettings.shared(version, .requestClientCert)
        settings.caNames = .none
        let wire = try Wire(settings, .shared(pki.untrusted, .matching)).run()
        #expect(wire.client.report.caNames.isEmpty)
        #expect(wire.server.report.peerChain == pki.untrusted.chain)
    }

    @Test("A list of names is sent in place of the trusted ones, and is not trusted", arguments: GnuTLSVersion.allCases)
    func list(_ version: GnuTLSVersion) throws {
        let pki = try TestPKI.shared.get()
        var settings = try GnuTLSServerSettings.shared(version, .requireAndVerifyClientCert)
        settings.caNames = .list([pki.other])
        let trusted = try Wire(settings, .shared(pki.valid)).run()
        #expect(trusted.client.report.caNameStrings == ["CN=Other"])
        #expect(trusted.server.report.accepted)
        #expect(trusted.server.report.verifiedChainLength == 2)
        #expect(trusted.server.report.localCertificate == pki.server.chain[0])
        let listed = try Wire(settings, .shared(pki.untrusted)).run()
        #expect(listed.server.report.alertSent == 42)
        #expect(listed.server.report.failure?.verificationReasons == ["unknown-ca"])
    }

    @Test("CA names are reported as DER and as RFC 4514 strings", arguments: GnuTLSVersion.allCases)
    func rendering(_ version: GnuTLSVersion) throws {
        let organized = try TestCA.root("Root,O=Some\\, Company,C=DE")
        var settings = try GnuTLSServerSettings.shared(version, .requestClientCert)
        settings.clientCAs.append(organized.der)
        let report = try Wire(settings, .shared()).run().client.report
        #expect(report.caNameStrings.count == 2)
        #expect(report.caNameStrings[0] == "CN=Root")
        #expect(report.caNameStrings[1].contains("O=Some\\, Company"))
        #expect(report.caNames.allSatisfy { $0.first == 0x30 })
    }
}
