internal import ConformanceModel
internal import Glibc
internal import MutualTLS
internal import OpenSSL

/// Follows a server through the rotation of its certificate.
package struct RotationWatch {
    package struct Line: Encodable, CustomStringConvertible {
        /// `serving`, `rotated`, `unreachable` or `ended`.
        var event: String
        var afterMs: Int64
        var sha256: String?
        /// Whether the connection from before lives; nil where that was not looked at.
        var oldConnectionLives: Bool?

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(event, forKey: .event)
            try container.encode(afterMs, forKey: .afterMs)
            try container.encode(sha256, forKey: .sha256)
            try container.encode(oldConnectionLives, forKey: .oldConnectionLives)
        }

        private enum CodingKeys: CodingKey {
            case event, afterMs, sha256, oldConnectionLives
        }

        package var description: String {
            let served = sha256.map { " certificate \($0)" } ?? ""
            let old = oldConnectionLives.map { $0 ? ", the old connection lives" : ", the old connection is closed" }
            return "\(event) after \(afterMs) ms:\(served)\(old ?? "")"
        }
    }

    var probe: Probe
    /// How long is watched, and how often is looked.
    var limit: Duration
    var interval: Duration
    /// Where each line goes as soon as it is known.
    var write: (Line) -> Void

    package init(probe: Probe, limit: Duration, interval: Duration, write: @escaping (Line) -> Void) {
        self.probe = probe
        self.limit = limit
        self.interval = interval
        self.write = write
    }

    /// Whether another certificate appeared.
    package func run() throws -> Bool {
        let begin = ContinuousClock.now
        let newest = try probe.attempt(.tls13, nil, name: probe.name, .handshake)
        let version: SSLProtocolVersion = newest.certificates.isEmpty ? .tls12 : .tls13
        let old = try HeldConnection(probe, version)
        guard let first = old.sha256 else {
            throw DiagnosticsError.peer("\(probe.target) shows no certificate, so there is no rotation to follow")
        }
        write(Line(event: "serving", afterMs: 0, sha256: first, oldConnectionLives: nil))
        while begin.duration(to: .now) < limit {
            // Between two looks the old connection is listened to, so that its end is noticed.
            old.listen(until: .now + interval)
            let settings = RawClient.Settings(version: version, identity: probe.identity, serverName: probe.name)
            let attempt = try probe.prober.attempt(settings, .handshake)
            let elapsed = Self.milliseconds(begin.duration(to: .now))
            guard let served = attempt.certificates.first?.sha256Hexadecimal else {
                write(Line(event: "unreachable", afterMs: elapsed, sha256: nil, oldConnectionLives: old.lives))
                continue
            }
            guard served != first else { continue }
            write(Line(event: "rotated", afterMs: elapsed, sha256: served, oldConnectionLives: old.lives))
            return true
        }
        let elapsed = Self.milliseconds(begin.duration(to: .now))
        write(Line(event: "ended", afterMs: elapsed, sha256: first, oldConnectionLives: old.lives))
        return false
    }

    private static func milliseconds(_ duration: Duration) -> Int64 {
        duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
    }
}

/// A connection from before the rotation.
private final class HeldConnection {
    private let socket: ProbeSocket
    private let client: RawClient
    private(set) var lives = true

    init(_ probe: Probe, _ version: SSLProtocolVersion) throws {
        do {
            socket = try ProbeSocket(host: probe.prober.host, port: probe.prober.port, timeout: probe.prober.patience)
        } catch {
            throw DiagnosticsError.peer(error.message)
        }
        if let refusal = probe.prober.startTLS?.begin(on: socket, patience: probe.prober.patience) {
            let said = SingleLine.of(String(decoding: refusal, as: UTF8.self))
            throw DiagnosticsError.peer("\(probe.target) doesn't begin TLS: \(said)")
        }
        client = try RawClient(.init(version: version, identity: probe.identity, serverName: probe.name))
        client.start()
        let deadline = ContinuousClock.now + probe.prober.patience
        while client.progress == .handshaking, lives, ContinuousClock.now < deadline { step(deadline) }
    }

    var sha256: String? { client.record.certificates.first?.sha256Hexadecimal }

    func listen(until deadline: ContinuousClock.Instant) {
        while ContinuousClock.now < deadline {
            guard lives else {
                // Nothing is left to listen to, and the interval is still to be kept.
                var entry = pollfd(fd: -1, events: 0, revents: 0)
                let left = ContinuousClock.now.duration(to: deadline).components
                poll(&entry, 1, Int32(clamping: left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000))
                return
            }
            step(deadline)
        }
    }

    private func step(_ deadline: ContinuousClock.Instant) {
        if !socket.send(client.takeOutput()) { lives = false }
        switch socket.receive(until: deadline) {
        case .bytes(let bytes):
            client.receive(bytes)
            if !socket.send(client.takeOutput()) { lives = false }
            if case .failed = client.progress { lives = false }
            if case .closed = client.progress { lives = false }
        case .closed, .reset: lives = false
        case .nothing: break
        }
    }
}
