internal import NIOCore
internal import Synchronization

/// The outcomes of the channels of one dial.
///
/// A name with several addresses makes several channels, of which one wins (RFC 8305); and the winner may have failed
/// and lost its handlers before it is handed out.
final class DialOutcomes: Sendable {
    private let outcomes = Mutex<[ObjectIdentifier: EventLoopFuture<DialedConnection>]>([:])

    subscript(channel: any Channel) -> EventLoopFuture<DialedConnection>? {
        get { outcomes.withLock { $0[ObjectIdentifier(channel)] } }
        set { outcomes.withLock { $0[ObjectIdentifier(channel)] = newValue } }
    }
}
