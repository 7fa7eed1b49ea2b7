internal import ConformanceModel

/// A server of one case that a driver plays.
final class DriverServer: RemoteServer {
    private let side: DriverSide
    private var settings: ServerSettings

    init(_ side: DriverSide, _ settings: ServerSettings) {
        self.side = side
        self.settings = settings
    }

    var endsWithConnection: Bool { false }

    func listen() throws(PeerFault) -> RemoteStart {
        if let refusal = try side.configure(server: try written()) { return .refused(refusal) }
        let listening = try side.driver.ask(side.driver.makeOrder(.listen))
        guard listening.event == "listening", let port = listening.port else {
            throw side.driver.unexpected(listening, "listening with a port")
        }
        return .listening(.loopback(port))
    }

    func observe() throws(PeerFault) -> SideObservation {
        let order = side.driver.makeOrder(.observe)
        try side.driver.send(order)
        return try side.observation(after: order)
    }

    func rotate(_ change: SettingChange) throws(PeerFault) -> RemoteRotation {
        let rotation = try side.rotate(change)
        if rotation == .done { change.apply(to: &settings) }
        return rotation
    }

    func stop() throws(PeerFault) { try side.driver.stop() }

    private func written() throws(PeerFault) -> DriverServerSettings {
        var named: [DriverServerSettings.Named] = []
        for (name, credential) in settings.identitiesByName.sorted(by: { $0.key < $1.key }) {
            named.append(.init(name: name, identity: try side.folder.identity(credential)))
        }
        return DriverServerSettings(
            mode: settings.clientAuth,
            tls: side.version,
            conversation: side.conversation,
            identity: try side.identity(settings.identity),
            identities: named,
            strictSNI: settings.strictSNI,
            clientCAs: try side.pool(settings.clientCAs),
            sendsCANames: settings.acceptableCANames == .derived,
            revocation: settings.revocation,
            crls: try side.revocationLists(settings.revocationLists)
        )
    }
}
