import CEngineFloor

/// The handshakes of the engine's cases, by a loop in C.
struct Floor {
    private let cases: [CEngineFloorCase]

    init(_ played: [Engine.Played]) throws {
        cases = try played.map { one in
            guard let mode = Self.modes[one.axes["clientAuth"] ?? ""],
                let version = Self.versions[one.axes["tls"] ?? ""],
                ["passed", "deviated"].contains(one.verdict), one.expected.count == 1,
                one.expected.allSatisfy({ $0.outcome.decision == "accepted" }), let credential = one.axes["credential"]
            else { throw BenchmarkError.unknown(case: one.id) }
            return CEngineFloorCase(
                server_is_gnutls: one.server == "gnutls" ? 1 : 0,
                client_is_gnutls: one.client == "gnutls" ? 1 : 0,
                version: version,
                mode: mode,
                client_has_certificate: credential == "none" ? 0 : 1,
                shares_contexts: 0
            )
        }
    }

    /// Plays each case once.
    ///
    /// - Parameter mints: whether each case has keys and certificates of its own, as the engine's have.
    func run(mints: Bool) throws -> Spent {
        let shared = CEngineFloorPKI_mint()
        defer { CEngineFloorPKI_free(shared) }
        return try Spent.by {
            for (index, one) in cases.enumerated() {
                let own = mints ? CEngineFloorPKI_mint() : nil
                defer { CEngineFloorPKI_free(own) }
                var one = one
                guard CEngineFloor_play(&one, own ?? shared) != 0 else { throw BenchmarkError.floor(case: index) }
            }
        }
    }

    private static let modes = [
        "NoClientCert": CEngineFloorNoClientCert, "RequestClientCert": CEngineFloorRequestClientCert,
        "RequireAnyClientCert": CEngineFloorRequireAnyClientCert,
        "VerifyClientCertIfGiven": CEngineFloorVerifyClientCertIfGiven,
        "RequireAndVerifyClientCert": CEngineFloorRequireAndVerifyClientCert,
    ]
    private static let versions: [String: Int32] = ["1.2": 0x0303, "1.3": 0x0304]
}
