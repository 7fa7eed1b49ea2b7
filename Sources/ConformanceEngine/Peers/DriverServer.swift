internal import Conformance

/// A server of one case that a driver plays.
final class DriverServer: RemoteServer {
    private let driver: DriverProcess
    private var settings: ServerSettings
    private let version: ProtocolVersion
    private let conversation: Conversation
    private let folder: MaterialFolder
    private let material: CaseMaterial

    init(
        _ driver: DriverProcess,
        _ settings: ServerSettings,
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

    var endsWithConnection: Bool { false }

    func listen() throws(PeerFault) -> RemoteStart {
        var order = driver.makeOrder(.configure)
        order.role = Side.server.rawValue
        order.server = try written()
        let configured = try driver.ask(order)
        if configured.event == "refused" { return .refused(SettingsRefused(configured)) }
        guard configured.event == "configured" else { throw driver.unexpected(configured, "configured") }
        let listening = try driver.ask(driver.makeOrder(.listen))
        guard listening.event == "listening", let port = listening.port else {
            throw driver.unexpected(listening, "listening with a port")
        }
        return .listening(.loopback(port))
    }

    func observe() throws(PeerFault) -> SideObservation {
        let order = driver.makeOrder(.observe)
        try driver.send(order)
        return try driver.answer(to: order, DriverObservation.self).observation(material)
    }

    func rotate(_ change: SettingChange) throws(PeerFault) -> RemoteRotation {
        let rotation = try driver.rotate(change, folder)
        if rotation == .done { change.apply(to: &settings) }
        return rotation
    }

    func stop() throws(PeerFault) { try driver.stop() }

    private func written() throws(PeerFault) -> DriverServerSettings {
        var named: [DriverServerSettings.Named] = []
        for (name, credential) in settings.identitiesByName.sorted(by: { $0.key < $1.key }) {
            named.append(.init(name: name, identity: try folder.identity(credential)))
        }
        return DriverServerSettings(
            mode: settings.clientAuth,
            tls: version,
            conversation: conversation,
            identity: try settings.identity.map { name throws(PeerFault) in try folder.identity(name) },
            identities: named,
            strictSNI: settings.strictSNI,
            clientCAs: try settings.clientCAs.map { names throws(PeerFault) in try folder.pool(names) },
            sendsCANames: settings.acceptableCANames == .derived,
            revocation: settings.revocation,
            crls: settings.revocationLists.isEmpty ? nil : try folder.revocationLists(settings.revocationLists)
        )
    }
}

extension DriverProcess {
    func rotate(_ change: SettingChange, _ folder: MaterialFolder) throws(PeerFault) -> RemoteRotation {
        guard case .identity(let name) = change else {
            throw .unsupported("drivers rotate identities alone, and not \(change.setting.rawValue)")
        }
        var order = makeOrder(.rotate)
        order.identity = try folder.identity(name)
        let answer = try ask(order)
        switch answer.event {
        case "rotated": return .done
        case "refused": return .refused
        default: throw unexpected(answer, "rotated or refused")
        }
    }

    func stop() throws(PeerFault) {
        let answer = try ask(makeOrder(.stop))
        guard answer.event == "stopped" else { throw unexpected(answer, "stopped") }
    }
}

extension SettingsRefused {
    init(_ answer: DriverAnswer) {
        self.init(
            reason: answer.reason.map(ReasonClass.init(rawValue:)) ?? .other,
            detail: answer.detail ?? "no detail given"
        )
    }
}
