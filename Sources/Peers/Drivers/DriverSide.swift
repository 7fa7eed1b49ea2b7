internal import ConformanceEngine
internal import ConformanceModel

/// The part that the drivers of both sides share: the process, its dialogue, and the files that it is given.
struct DriverSide {
    let driver: DriverProcess
    let version: ProtocolVersion
    let conversation: Conversation
    let folder: MaterialFolder
    let material: CaseMaterial

    /// Gives the driver the settings of the one side that it plays.
    ///
    /// - Returns: what it has against them.
    func configure(
        server: DriverServerSettings? = nil,
        client: DriverClientSettings? = nil
    ) throws(PeerFault) -> SettingsRefused? {
        var order = driver.makeOrder(.configure)
        order.role = (server == nil ? Side.client : .server).rawValue
        order.server = server
        order.client = client
        let answer = try driver.ask(order)
        switch answer.event {
        case "configured": return nil
        case "refused":
            return SettingsRefused(
                reason: answer.reason.map(ReasonClass.init(rawValue:)) ?? .other,
                detail: answer.detail ?? "no detail given"
            )
        default: throw driver.unexpected(answer, "configured")
        }
    }

    /// Its observation, as it tells it in answer to an order.
    func observation(after order: DriverOrder) throws(PeerFault) -> SideObservation {
        try driver.answer(to: order, DriverObservation.self).observation(material)
    }

    func rotate(_ change: SettingChange) throws(PeerFault) -> RemoteRotation {
        guard case .identity(let name) = change else {
            throw .unsupported("drivers rotate identities alone, and not \(change.setting.rawValue)")
        }
        var order = driver.makeOrder(.rotate)
        order.identity = try folder.identity(name)
        let answer = try driver.ask(order)
        switch answer.event {
        case "rotated": return .done
        case "refused": return .refused
        default: throw driver.unexpected(answer, "rotated or refused")
        }
    }

    func identity(_ name: String?) throws(PeerFault) -> IdentityFiles? {
        if let name { try folder.identity(name) } else { nil }
    }

    func pool(_ names: [String]?) throws(PeerFault) -> String? {
        if let names { try folder.pool(names) } else { nil }
    }

    func revocationLists(_ names: [String]) throws(PeerFault) -> String? {
        names.isEmpty ? nil : try folder.revocationLists(names)
    }
}

extension DriverProcess {
    func stop() throws(PeerFault) {
        let answer = try ask(makeOrder(.stop))
        guard answer.event == "stopped" else { throw unexpected(answer, "stopped") }
    }
}

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

/// A client of one case that a driver plays.
final class DriverClient: RemoteClient {
    private let side: DriverSide
    private var settings: ClientSettings
    private var connecting: DriverOrder?

    init(_ side: DriverSide, _ settings: ClientSettings) {
        self.side = side
        self.settings = settings
    }

    var outlivesConnections: Bool { false }

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
