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

/// A side of a case that a stack in this process plays, over sockets.
final class LocalSide {
    private let adapter: any StackAdapter
    private let version: ProtocolVersion
    private let material: CaseMaterial
    private let clock: CaseClock
    private let side: Side
    private var server: ServerSettings
    private var client: ClientSettings
    private var party: (any Party)?
    private(set) var refused: SettingsRefused?

    init(
        _ adapter: any StackAdapter,
        _ side: Side,
        server: ServerSettings,
        client: ClientSettings,
        version: ProtocolVersion,
        material: CaseMaterial
    ) throws(PlayFailure) {
        self.adapter = adapter
        self.side = side
        self.server = server
        self.client = client
        self.version = version
        self.material = material
        clock = CaseClock(now: material.now)
        try start()
    }

    /// Starts anew with the settings as they stand; settings that its stack refuses are an outcome and are kept.
    func start() throws(PlayFailure) {
        party = nil
        refused = nil
        do throws(AdapterError) {
            party =
                switch side {
                case .server: try adapter.makeServer(server, version: version, material: material, clock: clock)
                case .client: try adapter.makeClient(client, version: version, material: material, clock: clock)
                }
        } catch .configuration(let reason, let detail) {
            refused = SettingsRefused(reason: reason, detail: detail)
        } catch {
            throw PlayFailure(error)
        }
    }

    /// The endpoint of a new connection; nil when the settings were refused.
    func makeEndpoint(offeringSession: Bool = false) throws(PlayFailure) -> (any Endpoint)? {
        do throws(AdapterError) {
            return try party?.makeEndpoint(offeringSession: offeringSession)
        } catch .configuration(let reason, let detail) {
            refused = SettingsRefused(reason: reason, detail: detail)
            return nil
        } catch {
            throw PlayFailure(error)
        }
    }

    /// - Returns: whether the stack took the change.
    func rotate(_ change: SettingChange) -> Bool {
        do throws(RotationRefused) {
            try party?.rotate(change)
        } catch {
            return false
        }
        switch side {
        case .server: change.apply(to: &server)
        case .client: change.apply(to: &client)
        }
        return true
    }
}
