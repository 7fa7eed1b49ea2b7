import ConformanceModel
import Foundation
import OpenSSL
import Testing

@testable import Diagnostics

/// Servers that are no ordinary TLS servers must not be taken for ones that refuse a certificate.
@Suite("A probe meets an odd server")
struct OddServerTests {
    /// The conduct of a server on each connection, on a thread of its own.
    private func attempt(
        patience: Duration = .milliseconds(300),
        startTLS: StartTLS? = nil,
        _ serve: @escaping @Sendable (ProbeSocket) -> Void
    ) async throws -> Attempt {
        let listener = try ProbeListener(host: "127.0.0.1", port: 0)
        let port = listener.port
        let prober = Prober(host: "127.0.0.1", port: port, startTLS: startTLS, patience: patience)
        return try await withCheckedThrowingContinuation { continuation in
            // Blocking calls stay off the threads that other tests share.
            Thread.detachNewThread {
                if let socket = listener.accept() { serve(socket) }
            }
            Thread.detachNewThread {
                continuation.resume(
                    with: Result { try prober.attempt(.init(version: .tls13, serverName: "server.test"), .judgement) }
                )
            }
        }
    }

    private static let far = ContinuousClock.now + .seconds(60)

    @Test("One that speaks plaintext is quoted")
    func plaintext() async throws {
        let attempt = try await attempt { socket in
            _ = socket.receive(until: Self.far)
            _ = socket.send(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
        }
        #expect(attempt.description.hasPrefix("not TLS: the server sent “HTTP/1.1 400 Bad Request"))
    }

    @Test("One that never answers stalls, before its ServerHello")
    func silence() async throws {
        let attempt = try await attempt { socket in
            while case .bytes = socket.receive(until: Self.far) {}
        }
        #expect(attempt.ending == .stalled(hasServerHello: false))
    }

    @Test("One that closes at the ClientHello refuses without an alert")
    func closing() async throws {
        let attempt = try await attempt { socket in
            _ = socket.receive(until: Self.far)
        }
        #expect(attempt.ending == .refused(.closedWithoutAlert, isHandshakeOver: false))
    }

    @Test("One that sends an alert at the ClientHello refuses with it")
    func alert() async throws {
        let attempt = try await attempt { socket in
            _ = socket.receive(until: Self.far)
            _ = socket.send([21, 3, 3, 0, 2, 2, 70])
        }
        #expect(attempt.ending == .refused(.alert(70), isHandshakeOver: false))
    }

    @Test("NATS without INFO, PostgreSQL that says no, and SMTP without STARTTLS are quoted")
    func startTLS() async throws {
        let nats = try await attempt(startTLS: .nats) { socket in
            _ = socket.send(Array("-ERR 'no'\r\n".utf8))
        }
        #expect(nats.ending == .notTLS(Array("-ERR 'no'\r\n".utf8)))
        let postgres = try await attempt(startTLS: .postgres) { socket in
            #expect(socket.receive(until: Self.far) == .bytes([0, 0, 0, 8, 4, 210, 22, 47]))
            _ = socket.send(Array("N".utf8))
        }
        #expect(postgres.ending == .notTLS(Array("N".utf8)))
        let smtp = try await attempt(startTLS: .smtp) { socket in
            _ = socket.send(Array("220 ready\r\n".utf8))
            _ = socket.receive(until: Self.far)
            _ = socket.send(Array("250-here\r\n250 8BITMIME\r\n".utf8))
            _ = socket.receive(until: Self.far)
            _ = socket.send(Array("502 no\r\n".utf8))
        }
        #expect(smtp.ending == .notTLS(Array("502 no\r\n".utf8)))
    }

    @Test("A page of nginx about the certificate is a refusal, and another page isn't")
    func pages() {
        let page = "HTTP/1.1 400 Bad Request\r\n\r\n<html>400 No required SSL certificate was sent</html>"
        #expect(HTTPRefusal.status(in: Array(page.utf8)) != nil)
        #expect(HTTPRefusal.status(in: Array("HTTP/1.1 404 Not Found\r\n\r\n<html></html>".utf8)) == nil)
        #expect(HTTPRefusal.isUndecided(Array("HTTP/1.1 400 Bad".utf8)))
        #expect(!HTTPRefusal.isUndecided(Array("hello alice\n".utf8)))
    }
}
