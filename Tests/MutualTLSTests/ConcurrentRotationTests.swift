import Foundation
import Testing

@testable import MutualTLS

#if Selftest
import LibraryMutants
#endif

@Suite("Rotation under load")
struct ConcurrentRotationTests {
    /// The findings of threads, and when all of them are done.
    private final class Findings: @unchecked Sendable {
        // Safety: the state is touched under the lock alone, which is one that the thread sanitizer knows.
        struct State {
            var mixtures: [String] = []
            var handshakes = 0
            var resumed = 0
            var refused = 0
            var rotations = 0
            var running: Int
        }

        private var state: State
        private let lock = NSLock()

        init(threads: Int) {
            state = State(running: threads)
        }

        func withState<Result>(_ body: (inout State) -> Result) -> Result {
            lock.withLock { body(&state) }
        }

        var isOver: Bool { withState { $0.running == 0 } }

        func add(_ pair: Pairing, client: Int) {
            let mixture = Generations.mixture(in: pair, client: client)
            withState { state in
                state.handshakes += 1
                if pair.client.information.didResume { state.resumed += 1 }
                if pair.server.failure != nil { state.refused += 1 }
                if let mixture { state.mixtures.append(mixture) }
            }
        }
    }

    private static let threads = 4

    /// A server that keeps sessions resumes some handshakes and has full ones with the others, so it is the one that is
    /// tried longest.
    @Test(
        "Every handshake on four threads shows one generation, while a fifth rotates",
        arguments: [(true, 5_000), (false, 1_250)]
    )
    func consistent(keepsSessions: Bool, handshakes: Int) async throws {
        let generations = try Generations()
        let first = generations.all[0]
        let manager = CertAuthManager(first.identity, clientAuth: first.mode, clientCAs: first.clientCAs)
        var settings = MutualTLSConfiguration.Server(manager: manager, poolPolicy: .live, currentTime: clock)
        if keepsSessions { settings.sessions = .scoped() }
        let server = try settings.resolve()
        let findings = Findings(threads: Self.threads)

        await withCheckedContinuation { continuation in
            for thread in 0..<Self.threads {
                Thread.detachNewThread {
                    let error = Result {
                        try Self.handshake(handshakes, server, generations, thread, keepsSessions, findings)
                    }
                    findings.withState { state in
                        if case .failure(let error) = error { state.mixtures.append("\(error)") }
                        state.running -= 1
                    }
                }
            }
            Thread.detachNewThread {
                var number = 0
                while !findings.isOver {
                    number = (number + 1) % Generations.count
                    let next = generations.all[number]
                    manager.update(next.identity, clientAuth: next.mode, clientCAs: next.clientCAs)
                    findings.withState { $0.rotations += 1 }
                }
                continuation.resume()
            }
        }

        findings.withState { state in
            #expect(state.mixtures.prefix(5).isEmpty, "\(state.mixtures.count) of \(state.handshakes) are mixed")
            #expect(state.handshakes == Self.threads * handshakes)
            #expect(state.rotations > 1_000)
            #expect(state.refused > 0, "a verifying generation refuses the clients of others")
            #expect(keepsSessions == (state.resumed > 0))
        }
    }

    @Test("A mixture of two generations would be noticed", arguments: versions)
    func mixtures(version: TLSVersion) throws {
        let generations = try Generations()
        let (old, new) = (generations.all[0], generations.all[1])
        var client = try clientSettings(generations.clients[0])
        client.rootCAs = generations.roots
        client.minimumVersion = version
        client.maximumVersion = version
        /// The signs in a handshake of both generations when they change before its ClientHello.
        func mixture(
            _ make: (MutualTLSConfiguration.Server) throws -> MutualTLSServer = { try $0.resolve() },
            update: (CertAuthManager) -> Void
        ) throws -> String? {
            let manager = CertAuthManager(old.identity, clientAuth: old.mode, clientCAs: old.clientCAs)
            let settings = MutualTLSConfiguration.Server(manager: manager, poolPolicy: .live, currentTime: clock)
            let pair = try Pairing(make(settings), client.resolve())
            update(manager)
            try pair.exchange()
            return Generations.mixture(in: pair, client: 0)
        }
        let whole: (CertAuthManager) -> Void = {
            $0.update(new.identity, clientAuth: new.mode, clientCAs: new.clientCAs)
        }
        #expect(try mixture(update: whole) == nil)
        #expect(try mixture { $0.update(new.identity) } != nil)
        #expect(try mixture { $0.setClientAuth(new.mode, clientCAs: new.clientCAs) } != nil)
        #if Selftest
        #expect(try mixture({ try $0.resolve(as: .mixGenerations) }, update: whole) != nil)
        #expect(try mixture({ try $0.resolve(as: .takeSnapshotAtStart) }, update: whole) != nil)
        #endif
    }

    /// One thread's handshakes, by clients of all generations and both versions in turn.
    private static func handshake(
        _ count: Int,
        _ server: MutualTLSServer,
        _ generations: Generations,
        _ thread: Int,
        _ keepsSessions: Bool,
        _ findings: Findings
    ) throws {
        let clients = try generations.clients.flatMap { identity in
            try versions.map { version in
                var settings = try clientSettings(identity)
                settings.rootCAs = generations.roots
                settings.minimumVersion = version
                settings.maximumVersion = version
                if keepsSessions { settings.sessions = .scoped(capacity: 4) }
                return try settings.resolve()
            }
        }
        for round in 0..<count {
            let index = (round + thread) % clients.count
            let pair = try Pairing(server, clients[index])
            try pair.exchange()
            findings.add(pair, client: index / versions.count)
        }
    }
}
