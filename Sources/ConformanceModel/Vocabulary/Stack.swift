/// One TLS implementation that plays a side of a case, for example `countersign` or `gnutls`.
package struct Stack: RawRepresentable, Hashable, Comparable, Codable, Sendable {
    /// The name in case ids, reports and manifests.
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The library of this package.
    package static let countersign = Stack(rawValue: "countersign")
    /// GnuTLS, in process.
    package static let gnutls = Stack(rawValue: "gnutls")
    /// The stacks that play in process; all others are programs of their own.
    package static let inProcess: [Stack] = [.countersign, .gnutls]

    package static func < (lhs: Stack, rhs: Stack) -> Bool {
        lhs.rawValue < rhs.rawValue
    }
}

/// A server stack and a client stack; `countersign/gnutls` has our server and a GnuTLS client.
package struct Pairing: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    package let server: Stack
    package let client: Stack

    package init(server: Stack, client: Stack) {
        self.server = server
        self.client = client
    }

    package subscript(side: Side) -> Stack {
        side == .server ? server : client
    }

    package var description: String { "\(server.rawValue)/\(client.rawValue)" }

    /// The stacks that play as programs of their own, none when both sides play in process.
    package var programs: [Stack] { [server, client].filter { !Stack.inProcess.contains($0) } }

    package static func < (lhs: Pairing, rhs: Pairing) -> Bool {
        (lhs.server, lhs.client) < (rhs.server, rhs.client)
    }
}

/// One of the two ends of a connection.
package enum Side: String, Hashable, CaseIterable, Codable, Sendable {
    case server
    case client

    package var opposite: Side { self == .server ? .client : .server }
}
