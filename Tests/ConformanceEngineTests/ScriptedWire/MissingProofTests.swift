import ConformanceModel
import OpenSSL
import OpenSSLMinting
import Testing

@testable import ConformanceEngine

/// A TLS 1.3 server must never take a certificate whose holder didn't prove that the key is theirs (RFC 8446 section
/// 4.4.3): CVE-2022-25640 and CVE-2022-37026 were such servers.
@Suite("A TLS 1.3 client without proof of its key")
struct MissingProofTests {
    private static let stacks: [Stack] = [.countersign, .gnutls]

    private func play(leavingOut left: Set<UInt8>, server: Stack) throws -> ConnectionObservation {
        let pairing = Pairing(server: server, client: .gnutls)
        let setting = try #require(Setting.all.first { $0.pairing == pairing && $0.version == .tls13 })
        let registry = StackRegistry([
            CountersignAdapter(), ProofAdapter(adapter: GnuTLSAdapter(), left: left),
        ])
        let outcome = CasePlayer(stacks: registry)
            .play(SampleCase.make("proof", setting), seed: 3, now: Present.now, playsControl: false)
        guard case .played(let connections, _) = outcome else {
            Issue.record("not played: \(outcome)")
            throw NotPlayed()
        }
        return try #require(connections.first)
    }

    private struct NotPlayed: Error {}

    @Test("A flight that is taken apart and put together again with all its messages is accepted", arguments: stacks)
    func whole(server: Stack) throws {
        let seen = try play(leavingOut: [], server: server)
        #expect(seen.server.accepted, "\(seen.server)")
        #expect(seen.server.verified)
        #expect(seen.server.received?.name == "client")
    }

    @Test("A certificate without CertificateVerify is refused with unexpected_message", arguments: stacks)
    func withoutProof(server: Stack) throws {
        let seen = try play(leavingOut: [SSLHandshakeMessage.certificateVerify], server: server)
        #expect(!seen.server.accepted, "\(seen.server)")
        #expect(!seen.server.verified)
        #expect(seen.server.alertSent == .unexpectedMessage)
    }

    @Test("A required Certificate that is left out, with its proof or without, is refused", arguments: stacks)
    func withoutCertificate(server: Stack) throws {
        let certificate = SSLHandshakeMessage.certificate
        for left in [[certificate], [certificate, SSLHandshakeMessage.certificateVerify]] as [Set<UInt8>] {
            let seen = try play(leavingOut: left, server: server)
            #expect(!seen.server.accepted, "\(seen.server)")
            #expect(!seen.server.verified)
        }
    }
}
