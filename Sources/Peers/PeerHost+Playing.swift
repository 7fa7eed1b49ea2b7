package import ConformanceEngine
package import ConformanceModel

extension PeerHost: PeerPlayer {
    /// Plays settings over loopback TCP, for pairings in which a program plays a side.
    ///
    /// Drivers are taken for the time of the play. One that failed, or was left in the middle of something, is ended;
    /// any other goes back for the next case.
    package func play(
        _ testCase: ConformanceCase,
        _ serverSettings: ServerSettings,
        _ clientSettings: ClientSettings,
        _ timeline: Timeline,
        on material: CaseMaterial,
        with stacks: StackRegistry
    ) throws(PlayFailure) -> [ConnectionObservation] {
        let pairing = testCase.pairing
        let conversation = try conversation(of: pairing)
        var drivers: [Side: DriverProcess] = [:]
        let connections: [ConnectionObservation]
        do throws(PlayFailure) {
            let server = try networkServer(
                testCase,
                serverSettings,
                clientSettings,
                material,
                conversation,
                stacks,
                &drivers
            )
            let client = try networkClient(
                testCase,
                serverSettings,
                clientSettings,
                material,
                conversation,
                stacks,
                &drivers
            )
            let play = NetworkPlay(
                server,
                client,
                conversation,
                patience: patience,
                openness: openness(of: testCase, clientSettings)
            )
            connections = try play.run(timeline)
        } catch {
            if case .peer(let fault, let side) = error, fault.spoilsProcess {
                if self[pairing[side]] != nil { note(fault, of: pairing[side], side) }
            } else {
                try giveBack(drivers, of: pairing)
            }
            throw error
        }
        try giveBack(drivers, of: pairing)
        return connections
    }

    package func isRunningServer(_ stack: Stack) -> Bool { self[stack]?.endpoint != nil }

    private func openness(of testCase: ConformanceCase, _ client: ClientSettings) -> NetworkPlay.Openness {
        let pairing = testCase.pairing
        let endpoint = self[pairing.server]?.endpoint
        return NetworkPlay.Openness(
            live: endpoint.map { _ in .server },
            anonymous: Side.allCases.first { self[pairing[$0]]?.isAnonymous == true },
            terms: endpoint.map { RequestTerms(to: $0, at: client.serverName) } ?? RequestTerms()
        )
    }

    private func giveBack(_ drivers: [Side: DriverProcess], of pairing: Pairing) throws(PlayFailure) {
        for (side, driver) in drivers {
            do throws(PeerFault) {
                try driver.stop()
            } catch {
                note(error, of: pairing[side], side)
                throw .peer(error, of: side)
            }
            giveBack(driver, of: pairing[side], side)
        }
    }

    private func conversation(of pairing: Pairing) throws(PlayFailure) -> Conversation {
        let server = self[pairing.server]?.speaks(as: .server) ?? [.greeting, .http]
        let client = self[pairing.client]?.speaks(as: .client) ?? [.greeting, .http, .nats, .postgres, .request]
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
        _ stacks: StackRegistry,
        _ drivers: inout [Side: DriverProcess]
    ) throws(PlayFailure) -> NetworkServer {
        let stack = testCase.pairing.server
        guard let manifest = self[stack] else {
            let local = try localSide(.server, testCase, settings, clientSettings, material, stacks)
            return NetworkServer(
                stack.rawValue,
                .local(local),
                isOpen: self[testCase.pairing.client]?.trigger != nil
            )
        }
        if let endpoint = manifest.endpoint {
            if let refusal = LiveServerPlan.refusal(of: testCase) { throw .unsupported(refusal) }
            try checkNeeds(testCase.needs(of: .server), manifest, .server)
            try PlayFailure.wrapping(.server) { () throws(PeerFault) in try checkFaults(of: stack, .server) }
            return NetworkServer(stack.rawValue, .remote(LiveServer(endpoint, of: stack, self)))
        }
        let identities = Array(settings.identitiesByName.values) + [settings.identity].compactMap(\.self)
        let foreign = try foreignSide(
            manifest,
            .server,
            testCase,
            needs: settings.needs,
            identities,
            conversation,
            material,
            &drivers
        )
        let server: any RemoteServer =
            switch foreign {
            case .driver(let side): DriverServer(side, settings)
            case .program(let side):
                ProgramServer(side, settings, rotates: testCase.steps.contains { $0.rotates(.server) })
            }
        return NetworkServer(stack.rawValue, .remote(server))
    }

