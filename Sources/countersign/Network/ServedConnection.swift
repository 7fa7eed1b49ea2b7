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
        "hello \(certificate?.commonName.map { SingleLine.of($0) } ?? "anonymous")\n"
    }
}

/// The line that says where `serve` listens.
struct ListeningLine: Encodable, CustomStringConvertible {
    let event = "listening"
    var host: String
    var port: Int

    private enum CodingKeys: CodingKey {
        case event, port
    }

    var description: String { "listening on \(host.contains(":") ? "[\(host)]" : host):\(port)" }
}

/// The line that says what became of a look at changed files.
struct ReloadLine: Encodable, CustomStringConvertible {
    let event = "reload"
    var files: [String]
    /// The certificate that new connections are served with.
    var served: ConnectionReport.Served
    /// Why the last good identity stays, or nil when the files are in use.
    var reason: String?

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(event, forKey: .event)
        try container.encode(files, forKey: .files)
        try container.encode(served, forKey: .served)
        try container.encode(reason, forKey: .reason)
    }

    private enum CodingKeys: CodingKey {
        case event, files, served, reason
    }

    var description: String {
        reason.map { "kept the last good identity: \(SingleLine.of($0))" }
            ?? "reloaded \(files.joined(separator: ", ")): serving \(served.sha256)"
    }
}
