package import ConformanceModel

/// Looks at a live peer before a run: whether it is there, and which versions of TLS it takes.
package struct LivePreflight: Sendable {
    /// Versions that the peer refused by name, with protocol_version.
    package private(set) var lacks: [Lack] = []
    /// Why the peer can't be played with at all; nil when it can.
    package private(set) var problem: String?

    /// - Parameter cases: what may be played, with what the oracle permits; one of each version is, and must be accepted.
    package init(
        _ settings: PeerSettings,
        _ stack: Stack,
        cases: [(ConformanceCase, CaseExpectation)],
        seed: UInt64,
        now: Int64
    ) throws {
        let player = CasePlayer(stacks: try .standard(peers: settings))
        let side = settings.manifests.first { $0.stack == stack }?.endpoint == nil ? Side.client : .server
        for version in ProtocolVersion.allCases {
            let candidates = cases.filter { $0.0.version == version && !$0.1.hasRejection }
            for (testCase, _) in candidates {
                let outcome = player.play(testCase, seed: seed, now: now, playsControl: false)
                if case .unsupported = outcome { continue }
                note(outcome, version, side)
                break
            }
            if problem != nil { return }
        }
    }

    /// Why no connection to a server can be made; nil when one can. Cases that are decided by the harness's own settings
    /// never reach the server, and would pass without one.
    package static func obstacle(to endpoint: LiveEndpoint) -> String? {
        do throws(RemoteHost.Unreachable) {
            let address = NetworkAddress(host: endpoint.host, port: endpoint.port, isLive: true)
            _ = try RemoteHost.connect(to: address, within: .seconds(5))
            return nil
        } catch {
            return error.reason
        }
    }

    private mutating func note(_ outcome: PlayOutcome, _ version: ProtocolVersion, _ side: Side) {
        switch outcome {
        case .crashed(let reason), .skipped(let reason), .timedOut(let reason), .errored(let reason): problem = reason
        case .unsupported: break
        case .played(let connections, _):
            guard let seen = connections.first?[side.opposite], seen.alertReceived == .protocolVersion else { return }
            lacks.append(
                Lack(
                    capabilities: [Capability(version)],
                    reason: "it refused a handshake of TLS \(version.rawValue) alone with protocol_version"
                )
            )
        }
    }
}
