package import ConformanceModel

/// The profiles of the stacks of a run, with what they include, for the versions that play.
package struct ProfileSet: Sendable {
    private struct Actor: Hashable {
        var stack: Stack
        var side: Side
        var tls: ProtocolVersion
    }

    package let profiles: [Profile]
    package let versions: [String: String]
    private let conducts: [Actor: Conduct]
    private let exceptions: [Stack: [ProfileException]]
    private let entries: [Stack: [Profile.RuleEntry]]

    package static let none = ProfileSet([])

    package init(_ profiles: [Profile], versions: [String: String] = [:]) {
        self.profiles = profiles
        self.versions = versions
        let byStack = Dictionary(profiles.map { ($0.stack, $0) }, uniquingKeysWith: { $1 })
        var conducts: [Actor: Conduct] = [:]
        var exceptions: [Stack: [ProfileException]] = [:]
        var entries: [Stack: [Profile.RuleEntry]] = [:]
        for profile in byStack.values {
            // What is nearest to the stack comes last, and so has the last word.
            let layers = Self.layers(of: profile, among: byStack)
            for side in Side.allCases {
                for tls in ProtocolVersion.allCases {
                    var conduct = Conduct()
                    for layer in layers { conduct.apply(layer, side, tls, version: versions[layer.stack.rawValue]) }
                    conducts[Actor(stack: profile.stack, side: side, tls: tls)] = conduct
                }
            }
            entries[profile.stack] = layers.flatMap { layer in
                layer.rules.filter { $0.scope.covers(version: versions[layer.stack.rawValue]) }
            }
            exceptions[profile.stack] = profile.exceptions.filter { exception in
                versions[exception.stack.rawValue].map(exception.covers) ?? true
            }
        }
        self.conducts = conducts
        self.exceptions = exceptions
        self.entries = entries
    }

    private static func layers(of profile: Profile, among known: [Stack: Profile]) -> [Profile] {
        var seen: Set<Stack> = []
        func gather(_ profile: Profile) -> [Profile] {
            guard seen.insert(profile.stack).inserted else { return [] }
            return profile.includes.compactMap { known[$0] }.flatMap(gather) + [profile]
        }
        return gather(profile)
    }

    /// How the stacks of both sides behave in a case.
    package func conducts(for pairing: Pairing, _ tls: ProtocolVersion) -> Conducts {
        Conducts(
            server: conducts[Actor(stack: pairing.server, side: .server, tls: tls)] ?? Conduct(),
            client: conducts[Actor(stack: pairing.client, side: .client, tls: tls)] ?? Conduct()
        )
    }

    /// The differences of a stack that no rule can express.
    func exceptions(of stack: Stack) -> [ProfileException] { exceptions[stack] ?? [] }

    /// The rules that a stack answers otherwise in the version that plays, included ones too.
    package func entries(of stack: Stack) -> [Profile.RuleEntry] { entries[stack] ?? [] }

    /// Whether anything is known of a stack.
    package func knows(_ stack: Stack) -> Bool { profiles.contains { $0.stack == stack } }

    /// The same profiles with one of them replaced.
    package func replacing(_ profile: Profile) -> ProfileSet {
        ProfileSet(profiles.filter { $0.stack != profile.stack } + [profile], versions: versions)
    }
}

extension Conduct {
    fileprivate mutating func apply(_ profile: Profile, _ side: Side, _ tls: ProtocolVersion, version: String?) {
        func holds(_ scope: Profile.Scope) -> Bool { scope.covers(side, tls) && scope.covers(version: version) }
        for entry in profile.rules where holds(entry.scope) { otherwise[entry.rule] = entry.conduct }
        for entry in profile.alerts where holds(entry.scope) {
            switch entry.subject {
            case .defect(let reason): alerts[reason] = entry.alerts
            case .rule(let rule): alertsByRule[rule] = entry.alerts
            }
        }
        for entry in profile.readings where holds(entry.scope) { readings[entry.reason] = entry.word }
        for entry in profile.lateRefusals where holds(entry.scope) { refusesLate.formUnion(entry.reasons) }
        sendsPlaintextAlerts = sendsPlaintextAlerts || profile.sendsPlaintextAlerts
        readsPlaintextAlerts = readsPlaintextAlerts && !profile.ignoresPlaintextAlerts
    }
}

extension ProfileSet {
    /// `STACK: ENTRY`, as it stands in results.
    func label(_ use: ProfileUse, of pairing: Pairing) -> String {
        "\(pairing[use.side].rawValue): \(use.key)"
    }

    /// Why a stack does what an entry says, for the reader of a result.
    func sentence(_ use: ProfileUse, of pairing: Pairing) -> String {
        let stack = pairing[use.side]
        if let entry = entries(of: stack).last(where: { $0.rule.rawValue == use.key && $0.scope.allows(use.side) }) {
            return entry.why
        }
        if let subject = use.key.removingPrefix("alert/") {
            return "\(stack.rawValue) has another alert for \(subject)"
        }
        if let subject = use.key.removingPrefix("reason/") {
            return "\(stack.rawValue) tells \(subject) in another word"
        }
        return switch use.key {
        case "refuses-with": "\(stack.rawValue) refuses when the handshake is over, without an alert"
        case "plaintext-alerts": "\(stack.rawValue) refuses a server of TLS 1.3 by an alert in plaintext"
        default: use.key
        }
    }
}

extension Profile.Scope {
    func allows(_ side: Side) -> Bool { (self.side ?? side) == side }
}

extension String {
    /// The rest of a text that begins so; nil of any other.
    func removingPrefix(_ prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}

extension Array where Element: Hashable {
    /// Each element once, where it stands first.
    var uniqued: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}

extension Conducts {
    /// The same conduct without what one entry of a profile says.
    func without(_ use: ProfileUse) -> Conducts {
        var result = self
        result[use.side].remove(use.key)
        return result
    }
}

extension Conduct {
    mutating func remove(_ key: String) {
        if let rule = Rule(rawValue: key) {
            otherwise[rule] = nil
        } else if let subject = key.removingPrefix("alert/") {
            if let reason = Defect.Reason(rawValue: subject) { alerts[reason] = nil }
            if let rule = Rule(rawValue: subject) { alertsByRule[rule] = nil }
        } else if let subject = key.removingPrefix("reason/") {
            if let reason = Defect.Reason(rawValue: subject) { readings[reason] = nil }
        } else if key == "refuses-with" {
            refusesLate = []
        } else if key == "plaintext-alerts" {
            sendsPlaintextAlerts = false
        }
    }
}
