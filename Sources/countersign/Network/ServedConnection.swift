internal import ConformanceModel
internal import MutualTLS
internal import MutualTLSNIO
internal import NIOCore

/// Prints the outcome of a connection, greets an accepted client, and echoes what it sends.
final class ServedConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let output: LineOutput
    private var isPrinted = false

    init(_ output: LineOutput) {
        self.output = output
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.writeAndFlush(data, promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event as? MutualTLSEvent {
        case .handshakeCompleted(let information):
            write(ConnectionReport(information))
            let greeting = ByteBuffer(string: Greeting.line(for: information.peerCertificates.first))
            context.writeAndFlush(wrapOutboundOut(greeting), promise: nil)
        case .failed(let failure, let information):
            write(ConnectionReport(failure, information))
        case .confirmed, .peerClosed, .shutdownRequested, nil:
            break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Failures come as events too, and TLS closes the connection.
    }

    /// One line a connection: what happens to it after it was accepted is its own affair.
    private func write(_ report: ConnectionReport) {
        guard !isPrinted else { return }
        isPrinted = true
        output.write(report)
    }
}

/// The first line that an accepted client reads.
enum Greeting {
    /// The common name of the certificate, which in the modes that don't verify is a mere claim, or `anonymous`.
    static func line(for certificate: Certificate?) -> String {
        "hello \(certificate?.commonName.map(SingleLine.of) ?? "anonymous")\n"
    }
}
