internal import Logging
internal import MutualTLS
internal import NIOCore

/// Tells the registry of the end of a handshake, and the log of failures.
final class AcceptedConnectionObserver: ChannelInboundHandler {
    typealias InboundIn = Never

    private let registry: ConnectionRegistry
    private let logger: Logger?

    init(_ registry: ConnectionRegistry, logger: Logger?) {
        self.registry = registry
        self.logger = logger
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event as? MutualTLSEvent {
        case .handshakeCompleted:
            registry.endHandshake(of: context.channel)
        case .failed(let failure, _):
            registry.endHandshake(of: context.channel)
            logger?.info(
                "connection failed: \(failure)",
                metadata: [
                    "reason": "\(failure.reason)", "phase": "\(failure.phase)",
                    "remote": "\(context.remoteAddress?.description ?? "unknown")",
                ]
            )
        case .confirmed, .peerClosed, .shutdownRequested, nil:
            break
        }
        context.fireUserInboundEventTriggered(event)
    }
}
