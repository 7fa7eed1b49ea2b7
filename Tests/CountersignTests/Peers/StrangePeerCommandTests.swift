import Foundation
import Glibc
import NIOCore
import NIOPosix
import PeerPrograms
import Testing

@Suite("serve and connect, and a peer that doesn't speak TLS")
struct StrangePeerCommandTests {
    @Test("serve says of each what it was, and goes on serving")
    func serve() async throws {
        let pki = try await PeerPKI.shared.value
        let server = try PeerPKI.countersign.start(
            [
                "serve", "--json", "--cert", "server.crt", "--key", "server.key", "--client-auth",
                "RequireAndVerifyClientCert", "--client-ca", "root.crt",
            ],
            in: pki.folder
        )
        try #require(await server.hasWritten("listening"), "\(server.errors)")
        let port = try #require(try lines(server).first?["port"] as? Int)
        let openings = [
            ("GET / HTTP/1.1\r\n\r\n", "notTLS: The peer speaks plain HTTP"),
            ("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n", "notTLS: The client sent a header of the PROXY protocol"),
            ("\r\n\r\n\0\r\nQUIT\n!\u{11}\0\0", "notTLS: The client sent a header of the PROXY protocol"),
            ("nonsense", "notTLS: What the client sent isn't TLS"),
            ("", "truncated: The client closed the connection before it sent a byte"),
        ]
        for (index, (opening, reason)) in openings.enumerated() {
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port).get()
            try? await channel.writeAndFlush(ByteBuffer(string: opening)).get()
            try? await channel.close().get()
            // Each line tells another reason, but for the two headers.
            #expect(await server.hasWritten(reason), "\(opening): \(server.output)")
            while try lines(server).count < index + 2 { await Task.yield() }
        }
        let accepted = try await PeerPKI.countersign.run(
            ["connect", "127.0.0.1:\(port)", "--ca", "root.crt", "--cert", "client.crt", "--key", "client.key"],
            in: pki.folder
        )
        #expect(accepted.status == 0, "\(accepted.output) \(accepted.errors)")
        server.signal(SIGTERM)
        #expect(await server.end() == 0)
        let told = try lines(server).dropFirst()
        #expect(told.map { $0["accepted"] as? Bool } == [false, false, false, false, false, true])
        for (line, opening) in zip(told, openings) {
            #expect((line["reason"] as? String)?.hasPrefix(opening.1) == true, "\(line)")
            #expect(line["peer"] is NSNull)
        }
    }

    @Test("connect says what answered, and ends with 1")
    func connect() async throws {
        let folder = try await PeerPKI.shared.value.folder
        for (answer, reason) in [
            ("HTTP/1.1 400 Bad Request\r\n\r\n", "notTLS: The peer speaks plain HTTP"),
            ("SSH-2.0-OpenSSH_9.2\r\n", "notTLS: The peer speaks SSH"),
            ("nonsense", "notTLS: What the server sent isn't TLS"),
            ("", "truncated: The server closed the connection without an answer"),
        ] {
            let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(Answerer(answer))
                    }
                }
                .bind(host: "127.0.0.1", port: 0).get()
            let port = try #require(listener.localAddress?.port)
            let outcome = try await PeerPKI.countersign.run(
                ["connect", "127.0.0.1:\(port)", "--ca", "root.crt", "--json"],
                in: folder
            )
            #expect(outcome.status == 1)
            let told = try #require(
                try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
            )
            #expect((told["reason"] as? String)?.hasPrefix(reason) == true, "\(outcome.output)")
            try await listener.close().get()
        }
    }

    private func lines(_ server: RunningProgram) throws -> [[String: Any]] {
        try server.output.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }

    private final class Answerer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let answer: String

        init(_ answer: String) {
            self.answer = answer
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
            context.close(promise: nil)
        }
    }
}
