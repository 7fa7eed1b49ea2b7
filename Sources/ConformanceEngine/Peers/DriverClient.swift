internal import ConformanceModel

/// A client of one case that a driver plays.
final class DriverClient: RemoteClient {
    private let side: DriverSide
    private var settings: ClientSettings
    private var connecting: DriverOrder?

    init(_ side: DriverSide, _ settings: ClientSettings) {
        self.side = side
        self.settings = settings
    }

    func configure() throws(PeerFault) -> SettingsRefused? {
        try side.configure(
            client: DriverClientSettings(
                tls: side.version,
                conversation: side.conversation,
                identity: try side.identity(settings.identity),
                presents: settings.presents,
                rootCAs: try side.pool(settings.rootCAs),
                serverName: settings.serverName,
                sni: settings.sniOverride,
                skipVerify: settings.insecureSkipVerify,
                revocation: settings.revocation,
                crls: try side.revocationLists(settings.revocationLists)
            )
        )
    }

    func begin(_ address: NetworkAddress) throws(PeerFault) {
        guard address.isLoopback else { throw .unsupported("drivers connect to 127.0.0.1 alone") }
        var order = side.driver.makeOrder(.connect)
        order.port = address.port
        try side.driver.send(order)
        connecting = order
    }

    func hasEnded() throws(PeerFault) -> Bool { side.driver.hasNews() }

    func register(in waiting: inout Waiting) { side.driver.register(in: &waiting) }

    func observe() throws(PeerFault) -> SideObservation {
        guard let connecting else { throw .harness("a client was observed that never began") }
        self.connecting = nil
        return try side.observation(after: connecting)
    }

    func rotate(_ change: SettingChange) throws(PeerFault) -> RemoteRotation {
        let rotation = try side.rotate(change)
        if rotation == .done { change.apply(to: &settings) }
        return rotation
    }

    func stop() throws(PeerFault) { try side.driver.stop() }
}
