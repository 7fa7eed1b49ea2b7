internal import Conformance

extension CasePlayer {
    /// Plays settings over loopback TCP, for pairings in which a program plays a side.
    ///
    /// Drivers are taken for the time of the play. One that failed, or was left in the middle of something, is ended;
    /// any other goes back for the next case.
    func playedOverNetwork(
        _ testCase: ConformanceCase,
        _ serverSettings: ServerSettings,
        _ clientSettings: ClientSettings,
        _ timeline: Timeline,
        on material: CaseMaterial
    ) throws(PlayFailure) -> [ConnectionObservation] {
        guard let host = stacks.peers else { throw .harness("no programs were set up") }
        let pairing = testCase.pairing
        let conversation = try conversation(of: pairing, host)
        var drivers: [Side: DriverProcess] = [:]
        do throws(PlayFailure) {
            let server = try networkServer(testCase, serverSettings, clientSettings, material, conversation, &drivers)
            let client = try networkClient(testCase, serverSettings, clientSettings, material, conversation, &drivers)
            let play = NetworkPlay(server, client, conversation, patience: host.patience)
            let connections = try play.run(timeline)
            try giveBack(drivers, of: pairing, to: host)
            return connections
        } catch {
            if case .peer(let fault) = error, fault.spoilsProcess {
                note(fault, of: pairing, in: host)
            } else {
                try giveBack(drivers, of: pairing, to: host)
            }
            throw error
        }
    }

    private func giveBack(_ drivers: [Side: DriverProcess], of pairing: Pairing, to host: PeerHost) throws(PlayFailure)
    {
        for (side, driver) in drivers {
            do throws(PeerFault) {
                try driver.stop()
            } catch {
                host.note(error, of: pairing[side], side)
                throw .peer(error)
            }
            host.giveBack(driver, of: pairing[side], side)
        }
    }

    /// Counts a fault against the stack that it names; a fault's words begin with it.
    private func note(_ fault: PeerFault, of pairing: Pairing, in host: PeerHost) {
        for side in Side.allCases where host[pairing[side]] != nil && fault.names(pairing[side], side) {
            host.note(fault, of: pairing[side], side)
        }
    }

    private func conversation(of pairing: Pairing, _ host: PeerHost) throws(PlayFailure) -> Conversation {
        let server = host[pairing.server]?.speaks(as: .server) ?? [.greeting, .http]
        let client = host[pairing.client]?.speaks(as: .client) ?? [.greeting, .http, .nats]
        guard let common = server.first(where: client.contains) else {
            let spoken = server.map(\.rawValue).joined(separator: ", ")
            throw .unsupported("\(pairing.server.rawValue) speaks \(spoken), which \(pairing.client.rawValue) does not")
        }
        return common
    }

    private func networkServer(
        _ testCase: ConformanceCase,
        _ settings: ServerSettings,
        _ clientSettings: ClientSettings,
        _ material: CaseMaterial,
        _ conversation: Conversation,
        _ drivers: inout [Side: DriverProcess]
    ) throws(PlayFailure) -> NetworkServer {
        let stack = testCase.pairing.server
        guard let host = stacks.peers, let manifest = host[stack] else {
            let local = try LocalSide(
                adapter(stack),
                .server,
                server: settings,
                client: clientSettings,
                version: testCase.version,
                material: material
            )
            return NetworkServer(stack.rawValue, .local(local))
        }
        try checkNeeds(testCase.needs(of: .server) + settings.needs, manifest, .server)
        try checkHonesty(Array(settings.identitiesByName.values) + [settings.identity].compactMap(\.self), material)
        let server: any RemoteServer
        do throws(PeerFault) {
            try host.checkFaults(of: stack, .server)
            let folder = try host.makeFolder(material)
            if manifest.driver != nil {
                let driver = try host.takeDriver(manifest, .server)
                drivers[.server] = driver
                server = DriverServer(
                    driver,
                    settings,
                    version: testCase.version,
                    conversation: conversation,
                    folder: folder,
                    material: material
                )
            } else {
                server = try ProgramServer(manifest, host, settings, version: testCase.version, folder, material)
            }
        } catch {
            throw .peer(error)
        }
        return NetworkServer(stack.rawValue, .remote(server))
    }

    private func networkClient(
        _ testCase: ConformanceCase,
        _ serverSettings: ServerSettings,
        _ settings: ClientSettings,
        _ material: CaseMaterial,
        _ conversation: Conversation,
        _ drivers: inout [Side: DriverProcess]
    ) throws(PlayFailure) -> NetworkClient {
        let stack = testCase.pairing.client
        guard let host = stacks.peers, let manifest = host[stack] else {
            let local = try LocalSide(
                adapter(stack),
                .client,
                server: serverSettings,
                client: settings,
                version: testCase.version,
                material: material
            )
            return NetworkClient(stack.rawValue, .local(local))
        }
        try checkNeeds(testCase.needs(of: .client) + settings.needs, manifest, .client)
        try checkHonesty([settings.identity].compactMap(\.self), material)
        let client: any RemoteClient
        do throws(PeerFault) {
            try host.checkFaults(of: stack, .client)
            let folder = try host.makeFolder(material)
            if manifest.driver != nil {
                let driver = try host.takeDriver(manifest, .client)
                drivers[.client] = driver
                client = DriverClient(
                    driver,
                    settings,
                    version: testCase.version,
                    conversation: conversation,
                    folder: folder,
                    material: material
                )
            } else {
                client = try ProgramClient(manifest, host, settings, version: testCase.version, folder, material)
            }
        } catch {
            throw .peer(error)
        }
        return NetworkClient(stack.rawValue, .remote(client))
    }

    /// A program signs with the key that it is given, and signs well.
    private func checkHonesty(_ identities: [String], _ material: CaseMaterial) throws(PlayFailure) {
        for name in identities {
            let credential: Credential
            do throws(AdapterError) { credential = try material.credential(name) } catch { throw PlayFailure(error) }
            if credential.corruptsSignature {
                throw .unsupported("a program can't be made to sign wrongly, which “\(name)” asks for")
            }
        }
    }

    private func checkNeeds(_ needs: [Capability], _ manifest: PeerManifest, _ side: Side) throws(PlayFailure) {
        if let refusal = manifest.refusal(of: needs, as: side) { throw .unsupported(refusal) }
    }
}

extension PeerFault {
    /// Whether its words are about this side.
    func names(_ stack: Stack, _ side: Side) -> Bool {
        switch self {
        case .late(let words), .crashed(let words), .garbled(let words):
            words.contains("\(stack.rawValue) (\(side.rawValue))")
        case .unsupported, .givenUp, .harness: false
        }
    }
}

extension PlayFailure {
    static func wrapping<Value>(_ body: () throws(PeerFault) -> Value) throws(PlayFailure) -> Value {
        do throws(PeerFault) { return try body() } catch { throw .peer(error) }
    }
}
