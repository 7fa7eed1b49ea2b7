package import ConformanceEngine
package import ConformanceModel
internal import Peers

/// A server or a client of the user's own, and what cases become for it.
package struct LivePeer {
    package enum Plan {
        case server(LiveServerPlan)
        case client(TriggeredClientPlan)
    }

    /// One for a client, and for each host of a server.
    package var manifests: [PeerManifest]
    /// In the order of the manifests.
    package var plans: [Plan]
    /// Nil for a client that is told whom to trust.
    package var material: LiveMaterial?
    /// How many seconds a server has until it listens.
    package var patience = 0

    package var stacks: [Stack] { manifests.map(\.stack) }

    /// The library plays the other side, and GnuTLS offers sessions to hosts that they don't belong to.
    package var pairings: [Pairing] {
        plans.flatMap { plan in
            switch plan {
            case .server(let plan):
                [Stack.countersign, .gnutls].filter { $0 == .countersign || plan.openHost != nil }
                    .map { Pairing(server: plan.stack, client: $0) }
            case .client(let plan): [Pairing(server: .countersign, client: plan.stack)]
            }
        }
    }

    /// The selection that is played when no cases are named.
    package var globs: [String] {
        guard case .server(let first)? = plans.first else {
            if case .client(let plan)? = plans.first, plan.isLasting { return Self.ofClients + Self.ofLastingClients }
            return Self.ofClients
        }
        let isCrossed = plans.contains { plan in
            if case .server(let plan) = plan { plan.openHost != nil } else { false }
        }
        return Self.ofServers + (isCrossed ? ["client-auth/hosts"] : [])
            + (first.issuer.revokedSerial == nil ? [] : ["client-auth/revoked-serial"])
    }

    private static let ofServers = [
        "client-auth/credentials", "client-auth/impostors", "client-auth/constraints",
        "client-auth/asked-names", "client-auth/again", "client-auth/presence/*/verified/*",
        "client-auth/key-types/*/client-*",
    ]

    /// Every fault of a server, names by their rules, and the certificate of the client: presented where it fits, with its
    /// intermediates, and refused by the server. Which certificates of an unlisted authority a client presents is its own
    /// affair, so that a case which asks for one asks for one that the server lists.
    private static let ofClients = [
        "server-auth/names/*/verified/*", "server-auth/roots/*/verified/*", "server-auth/faults/*",
        "server-auth/paths/*first/*", "server-auth/paths/client-auth-second/*", "server-auth/paths/wildcard-within-*/*",
        "server-auth/paths/all-*/*",
        "server-auth/revocation/chain/good/verified/*", "server-auth/revocation/chain/*-revoked/verified/*",
        "client-auth/credentials/*/valid/*", "client-auth/credentials/*/one-intermediate/*",
        "client-auth/credentials/Require*/none/*", "client-auth/credentials/*/expired/*",
        "client-auth/ca-names/RequireAndVerify/*/one/*", "client-auth/ca-names/RequireAndVerify/derived/several/*",
        "client-auth/ca-names/RequireAndVerify/derived/intermediate/*",
        "client-auth/selection/matching/Request/listed/untrusted/*",
    ]

    /// Connections that a client makes with other settings while it keeps something of the earlier ones: a session, a
    /// connection that is still open, a verdict. Where a session may be taken or left, both are right.
    private static let ofLastingClients = [
        "rotation/pooled/*", "resumption/identity/nothing-changes/*", "resumption/identity/client/*",
        "resumption/identity/client-to-*trusted/*", "resumption/identity/client-to-expired/*",
        "resumption/identity/server-to-untrusted/*", "resumption/roots/root-cas-replaced/*",
        "resumption/server-name/name-that-it-lacks/*", "resumption/revocation/server-revoked/*",
    ]

    /// The case as the peer is put through it; nil for one that is no question to it.
    package func aimed(_ testCase: ConformanceCase) -> ConformanceCase? {
        for plan in plans {
            switch plan {
            case .server(let plan) where plan.stack == testCase.pairing.server:
                return plan.concerns(testCase) ? plan.aimed(testCase) : nil
            case .client(let plan) where plan.stack == testCase.pairing.client: return plan.aimed(testCase)
            case .server, .client: continue
            }
        }
        return nil
    }

    /// Notes for the reader of the run.
    package var note: String? {
        guard case .server(let plan)? = plans.first, plan.rootCount == 0 else { return nil }
        return "The target's own certificate is not verified; --ca names what to verify it with."
    }

    /// Finds out whether the peer is there and what it takes, before it is put through anything.
    ///
    /// - Throws: `CommandError` when nothing can be played with it.
    package func prepare(_ settings: inout PeerSettings?, _ plan: RunPlan, seed: UInt64, now: Int64) throws {
        guard let given = settings else { return }
        for stack in stacks {
            let cases = plan.expected.filter { [$0.0.pairing.server, $0.0.pairing.client].contains(stack) }
            // A host may be none of a selection's.
            guard !cases.isEmpty else { continue }
            let preflight = try LivePreflight(given, stack, cases: cases, seed: seed, now: now)
            if let problem = preflight.problem {
                let host = stacks.count > 1 ? "\(stack.rawValue): " : ""
                throw CommandError(message: "nothing was played: \(host)\(problem)", status: .harnessFault)
            }
            for index in given.manifests.indices where given.manifests[index].stack == stack {
                settings?.manifests[index].lacks += preflight.lacks
                settings?.manifests[index].endpoint?.answer = preflight.answer
            }
        }
    }

    /// Looks whether anybody listens, before anything else is said about the run.
    package func checkIsThere() throws {
        guard let endpoint = manifests.first?.endpoint,
            let reason = LivePreflight.obstacle(to: endpoint, patience: .seconds(patience))
        else { return }
        let waited =
            patience == 0 ? "start the server, let --wait give it time to start" : "it had \(patience) s to start"
        throw CommandError(
            message: "nothing was played: \(reason); \(waited), or name another --target",
            status: .harnessFault
        )
    }
}

/// An address of the form HOST:PORT, where an IPv6 address may stand in brackets.
package struct HostAndPort: Hashable {
    package var host: String
    package var port: Int

    /// Takes the text before the last colon as host, as Go's Dial does.
    ///
    /// - Parameter option: The option that the text was given by, for messages.
    package init(parsing text: String, option: String, ports: ClosedRange<Int>) throws {
        guard let colon = text.lastIndex(of: ":") else {
            throw CommandError.usage(
                "\(option): expected HOST:PORT, found “\(text)” without a colon; add the port, as in 127.0.0.1:8443"
            )
        }
        let digits = text[text.index(after: colon)...]
        guard let port = Int(digits), ports.contains(port) else {
            throw CommandError.usage(
                "\(option): expected a port from \(ports.lowerBound) to \(ports.upperBound) after the last colon, "
                    + "found “\(digits)”"
            )
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        self.host = host
        self.port = port
    }
}
