internal import ConformanceModel

/// Both sides of a case, as far as their stacks took their settings.
struct Parties {
    private let testCase: ConformanceCase
    private let stacks: (server: any StackAdapter, client: any StackAdapter)
    private let material: CaseMaterial
    private let clock: CaseClock
    /// The settings as all changes have left them: what a side that starts again begins with.
    private var server: ServerSettings
    private var client: ClientSettings
    private var parties: [Side: any Party] = [:]
    private var refused: [Side: SettingsRefused] = [:]

    /// Starts both sides.
    init(
        _ testCase: ConformanceCase,
        server: ServerSettings,
        client: ClientSettings,
        stacks: (server: any StackAdapter, client: any StackAdapter),
        material: CaseMaterial
    ) throws(PlayFailure) {
        self.testCase = testCase
        self.stacks = stacks
        self.material = material
        self.server = server
        self.client = client
        clock = CaseClock(now: material.now)
        for side in Side.allCases { try start(side) }
    }

    /// Starts one side anew with the settings as they stand; settings that its stack refuses are an outcome and are
    /// kept.
    mutating func start(_ side: Side) throws(PlayFailure) {
        parties[side] = nil
        refused[side] = nil
        do throws(AdapterError) {
            parties[side] = try make(side)
        } catch .configuration(let reason, let detail) {
            refused[side] = SettingsRefused(reason: reason, detail: detail)
        } catch {
            throw PlayFailure(error)
        }
    }

    /// Changes a setting of a side that runs; one that it refuses is not there after a restart either.
    mutating func rotate(_ rotation: Rotation) throws(RotationRefused) {
        try parties[rotation.side]?.rotate(rotation.change)
        switch rotation.side {
        case .server: rotation.change.apply(to: &server)
        case .client: rotation.change.apply(to: &client)
        }
    }

    /// Moves the clock of both sides.
    func advanceClock(bySeconds seconds: Int64) {
        clock.advance(bySeconds: seconds)
    }

    /// A new connection of both sides, or one that never was when a side is missing.
    func connect(offeringSession: Bool) throws(PlayFailure) -> PlayedConnection {
        guard let server = parties[.server], let client = parties[.client] else {
            return PlayedConnection(refused: refused)
        }
        var refused = refused
        let serverEnd = try endpoint(of: server, .server, offeringSession: false, &refused)
        let clientEnd = try endpoint(of: client, .client, offeringSession: offeringSession, &refused)
        guard let serverEnd, let clientEnd else { return PlayedConnection(refused: refused) }
        return PlayedConnection(server: serverEnd, client: clientEnd)
    }

    private func make(_ side: Side) throws(AdapterError) -> any Party {
        switch side {
        case .server:
            try stacks.server.makeServer(server, version: testCase.version, material: material, clock: clock)
        case .client:
            try stacks.client.makeClient(client, version: testCase.version, material: material, clock: clock)
        }
    }

    private func endpoint(
        of party: any Party,
        _ side: Side,
        offeringSession: Bool,
        _ refused: inout [Side: SettingsRefused]
    ) throws(PlayFailure) -> (any Endpoint)? {
        do throws(AdapterError) {
            return try party.makeEndpoint(offeringSession: offeringSession)
        } catch .configuration(let reason, let detail) {
            refused[side] = SettingsRefused(reason: reason, detail: detail)
            return nil
        } catch {
            throw PlayFailure(error)
        }
    }
}
