/// An exception of a profile, for what no rule can say: the cases that it shows in, what is seen instead, and why.
package struct ProfileException: Hashable, Sendable {
    /// The stack that differs.
    package var stack: Stack
    /// Unique among the stack's entries.
    package var name: String
    /// The role in which the stack differs; the entry is silent on cases in which it plays the other one only.
    package var side: Side
    /// Patterns for case ids; one must match. See ``IDGlob``.
    package var cases: [IDGlob]
    /// Axis name to the values that a case may have on it; all must hold.
    package var conditions: [String: Set<String>]
    /// The outcome that the oracle must permit for the entry to apply; nil for any.
    package var expected: ExpectedOutcome?
    package var instead: DeviantBehaviour
    /// Why the stack differs, in a sentence or two.
    package var reason: String
    /// Where that can be read, or how it was measured.
    package var source: String
    /// The versions of the stack that the entry speaks of, as prefixes: `3.7` covers 3.7.9. All when empty.
    package var versions: [String]
    /// Whether the stack does what the oracle permits at times, so that this is no news.
    package var isIntermittent: Bool
    /// Where the entry stands.
    package var file: String
    package var line: Int

    package init(
        stack: Stack,
        name: String,
        side: Side,
        cases: [IDGlob],
        conditions: [String: Set<String>],
        expected: ExpectedOutcome? = nil,
        instead: DeviantBehaviour,
        reason: String,
        source: String,
        versions: [String],
        isIntermittent: Bool,
        file: String,
        line: Int
    ) {
        self.stack = stack
        self.name = name
        self.side = side
        self.cases = cases
        self.conditions = conditions
        self.expected = expected
        self.instead = instead
        self.reason = reason
        self.source = source
        self.versions = versions
        self.isIntermittent = isIntermittent
        self.file = file
        self.line = line
    }

    /// `STACK: entry`, as it stands in results.
    package var label: String { "\(stack.rawValue): \(name)" }

    /// Whether the entry may speak of this case, whatever the oracle says of it: its stack plays its side, a pattern matches, and all conditions hold.
    ///
    /// The cheap tests come first, so that thousands of cases meet dozens of entries in milliseconds.
    package func applies(to conformanceCase: ConformanceCase) -> Bool {
        conformanceCase.pairing[side] == stack
            && cases.contains { $0.matches(conformanceCase.id) }
            && conditions.allSatisfy { axis, values in
                conformanceCase.value(on: axis).map(values.contains) ?? false
            }
    }

    /// Whether the entry speaks of this version of its stack.
    package func covers(version: String) -> Bool {
        versions.isEmpty || versions.contains { VersionPrefix($0).covers(version) }
    }
}

/// The behaviour that is seen instead of the permitted one: a change of a ``ConnectionExpectation``.
package struct DeviantBehaviour: Hashable, Sendable {
    /// The alerts that are seen instead.
    package enum Alerts: Hashable, Sendable {
        /// One of these; an empty list means that none is sent at all.
        case among([AlertDescription])
        /// Any alert, but one.
        case any
    }

    /// Which connections of a case an entry changes.
    package enum Connections: Hashable, Sendable {
        /// One of them, from 1.
        case number(Int)
        case all
    }

    /// nil for those whose outcome the entry expects, or the last one where it expects none.
    package var connections: Connections?
    package var decision: Outcome.Decision?
    /// The side that refuses; the deviating stack's own when the outcome changes and nothing is said.
    package var by: Side?
    /// The classes of the refusal that the stack tells instead, where it reads its own refusal in another way.
    package var reasons: [String]?
    package var alerts: Alerts?
    /// Where the other side notices. When the outcome changes and nothing is said, a server notices in the handshake,
    /// and nothing is asserted about a client, for which it depends on the version.
    package var noticedByPeer: NoticePoint?
    /// Whether a session is resumed; `true` means that of the last full handshake before, with the peers of that one.
    package var resumed: Bool?
    package var server = SideExpectation()
    package var client = SideExpectation()

    package init() {}

    /// Whether nothing is stated, so that the entry would explain nothing.
    package var isEmpty: Bool {
        decision == nil && by == nil && reasons == nil && alerts == nil && noticedByPeer == nil
            && resumed == nil && server == SideExpectation()
            && client == SideExpectation()
    }
}
