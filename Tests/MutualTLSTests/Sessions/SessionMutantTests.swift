#if Selftest
import LibraryMutants
import Testing

@testable import MutualTLS

@Suite("Session guards")
struct SessionMutantTests {
    /// Each guard, and the connection that goes wrong without it.
    static let guards: [(LibraryMutant, probe: String)] = [
        (.resumeAcrossPolicyChange, "session and mode"),
        (.skipResumptionInvariant, "session and mode"),
        (.resumeAcrossPoolChange, "session and pool"),
        (.resumeAcrossNames, "session and name"),
        (.resumeAcrossIdentityUpdate, "session and server identity"),
        (.resumeRevokedCertificate, "session and lists"),
        (.ignoreTicketLifetime, "session and lifetime"),
        (.resumeExpiredCertificate, "session and expiry"),
        (.keepSessionsAcrossIdentityUpdate, "session and client identity"),
        (.keepSessionsAcrossRootsChange, "session and roots"),
        (.keepSessionsAcrossServerNames, "session and expected name"),
        (.forgetPeerOnResumption, "session"),
        (.reportVerifiedOnResumption, "unverified session"),
        (.takeSnapshotAtStart, "identity before the ClientHello"),
        (.mixGenerations, "chain before the ClientHello"),
        (.livePoolsAlthoughFixed, "fixed pool before the ClientHello"),
        (.fixedPoolsAlthoughLive, "live pool before the ClientHello"),
    ]

    @Test("Without the guard, its own connection comes out otherwise", arguments: guards)
    func isNeeded(mutant: LibraryMutant, name: String) throws {
        let probe = try #require((SessionProbes.all + RotationProbes.all).first { $0.name == name })
        let expected = try probe.run(nil)
        #expect(try probe.run(nil) == expected)
        let outcome = try probe.run(mutant)
        #expect(outcome != expected)
    }

    @Test("Without scope and invariant a client without certificate gets past a mode that requires one")
    func anonymous() throws {
        let probe = try #require(SessionProbes.all.first { $0.name == "session and mode" })
        let outcomes = try probe.run(.skipResumptionInvariant).split(separator: "\n")
        #expect(outcomes.count == 2)
        for outcome in outcomes {
            #expect(outcome.hasPrefix("established, -, -/-, peer -, verified false 0, resumed true"), "\(outcome)")
        }
    }
}
#endif
