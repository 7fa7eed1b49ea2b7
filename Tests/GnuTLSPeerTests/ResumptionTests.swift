internal import GnuTLSPeer
internal import Testing

@Suite("Resumption")
struct ResumptionTests {
    @Test("A session is resumed, and the ticket that comes next resumes again", arguments: GnuTLSVersion.allCases)
    func resumes(_ version: GnuTLSVersion) throws {
        let pki = try TestPKI.shared.get()
        let pair = try Resuming(version, .requireAndVerifyClientCert, identity: pki.valid)
        let full = try pair.connect()
        #expect(!full.server.report.resumed && !full.client.report.resumed)
        #expect(full.server.report.peerVerified && full.client.report.peerVerified)
        for _ in 0..<3 {
            let wire = try pair.connect()
            for report in [wire.server.report, wire.client.report] {
                #expect(report.accepted && report.resumed)
                #expect(report.failure == nil)
                #expect(report.localCertificate == nil)
                #expect(!report.peerVerified && report.verifiedChainLength == 0)
                #expect(report.sni == "server.test")
                #expect(report.version == (version == .tls12 ? "1.2" : "1.3"))
            }
            #expect(!wire.client.report.certificateRequested)
            #expect(wire.client.report.peerChain == pki.server.chain)
            #expect(wire.server.report.peerChain == pki.valid.chain)
            wire.client.send([1, 2])
            wire.server.send([3])
            wire.run()
            #expect(wire.server.takeApplicationData() == [1, 2])
            #expect(wire.client.takeApplicationData() == [3])
        }
    }
}
