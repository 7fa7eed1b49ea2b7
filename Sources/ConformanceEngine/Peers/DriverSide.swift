internal import ConformanceModel

/// What the drivers of both sides have in common: the process, what it speaks, and the files that it is given.
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

    /// What it saw, as it tells in answer to an order that was sent.
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
