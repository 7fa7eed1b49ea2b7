import Foundation
import MutualTLS
import MutualTLSNIO
import NIOCore
import Testing

@Suite("An HTTPS server")
struct HTTPServerTests {
    @Test("tells clients the subjects of its client CAs, and no others")
    func acceptableCAs() async throws {
        try await TestHTTPServer.with { server in
            let connection = try await MutualTLSDialer(TestPKI.client(), group: Loopback.group)
                .connect(host: "127.0.0.1", port: server.server.port)
            #expect(connection.information.acceptableCANames == (try TestPKI.pool("root")).subjects)
            #expect(connection.information.acceptableCANames.map(\.text) == ["CN=root"])
            try await connection.channel.close().get()
        }
    }

    @Test("answers pipelined requests in their order")
    func pipelined() async throws {
        try await TestHTTPServer.with(handler: { .text($0.uri) }) { server in
            let requests = ["/1", "/2"].map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined()
            let last = "GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            let bodies = try await server.exchange(requests + last).split(separator: "\r\n\r\n").dropFirst()
            #expect(bodies.map { $0.prefix(2) } == ["/1", "/2", "/3"])
        }
    }

    @Test("answers what is no HTTP with 400, and an error of the handler with 500")
    func faults() async throws {
        struct Fault: Error {}
        try await TestHTTPServer.with(handler: { _ in throw Fault() }) { server in
            let nonsense = try await server.status("nonsense\r\n\r\n")
            #expect(nonsense == 400)
            let request = "GET / HTTP/1.0\r\nHost: a\r\n\r\n"
            #expect(try await server.status(request) == 500)
        }
    }

    @Test(
        "answers once, with 431, a head that is too large, and with 505 a version that it doesn't speak",
        arguments: [
            ("GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 200_000))\r\n\r\n", 431),
            ("GET / HTTP/1.1\r\nHost: a\r\n\(String(repeating: "A: b\r\n", count: 40_000))\r\n", 431),
            ("GET /\(String(repeating: "a", count: 200_000)) HTTP/1.1\r\nHost: a\r\n\r\n", 431),
            ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
        ]
    )
    func limits(text: String, status: Int) async throws {
        try await TestHTTPServer.with { server in
            let answer = try await server.exchange(text)
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
            #expect(answer.ranges(of: "HTTP/1.1 ").count == 1)
        }
    }

    @Test("says of its connection only what HTTP/1.1 doesn't say by itself")
    func connectionField() async throws {
        try await TestHTTPServer.with(handler: { .text($0.uri) }) { server in
            let first = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
            let old = "GET /2 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
            let last = "GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            let heads = try await server.exchange(first + old + last).components(separatedBy: "HTTP/1.1 200 OK")
                .dropFirst()
            let fields = heads.map { head in head.split(separator: "\r\n").first { $0.hasPrefix("Connection:") } }
            #expect(fields == [nil, "Connection: keep-alive", "Connection: close"])
        }
    }

    @Test(
        "answers once, with 400, what has no host or two, or two ways to tell its end",
        arguments: [
            "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
            "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n", "nonsense\r\n\r\n",
        ]
    )
    func badRequests(text: String) async throws {
        try await TestHTTPServer.with { server in
            let answer = try await server.exchange(text + "GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
            #expect(answer.ranges(of: "HTTP/1.1 ").count == 1, "\(answer)")
        }
    }

    @Test("needs no host of an HTTP/1.0 client, and dates its answers by its clock")
    func oldClient() async throws {
        try await TestHTTPServer.with(settings: {
            $0.currentTime = { Timestamp(secondsSinceEpoch: 784_111_777) }
            $0.clientAuth = .noClientCert
            $0.clientCAs = nil
        }) { server in
            let answer = try await server.exchange("GET / HTTP/1.0\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            // The example of RFC 9110 section 5.6.7.
            #expect(answer.contains("\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"))
        }
    }

    @Test("greets a verified client without a common name as Go's example does")
    func nameless() async throws {
        try await TestHTTPServer.with { server in
            let request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            let answer = try await server.exchange(request, credential: "nameless")
            #expect(answer.hasSuffix("\r\n\r\nHello, ! You are authenticated."))
        }
    }

    @Test("sends no body in answer to HEAD")
    func head() async throws {
        try await TestHTTPServer.with { server in
            let response = try await server.exchange("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(response.contains("Content-Length: 36\r\n"))
            #expect(response.hasSuffix("\r\n\r\n"))
        }
    }

    @Test("refuses a body above the limit, whether it is announced or not")
    func largeBody() async throws {
        var options = TestHTTPServer.patientOptions
        options.maximumBodyBytes = 4
        try await TestHTTPServer.with(options: options) { server in
            let announced = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"
            let status = try await server.status(announced)
            #expect(status == 413)
            let chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n"
            #expect(try await server.status(chunked) == 413)
            let allowed = "POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd"
            #expect(try await server.status(allowed) == 200)
        }
    }

    @Test("ends a connection whose request's head doesn't come in time, however it trickles in")
    func slowHead() async throws {
        var options = TestHTTPServer.patientOptions
        options.idleTimeout = .milliseconds(20)
        try await TestHTTPServer.with(options: options) { server in
            let halfHead = try await server.exchange("GET / HT")
            #expect(halfHead.isEmpty)
        }
    }

    @Test("answers 408 when the body doesn't come in time, and ends the connection")
    func slowBody() async throws {
        var options = TestHTTPServer.patientOptions
        options.bodyTimeout = .milliseconds(20)
        try await TestHTTPServer.with(options: options) { server in
            let status = try await server.status("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab")
            #expect(status == 408)
        }
    }

    @Test("finishes the request that is under way when it shuts down, and drops idle connections")
    func shutdown() async throws {
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        let handler: HTTPServer.Handler = { _ in
            start.yield()
            for await _ in released { break }
            return .text("done")
        }
        try await TestHTTPServer.with(handler: handler) { server in
            let idle = try await MutualTLSDialer(TestPKI.client(), group: Loopback.group)
                .connect(host: "127.0.0.1", port: server.server.port)
            async let response = server.exchange("GET / HTTP/1.1\r\nHost: server.test\r\n\r\n")
            for await _ in started { break }
            async let ended: Void = server.server.shutdown(deadline: Loopback.patience)
            try await idle.channel.closeFuture.get()
            release.yield()
            let text = try await response
            #expect(text.hasSuffix("done"))
            #expect(text.contains("Connection: close\r\n"))
            await ended
            #expect(server.server.connectionCount == 0)
        }
    }
}
