internal import NIOCore
internal import Synchronization

/// The readers of one dial: a name with several addresses makes several channels, of which one wins.
final class GreetingReaders: Sendable {
    private let patience: TimeAmount
    private let outcomes = Mutex<[ObjectIdentifier: EventLoopFuture<GreetingReader.Outcome>]>([:])

    init(patience: TimeAmount) {
        self.patience = patience
    }

    /// Puts a reader behind TLS; on the channel's event loop.
    func add(to channel: any Channel) throws {
        let promise = channel.eventLoop.makePromise(of: GreetingReader.Outcome.self)
        outcomes.withLock { $0[ObjectIdentifier(channel)] = promise.futureResult }
        do {
            try channel.pipeline.syncOperations.addHandler(GreetingReader(patience: patience, promise))
        } catch {
            promise.succeed(.closed)
            throw error
        }
    }

    /// How the connection that was handed out went on.
    func outcome(of channel: any Channel) async -> GreetingReader.Outcome {
        let future = outcomes.withLock { $0[ObjectIdentifier(channel)] }
        return (try? await future?.get()) ?? .closed
    }

    /// Why none was handed out: the failure of TLS, if a channel got that far. All of them are closed by then, or close.
    func failure() async -> GreetingReader.Outcome {
        for future in outcomes.withLock({ Array($0.values) }) {
            if case .failed(let failure, let information)? = try? await future.get() {
                return .failed(failure, information)
            }
        }
        return .closed
    }
}
