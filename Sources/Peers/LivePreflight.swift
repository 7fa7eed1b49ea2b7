package import ConformanceEngine
package import ConformanceModel

/// Looks at a live peer before a run: whether it is there, and which versions of TLS it takes.
package struct LivePreflight: Sendable {
    /// Versions that the peer refused by name, with protocol_version.
    package private(set) var lacks: [Lack] = []
    /// Why the peer can't be played with at all; nil when it can.
    package private(set) var problem: String?
    /// The answer of a server to the good identity.
    package private(set) var answer: LiveAnswer?
    private var answered: Set<ProtocolVersion> = []

    /// - Parameter cases: what may be played, with what the oracle permits; one of each version is, and must be accepted.
    package init(
        _ settings: PeerSettings,
        _ stack: Stack,
        cases: [(ConformanceCase, CaseExpectation)],
        seed: UInt64,
        now: Int64
    ) throws {
        let player = CasePlayer(stacks: try .standard(peers: PeerHost(settings)))
        if settings.manifests.first(where: { $0.stack == stack })?.endpoint == nil {
            lookAtClient(player, cases, seed, now)
            return
        }
        var refusals: [String] = []
        for version in ProtocolVersion.allCases {
            let good = cases.filter { $0.0.version == version && !$0.1.hasRejection && $0.0.client.sniOverride == nil }
            // The plainest certificate first: others may be refused by a right server that is stricter.
            let isPlain: (ConformanceCase) -> Bool = {
                $0.axes.contains { $0.axis == "credential" && $0.value == "valid" }
            }
            let candidates = good.filter { isPlain($0.0) } + good.filter { !isPlain($0.0) }
            for (testCase, _) in candidates {
                let outcome = player.play(testCase, seed: seed, now: now, playsControl: false)
                if case .unsupported = outcome { continue }
                note(outcome, version)
                if case .played(let connections, _) = outcome, let seen = connections.first?.client {
                    noteAnswer(seen, version, isPlain(testCase), &refusals)
                }
                break
            }
            if problem != nil { return }
        }
        if answer != nil, !refusals.isEmpty {
            // In the other version it lets the same client in, so that this one is not offered.
            let missing = Set(ProtocolVersion.allCases).subtracting(answered)
            for version in missing.sorted(by: { $0.rawValue < $1.rawValue })
            where !lacks.contains(where: { $0.capabilities.contains(Capability(version)) }) {
                lacks.append(Lack(capabilities: [Capability(version)], reason: refusals[0]))
            }
        }
        if answer == nil, lacks.count < ProtocolVersion.allCases.count, let first = refusals.first { problem = first }
        if answer?.readsAsRefusal == true, let answer {
            problem =
                "the good identity itself is \(answer.description), like a client that is refused; name a path that it "
                + "may read with --path"
        }
    }

    /// Without a client that is let in, no refusal means anything.
    private mutating func noteAnswer(
        _ seen: SideObservation,
        _ version: ProtocolVersion,
        _ isPlain: Bool,
        _ refusals: inout [String]
    ) {
        if seen.accepted {
            answered.insert(version)
            answer = answer ?? LiveAnswer(description: seen.detail ?? "")
        } else if isPlain, seen.alertReceived != .protocolVersion {
            let alert = seen.alertReceived.map { ", alert \($0.name)" } ?? ""
            refusals.append(
                "a good client was not let in with TLS \(version.rawValue): \(seen.detail ?? "no reason told")\(alert); "
                    + "check that the server speaks TLS there, and that its client CA is --issuer-cert"
            )
        }
    }

    /// Why no connection to a server can be made; nil when one can. Cases that are decided by the harness's own settings
    /// never reach the server, and would pass without one.
    ///
    /// - Parameter patience: How long a server that is being started has until it listens.
    package static func obstacle(to endpoint: LiveEndpoint, patience: Duration = .zero) -> String? {
        let address = NetworkAddress(host: endpoint.host, port: endpoint.port, isLive: true)
        let deadline = Deadline(after: patience)
        while true {
            do throws(RemoteHost.Unreachable) {
                _ = try RemoteHost.connect(to: address, within: .seconds(5))
                return nil
            } catch {
                if deadline.isOver { return error.reason }
            }
            // Nothing tells of a port that somebody begins to listen on, so it is asked again.
            var pause = Waiting()
            pause.wait(until: deadline.limited(to: .milliseconds(100)))
        }
    }

    private mutating func note(_ outcome: PlayOutcome, _ version: ProtocolVersion) {
        switch outcome {
        case .crashed(let reason), .skipped(let reason), .timedOut(let reason), .errored(let reason): problem = reason
        case .unsupported: break
        case .played(let connections, _):
            guard connections.first?.client.alertReceived == .protocolVersion else { return }
            lacks.append(
                Lack(
                    capabilities: [Capability(version)],
                    reason: "it refused a handshake of TLS \(version.rawValue) alone with protocol_version"
                )
            )
        }
    }
}

