internal import ConformanceModel

/// Where a server listens.
struct NetworkAddress: Hashable, Sendable {
    /// A name or an address.
    let host: String
    let port: UInt16
    /// Whether somebody else runs the server, so that it may not be there.
    let isLive: Bool

    /// A server that the play has started itself.
    static func loopback(_ port: UInt16) -> NetworkAddress {
        NetworkAddress(host: "127.0.0.1", port: port, isLive: false)
    }

    /// A server that somebody else runs.
    static func live(_ endpoint: LiveEndpoint) -> NetworkAddress {
        NetworkAddress(host: endpoint.host, port: endpoint.port, isLive: true)
    }

    var isLoopback: Bool { host == "127.0.0.1" }
}
