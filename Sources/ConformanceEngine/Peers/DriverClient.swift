internal import Conformance

/// A client of one case that a driver plays.
final class DriverClient: RemoteClient {
    private let driver: DriverProcess
    private var settings: ClientSettings
    private let version: ProtocolVersion
    private let conversation: Conversation
    private let folder: MaterialFolder
    private let material: CaseMaterial
    private var connecting: DriverOrder?

    init(
        _ driver: DriverProcess,
        _ settings: ClientSettings,
        version: ProtocolVersion,
        conversation: Conversation,
        folder: MaterialFolder,
        material: CaseMaterial
    ) {
        self.driver = driver
        self.settings = settings
        self.version = version
        self.conversation = conversation
        self.folder = folder
        self.material = material
    }

    func configure() throws(PeerFault) -> SettingsRefused? {
        var order = driver.makeOrder(.configure)
        order.role = Side.client.rawValue
        order.client = DriverClientSettings(
            tls: version,
            conversation: conversation,
            identity: try settings.identity.map { name throws(PeerFault) in try folder.identity(name) },
            presents: settings.presents,
            rootCAs: try settings.rootCAs.map { names throws(PeerFault) in try folder.pool(names) },
            serverName: settings.serverName,
            sni: settings.sniOverride,
            skipVerify: settings.insecureSkipVerify,
            revocation: settings.revocation,
            crls: settings.revocationLists.isEmpty ? nil : try folder.revocationLists(settings.revocationLists)
        )
        let configured = try driver.ask(order)
        if configured.event == "refused" { return SettingsRefused(configured) }
        guard configured.event == "configured" else { throw driver.unexpected(configured, "configured") }
        return nil
    }

    func begin(_ address: NetworkAddress) throws(PeerFault) {
        guard address.isLoopback else { throw .unsupported("drivers connect to 127.0.0.1 alone") }
        var order = driver.makeOrder(.connect)
        order.port = address.port
        try driver.send(order)
        connecting = order
    }

    func hasEnded() throws(PeerFault) -> Bool { driver.hasNews() }

    func register(in waiting: inout Waiting) { driver.register(in: &waiting) }

    func observe() throws(PeerFault) -> SideObservation {
        guard let connecting else { throw .harness("a client was observed that never began") }
        self.connecting = nil
        return try driver.answer(to: connecting, DriverObservation.self).observation(material)
    }

    func rotate(_ change: SettingChange) throws(PeerFault) -> RemoteRotation {
        let rotation = try driver.rotate(change, folder)
        if rotation == .done { change.apply(to: &settings) }
        return rotation
    }

    func stop() throws(PeerFault) { try driver.stop() }
}
