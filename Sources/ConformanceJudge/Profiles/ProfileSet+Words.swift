internal import ConformanceModel

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
