internal import MutualTLS
internal import NIOCore
internal import Synchronization

/// A connection of an agent.
final class PooledConnection: Sendable {
    let channel: any Channel
    let credential: HTTPAgentCredential
    private let exchange: NIOLoopBound<HTTPClientExchange>

    init(_ channel: any Channel, _ credential: HTTPAgentCredential, _ exchange: NIOLoopBound<HTTPClientExchange>) {
        self.channel = channel
        self.credential = credential
        self.exchange = exchange
    }

    func send(_ request: HTTPAgent.Request, timeout: TimeAmount) async throws -> HTTPClientExchange.Outcome {
        let promise = channel.eventLoop.makePromise(of: HTTPClientExchange.Outcome.self)
        channel.eventLoop.execute { self.exchange.value.send(request, timeout: timeout, promise) }
        return try await withTaskCancellationHandler {
            try await promise.futureResult.get()
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    func whenIdle(for timeout: TimeAmount, _ work: @escaping @Sendable () -> Void) {
        channel.eventLoop.execute { self.exchange.value.whenIdle(for: timeout, work) }
    }
}

/// The handlers of the channels of one dial, of which one channel wins.
final class DialedExchanges: Sendable {
    private let exchanges = Mutex<[ObjectIdentifier: NIOLoopBound<HTTPClientExchange>]>([:])

    subscript(channel: any Channel) -> NIOLoopBound<HTTPClientExchange>? {
        get { exchanges.withLock { $0[ObjectIdentifier(channel)] } }
        set { exchanges.withLock { $0[ObjectIdentifier(channel)] = newValue } }
    }
}
