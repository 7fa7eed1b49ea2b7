import Foundation
import MutualTLS
import OpenSSL
import Synchronization

@testable import Diagnostics

/// A server on libssl itself that does one thing otherwise than most, on threads of its own.
final class OddTLSServer: Sendable {
    enum Oddity: CaseIterable, Sendable {
        /// It says nothing until the client has sent a byte of its application.
        case speaksAfterAByte
        /// It leaves its first connection without an answer, as a server does that is still starting.
        case isSlowAtFirst
        /// It hangs up where others send an alert.
        case closesWithoutAlert
        /// It hangs up at bytes that it doesn't know, without close_notify.
        case closesAtARequest
        /// It closes in order together with the end of its handshake.
        case closesAtOnce
        /// It demands a certificate under `strict.test` alone, and one session is good for every name.
        case sharesSessions
        /// The same policy, with sessions that belong to their name.
        case separatesSessions
    }

    static let strictName = "strict.test"

    private struct State {
        var connections = 0
        var isStopped = false
    }

    private let oddity: Oddity
    private let demand: PeerCertificateDemand
    private let listener: ProbeListener
    private let identity: Identity
    private let context: SSLContext
    private let ticketKey = SessionTicketKey(
        material: (0..<SessionTicketKey.materialLength).map { _ in UInt8.random(in: .min ... .max) }
    )
    private let state = Mutex(State())

    /// - Parameter demand: what it asks clients for; one that is required must be nobody's, so that none is taken.
    init(_ oddity: Oddity, _ demand: PeerCertificateDemand) throws {
        self.oddity = oddity
        self.demand = demand
        listener = try ProbeListener(host: "127.0.0.1", port: 0)
        identity = try Probe.stranger(now: Timestamp(secondsSinceEpoch: Int64(time(nil))), for: ["server.test"])
        context = try SSLContext(
            SSLContextSettings(role: .server, minimumVersion: .tls12, maximumVersion: .tls13, keepsSessions: true)
        )
    }

    /// The answer of a probe of it.
    func probed(name: String, patience: Duration) async throws -> ProbeReport {
        // Blocking calls stay off the threads that other tests share.
        Thread.detachNewThread { self.serve() }
        defer { stop() }
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { [port = listener.port] in
                let prober = Prober(host: "127.0.0.1", port: port, startTLS: nil, patience: patience)
                let now = Timestamp(secondsSinceEpoch: Int64(time(nil)))
                let probe = Probe(prober: prober, target: "127.0.0.1:\(port)", name: name, identity: nil, now: now)
                continuation.resume(with: Result { try probe.run() })
            }
        }
    }

    private func stop() {
        state.withLock { $0.isStopped = true }
        // One more connection, so that the thread that accepts wakes up.
        _ = try? ProbeSocket(host: "127.0.0.1", port: listener.port, timeout: .seconds(5))
    }

    private func serve() {
        while let socket = listener.accept() {
            let number = state.withLock { state -> Int? in
                state.connections += 1
                return state.isStopped ? nil : state.connections
            }
            guard let number else { return }
            Thread.detachNewThread { try? self.serve(socket, number) }
        }
    }

    private func serve(_ socket: ProbeSocket, _ number: Int) throws {
        let far = ContinuousClock.now + .seconds(60)
        if oddity == .isSlowAtFirst, number == 1 {
            while case .bytes = socket.receive(until: far) {}
            return
        }
        let policy = Policy(identity: identity, oddity: oddity, demand: demand, key: ticketKey)
        let connection = try SSLConnection(context: context, delegate: policy)
        while case .bytes(let bytes) = socket.receive(until: far) {
            connection.receive(bytes)
            let outcome = connection.handshake()
            if case .needsInput = outcome {
                _ = socket.send(connection.takeOutput())
                continue
            }
            guard case .completed = outcome else {
                if oddity != .closesWithoutAlert { _ = socket.send(connection.takeOutput()) }
                return
            }
            return talk(connection, socket, until: far)
        }
    }

    private func talk(_ connection: SSLConnection, _ socket: ProbeSocket, until far: ContinuousClock.Instant) {
        if oddity == .closesAtOnce {
            _ = connection.shutdown()
            _ = socket.send(connection.takeOutput())
            return
        }
        let waits = [.speaksAfterAByte, .closesAtARequest].contains(oddity)
        if !waits { _ = connection.write(Array("hello\n".utf8)) }
        var received: [UInt8] = []
        while true {
            while case .completed = connection.read(into: &received) {}
            if !received.isEmpty {
                if oddity == .closesAtARequest { return }
                _ = connection.write(Array("hello\n".utf8))
                received = []
            }
            _ = socket.send(connection.takeOutput())
            guard case .bytes(let bytes) = socket.receive(until: far) else { return }
            connection.receive(bytes)
        }
    }
}

/// The clients that the server lets in.
private final class Policy: SSLConnectionDelegate {
    private let identity: Identity
    private let oddity: OddTLSServer.Oddity
    private let demand: PeerCertificateDemand
    private let key: SessionTicketKey

    init(identity: Identity, oddity: OddTLSServer.Oddity, demand: PeerCertificateDemand, key: SessionTicketKey) {
        self.identity = identity
        self.oddity = oddity
        self.demand = demand
        self.key = key
    }

    func connection(_ connection: SSLConnection, process clientHello: ClientHello) -> UInt8? {
        do {
            try connection.use(identity.credential)
            let isOpen = clientHello.serverName != OddTLSServer.strictName
            let hasNames = [.sharesSessions, .separatesSessions].contains(oddity)
            connection.demand(hasNames && isOpen ? .none : demand)
            let scope = oddity == .separatesSessions ? clientHello.serverName ?? "" : "all"
            try connection.setSessionContext(Array(scope.utf8))
            return nil
        } catch {
            return 80
        }
    }

    func connection(_ connection: SSLConnection, verify context: borrowing VerificationContext) -> Bool {
        guard case .required = demand else {
            context.setResult(.ok)
            return true
        }
        context.setResult(.selfSignedLeaf)
        return false
    }

    func connectionWantsCertificate(_ connection: SSLConnection) -> Bool { true }
    func connection(_ connection: SSLConnection, noticed alert: SSLAlert) {}
    func connection(_ connection: SSLConnection, noticed message: SSLHandshakeMessage) {}
    func connection(_ connection: SSLConnection, logged line: String) {}

    func ticketKey(for connection: SSLConnection) -> SessionTicketKey? { key }
    func connection(_ connection: SSLConnection, ticketKeyNamed name: [UInt8]) -> SessionTicketKey? { key }
    func connection(_ connection: SSLConnection, acceptsTicketWith data: [UInt8]) -> Bool { true }

    func connection(_ connection: SSLConnection, grantForTicketOf session: TicketSession) -> TicketGrant? {
        TicketGrant(data: [], lifetimeHint: 7200, keepsSession: false)
    }
}
