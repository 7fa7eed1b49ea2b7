import Glibc
import MutualTLS
import MutualTLSNIO
import NIOCore
import NIOPosix
import Testing

/// Answers to a ClientHello of ports that aren't a TLS server's, and the words about them.
struct StrangeServer: Sendable, CustomTestStringConvertible {
    enum Ending { case none, closes, resets }

    let name: String
    var answer = ""
    /// Whether it speaks first, as servers of many protocols do.
    var greets = false
    var ending = Ending.none
    let reason: ConnectionFailure.Reason
    let words: String

    var testDescription: String { name }

    static let all = [
        StrangeServer(
            name: "plain HTTP",
            answer: "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n",
            ending: .closes,
            reason: .notTLS,
            words: "The peer speaks plain HTTP: the server answered without TLS."
        ),
        StrangeServer(
            name: "SSH",
            answer: "SSH-2.0-OpenSSH_9.2\r\n",
            greets: true,
            reason: .notTLS,
            words: "The peer speaks SSH, not TLS."
        ),
        StrangeServer(
            name: "NATS",
            answer: "INFO {\"tls_required\":true}\r\n",
            greets: true,
            reason: .notTLS,
            words: "The server greets in plain text, as NATS does"
        ),
        StrangeServer(
            name: "mail",
            answer: "220 mail.test ESMTP\r\n",
            greets: true,
            reason: .notTLS,
            words: "before STARTTLS"
        ),
        StrangeServer(
            name: "garbage",
            answer: "\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}",
            reason: .notTLS,
            words: "found bytes that start with 01 02 03 04"
        ),
        StrangeServer(
            name: "an end without an answer",
            ending: .closes,
            reason: .truncated,
            words: "The server closed the connection without an answer to the ClientHello."
        ),
        StrangeServer(
            name: "a reset without an answer",
            ending: .resets,
            reason: .transport,
            words: "The connection to the server broke"
        ),
    ]
}

@Suite("A dialer and a port that isn't a TLS server's")
struct StrangeServerTests {
    /// Answers the first bytes, or greets.
    private final class Answerer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let server: StrangeServer

        init(_ server: StrangeServer) {
            self.server = server
        }

        func channelActive(context: ChannelHandlerContext) {
            if server.greets { speak(context) }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            if !server.greets { speak(context) }
            switch server.ending {
            case .none: break
            case .closes: context.close(promise: nil)
            case .resets:
                if let options = context.channel as? any SocketOptionProvider {
                    options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).assumeIsolated().whenComplete { _ in
                        context.close(promise: nil)
                    }
                }
            }
        }

        private func speak(_ context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: server.answer)), promise: nil)
        }
    }

    @Test("says what answered", arguments: StrangeServer.all, TLSVersion.allCases)
    func server(_ server: StrangeServer, version: TLSVersion) async throws {
        let listener = try await ServerBootstrap(group: Loopback.group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Answerer(server))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(listener.localAddress?.port)
        var options = MutualTLSDialerOptions()
        options.limits.handshakeTimeout = Loopback.patience
        let dialer = MutualTLSDialer(try TestPKI.client("valid", version), group: Loopback.group, options: options)
        let failure = await #expect(throws: ConnectionFailure.self) {
            try await dialer.connect(host: "127.0.0.1", port: port)
        }
        #expect(failure?.reason == server.reason, "\(String(describing: failure))")
        #expect(failure?.message.contains(server.words) == true, "\(String(describing: failure))")
        try await listener.close().get()
    }
}
