import CFloor

/// The handshakes of the engine's cases, by a loop in C.
struct Floor {
    private let cases: [CFloorSettings]

    init(_ played: [Engine.Played]) throws {
        cases = try played.map { one in
            guard let mode = Self.modes[one.axes["clientAuth"] ?? ""],
                let version = Self.versions[one.axes["tls"] ?? ""],
                ["passed", "deviated"].contains(one.verdict), one.expected.count == 1,
                one.expected.allSatisfy({ $0.outcome.decision == "accepted" }), one.axes["credential"] == "valid"
            else { throw BenchmarkError.unknown(case: one.id) }
            return CFloorSettings(
                server_is_gnutls: one.server == "gnutls" ? 1 : 0,
                client_is_gnutls: one.client == "gnutls" ? 1 : 0,
                version: version,
                mode: mode,
                sessions: CFloorSessionsOff,
                has_decoded_keys: 0
            )
        }
    }

    /// The work of a case besides its handshake.
    enum Work {
        /// Makes keys and certificates of its own, as the engine does, and decodes them.
        case mintsAndDecodes
        /// Decodes keys and certificates.
        case decodes
        /// Decodes certificates; libssl has its keys from before.
        case decodesCertificates
    }

    /// Plays each case once.
    func run(_ work: Work) throws -> Spent {
        let shared = CFloorPKI_mint()
        defer { CFloorPKI_free(shared) }
        return try Spent.by {
            for (index, one) in cases.enumerated() {
                let own = work == .mintsAndDecodes ? CFloorPKI_mint() : nil
                defer { CFloorPKI_free(own) }
                var one = one
                one.has_decoded_keys = work == .decodesCertificates ? 1 : 0
                guard CFloor_play(&one, own ?? shared) != 0 else { throw BenchmarkError.floor(case: index) }
            }
        }
    }

    private static let modes = [
        "NoClientCert": CFloorNoClientCert, "RequestClientCert": CFloorRequestClientCert,
        "RequireAnyClientCert": CFloorRequireAnyClientCert,
        "VerifyClientCertIfGiven": CFloorVerifyClientCertIfGiven,
        "RequireAndVerifyClientCert": CFloorRequireAndVerifyClientCert,
    ]
    private static let versions: [String: Int32] = ["1.2": 0x0303, "1.3": 0x0304]
}