    private func networkClient(
        _ testCase: ConformanceCase,
        _ serverSettings: ServerSettings,
        _ settings: ClientSettings,
        _ material: CaseMaterial,
        _ conversation: Conversation,
        _ stacks: StackRegistry,
        _ drivers: inout [Side: DriverProcess]
    ) throws(PlayFailure) -> NetworkClient {
        let stack = testCase.pairing.client
        guard let manifest = self[stack] else {
            let local = try localSide(.client, testCase, serverSettings, settings, material, stacks)
            return NetworkClient(stack.rawValue, .local(local))
        }
        if let trigger = manifest.trigger {
            // The settings after each change have to fit into the command, too.
            var later = settings
            var all = [settings]
            for case .rotate(let rotation) in testCase.steps where rotation.side == .client {
                rotation.change.apply(to: &later)
                all.append(later)
            }
            if let refusal = all.lazy.compactMap({ trigger.refusal(of: $0, in: testCase.pki) }).first {
                throw .unsupported(refusal)
            }
        }
        let foreign = try foreignSide(
            manifest,
            .client,
            testCase,
            needs: settings.needs,
            [settings.identity].compactMap(\.self),
            conversation,
            material,
            &drivers
        )
        let client: any RemoteClient =
            switch foreign {
            case .driver(let side): DriverClient(side, settings)
            case .program(let side):
                if let words = manifest.trigger?.startingWords {
                    LineClient(side, settings, startedBy: words)
                } else {
                    ProgramClient(side, settings)
                }
            }
        return NetworkClient(stack.rawValue, .remote(client))
    }

    private func localSide(
        _ side: Side,
        _ testCase: ConformanceCase,
        _ server: ServerSettings,
        _ client: ClientSettings,
        _ material: CaseMaterial,
        _ stacks: StackRegistry
    ) throws(PlayFailure) -> LocalSide {
        try LocalSide(
            stacks.adapter(testCase.pairing[side]),
            side,
            server: server,
            client: client,
            version: testCase.version,
            material: material
        )
    }

    /// A side that somebody else's process plays.
    private enum ForeignSide {
        case driver(DriverSide)
        /// It is launched for each configuration.
        case program(ProgramSide)
    }

    /// Checks that the stack can play the side, and gives it a folder and, where it has one, its driver.
    private func foreignSide(
        _ manifest: PeerManifest,
        _ side: Side,
        _ testCase: ConformanceCase,
        needs: [Capability],
        _ identities: [String],
        _ conversation: Conversation,
        _ material: CaseMaterial,
        _ drivers: inout [Side: DriverProcess]
    ) throws(PlayFailure) -> ForeignSide {
        try checkNeeds(testCase.needs(of: side) + needs, manifest, side)
        try checkHonesty(identities, material)
        do throws(PeerFault) {
            try checkFaults(of: manifest.stack, side)
            let folder = try makeFolder(material)
            let version = testCase.version
            guard manifest.driver != nil else {
                return .program(try ProgramSide(manifest, side, self, version: version, folder, material))
            }
            let driver = try takeDriver(manifest, side)
            drivers[side] = driver
            return .driver(
                DriverSide(
                    driver: driver,
                    version: version,
                    conversation: conversation,
                    folder: folder,
                    material: material
                )
            )
        } catch {
            throw .peer(error, of: side)
        }
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

extension Step {
    /// Whether it changes a setting of this side.
    fileprivate func rotates(_ side: Side) -> Bool {
        if case .rotate(let rotation) = self { rotation.side == side } else { false }
    }
}

extension RequestTerms {
    fileprivate init(to endpoint: LiveEndpoint, at host: String?) {
        self.init(
            host: host ?? endpoint.requestHost ?? endpoint.host,
            path: endpoint.path,
            user: endpoint.user ?? RequestTerms().user,
            measure: endpoint.answer,
            measuredHost: endpoint.requestHost,
            silenceTime: .milliseconds(endpoint.silenceMs)
        )
    }
}

extension PlayFailure {
    static func wrapping<Value>(_ side: Side, _ body: () throws(PeerFault) -> Value) throws(PlayFailure) -> Value {
        do throws(PeerFault) { return try body() } catch { throw .peer(error, of: side) }
    }
}
