import ConformanceCatalogue
import ConformanceModel

@testable import ConformanceJudge

/// A stack that is made up: it does what a profile says, and tells everything.
struct Simulation {
    /// The scenarios of the repository, read once for all tests.
    static let catalogue = Result {
        try Catalogue.load(
            directory: #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined() + "/scenarios"
        )
    }

    var profile: Profile
    /// Whether it plays a case by the rules all the same.
    var keepsRules: (ConformanceCase) -> Bool = { _ in false }

    /// The evidence of each case that the stack plays.
    func evidence(_ cases: [ConformanceCase], beside known: ProfileSet) -> [Evidence] {
        let deviant = known.replacing(profile)
        let honest = known.replacing(Profile(stack: profile.stack))
        return cases.map { testCase in
            let set = keepsRules(testCase) ? honest : deviant
            let conducts = set.conducts(for: testCase.pairing, testCase.version)
            let expectation = Oracle().answer(for: testCase, conducts: conducts).expectation
            var connections = expectation.connections.map { Self.observation($0, testCase.version) }
            if !connections.isEmpty { connections[0].refusedRotations = expectation.refusedRotations }
            return Evidence(testCase, connections)
        }
    }

    static func observation(_ expected: ConnectionExpectation, _ version: ProtocolVersion) -> ConnectionObservation {
        var result = ConnectionObservation(
            server: side(expected.server, version),
            client: side(expected.client, version)
        )
        let outcome = expected.outcome
        for side in Side.allCases {
            var seen = result[side]
            seen.accepted = outcome.decision == .accepted
            seen.resumed = expected.resumed ?? false
            if outcome.decision == .configurationError {
                seen.reachedHandshake = false
                seen.noticed = outcome.by == side ? .configuration : .handshake
                seen.reason = outcome.by == side ? outcome.reasons.first ?? "other" : nil
            } else if outcome.decision == .rejected {
                let alert = outcome.alerts.map(\.first) ?? AlertDescription.badCertificate
                seen.noticed = outcome.by == side ? .handshake : outcome.noticedByPeer
                seen.reason = outcome.by == side ? outcome.reasons.first : "peer-alert"
                if outcome.by == side { seen.alertSent = alert } else { seen.alertReceived = alert }
                if expected[side].alertReceived == SideExpectation.none { seen.alertReceived = nil }
            }
            if side == .server { result.server = seen } else { result.client = seen }
        }
        return result
    }

    private static func side(_ expected: SideExpectation, _ version: ProtocolVersion) -> SideObservation {
        var seen = SideObservation(accepted: true, reachedHandshake: true)
        seen.presented = sighting(expected.presented)
        seen.received = sighting(expected.received)
        seen.verified = expected.verified ?? false
        seen.verifiedChainLength = expected.verifiedChainLength ?? 0
        seen.sni = expected.sni == SideExpectation.none ? nil : expected.sni
        seen.certificateRequested = expected.certificateRequested
        seen.acceptableCAs = expected.acceptableCAs
        seen.version = version
        return seen
    }

    private static func sighting(_ name: String?) -> CertificateSighting? {
        guard let name, name != SideExpectation.none else { return nil }
        return CertificateSighting(name: name, serial: "01")
    }
}
