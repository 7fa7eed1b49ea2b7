internal import ConformanceEngine
internal import ConformanceModel

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

    /// The bytes of a ClientHello that go out at a time; nil for all at once.
    var firstPiece: Int? {
        guard side == .client, case .segments(let size)? = client.helloCut else { return nil }
        return size
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
