internal import NIOCore

/// The subjects that a user may publish and subscribe to: the `permissions` block of a NATS configuration.
struct NATSPermissions: Sendable, Hashable {
    /// A subject with wildcards, and in subscriptions perhaps a queue group.
    struct Pattern: Sendable, Hashable {
        let text: String
        let subject: NATSSubject
        let queue: NATSSubject?

        init?(_ words: String) {
            let parts = words.split(separator: " ").map(String.init)
            guard (1...2).contains(parts.count), let subject = NATSSubject(parts[0]) else { return nil }
            let queue = parts.count == 2 ? NATSSubject(parts[1]) : nil
            guard parts.count == 1 || queue != nil else { return nil }
            (text, self.subject, self.queue) = (parts[0], subject, queue)
        }

        /// Whether every subject that the other one stands for is one of this.
        ///
        /// nats-server 2.9 to 2.15 takes a trailing `>` for one token here, so that a user with `orders.*` may subscribe
        /// to `orders.>` and hear `orders.a.b`; this doesn't.
        func covers(_ other: NATSSubject, _ otherText: String) -> Bool {
            subject.matches(other) && (!Self.isOpen(otherText) || Self.isOpen(text))
        }

        private static func isOpen(_ text: String) -> Bool { text.utf8.elementsEqual(">".utf8) || text.hasSuffix(".>") }
    }

    struct List: Sendable, Hashable {
        /// Nil allows everything that isn't denied.
        var allow: [Pattern]?
        var deny: [Pattern] = []
    }

    /// Whether the user may answer what it was sent, beside what it may publish.
    struct Responses: Sendable, Hashable {
        /// How many answers each message may have; nil is any number.
        var most: Int? = 1
        var lifetime = TimeAmount.minutes(2)
    }

    var publish = List()
    var subscribe = List()
    var responses: Responses?

    init(_ value: NATSConfigurationValue) throws(MutualTLSSystemsError) {
        for entry in try value.entries(of: "permissions") {
            switch entry.key.lowercased() {
            case "pub", "publish", "import": publish = try entry.permissionList()
            case "sub", "subscribe", "export": subscribe = try entry.permissionList()
            case "publish_allow_responses", "allow_responses": responses = try entry.responses()
            default:
                throw MutualTLSSystemsError(
                    .unknownKey,
                    line: entry.line,
                    "Expected publish, subscribe or allow_responses in permissions, found \(entry.key)."
                )
            }
        }
        // Answers would be nothing beside everything.
        if responses != nil, publish.allow == nil { publish.allow = [] }
    }

    func mayPublish(_ subject: NATSSubject, _ text: String) -> Bool {
        publish.allow?.contains { $0.covers(subject, text) } != false
            && !publish.deny.contains { $0.covers(subject, text) }
    }

    /// Whether a subscription is allowed. A pattern with a queue group counts for subscriptions of such groups alone.
    func maySubscribe(_ subject: NATSSubject, _ text: String, queue: String?) -> Bool {
        let isAllowed = subscribe.allow.map { Self.fits($0, subject, text, queue) } ?? true
        return isAllowed && !Self.fits(subscribe.deny, subject, text, queue)
    }

    /// The denied subjects that a subscription to the subject must not be told: those within its wildcards.
    func hidden(from subject: NATSSubject) -> [NATSSubject] {
        subject.isLiteral ? [] : subscribe.deny.filter { $0.queue == nil }.map(\.subject)
    }

    private static func fits(_ patterns: [Pattern], _ subject: NATSSubject, _ text: String, _ queue: String?) -> Bool {
        let fitting = patterns.filter { $0.covers(subject, text) }
        let grouped = fitting.compactMap(\.queue)
        guard let queue, !grouped.isEmpty else { return fitting.contains { $0.queue == nil } }
        return NATSSubject(queue).map { name in grouped.contains { $0.matches(name) } } ?? false
    }
}

extension NATSConfigurationEntry {
    /// A subject, an array of subjects, or a block with `allow` and `deny`.
    fileprivate func permissionList() throws(MutualTLSSystemsError) -> NATSPermissions.List {
        guard case .map(let entries) = value.content else {
            return NATSPermissions.List(allow: try patterns())
        }
        var list = NATSPermissions.List()
        for entry in entries {
            switch entry.key.lowercased() {
            case "allow": list.allow = try entry.patterns()
            case "deny": list.deny = try entry.patterns()
            default: throw entry.unexpected("allow or deny instead")
            }
        }
        return list
    }

    private func patterns() throws(MutualTLSSystemsError) -> [NATSPermissions.Pattern] {
        if case .array(let elements) = value.content, elements.isEmpty { return [] }
        var patterns: [NATSPermissions.Pattern] = []
        for text in try strings() {
            guard let pattern = NATSPermissions.Pattern(text) else { throw unexpected("subjects") }
            patterns.append(pattern)
        }
        return patterns
    }

    fileprivate func responses() throws(MutualTLSSystemsError) -> NATSPermissions.Responses? {
        switch value.content {
        case .boolean(let isAllowed): return isAllowed ? NATSPermissions.Responses() : nil
        case .map(let entries):
            var responses = NATSPermissions.Responses()
            for entry in entries {
                switch entry.key.lowercased() {
                case "max", "max_msgs", "max_messages", "max_responses":
                    guard case .integer(let number) = entry.value.content else { throw entry.unexpected("a number") }
                    responses.most = number < 0 ? nil : max(1, Int(clamping: number))
                case "expires", "expiration", "ttl": responses.lifetime = try entry.duration()
                default: throw entry.unexpected("max or expires instead")
                }
            }
            return responses
        case .string, .integer, .float, .array: throw unexpected("true, false or a block")
        }
    }
}
