internal import OpenSSL
internal import Synchronization

/// Where the keys come from that protect a server's session tickets (RFC 5077 section 5.5).
///
/// Time is cut into periods by the clock of the settings, and each period has keys of its own. Keys of past periods
/// open tickets until the sessions' lifetime has passed, and are forgotten then.
public struct TicketKeys: Sendable {
    enum Source: Sendable {
        case random
        case shared(secret: [UInt8])
    }

    let source: Source
    let period: Duration

    /// Whether another server may have to open the tickets.
    var isShared: Bool {
        switch source {
        case .random: false
        case .shared: true
        }
    }

    /// Random keys, which never leave the server that was resolved from the settings and end with it.
    public static func random(period: Duration = .seconds(86_400)) -> TicketKeys {
        TicketKeys(source: .random, period: period)
    }

    /// Keys derived from a secret: every server with the same secret and period opens the others' tickets, in this
    /// process or another, and all of them change keys at the same time.
    ///
    /// Knowledge of the secret opens the tickets of every period, and with them connections of TLS 1.2: keep it
    /// like a private key, and replace it from time to time.
    ///
    /// - Parameter secret: at least 32 bytes that nobody can guess, for example from `openssl rand 32`.
    public static func shared(secret: [UInt8], period: Duration = .seconds(86_400)) -> TicketKeys {
        TicketKeys(source: .shared(secret: secret), period: period)
    }
}

extension TicketKeys: CustomStringConvertible, CustomReflectable {
    /// The kind and the period, without the secret.
    public var description: String {
        switch source {
        case .random: "random ticket keys, each for \(period)"
        case .shared: "shared ticket keys, each for \(period)"
        }
    }

    /// Shows nothing, so that a dump has no secret in it.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The ticket keys of one server: that of the current period, and those that may still open a ticket.
final class TicketKeyring: Sendable {
    private let source: TicketKeys.Source
    /// In seconds, as the lifetime.
    private let period: Int64
    private let lifetime: Int64
    /// By number of the period since 1970.
    private let keys = Mutex<[Int64: SessionTicketKey]>([:])

    /// So many periods may pass in the lifetime of a session: each ticket that comes is looked up in as many keys.
    static let mostPeriods: Int64 = 32

    init(_ keys: TicketKeys, period: Int64, lifetime: Int64) {
        source = keys.source
        self.period = period
        self.lifetime = lifetime
    }

    /// The key for new tickets, or nil if libcrypto can't make one.
    func current(at now: Timestamp) -> SessionTicketKey? {
        let number = now.secondsSinceEpoch.flooredQuotient(by: period)
        forgetKeys(except: numbers(at: now))
        return key(ofPeriod: number)
    }

    /// The key of that name, unless its tickets are too old.
    func key(named name: [UInt8], at now: Timestamp) -> SessionTicketKey? {
        let numbers = numbers(at: now)
        switch source {
        case .random:
            // A period from which no ticket was sent has no key.
            return keys.withLock { $0 }.first { numbers.contains($0.key) && $0.value.name == name }?.value
        case .shared:
            return numbers.reversed().lazy.compactMap(key(ofPeriod:)).first { $0.name == name }
        }
    }

    /// The periods whose tickets may be young enough.
    private func numbers(at now: Timestamp) -> ClosedRange<Int64> {
        let oldest = now.secondsSinceEpoch.subtractingReportingOverflow(lifetime)
        let start = oldest.overflow ? Int64.min : oldest.partialValue
        return start.flooredQuotient(by: period)...now.secondsSinceEpoch.flooredQuotient(by: period)
    }

    private func forgetKeys(except numbers: ClosedRange<Int64>) {
        keys.withLock { keys in
            guard keys.keys.contains(where: { !numbers.contains($0) }) else { return }
            keys = keys.filter { numbers.contains($0.key) }
        }
    }

    private func key(ofPeriod number: Int64) -> SessionTicketKey? {
        if let known = keys.withLock({ $0[number] }) { return known }
        // Made outside the lock: of two threads that make one, the first to come back decides.
        guard let fresh = makeKey(ofPeriod: number) else { return nil }
        return keys.withLock { keys in
            if let known = keys[number] { return known }
            keys[number] = fresh
            return fresh
        }
    }

    private func makeKey(ofPeriod number: Int64) -> SessionTicketKey? {
        let length = SessionTicketKey.materialLength
        let material: [UInt8]?
        switch source {
        case .random:
            material = try? randomSecret(length: length)
        case .shared(let secret):
            var purpose = ByteWriter()
            purpose.write(Array("countersign session tickets".utf8))
            purpose.write(period)
            purpose.write(number)
            material = try? deriveKey(from: secret, info: purpose.bytes, length: length)
        }
        return material.map(SessionTicketKey.init(material:))
    }
}

/// A shared secret that messages are authenticated with: HMAC with SHA-256 (RFC 2104).
///
/// Its description never shows the secret.
package struct MessageAuthenticationKey: Sendable {
    private let secret: [UInt8]

    package init(_ secret: [UInt8]) {
        self.secret = secret
    }

    /// The code of a message in 64 lower-case hexadecimal digits.
    package func code(of message: [UInt8]) -> String {
        hexadecimal(hmacSHA256(message, key: secret))
    }

    /// Whether the text is the code of the message, compared in constant time.
    package func isCode(_ text: String, of message: [UInt8]) -> Bool {
        isEqualInConstantTime(Array(text.utf8), Array(code(of: message).utf8))
    }
}

extension MessageAuthenticationKey: CustomStringConvertible, CustomReflectable {
    package var description: String { "a shared secret of \(secret.count) bytes" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
