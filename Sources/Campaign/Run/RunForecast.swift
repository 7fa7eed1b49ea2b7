internal import ConformanceCatalogue
internal import ConformanceEngine
internal import ConformanceJudge
internal import ConformanceModel
internal import ConformanceReports
internal import Foundation

/// The connections of a run, counted before the first of them is made.
package struct RunForecast {
    /// The cases of one scenario.
    private struct Share {
        var cases = 0
        var connections = 0
    }

    private var shares: [String: Share] = [:]
    /// Good connections beside cases that must be refused.
    private var controls = 0
    private var unasked: [String: Int] = [:]
    private let manifests: [PeerManifest]
    private let jobs: Int

    /// - Parameters:
    ///   - cases: the cases that a run plays, with what is permitted for each.
    ///   - manifests: the user's own client, or the hosts of the user's own server; none where all stacks are those of
    ///     the catalogue.
    ///   - jobs: how many worker processes play at the same time.
    init(_ cases: [(ConformanceCase, CaseExpectation)], of manifests: [PeerManifest], jobs: Int) {
        self.manifests = manifests
        self.jobs = jobs
        for (testCase, expectation) in cases {
            let manifest = manifests.first { [testCase.pairing.server, testCase.pairing.client].contains($0.stack) }
            if let manifest, let reason = Self.refusal(of: testCase, by: manifest) {
                unasked[reason, default: 0] += 1
                continue
            }
            shares[testCase.scenario, default: Share()].cases += 1
            shares[testCase.scenario, default: Share()].connections += testCase.steps.count(where: \.opensConnection)
            if expectation.hasRejection, testCase.control != nil { controls += 1 }
        }
    }

    private static func refusal(of testCase: ConformanceCase, by manifest: PeerManifest) -> String? {
        let side = manifest.endpoint == nil ? Side.client : .server
        if let refusal = manifest.refusal(of: testCase.needs(of: side), as: side) { return refusal }
        if let refusal = manifest.trigger?.refusal(of: testCase.client, in: testCase.pki) { return refusal }
        return manifest.endpoint.flatMap { _ in LiveServerPlan.refusal(of: testCase) }
    }

    private var cases: Int { shares.values.reduce(0) { $0 + $1.cases } }
    private var connections: Int { shares.values.reduce(0) { $0 + $1.connections } }

    /// One sentence, for the beginning of a run.
    package var sentence: String {
        let parallel = jobs == 1 ? "one at a time" : "at most \(jobs) at a time"
        let total = "\(connections + controls) \(noun), \(parallel)"
        return "\(cases) cases: \(total); \(controls) of them are good ones, which show that a refusal is one."
    }

    private var noun: String {
        guard let manifest = manifests.first else { return "connections" }
        if let endpoint = manifest.endpoint { return "connections to \(endpoint.host):\(endpoint.port)" }
        return manifest.trigger?.takesLines == true ? "lines for the command" : "starts of the command"
    }

    /// The sentence, the cases of each scenario, and the reasons of the cases that can't be asked.
    package var text: String {
        var lines = [sentence]
        for (scenario, share) in shares.sorted(by: { $0.key < $1.key }) {
            lines.append("  \(scenario): \(share.cases) cases, \(share.connections) connections")
        }
        for (reason, count) in unasked.sorted(by: { $0.key < $1.key }) {
            lines.append("  not asked: \(count) cases: \(reason)")
        }
        lines.append("Nothing was played.")
        return lines.joined(separator: "\n")
    }
}

extension RunRequest {
    /// The connections that the run would make; nothing is started and nobody is connected to.
    package func forecast() throws -> RunForecast {
        let earlier = journal?.earlier
        let time = now ?? earlier?.header?.now
        let peer = try live?.peer(now: time ?? Int64(Date.now.timeIntervalSince1970))
        let selected = try selection.select(
            shard: shard,
            earlierSeed: earlier?.header?.seed,
            peers: peers,
            live: peer
        )
        let known = ProfileSet(selected.profiles, versions: [:])
        let plan = try RunPlan(cases: selected.cases, profiles: known)
        return RunForecast(plan.expected, of: peer?.manifests ?? [], jobs: jobCount(isLive: peer != nil))
    }

    /// A server or client of the user's own is spared.
    func jobCount(isLive: Bool) -> Int {
        jobs ?? (isLive ? 1 : ProcessInfo.processInfo.activeProcessorCount)
    }
}