/// A client that takes no good server refuses the bad ones for nobody knows which reason.
extension LivePreflight {
    private mutating func lookAtClient(
        _ player: CasePlayer,
        _ cases: [(ConformanceCase, CaseExpectation)],
        _ seed: UInt64,
        _ now: Int64
    ) {
        var complaints: [ProtocolVersion: String] = [:]
        for version in ProtocolVersion.allCases {
            var tries = 0
            for good in Self.goodCases(of: version, among: cases) where tries < Self.mostTries {
                switch player.play(good, seed: seed, now: now, playsControl: false) {
                case .unsupported: continue
                case .crashed(let reason), .skipped(let reason), .timedOut(let reason), .errored(let reason):
                    problem = "\(reason); run the command by hand with a server of yours"
                    return
                case .played(let connections, _):
                    guard let pair = connections.first else { continue }
                    tries += 1
                    let complaint = Self.complaint(about: pair, version)
                    if complaint == nil { tries = Self.mostTries }
                    // The plainest server was asked for first.
                    if complaint == nil || complaints[version] == nil { complaints[version] = complaint ?? "" }
                }
            }
        }
        let taken = complaints.filter(\.value.isEmpty).map(\.key)
        let refused = complaints.filter { !$0.value.isEmpty }.sorted { $0.key.rawValue > $1.key.rawValue }
        guard !taken.isEmpty else {
            problem = refused.first.map { "\($0.value); run the command by hand with a server of yours" }
            return
        }
        for (version, complaint) in refused {
            lacks.append(Lack(capabilities: [Capability(version)], reason: complaint))
        }
    }

    /// Cases whose server a client must take, the plainest first and one of each scenario; the control of a case is the
    /// plainest there is.
    private static func goodCases(
        of version: ProtocolVersion,
        among cases: [(ConformanceCase, CaseExpectation)]
    ) -> [ConformanceCase] {
        var controls: [String: ConformanceCase] = [:]
        var accepted: [String: ConformanceCase] = [:]
        for (testCase, expectation) in cases where testCase.version == version {
            if let control = testCase.control, controls[testCase.scenario] == nil {
                var good = testCase
                good.server = control.server
                good.client = control.client
                good.steps = [.connect, .exchange]
                controls[testCase.scenario] = good
            }
            if !expectation.hasRejection, accepted[testCase.scenario] == nil { accepted[testCase.scenario] = testCase }
        }
        let isPlain: (ConformanceCase) -> Bool = { $0.server.clientAuth == .noClientCert && $0.client.identity == nil }
        let ordered = [controls, accepted].flatMap { $0.sorted { $0.key < $1.key }.map(\.value) }
        return ordered.filter(isPlain) + ordered.filter { !isPlain($0) }
    }

    /// Why a connection says that the client does not take a good server; nil when it does.
    private static func complaint(about pair: ConnectionObservation, _ version: ProtocolVersion) -> String? {
        let said = pair.client.detail.map { $0.hasPrefix("; ") ? String($0.dropFirst(2)) : $0 } ?? ""
        let words = said.isEmpty ? "it said nothing" : said
        let end = pair.client.accepted ? "ended with exit code 0" : "failed"
        guard pair.server.reachedHandshake || pair.server.heardPlaintext == true else {
            return "the command \(end) without connecting to the address in {url} and {port}; \(words)"
        }
        if [pair.server.alertSent, pair.server.alertReceived].contains(.protocolVersion) {
            return "the client does not speak TLS \(version.rawValue)"
        }
        if pair.client.accepted, pair.server.accepted || pair.server.heardPlaintext == true { return nil }
        if pair.client.accepted {
            return "the command ended with exit code 0, and its connection of TLS \(version.rawValue) brought no whole "
                + "HTTP request: \(pair.server.detail ?? "nothing came"); make it fetch {url}"
        }
        let alert = pair.server.alertReceived.map { ", after the alert \($0.name)" } ?? ""
        return "the client did not take a good server of TLS \(version.rawValue)\(alert); \(words)"
    }

    private static let mostTries = 4
}

/// The server of a case that somebody else runs: nothing of it is started or seen, and all evidence is its client's.
final class LiveServer: RemoteServer {
    private let endpoint: LiveEndpoint
    private let stack: Stack
    private let host: PeerHost

    init(_ endpoint: LiveEndpoint, of stack: Stack, _ host: PeerHost) {
        self.endpoint = endpoint
        self.stack = stack
        self.host = host
    }

    var endsWithConnection: Bool { false }

    func listen() throws(PeerFault) -> RemoteStart {
        .listening(.live(endpoint))
    }

    func observe() throws(PeerFault) -> SideObservation {
        host.noteSuccess(of: stack, .server)
        var seen = SideObservation(accepted: false, reachedHandshake: true)
        seen.untold = ObservedField.allCases.sorted()
        return seen
    }

    func rotate(_ change: SettingChange) throws(PeerFault) -> RemoteRotation {
        throw .unsupported("nothing of a live server can be changed")
    }

    func stop() throws(PeerFault) {}
}

extension ConnectionObservation {
    /// Leaves out of the comparison what nobody can know of a peer that the case did not set up: which certificates a
    /// live server has, and for a stack that nobody named, with which alert it refuses and when that is noticed.
    mutating func openUp(for live: Side?, anonymous: Side?) {
        if live == .server {
            client.leaveOpen([.received, .verifiedChainLength, .acceptableCAs])
            server.leaveOpen([.presented])
        }
        guard let anonymous else { return }
        let other = anonymous.opposite
        var sides = [Side.server: server, .client: client]
        // The alert is shown, as the other side received it.
        sides[anonymous]?.alertSent = self[other].alertReceived
        sides[anonymous]?.leaveOpen([.alertSent, .noticed, .reason, .alertReceived])
        sides[other]?.leaveOpen([.noticed])
        server = sides[.server] ?? server
        client = sides[.client] ?? client
    }
}

extension SideObservation {
    fileprivate mutating func leaveOpen(_ fields: [ObservedField]) {
        untold = Set(untold ?? []).union(fields).sorted()
    }
}
