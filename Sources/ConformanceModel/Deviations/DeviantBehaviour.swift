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
