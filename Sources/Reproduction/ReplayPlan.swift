internal import Campaign
internal import ConformanceJudge
package import ConformanceModel

/// A case as plain openssl commands: servers, one after the other, and the connections that each of them gets.
package struct ReplayPlan {
    package struct Connection {
        package var client: [String]
        package var isAccepted: Bool
        /// Whether it resumes the session of an earlier connection.
        package var isResumed: Bool
    }

    /// One process of s_server. Its settings can't change while it runs, so that each change starts another.
    package struct Server {
        package var command: [String]
        package var connections: [Connection]
    }

    /// A credential that one side presents.
    package struct Presented: Hashable {
        package var side: Side
        package var credential: String
    }

    package private(set) var servers: [Server] = []
    private let pools = ReplayPools()
    package private(set) var identities: Set<Presented> = []
    /// The differences between openssl's behaviour and the case, in sentences for the README.
    package private(set) var differences: [String] = []
    /// The parts of the case that are left out.
    package private(set) var omissions: [String] = []
    /// Why openssl isn't able to play it; nil when it is.
    package private(set) var obstacle: String?

    /// Files that the commands need: name to the entries whose certificates it holds.
    package var bundles: [String: [String]] { pools.files }

    /// The expected end of the last connection; nil when openssl isn't able to play the case.
    package var isAccepted: Bool? { obstacle == nil ? servers.last?.connections.last?.isAccepted : nil }

    /// - Parameters:
    ///   - now: the time that the certificates were made for, in seconds since 1970.
    ///   - hasChain: whether a credential sends more than its leaf.
    package init(
        _ testCase: ConformanceCase,
        expectation: CaseExpectation,
        now: Int64,
        hasChain: @escaping (String) -> Bool
    ) {
        obstacle = Self.obstacle(testCase, expectation)
        let settings = Oracle().settings(for: testCase)
        let holdsSessions = expectation.connections.contains { $0.resumed == true }
        var ticketKeys = 0
        for (setting, expected) in zip(settings, expectation.connections) {
            var commands = ReplayCommands(
                testCase,
                setting,
                expected,
                now: now,
                hasChain: hasChain,
                pools: pools
            )
            commands.arrange()
            identities.formUnion(commands.identities)
            differences += commands.differences.filter { !differences.contains($0) }
            let isFirst = servers.isEmpty
            if isFirst || servers.last?.command != commands.server || ticketKeys != setting.ticketKeys {
                servers.append(Server(command: commands.server, connections: []))
            }
            ticketKeys = setting.ticketKeys
            // openssl would offer a session whatever has changed since, which the library's client doesn't.
            let isResumed = expected.resumed == true && servers.last?.connections.isEmpty == false
            if isResumed { commands.client += ["-sess_in", Self.sessionFile] }
            if holdsSessions, !isResumed { commands.client += ["-sess_out", Self.sessionFile] }
            servers[servers.count - 1].connections.append(
                Connection(client: commands.client, isAccepted: commands.isAccepted, isResumed: isResumed)
            )
            if expected.declinedBy?.isEmpty == false {
                note(omission: "offering the session that must not be resumed, which openssl's server would resume")
            }
        }
        if servers.count > 1 { note(omission: "changes while the server runs: openssl's is started anew for each") }
        for case .rotate(let rotation) in testCase.steps where rotation.at != nil {
            note(omission: "the moment of the change, which no program outside can choose")
        }
        if testCase.server.strictSNI { note(omission: "the refusal of unknown names") }
    }

    /// The store that keeps a session between two connections.
    package static let sessionFile = "replay-session.pem"

    private mutating func note(omission: String) {
        if !omissions.contains(omission) { omissions.append(omission) }
    }

    private static func obstacle(_ testCase: ConformanceCase, _ expectation: CaseExpectation) -> String? {
        if expectation.connections.contains(where: { $0.outcome.decision == .configurationError }) {
            return "the settings are refused before any byte, which openssl doesn't do"
        }
        if !testCase.server.hosts.isEmpty { return "openssl's server has one mode for all names" }
        let names = [testCase.server.identity, testCase.client.identity].compactMap { $0 }
        let isFaulty = names.contains { name in
            testCase.pki.credentials[name].map { !$0.hasMatchingKey || $0.corruptsSignature } ?? false
        }
        if isFaulty { return "openssl refuses to load a key that isn't the certificate's, and signs rightly" }
        if expectation.connections.contains(where: { $0.outcome.reasons.contains("unrecognized-name") }) {
            return "openssl's server refuses no name without a certificate for another"
        }
        return nil
    }
}

/// The files of pools, shared by all commands of a replay.
package final class ReplayPools {
    package private(set) var files: [String: [String]] = [:]

    /// The file of a pool: the first gets the plain name, further ones a number.
    package func path(of pool: [String], _ name: String) -> String {
        var number = 1
        while true {
            let file = number == 1 ? "\(name).pem" : "\(name)-\(number).pem"
            if files[file, default: pool] == pool {
                files[file] = pool
                return "pki/\(file)"
            }
            number += 1
        }
    }
}
